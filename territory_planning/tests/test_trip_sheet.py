from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_trip_calendar import TripCalendarCase


class TripSheetCase(TripCalendarCase):
    def _today(self, user=None, day=None):
        trips = self._as(user or self.rep, "territory.trip")
        return trips.get_territory_today(day or str(self.date))

    def _names(self, sheet):
        return [stop["name"] for stop in sheet["stops"]]


@tagged("post_install", "-at_install")
class TestTripSheet(TripSheetCase):
    """A rep's day in one answer: one's own, of that day, in the order of its times."""

    def test_a_draft_is_only_named(self):
        sheet = self._today()
        self.assertEqual(sheet["stops"], [])
        self.assertEqual(sheet["drafts"], [{"id": self.trip.id, "name": "South"}])
        self.trip.action_plan()
        self.assertEqual(self._names(self._today()), ["Alpha", "Beta"])
        self.assertFalse(self._today()["drafts"])

    def test_only_ones_own(self):
        self.trip.action_plan()
        for user in (self.other_rep, self.leader, self.stranger):
            sheet = self._today(user)
            self.assertEqual((sheet["stops"], sheet["trips"]), ([], []))
        with self.assertRaises(AccessError):
            self._today(self._user("clerk", "base.group_user"))

    def test_the_order_is_that_of_the_times(self):
        self.trip.action_plan()
        self.first.write({"arrival": self._at(14), "departure": self._at(15)})
        loose = self.trip._add_accounts(self.delta)
        self.assertEqual(self._names(self._today()), ["Beta", "Alpha", "Delta"])
        self.assertFalse(self._today()["stops"][-1]["arrival"])
        loose.unlink()

    def test_moved_to_a_day_without_the_trip(self):
        self.trip.action_plan()
        tomorrow = self.date + timedelta(days=1)
        self.first.event_id.write(
            {"start": self._at(8, tomorrow), "stop": self._at(9, tomorrow)}
        )
        self.assertEqual(self._names(self._today()), ["Beta"])
        sheet = self._today(day=str(tomorrow))
        self.assertEqual(self._names(sheet), ["Alpha"])
        self.assertEqual(sheet["trips"][0]["name"], "South")

    def test_days_are_those_of_the_trips_zone(self):
        """Half past eleven at night in Berlin is not yet the next day."""
        self.trip.action_plan()
        noon = fields.Datetime.context_timestamp(
            self.trip.with_context(tz="Europe/Berlin"), self._at(12)
        )
        hours = 23.5 - (noon.hour - 12)
        self.first.write({"arrival": self._at(hours), "departure": self._at(24)})
        self.assertIn("Alpha", self._names(self._today()))
        self.first.write({"arrival": self._at(hours + 1), "departure": self._at(25)})
        self.assertNotIn("Alpha", self._names(self._today()))
        tomorrow = str(self.date + timedelta(days=1))
        self.assertIn("Alpha", self._names(self._today(day=tomorrow)))

    def test_a_stop_has_what_a_phone_needs(self):
        self.trip.action_plan()
        self.first.partner_id.phone = "+49 89 1234"
        stop = self._today()["stops"][0]
        self.assertEqual(stop["arrival"], self._at(8).isoformat() + "Z")
        self.assertEqual(stop["phone"], "+49 89 1234")
        self.assertEqual((stop["latitude"], stop["longitude"]), (48.1372, 11.5755))
        self.assertIn("80331", stop["address"])
        self.assertEqual(stop["drive_minutes"], 90.0)
        self.assertEqual(
            stop["last_visit"], fields.Date.to_string(self.alpha.last_visit_date)
        )

    def test_other_meetings_of_the_day(self):
        self.trip.action_plan()
        self.env["calendar.event"].create(
            {
                "name": "Sales meeting",
                "start": self._at(6),
                "stop": self._at(7),
                "user_id": self.rep.id,
                "partner_ids": [(6, 0, self.rep.partner_id.ids)],
            }
        )
        names = [meeting["name"] for meeting in self._today()["meetings"]]
        self.assertEqual(names, ["Sales meeting"], "visits are not told twice")

    def test_days_that_are_none(self):
        for day in ("2026-02-30", "x", 7, "9999-01-01", [1]):
            with self.assertRaises(UserError):
                self._today(day=day)

    def test_number_of_queries(self):
        """More stops do not ask more."""
        self.trip.action_plan()
        self._today()
        self.env.flush_all()
        counts = []
        for _turn in range(2):
            self.env.invalidate_all()
            count = self.cr.sql_log_count
            self._today()
            counts.append(self.cr.sql_log_count - count)
            for stop in self.trip._add_accounts(self.delta):
                stop.write({"arrival": self._at(15), "departure": self._at(16)})
            self.env.flush_all()
        self.assertLessEqual(counts[1], counts[0] + 2)
        self.assertLessEqual(counts[1], 60)


