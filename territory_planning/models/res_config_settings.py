from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    territory_revenue_source = fields.Selection(
        related="company_id.territory_revenue_source", readonly=False, required=True
    )
    territory_history_months = fields.Integer(
        related="company_id.territory_history_months", readonly=False
    )
    territory_hours_per_visit = fields.Float(
        related="company_id.territory_hours_per_visit", readonly=False
    )
    territory_compute_drive = fields.Boolean(
        related="company_id.territory_compute_drive", readonly=False
    )
    territory_service_hours = fields.Float(
        related="company_id.territory_service_hours", readonly=False
    )
    territory_average_speed = fields.Float(
        related="company_id.territory_average_speed", readonly=False
    )
    territory_day_hours = fields.Float(
        related="company_id.territory_day_hours", readonly=False
    )
    territory_hours_per_month = fields.Float(
        related="company_id.territory_hours_per_month", readonly=False
    )
    territory_default_margin = fields.Float(
        related="company_id.territory_default_margin", readonly=False
    )
    territory_churn_days = fields.Integer(
        related="company_id.territory_churn_days", readonly=False
    )
    territory_price_min_money = fields.Monetary(
        related="company_id.territory_price_min_money",
        readonly=False,
        currency_field="territory_currency_id",
    )
    territory_prior_elasticity = fields.Float(
        related="company_id.territory_prior_elasticity", readonly=False
    )
    territory_prior_sd = fields.Float(
        related="company_id.territory_prior_sd", readonly=False
    )
    territory_carry_over = fields.Float(
        related="company_id.territory_carry_over", readonly=False
    )
    territory_judgement_months = fields.Integer(
        related="company_id.territory_judgement_months", readonly=False
    )
    territory_damping_low = fields.Float(
        related="company_id.territory_damping_low", readonly=False
    )
    territory_damping_high = fields.Float(
        related="company_id.territory_damping_high", readonly=False
    )
    territory_rep_cost = fields.Monetary(
        related="company_id.territory_rep_cost",
        readonly=False,
        currency_field="territory_currency_id",
    )
    territory_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of Costs"
    )
    territory_tile_url = fields.Char(
        string="Street Map Address",
        config_parameter="territory_planning.tile_url",
        help="Address of a tile server, with {z}, {x} and {y}. Empty: the built-in "
        "map, which needs no internet.",
    )
    territory_tile_attribution = fields.Char(
        string="Street Map Attribution",
        config_parameter="territory_planning.tile_attribution",
        help="What the provider of the street map asks to be shown on it.",
    )
