import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..geocoders import SERVICES
from ._client_values import ID_MAX, choice, number

SKIP_DAYS = 30
PAGE = 200
ROW = (
    "name",
    "city",
    "zip",
    "latitude",
    "longitude",
    "place_status",
    "place_precision",
    "place_reason",
    "revenue_12m",
    "currency_id",
)


class TerritoryAccount(models.Model):
    """The review of places: what the browser asks for and what people decide."""

    _inherit = "territory.account"

    # ------------------------------------------------------------------ reading
    @api.model
    def _places_to_check_domain(self, reason=False):
        """Accounts somebody should look at; those skipped lately are left out."""
        today = fields.Date.context_today(self)
        domain = Domain(
            "place_status", "in", ("stale", "doubtful", "failed", "never")
        ) & (
            Domain("place_skip_date", "=", False)
            | Domain("place_skip_date", "<", today)
        )
        if reason:
            domain &= Domain("place_reason", "=", reason)
        return domain

    @api.model
    @api.readonly
    def get_places_to_check(self, reason=False, limit=PAGE):
        """The places to check, the largest accounts first, and how many of each reason.

        Under the user's own rights: a rep gets own accounts only.

        :param reason: only those with this reason
        :return: ``rows``, ``reasons`` (``[code, sentence, count]``, the most frequent
            first), ``total`` of all, ``accounts`` to compare it with, ``run`` under way or
            False, ``provider`` with its attribution, ``tiles`` of the street map,
            ``may_start``: whether the user may have all addresses looked up
        """
        if reason:
            options = self._fields["place_reason"].get_values(self.env)
            reason = choice(self.env, reason, self.env._("Reason"), options)
        domain = self._places_to_check_domain()
        counts = self._read_group(domain, ["place_reason"], ["__count"])
        sentences = dict(self._fields["place_reason"]._description_selection(self.env))
        most = int(number(self.env, limit, self.env._("Rows"), 1, ID_MAX))
        shown = self.search(self._places_to_check_domain(reason), limit=min(most, PAGE))
        rows = shown.read(ROW, load=None)
        partners = {a.id: a.partner_id for a in shown.with_prefetch(shown.ids)}
        for row in rows:
            row |= self._place_row(partners[row["id"]])
            row["sentence"] = sentences.get(row["place_reason"], "")
        return {
            "rows": rows,
            "reasons": sorted(
                (
                    [reason or "", sentences.get(reason, ""), count]
                    for reason, count in counts
                ),
                key=lambda entry: -entry[2],
            ),
            "total": sum(count for _reason, count in counts),
            "accounts": self.search_count([]),
            "run": self._places_run(),
            "provider": self._places_provider(),
            "tiles": self.env["territory.region"]._map_tiles(),
            "may_start": self.env.user.has_group(
                "sales_team.group_sale_salesman_all_leads"
            ),
        }

    @api.model
    def _place_row(self, partner):
        """What the partner adds to a row."""
        precision = dict(
            partner._fields["territory_place_precision"]._description_selection(
                self.env
            )
        )
        return {
            "partner_id": partner.id,
            "street": partner.street or "",
            "state": partner.state_id.name or "",
            "country": partner.country_id.name or "",
            "precision": precision.get(partner.territory_place_precision, ""),
            "source": partner.territory_place_source or "",
            "label": partner.territory_place_label or "",
            "date": partner.territory_place_date or False,
        }

    @api.model
    def _places_run(self):
        # sudo: a rep may not read runs; how far one is, is no secret
        run = (
            self.env["territory.run"]
            .sudo()
            .search(
                [
                    ("kind", "in", ("geocode", "lookup", "places")),
                    ("company_id", "=", self.env.company.id),
                    ("state", "in", ("waiting", "running")),
                ],
                limit=1,
            )
        )
        if not run:
            return False
        return {"id": run.id, "progress": run.progress, "state": run.state}

    @api.model
    def _places_provider(self):
        provider = self.env["base.geocoder"]._get_provider()
        service = SERVICES.get(provider.tech_name)
        return {
            "name": provider.name or "",
            "attribution": service.attribution if service else "",
        }

    # ----------------------------------------------------------------- deciding
    def _check_place_access(self):
        """Who may write a customer may say where it is."""
        self.check_access("read")
        self.partner_id.check_access("write")

    def set_place(self, latitude, longitude):
        """Set the place by hand; no service moves it from then on."""
        self.ensure_one()
        self._check_place_access()
        if not (
            _is_number(latitude)
            and _is_number(longitude)
            and abs(latitude) <= 90
            and abs(longitude) <= 180
            and (latitude or longitude)
        ):
            raise UserError(
                self.env._(
                    "%(name)s: latitude %(latitude)s and longitude %(longitude)s are "
                    "nowhere on earth. Latitude goes from -90 to 90, longitude from "
                    "-180 to 180.",
                    name=self.name,
                    latitude=latitude,
                    longitude=longitude,
                )
            )
        # sudo: leaders who may not edit this or that field of a contact may still say
        # where it is; that the contact may be written was asked above
        partner = self.partner_id.sudo()
        partner.write(
            {
                "partner_latitude": round(latitude, 7),
                "partner_longitude": round(longitude, 7),
                "date_localization": fields.Date.context_today(self),
            }
        )
        partner._note_place("manual", source=True)

    def confirm_places(self):
        """The places are right as they are: they count as set by hand."""
        self._check_place_access()
        nowhere = self.filtered(lambda account: account.location_quality != "given")
        if nowhere:
            raise UserError(
                self.env._(
                    "%(names)s: there is no place to confirm. Set a pin on the map, or "
                    "look the address up.",
                    names=", ".join(nowhere[:5].mapped("name")),
                )
            )
        self.partner_id._note_place("manual", source=True)

    def retry_places(self):
        """Have addresses looked up again in the background.

        Places set by hand are left alone, and so are addresses no service can be
        asked for.

        :return: how many will be looked up, and how many were left alone
        """
        self._check_place_access()
        partners = self.partner_id
        asked = partners.filtered(
            lambda p: (
                p.territory_place_precision != "manual"
                and p.country_id
                and (p.zip or p.city)
            )
        )
        # sudo: fields nobody types in; that the contacts may be written was asked above
        asked.sudo().write(
            {
                "territory_place_status": "stale",
                "territory_place_reason": "retry",
                "territory_place_skip_date": False,
            }
        )
        for company in self.filtered(lambda a: a.partner_id in asked).company_id:
            self.env["territory.run"]._start("lookup", company)
        return {"asked": len(asked), "left": len(partners - asked)}

    def look_up_place(self):
        """Look one address up at once, while somebody waits."""
        self.ensure_one()
        self._check_place_access()
        partner = self.partner_id
        if partner.territory_place_precision == "manual":
            raise UserError(
                self.env._(
                    "%(name)s: its place was set by hand and is only moved by hand.",
                    name=self.name,
                )
            )
        data = self._place_columns(self.company_id, SQL("p.id = %s", partner.id))
        if not data["id"] or self._unaskable(data, 0):
            raise UserError(
                self.env._(
                    "%(name)s: the address needs a country, and a postal code or a "
                    "town, before it can be looked up. Complete the contact first.",
                    name=self.name,
                )
            )
        geocoder = self.env["base.geocoder"]
        finder = geocoder._territory_finder()
        address = self._place_address(data, 0)
        answer = geocoder._territory_find(address, finder)
        run = self.env["territory.run"]
        outcome = run._outcome(data, 0, address, answer)
        run._keep_outcomes(finder.service, data, [outcome])

    def skip_places(self):
        """Leave accounts out of the list for a month."""
        self._check_place_access()
        until = fields.Date.add(fields.Date.context_today(self), days=SKIP_DAYS)
        # sudo: as in retry_places
        self.partner_id.sudo().write({"territory_place_skip_date": until})

    @api.model
    def start_places_run(self):
        """Check all places of the company and look up what is new or out of date."""
        if not self.env.user.has_group("sales_team.group_sale_salesman_all_leads"):
            raise AccessError(
                self.env._("Only a team leader may have all addresses looked up.")
            )
        self.env["base.geocoder"]._territory_service()  # says what is not set up
        self.env["territory.run"]._start("geocode", self.env.company)
        return self._places_run()

    @api.model
    def _cron_geocode(self):
        """Every night: check all places, and look up new addresses where that is on."""
        nightly = self.env["base.geocoder"]._territory_setting("nightly")
        kind = "geocode" if nightly else "places"
        for company in self.env["res.company"].search([]):
            if self._has_data(company):
                self.env["territory.run"]._start(kind, company)


def _is_number(value):
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
    )
