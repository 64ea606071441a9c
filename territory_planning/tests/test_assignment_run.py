from contextlib import suppress
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import territory_assignment, territory_assignment_work
from ..models.territory_run_assign import CLASHES
from .test_assignment import AssignmentCase


@tagged("post_install", "-at_install")
class TestAssignmentRun(AssignmentCase):
    """Many accounts are changed in the background: two at a time, in this test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(territory_assignment, "AT_ONCE", 2))
        cls.startClassPatcher(patch.object(territory_assignment_work, "BATCH", 2))
        cls.Assignment = type(cls.env["territory.assignment"])
        # what the region of the setup set off would come first
        cls.env["territory.run"].search([]).write({"state": "cancelled"})

    def _work(self, steps=99):
        """What the scheduled action does, without its commits, so many steps of it."""
        left = iter([99] * (steps - 1) + [0])
        with patch.object(
            type(self.env["ir.cron"]),
            "_commit_progress",
            lambda _self, processed=0, **_kw: next(left) if processed else 99,
        ):
            self.env["territory.run"]._cron_process()

    def _told(self):
        """Collect what is sent to whom meanwhile."""
        sent = []

        def send(user, kind, message, **_kw):
            if kind == "territory_planning.run":
                sent.append((user.login, message))

        self.patch(type(self.env["res.users"]), "_bus_send", send)
        return sent

    def test_waits_then_is_done_and_undone_exactly(self):
        before = self._users()
        sent = self._told()
        assignment, infos = self._assign(
            self.leader, self.accounts, "rep", user_id=self.other_rep.id
        )
        self.assertEqual((infos["state"], infos["changed"]), ("waiting", 0))
        self.assertEqual(self._users(), before, "nothing yet")
        self._work(1)
        self.assertEqual((assignment.state, assignment.progress), ("waiting", 0.5))
        run = self.env["territory.run"].search([("kind", "=", "assign")])
        self.assertEqual((run.state, run.progress), ("running", 0.5))
        self._work()
        self.assertEqual(set(self._users()), {self.other_rep})
        self.assertEqual((assignment.state, assignment.account_count), ("done", 3))
        self.assertEqual(run.state, "done")
        self.assertEqual([login for login, _message in sent], ["leader", "leader"])
        self.assertEqual([m["progress"] for _login, m in sent], [0.5, 1.0])
        self.assertIn("3 accounts now looked after", sent[-1][1]["message"])
        self.assertIn("other 1", sent[-1][1]["message"])

        answer = assignment.undo_from_map()
        self.assertEqual(answer["state"], "undoing")
        self._work()
        self.assertEqual(self._users(), before)
        self.assertEqual((assignment.state, assignment.restored_count), ("undone", 3))
        self.assertIn("as they were", sent[-1][1]["message"])
        self.assertEqual(assignment.undone_by_id, self.leader)

    def test_regions_and_tags(self):
        special = self.env["territory.region"].create(
            {"name": "Special", "company_id": self.company.id}
        )
        blue = self.env["res.partner.category"].create({"name": "Blue"})
        self.partners[0].category_id = blue
        before = [account.region_id for account in self.accounts]
        by_region, _infos = self._assign(
            self.leader, self.accounts, "region", region_id=special.id
        )
        by_tag, _infos = self._assign(
            self.leader, self.accounts, "tag", tag_ids=blue.ids
        )
        self._work()
        self.assertEqual(self.accounts.region_id, special)
        self.assertEqual(set(self.partners.mapped("category_id")), {blue})
        by_region.undo_from_map()
        by_tag.undo_from_map()
        self._work()
        self.assertEqual([account.region_id for account in self.accounts], before)
        self.assertEqual(
            [bool(partner.category_id) for partner in self.partners],
            [True, False, False, False],
            "Alpha had it before",
        )

    def test_undone_midway_puts_back_what_was_done(self):
        before = self._users()
        assignment, _infos = self._assign(
            self.leader, self.accounts, "rep", user_id=self.other_rep.id
        )
        self._work(1)
        self.assertNotEqual(self._users(), before)
        assignment.undo_from_map()
        self._work()
        self.assertEqual(self._users(), before)
        self.assertEqual(assignment.state, "undone")

    def test_changed_since_is_left_alone(self):
        assignment, _infos = self._assign(
            self.leader, self.accounts, "rep", user_id=self.other_rep.id
        )
        self._work()
        self.partners[1].user_id = self.manager
        assignment.undo_from_map()
        self._work()
        self.assertEqual(assignment.kept_partner_ids, self.partners[1])
        self.assertEqual((assignment.restored_count, assignment.kept_count), (2, 1))

    def test_two_at_once_are_done_one_after_the_other(self):
        before = self._users()
        first, _infos = self._assign(
            self.leader, self.accounts, "rep", user_id=self.other_rep.id
        )
        second, _infos = self._assign(
            self.manager, self.accounts, "rep", user_id=self.manager.id
        )
        self._work()
        self.assertEqual(set(self._users()), {self.manager}, "the later one stands")
        self.assertEqual((first.state, second.state), ("done", "done"))
        second.undo_from_map()
        self._work()
        self.assertEqual(set(self._users()), {self.other_rep})
        first.undo_from_map()
        self._work()
        self.assertEqual(self._users(), before)

    def test_a_killed_server_goes_on(self):
        assignment, _infos = self._assign(
            self.leader, self.accounts, "rep", user_id=self.other_rep.id
        )
        self._work(1)

        class Killed(BaseException):
            pass

        def die(_self, _accounts):
            raise Killed

        with patch.object(self.Assignment, "_apply", die), suppress(Killed):
            self._work(1)
        self.assertEqual(assignment.account_count, 2, "the first batch is kept")
        run = self.env["territory.run"].search([("kind", "=", "assign")])
        self.assertEqual((run.state, run.attempts), ("running", 1))
        self._work()
        self.assertEqual((assignment.state, assignment.account_count), ("done", 3))
        self.assertEqual(set(self._users()), {self.other_rep})

    def test_the_rights_are_those_of_who_asked(self):
        """Whoever is no leader any more when it is their turn changes nothing more."""
        assignment, _infos = self._assign(
            self.leader, self.accounts, "rep", user_id=self.other_rep.id
        )
        others, _infos = self._assign(
            self.manager, self.accounts, "rep", user_id=self.manager.id
        )
        self.leader.group_ids = self.env.ref("sales_team.group_sale_salesman")
        before = self._users()
        self._work(1)
        self.assertEqual(assignment.state, "stopped")
        self.assertIn("lead a sales team", assignment.sudo().error)
        self.assertEqual(self._users(), before)
        self._work()
        self.assertEqual(others.state, "done", "the others go on")

    def test_accounts_that_closed_are_left_alone_and_counted(self):
        """A rep's tags: an account given to somebody else meanwhile is not theirs."""
        blue = self.env["res.partner.category"].create({"name": "Blue"})
        mine = self.alpha | self.beta | self.delta
        sent = self._told()
        assignment, _infos = self._assign(self.rep, mine, "tag", tag_ids=blue.ids)
        self.partners[1].user_id = self.other_rep
        self._work()
        self.assertEqual(
            [bool(partner.category_id) for partner in self.partners],
            [True, False, False, True],
        )
        self.assertEqual((assignment.state, assignment.closed_count), ("done", 1))
        self.assertIn("not open to you", sent[-1][1]["message"])

    def test_a_target_that_is_gone(self):
        special = self.env["territory.region"].create(
            {"name": "Special", "company_id": self.company.id}
        )
        assignment, _infos = self._assign(
            self.leader, self.accounts, "region", region_id=special.id
        )
        by_hand = self.alpha.region_manual_id
        special.unlink()
        self._work()
        self.assertEqual(assignment.state, "stopped")
        self.assertIn("deleted", assignment.error)
        self.assertEqual(self.alpha.region_manual_id, by_hand)
        rep, _infos = self._assign(
            self.leader, self.accounts, "rep", user_id=self.other_rep.id
        )
        self.other_rep.active = False
        before = self._users()
        self._work()
        self.assertIn("internal user", rep.error)
        self.assertEqual(self._users(), before)
        self.other_rep.active = True
        with self.assertRaisesRegex(AccessError, "Only leader"):
            rep.with_user(self.manager).action_continue()
        rep.action_continue()
        self._work()
        self.assertEqual(rep.state, "done")
        self.assertEqual(set(self._users()), {self.other_rep})

    def test_a_clash_is_done_again_and_not_for_ever(self):
        assignment, _infos = self._assign(
            self.leader, self.accounts, "rep", user_id=self.other_rep.id
        )
        apply, clashes = self.Assignment._apply, iter([True, True, False, False])

        def clash(record, accounts):
            rows = apply(record, accounts)
            if next(clashes):
                raise SerializationFailure
            return rows

        with patch.object(self.Assignment, "_apply", clash):
            self._work()
        self.assertEqual((assignment.state, assignment.account_count), ("done", 3))
        assignment, _infos = self._assign(
            self.leader, self.accounts, "rep", user_id=self.manager.id
        )
        with patch.object(self.Assignment, "_apply", side_effect=SerializationFailure):
            self._work(CLASHES)
            self.assertEqual(assignment.state, "waiting")
            self._work()
        self.assertEqual(assignment.state, "stopped")
        self.assertEqual(set(self._users()), {self.other_rep})

    def test_an_unexpected_error_stops_it_alone(self):
        assignment, _infos = self._assign(
            self.leader, self.accounts, "rep", user_id=self.other_rep.id
        )
        before = self._users()
        with (
            mute_logger("odoo.addons.territory_planning.models.territory_run"),
            patch.object(self.Assignment, "_apply", side_effect=ZeroDivisionError),
        ):
            self._work()
        self.assertEqual(assignment.state, "stopped")
        self.assertEqual(self._users(), before)
        run = self.env["territory.run"].search([("kind", "=", "assign")])
        self.assertEqual(run.state, "failed")
        run.with_user(self.manager).action_retry()
        self._work()
        self.assertEqual((assignment.state, run.state), ("done", "done"))

    def test_cancelled_by_a_manager(self):
        assignment, _infos = self._assign(
            self.leader, self.accounts, "rep", user_id=self.other_rep.id
        )
        self._work(1)
        run = self.env["territory.run"].search([("kind", "=", "assign")])
        run.with_user(self.manager).action_cancel()
        self.assertEqual((run.state, assignment.state), ("cancelled", "stopped"))
        half = self._users()
        self._work()
        self.assertEqual(self._users(), half)
        assignment.undo_from_map()
        self._work()
        self.assertEqual(assignment.state, "undone")

    def test_undo_that_stopped_is_taken_over(self):
        before = self._users()
        assignment, _infos = self._assign(
            self.leader, self.accounts, "rep", user_id=self.other_rep.id
        )
        self._work()
        assignment.undo_from_map()
        self._work(1)
        self.leader.active = False
        self._work()
        self.assertEqual(assignment.sudo().state, "stopped")
        other = self._as(self.manager, "territory.assignment").browse(assignment.id)
        with self.assertRaisesRegex(UserError, "Go On"):
            other.undo_from_map()
        other.action_continue()
        self._work()
        self.assertEqual(self._users(), before)
        self.assertEqual((other.restored_count, other.kept_count), (3, 0))

    def test_a_batch_costs_the_same_however_large(self):
        """Grouped writes: ten times the accounts, the same queries."""

        def count(batch, rep):
            self.patch(territory_assignment_work, "BATCH", batch)
            self._assign(self.leader, many, "rep", user_id=rep.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._work(1)
            self.env.flush_all()
            taken = self.cr.sql_log_count - before
            self._work()
            return taken

        partners = self.env["res.partner"]
        for number in range(60):
            partners |= self._customer(f"More {number}", user_id=False)
        many = (
            self.env["territory.account"]
            .sudo()
            .create(
                [
                    {"company_id": self.company.id, "partner_id": partner.id}
                    for partner in partners
                ]
            )
        )
        count(6, self.rep)
        few = count(6, self.other_rep)
        self.assertLessEqual(count(60, self.manager), few + 5)
