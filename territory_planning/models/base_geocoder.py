from odoo import api, models
from odoo.exceptions import UserError

from ..geocoders import SERVICES, Address, Answer, Service, Trouble
from ._finder import Finder, Turn

PARAMETER = "territory_planning.geocode_"
GOOGLE_KEY = "base_geolocalize.google_map_api_key"
TIMEOUT = 5.0
INTERVAL = 1.0
DAILY = 1000
PATIENCE = 8.0  # seconds a person waits


class OdooProvider(Service):
    """A provider another module brings: it says where, not how precisely."""

    def __init__(self, geocoder, provider):
        self.geocoder = geocoder
        self.name = provider.tech_name
        self.label = provider.name
        self.interval = self.public_interval

    def find(self, address):
        ask = getattr(self.geocoder, f"_call_{self.name}", None)
        if ask is None:
            raise Trouble("error")
        try:
            found = ask(address.text, force_country=address.country_name)
        except (ArithmeticError, LookupError, TypeError, ValueError, UserError):
            # Odoo's providers raise a UserError for whatever goes wrong
            raise Trouble("error") from None
        return Answer(*found, precision="given") if found else None


class BaseGeocoder(models.AbstractModel):
    """Odoo's geocoder: its providers, asked politely and remembered."""

    _inherit = "base.geocoder"

    # ---------------------------------------------------------------- settings
    @api.model
    def _territory_setting(self, name, default=""):
        # sudo: keys are the administrator's; used here and never handed out
        value = self.env["ir.config_parameter"].sudo().get_param(PARAMETER + name)
        return value or default

    @api.model
    def _territory_number(self, name, default):
        try:
            return max(float(self._territory_setting(name, default)), 0.0)
        except ValueError:
            return default

    @api.model
    def _territory_key_parameter(self, provider):
        return GOOGLE_KEY if provider == "googlemap" else f"{PARAMETER}key.{provider}"

    @api.model
    def _territory_service(self, **settings):
        """The service that is set up, ready to be asked.

        :param settings: what to use instead of the stored settings: ``provider`` (a
            record), ``url``, ``key``
        :raises UserError: if the settings do not make one
        """
        provider = settings.get("provider") or self._get_provider()
        name = provider.tech_name
        if name not in SERVICES:
            if not name:
                raise UserError(
                    self.env._(
                        "No service is chosen to look addresses up. Choose one in the "
                        "settings of Territory, under Places."
                    )
                )
            return OdooProvider(self, provider)
        # sudo: see _territory_setting
        parameters = self.env["ir.config_parameter"].sudo()
        key = settings.get("key") or parameters.get_param(
            self._territory_key_parameter(name), ""
        )
        url = settings.get("url")
        if url is None:
            url = self._territory_setting(f"url.{name}")
        try:
            return SERVICES[name](
                url=url,
                key=key,
                user_agent=self._territory_user_agent(),
                timeout=self._territory_number("timeout", TIMEOUT) or TIMEOUT,
            )
        except Trouble as trouble:
            raise UserError(self._territory_sentence(trouble, SERVICES[name])) from None

    @api.model
    def _territory_user_agent(self):
        """Who asks, so that the service can complain to somebody."""
        contact = self._territory_setting("contact")
        contact = contact or self.env.company.email or self.get_base_url()
        clean = "".join(c for c in contact if c.isprintable() and ord(c) < 128)
        return f"odoo-territory-planning/19.0 ({clean})"

    @api.model
    def _territory_finder(self, service=None, patience=PATIENCE):
        service = service or self._territory_service()
        return Finder(
            self.env,
            service,
            interval=self._territory_number("interval", INTERVAL),
            daily=int(self._territory_number("daily", DAILY)),
            patience=patience,
        )

    # --------------------------------------------------------------- sentences
    @api.model
    def _territory_sentence(self, problem, service):
        """What went wrong, for people: what happened and what to do."""
        name = service.label
        sentences = {
            "url": self.env._(
                "%(name)s needs the address of its server, like "
                "https://nominatim.example.com. Enter it in the settings of Territory, "
                "under Places.",
                name=name,
            ),
            "key": self.env._(
                "%(name)s needs a valid key. Enter it in the settings of Territory, "
                "under Places.",
                name=name,
            ),
            "limit": self.env._(
                "%(name)s asks for fewer requests (429). Nothing is asked for a while; "
                "what was found is kept. Wait, lower the pace in the settings, or use "
                "a server of your own.",
                name=name,
            ),
            "quota": self.env._(
                "%(name)s says that the quota is used up (402). What was found is "
                "kept. Go on when there is a new one.",
                name=name,
            ),
            "refused": self.env._(
                "%(name)s refuses to answer (403): the key lacks the right, or the "
                "service has blocked this server. Check its terms of use before you "
                "go on; nothing is asked for a while.",
                name=name,
            ),
            "slow": self.env._(
                "%(name)s does not answer in time. What was found is kept; press "
                "Retry later, or raise the timeout in the settings.",
                name=name,
            ),
            "unreachable": self.env._(
                "%(name)s cannot be reached. Check the address of the service in the "
                "settings and this server's connection, then press Retry.",
                name=name,
            ),
            "garbage": self.env._(
                "%(name)s answers with something that is no answer, a login page "
                "perhaps. Check the address of the service in the settings.",
                name=name,
            ),
            "error": self.env._(
                "%(name)s reports an error of its own. What was found is kept; press "
                "Retry later.",
                name=name,
            ),
            "paused": self.env._(
                "%(name)s has asked for a pause of %(minutes)s more minutes.",
                name=name,
                minutes=int(getattr(problem, "seconds", 0) // 60) + 1,
            ),
            "daily": self.env._(
                "Today's limit of requests to %(name)s is reached. It goes on "
                "tomorrow; the limit is in the settings.",
                name=name,
            ),
            "busy": self.env._(
                "Others are asking %(name)s at the moment. Try again in a minute.",
                name=name,
            ),
        }
        return sentences[problem.kind]

    # ------------------------------------------------------ Odoo's own callers
    @api.model
    def geo_find(self, addr, **kw):
        """Odoo's button on a contact, too, keeps to the pace and remembers."""
        provider = self._get_provider()
        if provider.tech_name not in SERVICES or not addr:
            return super().geo_find(addr, **kw)
        name = kw.get("force_country")
        country = self.env["res.country"]
        if name:
            country = country.with_context(lang="en_US").search(
                [("name", "=", name)], limit=1
            )
        answer = self._territory_find(Address(free=addr, country=country.code or ""))
        return (answer.latitude, answer.longitude) if answer else None

    @api.model
    def _territory_find(self, address, finder=None):
        """Where an address is, while somebody waits; problems as a UserError."""
        finder = finder or self._territory_finder()
        finder.prepare([address])
        try:
            return finder.find(address)
        except (Trouble, Turn) as problem:
            raise UserError(self._territory_sentence(problem, finder.service)) from None
