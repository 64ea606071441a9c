from odoo import fields, models


class TerritoryPlanLine(models.Model):
    """What became of one account's month."""

    _inherit = "territory.plan.line"

    visits_planned = fields.Integer(
        readonly=True,
        help="Meetings of this month still to come, and stops of trips that are no "
        "meeting yet.",
    )
    visits_done = fields.Integer(readonly=True, help="Meetings of this month held.")
    visits_reactive = fields.Integer(
        string="Visits, Reactive",
        readonly=True,
        help="Visits held beyond those agreed: somebody called, something broke.",
    )
    visits_overdue = fields.Integer(
        readonly=True,
        help="Agreed visits that would have been held by now, were they spread evenly "
        "over the month's working days, and were not.",
    )
    sales_realised = fields.Monetary(
        string="Sales, Realised",
        readonly=True,
        help="What the account has bought in this month so far; after the month, in all.",
    )
