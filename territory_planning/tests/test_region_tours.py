from odoo.tests import tagged

from .test_map_tours import MapTourCase


class RegionTourCase(MapTourCase):
    """Three accounts on the map, of one rep."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["territory.account"].sudo()
        accounts.search([("partner_id.name", "=", "Of another rep")]).unlink()

    def _check_drawn(self, names):
        """What was drawn has the accounts that were counted while drawing."""
        runs = self.env["territory.run"].search(
            [("state", "=", "waiting"), ("company_id", "=", self.company.id)]
        )
        runs._finish_now()
        region = self.env["territory.region"].search([("name", "like", "Drawn")])
        self.assertEqual(region.kind, "area")
        self.assertEqual(set(region.account_ids.mapped("name")), names)


@tagged("post_install", "-at_install")
class TestRegionTour(RegionTourCase):
    def test_desk(self):
        self.start_tour("/odoo/territory-map", "territory_regions_desk", login="leader")
        self._check_drawn({"Gamma"})


@tagged("post_install", "-at_install")
class TestRegionTourPhone(RegionTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_phone(self):
        self.start_tour(
            "/odoo/territory-map", "territory_regions_phone", login="leader"
        )
        # It would have them as well, being drawn and smaller.
        self.env["territory.region"].search([("name", "=", "Bavaria")]).unlink()
        self._check_drawn({"Alpha <img src=x onerror=console.error(1)>", "Beta"})
