from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_selection import SelectionCase


@tagged("post_install", "-at_install")
class TestTrip(SelectionCase):
    """Trips of each rep, filled from the map; each customer once."""

    def _add(self, user, accounts, **values):
        wizard = self._wizard("territory.selection.trip", user, accounts, **values)
        infos = wizard.action_add()["infos"]
        return self.env["territory.trip"].browse(infos["trip"]), infos

    def test_a_new_trip_then_the_open_one(self):
        trip, infos = self._add(
            self.rep, self.alpha, trip_id=False, name="Monday", date="2030-01-07"
        )
        self.assertEqual((trip.name, trip.user_id), ("Monday", self.rep))
        self.assertEqual(str(trip.date), "2030-01-07")
        self.assertEqual((trip.state, trip.company_id), ("draft", self.company))
        self.assertEqual(infos["trip_name"], "Monday")
        again, infos = self._add(self.rep, self.beta | self.alpha)
        self.assertEqual(again, trip, "the open draft is offered")
        self.assertEqual(
            trip.stop_ids.partner_id.mapped("name"), ["Alpha", "Beta"], "no doubles"
        )
        self.assertIn("1 were on it already", infos["message"])
        self.assertEqual(trip.places, "München → Nürnberg")
        self.assertEqual(trip.stop_count, 2)

    def test_reps_see_and_change_their_own_trips(self):
        trip, _infos = self._add(self.rep, self.alpha)
        self.assertFalse(self._as(self.other_rep, "territory.trip").search([]))
        self.assertFalse(self._as(self.other_rep, "territory.trip.stop").search([]))
        with self.assertRaises(AccessError):
            trip.with_user(self.other_rep).name = "Mine"
        with self.assertRaises(AccessError):
            self._add(self.other_rep, self.gamma, trip_id=trip.id)
        self.assertEqual(self._as(self.leader, "territory.trip").search([]), trip)
        self.assertFalse(self._as(self.stranger, "territory.trip").search([]))

    def test_no_trip_in_another_name(self):
        with self.assertRaises(AccessError):
            self._as(self.rep, "territory.trip").create(
                {"name": "For another", "user_id": self.other_rep.id}
            )
        with self.assertRaises(AccessError):
            self._add(self.rep, self.alpha, trip_id=False, user_id=self.other_rep.id)

    def test_foreign_ids_in_calls(self):
        with self.assertRaisesRegex(AccessError, "1 of the 2 chosen accounts"):
            self._add(self.rep, self.alpha | self.gamma)
        trip, _infos = self._add(self.rep, self.alpha)
        with self.assertRaises(AccessError):
            self._as(self.rep, "territory.trip.stop").create(
                {"trip_id": trip.id, "account_id": self.gamma.id}
            )
        with self.assertRaises(AccessError):
            trip.with_user(self.rep).stop_ids.account_id = self.gamma
        others = self._as(self.other_rep, "territory.trip").create({"name": "Other"})
        with self.assertRaises(AccessError):
            self._as(self.rep, "territory.trip.stop").create(
                {"trip_id": others.id, "account_id": self.alpha.id}
            )

    def test_another_companys_trip(self):
        self.leader.company_ids |= self.sister
        trip = self._as(self.leader, "territory.trip").create(
            {"name": "There", "company_id": self.sister.id}
        )
        with self.assertRaisesRegex(UserError, "Sister"):
            trip._add_accounts(self.alpha)

    def test_a_trip_that_is_over(self):
        trip, _infos = self._add(self.rep, self.alpha)
        trip.action_plan()
        trip.action_done()
        with self.assertRaisesRegex(UserError, "is over"):
            trip._add_accounts(self.beta)
        trip, _infos = self._add(self.rep, self.beta, date="2030-02-01")
        self.assertEqual(len(trip.stop_ids), 1, "a new one: none was open")

    def test_a_trip_without_stops_cannot_be_settled(self):
        trip = self._as(self.rep, "territory.trip").create({"name": "Empty"})
        with self.assertRaisesRegex(UserError, "no stops"):
            trip.action_plan()

    def test_a_customer_finds_its_account(self):
        trip = self._as(self.rep, "territory.trip").create({"name": "By hand"})
        stop = self._as(self.rep, "territory.trip.stop").create(
            {"trip_id": trip.id, "partner_id": self.partners[1].id}
        )
        self.assertEqual(stop.account_id, self.beta)

    def test_too_many_for_a_trip(self):
        wizard = self._as(self.rep, "territory.selection.trip").create(
            {"selection": [self.alpha.id] * 3}
        )
        wizard.action_add()
        with self.assertRaisesRegex(UserError, "No account is selected"):
            self._as(self.rep, "territory.selection.trip").create({}).action_add()
