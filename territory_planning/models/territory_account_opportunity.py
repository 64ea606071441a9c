import math

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .territory_account_selection import MOST

#: Opportunities listed at most, those of most worth; how many there are is told.
LISTED = 100


class TerritoryAccount(models.Model):
    """Prospects, lapsed customers and open leads in a part of the map, by their worth.

    The worth of an account is the larger of two: what customers like it buy more than it
    does, and what its open leads are expected to bring. They are not added up, since a
    lead is how a gap is closed.
    """

    _inherit = "territory.account"

    @api.model
    @api.readonly
    def get_territory_opportunities(self, area, domain=None):
        """Answer with the opportunities of an area, under the user's own rights.

        :param area: ``{"box": [west, south, east, north]}`` in degrees, or
            ``{"region": id}``
        :param domain: accounts only of those a search of this model finds
        :return: ``rows`` by worth, most first, at most ``LISTED``; ``accounts`` and
            ``leads``, how many there are; ``placeless``, how many leads are nowhere
            on the map; ``more``, whether there are leads beyond those looked at
        """
        where, box = self._opportunity_area(area)
        region = None if box else area["region"]
        leads = self.env["crm.lead"]._territory_opportunities(box, region)
        found = where & Domain(domain or []) & self._opportunity_domain()
        accounts, total = self._opportunity_rows(found)
        rows = sorted(
            accounts + leads["rows"], key=lambda row: (-row["worth"], row["name"] or "")
        )
        return {
            "rows": rows[:LISTED],
            "accounts": total,
            "leads": len(leads["rows"]),
            "placeless": leads["placeless"],
            "more": leads["more"],
        }

    @api.model
    @api.readonly
    def get_territory_opportunity_ids(self, area, domain=None):
        """Ids of all accounts among the opportunities of an area, to select them."""
        where, _box = self._opportunity_area(area)
        found = where & Domain(domain or []) & self._opportunity_domain()
        return self.search(found, order="id", limit=MOST).ids

    @api.model
    def _opportunity_area(self, area):
        """A domain of accounts and a box, from what a browser asks for.

        :raises UserError: it is neither a box on the earth nor a region one may see
        """
        area = area if isinstance(area, dict) else {}
        region, box = area.get("region"), area.get("box")
        if type(region) is int and 0 < region < 2**31:
            found = self.env["territory.region"].search([("id", "=", region)])
            if found:
                return Domain("region_id", "=", found.id), None
        elif is_box(box):
            west, south, east, north = box
            inside = (
                Domain("location_quality", "=", "given")
                & Domain("latitude", ">=", south)
                & Domain("latitude", "<=", north)
            )
            if east - west >= 360:
                return inside, (-180.0, south, 180.0, north)
            # a map that was moved around the globe counts on; bring it back
            turn = 360 * math.floor((west + 180) / 360)
            west, east = west - turn, east - turn
            sides = Domain("longitude", ">=", west) & Domain("longitude", "<=", east)
            if east > 180:
                sides |= Domain("longitude", "<=", east - 360)
            return inside & sides, (west, south, east, north)
        raise UserError(
            self.env._(
                "The part of the map to look at must be a box in degrees (west, south, "
                "east, north) or one of your regions. Move the map and try again."
            )
        )

    @api.model
    def _opportunity_domain(self):
        return Domain("segment", "in", ["prospect", "lapsed"]) | Domain(
            "open_leads", ">", 0
        )

    @api.model
    def _opportunity_query(self, domain):
        """A query of accounts and what each is worth."""
        query = self._search(domain)
        gap, pipeline = (
            SQL("COALESCE(%s, 0)", self._field_to_sql(self._table, name, query))
            for name in ("potential_gap", "pipeline")
        )
        return query, SQL("GREATEST(%s, %s)::float8", gap, pipeline)

    @api.model
    def _opportunity_rows(self, domain):
        query, worth = self._opportunity_query(domain)
        table = self._table
        total = len(query)
        query.order = SQL("%s DESC, %s", worth, SQL.identifier(table, "id"))
        query.limit = LISTED
        found = dict(
            self.env.execute_query(query.select(SQL.identifier(table, "id"), worth))
        )
        accounts = self.browse(found)
        names = [
            "name",
            "city",
            "latitude",
            "longitude",
            "segment",
            "open_leads",
            "pipeline",
            "last_visit_date",
            "next_visit_date",
            "potential_gap",
        ]
        # by the list, whatever the search of the map hides (archived ones)
        rows = accounts.with_context(active_test=False).read(names, load=None)
        segments = dict(self._fields["segment"]._description_selection(self.env))
        partners = accounts.partner_id._filtered_access("read")
        return [
            {
                "kind": "account",
                "id": row["id"],
                "name": row["name"],
                "city": row["city"],
                "lat": row["latitude"],
                "lon": row["longitude"],
                "rough": False,
                "worth": found[row["id"]],
                "gap": row["potential_gap"],
                "expected": row["pipeline"],
                "open_leads": row["open_leads"],
                "last_visit_date": row["last_visit_date"],
                "next_visit_date": row["next_visit_date"],
                "segment": segments.get(row["segment"], False),
                "currency_id": account.currency_id.id,
                "company_id": account.company_id.id,
                "partner": account.partner_id in partners
                and {
                    "id": account.partner_id.id,
                    "address": account.partner_id.contact_address_inline,
                },
            }
            for row, account in zip(rows, accounts, strict=True)
        ], total


def is_box(box):
    """Whether this is four numbers: west, south, east, north of a part of the earth."""
    if not isinstance(box, list) or len(box) != 4:
        return False
    if not all(type(side) in (int, float) and math.isfinite(side) for side in box):
        return False
    west, south, east, north = box
    return west <= east and -90 <= south <= north <= 90 and abs(west) < 1e6
