import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import places
from ..geocoders import Address
from . import _bulk, _countries
from .res_partner_place import PREFIX

#: A place that is known this well says where its postal code or town is.
CONFIDENT = ("rooftop", "street", "manual")
#: Reasons that come from the coordinates: judged anew each time.
GEOMETRIC = ("impossible", "swapped", "sign", "country", "far")
COLUMNS = ("precision", "status", "reason")
ALL = 10_000_000


class TerritoryAccount(models.Model):
    """Whether accounts are where their addresses say."""

    _inherit = "territory.account"

    place_status = fields.Selection(
        related="partner_id.territory_place_status", store=True, index=True
    )
    place_precision = fields.Selection(
        related="partner_id.territory_place_precision", store=True
    )
    place_reason = fields.Selection(
        related="partner_id.territory_place_reason", store=True
    )
    place_skip_date = fields.Date(
        related="partner_id.territory_place_skip_date", store=True
    )

    # ------------------------------------------------------------------ reading
    @api.model
    def _place_columns(self, company, where=None, limit=ALL):
        """The addresses and places of a company's accounts, the largest first.

        :param where: a condition on ``p``, the partner
        :return: name -> list, in one query
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, COALESCE(p.partner_latitude, 0)::float8,
                       COALESCE(p.partner_longitude, 0)::float8,
                       p.street, p.zip, p.city, state.code, state.name,
                       country.code, COALESCE(country.name->>'en_US', ''),
                       p.territory_place_precision, p.territory_place_status,
                       p.territory_place_reason, p.territory_place_hash
                  FROM territory_account a
                  JOIN res_partner p ON p.id = a.partner_id
             LEFT JOIN res_country country ON country.id = p.country_id
             LEFT JOIN res_country_state state ON state.id = p.state_id
                 WHERE a.company_id = %(company)s AND p.active AND %(where)s
              ORDER BY a.revenue_12m DESC NULLS LAST, a.id LIMIT %(limit)s
                """,
                company=company.id,
                where=where or SQL("TRUE"),
                limit=limit,
            )
        )
        names = (
            *("id", "lat", "lon", "street", "zip", "city", "state", "state_name"),
            *("country", "country_name", *COLUMNS, "hash"),
        )
        columns = zip(*rows, strict=True) if rows else ((),) * len(names)
        return {n: list(column) for n, column in zip(names, columns, strict=True)}

    @api.model
    def _place_address(self, data, row):
        """The address in a row of ``_place_columns``."""
        return Address(
            street=data["street"][row] or "",
            zip=data["zip"][row] or "",
            city=data["city"][row] or "",
            state=data["state_name"][row] or "",
            country=data["country"][row] or "",
            country_name=data["country_name"][row] or "",
        )

    @api.model
    def _write_places(self, ids, columns):
        """Write places in bulk; ``columns`` named without their prefix.

        Stored copies on the accounts, of whichever company, follow at the next flush.
        """
        if not len(ids):
            return
        names = {
            name: name if name.startswith("partner_") else PREFIX + name
            for name in columns
        }
        names["date_localization"] = "date_localization"
        partners = self.env["res.partner"].browse(np.asarray(ids).tolist())
        _bulk.update(
            partners.browse(),
            partners.ids,
            {names[name]: values for name, values in columns.items()},
        )
        partners.modified([names[name] for name in columns])

    # ----------------------------------------------------------------- checking
    @api.model
    def _check_places(self, company):
        """Judge the places of a company's accounts; only those that differ are written.

        :return: how many there are of each status
        """
        data = self._place_columns(company)
        if not data["id"]:
            return {}
        fingerprints = [
            places.fingerprint(*parts)
            for parts in zip(
                *(data[n] for n in ("street", "zip", "city", "state", "country")),
                strict=True,
            )
        ]
        wrong = self._place_problems(data)
        judged = [
            self._judge(data, row, wrong[row], fingerprints[row])
            for row in range(len(data["id"]))
        ]
        before = list(zip(*(data[n] for n in (*COLUMNS, "hash")), strict=True))
        rows = [row for row, new in enumerate(judged) if new != before[row]]
        if rows:
            new = zip(*(judged[row] for row in rows), strict=True)
            self._write_places(
                [data["id"][row] for row in rows],
                dict(zip((*COLUMNS, "hash"), map(list, new), strict=True)),
            )
        names, counts = np.unique(
            [status for _p, status, *_r in judged], return_counts=True
        )
        return dict(zip(names.tolist(), counts.tolist(), strict=True))

    @api.model
    def _place_problems(self, data):
        """What the coordinates give away: ``engine.places`` and, beyond, strays."""
        lat, lon = np.array(data["lat"]), np.array(data["lon"])
        areas = _countries.areas()
        wrong = places.problems(lat, lon, data["country"], areas)
        group = self._place_groups(data, ("country", "zip"))
        group[wrong != ""] = -1
        wrong[places.strays(lat, lon, group)] = "far"
        return wrong

    @api.model
    def _place_groups(self, data, names):
        """Number the accounts by equal values; -1 where one of them is empty."""
        keys = [
            tuple(places.normal(value) for value in values)
            for values in zip(*(data[name] for name in names), strict=True)
        ]
        numbers = {}
        return np.array(
            [numbers.setdefault(k, len(numbers)) if all(k) else -1 for k in keys],
            dtype=int,
        )

    @api.model
    def _judge(self, data, row, wrong, fingerprint):
        """Precision, status, reason and address hash that an account should have."""
        precision, status, reason, known = (
            data[name][row] for name in (*COLUMNS, "hash")
        )
        if wrong == "none":
            kept = status == "failed" or reason in ("abroad", "retry")
            if not kept or (known or fingerprint) != fingerprint:
                status, reason = "never", self._unaskable(data, row) or "no_place"
            return None, status, reason, known
        precision = precision or "given"
        known = known or fingerprint
        if status == "stale" or known != fingerprint:
            reason = reason if status == "stale" and reason else "address"
            return precision, "stale", reason, known
        if precision == "manual" and wrong != "impossible":
            return precision, "ok", None, known  # somebody has looked at it
        if wrong:
            return precision, "doubtful", wrong, known
        waits = status == "never" and reason == "centre"
        if (
            status in (None, "never")
            and not waits
            or reason in (*GEOMETRIC, "no_place")
        ):
            status, reason = "ok", None
        return precision, status, reason, known

    @api.model
    def _unaskable(self, data, row):
        """Why no service can be asked for an address, or None."""
        if not data["country"][row]:
            return "no_country"
        if not data["zip"][row] and not data["city"][row]:
            return "no_town"
        return None

    # ------------------------------------------------- without asking anybody
    @api.model
    def _place_centres(self, company):
        """Put accounts without a place in the middle of their postal code or town.

        The middle is that of the company's own accounts whose place is known well, or
        of the imported postal codes. The precision says so; the lookup goes on
        wanting a better one.

        :return: how many were placed
        """
        data = self._place_columns(company)
        if not data["id"]:
            return 0
        lat, lon = np.array(data["lat"]), np.array(data["lon"])
        lost = (lat == 0) & (lon == 0) | (np.abs(lat) > 90) | (np.abs(lon) > 180)
        sure = np.isin(np.array(data["precision"], dtype=str), CONFIDENT)
        given = np.array(data["precision"], dtype=str) == "given"
        fine = np.array(data["status"], dtype=str) == "ok"
        found = {}
        for precision, names in (
            ("postcode", ("country", "zip")),
            ("city", ("country", "city")),
        ):
            group = self._place_groups(data, names)
            known = np.where((sure | given) & fine & ~lost, group, -1)
            middles = places.centres(lat, lon, known)
            for row in np.flatnonzero(lost).tolist():
                if row not in found and group[row] in middles:
                    found[row] = (*middles[group[row]], precision, None)
            if precision == "postcode":
                self._place_postcodes(data, lost, found)
        self._write_centres(data, found)
        return len(found)

    @api.model
    def _place_postcodes(self, data, lost, found):
        """Fill in what the imported postal codes know."""
        rows = [r for r in np.flatnonzero(lost).tolist() if r not in found]
        known = self.env["territory.postcode"]._lookup(
            [(data["country"][r], data["zip"][r]) for r in rows]
        )
        for row in rows:
            key = (data["country"][row] or "", places.normal(data["zip"][row]))
            if key in known:
                found[row] = (*known[key], "postcode", "list")

    @api.model
    def _write_centres(self, data, found):
        rows = sorted(found)
        if not rows:
            return
        own = self.env._("Middle of own accounts")
        imported = self.env._("Imported postal codes")
        failed = [
            data["status"][row] == "failed" or data["reason"][row] == "abroad"
            for row in rows
        ]
        self._write_places(
            [data["id"][row] for row in rows],
            {
                "partner_latitude": [round(found[row][0], 7) for row in rows],
                "partner_longitude": [round(found[row][1], 7) for row in rows],
                "precision": [found[row][2] for row in rows],
                "source": [imported if found[row][3] else own for row in rows],
                "label": [None] * len(rows),
                "date": [fields.Datetime.now()] * len(rows),
                "status": ["doubtful" if f else "never" for f in failed],
                "reason": ["centre"] * len(rows),
                "hash": [
                    places.fingerprint(
                        *(
                            data[n][row]
                            for n in ("street", "zip", "city", "state", "country")
                        )
                    )
                    for row in rows
                ],
            },
        )
