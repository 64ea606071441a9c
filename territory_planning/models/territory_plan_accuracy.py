from odoo import fields, models


class TerritoryPlanAccuracy(models.Model):
    """How near the forecasts of a month came: those of the plan, the rep, the leader.

    A rep sees only the own rows, leaders see all; there is no list by rank.
    """

    _name = "territory.plan.accuracy"
    _description = "Accuracy of Forecasts"
    _order = "date_from desc, user_id, forecaster, id"
    _rec_name = "forecaster"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "territory.plan", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    date_from = fields.Date(
        related="plan_id.date_from", store=True, precompute=True, string="Month"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Accounts Of",
        index="btree_not_null",
        readonly=True,
        ondelete="cascade",
        help="Whose accounts were forecast; empty: the whole company's.",
    )
    forecaster = fields.Selection(
        [("model", "Plan"), ("rep", "Rep"), ("leader", "Agreed")],
        string="Forecast By",
        required=True,
        readonly=True,
        help="Plan: the response curves with the season. Rep: the expected sales the rep "
        "gave. Agreed: what leaders and reps agreed on.",
    )
    accounts = fields.Integer(
        string="Number of Accounts",
        readonly=True,
        help="Accounts with such a forecast.",
    )
    known = fields.Boolean(
        string="Enough to Tell",
        readonly=True,
        help="Whether there were at least five such accounts, and sales.",
    )
    error = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(16, 4),
        help="What forecasts were off, added up, as a share of the sales that came.",
    )
    error_low = fields.Float(
        string="Error, at Least", readonly=True, aggregator=None, digits=(16, 4)
    )
    error_high = fields.Float(
        string="Error, at Most", readonly=True, aggregator=None, digits=(16, 4)
    )
    bias = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(16, 4),
        help="How much more was forecast than came, in all; negative: too little.",
    )
    usual_error = fields.Float(
        string="Error of the Usual Month",
        readonly=True,
        aggregator="avg",
        digits=(16, 4),
        help="The yardstick: the error of saying that each account buys what it "
        "usually buys in such a month.",
    )
