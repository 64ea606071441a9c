import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestPlanLearn(TerritoryCase):
    """At the end: promised against realised, curves that take it in, forecasts judged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = [cls._customer(f"Customer {n:02}") for n in range(24)]
        for customer in cls.customers:
            for months in (1, 2, 3, 5, 8, 11):
                cls._order(customer, cls._day(months), 4000.0)
                cls._visit(customer, cls._day(months))
        cls.others = cls._customer("Colleague's", user_id=cls.other_rep.id)
        cls._order(cls.others, cls._day(2), 4000.0)
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)
        cls.plan.action_collect()
        for number, line in enumerate(cls.plan.line_ids.sorted("id")):
            cls.env["territory.plan"].with_user(line.user_id).save_territory_entries(
                [
                    {
                        "uuid": f"learn-{number:05}",
                        "line_id": line.id,
                        "version": 0,
                        "visits": 1,
                        "sales": 2500.0,
                    }
                ]
            )
        cls.plan.action_agree()

    def _close(self):
        """Close the month with what each line has brought; its run is done at once."""
        after = self.month + relativedelta(months=1, days=1, hours=12)
        with freeze_time(after):
            self.env["territory.plan"]._turn(self.company)
        self.plan._learn()

    def _bring(self, factor_more):
        """Half of the accounts are visited twice as often and buy more."""
        chance = random.Random(4)
        lines = self.plan.line_ids.filtered(lambda r: r.user_id == self.rep).sorted(
            "id"
        )
        for number, line in enumerate(lines):
            more = number % 2
            usual = max(line.visits_today, 0.04)
            line.visits_done = 0
            line.visits_today = usual
            sales = line.revenue_expected * (line.season or 1.0)
            line.sales_realised = (
                sales * (factor_more if more else 1.0) * chance.uniform(0.9, 1.1)
            )
            # whole visits around usual ones: as often, or twice as often
            line.visits_today = 1.0
            line.visits_done = 2 if more else 1
        return lines

    def test_promised_and_realised(self):
        lines = self._bring(1.5)
        self._close()
        effects = {effect.scope: effect for effect in self.plan.effect_ids}
        company = effects["company"]
        self.assertEqual(company.changed, len(lines) // 2)
        self.assertTrue(company.known)
        self.assertGreater(company.realised_low, 0)
        self.assertLess(company.realised_low, company.realised)
        self.assertGreater(company.realised_high, company.realised)
        self.assertGreater(company.elasticity, 0.3)
        self.assertIn("came", company.conclusion)
        self.assertTrue(effects["segment"].name)

    def test_the_next_plan_takes_it_in_and_says_so(self):
        before = self.plan.line_ids.filtered(lambda r: r.user_id == self.rep)
        before = before.sorted("id")[0].elasticity
        self._bring(1.7)
        self._close()
        learnt = self.env["territory.plan"]._learnt(self.company)
        self.assertTrue(learnt)
        following = self.env["territory.plan"]._open(
            self.company, self.month + relativedelta(months=1)
        )
        following._compute_plan()
        segment = next(iter(learnt))
        lines = following.line_ids.filtered(lambda r: r.segment == segment)
        self.assertEqual(set(lines.mapped("curve_origin")), {"learnt"})
        self.assertGreater(lines[0].elasticity, before)
        self.assertIn(
            "closed months",
            dict(lines._fields["curve_origin"]._description_selection(self.env))[
                "learnt"
            ],
        )

    def test_a_month_that_is_not_closed_teaches_nothing(self):
        self._bring(1.7)
        self.plan._learn()
        self.assertEqual(self.env["territory.plan"]._learnt(self.company), {})

    def test_too_few_accounts_are_said_to_be_too_few(self):
        self.plan._learn()
        self.assertFalse(any(self.plan.effect_ids.mapped("known")))
        self.assertIn("Too few", self.plan.effect_ids[0].conclusion)

    def test_forecasts_are_held_against_what_came(self):
        self._bring(1.0)
        self._close()
        rows = {(row.forecaster, row.user_id): row for row in self.plan.accuracy_ids}
        rep = rows["rep", self.rep]
        self.assertEqual(rep.accounts, 24)
        self.assertTrue(rep.known)
        self.assertLessEqual(rep.error_low, rep.error)
        self.assertIn(("model", self.rep), rows)
        self.assertIn(("leader", self.rep), rows)
        self.assertIn(("rep", self.env["res.users"]), rows)
        self.assertFalse(rows["rep", self.other_rep].known, "a single account")

    def test_a_rep_sees_only_the_own_forecasts(self):
        self._bring(1.0)
        self._close()
        rows = self.env["territory.plan.accuracy"]
        seen = rows.with_user(self.rep).search([("plan_id", "=", self.plan.id)])
        self.assertEqual(seen.user_id, self.rep)
        self.assertFalse(seen.filtered(lambda row: not row.user_id))
        every = rows.with_user(self.leader).search([("plan_id", "=", self.plan.id)])
        self.assertEqual(every.user_id, self.rep | self.other_rep)
        with self.assertRaises(AccessError):
            self.env["territory.plan.effect"].with_user(self.rep).search([])

    def test_learning_twice_is_learning_once(self):
        self._bring(1.5)
        self._close()
        before = len(self.plan.effect_ids), len(self.plan.accuracy_ids)
        self.plan._learn()
        self.assertEqual(
            (len(self.plan.effect_ids), len(self.plan.accuracy_ids)), before
        )

    def test_closing_runs_to_its_end(self):
        with freeze_time(self.month + relativedelta(months=1) + timedelta(hours=36)):
            self.env["territory.plan"]._turn(self.company)
            run = self.plan.run_ids.filtered(lambda r: r.kind == "close")
            run._finish_now()
        self.assertEqual(run.state, "done")
        self.assertIn("learnt", run.result)

    def test_queries_do_not_grow_with_lines(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.plan._learn()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        line = self.plan.line_ids[0]
        for number in range(30):
            partner = self._customer(f"More {number}")
            account = self.env["territory.account"].create(
                {"partner_id": partner.id, "company_id": self.company.id}
            )
            line.copy({"account_id": account.id})
        self.assertLessEqual(count(), few + 2)
