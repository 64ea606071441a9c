import numpy as np

from odoo import api, models
from odoo.fields import Domain

from . import _towns
from ._region_rules import RegionRules

#: Leads without a customer whose places are worked out at once, those of most worth.
MOST = 2000


class CrmLead(models.Model):
    """Leads of companies that are no contacts yet, placed by their address."""

    _inherit = "crm.lead"

    @api.model
    def _territory_opportunities(self, box, region):
        """Open leads without a customer in a part of the map, under the user's rights.

        A lead has no coordinates: it is put where its postal code or town is.

        :param box: (west, south, east, north), or None for a region
        :param region: id of a region the user may see
        :return: ``rows``; ``placeless``, how many have no place; ``more``, whether
            there are leads beyond those looked at
        """
        nothing = {"rows": [], "placeless": 0, "more": False}
        if not self.has_access("read"):
            return nothing
        company = self.env.company
        leads = self.search(
            Domain("partner_id", "=", False)
            & Domain("stage_id.is_won", "=", False)
            & Domain("company_id", "in", [False, company.id]),
            order="expected_revenue desc, id",
            limit=MOST + 1,
        )
        more, leads = len(leads) > MOST, leads[:MOST]
        lat, lon, how = _towns.locate(
            company, [(lead.country_id.code, lead.zip, lead.city) for lead in leads]
        )
        inside = (
            self._territory_in_box(lat, lon, box)
            if box
            else leads._territory_in_region(lat, lon, region)
        )
        return {
            "rows": [
                lead._territory_opportunity(float(lat[row]), float(lon[row]), how[row])
                for row, lead in enumerate(leads)
                if inside[row]
            ],
            "placeless": how.count(False),
            "more": more,
        }

    @api.model
    def _territory_in_box(self, lat, lon, box):
        west, south, east, north = box
        turned = lon + 360 * (lon < west)
        return (lat >= south) & (lat <= north) & (turned <= east)

    def _territory_in_region(self, lat, lon, region):
        """Which of these leads a region takes in, by the rules that place accounts."""
        # sudo: where an address belongs is the same for everyone in the company
        regions = self.env["territory.region"].sudo()._in_force(self.env.company)
        country, state, zips = (
            np.array([value or None for value in values] + [None], dtype=object)[:-1]
            for values in (
                [lead.country_id.id or self.env.company.country_id.id for lead in self],
                [lead.state_id.id for lead in self],
                [lead.zip for lead in self],
            )
        )
        found = RegionRules(regions).find(country, state, zips)
        placed = ~np.isnan(lat)
        return (regions._prefer_drawn(found, lat, lon) == region) & placed

    def _territory_opportunity(self, lat, lon, how):
        self.ensure_one()
        chance = self.probability / 100
        return {
            "kind": "lead",
            "id": self.id,
            "name": self.partner_name or self.name,
            "title": self.name,
            "city": self.city,
            "lat": lat,
            "lon": lon,
            "rough": how,
            "worth": self.expected_revenue * chance,
            "gap": False,
            "expected": self.expected_revenue * chance,
            "open_leads": 1,
            "last_visit_date": False,
            "next_visit_date": False,
            "segment": False,
            "currency_id": self.company_currency.id,
            "company_id": self.company_id.id,
            "partner": False,
        }
