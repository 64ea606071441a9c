from odoo import api, fields, models
from odoo.tools import format_amount


class TerritoryPlanLine(models.Model):
    """One account in one month's plan: a snapshot, comparable month by month."""

    _name = "territory.plan.line"
    _description = "Account in a Plan"
    _order = "plan_id desc, expected_gain desc, id"
    _rec_name = "account_id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "territory.plan", required=True, index=True, ondelete="cascade", readonly=True
    )
    plan_region_id = fields.Many2one(
        "territory.plan.region",
        string="Region and Rep",
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="plan_id.currency_id")
    date_from = fields.Date(string="Month", readonly=True)
    account_id = fields.Many2one(
        "territory.account",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    region_id = fields.Many2one(
        "territory.region", index="btree_not_null", ondelete="set null", readonly=True
    )
    user_id = fields.Many2one(
        "res.users", string="Rep", index="btree_not_null", readonly=True
    )
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    segment = fields.Selection(
        selection=lambda self: (
            self.env["territory.account"]._fields["segment"].selection
        ),
        readonly=True,
    )
    revenue_month = fields.Monetary(string="Revenue a Month", readonly=True)
    revenue_expected = fields.Monetary(
        string="Expected Revenue a Month",
        readonly=True,
        help="What today's visits are expected to bring, the luck of the last months "
        "taken out.",
    )
    margin_rate = fields.Float(readonly=True, aggregator="avg")
    hours_per_visit = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Time one visit takes, the drive included.",
    )
    drive_hours = fields.Float(
        string="Thereof Driving",
        readonly=True,
        aggregator="avg",
        help="Share of the driving in the hours per visit, worked out from where the "
        "customer, its neighbours and the rep's start are. 0: not worked out; the "
        "hours are the account's own or the company's usual ones.",
    )
    visits_today = fields.Float(
        string="Visits a Month, Today", readonly=True, digits=(16, 2)
    )
    visits_optimal = fields.Float(
        string="Visits a Month, Optimal", readonly=True, digits=(16, 2)
    )
    visits_flat_low = fields.Float(
        string="Visits, Flat From",
        readonly=True,
        aggregator=None,
        digits=(16, 2),
        help="Between these two numbers of visits a month it hardly matters how many: "
        "the account earns within 1 % of its best, its hours paid for.",
    )
    visits_flat_high = fields.Float(
        string="Visits, Flat To", readonly=True, aggregator=None, digits=(16, 2)
    )
    visits_recommended = fields.Integer(string="Visits This Month", readonly=True)
    hours_today = fields.Float(
        string="Hours, Today",
        readonly=True,
        help="Hours a month that today's visits take, the drive included.",
    )
    hours_optimal = fields.Float(string="Hours, Optimal", readonly=True)
    allocation_factor = fields.Float(
        readonly=True,
        aggregator=None,
        digits=(16, 2),
        help="Optimal effort divided by today's effort. 0: not visited in the last "
        "12 months, so there is nothing to divide by.",
    )
    factor_low = fields.Float(
        string="Factor, at Least",
        readonly=True,
        aggregator=None,
        digits=(16, 2),
        help="With 95 % probability the allocation factor is above this.",
    )
    factor_high = fields.Float(
        string="Factor, at Most",
        readonly=True,
        aggregator=None,
        digits=(16, 2),
        help="With 95 % probability the allocation factor is below this.",
    )
    expected_gain = fields.Monetary(string="Expected Gain a Month", readonly=True)
    gain_low = fields.Monetary(
        string="Gain, at Least",
        readonly=True,
        help="With 95 % probability the gain is above this.",
    )
    gain_high = fields.Monetary(
        string="Gain, at Most",
        readonly=True,
        help="With 95 % probability the gain is below this.",
    )
    next_hour_value = fields.Monetary(
        string="Worth of One More Hour",
        readonly=True,
        aggregator="avg",
        help="Contribution a month that one more visiting hour at this account would "
        "bring, from today's effort.",
    )
    elasticity = fields.Float(
        string="Effect of Visits",
        readonly=True,
        aggregator="avg",
        digits=(16, 3),
        help="By how many percent revenue rises with 1 % more visits.",
    )
    elasticity_sd = fields.Float(
        string="Uncertainty of the Effect",
        readonly=True,
        aggregator="avg",
        digits=(16, 3),
    )
    # What an answer changes can be told from these without computing the plan again.
    elasticity_unjudged = fields.Float(
        string="Effect Without Answers",
        readonly=True,
        aggregator="avg",
        digits=(16, 3),
        help="The effect of visits as known before the reps' answers were added.",
    )
    elasticity_unjudged_sd = fields.Float(
        string="Uncertainty Without Answers",
        readonly=True,
        aggregator="avg",
        digits=(16, 3),
    )
    curve_origin = fields.Selection(
        selection=lambda self: (
            self.env["territory.account"]._fields["curve_origin"].selection
        ),
        string="Response Known From",
        readonly=True,
    )
    sample_size = fields.Integer(
        string="Months of Evidence", readonly=True, aggregator=None
    )
    reason_code = fields.Selection(
        [
            ("more_pays", "More pays"),
            ("less_costs_little", "Less costs little"),
            ("keep", "Keep"),
            ("nobody", "Nobody looks after it"),
            ("no_sales", "Nothing to go by"),
            ("new_opportunity", "New opportunity"),
            ("at_minimum", "At its minimum"),
            ("at_maximum", "At its maximum"),
            ("no_margin", "Earns nothing"),
        ],
        string="Reason",
        readonly=True,
    )
    advice = fields.Selection(
        selection=lambda self: (
            self.env["territory.account"]._fields["allocation_advice"].selection
        ),
        readonly=True,
    )
    reason = fields.Text(string="Why", compute="_compute_reason")

    @api.depends("reason_code")
    def _compute_reason(self):
        for line in self:
            line.reason = line._reason_sentence()

    def _reason_sentence(self):
        """The reason in one sentence, in the account's own numbers."""
        self.ensure_one()
        figures = {
            "hour": self._money(self.next_hour_value),
            "usual": self._money(self.plan_region_id.shadow_price),
            "today": self._rhythm(self.visits_today),
            "optimal": self._rhythm(self.visits_optimal),
            "minimum": self._rhythm(self.account_id.visits_min),
            "maximum": self._rhythm(self.account_id.visits_max),
        }
        sentences = {
            "more_pays": self.env._(
                "An hour here brings %(hour)s, more than the %(usual)s it brings "
                "elsewhere: %(optimal)s instead of %(today)s.",
                **figures,
            ),
            "less_costs_little": self.env._(
                "An hour here brings %(hour)s, less than the %(usual)s it brings "
                "elsewhere: %(optimal)s instead of %(today)s frees time for accounts "
                "that respond more.",
                **figures,
            ),
            "keep": self.env._(
                "What is known does not tell more visits from fewer here: keep %(today)s.",
                **figures,
            ),
            "nobody": self.env._(
                "Nobody looks after this account, so no hours can be planned. Give it "
                "a salesperson, or its region a rep."
            ),
            "no_sales": self.env._(
                "No revenue in the last 12 months and no open lead: there is nothing "
                "to estimate an effect of visits from."
            ),
            "new_opportunity": self.env._(
                "No revenue yet, but open leads: the next hour here is worth %(hour)s.",
                **figures,
            ),
            "at_minimum": self.env._(
                "Held at its minimum, %(minimum)s; without it, fewer would pay.",
                **figures,
            ),
            "at_maximum": self.env._(
                "Held at its maximum, %(maximum)s; the next hour would bring %(hour)s.",
                **figures,
            ),
            "no_margin": self.env._(
                "It earns no margin, so visits beyond the minimum cost money."
            ),
        }
        return sentences.get(self.reason_code, "")

    def _money(self, amount):
        return format_amount(
            self.env, round(amount), self.currency_id, trailing_zeroes=False
        )

    def _rhythm(self, visits):
        """How often that is, the way people say it."""
        if visits <= 0.01:
            return self.env._("no visits")
        if visits < 0.95:
            months = max(round(1 / visits, 1), 1.1)
            return self.env._("one visit every %(number)s months", number=f"{months:g}")
        if visits < 1.05:
            return self.env._("one visit a month")
        return self.env._("%(number)s visits a month", number=f"{round(visits, 1):g}")
