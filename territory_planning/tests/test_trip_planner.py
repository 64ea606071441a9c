from dataclasses import replace
from datetime import datetime, timedelta
from unittest.mock import patch

import numpy as np

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import _trip_arrays
from .trip_case import MONDAY, TripCase


@tagged("post_install", "-at_install")
class TestTripPlanner(TripCase):
    """Who is worth it on the way, in which order; each stop and rejection with its reason."""

    # -------------------------------------------------------------------- preview
    def test_preview_ranks_by_worth_per_minute(self):
        told = self._trips().plan_preview(self._request())
        rows = told["candidates"]
        self.assertEqual(len(rows), 12, "Hamburg is not on the way")
        self.assertEqual(told["total"], 12)
        rates = [row["per_minute"] for row in rows]
        self.assertEqual(rates, sorted(rates, reverse=True))
        for row in rows:
            self.assertAlmostEqual(
                row["value"], row["value_visit"] + row["value_risk"], delta=0.02
            )
            self.assertGreater(row["value_visit"], 0)
            self.assertAlmostEqual(
                row["per_minute"],
                row["worth"] / (row["detour_minutes"] + row["service_minutes"]),
                delta=0.02 * row["per_minute"],
            )
        self.assertFalse(
            self.env["territory.trip"].search([("user_id", "=", self.rep.id)])
        )

    def test_preview_under_the_readers_rights(self):
        self.partners[0].user_id = self.other_rep
        mine = self._trips().plan_preview(self._request())["candidates"]
        self.assertNotIn("Kunde 00", [row["name"] for row in mine])
        told = self._trips(self.leader).plan_preview(self._request(user_id=self.rep.id))
        self.assertNotIn("Kunde 00", [row["name"] for row in told["candidates"]])
        with self.assertRaisesRegex(UserError, "your own only|of your own"):
            self._trips(self.other_rep).plan_preview(self._request(user_id=self.rep.id))

    def test_accounts_without_a_place_are_said(self):
        self.partners[3].write({"partner_latitude": 0, "partner_longitude": 0})
        told = self._trips().plan_preview(self._request())
        self.assertEqual(told["placeless"]["count"], 1)
        self.assertEqual(told["placeless"]["accounts"][0]["name"], "Kunde 03")
        account = self._account(self.partners[3])
        with self.assertRaisesRegex(UserError, "“Kunde 03” has no place.*Places"):
            self._planned(must=account.ids)

    # ----------------------------------------------------------------------- plan
    def test_a_day(self):
        trip, told = self._planned()
        self.assertEqual((trip.state, trip.user_id), ("draft", self.rep))
        (day,) = told["days"]
        stops = day["stops"]
        self.assertGreater(len(stops), 3)
        self.assertEqual(day["time_from"], "08:00")
        self.assertLessEqual(day["time_to"], "17:00")
        self.assertTrue(day["lunch_from"])
        self.assertAlmostEqual(
            trip.expected_value, sum(stop["value"] for stop in stops), delta=0.1
        )
        clock = trip.day_ids.time_from
        for stop in trip.stop_ids:
            self.assertGreaterEqual(stop.arrival, clock)
            clock = stop.departure
            self.assertIn("a minute", stop.reason)
        left = {row["name"] for row in told["left_out"]}
        there = {stop["name"] for stop in stops}
        self.assertEqual(len(left | there), 12)
        self.assertFalse(left & there)
        for row in told["left_out"]:
            self.assertRegex(row["reason"], "below this trip's|no day has")
        self.assertIn("straight lines", trip.travel_note)

    def test_same_input_same_trip(self):
        _trip, first = self._planned()
        _trip, second = self._planned()
        names = [stop["name"] for stop in self._stops(first)]
        self.assertEqual(names, [stop["name"] for stop in self._stops(second)])

    def test_planned_anew_no_doubles(self):
        trip, _told = self._planned()
        before = trip.stop_ids
        _trip, told = self._planned(trip=trip, hour_to=12)
        self.assertLess(len(trip.stop_ids), len(before))
        self.assertLessEqual(
            trip.stop_ids, before, "stops that stay are the same records"
        )
        self.assertLessEqual(told["days"][0]["time_to"], "12:00")

    def test_must_and_without(self):
        out = self._account(self.partners[11])
        must = self._account(self.partners[0])
        _trip, told = self._planned(must=must.ids, without=out.ids, hour_to=11)
        names = [stop["name"] for stop in self._stops(told)]
        self.assertIn("Kunde 00", names)
        self.assertNotIn("Kunde 11", names)
        reason = {row["name"]: row["reason"] for row in told["left_out"]}
        self.assertEqual(reason["Kunde 11"], "Taken out by hand.")

    def test_picked_by_hand_are_only_put_in_order(self):
        chosen = self._account(self.partners[0]) | self._account(self.partners[7])
        _trip, told = self._planned(must=chosen.ids, chosen_only=True)
        self.assertEqual(
            {stop["name"] for stop in self._stops(told)}, {"Kunde 00", "Kunde 07"}
        )

    def test_several_days_at_home_and_out(self):
        for night in ("home", "out"):
            with self.subTest(night):
                trip, told = self._planned(
                    date_end=str(MONDAY + timedelta(days=1)), hour_to=11.5, night=night
                )
                self.assertEqual(len(told["days"]), 2)
                ids = [stop["account"] for stop in self._stops(told)]
                self.assertEqual(len(ids), len(set(ids)))
                evening, morning = trip.day_ids.sorted("date")
                self.assertEqual(evening.end_latitude, morning.start_latitude)

    def test_a_weekend_is_no_working_day(self):
        _trip, told = self._planned(
            date=str(MONDAY + timedelta(days=4)),
            date_end=str(MONDAY + timedelta(days=7)),
        )
        self.assertEqual(
            [day["date"] for day in told["days"]], ["2031-03-07", "2031-03-10"]
        )

    def test_planned_from_the_form(self):
        """Stops put on a trip by hand get their times; an appointment typed is kept."""
        trip = self._trips().create({"name": "By hand", "date": MONDAY})
        trip._add_accounts(
            self._account(self.partners[0]) | self._account(self.partners[9])
        )
        trip.stop_ids[0].appointment = datetime(2031, 3, 3, 9)
        trip.action_replan()
        self.assertLessEqual(
            self.partners[0] | self.partners[9], trip.stop_ids.partner_id
        )
        stop = trip.stop_ids.filtered(lambda one: one.partner_id == self.partners[0])
        self.assertEqual(stop.arrival, datetime(2031, 3, 3, 9))
        self.assertTrue(all(trip.stop_ids.mapped("arrival")))
        nowhere = self._trips(self.other_rep).create(
            {"name": "No start", "date": MONDAY}
        )
        with self.assertRaisesRegex(UserError, "Where trip “No start” starts"):
            nowhere.action_replan()

    # ------------------------------------------------------------------- calendar
    def test_a_meeting_at_a_customer_is_kept_to(self):
        event = self._meeting(self.partners[2], (10, 11))
        trip, _told = self._planned()
        stop = trip.stop_ids.filtered(lambda one: one.partner_id == self.partners[2])
        self.assertEqual(stop.arrival, event.start)
        self.assertIn("Appointment at 10:00", stop.reason)

    def test_a_meeting_elsewhere_cuts_the_day(self):
        self._meeting(self.rep.partner_id, (11, 12))
        trip, _told = self._planned()
        self.assertGreaterEqual(trip.day_ids.time_from, datetime(2031, 3, 3, 11))
        self.assertIn("12:00 to 17:00", trip.travel_note)

    def test_a_meeting_that_cannot_be_reached_is_said(self):
        self._meeting(self.far, (8.5, 9.5))
        trip, _told = self._planned()
        self.assertNotIn(self.far, trip.stop_ids.partner_id)
        self.assertIn("Weit weg cannot be reached", trip.travel_note)

    def test_a_day_off(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "date_from": datetime(2031, 3, 2, 23),
                "date_to": datetime(2031, 3, 3, 23),
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
            }
        )
        with self.assertRaisesRegex(UserError, "no time for a trip on these days"):
            self._planned()

    def test_the_day_of_a_change_of_the_clock(self):
        """On 30 March 2031 it is 3:00 after 1:59: 0:00 to 6:00 are five hours."""
        _trip, told = self._planned(date="2031-03-30", hour_from=0, hour_to=6)
        (day,) = told["days"]
        self.assertLessEqual(day["time_to"], "06:00")
        preview = self._trips().plan_preview(
            self._request(date="2031-03-30", hour_from=0, hour_to=6)
        )
        self.assertEqual(preview["days"][0]["minutes"], 300)

    def test_no_double_visits_between_reps(self):
        self.partners.user_id = False
        trip, told = self._planned()
        trip.action_plan()
        colleague = self.team.crm_team_member_ids.filtered(
            lambda m: m.user_id == self.other_rep
        )
        colleague.write(
            {"territory_start_latitude": 49.45, "territory_start_longitude": 11.08}
        )
        _trip, other = self._planned(user=self.other_rep)
        mine = {stop["account"] for stop in self._stops(told)}
        self.assertFalse(mine & {stop["account"] for stop in self._stops(other)})
        self.assertIn(
            "On another trip of these weeks.",
            [row["reason"] for row in other["left_out"]],
        )

    # ------------------------------------------------------------------ bad input
    def test_bad_input_is_a_sentence(self):
        for values, said in (
            ({"hour_from": 17, "hour_to": 8}, "midnight"),
            ({"date_end": "2031-03-01"}, "before “First Day”"),
            ({"date_end": "2031-12-01"}, "14 days at most"),
            ({"start": {"kind": "point", "lat": 91, "lon": 0}}, "Starts at"),
            (
                {"end": {"kind": "point", "lat": 53.55, "lon": 9.99}, "hour_to": 9},
                "the way from",
            ),
            ({"max_detour_km": float("nan")}, "Detour, at Most"),
            ({"priority": "stars"}, "Worth by"),
            ({"must": [10**9]}, "gone or not yours"),
        ):
            with self.subTest(said), self.assertRaisesRegex(UserError, said):
                self._planned(**values)
        with self.assertRaisesRegex(UserError, "is not known"):
            self._planned(user=self.other_rep)

    def test_what_must_be_but_cannot(self):
        with self.assertRaisesRegex(UserError, "Weit weg"):
            self._planned(must=self._account(self.far).ids)
        self.assertFalse(self._trips().search([]), "nothing is half written")

    def test_poles_and_date_line(self):
        for lat, lon in ((90.0, 0.0), (-90.0, 0.0), (0.0, 180.0), (-17.0, -180.0)):
            with self.subTest(f"{lat} {lon}"):
                told = self._trips().plan_preview(
                    self._request(start={"kind": "point", "lat": lat, "lon": lon})
                )
                self.assertEqual(told["candidates"], [])

    def test_two_thousand_candidates(self):
        """The 200 most worth per minute are planned with; how many there were is told."""
        account = self._account(self.partners[5])
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"Prospect {number}",
                    "user_id": self.rep.id,
                    "partner_latitude": 49.4 + number % 50 / 500,
                    "partner_longitude": 11.0 + number // 50 / 500,
                }
                for number in range(2000)
            ]
        )
        self.env["territory.account"].create(
            [
                {"partner_id": partner.id, "company_id": self.company.id}
                for partner in partners
            ]
        )
        told = self._trips().plan_preview(self._request())
        self.assertEqual(told["total"], 2012)
        self.assertEqual(len(told["candidates"]), 200)
        self.assertIn(account.id, [row["id"] for row in told["candidates"]])
        _trip, told = self._planned()
        self.assertTrue(self._stops(told))

    def test_a_search_that_takes_too_long_ends_with_the_best_so_far(self):
        with patch.object(_trip_arrays, "PATIENCE", 0.0):
            trip, told = self._planned()
        self.assertTrue(self._stops(told))
        self.assertRegex(
            trip.travel_note, r"ended after \d+ changes.*at most \d+ % more"
        )
        self.assertGreater(trip.gap, 0)

    def test_a_road_engine_that_is_down_midway_is_said(self):
        original = type(self.env["territory.travel"])._matrix

        def half(travel, company, points):
            found = original(travel, company, points)
            return replace(found, source="roads; 50 % lines", fallback="OSRM is down.")

        with patch.object(type(self.env["territory.travel"]), "_matrix", half):
            trip, told = self._planned()
        self.assertTrue(self._stops(told))
        self.assertIn("OSRM is down.", trip.travel_note)
        self.assertEqual(trip.travel_source, "roads; 50 % lines")

    def test_no_road_leads_there(self):
        original = type(self.env["territory.travel"])._matrix

        def island(travel, company, points):
            found = original(travel, company, points)
            found.duration_s[:, -1] = found.duration_s[-1, :] = np.inf
            return found

        with patch.object(type(self.env["territory.travel"]), "_matrix", island):
            _trip, told = self._planned()
        reasons = [row["reason"] for row in told["left_out"]]
        self.assertEqual(sum("no road leads there" in one for one in reasons), 1)

    def test_query_count_of_a_preview(self):
        self._trips().plan_preview(self._request())
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            self._trips().plan_preview(self._request())

    # --------------------------------------------------------------------- places
    def test_towns_and_accounts_are_found(self):
        self.env["territory.postcode"].create(
            {
                "country": "DE",
                "name": "89073",
                "code": "89073",
                "city": "Ulm",
                "latitude": 48.4,
                "longitude": 10.0,
            }
        )
        trips = self._trips()
        (ulm,) = trips.find_trip_places("ul")
        self.assertEqual((ulm["kind"], ulm["name"], ulm["lat"]), ("point", "Ulm", 48.4))
        self.assertEqual(trips.find_trip_places("89073")[0]["name"], "Ulm")
        self.assertEqual(trips.find_trip_places("ort 1")[0]["name"], "Ort 1")
        (account,) = trips.find_trip_places("Kunde 07")
        self.assertEqual(account["id"], self._account(self.partners[7]).id)
        self.assertEqual(trips.find_trip_places("%%"), [])
        self.assertFalse(
            [p for p in self._trips(self.other_rep).find_trip_places("Kunde")],
            "others' accounts are not offered",
        )
