from odoo import api, fields, models
from odoo.exceptions import AccessError

# What people may change by hand; everything else on an account is a fact or a result.
EDITABLE = {"region_manual_id", "hours_per_visit", "visits_min", "visits_max"}


class TerritoryAccount(models.Model):
    """What the company knows of one customer or prospect, ready to plan with.

    One row per company and commercial partner. Facts are gathered from orders or
    invoices, meetings and leads in a few grouped queries and written in bulk by
    the nightly run (``_refresh``), never through ``res.partner.write``. What the
    partner itself says (name, place, salesperson) is a stored related field, so
    that it is right at once and not only after the next night.
    """

    _name = "territory.account"
    _description = "Account"
    _order = "revenue_12m desc, id"
    _rec_name = "name"
    _check_company_auto = True

    # ------------------------------------------------------------ who and where
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    name = fields.Char(related="partner_id.name", store=True)
    active = fields.Boolean(related="partner_id.active", store=True)
    user_id = fields.Many2one(
        related="partner_id.user_id", string="Salesperson", store=True, index=True
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        compute="_compute_team_id",
        store=True,
        index="btree_not_null",
    )
    country_id = fields.Many2one(related="partner_id.country_id", store=True)
    state_id = fields.Many2one(related="partner_id.state_id", store=True)
    zip = fields.Char(related="partner_id.zip", store=True)
    city = fields.Char(related="partner_id.city", store=True)
    latitude = fields.Float(
        related="partner_id.partner_latitude", store=True, aggregator=None
    )
    longitude = fields.Float(
        related="partner_id.partner_longitude", store=True, aggregator=None
    )
    location_quality = fields.Selection(
        [
            ("none", "No place yet"),
            ("invalid", "Impossible coordinates"),
            ("given", "Coordinates given"),
        ],
        string="Place",
        compute="_compute_location_quality",
        store=True,
        help="Accounts without a place, or with coordinates that are nowhere on "
        "earth, cannot be shown on the map.",
    )
    region_id = fields.Many2one(
        "territory.region",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )

    # ------------------------------------------------------------------- facts
    data_date = fields.Datetime(
        string="Data As Of", readonly=True, help="When the figures were gathered."
    )
    revenue_12m = fields.Monetary(string="Revenue, 12 Months", readonly=True)
    revenue_previous = fields.Monetary(string="Revenue, Year Before", readonly=True)
    revenue_change = fields.Float(
        string="Revenue Trend",
        compute="_compute_revenue_change",
        store=True,
        aggregator=None,
        help="The last 12 months against the 12 before.",
    )
    margin_12m = fields.Monetary(string="Margin, 12 Months", readonly=True)
    margin_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Margin as a share of revenue over the order lines whose cost is known; "
        "the company's own rate where none is.",
    )
    margin_known = fields.Boolean(
        string="Own Margin Known",
        readonly=True,
        help="Whether the margin rate is the account's own.",
    )
    orders_12m = fields.Integer(string="Orders, 12 Months", readonly=True)
    last_order_date = fields.Date(string="Last Order", readonly=True)
    visits_12m = fields.Integer(string="Visits, 12 Months", readonly=True)
    last_visit_date = fields.Date(string="Last Visit", readonly=True)
    next_visit_date = fields.Date(string="Next Visit", readonly=True)
    open_leads = fields.Integer(readonly=True)
    pipeline = fields.Monetary(
        string="Weighted Pipeline",
        readonly=True,
        help="Expected revenue of the open leads times their probability.",
    )
    segment = fields.Selection(
        [
            ("a", "A"),
            ("b", "B"),
            ("c", "C"),
            ("lapsed", "Lapsed"),
            ("prospect", "Prospect"),
        ],
        readonly=True,
        index=True,
        help="A: the largest accounts, who together bring 80 % of the revenue of the "
        "last 12 months; B: the next 15 %; C: the rest. Lapsed: bought before, not in "
        "the last 12 months. Prospect: never bought.",
    )
    history = fields.Json(
        string="Monthly History",
        readonly=True,
        help="Full months, oldest first: revenue, margin, orders, visits.",
    )

    # ---------------------------------------------------------- set by the team
    hours_per_visit = fields.Float(
        string="Hours per Visit",
        aggregator=None,
        help="Time one visit takes, the drive included. 0: worked out from where the "
        "account is, or else the company's usual time.",
    )
    visits_min = fields.Float(
        string="At Least",
        aggregator=None,
        help="Visits per month this account gets in any case.",
    )
    visits_max = fields.Float(
        string="At Most",
        aggregator=None,
        help="Visits per month this account may get. 0: no limit.",
    )

    # ------------------------------------------------- results of the last plan
    plan_line_id = fields.Many2one(
        "territory.plan.line",
        string="Latest Plan Line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
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
    allocation_advice = fields.Selection(
        [
            ("more", "More visits pay"),
            ("less", "Fewer cost little"),
            ("keep", "Keep"),
            ("none", "No advice"),
        ],
        string="Advice on Visits",
        readonly=True,
        index="btree_not_null",
    )
    next_hour_value = fields.Monetary(
        string="Worth of One More Hour",
        readonly=True,
        aggregator="avg",
        help="Contribution a month that one more visiting hour at this account would "
        "bring, from today's effort.",
    )
    expected_gain = fields.Monetary(
        string="Expected Gain a Month",
        readonly=True,
        help="Contribution a month against going on as today.",
    )
    curve_origin = fields.Selection(
        [
            ("prior", "Published studies only"),
            ("history", "Your history"),
            ("judgement", "Your reps' judgement"),
            ("mixed", "History and judgement"),
            ("learnt", "Learnt from closed months"),
        ],
        string="Response Known From",
        readonly=True,
    )

    # A constraint, not an index: Odoo's merging of contacts looks for constraints to
    # know that the second account of the one that stays has to go.
    _partner_unique = models.Constraint(
        "UNIQUE (company_id, partner_id)", "Each company has one account per customer."
    )
    # NaN is larger than any number to PostgreSQL, so the upper ends keep it out.
    _limits_possible = models.Constraint(
        "CHECK (hours_per_visit BETWEEN 0 AND 744 AND visits_min BETWEEN 0 AND 100 "
        "AND visits_max BETWEEN 0 AND 1000 "
        "AND (visits_max = 0 OR visits_max >= visits_min))",
        "“Hours per Visit” goes from 0 to 744, “At Least” from 0 to 100 visits a "
        "month, and “At Most” must not be below “At Least” (0: no limit).",
    )
    # The corridor of a trip and the window of the map ask for a box of places.
    _place_idx = models.Index("(latitude, longitude) WHERE location_quality = 'given'")

    # ---------------------------------------------------------------- computed
    @api.depends("user_id.sale_team_id", "company_id")
    def _compute_team_id(self):
        for account in self:
            team = account.user_id.sale_team_id
            allowed = not team.company_id or team.company_id == account.company_id
            account.team_id = team if allowed else False

    @api.depends("latitude", "longitude")
    def _compute_location_quality(self):
        for account in self:
            latitude, longitude = account.latitude, account.longitude
            if not latitude and not longitude:
                account.location_quality = "none"
            elif abs(latitude) > 90 or abs(longitude) > 180:
                account.location_quality = "invalid"
            else:
                account.location_quality = "given"

    @api.depends("revenue_12m", "revenue_previous")
    def _compute_revenue_change(self):
        for account in self:
            before = account.revenue_previous
            account.revenue_change = (
                (account.revenue_12m - before) / before if before > 0 else 0.0
            )

    # -------------------------------------------------------------------- CRUD
    def write(self, vals):
        closed = set(vals) - EDITABLE
        if closed and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(fields)s of an account come from orders, meetings and the "
                    "monthly plan and cannot be typed in. Change the order, meeting "
                    "or customer instead.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in sorted(closed)
                        if name in self._fields
                    ),
                )
            )
        return super().write(vals)
