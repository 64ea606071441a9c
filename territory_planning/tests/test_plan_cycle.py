from datetime import date

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestPlanCycle(TerritoryCase):
    """Draft, collecting, review, agreed, closed: by people and by the clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._customer("Own")
        cls.others = cls._customer("Colleague's", user_id=cls.other_rep.id)
        for months in range(1, 15):
            cls._order(cls.own, cls._day(months), 5000.0)
            cls._order(cls.others, cls._day(months), 3000.0)
            cls._visit(cls.own, cls._day(months))
            cls._visit(cls.others, cls._day(months), user=cls.other_rep)
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)

    @classmethod
    def _turn(cls):
        cls.env["territory.plan"]._turn(cls.company)

    def _rep_row(self, user=None):
        user = user or self.rep
        return self.plan.rep_ids.filtered(lambda rep: rep.user_id == user)

    def _plans(self):
        return self.env["territory.plan"].search([("company_id", "=", self.company.id)])

    # -------------------------------------------------------------- by people
    def test_every_rep_with_accounts_is_asked_once(self):
        self.plan.with_user(self.manager).action_collect()
        self.assertEqual(self.plan.state, "collecting")
        self.assertEqual(self.plan.rep_ids.user_id, self.rep | self.other_rep)
        self.assertEqual(self.plan.rep_ids.team_id, self.team)
        self.assertEqual(
            self.plan._reminders().user_id, self.rep | self.other_rep, "an activity"
        )
        self.assertEqual(self.plan.due_date, self.plan._reminders()[0].date_deadline)

    def test_review_comes_when_nobody_is_missing(self):
        self.plan.action_collect()
        self._rep_row().with_user(self.rep).action_give()
        self.assertEqual(self.plan.state, "collecting")
        self.assertEqual(self.plan._reminders().user_id, self.other_rep)
        # a leader may answer for a rep
        self._rep_row(self.other_rep).with_user(self.leader).action_give()
        self.assertEqual(self.plan.state, "review")
        self.assertEqual(self._rep_row(self.other_rep).given_by_id, self.leader)

    def test_how_far_each_rep_is(self):
        self.plan.action_collect()
        row = self._rep_row().with_user(self.rep)
        self.assertEqual((row.line_count, row.answered_count), (1, 0))
        self.plan.line_ids.filtered(lambda r: r.user_id == self.rep).answered = True
        row.invalidate_recordset()
        self.assertEqual((row.answered_count, row.progress), (1, 100.0))

    def test_a_rep_speaks_for_nobody_else(self):
        self.plan.action_collect()
        with self.assertRaises(AccessError):
            self._rep_row(self.other_rep).with_user(self.rep).action_give()
        with self.assertRaises(AccessError):
            self._rep_row().with_user(self.rep).write({"state": "given"})

    def test_only_the_sales_leader_moves_the_plan(self):
        for user in (self.rep, self.leader):
            for action in ("action_collect", "action_agree"):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    getattr(self.plan.with_user(user), action)()
        with self.assertRaises(AccessError):
            self.plan.with_user(self.manager).state = "agreed"

    def test_no_figures_no_questions(self):
        plan = self.env["territory.plan"]._open(
            self.company, self.month + relativedelta(months=1)
        )
        with self.assertRaisesRegex(UserError, "no figures"):
            plan.action_collect()

    def test_figures_stay_once_reps_were_asked(self):
        self.plan.action_collect()
        with self.assertRaisesRegex(UserError, "draft"):
            self.plan.action_compute()
        self.plan.action_draft()
        self.assertFalse(self.plan.rep_ids)
        self.assertFalse(self.plan._reminders())
        self.plan.action_compute()
        with self.assertRaisesRegex(UserError, "being computed"):
            self.plan.action_collect()

    def test_back_to_draft_loses_no_view(self):
        self.plan.action_collect()
        self._rep_row().action_give()
        with self.assertRaisesRegex(UserError, "would lose"):
            self.plan.action_draft()

    def test_open_again_needs_a_reason_and_keeps_it(self):
        self.plan.action_agree()
        self.assertTrue(self.plan.agreed_on)
        wizard = (
            self.env["territory.plan.reopen"]
            .with_user(self.manager)
            .create({"plan_id": self.plan.id, "reason": "  "})
        )
        with self.assertRaisesRegex(UserError, "Reason"):
            wizard.action_reopen()
        wizard.reason = "A strike"
        wizard.action_reopen()
        self.assertEqual(self.plan.state, "review")
        change = self.plan.change_ids
        self.assertEqual(
            (change.kind, change.reason, change.author_id),
            ("state", "A strike", self.manager),
        )
        self.assertIn("A strike", self.plan.message_ids[0].body)
        with self.assertRaises(AccessError):
            self.plan.with_user(self.leader)._reopen("review", "x")

    def test_what_was_changed_stays(self):
        self.plan.action_agree()
        self.plan._reopen("review", "A strike")
        with self.assertRaises(UserError):
            self.plan.change_ids.reason = "Nothing"
        with self.assertRaises(UserError):
            self.plan.change_ids.unlink()
        self.plan.unlink()  # the plan takes them along

    # ------------------------------------------------------------- by the clock
    def test_the_clock_asks_reminds_and_closes(self):
        with freeze_time(self.month + relativedelta(days=1, hours=12)):
            self._turn()
        self.assertEqual(self.plan.state, "collecting")
        self._rep_row(self.other_rep).action_give()
        with freeze_time(self.plan.due_date + relativedelta(days=1, hours=12)):
            self.env.invalidate_all()
            self.assertTrue(self._rep_row().is_late)
            self.assertFalse(self._rep_row(self.other_rep).is_late)
            self.assertEqual(self.plan.with_user(self.leader).late_count, 1)
            late = self.env["territory.plan.rep"].search([("is_late", "=", True)])
            self.assertIn(self._rep_row(), late)
            self.assertNotIn(self._rep_row(self.other_rep), late)
            self._turn()
            reminder = self.plan._reminders()
            self.assertEqual(reminder.user_id, self.rep)
            self.assertIn("Late", reminder.summary)
            self._turn()
            self.assertEqual(self.plan._reminders(), reminder, "once")
        with freeze_time(self.month + relativedelta(months=1, days=1, hours=12)):
            self.env.invalidate_all()
            self._turn()
        self.assertEqual(self.plan.state, "closed")
        self.assertFalse(self.plan._reminders())

    def test_missed_for_two_months(self):
        """What is over is closed, what is due is opened, and nothing in between."""
        later = self.month + relativedelta(months=3)
        with freeze_time(later + relativedelta(days=2, hours=12)):
            self._turn()
            self._turn()
        plans = self._plans().sorted("date_from")
        self.assertEqual(plans.mapped("date_from"), [self.month, later])
        self.assertEqual(plans[0].state, "closed")
        self.assertEqual(plans[1].state, "draft")
        self.assertEqual(plans[1].run_state, "waiting")

    def test_opened_some_working_days_before(self):
        self.company.territory_open_days = 3
        first = date(2027, 3, 1)  # a Monday
        self.assertEqual(self.company._territory_open_day(first), date(2027, 2, 24))
        following = self.month + relativedelta(months=1)
        day = self.company._territory_open_day(following)
        self.assertLess(day, following)
        with freeze_time(day + relativedelta(hours=12)):
            self._turn()
        self.assertIn(following, self._plans().mapped("date_from"))

    def test_who_has_left_is_not_waited_for(self):
        self.plan.action_collect()
        self.rep.active = False
        self._rep_row(self.other_rep).action_give()
        self._turn()
        self.assertEqual(self._rep_row().state, "left")
        self.assertEqual(self.plan.state, "review")

    def test_a_company_added_later_has_its_own_cycle(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        self.env["territory.plan"]._cron_open_month()
        self.assertFalse(
            self.env["territory.plan"].search([("company_id", "=", sister.id)]),
            "nothing sold yet",
        )

    @mute_logger("odoo.addons.territory_planning.models.territory_plan_clock")
    def test_trouble_of_one_company_stops_no_other(self):
        original = type(self.plan)._turn

        def turn(model, company):
            if company == self.company:
                raise UserError(model.env._("No"))
            return original(model, company)

        self.patch(type(self.plan), "_turn", turn)
        self.env["territory.plan"]._cron_open_month()
        self.assertEqual(self.plan.state, "draft")

    def test_settings_out_of_bounds_name_the_field(self):
        for name, value in (("territory_open_days", 16), ("territory_collect_days", 0)):
            label = self.company._fields[name].string
            with self.subTest(name), self.assertRaisesRegex(ValidationError, label):
                self.company[name] = value
            self.company[name] = 5

    @mute_logger("odoo.sql_db")
    def test_a_plan_opened_twice_is_refused_by_the_database(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["territory.plan"].create(
                {"company_id": self.company.id, "date_from": self.month}
            )
            self.env.flush_all()
