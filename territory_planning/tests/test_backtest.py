from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_insight_churn import InsightCase


@tagged("post_install", "-at_install")
class TestBacktest(InsightCase):
    """The past told and held to what came after it, from the company's own orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._refresh()
        cls.test = cls._tested()

    @classmethod
    def _rows(cls):
        """A year and a half of orders; every third customer stops some time."""
        stops = {customer: 40 + 20 * n for n, customer in enumerate(cls.customers[::3])}
        return [
            (customer, days)
            for n, customer in enumerate(cls.customers)
            for days in range(n % 7 + 1, 560, 30 + n // 2)
            if days > stops.get(customer, 0)
        ]

    @classmethod
    def _tested(cls):
        test = cls.env["territory.backtest"].with_user(cls.manager)
        test = test.browse(test.action_start()["res_id"])
        test.sudo().run_id._finish_now()
        return test

    def _figures(self, test, measure):
        return test.figure_ids.filtered(lambda f: f.measure == measure)

    def test_those_who_stopped_were_told(self):
        test = self.test
        self.assertEqual(test.state, "done")
        self.assertTrue(test.date_done)
        self.assertGreater(test.auc, 0.6)
        cuts = self._figures(test, "auc").filtered("cut_date").sorted("cut_date")
        self.assertEqual(set(cuts.mapped("status")), {"scored"})
        self.assertEqual(
            [(test.date - cut).days for cut in cuts.mapped("cut_date")],
            sorted(range(182, 366, 30), reverse=True),
        )
        for figure in cuts:
            self.assertLessEqual(figure.value_low, figure.value)
            self.assertGreaterEqual(figure.value_high, figure.value)
            self.assertTrue(0 < figure.happened < figure.count <= 60)

    def test_what_happened_is_what_the_orders_say(self):
        """The number who stopped at a cut, counted by hand from the orders."""
        test = self.test
        figure = self._figures(test, "auc_all").filtered("cut_date")[-1]
        end = figure.cut_date + timedelta(days=test.horizon)
        stopped = 0
        for customer in self.customers:
            days = [
                order.date_order.date()
                for order in self.env["sale.order"].search(
                    [("partner_id", "=", customer.id)]
                )
            ]
            known = any(day <= figure.cut_date for day in days)
            came = any(figure.cut_date < day <= end for day in days)
            stopped += known and not came
        self.assertEqual(figure.happened, stopped)

    def test_nothing_from_after_the_cut_is_learned_from(self):
        """Orders of the last half year may change what is seen, not what was told."""
        before = self.test
        first = before.point_ids.filtered("cut_date").sorted("cut_date")[:10]
        told = first.mapped("forecast")
        self.env["sale.order"].search(
            [
                ("company_id", "=", self.company.id),
                ("date_order", ">", self._days_ago(180)),
            ]
        ).state = "cancel"
        after = self._tested()
        first = after.point_ids.filtered("cut_date").sorted("cut_date")[:10]
        self.assertEqual(first.mapped("forecast"), told)

    def test_curve_holds_every_customer_of_every_cut(self):
        test = self.test
        whole = test.point_ids.filtered(lambda point: not point.cut_date)
        self.assertEqual(whole.mapped("tenth"), list(range(1, 11)))
        cuts = self._figures(test, "auc").filtered("cut_date")
        self.assertEqual(sum(whole.mapped("count")), sum(cuts.mapped("count")))
        stopped = sum(point.share * point.count for point in whole)
        self.assertAlmostEqual(stopped, sum(cuts.mapped("happened")), delta=0.5)
        self.assertEqual(len(test.calibration), 10)
        self.assertEqual(len(test.cuts), len(cuts))

    def test_without_data_there_is_a_reason_and_no_figure(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        test = self.env["territory.backtest"]._start(sister)
        test.run_id._finish_now()
        self.assertEqual(test.state, "done")
        self.assertEqual(set(test.figure_ids.mapped("status")) & {"scored"}, set())
        self.assertFalse(test.calibration)
        self.assertEqual((test.auc, test.coverage, test.hits), (0, 0, 0))

    def test_a_second_press_finds_the_one_under_way(self):
        tests = self.env["territory.backtest"].with_user(self.manager)
        one, other = tests.action_start(), tests.action_start()
        self.assertEqual(one["res_id"], other["res_id"])

    def test_a_step_done_twice_leaves_one_figure(self):
        test = self.env["territory.backtest"]._start(self.company)
        cut = test._cut_dates()["churn"][0]
        test._measure("churn", cut)
        test._measure("churn", cut)
        self.assertEqual(
            sorted(test.figure_ids.mapped("measure")), ["auc", "auc_all", "brier"]
        )
        self.assertEqual(len(test.point_ids), 10)

    def test_progress_and_end(self):
        test = self.env["territory.backtest"]._start(self.company)
        run = test.run_id
        self.assertEqual((test.state, test.progress), ("waiting", 0.0))
        run._do_step()
        run._do_step()
        self.assertGreater(run.progress, 0.0)
        self.assertLess(run.progress, 0.3)
        run._finish_now()
        self.assertEqual((run.progress, test.progress), (1.0, 1.0))

    def test_rights(self):
        tests = self.env["territory.backtest"]
        for user in (self.rep, self.leader):
            with self.assertRaises(AccessError):
                tests.with_user(user).action_start()
        test = self.test
        self.assertTrue(test.with_user(self.leader).read(["auc", "calibration"]))
        with self.assertRaises(AccessError):
            test.with_user(self.rep).read(["auc"])
        with self.assertRaises(AccessError):
            test.with_user(self.manager).write({"auc": 1.0})
        test.with_user(self.manager).unlink()
        self.assertFalse(test.exists())

    def test_what_people_made_of_prices(self):
        product = self.product
        self.env["territory.price.issue"].sudo().create(
            [
                {
                    "account_id": self._account(customer).id,
                    "company_id": self.company.id,
                    "product_id": product.id,
                    "state": state,
                    "reason": "Agreed",
                }
                for customer, state in zip(
                    self.customers[:3], ("open", "accepted", "fixed"), strict=True
                )
            ]
        )
        test = self.test.sudo()
        test._finish()
        self.assertEqual(
            (test.price_open, test.price_accepted, test.price_fixed), (1, 1, 1)
        )
