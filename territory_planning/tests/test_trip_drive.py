from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_selection import SelectionCase

PLACE = {"latitude": 48.1, "longitude": 11.5, "accuracy": 12}
WHERE = ("check_in_latitude", "check_in_longitude", "check_in_accuracy")


class DriveCase(SelectionCase):
    """A settled trip of today with three stops, an hour each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.trip = cls.env["territory.trip"].create(
            {
                "name": "South",
                "user_id": cls.rep.id,
                "company_id": cls.company.id,
                "tz": "Europe/Berlin",
                "date": fields.Date.today(),
            }
        )
        cls.trip._add_accounts(cls.alpha | cls.beta | cls.delta)
        for rank, stop in enumerate(cls.trip.stop_ids):
            start = cls.now + timedelta(hours=2 * rank)
            stop.write(
                {
                    "arrival": start,
                    "departure": start + timedelta(hours=1),
                    "service_hours": 1.0,
                }
            )
        cls.trip.state = "planned"
        cls.first, cls.second, cls.third = cls.trip.stop_ids
        cls.serial = 0

    def _entry(self, kind, stop=None, **values):
        type(self).serial += 1
        return {
            "uuid": f"{self.serial:032x}",
            "kind": kind,
            "stop_id": (stop or self.first).id,
            "at": self.now.isoformat() + "Z",
            **values,
        }

    def _send(self, *entries, user=None):
        answers = self._as(user or self.rep, "territory.trip.stop").apply_entries(
            list(entries)
        )
        self.env.invalidate_all()
        return answers

    def _status(self, *entries, user=None):
        return [answer["status"] for answer in self._send(*entries, user=user)]


@tagged("post_install", "-at_install")
class TestTripDrive(DriveCase):
    """Entries from the road: each once, conflicts shown, nobody's place kept unasked."""

    def test_a_visit_in_two_entries(self):
        answers = self._status(
            self._entry("check_in", seen={"state": "planned"}),
            self._entry(
                "outcome",
                outcome="order",
                note="20 pumps",
                seen={"state": "there", "outcome": False},
            ),
        )
        self.assertEqual(answers, ["saved", "saved"])
        self.assertEqual(self.first.state, "done")
        self.assertEqual(self.first.check_in, self.now)
        self.assertEqual(self.first.check_out, self.now)
        self.assertEqual(self.first.outcome, "order")
        self.assertEqual(self.first.outcome_note, "20 pumps")

    def test_each_entry_once(self):
        """Sent again, even after more has happened: nothing is done twice."""
        entry = self._entry("check_in")
        out = self._entry("outcome", outcome="talk")
        self.assertEqual(self._status(entry), ["saved"])
        self.assertEqual(self._status(entry, out, entry), ["again", "saved", "again"])
        self.assertEqual(self.first.state, "done")
        rows = self.env["territory.trip.entry"].search(
            [("stop_id", "=", self.first.id)]
        )
        self.assertEqual(sorted(rows.mapped("kind")), ["check_in", "outcome"])
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            rows[0].copy()
            self.env.flush_all()

    def test_someone_changed_the_stop(self):
        """Both sides are told; nothing is overwritten until the rep insists."""
        self.first.with_user(self.leader).write(
            {"state": "skipped", "skip_reason": "They are closed"}
        )
        entry = self._entry("check_in", seen={"state": "planned"})
        [answer] = self._send(entry)
        self.assertEqual(answer["status"], "conflict")
        self.assertIn("There since", answer["mine"])
        self.assertIn("They are closed", answer["theirs"])
        self.assertIn(self.leader.name, answer["theirs"])
        self.assertEqual(self.first.state, "skipped")
        again = self._entry("check_in", seen={"state": "planned"}, force=True)
        self.assertEqual(self._status(again), ["saved"])
        self.assertEqual(self.first.state, "there")
        self.assertTrue(
            self.env["territory.trip.entry"]
            .search([("uuid", "=", again["uuid"])])
            .insisted
        )

    def test_a_cancelled_trip_is_a_conflict(self):
        self.trip.action_cancel()
        [answer] = self._send(self._entry("check_in", seen={"state": "planned"}))
        self.assertEqual(answer["status"], "conflict")
        self.assertIn("cancelled", answer["theirs"])

    def test_one_bad_entry_leaves_the_others(self):
        answers = self._send(
            self._entry("check_in"),
            self._entry("outcome", outcome="rich"),
            {"uuid": 7},
            "x",
            self._entry("skipped", self.second, reason="Ill"),
        )
        self.assertEqual(
            [answer["status"] for answer in answers],
            ["saved", "refused", "refused", "refused", "saved"],
        )
        self.assertIn("Outcome", answers[1]["message"])
        self.assertEqual(self.second.skip_reason, "Ill")

    def test_postponed_leaves_a_task(self):
        later = fields.Date.to_string(self.now.date() + timedelta(days=3))
        entry = self._entry("postponed", self.second, to=later, reason="On holiday")
        self.assertEqual(self._status(entry, entry), ["saved", "again"])
        self.assertEqual(self.second.state, "skipped")
        task = self.second.partner_id.activity_ids
        self.assertEqual(len(task), 1)
        self.assertEqual(task.user_id, self.rep)
        self.assertEqual(str(task.date_deadline), later)
        [answer] = self._send(self._entry("postponed", self.third, to="2020-01-01"))
        self.assertIn("Postponed To", answer["message"])

    def test_a_wrong_clock_is_corrected(self):
        """A phone two hours ahead enters the time that it was."""
        ahead = self.now + timedelta(hours=2)
        entry = self._entry(
            "check_in",
            at=(ahead - timedelta(minutes=30)).isoformat() + "Z",
            sent=ahead.isoformat() + "Z",
        )
        self.assertEqual(self._status(entry), ["saved"])
        off = self.first.check_in - (self.now - timedelta(minutes=30))
        self.assertLess(abs(off), timedelta(minutes=2))
        entry = self._entry("check_in", at=ahead.isoformat() + "Z")
        [answer] = self._send(entry)
        self.assertIn("clock is right", answer["message"])

    def test_only_the_rep_of_the_trip(self):
        """Others learn not even whether there is such a stop."""
        messages = set()
        for user in (self.other_rep, self.leader):
            [answer] = self._send(self._entry("check_in"), user=user)
            self.assertEqual(answer["status"], "refused")
            messages.add(answer["message"])
        [answer] = self._send(self._entry("check_in", stop_id=999_999_999))
        messages.add(answer["message"])
        self.assertEqual(len(messages), 1)
        self.assertEqual(self.first.state, "planned")

    def test_another_company_chosen_meanwhile(self):
        self.rep.company_ids |= self.sister
        stops = self.env["territory.trip.stop"].with_user(self.rep)
        stops = stops.with_context(allowed_company_ids=self.sister.ids)
        [answer] = stops.apply_entries([self._entry("check_in")])
        self.assertEqual(answer["status"], "saved")

    def test_number_of_queries(self):
        """Entries of a day of 10 stops cost the same per entry as those of one."""
        first = [self._entry("check_in"), self._entry("outcome", outcome="talk")]
        more = [
            self._entry(kind, stop, **values)
            for stop in (self.second, self.third)
            for kind, values in (("check_in", {}), ("outcome", {"outcome": "talk"}))
        ]
        stops = self._as(self.rep, "territory.trip.stop")
        self.env.invalidate_all()
        count = self.cr.sql_log_count
        stops.apply_entries(first)
        self.env.flush_all()
        one = self.cr.sql_log_count - count
        stops.apply_entries(more)
        self.env.flush_all()
        two = self.cr.sql_log_count - count - one
        self.assertLessEqual(two, 2 * one)
        self.assertLessEqual(one, 90)


