from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import vobject
from lxml import etree

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..models import _trip_files
from .test_trip_calendar import TripCalendarCase

NAMES = {"g": _trip_files.GPX}


class TripFileCase(TripCalendarCase):
    def _events(self):
        """The file's events by customer, read by another program than ours."""
        self.env.invalidate_all()
        content = _trip_files.calendar(self.trip, "db").decode()
        events = vobject.readOne(content).contents.get("vevent", [])
        return {event.summary.value.removeprefix("Visit: "): event for event in events}


@tagged("post_install", "-at_install")
class TestTripCalendarFile(TripFileCase):
    """Calendars find each visit again, older files lose, and what is dropped is told."""

    def test_what_is_in_it(self):
        self.trip.action_plan()
        event = self._events()["Alpha"]
        self.assertEqual(event.dtstart.value, self._at(8).replace(tzinfo=UTC))
        self.assertEqual(event.dtend.value, self._at(9).replace(tzinfo=UTC))
        self.assertEqual(event.status.value, "CONFIRMED")
        self.assertEqual(event.geo.value, "48.137200;11.575500")
        self.assertIn("80331 München", event.location.value)
        self.assertIn("90 minutes", event.description.value)

    def test_a_draft_is_tentative(self):
        self.assertEqual(self._events()["Alpha"].status.value, "TENTATIVE")

    def test_a_replan_keeps_uids_and_grows_the_sequence(self):
        self.trip.action_plan()
        before = self._events()
        self.assertEqual(
            self._events()["Alpha"].sequence.value, before["Alpha"].sequence.value
        )
        self.first.unlink()
        [stop] = self.trip._add_accounts(self.alpha)
        stop.write({"arrival": self._at(15), "departure": self._at(16)})
        after = self._events()
        self.assertEqual(after["Alpha"].uid.value, before["Alpha"].uid.value)
        self.assertGreater(
            int(after["Alpha"].sequence.value), int(before["Alpha"].sequence.value)
        )
        self.assertEqual(len({event.uid.value for event in after.values()}), 2)

    def test_dropped_visits_are_cancelled(self):
        self.trip.action_plan()
        uid = self._events()["Alpha"].uid.value
        self.first.unlink()
        self.second.write({"state": "skipped"})
        events = self._events()
        self.assertEqual(events["Alpha"].uid.value, uid)
        for event in events.values():
            self.assertEqual(event.status.value, "CANCELLED")

    def test_a_cancelled_trip(self):
        self.trip.action_plan()
        self.trip.action_cancel()
        states = {event.status.value for event in self._events().values()}
        self.assertEqual(states, {"CANCELLED"})

    def test_the_clock_changes(self):
        """Nine in the morning stays nine in Berlin, on both sides of the change."""
        for date in ("2027-03-27", "2027-03-28", "2026-10-24", "2026-10-25"):
            local = fields.Datetime.to_datetime(f"{date} 09:00:00")
            start = local.replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
            start = start.replace(tzinfo=None)
            self.first.write(
                {"arrival": start, "departure": start + timedelta(hours=1)}
            )
            shown = self._events()["Alpha"].dtstart.value
            shown = shown.astimezone(ZoneInfo("Europe/Berlin"))
            self.assertEqual(f"{shown:%Y-%m-%d %H:%M}", f"{date} 09:00")

    def test_hostile_names(self):
        """A name is a text: it adds no line, and no line is too long."""
        name = "A;B,C\\D\r\nEND:VEVENT\nÄ€" + "ü" * 200
        self.first.partner_id.name = name
        content = _trip_files.calendar(self.trip, "db")
        lines = content.split(b"\r\n")
        self.assertLessEqual(max(map(len, lines)), 75)
        self.assertEqual(lines.count(b"END:VEVENT"), 2)
        for line in lines:
            line.decode()
        [event] = [e for n, e in self._events().items() if n.startswith("A;B")]
        self.assertIn("A;B,C\\D", event.summary.value)
        self.assertIn("ü" * 200, event.summary.value)


