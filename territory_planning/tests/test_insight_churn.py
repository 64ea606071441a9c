from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import _orders
from .common import TerritoryCase


class InsightCase(TerritoryCase):
    """Sixty customers who order every 20 to 49 days, written past the ORM's slow way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._territory_today()
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Customer {n}", "is_company": True, "user_id": cls.rep.id}
                for n in range(60)
            ]
        )
        cls._orders_of(cls._rows())

    @classmethod
    def _rows(cls):
        return [
            (customer, days)
            for n, customer in enumerate(cls.customers)
            for days in range(n % 7, 365, 20 + n // 2)
        ]

    @classmethod
    def _orders_of(cls, rows, quantity=1, price=100.0):
        """Confirmed orders of (customer, days ago)."""
        orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "company_id": cls.company.id,
                    "user_id": cls.rep.id,
                    "state": "sale",
                    "date_order": cls._days_ago(days),
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "product_id": cls.product.id,
                                "product_uom_qty": quantity,
                                "price_unit": price,
                                "purchase_price": 60.0,
                                "tax_ids": [],
                            },
                        )
                    ],
                }
                for customer, days in rows
            ]
        )
        for order, (_customer, days) in zip(orders, rows, strict=True):
            order.date_order = cls._days_ago(days)
        return orders

    def _learn(self, today=None):
        self._refresh()
        return self.env["territory.account"]._refresh_churn(self.company, today)


@tagged("post_install", "-at_install")
class TestInsightChurn(InsightCase):
    """The risk of no order: learned in bulk, stored with its reasons."""

    def test_silence_against_the_own_rhythm_is_risk(self):
        silent, usual = self.customers[0], self.customers[1]
        orders = self.env["sale.order"].search([("partner_id", "=", silent.id)])
        late = orders.filtered(lambda order: order.date_order > self._days_ago(160))
        late.state = "cancel"
        found = self._learn()
        self.assertEqual(found["risk_scored"], 60)
        risky, safe = self._account(silent), self._account(usual)
        self.assertEqual(risky.churn_band, "risk")
        self.assertEqual(safe.churn_band, "safe")
        self.assertEqual(risky.churn_gap, 20)
        self.assertEqual(risky.churn_days, len(orders - late))
        self.assertEqual((self.today - risky.churn_last_date).days, 160)
        self.assertAlmostEqual(
            risky.churn_money,
            risky.churn_risk * risky.revenue_12m * risky.churn_horizon / 365,
            delta=0.02 * risky.churn_money,
        )

    def test_parts_sum_to_the_score_and_the_range_holds_it(self):
        self._learn()
        for account in self.customers.territory_account_ids:
            self.assertAlmostEqual(
                account.churn_dropped + account.churn_silent, account.churn_risk, 4
            )
            self.assertLessEqual(account.churn_low, account.churn_risk)
            self.assertGreaterEqual(account.churn_high, account.churn_risk)

    def test_below_the_minimum_there_is_a_reason_and_no_score(self):
        self.env["sale.order"].search(
            [("partner_id", "in", self.customers[40:].ids)]
        ).state = "cancel"
        self._learn()
        account = self._account(self.customers[0])
        self.assertEqual(account.churn_status, "customers")
        self.assertEqual((account.churn_band, account.churn_risk), ("none", 0.0))
        never = self._account(self.customers[50])
        self.assertEqual(never.churn_status, "never")
        self.assertFalse(never.churn_last_date)

    def test_an_order_a_year_ago_is_lapsed(self):
        lapsed = self._customer("Lapsed")
        self._orders_of([(lapsed, days) for days in (400, 430, 460)])
        self._learn()
        self.assertEqual(self._account(lapsed).churn_band, "lapsed")

    def test_what_is_no_order_does_not_count(self):
        """Samples, returns, drafts; of one day one; a future date only when it comes."""
        customer = self._customer("Alpha")
        self._orders_of([(customer, 30), (customer, 30), (customer, 60)])
        self._orders_of([(customer, 5)], price=0.0)
        self._orders_of([(customer, 6)], quantity=-1)
        self._orders_of([(customer, 7)]).state = "draft"
        self._orders_of([(customer, -400)])
        days = _orders.gather(self.company)
        self.assertEqual((days.partner == customer.id).sum(), 3)
        self._learn()
        account = self._account(customer)
        self.assertEqual(account.churn_days, 2)
        self.assertEqual((self.today - account.churn_last_date).days, 30)

    def test_trend_is_against_the_last_value_of_an_earlier_month(self):
        before = self.today.replace(day=1) - timedelta(days=1)
        self._learn(before)
        account = self._account(self.customers[0])
        first = account.churn_risk
        self.assertFalse(account.churn_previous_date)
        self.assertEqual(account.churn_change, 0.0)
        self._learn()
        self._learn()
        self.assertEqual(account.churn_previous, first)
        self.assertEqual(account.churn_previous_date, before)
        self.assertAlmostEqual(account.churn_change, account.churn_risk - first, 4)

    def test_a_risk_over_another_horizon_is_no_comparison(self):
        self._learn(self.today.replace(day=1) - timedelta(days=1))
        self.company.territory_churn_days = 91
        self._learn()
        account = self._account(self.customers[0])
        self.assertEqual(account.churn_horizon, 91)
        self.assertFalse(account.churn_previous_date)

    def test_queries_do_not_grow_with_accounts(self):
        def count():
            self._refresh()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["territory.account"]._refresh_churn(self.company)
            return self.env.cr.sql_log_count - before

        few = count()
        self._orders_of([(self._customer(f"New {n}"), 10 + n) for n in range(30)])
        self.assertEqual(count(), few)

    def test_the_run_and_the_month_include_it(self):
        runs = self.env["territory.run"]
        self.assertIn("_step_churn", runs._steps()["month"])
        self._refresh()
        run = runs._create_once("insights", self.company)
        run._finish_now()
        self.assertEqual(run.result["risk_scored"], 60)

    def test_other_companies_are_left_alone(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        self._learn()
        self.env["territory.account"]._refresh_churn(sister)
        self.assertEqual(self._account(self.customers[0]).churn_status, "scored")

    # -------------------------------------------------------------- card, rights
    def test_card_and_its_evidence(self):
        customer = self.customers[0]
        self._learn()
        account = self._account(customer).with_user(self.rep)
        churn = account.get_territory_card()["insights"]["churn"]
        self.assertEqual(churn["status"], "scored")
        self.assertEqual(churn["risk"], account.churn_risk)
        self.assertTrue(churn["label"])
        action = account.action_insight_evidence("orders")
        orders = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(orders), churn["days"])
        self.assertEqual(orders.partner_id, customer)

    def test_before_the_first_night_there_is_none(self):
        self._refresh()
        card = self._account(self.customers[0]).get_territory_card()
        self.assertFalse(card["insights"]["churn"])

    def test_rights(self):
        self._learn()
        account = self._account(self.customers[0])
        with self.assertRaises(AccessError):
            account.with_user(self.other_rep).action_insight_evidence("orders")
        with self.assertRaises(AccessError):
            account.with_user(self.leader).write({"churn_risk": 0.0})
        for kind in ("unlink", None, ["orders"], {}, "_action_evidence_orders"):
            with self.assertRaises(UserError):
                account.with_user(self.rep).action_insight_evidence(kind)

    def test_horizon_within_reason(self):
        with self.assertRaises(UserError):
            self.company.territory_churn_days = 0
