import numpy as np

from odoo import api, fields, models

from ..engine import regions
from .territory_region_figures import LEADERS

ADDED = {
    "whole_accounts": "figure_accounts",
    "whole_hours": "figure_hours",
    "whole_revenue": "figure_revenue",
}


class TerritoryRegion(models.Model):
    """Regions with their parts: an account is in one region and counts for all above it.

    What is stored of a region leaves its parts out, so that totals of lists and pivots
    count each account once; what includes them is worked out when it is looked at.
    """

    _inherit = "territory.region"

    whole_accounts = fields.Integer(
        string="Accounts, Parts Included",
        compute="_compute_whole",
        groups=LEADERS,
        help="With those of its parts; not added up below the list, where they would "
        "count twice.",
    )
    whole_hours = fields.Float(
        string="Workload, Parts Included",
        compute="_compute_whole",
        groups=LEADERS,
        help="Hours a month, with those of its parts.",
    )
    whole_revenue = fields.Monetary(
        string="Revenue, Parts Included", compute="_compute_whole", groups=LEADERS
    )

    @api.depends(*ADDED.values(), "parent_path", "child_ids.parent_path")
    def _compute_whole(self):
        known = self.filtered("id")
        below = self.search([("id", "child_of", known.ids)]) if known else known
        below |= known
        rows = below._rows_of_parents()
        totals = {
            name: dict(
                zip(
                    below.ids,
                    regions.roll_up(rows, below.mapped(field)).tolist(),
                    strict=True,
                )
            )
            for name, field in ADDED.items()
        }
        for region in self:
            for name in ADDED:
                value = totals[name].get(region.id, 0)
                region[name] = round(value) if name == "whole_accounts" else value

    def _rows_of_parents(self):
        """Of which of these regions each of them is part, as its row; -1: of none.

        A region in between that is not among these is skipped, so that what is below it
        counts for what is above it.
        """
        row_of = {region.id: row for row, region in enumerate(self)}
        parents = np.full(len(self), -1)
        for row, region in enumerate(self):
            for above in reversed((region.parent_path or "").split("/")[:-2]):
                if int(above) in row_of:
                    parents[row] = row_of[int(above)]
                    break
        return parents

    def _figures_with_parts(self, figures):
        """The figures of these regions, each with those of its parts.

        :param figures: of ``_figures``, each without its parts
        :return: name -> array ``(n,)``; and how many parts each has
        """
        parents = self._rows_of_parents()
        whole = {
            name: regions.roll_up(
                parents,
                values,
                figures["capacity"] if name == "shadow_price" else None,
            )
            for name, values in figures.items()
        }
        parts = regions.roll_up(parents, np.ones(len(self))) - 1
        return whole, parts.astype(int)