@tagged("post_install", "-at_install")
class TestTripRouteFile(TripFileCase):
    """The way as GPX 1.1: a route a day, in the order it is driven."""

    def _routes(self):
        root = etree.fromstring(_trip_files.gpx(self.trip))
        self.assertEqual(root.get("version"), "1.1")
        return root.findall("g:rte", NAMES)

    def _points(self, route):
        return [
            (
                point.findtext("g:name", namespaces=NAMES),
                float(point.get("lat")),
                float(point.get("lon")),
            )
            for point in route.findall("g:rtept", NAMES)
        ]

    def test_start_stops_end(self):
        self.day.write(
            {"start_name": "Home", "start_latitude": 48.2, "start_longitude": 11.6}
        )
        self.day.write({"end_name": "Inn", "end_latitude": 49.5, "end_longitude": 11.1})
        [route] = self._routes()
        points = self._points(route)
        self.assertEqual(
            [name for name, _lat, _lon in points], ["Home", "Alpha", "Beta", "Inn"]
        )
        self.assertEqual(points[1][1:], (48.1372, 11.5755))
        order = [child.tag.split("}")[1] for child in route[2]]
        self.assertEqual(order, ["time", "name", "desc"], "as the schema has it")

    def test_skipped_and_placeless_stops(self):
        self.second.state = "skipped"
        self.assertEqual(len(self._points(self._routes()[0])), 1)
        self.first.partner_id.write({"partner_latitude": 0, "partner_longitude": 0})
        self.assertIsNone(_trip_files.gpx(self.trip))

    def test_hostile_names(self):
        self.first.partner_id.name = "</name><script>&\x08 x"
        names = [name for name, _lat, _lon in self._points(self._routes()[0])]
        self.assertEqual(names[0], "</name><script>& x")


@tagged("post_install", "-at_install")
class TestTripExport(TripFileCase, HttpCase):
    """Files are given to whoever may read the trip, and nobody else."""

    def _get(self, kind, login, trip=None):
        self.authenticate(login, login)
        return self.url_open(f"/territory_planning/trip/{trip or self.trip.id}.{kind}")

    def test_own_and_leader(self):
        for login in ("rep", "leader"):
            answer = self._get("ics", login)
            self.assertEqual(answer.status_code, 200)
            self.assertIn("text/calendar", answer.headers["Content-Type"])
            self.assertIn("BEGIN:VEVENT", answer.text)
            answer = self._get("gpx", login)
            self.assertEqual(answer.headers["Content-Type"], "application/gpx+xml")
            self.assertIn("South", answer.headers["Content-Disposition"])

    def test_others_are_not_told_whether_there_is_one(self):
        self._user("clerk", "base.group_user")
        for login in ("other.rep", "stranger", "clerk"):
            for kind in ("ics", "gpx", "pdf"):
                codes = {
                    self._get(kind, login).status_code,
                    self._get(kind, login, 999_999_999).status_code,
                }
                self.assertEqual(codes, {404}, f"{login} {kind}")

    def test_from_the_trips_own_menu(self):
        for name, kind in (("ics", "ics"), ("gpx", "gpx")):
            action = self.env.ref(f"territory_planning.territory_trip_{name}_action")
            found = (
                action.with_user(self.rep)
                .with_context(active_model="territory.trip", active_id=self.trip.id)
                .run()
            )
            self.assertEqual(
                found["url"], f"/territory_planning/trip/{self.trip.id}.{kind}"
            )

    def test_no_place_is_said(self):
        for partner in self.trip.stop_ids.partner_id:
            partner.write({"partner_latitude": 0, "partner_longitude": 0})
        answer = self._get("gpx", "rep")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("Places to Check", answer.text)

    def test_the_sheet_on_paper(self):
        self.trip.action_plan()
        self.first.write({"state": "done", "outcome": "order", "outcome_note": "<b>x"})
        report = self.env["ir.actions.report"].with_user(self.rep)
        content, _kind = report._render_qweb_html(
            "territory_planning.report_territory_trip", self.trip.ids
        )
        text = content.decode()
        for told in ("South", "Alpha", "80331", "Order", "&lt;b&gt;x", "Europe/Berlin"):
            self.assertIn(told, text)
        shown = fields.Datetime.context_timestamp(
            self.trip.with_context(tz="Europe/Berlin"), self._at(10.5)
        )
        self.assertIn(f"{shown:%H:%M}", text)
        self.assertEqual(self._get("pdf", "rep").status_code, 200)
