from odoo import api, fields, models

from ..engine import travel


class ResCompany(models.Model):
    """How a company estimates drives where no road engine answers."""

    _inherit = "res.company"

    territory_circuity = fields.Float(
        string="Roads over Straight Lines",
        default=travel.CIRCUITY,
        required=True,
        help="How many times as long roads are as straight lines: 1.2 in open country, "
        "2 in mountains and by the sea.",
    )
    territory_km_cost = fields.Monetary(
        string="Cost of a Kilometre",
        default=0.3,
        help="What a kilometre on the road costs: a stop of a trip must bring more than "
        "its detour costs.",
    )
    territory_travel_low = fields.Float(
        string="Shortest Likely Drive",
        default=travel.LOW,
        required=True,
        help="Multiple of the estimate: one drive of ten is shorter.",
    )
    territory_travel_high = fields.Float(
        string="Longest Likely Drive",
        default=travel.HIGH,
        required=True,
        help="Multiple of the estimate: one drive of ten is longer.",
    )
    territory_calibrated = fields.Char(
        string="Fitted to Roads",
        readonly=True,
        help="When and from what roads over straight lines and the average speed come.",
    )

    @api.constrains(
        "territory_circuity",
        "territory_km_cost",
        "territory_travel_low",
        "territory_travel_high",
    )
    def _check_territory_travel(self):
        bounds = {
            "territory_circuity": (1.0, 5.0),
            "territory_km_cost": (0.0, 1e6),
            "territory_travel_low": (0.05, 1.0),
            "territory_travel_high": (1.0, 20.0),
        }
        self._check_territory_within(bounds)
