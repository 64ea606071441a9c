from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TerritoryCase


class ScenarioCase(TerritoryCase):
    """Four customers of one rep; a scenario that gives two of them to the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].union(
            *(cls._customer(name) for name in ("Alpha", "Beta", "Gamma", "Delta"))
        )
        cls._refresh()
        cls.accounts = cls.env["territory.account"].union(
            *(cls._account(partner) for partner in cls.partners)
        )
        # who has neither accounts nor a home yet is not taken for a rep
        cls.team.crm_team_member_ids.write(
            {"territory_start_latitude": 48.1, "territory_start_longitude": 11.5}
        )
        cls.scenario = cls.env["territory.scenario"].create({"name": "Fair"})
        cls.env["territory.run"].search([]).write({"state": "cancelled"})

    def _rep(self, user):
        return self.scenario.rep_ids.filtered(lambda rep: rep.user_id == user)

    def _solved(self, accounts, state="approved"):
        """The scenario as if solving had found these moves."""
        rep = self._rep(self.other_rep)
        self.env["territory.scenario.move"].create(
            [
                {
                    "scenario_id": self.scenario.id,
                    "company_id": self.company.id,
                    "account_id": account.id,
                    "partner_id": account.partner_id.id,
                    "name": account.name,
                    "from_user_id": account.user_id.id,
                    "to_rep_id": rep.id,
                    "relation_cost": 120.0,
                    "travel_saved": 500.0,
                }
                for account in accounts
            ]
        )
        self.scenario.write({"state": state})
        return self.scenario.with_user(self.manager)

    def _work(self):
        """What the scheduled action does, without its commits."""
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_kw: 99
        ):
            self.env["territory.run"]._cron_process()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestScenarioPublish(ScenarioCase):
    """Publishing is all or nothing; undoing puts exactly back what was."""

    def test_a_new_scenario_knows_the_team(self):
        self.assertEqual(self.scenario.rep_ids.user_id, self.rep | self.other_rep)
        self.assertEqual(self._rep(self.rep).hours, 40.0)

    def test_publishes_and_undoes(self):
        lead = self._lead(self.partners[0])
        lead.date_open = fields.Datetime.now() - timedelta(days=90)
        assigned = lead.date_open
        of_another = self._lead(self.partners[0], user_id=self.leader.id)
        won = self._lead(self.partners[1])
        won.action_set_won()
        call = self.partners[1].activity_schedule(
            "mail.mail_activity_data_call", user_id=self.rep.id
        )
        todo = lead.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.rep.id
        )
        scenario = self._solved(self.accounts[:2])
        scenario.action_schedule()
        self.assertEqual(self.scenario.state, "publishing")
        self.assertEqual(self.partners.user_id, self.rep, "nothing yet")
        self._work()
        self.assertEqual(self.scenario.state, "published", self.scenario.error)
        self.assertEqual(self.partners[:2].user_id, self.other_rep)
        self.assertEqual(self.accounts[:2].user_id, self.other_rep)
        self.assertEqual(self.partners[2:].user_id, self.rep)
        self.assertEqual(lead.user_id, self.other_rep)
        self.assertEqual(lead.team_id, self.team)
        self.assertEqual(of_another.user_id, self.leader)
        self.assertEqual(won.user_id, self.rep, "a won one stays whose it was")
        self.assertEqual((call | todo).user_id, self.other_rep)
        self.assertIn("2 customers, 1 open leads and 2", self.scenario.change_text)

        scenario.action_undo()
        self._work()
        self.assertEqual(self.scenario.state, "undone", self.scenario.error)
        self.assertEqual(self.partners.user_id, self.rep)
        self.assertEqual(lead.user_id, self.rep)
        self.assertEqual(lead.date_open, assigned)
        self.assertEqual((call | todo).user_id, self.rep)
        self.assertEqual(
            (self.scenario.restored_count, self.scenario.kept_count), (5, 0)
        )

    def test_leads_and_activities_only_if_asked(self):
        lead = self._lead(self.partners[0])
        self.scenario.write({"publish_leads": False, "publish_activities": False})
        self._solved(self.accounts[:2]).action_schedule()
        self._work()
        self.assertEqual(self.partners[:2].user_id, self.other_rep)
        self.assertEqual(lead.user_id, self.rep)

    def test_undo_leaves_alone_and_lists_what_changed_since(self):
        lead = self._lead(self.partners[1])
        scenario = self._solved(self.accounts[:3])
        scenario.action_schedule()
        self._work()
        self.partners[0].user_id = self.leader
        lead.user_id = self.leader
        self.partners[2].unlink()
        scenario.action_undo()
        self._work()
        self.assertEqual(self.partners[0].user_id, self.leader)
        self.assertEqual(self.partners[1].user_id, self.rep)
        self.assertEqual(lead.user_id, self.leader)
        self.assertEqual(self.scenario.kept_partner_ids, self.partners[0])
        self.assertEqual(self.scenario.kept_lead_ids, lead)
        self.assertEqual(
            (self.scenario.restored_count, self.scenario.kept_count), (1, 3)
        )

    # ------------------------------------------------------------------- on a date
    def test_waits_for_its_day(self):
        self.scenario.publish_date = self.company._territory_today() + timedelta(days=3)
        self._solved(self.accounts[:1]).action_schedule()
        Scenario = self.env["territory.scenario"]
        Scenario._cron_publish()
        self.assertEqual(self.scenario.state, "scheduled")
        self.scenario.publish_date = self.company._territory_today()
        Scenario._cron_publish()
        self._work()
        self.assertEqual(self.scenario.state, "published", self.scenario.error)
        self.assertEqual(self.scenario.publisher_id, self.manager)

    def test_taken_from_the_calendar_again(self):
        self.scenario.publish_date = self.company._territory_today() + timedelta(days=3)
        scenario = self._solved(self.accounts[:1])
        scenario.action_schedule()
        scenario.action_unschedule()
        self.scenario.publish_date = self.company._territory_today()
        self.env["territory.scenario"]._cron_publish()
        self.assertEqual(self.scenario.state, "approved")

    # ------------------------------------------------------------------- bad input
    def test_two_at_once_the_second_is_told(self):
        scenario = self._solved(self.accounts[:2])
        scenario.action_schedule()
        with self.assertRaisesRegex(UserError, "by now"):
            scenario.action_schedule()
        self._work()
        with self.assertRaisesRegex(UserError, "Published"):
            scenario.action_schedule()

    def test_account_deleted_in_between(self):
        scenario = self._solved(self.accounts[:2])
        scenario.action_schedule()
        self.partners[0].unlink()
        self._work()
        self.assertEqual(self.scenario.state, "approved")
        self.assertIn("Alpha", self.scenario.error)
        self.assertEqual(self.partners[1].user_id, self.rep, "nothing half done")
        scenario.action_leave_out_changed()
        scenario.action_schedule()
        self._work()
        self.assertEqual(self.scenario.state, "published", self.scenario.error)
        self.assertEqual(self.partners[1].user_id, self.other_rep)

    def test_account_archived_or_given_away_in_between(self):
        scenario = self._solved(self.accounts[:3])
        self.partners[0].active = False
        self.partners[1].user_id = self.leader
        with self.assertRaisesRegex(UserError, "2 accounts .* Alpha, Beta"):
            scenario.action_schedule()

    def test_rep_archived_in_between(self):
        scenario = self._solved(self.accounts[:2])
        scenario.action_schedule()
        self.other_rep.active = False
        self._work()
        self.assertEqual(self.scenario.state, "approved")
        self.assertIn(self.other_rep.name, self.scenario.error)
        self.assertIn("archived", self.scenario.error)
        self.assertEqual(self.partners.user_id, self.rep)

    def test_a_rep_to_be_hired_must_be_somebody(self):
        scenario = self._solved(self.accounts[:1], state="draft")
        hired = self.env["territory.scenario.rep"].create(
            {"scenario_id": self.scenario.id, "name": "New in Kiel"}
        )
        self.scenario.move_ids.to_rep_id = hired
        self.scenario.state = "approved"
        with self.assertRaisesRegex(UserError, "New in Kiel"):
            scenario.action_schedule()
        hired.with_user(self.manager).user_id = self.leader
        scenario.action_schedule()
        self._work()
        self.assertEqual(self.partners[0].user_id, self.leader)

    def test_a_failure_half_way_changes_nothing(self):
        lead = self._lead(self.partners[0])
        self._solved(self.accounts[:2]).action_schedule()
        failing = patch.object(
            type(self.scenario), "_activity_rows", side_effect=RuntimeError("disk full")
        )
        logger = mute_logger("odoo.addons.territory_planning.models.territory_run")
        with failing, logger:
            self._work()
        self.assertEqual(self.scenario.state, "approved")
        self.assertTrue(self.scenario.error)
        self.assertEqual(self.partners.user_id, self.rep)
        self.assertEqual(lead.user_id, self.rep)

    def test_somebody_at_the_same_record_means_once_more(self):
        self._solved(self.accounts[:2]).action_schedule()
        clash = iter([SerializationFailure()])
        hand_over = type(self.scenario)._hand_over

        def sometimes(scenario, moves):
            for error in clash:
                raise error
            return hand_over(scenario, moves)

        with patch.object(type(self.scenario), "_hand_over", sometimes):
            self._work()
        self.assertEqual(self.scenario.state, "published", self.scenario.error)
        self.assertEqual(self.partners[:2].user_id, self.other_rep)

    def test_a_publisher_who_lost_the_right(self):
        self._solved(self.accounts[:2]).action_schedule()
        self.manager.group_ids = [
            Command.set(self.env.ref("sales_team.group_sale_salesman").ids)
        ]
        self._work()
        self.assertEqual(self.scenario.state, "approved")
        self.assertEqual(self.partners.user_id, self.rep)

    # ---------------------------------------------------------------------- rights
    def test_leaders_read_and_comment_only(self):
        scenario = self._solved(self.accounts[:1], state="solved").with_user(
            self.leader
        )
        scenario.message_post(body="Alpha should stay")
        for action in ("action_approve", "action_draft", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(scenario, action)()
        with self.assertRaises(AccessError):
            scenario.write({"name": "Mine"})

    def test_results_are_not_typed_and_the_setup_is_closed(self):
        scenario = self._solved(self.accounts[:1])
        with self.assertRaises(AccessError):
            scenario.write({"state": "published"})
        with self.assertRaisesRegex(UserError, "Change Setup"):
            scenario.write({"band": 0.5})
        with self.assertRaisesRegex(UserError, "Change Setup"):
            scenario.rep_ids[0].write({"hours": 1.0})
        scenario.action_draft()
        scenario.write({"band": 0.5})

    def test_reps_see_own_handovers_once_published(self):
        scenario = self._solved(self.accounts[:2])
        moves = self.scenario.move_ids
        stranger = self._user("third.rep", "sales_team.group_sale_salesman")
        for user in (self.rep, self.other_rep, stranger):
            self.assertFalse(moves.with_user(user).search([]))
        scenario.action_schedule()
        self._work()
        for user, count in ((self.rep, 2), (self.other_rep, 2), (stranger, 0)):
            self.assertEqual(len(moves.with_user(user).search([])), count)
        with self.assertRaises(AccessError):
            self.scenario.with_user(self.rep).read(["name"])
        with self.assertRaises(AccessError):
            moves.with_user(self.rep).read(["relation_cost"])

    def test_both_reps_are_told(self):
        self._solved(self.accounts[:2]).action_schedule()
        self._work()
        told = self.env["mail.message"].search(
            [("subject", "=", "Accounts change hands")]
        )
        self.assertEqual(
            told.notified_partner_ids, (self.rep | self.other_rep).partner_id
        )
        self.assertIn("Alpha", told[0].body)

    def test_queries_do_not_grow_with_the_moves(self):
        """Ten times the accounts, the same number of queries but for bulk batches."""
        counts = []
        for number in (3, 30):
            partners = self.env["res.partner"].union(
                *(self._customer(f"{number}-{n}") for n in range(number))
            )
            self._refresh()
            accounts = self.env["territory.account"].search(
                [("partner_id", "in", partners.ids)]
            )
            self.scenario.move_ids.unlink()
            self._solved(accounts)
            self.scenario.publisher_id = self.manager
            self.scenario.state = "publishing"
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.scenario._publish()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 12, counts)
