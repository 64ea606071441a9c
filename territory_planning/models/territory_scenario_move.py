from odoo import api, fields, models
from odoo.tools import format_amount

from .res_company import LEADERS


class TerritoryScenarioMove(models.Model):
    """An account that changes hands in a scenario, and why, in money a year.

    Written by solving, by a change by hand on the map, and by publishing; never typed.
    Name and customer are kept, so that a move can still be read when its account is
    gone.
    """

    _name = "territory.scenario.move"
    _description = "Account That Changes Hands"
    _order = "scenario_id desc, revenue desc, id"
    _check_company_auto = True

    scenario_id = fields.Many2one(
        "territory.scenario", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(related="scenario_id.state")
    account_id = fields.Many2one(
        "territory.account", index="btree_not_null", ondelete="set null"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index="btree_not_null",
        ondelete="set null",
    )
    name = fields.Char(string="Account Name", required=True)
    city = fields.Char(related="account_id.city")
    from_user_id = fields.Many2one(
        "res.users", string="From", index="btree_not_null", ondelete="set null"
    )
    to_rep_id = fields.Many2one(
        "territory.scenario.rep",
        string="To",
        required=True,
        index=True,
        ondelete="cascade",
    )
    to_user_id = fields.Many2one(
        related="to_rep_id.user_id",
        string="To Salesperson",
        store=True,
        index="btree_not_null",
    )
    revenue = fields.Monetary(
        string="Revenue, 12 Months", help="At the time the scenario was solved."
    )
    load = fields.Float(help="In the measure that the scenario balances.")

    # ----------------------------------------------- the reason, in money a year
    travel_saved = fields.Monetary(
        groups=LEADERS, help="What the driving saved is worth a year."
    )
    profit_gain = fields.Monetary(
        string="Contribution Gained",
        groups=LEADERS,
        help="What the time saved for customers is expected to bring a year.",
    )
    relation_cost = fields.Monetary(
        string="Cost of the Handover",
        groups=LEADERS,
        help="What the account is expected to lose because a relation ends.",
    )
    balance_gain = fields.Monetary(
        string="Worth for the Balance",
        groups=LEADERS,
        help="What the move is worth to keep all reps within their share, at the price "
        "the balance has in this answer.",
    )
    total = fields.Monetary(
        string="Together",
        compute="_compute_total",
        store=True,
        groups=LEADERS,
        help="Driving and contribution gained, worth for the balance, less the cost of "
        "the handover.",
    )
    reason = fields.Char(compute="_compute_reason", groups=LEADERS)
    by_hand = fields.Boolean(help="Decided on the map, not by solving.")
    price = fields.Monetary(
        string="Price of the Change",
        groups=LEADERS,
        help="What the change by hand costs a year against the answer it replaced; "
        "less than zero: it brings something.",
    )
    left_out = fields.Boolean(
        help="Not published: the account is gone, or somebody has given it to another "
        "rep since the scenario was solved."
    )

    _account_once = models.UniqueIndex(
        "(scenario_id, account_id) WHERE account_id IS NOT NULL",
        "An account changes hands once in a scenario.",
    )

    @api.depends("travel_saved", "profit_gain", "relation_cost", "balance_gain")
    def _compute_total(self):
        for move in self:
            move.total = (
                move.travel_saved
                + move.profit_gain
                + move.balance_gain
                - move.relation_cost
            )

    @api.depends(
        "travel_saved",
        "profit_gain",
        "relation_cost",
        "balance_gain",
        "by_hand",
        "price",
        "from_user_id",
    )
    def _compute_reason(self):
        for move in self:
            move.reason = " · ".join(move._reasons())

    def _reasons(self):
        """The largest parts first, each with its sign in words."""
        if self.by_hand:
            return [
                self.env._(
                    "by hand: costs %(price)s a year", price=self._money(self.price)
                )
                if self.price > 0
                else self.env._(
                    "by hand: brings %(price)s a year", price=self._money(-self.price)
                )
            ]
        said = []
        if not self.from_user_id:
            said.append(self.env._("nobody looks after it today"))
        parts = [
            (
                self.travel_saved,
                self.env._("less driving: %s"),
                self.env._("more driving: %s"),
            ),
            (
                self.profit_gain,
                self.env._("contribution gained: %s"),
                self.env._("contribution lost: %s"),
            ),
            (
                self.balance_gain,
                self.env._("needed for the balance: %s"),
                self.env._("against the balance: %s"),
            ),
            (-self.relation_cost, "", self.env._("the handover costs %s")),
        ]
        for amount, gain, loss in sorted(parts, key=lambda part: -abs(part[0])):
            if abs(amount) >= 0.5:
                said.append((gain if amount > 0 else loss) % self._money(abs(amount)))
        return said

    def _money(self, amount):
        return format_amount(
            self.env, round(amount), self.currency_id, trailing_zeroes=False
        )

    def action_open_account(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "territory.account",
            "res_id": self.account_id.id,
            "views": [(False, "form")],
        }
