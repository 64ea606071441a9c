from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestPlan(TerritoryCase):
    """The month: one per company, whole or untouched, within each rep's hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # just what today's visits take and two hours more: hours are scarce
        for member in cls.team.crm_team_member_ids:
            member.territory_hours = {cls.rep: 6.0, cls.other_rep: 2.0}[member.user_id]
        cls.large = cls._customer("Large")
        cls.small = cls._customer("Small", "Nürnberg")
        cls.foreign = cls._customer("Foreign", "Hamburg", user_id=cls.other_rep.id)
        for months in range(1, 25):
            cls._order(cls.large, cls._day(months), 20000.0)
            cls._order(cls.small, cls._day(months), 300.0)
            cls._order(cls.foreign, cls._day(months), 5000.0)
            for customer in (cls.large, cls.small):
                cls._visit(customer, cls._day(months))
            cls._visit(cls.foreign, cls._day(months), user=cls.other_rep)
        cls.prospect = cls._customer("Prospect")
        cls._lead(cls.prospect, 60000.0, 50.0)
        cls.lonely = cls._customer("Lonely", user_id=False)
        cls._order(cls.lonely, cls._day(2), 4000.0)

    @classmethod
    def _plan(cls):
        return cls.env["territory.plan"]._open_month(cls.company)

    def _line(self, plan, customer):
        return plan.line_ids.filtered(lambda line: line.partner_id == customer)

    # ----------------------------------------------------------------- figures
    def test_today_is_what_was_done(self):
        plan = self._plan()
        line = self._line(plan, self.large)
        self.assertAlmostEqual(line.visits_today, 1.0, 2)
        self.assertAlmostEqual(line.revenue_month, 20000.0)
        self.assertAlmostEqual(line.margin_rate, 0.4)
        self.assertEqual(line.hours_per_visit, 2.0)

    def test_hours_go_where_they_bring_most(self):
        plan = self._plan()
        large, small = self._line(plan, self.large), self._line(plan, self.small)
        self.assertGreater(large.visits_optimal, large.visits_today)
        self.assertGreater(large.allocation_factor, small.allocation_factor)
        self.assertAlmostEqual(
            large.allocation_factor, large.visits_optimal / large.visits_today, 2
        )
        self.assertGreaterEqual(large.expected_gain, small.expected_gain)
        self.assertLessEqual(large.gain_low, large.expected_gain)
        self.assertGreaterEqual(large.gain_high, large.expected_gain)

    def test_no_rep_gets_more_than_the_hours_there_are(self):
        plan = self._plan()
        for row in plan.plan_region_ids.filtered("user_id"):
            lines = row.line_ids
            self.assertLessEqual(
                sum(line.visits_recommended * line.hours_per_visit for line in lines),
                {self.rep: 6.0, self.other_rep: 2.0}[row.user_id] + 1e-6,
            )
            self.assertLessEqual(row.hours_optimal, row.hours_capacity + 1e-6)

    def test_the_certificate(self):
        plan = self._plan()
        self.assertLessEqual(plan.gap, 1e-6)
        self.assertGreaterEqual(plan.contribution_bound, plan.contribution)
        self.assertEqual(plan.hours_capacity, 8.0)

    def test_totals_are_the_sums_of_lines_and_rows(self):
        plan = self._plan()
        for field in ("expected_gain", "hours_today", "hours_optimal"):
            self.assertAlmostEqual(
                sum(plan.plan_region_ids.mapped(field)), plan[field], 0
            )
        self.assertAlmostEqual(
            sum(plan.line_ids.mapped("expected_gain")), plan.expected_gain, 0
        )
        self.assertEqual(
            sum(plan.plan_region_ids.mapped("account_count")), len(plan.line_ids)
        )

    def test_a_prospect_with_leads_is_worth_a_visit(self):
        self.team.crm_team_member_ids.territory_hours = 20.0
        line = self._line(self._plan(), self.prospect)
        self.assertGreater(line.visits_recommended, 0)
        self.assertFalse(line.allocation_factor)
        self.assertTrue(line.reason)

    def test_an_account_that_nobody_looks_after(self):
        line = self._line(self._plan(), self.lonely)
        self.assertEqual(line.reason_code, "nobody")
        self.assertFalse(line.user_id)
        self.assertEqual(line.visits_recommended, 0)

    def test_the_rep_of_its_region_steps_in(self):
        self.env["territory.region"].create(
            {
                "name": "Munich",
                "company_id": self.company.id,
                "country_ids": self.env.ref("base.de").ids,
                "zip_prefixes": "80",
                "user_id": self.other_rep.id,
            }
        )
        line = self._line(self._plan(), self.lonely)
        self.assertEqual(line.user_id, self.other_rep)
        self.assertEqual(line.region_id.name, "Munich")
        self.rep.active = False
        line = self._line(self._plan(), self.large)
        self.assertEqual(line.user_id, self.other_rep, "whose rep has left")

    def test_every_reason_is_a_sentence(self):
        plan = self._plan()
        codes = dict(plan.line_ids._fields["reason_code"].selection)
        line = plan.line_ids[0]
        for code in codes:
            line.reason_code = code
            self.assertRegex(line.reason, r"^[A-Z].*\.$")
            self.assertNotIn("%(", line.reason)

    def test_accounts_show_the_latest_plan(self):
        plan = self._plan()
        line = self._line(plan, self.large)
        account = self._account(self.large)
        self.assertEqual(account.plan_line_id, line)
        self.assertEqual(account.visits_recommended, line.visits_recommended)
        following = self.env["territory.plan"]._open(
            self.company, self.month + relativedelta(months=1)
        )
        following._compute_plan()
        line = self._line(following, self.large)
        self.assertEqual(account.plan_line_id, line)
        plan._compute_plan()
        self.assertEqual(account.plan_line_id, line, "an older month changes nothing")

    def test_a_month_that_is_over_keeps_its_figures(self):
        plan = self.env["territory.plan"]._open(
            self.company, self.month - relativedelta(months=1)
        )
        with self.assertRaisesRegex(UserError, "over"):
            plan.action_compute()

    def test_teams_show_their_result(self):
        plan = self._plan()
        team = self.team.with_user(self.leader).with_company(self.company)
        self.assertEqual(team.territory_hours, 8.0)
        rows = plan.plan_region_ids.filtered("user_id")
        self.assertAlmostEqual(
            team.territory_expected_gain, sum(rows.mapped("expected_gain")), 2
        )
        self.assertGreater(team.territory_shadow_price, 0.0)

    # ------------------------------------------------------------------ limits
    def test_least_and_most_visits_hold(self):
        self._plan()
        self._account(self.small).visits_min = 1.5
        self._account(self.large).visits_max = 1.0
        plan = self._plan()
        self.assertGreaterEqual(self._line(plan, self.small).visits_optimal, 1.5 - 1e-6)
        self.assertLessEqual(self._line(plan, self.large).visits_optimal, 1 + 1e-6)
        self.assertLessEqual(self._line(plan, self.large).visits_recommended, 1)

    def test_least_visits_over_the_hours_name_who_and_how_much(self):
        plan = self._plan()
        before = plan.line_ids
        self._account(self.small).visits_min = 50.0
        with self.assertRaisesRegex(
            UserError, r"rep .*need 100 hours.*only 6\..*Small"
        ):
            plan._compute_plan()
        self.assertTrue(before.exists(), "a plan that cannot be computed stays")

    def test_no_hours_at_all(self):
        self.team.crm_team_member_ids.territory_hours = 0.0
        plan = self._plan()
        self.assertEqual(sum(plan.line_ids.mapped("visits_recommended")), 0)
        self.assertEqual(sum(plan.line_ids.mapped("visits_optimal")), 0)
        for row in plan.plan_region_ids.filtered("user_id"):
            self.assertTrue(0 < row.shadow_price < 1e6, "worth of the first hour")

    def test_an_empty_company(self):
        empty = self.env["res.company"].create({"name": "Empty"})
        plan = self.env["territory.plan"]._open_month(empty)
        self.assertFalse(plan.line_ids)
        self.assertTrue(plan.computed_on)
        self.assertEqual(plan.expected_gain, 0.0)

    def test_settings_out_of_bounds_name_the_field(self):
        for field, value in (
            ("territory_carry_over", 1.0),
            ("territory_history_months", 3),
            ("territory_prior_sd", 0.0),
            ("territory_hours_per_visit", float("nan")),
        ):
            label = self.company._fields[field].string
            with self.subTest(field):
                with self.assertRaises(ValidationError) as caught:
                    self.company[field] = value
                self.assertIn(label, str(caught.exception))

    # ------------------------------------------------------------------- cycle
    def test_opening_twice_is_one_plan(self):
        plan = self._plan()
        self.assertEqual(self._plan(), plan)
        self.assertEqual(len(plan.line_ids), 5)

    @mute_logger("odoo.sql_db")
    def test_a_plan_covers_a_whole_month(self):
        with self.assertRaises(ValidationError):
            self.env["territory.plan"]._open(
                self.company, self.month + relativedelta(day=2)
            )

    def test_the_scheduled_action_opens_every_month_once(self):
        cron = self.env.ref("territory_planning.cron_month")
        self.assertEqual((cron.interval_type, cron.interval_number), ("days", 1))
        self.env["territory.plan"]._cron_open_month()
        self.env["territory.plan"]._cron_open_month()
        plan = self.env["territory.plan"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(plan), 1)
        self.assertEqual(plan.date_from, self.month)
        self.assertEqual(plan.run_state, "waiting")
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=99
        ):
            self.env["territory.run"]._cron_process()
        self.assertEqual(plan.run_state, "done")
        self.assertEqual(len(plan.line_ids), 5)
        computed = plan.computed_on
        self.env["territory.plan"]._cron_open_month()
        self.assertEqual((plan.run_state, plan.computed_on), ("done", computed))

    def test_an_agreed_plan_keeps_its_figures(self):
        plan = self._plan()
        plan.action_agree()
        with self.assertRaisesRegex(UserError, "draft"):
            plan.action_compute()
        plan._reopen("review", "Wrong figures")
        with self.assertRaisesRegex(UserError, "draft"):
            plan.action_compute()

    def test_a_plan_without_figures_cannot_be_agreed(self):
        plan = self.env["territory.plan"]._open(self.company)
        with self.assertRaises(UserError):
            plan.action_agree()

    def test_the_same_data_gives_the_same_plan(self):
        plan = self._plan()
        fields = ["visits_optimal", "visits_recommended", "expected_gain", "gain_low"]
        before = {line.account_id: line.read(fields)[0] for line in plan.line_ids}
        plan._compute_plan()
        for line in plan.line_ids:
            now = line.read(fields)[0]
            self.assertEqual(
                [now[f] for f in fields], [before[line.account_id][f] for f in fields]
            )

    def test_archived_customers_leave_the_plan(self):
        self.small.active = False
        self.assertFalse(self._line(self._plan(), self.small))

    def test_queries_do_not_grow_with_accounts(self):
        def count():
            plan.expected_gain = 0.0  # so that there are totals to write each time
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plan._compute_plan()
            plan._compute_sizing()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        plan = self._plan()
        few = count()
        customers = self.env["res.partner"].create(
            [
                {"name": f"Customer {n}", "is_company": True, "user_id": self.rep.id}
                for n in range(200)
            ]
        )
        self._refresh()
        # new lines, and the rows of the regions that they change
        self.assertLessEqual(count(), few + 2)
        self.assertEqual(count(), few)
        self.assertEqual(len(plan.line_ids), 5 + len(customers))

    def test_a_deleted_customer_takes_its_rows_along(self):
        plan = self._plan()
        self._account(self.prospect)
        self.env["crm.lead"].search([("partner_id", "=", self.prospect.id)]).unlink()
        self.prospect.unlink()
        self.assertEqual(len(plan.line_ids.exists()), 4)

    def test_two_companies_plan_apart(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        self.env.user.company_ids = [Command.link(sister.id)]
        theirs = self.env["territory.plan"]._open_month(sister)
        ours = self._plan()
        self.assertNotEqual(theirs, ours)
        self.assertFalse(theirs.line_ids)
        self.assertEqual(set(ours.line_ids.company_id), {self.company})
