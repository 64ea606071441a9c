from odoo import fields, models


class ResCompany(models.Model):
    """Whether reps get the weekly mail on their month."""

    _inherit = "res.company"

    territory_digest = fields.Boolean(
        string="Weekly Mail on the Month",
        default=True,
        help="Every Monday each rep and each leader of a team gets a mail: what is agreed, "
        "planned, done and overdue.",
    )
