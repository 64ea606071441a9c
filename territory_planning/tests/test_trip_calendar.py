from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from .test_selection import SelectionCase


class TripCalendarCase(SelectionCase):
    """A draft of next week with two stops at 9:00 and 11:30 in Berlin."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep.tz = "Europe/Berlin"
        cls.date = fields.Date.today() + timedelta(days=7)
        cls.trip = cls.env["territory.trip"].create(
            {
                "name": "South",
                "user_id": cls.rep.id,
                "company_id": cls.company.id,
                "tz": "Europe/Berlin",
                "date": cls.date,
            }
        )
        cls.day = cls.env["territory.trip.day"].create(
            {"trip_id": cls.trip.id, "date": cls.date}
        )
        cls.trip._add_accounts(cls.alpha | cls.beta)
        cls.first, cls.second = cls.trip.stop_ids
        for stop, hour in ((cls.first, 8.0), (cls.second, 10.5)):
            start = cls._at(hour)
            stop.write(
                {
                    "day_id": cls.day.id,
                    "arrival": start,
                    "departure": start + timedelta(hours=1),
                    "drive_minutes": 90.0,
                    "drive_km": 120.0,
                }
            )

    @classmethod
    def _at(cls, hour, date=None):
        midnight = datetime.combine(date or cls.date, datetime.min.time())
        return midnight + timedelta(hours=hour)

    def _meetings(self, active=True):
        return self.env["calendar.event"].search(
            [("territory_trip_id", "=", self.trip.id), ("active", "=", active)],
            order="start",
        )


@tagged("post_install", "-at_install")
class TestTripCalendar(TripCalendarCase):
    """A settled trip is in the calendar, and both say the same, whichever is moved."""

    def test_settled_stops_become_meetings(self):
        self.assertFalse(self._meetings(), "a draft is nobody's appointment")
        mails = self.env["mail.mail"].search_count([])
        self.trip.with_user(self.rep).action_plan()
        events = self._meetings()
        self.assertEqual(events, self.trip.stop_ids.event_id)
        self.assertEqual(events.mapped("start"), [self._at(8), self._at(10.5)])
        self.assertEqual(events.mapped("stop"), [self._at(9), self._at(11.5)])
        self.assertEqual(events.user_id, self.rep)
        self.assertEqual(events.partner_ids, self.rep.partner_id, "nobody is invited")
        self.assertEqual(events[0].res_model, "res.partner")
        self.assertEqual(events[0].res_id, self.first.partner_id.id)
        self.assertIn("München", events[0].location)
        self.assertIn("90 minutes", events[1].with_user(self.rep).territory_drive)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertFalse(events.activity_ids)
        self.assertGreaterEqual(
            events[1].start - events[0].stop,
            timedelta(minutes=self.second.drive_minutes),
            "the drive has its gap",
        )

    def test_settled_twice_is_settled_once(self):
        self.trip.action_plan()
        self.trip.action_plan()
        self.assertEqual(len(self._meetings()), 2)

    def test_a_moved_stop_moves_its_meeting(self):
        self.trip.action_plan()
        before = self.trip.calendar_revision
        event = self.first.event_id
        self.first.write({"arrival": self._at(14), "departure": self._at(15)})
        self.assertEqual((event.start, event.stop), (self._at(14), self._at(15)))
        self.assertGreater(self.trip.calendar_revision, before)
        self.assertEqual(len(self._meetings()), 2)

    def test_a_moved_meeting_moves_its_stop(self):
        self.trip.action_plan()
        event = self.first.event_id.with_user(self.rep)
        event.write({"start": self._at(13), "stop": self._at(14.5)})
        self.assertEqual(self.first.arrival, self._at(13))
        self.assertEqual(self.first.departure, self._at(14.5))
        self.assertEqual(self.first.appointment, self._at(13), "a replan keeps to it")
        self.assertEqual(
            self.trip.stop_ids.sorted("sequence"), self.second | self.first
        )
        self.assertEqual((event.start, event.stop), (self._at(13), self._at(14.5)))

    def test_to_another_day(self):
        self.trip.action_plan()
        tomorrow = self.date + timedelta(days=1)
        self.first.event_id.write(
            {"start": self._at(8, tomorrow), "stop": self._at(9, tomorrow)}
        )
        self.assertFalse(self.first.day_id)
        self.assertEqual(self.first.arrival, self._at(8, tomorrow))

    def test_dropped_stops_cancel_their_meetings(self):
        self.trip.action_plan()
        self.first.write({"state": "skipped"})
        self.assertEqual(self._meetings(), self.second.event_id)
        self.second.unlink()
        self.assertFalse(self._meetings())
        self.assertEqual(len(self._meetings(active=False)), 2)

    def test_a_stop_made_anew_gets_its_meeting_back(self):
        """A replan may make stops anew; who looks at the calendar sees one visit."""
        self.trip.action_plan()
        event = self.first.event_id
        self.first.unlink()
        [stop] = self.trip._add_accounts(self.alpha)
        stop.write({"arrival": self._at(15), "departure": self._at(16)})
        self.assertEqual(stop.event_id, event)
        self.assertTrue(event.active)
        self.assertEqual(event.start, self._at(15))

    def test_cancelled_and_put_back(self):
        self.trip.action_plan()
        self.trip.action_cancel()
        self.assertFalse(self._meetings())
        self.assertEqual(set(self.trip.stop_ids.mapped("state")), {"planned"})
        self.trip.action_draft()
        self.trip.action_plan()
        self.assertEqual(len(self._meetings()), 2)
        self.assertFalse(self._meetings(active=False))
        self.trip.unlink()
        events = self.env["calendar.event"].search(
            [("res_id", "in", self.partners.ids), ("start", ">=", self._at(0))]
        )
        self.assertFalse(events)

    def test_a_cancelled_meeting_drops_its_stop(self):
        self.trip.action_plan()
        event = self.first.event_id
        event.with_user(self.rep).active = False
        self.assertEqual(self.first.state, "skipped")
        self.assertIn("cancelled", self.first.skip_reason)
        event.active = True
        self.assertEqual(self.first.state, "planned")
        event.unlink()
        self.assertEqual(self.first.state, "skipped")

    def test_an_appointment_is_not_made_twice(self):
        meeting = self._visit(self.partners[0], self._at(8))
        self.first.appointment = self._at(8)
        self.trip.action_plan()
        self.assertEqual(self.first.event_id, meeting)
        self.assertEqual(self._meetings(), self.second.event_id)
        self.first.unlink()
        self.assertTrue(meeting.active, "it was not the trip's to cancel")
        meeting.write({"start": self._at(16), "stop": self._at(17)})
        self.assertEqual(meeting.start, self._at(16))

    def test_another_rep_takes_over(self):
        self.trip.action_plan()
        self.trip.user_id = self.other_rep
        self.assertEqual(self._meetings().user_id, self.other_rep)
        self.assertEqual(self._meetings().partner_ids, self.other_rep.partner_id)

    def test_a_private_calendar_is_kept_in_step(self):
        self.rep.with_user(self.rep).calendar_default_privacy = "private"
        self.trip.with_user(self.leader).action_plan()
        self.first.with_user(self.leader).write(
            {"arrival": self._at(14), "departure": self._at(15)}
        )
        self.assertEqual(self.first.event_id.start, self._at(14))

    def test_the_night_of_the_clock_change(self):
        """Nine in the morning in Berlin stays nine before and after the change."""
        berlin = {"2027-03-27": 8, "2027-03-28": 7}  # UTC
        for date, hour in berlin.items():
            start = self._at(hour, fields.Date.to_date(date))
            self.first.write(
                {"arrival": start, "departure": start + timedelta(hours=1)}
            )
            self.trip.action_plan()
            shown = fields.Datetime.context_timestamp(
                self.trip.with_context(tz="Europe/Berlin"), self.first.event_id.start
            )
            self.assertEqual((str(shown.date()), shown.hour), (date, 9))
            self.assertEqual(self.trip._local_date(start), shown.date())

    def test_number_of_queries(self):
        """Meetings of a trip are made together."""
        self.env.flush_all()
        self.env.invalidate_all()
        count = self.cr.sql_log_count
        self.trip.with_user(self.rep).action_plan()
        self.env.flush_all()
        self.assertLessEqual(self.cr.sql_log_count - count, 140)


@tagged("post_install", "-at_install")
class TestTripHeld(TripCalendarCase):
    """A visit of a trip counts once it was checked in, not because its hour is over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        yesterday = fields.Date.today() - timedelta(days=1)
        cls.trip.date = yesterday
        for stop, hour in ((cls.first, 8), (cls.second, 10)):
            start = cls._at(hour, yesterday)
            stop.write({"arrival": start, "departure": start + timedelta(hours=1)})
        cls.trip.action_plan()
        cls.yesterday = yesterday

    def _last(self, account):
        self._refresh()
        return account.last_visit_date

    def test_checked_in_is_held(self):
        before = self._last(self.beta)
        self.assertNotEqual(self._last(self.alpha), self.yesterday)
        self.first.write({"state": "there", "check_in": self._at(8.5, self.yesterday)})
        self.assertEqual(self._last(self.alpha), self.yesterday)
        self.assertEqual(self._last(self.beta), before)
        self.assertFalse(self.beta.next_visit_date, "what is over is not ahead")
        self.assertEqual(self.first.event_id.start, self._at(8.5, self.yesterday))

    def test_nobody_there_is_no_visit(self):
        start = self._at(8, self.yesterday)
        self.first.write({"state": "done", "check_in": start, "outcome": "nobody"})
        self.assertNotEqual(self._last(self.alpha), self.yesterday)

    def test_a_trip_said_to_be_done(self):
        self.trip.action_done()
        self.assertEqual(self._last(self.alpha), self.yesterday)

    def test_ahead(self):
        start = fields.Datetime.now() + timedelta(days=2)
        self.second.write({"arrival": start, "departure": start + timedelta(hours=1)})
        self._refresh()
        self.assertEqual(self.beta.next_visit_date, self.trip._local_date(start))
