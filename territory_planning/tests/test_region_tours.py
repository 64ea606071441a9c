from odoo.tests import tagged

from .test_map_tours import MapTourCase


class RegionTourCase(MapTourCase):
    """Three accounts on the map, of whoever looks; the leader sees four."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["territory.account"].sudo()
        accounts.search([("partner_id.name", "=", "Of another rep")]).unlink()

    def _check_drawn(self):
        """What was drawn has the accounts that were counted while drawing."""
        runs = self.env["territory.run"].search(
            [("state", "=", "waiting"), ("company_id", "=", self.company.id)]
        )
        runs._finish_now()
        region = self.env["territory.region"].search([("name", "like", "Drawn")])
        self.assertEqual(region.kind, "area")
        bavaria = self.env["territory.region"].search([("name", "=", "Bavaria")])
        # Those inside are in it, but for those the smaller region has.
        inside = region.account_ids | bavaria.account_ids
        self.assertTrue(region.account_ids)
        self.assertGreaterEqual(len(inside), 2)


@tagged("post_install", "-at_install")
class TestRegionTour(RegionTourCase):
    def test_desk(self):
        self.start_tour("/odoo/territory-map", "territory_regions_desk", login="leader")
        self._check_drawn()


@tagged("post_install", "-at_install")
class TestRegionTourPhone(RegionTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_phone(self):
        self.start_tour(
            "/odoo/territory-map", "territory_regions_phone", login="leader"
        )
        self._check_drawn()
