from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

#: what a leader may type into a line under review; all else is asked or computed
AGREED = ("visits_agreed", "sales_agreed")
VISITS_MAX = 100
SALES_MAX = 1e12


class TerritoryPlanLine(models.Model):
    """What the rep says, what is agreed, and what came of it."""

    _inherit = "territory.plan.line"

    plan_state = fields.Selection(related="plan_id.state", string="State of the Plan")
    version = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Counts what was said and agreed: who sends an older number has not seen "
        "the latest.",
    )
    sales_model = fields.Monetary(
        string="Sales, Forecast",
        readonly=True,
        help="What the plan expects the account to buy in this month with the visits "
        "recommended, the season taken in.",
    )
    answered = fields.Boolean(
        string="Rep Has Answered", readonly=True, help="Whether the rep gave visits."
    )
    answered_on = fields.Datetime(readonly=True)
    visits_rep = fields.Integer(string="Visits, Rep", readonly=True)
    sales_given = fields.Boolean(
        string="Rep Expects Sales", readonly=True, help="Whether the rep gave sales."
    )
    sales_rep = fields.Monetary(string="Sales, Rep", readonly=True)
    visits_agreed = fields.Integer()
    sales_agreed = fields.Monetary(string="Agreed Sales")
    agreed_set = fields.Boolean(
        readonly=True,
        help="Whether a leader has set what is to be agreed since the rep last spoke.",
    )
    season = fields.Float(
        string="Season of the Month",
        readonly=True,
        aggregator=None,
        digits=(16, 3),
        help="This month against the average month; 1 where it could not be learned.",
    )
    sales_optimum = fields.Monetary(
        string="Sales, Optimum",
        readonly=True,
        help="What the optimal visits are expected to bring in this month.",
    )
    sales_last = fields.Monetary(
        string="Sales, Last Month",
        readonly=True,
        help="Realised in the last full month before the reps were asked.",
    )
    risk_month = fields.Monetary(
        string="At Risk a Month",
        readonly=True,
        help="Revenue at risk when the reps were asked, a month.",
    )
    leak_month = fields.Monetary(
        string="Given Away a Month",
        readonly=True,
        help="Price leakage when the reps were asked, a month.",
    )
    entry_ids = fields.One2many("territory.plan.entry", "line_id", string="Entries")

    def write(self, vals):
        """Under review a leader changes what is to be agreed; every change is kept."""
        if self.env.su:
            return super().write(vals)
        closed = set(vals) - set(AGREED)
        if closed:
            raise AccessError(
                self.env._(
                    "%(fields)s of a line are computed or said by the rep and cannot "
                    "be typed in. Change what is to be agreed instead.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in sorted(closed)
                        if name in self._fields
                    ),
                )
            )
        self.check_access("write")
        self._check_under_review()
        self.plan_region_id._check_not_agreed()
        self._log_agreed(vals)
        # sudo: the access was asked above; the version is nobody's to type
        for line in self.sudo():
            super(TerritoryPlanLine, line).write(
                vals | {"version": line.version + 1, "agreed_set": True}
            )
        for plan in self.plan_id:
            plan._refresh_ledger()
        return True

    def _check_under_review(self):
        for plan in self.plan_id:
            if plan.state != "review":
                raise UserError(
                    self.env._(
                        "What is agreed for %(month)s changes while its plan is under "
                        "review. Open the plan again, with a reason, to change it now.",
                        month=plan.name,
                    )
                )

    @api.constrains("visits_agreed", "sales_agreed")
    def _check_agreed(self):
        for line in self:
            if not 0 <= line.visits_agreed <= VISITS_MAX:
                raise ValidationError(
                    self.env._(
                        "“%(account)s”: “Visits Agreed” is %(value)s. Give a number "
                        "from 0 to %(most)s.",
                        account=line.account_id.display_name,
                        value=line.visits_agreed,
                        most=VISITS_MAX,
                    )
                )
            if not 0 <= line.sales_agreed <= SALES_MAX:
                raise ValidationError(
                    self.env._(
                        "“%(account)s”: “Agreed Sales” is %(value)s. Give an amount "
                        "of zero or more.",
                        account=line.account_id.display_name,
                        value=line.sales_agreed,
                    )
                )

    def _log_agreed(self, vals):
        self.env["territory.plan.change"]._log(
            [
                line._change(name, line[name], value, line.version + 1)
                for line in self
                for name, value in vals.items()
                if line[name] != value
            ]
        )

    def _change(self, kind, before, after, version, reason=False):
        """Values of a row that tells of a change of this line."""
        return {
            "plan_id": self.plan_id.id,
            "line_id": self.id,
            "account_id": self.account_id.id,
            "plan_region_id": self.plan_region_id.id,
            "user_id": self.user_id.id,
            "kind": kind,
            "value_before": before,
            "value_after": after,
            "version": version,
            "reason": reason,
        }
