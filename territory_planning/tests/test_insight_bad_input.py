from datetime import timedelta

from odoo.tests import tagged

from .test_insight_churn import InsightCase

#: What each insight says of an account; dates of the night left out.
FIGURES = {
    "churn": (
        "churn_risk",
        "churn_low",
        "churn_high",
        "churn_band",
        "churn_status",
        "churn_money",
        "churn_gap",
        "churn_days",
        "churn_last_date",
    ),
    "potential": (
        "potential",
        "potential_low",
        "potential_gap",
        "potential_band",
        "potential_status",
        "revenue_12m",
        "customer_since",
    ),
    "price": (
        "price_leakage",
        "price_issues",
        "price_level",
        "price_lines",
        "price_status",
    ),
    "crosssell": (
        "crosssell",
        "crosssell_bought",
        "crosssell_money",
        "crosssell_status",
    ),
    "visits": ("visit_evidence",),
    "whitespace": ("segment",),
}


@tagged("post_install", "-at_install")
class TestInsightBadInput(InsightCase):
    """What orders hold besides plain sales: every insight says the same as without it.

    Sixty customers, all insights of one night before and one after the odd thing.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.categ_id = cls.env["product.category"].create({"name": "Pump"})
        cls.others = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "list_price": 100.0,
                    "categ_id": cls.env["product.category"].create({"name": name}).id,
                }
                for name in ("Seal", "Valve")
            ]
        )
        for n, product in enumerate(cls.others):
            orders = cls._orders_of(
                [(customer, 50) for customer in cls.customers[n :: 2 + n]]
            )
            orders.order_line.product_id = product
        events = cls.env["calendar.event"].with_context(
            no_mail_to_attendees=True, dont_notify=True
        )
        events.create(
            [
                {
                    "name": "Visit",
                    "start": cls._days_ago(days),
                    "stop": cls._days_ago(days) + timedelta(hours=1),
                    "user_id": cls.rep.id,
                    "partner_ids": [],
                    "res_model_id": cls.env["ir.model"]._get_id("res.partner"),
                    "res_id": customer.id,
                }
                for n, customer in enumerate(cls.customers)
                for days in (90 + n, 200 + 2 * n)
            ]
        )
        cls.before = cls._night()

    @classmethod
    def _night(cls):
        """All insights of a night: insight → partner → its figures."""
        cls._refresh()
        run = cls.env["territory.run"]._create_once("insights", cls.company)
        run._finish_now()
        accounts = cls.env["territory.account"].search(
            [("company_id", "=", cls.company.id)]
        )
        return {
            insight: {
                row["partner_id"]: row
                for row in accounts.read(["partner_id", *names], load=None)
            }
            for insight, names in FIGURES.items()
        }

    def _assert_same(self, *insights, partners=None):
        after = self._night()
        for insight in insights or FIGURES:
            for partner in (partners or self.customers).ids:
                with self.subTest(insight, partner=partner):
                    self.assertEqual(
                        after[insight][partner], self.before[insight][partner]
                    )
        return after

    def test_the_nights_are_scored(self):
        """Else nothing below would be worth saying."""
        row = self.customers[0].id
        for insight in ("churn", "potential", "price", "crosssell"):
            self.assertEqual(
                self.before[insight][row][f"{insight}_status"], "scored", insight
            )
        self.assertTrue(self.before["visits"][row]["visit_evidence"])

    def test_free_samples_and_zero_prices(self):
        self._orders_of([(customer, 40) for customer in self.customers[:20]], price=0.0)
        self._assert_same()

    def test_future_dates(self):
        self._orders_of([(customer, -30) for customer in self.customers[:20]])
        self._assert_same()

    def test_drafts_and_cancelled_orders(self):
        orders = self._orders_of([(customer, 40) for customer in self.customers[:20]])
        orders[:10].state = "draft"
        orders[10:].state = "cancel"
        self._assert_same()

    def test_returns(self):
        """No order, no price, no visit's success; what was given back is no revenue."""
        customer = self.customers[0]
        self._orders_of([(customer, 70)], quantity=-1)
        after = self._assert_same("churn", "price", "visits")
        for night, revenue in ((self.before, 0), (after, -100)):
            self.assertAlmostEqual(
                night["potential"][customer.id]["revenue_12m"],
                self.before["potential"][customer.id]["revenue_12m"] + revenue,
            )

    def test_an_order_credited_in_full(self):
        template = self.env["account.chart.template"]
        template.try_loading("generic_coa", company=self.company, install_demo=False)
        self.product.invoice_policy = "order"
        day = self.today - timedelta(days=70)
        for order in self._orders_of([(c, 70) for c in self.customers[:3]]):
            invoice = order._create_invoices()
            invoice.invoice_date = day
            invoice.action_post()
            refund = invoice._reverse_moves([{"invoice_date": day, "date": day}])
            refund.action_post()
        self._assert_same()

    def test_a_customer_kept_twice_and_merged(self):
        """Half of its orders and a visit went to the other: merged, all is as it was."""
        one = self.customers[0]
        other = self.env["res.partner"].create(
            {"name": f"{one.name} GmbH", "is_company": True, "user_id": self.rep.id}
        )
        orders = self.env["sale.order"].search([("partner_id", "=", one.id)])
        orders[::2].partner_id = other
        orders[::2].partner_invoice_id = orders[::2].partner_shipping_id = other
        self.env.flush_all()
        self._night()
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((one | other).ids, one)
        after = self._assert_same()
        self.assertNotIn(other.id, after["churn"])

    def test_a_gap_in_the_middle_is_no_silence(self):
        """Two months were never recorded: nobody is stale, whoever ordered since is safe."""
        lost = self.env["sale.order"].search(
            [
                ("company_id", "=", self.company.id),
                ("date_order", ">", self._days_ago(200)),
                ("date_order", "<", self._days_ago(140)),
            ]
        )
        lost.state = "cancel"
        after = self._night()
        for partner in self.customers.ids:
            self.assertEqual(after["churn"][partner]["churn_status"], "scored")
            self.assertEqual(after["churn"][partner]["churn_band"], "safe")
            self.assertEqual(
                after["churn"][partner]["churn_last_date"],
                self.before["churn"][partner]["churn_last_date"],
            )

    def test_the_last_months_missing_are_told_and_nobody_is_at_risk(self):
        missing = self.env["sale.order"].search(
            [
                ("company_id", "=", self.company.id),
                ("date_order", ">", self._days_ago(150)),
            ]
        )
        missing.state = "cancel"
        after = self._night()
        for partner in self.customers.ids:
            self.assertEqual(after["churn"][partner]["churn_status"], "stale")
            self.assertEqual(after["churn"][partner]["churn_band"], "none")
            self.assertFalse(after["churn"][partner]["churn_money"])

    def test_one_project_moves_nobody_else(self):
        """A single huge order of one customer: its own figures only."""
        somebody = self.customers[-1]
        self._orders_of([(somebody, 60)], quantity=5000, price=120.0)
        after = self._night()
        for partner in (self.customers - somebody).ids:
            old, new = (
                (
                    night["churn"][partner],
                    night["potential"][partner],
                    night["price"][partner],
                )
                for night in (self.before, after)
            )
            self.assertEqual(new[0]["churn_band"], old[0]["churn_band"])
            self.assertAlmostEqual(
                new[0]["churn_risk"], old[0]["churn_risk"], delta=0.01
            )
            self.assertAlmostEqual(
                new[1]["potential"],
                old[1]["potential"],
                delta=0.1 * old[1]["potential"],
            )
            self.assertEqual(new[2]["price_issues"], old[2]["price_issues"])
            self.assertAlmostEqual(
                new[2]["price_level"], old[2]["price_level"], delta=0.005
            )
