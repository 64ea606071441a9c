from odoo.tests import HttpCase, tagged

from .common import TerritoryCase
from .fake_geocoder import fake_geocoder


class PlacesTourCase(TerritoryCase, HttpCase):
    """Three places to check: one abroad, one swapped, one that is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        provider = cls.env["base.geo_provider"].search(
            [("tech_name", "=", "nominatim")]
        )
        parameters = cls.env["ir.config_parameter"].sudo()
        parameters.set_param("base_geolocalize.geo_provider", provider.id)
        parameters.set_param("territory_planning.geocode_interval", "0")
        cls.fake = cls.enterClassContext(fake_geocoder())
        parameters.set_param("territory_planning.geocode_url.nominatim", cls.fake.url)
        cls.abroad = cls._customer(
            "Abroad <img src=x onerror=console.error(1)>",
            partner_latitude=40.4,
            partner_longitude=-3.7,
        )
        cls.swapped = cls._customer(
            "Swapped", partner_latitude=11.5755, partner_longitude=48.1372
        )
        cls.lost = cls._customer("Lost", partner_latitude=0, partner_longitude=0)
        cls._order(cls.abroad, cls._day(1), 9000.0)
        cls._order(cls.swapped, cls._day(1), 5000.0)
        cls._refresh()
        cls.env["territory.account"]._check_places(cls.company)


@tagged("post_install", "-at_install")
class TestPlacesTour(PlacesTourCase):
    def test_desk(self):
        self.start_tour("/odoo", "territory_places_desk", login="rep")
        self.assertEqual(
            (self.abroad | self.swapped).mapped("territory_place_precision"),
            ["manual", "manual"],
        )
        self.assertNotEqual(self.abroad.partner_longitude, -3.7)
        self.assertAlmostEqual(self.swapped.partner_latitude, 48.1372, 3)
        self.assertEqual(self.lost.territory_place_status, "ok")
        self.assertAlmostEqual(self.lost.partner_latitude, 48.1372, 3)


@tagged("post_install", "-at_install")
class TestPlacesTourPhone(PlacesTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_phone(self):
        self.start_tour("/odoo/territory-places", "territory_places_phone", login="rep")
        self.assertAlmostEqual(self.swapped.partner_latitude, 48.1372, 3)
