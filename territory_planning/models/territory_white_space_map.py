import numpy as np

from odoo import api, models

from ..engine.insight import white_places

#: Places listed by name; all squares are drawn.
LISTED = 40


class TerritoryWhiteSpace(models.Model):
    """What the Opportunities window shows of white space, in one call."""

    _inherit = "territory.white.space"

    @api.model
    @api.readonly
    def get_territory_white_space(self):
        """Answer with the current company's map, as far as the user may see it.

        Squares near each other where customers are missing are one place. Counts and
        money of a place are sums over the squares the user may see.

        :return: plain values; ``space`` is False while none was made. ``cells`` are
            columns: ``lat, lon, ratio, low, high, observed, expected, flag`` (−1 too
            few, 1 many, 0 neither); ``places`` rows, most customers missing first
        """
        company = self.env.company
        space = self.search([("company_id", "=", company.id)])
        if not space:
            return {"space": False, "cells": False, "places": []}
        cells = self.env["territory.white.cell"].search_fetch(
            [("space_id", "=", space.id)],
            [
                "town",
                "latitude",
                "longitude",
                "observed",
                "expected",
                "ratio",
                "ratio_low",
                "ratio_high",
                "flag",
                "region_id",
                "user_id",
            ],
            order="id",
        )
        (head,) = space.read(
            [
                "date",
                "status",
                "customers",
                "others",
                "rough",
                "placeless",
                "cell_km",
                "customer_value",
            ],
            load=None,
        )
        head["currency_id"] = company.currency_id.id
        head["company"] = company.display_name
        return {
            "space": head,
            "cells": {
                "lat": cells.mapped("latitude"),
                "lon": cells.mapped("longitude"),
                "ratio": cells.mapped("ratio"),
                "low": cells.mapped("ratio_low"),
                "high": cells.mapped("ratio_high"),
                "observed": cells.mapped("observed"),
                "expected": cells.mapped("expected"),
                "flag": [{"white": -1, "full": 1}.get(c.flag, 0) for c in cells],
            },
            "places": space._map_places(cells.filtered(lambda c: c.flag == "white")),
        }

    def _map_places(self, cells):
        """Squares near each other, joined: where it is and how much is missing there.

        A place where nothing may be missing, squares at the edge of a hole that others
        see, is none.
        """
        found = white_places.group(
            cells.mapped("latitude"),
            cells.mapped("longitude"),
            cells.mapped("observed"),
            cells.mapped("expected"),
            cell_km=self.cell_km,
        )
        rows = []
        for number in np.flatnonzero(found.missing_low > 0)[:LISTED].tolist():
            main = int(found.main[number])
            mine = cells.browse(
                cells[row].id for row in np.flatnonzero(found.number == number).tolist()
            )
            lat, lon = mine.mapped("latitude"), mine.mapped("longitude")
            rows.append(
                {
                    "id": cells[main].id,
                    "town": self._town(cells[main], mine),
                    "region": cells[main].region_id.display_name,
                    "rep": cells[main].user_id.display_name,
                    "lat": cells[main].latitude,
                    "lon": cells[main].longitude,
                    "box": [min(lon), min(lat), max(lon), max(lat)],
                    "cells": len(mine),
                    "observed": int(found.observed[number]),
                    "expected": round(float(found.expected[number]), 2),
                    "missing": round(float(found.missing[number]), 2),
                    "missing_low": round(float(found.missing_low[number]), 2),
                    "missing_high": round(float(found.missing_high[number]), 2),
                    "money": round(
                        float(found.missing[number]) * self.customer_value, 2
                    ),
                }
            )
        return rows

    def _town(self, main, cells):
        """The town of the square with most missing, else any of the place's."""
        return main.town or next((cell.town for cell in cells if cell.town), False)
