import numpy as np
import shapely

from odoo import api, models
from odoo.tools import SQL

from ..engine import geo, regions

SHOWN = 200


class TerritoryRegion(models.Model):
    """Where drawn regions lie on each other or leave something out between them."""

    _inherit = "territory.region"

    @api.model
    @api.readonly
    def get_problems(self):
        """Overlaps and gaps of the company's drawn regions of today.

        A region and its parts lie on each other by nature and are no overlap.

        :return: dict of ``overlaps`` and ``gaps``, the largest first, each with
            ``geometry``, ``km2``, ``accounts`` and for overlaps ``regions`` (ids),
            ``winner`` and ``sentence``; ``drawn``, how many regions were looked at;
            ``more``, how many are left out of the answer
        """
        self.browse().check_access("read")
        in_force = self._in_force(self.env.company)
        drawn, areas = in_force._drawn_by_precedence()
        found = [
            (drawn[i], drawn[j], geometry, size)
            for i, j, geometry, size in regions.overlaps(areas)
            if not drawn[i]._is_related(drawn[j])
        ]
        missing = regions.gaps(areas)
        more = max(len(found) - SHOWN, 0) + max(len(missing) - SHOWN, 0)
        found, missing = found[:SHOWN], missing[:SHOWN]
        counts = self._accounts_within(
            [row[2] for row in found] + [row[0] for row in missing]
        )
        return {
            "overlaps": [
                {
                    "geometry": shapely.geometry.mapping(geometry),
                    "km2": size,
                    "accounts": counts[number],
                    "regions": [winner.id, other.id],
                    "winner": winner.id,
                    "sentence": self._winner_sentence(winner, other),
                }
                for number, (winner, other, geometry, size) in enumerate(found)
            ],
            "gaps": [
                {
                    "geometry": shapely.geometry.mapping(geometry),
                    "km2": size,
                    "accounts": counts[len(found) + number],
                }
                for number, (geometry, size) in enumerate(missing)
            ],
            "drawn": len(drawn),
            "more": more,
        }

    def _winner_sentence(self, winner, other):
        if winner._depth() > other._depth():
            return self.env._(
                "Accounts here belong to “%(winner)s”: it is deeper in the hierarchy "
                "than “%(other)s”.",
                winner=winner.name,
                other=other.name,
            )
        return self.env._(
            "Accounts here belong to “%(winner)s”: it is smaller than “%(other)s”.",
            winner=winner.name,
            other=other.name,
        )

    def _accounts_within(self, areas):
        """How many accounts the user may see lie in each area."""
        if not areas:
            return []
        accounts = self.env["territory.account"]
        query = accounts._search(
            [
                ("company_id", "=", self.env.company.id),
                ("location_quality", "=", "given"),
            ]
        )
        rows = self.env.execute_query(
            query.select(
                SQL.identifier(accounts._table, "latitude"),
                SQL.identifier(accounts._table, "longitude"),
            )
        )
        lat, lon = np.array(rows, dtype=float).reshape(-1, 2).T
        return [int(np.sum(geo.locate(lat, lon, [area]) == 0)) for area in areas]
