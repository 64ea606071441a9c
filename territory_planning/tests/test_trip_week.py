from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .trip_case import MONDAY, TripCase


@tagged("post_install", "-at_install")
class TestTripWeek(TripCase):
    """Everybody's week planned in the background, and the Monday that reviews it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.crm_team_member_ids.write(
            {
                "territory_start_name": "Nürnberg",
                "territory_start_latitude": 49.45,
                "territory_start_longitude": 11.08,
            }
        )

    def _weeks(self, user):
        return self.env["territory.trip.week"].with_user(user)

    def _run(self):
        self.env["territory.run"].search(
            [("kind", "=", "week"), ("state", "=", "waiting")]
        )._finish_now()

    def test_my_week(self):
        self._weeks(self.rep).plan_week(str(MONDAY + timedelta(days=2)))
        week = self.env["territory.trip.week"].search([])
        self.assertEqual(
            (week.user_id, week.date, week.state), (self.rep, MONDAY, "waiting")
        )
        self._run()
        self.assertEqual(week.state, "planned", week.error)
        trip = week.trip_id
        self.assertEqual((trip.user_id, trip.state), (self.rep, "draft"))
        self.assertEqual(len(trip.day_ids), 5)
        self.assertGreater(week.stop_count, 5)
        self.assertAlmostEqual(week.expected_value, trip.expected_value)
        self.assertIn("a minute", week.why)
        # asked again: the same draft, planned anew
        self._weeks(self.rep).plan_week(str(MONDAY))
        self._run()
        self.assertEqual(week.trip_id, trip)

    def test_a_team_without_double_visits(self):
        self.partners.user_id = False
        self._weeks(self.leader).plan_week(str(MONDAY), (self.rep | self.other_rep).ids)
        self._run()
        weeks = self.env["territory.trip.week"].search([])
        self.assertEqual(set(weeks.mapped("state")), {"planned"})
        first, second = (set(week.trip_id.stop_ids.account_id.ids) for week in weeks)
        self.assertFalse(first & second)
        self.assertTrue(first)

    def test_one_that_cannot_be_planned_says_why(self):
        self.team.crm_team_member_ids.filtered(
            lambda m: m.user_id == self.other_rep
        ).write({"territory_start_latitude": 0, "territory_start_longitude": 0})
        self._weeks(self.leader).plan_week(str(MONDAY), (self.rep | self.other_rep).ids)
        self._run()
        state = {
            week.user_id: (week.state, week.error or "")
            for week in self.env["territory.trip.week"].search([])
        }
        self.assertEqual(state[self.rep][0], "planned")
        self.assertEqual(state[self.other_rep][0], "failed")
        self.assertIn("Starts From", state[self.other_rep][1])

    def test_what_is_agreed_for_the_month_comes_first(self):
        worst = self._account(self.partners[0])
        line = self.env["territory.plan.line"].search(
            [("account_id", "=", worst.id)], limit=1
        )
        line.plan_id.sudo().write(
            {"state": "agreed", "date_from": MONDAY.replace(day=1)}
        )
        line.sudo().write({"visits_agreed": 1, "date_from": MONDAY.replace(day=1)})
        trips = self._trips()
        self.assertEqual(trips._agreed_accounts(self.company, MONDAY), worst.ids)
        self._weeks(self.rep).plan_week(str(MONDAY))
        self._run()
        trip = self.env["territory.trip.week"].search([]).trip_id
        stop = trip.stop_ids.filtered(lambda one: one.account_id == worst)
        self.assertIn("Agreed for this month", stop.reason)

    def test_last_week_planned_and_other_visits_and_orders(self):
        trip, _told = self._planned()
        trip.action_plan()
        stops = trip.stop_ids
        stops[0].write({"state": "done", "check_in": stops[0].arrival})
        self._meeting(
            self.partners[0] - stops[:1].partner_id or self.partners[1], (18, 19)
        )
        with freeze_time(datetime(2031, 3, 10, 8)):
            self._order(stops[0].partner_id, datetime(2031, 3, 5, 9), amount=700.0)
            week = self.env["territory.trip.week"].create(
                {
                    "company_id": self.company.id,
                    "user_id": self.rep.id,
                    "date": MONDAY + timedelta(days=7),
                }
            )
            self.assertEqual(week.planned_visits, 1)
            self.assertEqual(week.dropped_visits, len(stops) - 1)
            self.assertEqual(week.reactive_visits, 1)
            self.assertAlmostEqual(week.brought, 700.0)
            self.assertAlmostEqual(week.expected_before, stops[0].value, delta=0.01)

    def test_only_leaders_plan_others(self):
        with self.assertRaisesRegex(UserError, "your own week only"):
            self._weeks(self.rep).plan_week(str(MONDAY), self.other_rep.ids)
        with self.assertRaisesRegex(UserError, "your own week only"):
            self._weeks(self.rep).action_plan_team()
        self._weeks(self.leader).action_plan_team()
        self.assertEqual(len(self.env["territory.trip.week"].search([])), 2)
        self.assertFalse(
            self._weeks(self.rep).search([("user_id", "=", self.other_rep.id)])
        )
