from odoo import api, models
from odoo.tools import SQL

from . import _client_values as client

#: places offered for what was typed
OFFERED = 8
ACCOUNTS = 5


class TerritoryTrip(models.Model):
    """Finds where a trip may start and end, without asking any service."""

    _inherit = "territory.trip"

    @api.model
    @api.readonly
    def find_trip_places(self, text):
        """Towns and accounts whose name begins with, or has, what was typed.

        Towns are those of the imported postal codes and of the accounts one may read.

        :return: a list of ``{"kind": "point", "name", "hint", "lat", "lon"}`` and
            ``{"kind": "account", "id", "name", "hint", "lat", "lon"}``
        """
        self.env["territory.account"].check_access("read")
        text = client.text(self.env, text, self.env._("Place"), 100)
        if len(text) < 2:
            return []
        towns = self._town_places(text)
        accounts = self.env["territory.account"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("location_quality", "=", "given"),
                ("name", "ilike", _literal(text)),
            ],
            limit=ACCOUNTS,
        )
        found = [
            {
                "kind": "account",
                "id": account.id,
                "name": account.name,
                "hint": account.city or "",
                "lat": account.latitude,
                "lon": account.longitude,
            }
            for account in accounts
        ]
        return [*towns, *found][: OFFERED + ACCOUNTS]

    @api.model
    def _town_places(self, text):
        """Middles of towns that begin with a text, those with most known of them first."""
        accounts = self.env["territory.account"]
        query = accounts._search(
            [
                ("company_id", "=", self.env.company.id),
                ("location_quality", "=", "given"),
                ("city", "=ilike", f"{_literal(text)}%"),
            ]
        )
        start = f"{_literal(text.lower())}%"
        own = query.select(
            SQL("territory_account.city"),
            SQL("territory_account.latitude::float8"),
            SQL("territory_account.longitude::float8"),
        )
        # postal codes are of places, not of people: anybody may know them
        rows = self.env.execute_query(
            SQL(
                """
                SELECT city, AVG(latitude), AVG(longitude), COUNT(*) FROM (
                    %s UNION ALL
                    SELECT city, latitude::float8, longitude::float8
                      FROM territory_postcode
                     WHERE LOWER(city) LIKE %s OR code LIKE %s
                ) places
                 WHERE city IS NOT NULL
              GROUP BY city ORDER BY COUNT(*) DESC, city LIMIT %s
                """,
                own,
                start,
                start,
                OFFERED,
            )
        )
        return [
            {"kind": "point", "name": city, "hint": "", "lat": lat, "lon": lon}
            for city, lat, lon, _count in rows
        ]


def _literal(text):
    """A text in which LIKE finds no pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
