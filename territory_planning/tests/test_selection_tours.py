from odoo.tests import tagged

from .test_map_tours import MapTourCase


class SelectionTourCase(MapTourCase):
    """The accounts of the tours, all three in sight of a loop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.env["territory.account"].search(
            [("user_id", "=", cls.rep.id)]
        )


@tagged("post_install", "-at_install")
class TestSelectionTour(SelectionTourCase):
    def test_desk(self):
        # A leader sees everybody's: only the rep's are on this map.
        self.env["res.partner"].search(
            [("user_id", "=", self.other_rep.id)]
        ).active = False
        self.start_tour(
            "/odoo/territory-map", "territory_selection_desk", login="leader"
        )
        self.assertEqual(set(self.accounts.user_id), {self.rep}, "undone")
        assignment = self.env["territory.assignment"].search([])
        self.assertEqual((assignment.state, assignment.kept_count), ("undone", 0))
        trip = self.env["territory.trip"].search([])
        self.assertEqual((trip.name, trip.user_id), ("Monday", self.leader))
        self.assertGreaterEqual(trip.stop_count, 2)


@tagged("post_install", "-at_install")
class TestSelectionTourPhone(SelectionTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_phone(self):
        self.start_tour("/odoo/territory-map", "territory_selection_phone", login="rep")
        trip = self.env["territory.trip"].search([])
        self.assertEqual((trip.name, trip.user_id), ("Monday", self.rep))
