from odoo.tests import tagged

from ..engine.geo import distance_km
from .common import GERMAN_TOWNS, TerritoryCase

TOWNS = [place[1:] for place in GERMAN_TOWNS.values()]


@tagged("post_install", "-at_install")
class TestTravel(TerritoryCase):
    """Driving times without a road engine."""

    def test_straight_lines_at_the_company_s_speed(self):
        self.company.territory_average_speed = 100.0
        found = self.env["territory.travel"]._matrix(self.company, TOWNS)
        km = distance_km(*TOWNS[0], *TOWNS[1]) * 1.3
        self.assertAlmostEqual(found.distance_km[0, 1], km)
        self.assertAlmostEqual(found.duration_s[0, 1], km * 36)
        self.assertIn("100 km/h", found.source)
        self.assertIsNone(found.fallback)
