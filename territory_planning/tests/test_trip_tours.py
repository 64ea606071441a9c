from odoo.tests import HttpCase, tagged

from .trip_case import TripCase


class TripTourCase(TripCase, HttpCase):
    """The Route icon, from the question to the accepted trip."""

    def _check(self):
        trip = self.env["territory.trip"].search([])
        self.assertEqual(
            (len(trip), trip.state, trip.user_id), (1, "planned", self.rep)
        )
        self.assertIn("Kunde 05", trip.stop_ids.partner_id.mapped("name"))
        self.assertEqual(trip.stop_ids.mapped("locked").count(True), 1)
        self.assertTrue(all(trip.stop_ids.mapped("arrival")))


@tagged("post_install", "-at_install")
class TestTripTour(TripTourCase):
    def test_desk(self):
        self.start_tour("/odoo/territory-map", "territory_route_desk", login="rep")
        self._check()


@tagged("post_install", "-at_install")
class TestTripTourPhone(TripTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_phone(self):
        self.start_tour("/odoo/territory-map", "territory_route_phone", login="rep")
        self._check()