@tagged("post_install", "-at_install")
class TestTripWhere(DriveCase):
    """Where a rep is: kept at a check-in that tells it, and nowhere else."""

    def _kept(self):
        return [tuple(stop[name] for name in WHERE) for stop in self.trip.stop_ids]

    def test_a_check_in_without_permission_works(self):
        self.assertEqual(self._status(self._entry("check_in")), ["saved"])
        self.assertEqual(self._kept(), [(0.0, 0.0, 0.0)] * 3)

    def test_a_check_in_with_permission_says_where(self):
        self._send(self._entry("check_in", place=PLACE))
        self.assertEqual(self._kept()[0], (48.1, 11.5, 12.0))

    def test_no_other_entry_keeps_a_place(self):
        later = fields.Date.to_string(self.now.date() + timedelta(days=3))
        entries = [
            self._entry("outcome", outcome="talk", place=PLACE),
            self._entry("skipped", self.second, place=PLACE),
            self._entry("postponed", self.third, to=later, place=PLACE),
        ]
        self.assertEqual(self._status(*entries), ["saved"] * 3)
        self.assertEqual(self._kept(), [(0.0, 0.0, 0.0)] * 3)

    def test_taken_back_is_forgotten(self):
        self._send(self._entry("check_in", place=PLACE), self._entry("undone"))
        self.assertEqual(self._kept(), [(0.0, 0.0, 0.0)] * 3)
        self.assertEqual(self.first.state, "planned")
        self.assertFalse(self.first.check_in)

    def test_the_log_knows_no_place(self):
        """Nor does any field of the module that a rep's phone can reach."""
        self._send(self._entry("check_in", place=PLACE))
        fields_ = self.env["territory.trip.entry"]._fields
        self.assertFalse([name for name in fields_ if "itude" in name])
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(e)::text FROM territory_trip_entry e WHERE stop_id = %s",
            [self.first.id],
        )
        self.assertNotIn("48.1", str(self.env.cr.fetchall()))

    def test_a_place_that_is_none_is_refused(self):
        for place in ({"latitude": 91, "longitude": 0}, {"latitude": "x"}, [1, 2]):
            [answer] = self._send(self._entry("check_in", place=place))
            self.assertEqual(answer["status"], "refused")
        self.assertEqual(self.first.state, "planned")
