from odoo import fields, models


class TerritoryAccount(models.Model):
    """What is left to do of the month that was agreed."""

    _inherit = "territory.account"

    visits_agreed = fields.Integer(
        readonly=True, help="Visits agreed for the current month."
    )
    visits_open = fields.Integer(
        string="Visits to Plan",
        readonly=True,
        help="Agreed visits of the current month that are neither held nor planned.",
    )
    visits_overdue = fields.Integer(
        readonly=True,
        help="Agreed visits of the current month that would have been held by now.",
    )

    # Counted anew every night and when a plan is agreed; few accounts have any.
    _overdue_idx = models.Index("(company_id, visits_overdue) WHERE visits_overdue > 0")
