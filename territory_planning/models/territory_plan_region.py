from odoo import fields, models


class TerritoryPlanRegion(models.Model):
    """What one rep's hours in one region do today, and what they could."""

    _name = "territory.plan.region"
    _description = "Region in a Plan"
    _order = "plan_id desc, expected_gain desc, id"
    _rec_name = "region_id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "territory.plan", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="plan_id.currency_id")
    date_from = fields.Date(related="plan_id.date_from", store=True, precompute=True)
    region_id = fields.Many2one(
        "territory.region", index="btree_not_null", ondelete="set null", readonly=True
    )
    user_id = fields.Many2one(
        "res.users", string="Rep", index="btree_not_null", readonly=True
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", index="btree_not_null", readonly=True
    )
    line_ids = fields.One2many(
        "territory.plan.line", "plan_region_id", string="Accounts"
    )
    account_count = fields.Integer(string="Number of Accounts", readonly=True)
    revenue_month = fields.Monetary(string="Revenue a Month", readonly=True)
    hours_capacity = fields.Float(
        string="Hours Available",
        readonly=True,
        help="The rep's visiting hours a month; those of a rep in several regions "
        "are shown where the optimum spends them.",
    )
    hours_today = fields.Float(readonly=True)
    hours_optimal = fields.Float(string="Hours, Optimal", readonly=True)
    hours_flat_low = fields.Float(
        string="Hours, Flat From",
        readonly=True,
        aggregator=None,
        help="Between these two numbers of hours a month it hardly matters how many: "
        "the region earns within 1 % of its best, each hour paid for at what it is "
        "worth to the rep.",
    )
    hours_flat_high = fields.Float(
        string="Hours, Flat To", readonly=True, aggregator=None
    )
    visits_today = fields.Float(readonly=True, digits=(16, 1))
    visits_optimal = fields.Float(
        string="Visits, Optimal", readonly=True, digits=(16, 1)
    )
    visits_recommended = fields.Integer(string="Visits This Month", readonly=True)
    allocation_factor = fields.Float(
        readonly=True,
        aggregator=None,
        digits=(16, 2),
        help="Optimal hours divided by today's hours. 0: no hours today.",
    )
    factor_low = fields.Float(
        string="Factor, at Least",
        readonly=True,
        aggregator=None,
        digits=(16, 2),
        help="With 95 % probability the allocation factor is above this. Hours of a "
        "rep can only move between the rep's regions: with a single one there is no "
        "doubt.",
    )
    factor_high = fields.Float(
        string="Factor, at Most",
        readonly=True,
        aggregator=None,
        digits=(16, 2),
        help="With 95 % probability the allocation factor is below this.",
    )
    shadow_price = fields.Monetary(
        string="Worth of One More Hour",
        readonly=True,
        aggregator="avg",
        help="Contribution that one more visiting hour a month of this rep would "
        "bring. It need not be the same for every rep: hours cannot be carried from "
        "one rep to another.",
    )
    contribution_today = fields.Monetary(
        string="Contribution a Month, Today",
        readonly=True,
        help="Margin that going on as today is expected to bring.",
    )
    expected_gain = fields.Monetary(string="Expected Gain a Month", readonly=True)
    gain_low = fields.Monetary(string="Gain, at Least", readonly=True)
    gain_high = fields.Monetary(string="Gain, at Most", readonly=True)
    gain_same_hours = fields.Monetary(
        string="Of It, Same Hours Used Differently",
        readonly=True,
        help="What today's hours of each rep bring more when they are used where "
        "they pay best; hours may move between the rep's regions.",
    )
