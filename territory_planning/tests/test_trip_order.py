import time
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .trip_case import MONDAY, TripCase


@tagged("post_install", "-at_install")
class TestTripOrder(TripCase):
    """A person changes a trip; times and value follow, and what is wrong is told."""

    def setUp(self):
        super().setUp()
        self.trip, self.told = self._planned()
        self.trip = self.trip.with_user(self.rep)
        self.order = [[stop["id"] for stop in self.told["days"][0]["stops"]]]

    def test_the_order_as_it_is_changes_nothing(self):
        told = self.trip.retime(self.order)
        self.assertEqual(told["troubles"], [])
        for name in ("expected_value", "distance_km", "drive_hours", "left_out"):
            if name != "left_out":
                self.assertAlmostEqual(told[name], self.told[name], places=2)
        before, after = self.told["days"][0], told["days"][0]
        for one, other in zip(before["stops"], after["stops"], strict=True):
            self.assertEqual(one["arrival"], other["arrival"])

    def test_another_order_takes_longer(self):
        stops = self.order[0]
        mixed = [stops[0], *stops[:0:-1]]
        mixed = mixed[::2] + mixed[1::2]
        told = self.trip.retime([mixed])
        self.assertEqual([s["id"] for s in told["days"][0]["stops"]], mixed)
        self.assertGreaterEqual(told["drive_hours"], self.told["drive_hours"] - 1e-6)
        self.assertAlmostEqual(
            told["expected_value"], self.told["expected_value"], places=2
        )

    def test_taken_out(self):
        gone = self.told["days"][0]["stops"][0]
        told = self.trip.retime([self.order[0][1:]])
        self.assertAlmostEqual(
            told["expected_value"],
            self.told["expected_value"] - gone["value"],
            places=1,
        )
        self.assertEqual(told["left_out"][0]["name"], gone["name"])
        self.assertEqual(told["left_out"][0]["reason"], "Taken out by hand.")

    def test_added_where_it_costs_least(self):
        left = self.told["left_out"][0]
        told = self.trip.add_account(left["account"])
        names = [stop["name"] for stop in told["days"][0]["stops"]]
        self.assertIn(left["name"], names)
        self.assertEqual(len(names), len(self.order[0]) + 1)
        self.assertNotIn(left["name"], [row["name"] for row in told["left_out"]])
        self.assertTrue(told["troubles"], "there was no time left for it")
        self.assertRegex(told["troubles"][0], r"minutes after the day ends")
        with self.assertRaisesRegex(UserError, "on the trip already"):
            self.trip.add_account(left["account"])

    def test_a_locked_stop_stays_when_planned_anew(self):
        last = self.trip.stop_ids[-1]
        told = self.trip.set_stop_locked(last.id, True)
        self.assertTrue(told["days"][0]["stops"][-1]["locked"])
        _trip, _told = self._planned(trip=self.trip, priority="potential")
        self.assertIn(last, self.trip.stop_ids)
        self.assertEqual(last.day_id.date, MONDAY)

    def test_quick(self):
        self.trip.retime(self.order)
        began = time.process_time()
        for _turn in range(5):
            self.trip.retime([self.order[0][::-1]])
            self.env.flush_all()
        self.assertLess((time.process_time() - began) / 5, 0.1)

    def test_foreign_and_wrong_orders(self):
        for order, said in (
            ([[]] * 2, "2 days, the trip 1"),
            ([[10**9]], "no longer on trip"),
            ([[*self.order[0], self.order[0][0]]], "twice"),
            (["x"], "must be a list"),
        ):
            with self.subTest(said), self.assertRaisesRegex(UserError, said):
                self.trip.retime(order)
        with self.assertRaises(AccessError):
            self.trip.with_user(self.other_rep).retime(self.order)
        self.trip.sudo().state = "done"
        with self.assertRaisesRegex(UserError, "is over"):
            self.trip.retime(self.order)

    # --------------------------------------------------------------- running late
    def test_late_drops_what_no_longer_fits(self):
        stops = self.trip.stop_ids
        stops[0].state = "done"
        now = stops[0].departure + timedelta(hours=3)
        dropped = self.trip._replan_rest(now)
        self.assertTrue(dropped)
        self.assertNotIn(stops[0], dropped)
        rest = stops[1:] - dropped
        self.assertTrue(rest)
        for stop in rest:
            self.assertGreaterEqual(stop.arrival, now)
        self.assertLessEqual(
            self.trip.day_ids.time_to.hour, 16, "17:00 local is 16 UTC"
        )
        self.assertEqual(dropped.day_id.ids, [])
        self.assertIn("No longer fits", dropped[0].reason)
        self.assertAlmostEqual(
            self.trip.expected_value, sum((stops - dropped).mapped("value")), delta=0.1
        )

    def test_in_time_drops_nobody(self):
        stops = self.trip.stop_ids
        stops[0].state = "done"
        self.assertFalse(self.trip._replan_rest(stops[0].departure))
        self.assertEqual(len(self.trip.day_ids.stop_ids), len(stops))

    def test_far_too_late_one_drives_home(self):
        stops = self.trip.stop_ids
        stops[0].state = "done"
        dropped = self.trip._replan_rest(stops[0].departure + timedelta(hours=11))
        self.assertEqual(dropped, stops[1:])
        self.assertTrue(self.trip.day_ids.time_to)

    def test_an_appointment_comes_first(self):
        stops = self.trip.stop_ids
        stops[0].state = "done"
        now = stops[0].departure + timedelta(hours=5)
        least = stops[1:].sorted("value")[0]
        least.appointment = now + timedelta(hours=1)
        dropped = self.trip._replan_rest(now)
        self.assertNotIn(least, dropped)
        self.assertEqual(least.arrival, least.appointment)