@tagged("post_install", "-at_install")
class TestRunningLate(TripSheetCase):
    """Late: what is left of the day is planned anew, and what no longer fits says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day.write(
            {
                "time_from": cls._at(6),
                "time_to": cls._at(16),
                "start_name": "Home",
                "start_latitude": 48.2,
                "start_longitude": 11.6,
                "end_name": "Home",
                "end_latitude": 48.2,
                "end_longitude": 11.6,
            }
        )
        cls.trip.write(
            {
                "start_latitude": 48.2,
                "start_longitude": 11.6,
                "lunch_minutes": 0,
                "hour_to": 20.0,
            }
        )
        for stop in cls.trip.stop_ids:
            stop.write(
                {
                    "latitude": stop.partner_id.partner_latitude,
                    "longitude": stop.partner_id.partner_longitude,
                    "service_hours": 1.0,
                }
            )
        cls.trip.action_plan()

    def _late(self, hour, minutes=0):
        with freeze_time(self._at(hour)):
            return self.trip.with_user(self.rep).running_late(minutes)

    def test_the_rest_moves_and_its_meetings_with_it(self):
        answer = self._late(9)
        self.assertEqual(answer["dropped"], [])
        self.assertEqual(len(answer["sheet"]["stops"]), 2)
        for stop in self.trip.stop_ids:
            self.assertGreaterEqual(stop.arrival, self._at(9))
            self.assertEqual(stop.event_id.start, stop.arrival)
        self.assertIn("new times", answer["late"])

    def test_what_no_longer_fits_says_why_and_leaves_the_calendar(self):
        answer = self._late(13, minutes=30)
        self.assertTrue(answer["dropped"])
        for one in answer["dropped"]:
            self.assertTrue(one["reason"])
        gone = self.trip.stop_ids.filtered(lambda stop: not stop.arrival)
        self.assertEqual(
            gone.partner_id.mapped("name"), [one["name"] for one in answer["dropped"]]
        )
        self.assertFalse(any(gone.event_id.mapped("active")))
        self.assertEqual(len(answer["sheet"]["stops"]), 2, "still to be decided on")

    def test_visited_stops_stay(self):
        self.first.write({"state": "done", "check_in": self._at(8)})
        self._late(11)
        self.assertEqual(self.first.arrival, self._at(8))
        self.assertGreaterEqual(self.second.arrival, self._at(11))

    def test_nobody_is_late_before_the_day_begins(self):
        self._late(2)
        for stop in self.trip.stop_ids:
            self.assertGreaterEqual(stop.arrival, self.day.time_from)

    def test_not_by_others_and_not_when_over(self):
        with self.assertRaises(AccessError):
            self.trip.with_user(self.other_rep).running_late()
        for minutes in (-1, 10_000, "x", None, float("nan")):
            with self.assertRaises(UserError):
                self._late(9, minutes)
        self.trip.action_done()
        with self.assertRaisesRegex(UserError, "is over"):
            self._late(9)
