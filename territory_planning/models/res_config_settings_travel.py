from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..routers import ROUTERS
from ..routers.base import good_address
from .territory_travel import PARAMETER, TIMEOUT


class ResConfigSettings(models.TransientModel):
    """Which road engine says how long drives take: one for the whole database.

    Address and key belong to an engine, so that one's key never goes to another. A key
    goes in and does not come out again.
    """

    _inherit = "res.config.settings"

    territory_travel_engine = fields.Selection(
        [(name, router.label) for name, router in ROUTERS.items()],
        string="Road Engine",
        config_parameter=PARAMETER + "engine",
        help="Says how long drives take. Empty: estimated from straight lines.",
    )
    territory_travel_url = fields.Char(string="Address of the Road Engine")
    territory_travel_key = fields.Char(
        string="New Key of the Road Engine", groups="base.group_system", copy=False
    )
    territory_travel_key_known = fields.Boolean(
        string="A Key of the Road Engine Is Stored"
    )
    territory_travel_profile = fields.Selection(
        [("car", "Car"), ("truck", "Truck")],
        string="By",
        default="car",
        config_parameter=PARAMETER + "profile",
    )
    territory_travel_timeout = fields.Float(
        string="Timeout of the Road Engine",
        default=TIMEOUT,
        config_parameter=PARAMETER + "timeout",
    )
    territory_circuity = fields.Float(
        related="company_id.territory_circuity", readonly=False
    )
    territory_km_cost = fields.Monetary(
        related="company_id.territory_km_cost",
        currency_field="territory_currency_id",
        readonly=False,
    )
    territory_travel_low = fields.Float(
        related="company_id.territory_travel_low", readonly=False
    )
    territory_travel_high = fields.Float(
        related="company_id.territory_travel_high", readonly=False
    )
    territory_calibrated = fields.Char(related="company_id.territory_calibrated")

    @api.onchange("territory_travel_engine")
    def _onchange_territory_travel_engine(self):
        values = self._territory_travel_values(self.territory_travel_engine)
        self.territory_travel_key = False
        self.territory_travel_url = values["territory_travel_url"]
        self.territory_travel_key_known = values["territory_travel_key_known"]

    # ----------------------------------------------------------- read and write
    @api.model
    def _territory_travel_values(self, engine):
        travel = self.env["territory.travel"]
        return {
            "territory_travel_url": travel._setting(f"url.{engine}"),
            "territory_travel_key_known": bool(travel._setting(f"key.{engine}")),
        }

    @api.model
    def get_values(self):
        engine = self.env["territory.travel"]._setting("engine")
        return super().get_values() | self._territory_travel_values(engine)

    def set_values(self):
        result = super().set_values()
        if not 1.0 <= self.territory_travel_timeout <= 60.0:
            raise ValidationError(
                self.env._(
                    "“%(field)s” is %(value)s. Give a value between %(low)s and "
                    "%(high)s.",
                    field=self._fields["territory_travel_timeout"]._description_string(
                        self.env
                    ),
                    value=self.territory_travel_timeout,
                    low=1,
                    high=60,
                )
            )
        if self.territory_travel_engine:
            self._set_territory_travel_engine(self.territory_travel_engine)
        self.env["territory.travel"]._settings_changed()
        return result

    def _set_territory_travel_engine(self, engine):
        url = (self.territory_travel_url or "").strip().rstrip("/")
        router = ROUTERS[engine]
        if not good_address(url or router.url):
            raise ValidationError(
                self.env._(
                    "“%(url)s” is not the address of a road engine. It begins with "
                    "https:// or http://, names a server, and has no password in it.",
                    url=url,
                )
            )
        # not sudo: only administrators say whom this server asks
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(f"{PARAMETER}url.{engine}", url)
        if self.territory_travel_key:
            parameters.set_param(
                f"{PARAMETER}key.{engine}", self.territory_travel_key.strip()
            )
            # what came in is stored; it must not be read back from this record
            self.territory_travel_key = False

    # ----------------------------------------------------------------- actions
    def action_territory_forget_travel_key(self):
        """Take the key of the chosen engine out of the database."""
        self.check_access("write")
        self.env["ir.config_parameter"].set_param(
            f"{PARAMETER}key.{self.territory_travel_engine}", False
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_territory_calibrate(self):
        """Fit straight lines to drives of the engine that is stored."""
        self.check_access("write")
        fitted = self.env["territory.travel"]._calibrate(self.company_id)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Roads are %(circuity)s times as long as straight lines, driven at "
                    "%(speed)s km/h: from %(pairs)s drives, eight of ten between "
                    "%(low)s %% and %(high)s %% of the estimate.",
                    circuity=round(fitted.circuity, 2),
                    speed=round(fitted.speed_kmh),
                    pairs=fitted.pairs,
                    low=round(100 * fitted.low),
                    high=round(100 * fitted.high),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
