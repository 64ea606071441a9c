from odoo import fields, models


class TerritoryPlanRegion(models.Model):
    """What became of one rep's month in one region."""

    _inherit = "territory.plan.region"

    visits_planned = fields.Integer(readonly=True)
    visits_done = fields.Integer(readonly=True)
    visits_reactive = fields.Integer(string="Visits, Reactive", readonly=True)
    visits_overdue = fields.Integer(readonly=True)
    sales_realised = fields.Monetary(string="Sales, Realised", readonly=True)
