from odoo import api, fields, models
from odoo.tools import format_amount


class TerritoryPlanSizing(models.Model):
    """How many reps a region, a team or the whole company can pay for.

    Added up over all its accounts, as if its reps shared them freely: what one more
    rep is worth after a new alignment, not whose accounts the rep gets. Written with
    the plan by the month's run, never by hand.
    """

    _name = "territory.plan.sizing"
    _description = "How Many Reps"
    _order = "plan_id desc, scope, next_rep_value desc, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    plan_id = fields.Many2one(
        "territory.plan", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="plan_id.currency_id")
    date_from = fields.Date(string="Month", readonly=True)
    computed_on = fields.Datetime(related="plan_id.computed_on")
    scope = fields.Selection(
        [
            ("company", "Company"),
            ("team", "Sales team"),
            ("region", "Region"),
        ],
        required=True,
        readonly=True,
    )
    region_id = fields.Many2one(
        "territory.region", index="btree_not_null", ondelete="cascade", readonly=True
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
    )
    account_count = fields.Integer(string="Number of Accounts", readonly=True)
    hours_per_rep = fields.Float(
        readonly=True,
        aggregator=None,
        help="Visiting hours a month of one rep here, on average.",
    )
    rep_cost = fields.Monetary(
        string="Cost of a Rep a Month",
        readonly=True,
        aggregator=None,
        help="Loaded cost a month of one rep here, on average: salary, car, travel, "
        "overhead.",
    )
    # A region's reps are in its team's and the company's as well: sums are meant within
    # one scope, which the views' first filter and first grouping keep apart.
    reps_now = fields.Float(
        readonly=True,
        digits=(16, 1),
        help="Visiting hours a month there are, divided by the hours of one rep.",
    )
    reps_optimal = fields.Float(
        string="Reps, Optimal",
        readonly=True,
        digits=(16, 1),
        help="The number of reps with the highest contribution after their cost.",
    )
    reps_flat_low = fields.Float(
        string="Reps, Flat From",
        readonly=True,
        aggregator=None,
        digits=(16, 1),
        help="Between these two numbers of reps the contribution after their cost "
        "stays within 1 % of the highest: how many it is hardly matters.",
    )
    reps_flat_high = fields.Float(
        string="Reps, Flat To", readonly=True, aggregator=None, digits=(16, 1)
    )
    next_rep_value = fields.Monetary(
        string="One More Rep",
        readonly=True,
        aggregator="avg",
        help="Contribution a month that one more rep brings, less what the rep costs.",
    )
    next_rep_low = fields.Monetary(
        string="One More Rep, at Least",
        readonly=True,
        aggregator=None,
        help="With 95 % probability one more rep is worth more than this.",
    )
    next_rep_high = fields.Monetary(
        string="One More Rep, at Most",
        readonly=True,
        aggregator=None,
        help="With 95 % probability one more rep is worth less than this.",
    )
    last_rep_value = fields.Monetary(
        string="The Last Rep",
        readonly=True,
        aggregator=None,
        help="Contribution a month that one rep of those there are brings, less what "
        "the rep costs: lost with one rep fewer.",
    )
    shadow_price = fields.Monetary(
        string="Worth of One More Hour",
        readonly=True,
        aggregator=None,
        help="Contribution that one more visiting hour a month would bring.",
    )
    profit_now = fields.Monetary(
        string="Contribution After Cost, Now",
        readonly=True,
        help="What the reps there are bring a month, their hours used where they pay "
        "best, less what they cost.",
    )
    profit_optimal = fields.Monetary(
        string="Contribution After Cost, Optimal",
        readonly=True,
        help="The same with the optimal number of reps.",
    )
    curve = fields.Json(
        readonly=True,
        help="reps: numbers of reps; profit: contribution a month after their cost, "
        "low and high its 90 % interval against the reps there are; hour: what one "
        "more hour is worth.",
    )
    conclusion = fields.Text(string="What It Says", compute="_compute_conclusion")

    @api.depends("scope", "region_id.name", "team_id.name", "company_id.name")
    def _compute_name(self):
        for sizing in self:
            record = {
                "region": sizing.region_id,
                "team": sizing.team_id,
                "company": sizing.company_id,
            }.get(sizing.scope)
            sizing.name = record.display_name if record else False

    @api.depends("next_rep_value", "next_rep_low", "next_rep_high", "last_rep_value")
    def _compute_conclusion(self):
        for sizing in self:
            sizing.conclusion = sizing._conclusion()

    def _conclusion(self):
        """What a sales leader may say of it, no surer than it is."""
        figures = {
            "value": self._money(abs(self.next_rep_value)),
            "low": self._money(self.next_rep_low),
            "high": self._money(self.next_rep_high),
            "last": self._money(abs(self.last_rep_value)),
        }
        if self.next_rep_low > 0:
            return self.env._(
                "One more rep pays: %(value)s a month after cost, %(low)s to %(high)s "
                "with 90 %% probability.",
                **figures,
            )
        if self.last_rep_value < 0:
            return self.env._(
                "There are more reps than pay: the last one costs %(last)s a month "
                "more than it brings.",
                **figures,
            )
        if self.next_rep_high < 0:
            return self.env._(
                "There are enough reps: one more would cost %(value)s a month more "
                "than it brings.",
                **figures,
            )
        return self.env._(
            "What is known does not tell whether one more rep pays: %(low)s to "
            "%(high)s a month after cost, with 90 %% probability.",
            **figures,
        )

    def _money(self, amount):
        return format_amount(
            self.env, round(amount), self.currency_id, trailing_zeroes=False
        )
