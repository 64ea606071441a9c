from unittest.mock import patch

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.territory_run import ATTEMPTS, TerritoryRun
from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestRun(TerritoryCase):
    """A computation goes on where it was, fails in a sentence, and is done once."""

    def _work(self):
        """What the scheduled action does, without its commits."""
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=99
        ):
            self.env["territory.run"]._cron_process()

    def test_one_step_at_a_time_until_done(self):
        run = self.env["territory.run"]._start("refresh", self.company)
        self.assertEqual((run.state, run.progress), ("waiting", 0.0))
        seen = []
        original = TerritoryRun._do_step

        def step(self):
            original(self)
            seen.append((self.step, round(self.progress, 2), self.state))

        with patch.object(TerritoryRun, "_do_step", step):
            self._work()
        self.assertEqual(seen, [(1, 0.5, "running"), (2, 1.0, "done")])
        self.assertIn("accounts", run.result)
        self.assertTrue(run.date_end)

    def test_starting_twice_is_one_run(self):
        first = self.env["territory.run"]._start("refresh", self.company)
        self.assertEqual(
            self.env["territory.run"]._start("refresh", self.company), first
        )
        self._work()
        self.assertNotEqual(
            self.env["territory.run"]._start("refresh", self.company), first
        )

    def test_begun_by_two_at_the_same_moment_it_is_asked_for_again(self):
        """The one who comes second is not told of an error: the request is repeated."""
        other = UniqueViolation("duplicate key value")
        runs = type(self.env["territory.run"])
        with patch.object(runs, "create", side_effect=other):
            with self.assertRaises(ConcurrencyError):
                self.env["territory.run"]._start("refresh", self.company)

    def test_a_cut_off_run_goes_on_with_its_step(self):
        run = self.env["territory.run"]._start("refresh", self.company)
        run.write({"state": "running", "step": 1, "attempts": 1, "result": {"kept": 1}})
        with patch.object(
            type(self.env["territory.account"]), "_refresh", side_effect=AssertionError
        ):
            self._work()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.result["kept"], 1)

    def test_a_step_that_keeps_killing_its_server_is_given_up(self):
        run = self.env["territory.run"]._start("refresh", self.company)
        run.write({"state": "running", "attempts": ATTEMPTS})
        self._work()
        self.assertEqual(run.state, "failed")
        self.assertIn("Retry", run.error)
        run.action_retry()
        self._work()
        self.assertEqual(run.state, "done")
        self.assertFalse(run.error)

    def test_a_failing_step_changes_nothing_and_says_so(self):
        run = self.env["territory.run"]._start("refresh", self.company)
        name = self.company.name

        def fail(model, company):
            company.name = "Half done"
            raise UserError(model.env._("Account Alpha has no margin."))

        with patch.object(type(self.env["territory.account"]), "_refresh", fail):
            self._work()
        self.assertEqual(run.state, "failed")
        self.assertEqual(run.error, "Account Alpha has no margin.")
        self.assertEqual(self.company.name, name)

    def test_an_unexpected_failure_shows_no_insides(self):
        run = self.env["territory.run"]._start("refresh", self.company)
        with (
            patch.object(
                type(self.env["territory.account"]),
                "_refresh",
                side_effect=KeyError("secret"),
            ),
            mute_logger("odoo.addons.territory_planning.models.territory_run"),
        ):
            self._work()
        self.assertEqual(run.state, "failed")
        self.assertNotIn("secret", run.error)

    def test_a_step_that_met_a_change_is_done_again(self):
        """What two wrote at the same moment is no failure: the step is begun anew."""
        run = self.env["territory.run"]._start("refresh", self.company)
        accounts = type(self.env["territory.account"])
        original = accounts._refresh
        calls = []

        def meet(model, company):
            calls.append(company)
            if len(calls) == 1:
                raise SerializationFailure("could not serialize access")
            return original(model, company)

        with (
            patch.object(accounts, "_refresh", meet),
            patch.object(TerritoryRun, "_begin_anew") as anew,
        ):
            self._work()
        self.assertEqual((run.state, run.error), ("done", False))
        self.assertEqual((len(calls), anew.call_count), (2, 1))

    def test_a_step_that_makes_what_was_just_made_is_done_again(self):
        run = self.env["territory.run"]._start("refresh", self.company)
        accounts = type(self.env["territory.account"])
        effects = [ConcurrencyError("The same was made at this moment."), {}]
        with (
            patch.object(accounts, "_refresh", side_effect=effects),
            patch.object(TerritoryRun, "_begin_anew") as anew,
        ):
            self._work()
        self.assertEqual((run.state, anew.call_count), ("done", 1))

    def test_a_step_that_always_meets_changes_is_given_up(self):
        run = self.env["territory.run"]._start("refresh", self.company)
        with (
            patch.object(
                type(self.env["territory.account"]),
                "_refresh",
                side_effect=SerializationFailure("could not serialize access"),
            ),
            patch.object(TerritoryRun, "_begin_anew"),
        ):
            self._work()
        self.assertEqual(run.state, "failed")
        self.assertIn("interrupted", run.error)

    def test_a_cancelled_run_is_left_alone(self):
        run = self.env["territory.run"]._start("refresh", self.company)
        run.action_cancel()
        self._work()
        self.assertEqual((run.state, run.step), ("cancelled", 0))

    def test_reps_see_no_runs(self):
        run = self.env["territory.run"]._start("refresh", self.company)
        with self.assertRaises(AccessError):
            run.with_user(self.rep).read(["state"])
        with self.assertRaises(AccessError):
            run.with_user(self.leader).action_retry()
        self.assertEqual(run.with_user(self.leader).state, "waiting")
