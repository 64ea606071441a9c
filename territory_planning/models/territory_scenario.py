import ast

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

#: states in which somebody may still change what a scenario would do
OPEN = ("draft", "solved")
UNDER_WAY = ("solving", "publishing", "undoing")
LARGE = 1_000_000


class TerritoryScenario(models.Model):
    """An alignment: who would look after whom, under which conditions.

    Set up in one form, solved in the background, compared, approved, published on a
    date and, if it must be, undone. Here is what is asked for; the answer is in
    ``territory_scenario_answer``, publishing in ``territory_scenario_publish``.
    """

    _name = "territory.scenario"
    _description = "Scenario"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    # Team leaders read and comment; only Sales administrators write.
    _mail_post_access = "read"

    name = fields.Char(
        required=True,
        tracking=True,
        default=lambda self: self.env._(
            "Alignment %(date)s",
            date=fields.Date.to_string(fields.Date.context_today(self)),
        ),
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("solving", "Being Solved"),
            ("solved", "Solved"),
            ("approved", "Approved"),
            ("scheduled", "Scheduled"),
            ("publishing", "Being Published"),
            ("published", "Published"),
            ("undoing", "Being Undone"),
            ("undone", "Undone"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
    )
    error = fields.Text(string="What Went Wrong", readonly=True, copy=False)

    # ------------------------------------------------------------- who and whom
    unit = fields.Selection(
        [
            ("account", "Account by account"),
            ("region", "Regions as a whole"),
            ("zip", "Postal areas as a whole"),
        ],
        string="Moves",
        default="account",
        required=True,
        help="What changes hands in one piece.",
    )
    zip_digits = fields.Integer(
        string="First Digits",
        default=2,
        help="Accounts of one country whose postal codes begin with the same so many "
        "characters are one postal area.",
    )
    account_domain = fields.Char(
        string="Accounts",
        default="[]",
        required=True,
        help="Which customers and prospects take part. The others stay with whoever "
        "looks after them.",
    )
    rep_ids = fields.One2many(
        "territory.scenario.rep",
        "scenario_id",
        string="Reps",
        default=lambda self: self._default_reps(),
        copy=True,
    )

    # ------------------------------------------------------------------ balance
    balance = fields.Selection(
        [
            ("workload", "Workload"),
            ("revenue", "Revenue"),
            ("potential", "Potential"),
            ("accounts", "Number of accounts"),
            ("index", "An index of these"),
        ],
        default="workload",
        required=True,
        help="What each rep's share of the whole is measured by.",
    )
    weight_workload = fields.Float(default=0.5, string="Weight of Workload")
    weight_revenue = fields.Float(default=0.5, string="Weight of Revenue")
    weight_potential = fields.Float(string="Weight of Potential")
    weight_accounts = fields.Float(string="Weight of Number of Accounts")
    band = fields.Float(
        string="Within",
        default=0.15,
        help="How far each rep may be from its fair share, which goes by the reps' "
        "visiting hours.",
    )

    # ---------------------------------------------------------------- objective
    objective = fields.Selection(
        [
            ("travel", "Little travel"),
            ("profit", "Much contribution"),
            ("mix", "Both"),
        ],
        string="Wanted",
        default="travel",
        required=True,
    )
    profit_weight = fields.Float(
        string="Weight of Contribution",
        default=0.5,
        help="0: travel alone counts, 1: contribution alone.",
    )
    hour_cost = fields.Monetary(
        string="Cost of an Hour on the Road",
        default=lambda self: self._default_hour_cost(),
        help="What an hour of driving costs: the rep's time and the car.",
    )
    contiguous = fields.Boolean(
        string="Areas in One Piece",
        help="No rep's accounts are cut off from the rest of them by another's.",
    )

    # ---------------------------------------------------------- what must remain
    lock_key_accounts = fields.Boolean(
        string="Key Accounts Stay",
        help="Accounts of segment A stay with whoever looks after them.",
    )
    lock_visits = fields.Integer(
        string="Close Relations Stay, from Visits",
        help="Accounts visited at least so many times in the last 12 months stay with "
        "whoever looks after them. 0: no such rule.",
    )
    lock_account_ids = fields.Many2many(
        "territory.account",
        "territory_scenario_lock_rel",
        string="These Stay",
        help="Accounts that stay with whoever looks after them.",
    )
    max_moves = fields.Integer(
        string="Handovers, at Most", help="Accounts that change hands. 0: no limit."
    )
    max_moves_revenue = fields.Monetary(
        string="Revenue Handed Over, at Most",
        help="Revenue of the last 12 months of the accounts that change hands. 0: no "
        "limit.",
    )
    relation_loss = fields.Float(
        string="Lost with a Handover",
        default=0.1,
        help="Share of a year's margin, open deals included, that an account is expected "
        "to lose when it changes hands.",
    )
    disruption = fields.Float(
        string="Weight of Handovers",
        default=1.0,
        help="1: a handover counts what it is expected to cost. More: the fewer change "
        "hands.",
    )

    # ------------------------------------------------------------------ solving
    seed = fields.Integer(
        aggregator=None, help="The same seed and the same figures give the same answer."
    )
    time_limit = fields.Integer(
        string="Seconds, at Most",
        default=60,
        aggregator=None,
        help="Solving ends by itself when nothing better is found, at the latest after "
        "so many seconds of computation.",
    )

    # ------------------------------------------------------------------ defaults
    @api.model
    def _default_reps(self):
        """Those of the sales teams who look after accounts or have a home entered."""
        company = self.env.company
        members = self.env["crm.team.member"].search(
            [("crm_team_id.company_id", "in", [company.id, False])],
            order="crm_team_id, id",
        )
        busy = {
            user
            for (user,) in self.env["territory.account"]._read_group(
                [("company_id", "=", company.id), ("user_id", "!=", False)],
                ["user_id"],
            )
        }
        users = members.filtered(
            lambda member: (
                member.user_id in busy
                or member.territory_start_latitude
                or member.territory_start_longitude
            )
        ).user_id
        return [
            Command.create({"user_id": user.id})
            for user in users
            if company in user.company_ids
        ]

    @api.model
    def _default_hour_cost(self):
        # sudo: the company's usual cost, closed to those who cannot create scenarios
        company = self.env.company.sudo()
        hours = company.territory_hours_per_month
        return company.territory_rep_cost / hours if hours else 0.0

    # --------------------------------------------------------------- constraints
    @api.constrains("account_domain")
    def _check_account_domain(self):
        for scenario in self:
            scenario._accounts(limit=1)

    def _accounts(self, **search):
        """The accounts that take part, under the rights of the user."""
        self.ensure_one()
        accounts = self.env["territory.account"]
        try:
            domain = Domain(ast.literal_eval(self.account_domain or "[]"))
            domain &= Domain("company_id", "=", self.company_id.id)
            return accounts.search(domain, **{"order": "id", **search})
        except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
            raise ValidationError(
                self.env._(
                    "“%(scenario)s”: the filter in “Accounts” is not one that can be "
                    "read. Edit it with the filter editor.",
                    scenario=self.name,
                )
            ) from None

    @api.constrains(
        "zip_digits",
        "weight_workload",
        "weight_revenue",
        "weight_potential",
        "weight_accounts",
        "band",
        "profit_weight",
        "hour_cost",
        "lock_visits",
        "max_moves",
        "max_moves_revenue",
        "relation_loss",
        "disruption",
        "seed",
        "time_limit",
    )
    def _check_numbers(self):
        bounds = {
            "zip_digits": (1, 10),
            "weight_workload": (0, 100),
            "weight_revenue": (0, 100),
            "weight_potential": (0, 100),
            "weight_accounts": (0, 100),
            "band": (0.001, 10),
            "profit_weight": (0, 1),
            "hour_cost": (0, LARGE),
            "lock_visits": (0, 1000),
            "max_moves": (0, LARGE),
            "max_moves_revenue": (0, 1e12),
            "relation_loss": (0, 1),
            "disruption": (0, 1000),
            "seed": (0, 2**31 - 1),
            "time_limit": (5, 3600),
        }
        for scenario in self:
            for name, (low, high) in bounds.items():
                if not low <= scenario[name] <= high:
                    raise ValidationError(
                        self.env._(
                            "%(scenario)s: “%(field)s” is %(value)s. Give a value "
                            "between %(low)s and %(high)s.",
                            scenario=scenario.name,
                            field=self._fields[name]._description_string(self.env),
                            value=scenario[name],
                            low=low,
                            high=high,
                        )
                    )
            if scenario.balance == "index" and not any(scenario._index_weights()):
                raise ValidationError(
                    self.env._(
                        "%(scenario)s: all weights of the index are 0. Give one of "
                        "them a weight.",
                        scenario=scenario.name,
                    )
                )

    def _index_weights(self):
        """Of workload, revenue, potential and number of accounts."""
        return [
            self.weight_workload,
            self.weight_revenue,
            self.weight_potential,
            self.weight_accounts,
        ]

    # ---------------------------------------------------------------------- CRUD
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_closed(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_closed(vals)
        if self._is_setup(vals):
            self._check_setup_open()
        return super().write(vals)

    def _check_setup_open(self):
        for scenario in self:
            if scenario.state != "draft" and not self.env.su:
                raise UserError(
                    self.env._(
                        "“%(scenario)s” is “%(state)s”. To change what it asks for, "
                        "press “Change Setup” first, or duplicate it.",
                        scenario=scenario.name,
                        state=scenario._state_label(),
                    )
                )

    @api.model
    def _check_closed(self, vals):
        """Results and the state are written by what they record, never by hand."""
        own = self._own_fields()
        closed = [name for name in vals if name in own and own[name].readonly]
        if closed and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(fields)s of a scenario come from solving and publishing it and "
                    "cannot be typed in.",
                    fields=", ".join(
                        own[name]._description_string(self.env)
                        for name in sorted(closed)
                    ),
                )
            )

    @api.model
    def _own_fields(self):
        return {
            name: field
            for name, field in self._fields.items()
            if field._module == "territory_planning"
        }

    @api.model
    def _is_setup(self, vals):
        free = {"name", "publish_date", "publish_leads", "publish_activities"}
        return bool((set(vals) & set(self._own_fields())) - free)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_published(self):
        for scenario in self:
            if scenario.state in (*UNDER_WAY, "scheduled", "published"):
                raise UserError(
                    self.env._(
                        "“%(scenario)s” is “%(state)s” and is kept: it is the record "
                        "of what was done. Cancel or undo it first.",
                        scenario=scenario.name,
                        state=scenario._state_label(),
                    )
                )

    def _state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    # ------------------------------------------------------------------- actions
    def _expect(self, *states):
        """Lock the scenario, and say where it stands if it is not where it should be.

        Two people who press at once: the second is told what the first did.
        """
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state not in states:
            raise UserError(
                self.env._(
                    "“%(scenario)s” is “%(state)s” by now, so this cannot be done. "
                    "Somebody else may have been quicker: reload the page.",
                    scenario=self.name,
                    state=self._state_label(),
                )
            )

    def _set(self, vals):
        """Write what people may not type."""
        self.sudo().write(vals)  # sudo: asked by the action that calls this

    def action_draft(self):
        """Change the setup; the answer stays to be seen until it is solved again."""
        self._expect("solved", "approved", "cancelled", "undone")
        self._set({"state": "draft", "error": False})

    def action_approve(self):
        self._expect("solved")
        self._check_approver()
        self._set({"state": "approved", "error": False})

    def action_cancel(self):
        """Give it up; one that is scheduled is not published then."""
        self._expect("draft", "solved", "approved", "scheduled")
        self._set({"state": "cancelled"})

    def _check_approver(self):
        if not (
            self.env.su or self.env.user.has_group("sales_team.group_sale_manager")
        ):
            raise AccessError(
                self.env._(
                    "Approving and publishing is for the administrators of Sales. You "
                    "can comment on the scenario below."
                )
            )
