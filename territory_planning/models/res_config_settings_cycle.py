from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The monthly cycle's settings."""

    _inherit = "res.config.settings"

    territory_open_days = fields.Integer(
        related="company_id.territory_open_days", readonly=False
    )
    territory_collect_days = fields.Integer(
        related="company_id.territory_collect_days", readonly=False
    )
    territory_digest = fields.Boolean(
        related="company_id.territory_digest", readonly=False
    )
