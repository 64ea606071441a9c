from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..geocoders import SERVICES
from .base_geocoder import DAILY, INTERVAL, PARAMETER, TIMEOUT

NUMBERS = {
    # name: (default, least, most)
    "interval": (INTERVAL, 0.0, 3600.0),
    "daily": (DAILY, 0, 10_000_000),
    "timeout": (TIMEOUT, 1.0, 10.0),
}


class ResConfigSettings(models.TransientModel):
    """How addresses are looked up: one service for the whole database.

    Address and key belong to a service, so that one's key never goes to another. A
    key goes in and does not come out again.
    """

    _inherit = "res.config.settings"

    territory_geocode_url = fields.Char(string="Address of the Service")
    territory_geocode_key = fields.Char(
        string="New Key", groups="base.group_system", copy=False
    )
    territory_geocode_key_known = fields.Boolean(string="A Key Is Stored")
    territory_geocode_needs_key = fields.Boolean(
        compute="_compute_territory_geocode_service"
    )
    territory_geocode_shared = fields.Boolean(
        compute="_compute_territory_geocode_service",
        help="Whether the server is one that all the world shares.",
    )
    territory_geocode_about = fields.Char(
        string="Attribution and Terms", compute="_compute_territory_geocode_service"
    )
    territory_geocode_duration = fields.Char(
        string="Time for 10,000 Addresses",
        compute="_compute_territory_geocode_duration",
    )
    territory_geocode_contact = fields.Char(
        string="Contact",
        config_parameter=PARAMETER + "contact",
        help="An address the service can complain to. Sent with each request; empty: "
        "the company's e-mail address.",
    )
    territory_geocode_interval = fields.Float(
        string="Seconds Between Requests", default=INTERVAL
    )
    territory_geocode_daily = fields.Integer(
        string="Requests a Day", default=DAILY, help="0: no limit."
    )
    territory_geocode_timeout = fields.Float(string="Timeout", default=TIMEOUT)
    territory_geocode_nightly = fields.Boolean(
        string="Look Up New Addresses Every Night",
        config_parameter=PARAMETER + "nightly",
    )

    # ---------------------------------------------------------------- computed
    @api.depends("geoloc_provider_id", "territory_geocode_url")
    def _compute_territory_geocode_service(self):
        for settings in self:
            service = SERVICES.get(settings.geoloc_provider_id.tech_name)
            url = settings.territory_geocode_url or (service and service.url) or ""
            host = urlsplit(url).hostname if service else None
            settings.territory_geocode_needs_key = bool(service) and (
                service.needs_key or service.name == "pelias"
            )
            settings.territory_geocode_shared = bool(
                host and host == service.public_host
            )
            settings.territory_geocode_about = (
                f"{service.attribution} · {service.terms}" if service else ""
            )

    @api.depends("territory_geocode_interval", "territory_geocode_shared")
    def _compute_territory_geocode_duration(self):
        for settings in self:
            seconds = settings.territory_geocode_interval
            if settings.territory_geocode_shared:
                seconds = max(seconds, 1.0)
            hours = 10_000 * max(seconds, 0.1) / 3600
            settings.territory_geocode_duration = self.env._(
                "10,000 addresses take %(hours)s hours or more at this pace.",
                hours=round(hours, 1),
            )

    @api.onchange("geoloc_provider_id")
    def _onchange_geoloc_provider_id(self):
        values = self._territory_geocode_values(self.geoloc_provider_id.tech_name)
        self.territory_geocode_key = False
        self.territory_geocode_url = values["territory_geocode_url"]
        self.territory_geocode_key_known = values["territory_geocode_key_known"]

    # ----------------------------------------------------------- read and write
    @api.model
    def _territory_geocode_values(self, provider):
        # sudo: opening the settings is the administrator's; the key stays here
        parameters = self.env["ir.config_parameter"].sudo()
        key = self.env["base.geocoder"]._territory_key_parameter(provider)
        return {
            "territory_geocode_url": parameters.get_param(
                f"{PARAMETER}url.{provider}", ""
            ),
            "territory_geocode_key_known": bool(parameters.get_param(key)),
        }

    @api.model
    def get_values(self):
        geocoder = self.env["base.geocoder"]
        values = super().get_values()
        values |= self._territory_geocode_values(geocoder._get_provider().tech_name)
        for name, (default, _least, _most) in NUMBERS.items():
            number = geocoder._territory_number(name, default)
            values[f"territory_geocode_{name}"] = type(default)(number)
        return values

    def set_values(self):
        result = super().set_values()
        # sudo: saving the settings is the administrator's
        parameters = self.env["ir.config_parameter"].sudo()
        for name, (_default, least, most) in NUMBERS.items():
            value = self[f"territory_geocode_{name}"]
            if not least <= value <= most:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” is %(value)s. Give a value between %(low)s and "
                        "%(high)s.",
                        field=self._fields[
                            f"territory_geocode_{name}"
                        ]._description_string(self.env),
                        value=value,
                        low=least,
                        high=most,
                    )
                )
            parameters.set_param(PARAMETER + name, str(value))
        self._set_territory_geocode_service(parameters)
        return result

    def _set_territory_geocode_service(self, parameters):
        provider = self.geoloc_provider_id.tech_name
        if provider not in SERVICES:
            return
        url = (self.territory_geocode_url or "").strip().rstrip("/")
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValidationError(
                self.env._(
                    "“%(url)s” is not the address of a service. It begins with "
                    "https:// and names a server.",
                    url=url,
                )
            )
        parameters.set_param(f"{PARAMETER}url.{provider}", url)
        if self.territory_geocode_key:
            name = self.env["base.geocoder"]._territory_key_parameter(provider)
            parameters.set_param(name, self.territory_geocode_key.strip())
            # what came in is stored; it must not be read back from this record
            self.territory_geocode_key = False
        self.env["territory.geocode.throttle"]._release(provider)

    def action_territory_forget_key(self):
        """Take the key of the chosen service out of the database."""
        self.check_access("write")
        geocoder = self.env["base.geocoder"]
        provider = self.geoloc_provider_id.tech_name
        # sudo: the settings are the administrator's
        self.env["ir.config_parameter"].sudo().set_param(
            geocoder._territory_key_parameter(provider), False
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}
