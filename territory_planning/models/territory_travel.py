from dataclasses import replace

from odoo import api, models

from ..engine import travel


class TerritoryTravel(models.AbstractModel):
    """Driving times between places, from what the company has set up."""

    _name = "territory.travel"
    _description = "Travel Times"

    @api.model
    @api.private
    def _matrix(self, company, points):
        """Times and distances between all places, in one call.

        :param company: whose speed and circuity count where no road engine answers
        :param points: ``(m, 2)`` degrees, latitude and longitude
        :rtype: engine.travel.Matrix
        """
        estimate = self._beeline(company)
        found = travel.matrix(points, estimate)
        return replace(found, source=self._beeline_text(estimate))

    @api.model
    def _beeline(self, company):
        """How the company estimates drives from straight lines."""
        return travel.Beeline(speed_kmh=company.territory_average_speed)

    @api.model
    def _beeline_text(self, estimate):
        return self.env._(
            "straight lines × %(circuity)s at %(speed)s km/h",
            circuity=round(estimate.circuity, 2),
            speed=round(estimate.speed_kmh),
        )
