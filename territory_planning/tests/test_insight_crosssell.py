from datetime import timedelta

import numpy as np

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import _purchases
from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestInsightCrosssell(TerritoryCase):
    """Sixty customers of two tastes: suggested is what one's own kind buys."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._territory_today()
        names = ("Pumps", "Valves", "Seals", "Paint", "Brushes", "Rollers")
        cls.categories = cls.env["product.category"].create(
            [{"name": name} for name in names]
        )
        cls.products = cls.env["product.product"].create(
            [{"name": c.name, "categ_id": c.id} for c in cls.categories]
        )
        cls.customers = cls.env["res.partner"].create(
            [
                {
                    "name": f"Customer {n}",
                    "is_company": True,
                    "user_id": (cls.rep if n < 45 else cls.other_rep).id,
                }
                for n in range(60)
            ]
        )
        rng = np.random.default_rng(2)
        rows = []
        for n, customer in enumerate(cls.customers):
            kind = (0, 1, 2) if n % 2 else (3, 4, 5)
            rows += [
                (customer, item, 100)
                for item in kind
                if n in (0, 1) and item != kind[0] or n > 1 and rng.random() < 0.9
            ]
        cls._sell(rows)
        cls._refresh()

    @classmethod
    def _sell(cls, rows, price=50.0, quantity=2, state="sale"):
        """Orders of (customer, number of the product, days ago)."""
        orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "company_id": cls.company.id,
                    "user_id": customer.user_id.id,
                    "state": state,
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "product_id": cls.products[item].id,
                                "product_uom_qty": quantity,
                                "price_unit": price,
                                "tax_ids": [],
                            },
                        )
                    ],
                }
                for customer, item, _days in rows
            ]
        )
        for order, (_customer, _item, days) in zip(orders, rows, strict=True):
            order.date_order = cls._days_ago(days)
        return orders

    def _learn(self):
        return self.env["territory.account"]._refresh_crosssell(self.company)

    def _bought(self, customer):
        found = _purchases.gather(self.company, self.today, 730)
        mine = found.partner == customer.id
        return dict(
            zip(found.category[mine].tolist(), found.amount[mine].tolist(), strict=True)
        )

    def test_what_its_own_kind_buys_with_count_share_and_money(self):
        self._learn()
        for n, missing in ((1, "Pumps"), (0, "Paint")):
            account = self._account(self.customers[n])
            self.assertEqual(account.crosssell_status, "scored")
            first = account.crosssell["items"][0]
            self.assertEqual(
                first["category"],
                self.categories.filtered_domain([("name", "=", missing)]).id,
            )
            self.assertEqual(account.crosssell_category_id.id, first["category"])
            self.assertGreater(first["count"], 15)
            self.assertLessEqual(first["count"], first["lookalikes"])
            self.assertEqual(first["lookalikes"], account.crosssell_lookalikes)
            self.assertLess(first["low"], first["share"])
            self.assertGreater(first["high"], first["share"])
            # 100 in two years
            self.assertEqual(first["money"], 50.0)
            self.assertEqual(account.crosssell_bought, 2)

    def test_under_the_minimum_and_who_never_bought(self):
        self.env["sale.order"].search(
            [("partner_id", "in", self.customers[30:].ids)]
        ).state = "cancel"
        self._learn()
        account = self._account(self.customers[1])
        self.assertEqual(account.crosssell_status, "customers")
        self.assertFalse(account.crosssell["items"])
        self.assertEqual(self._account(self.customers[40]).crosssell_status, "never")

    def test_what_is_no_purchase(self):
        """Returns, free samples, drafts, future and old orders, lines without product."""
        customer = self._customer("Alpha")
        self._sell([(customer, 0, 10)])
        self._sell([(customer, 0, 5)], quantity=-2)
        self._sell([(customer, 1, 10)], price=0.0)
        self._sell([(customer, 2, 10)], state="draft")
        self._sell([(customer, 3, -30)])
        self._sell([(customer, 4, 900)])
        self.assertEqual(self._bought(customer), {})
        self._sell([(customer, 5, 0)])
        self.assertEqual(self._bought(customer), {self.categories[5].id: 100.0})

    def test_merged_partners_are_one_customer(self):
        one, other = self.customers[:2]
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((one | other).ids, one)
        self._refresh()
        self._learn()
        self.assertEqual(self._account(one).crosssell_bought, 4)

    def test_invoices_where_the_company_says_so(self):
        self.company.territory_revenue_source = "invoice"
        self._learn()
        self.assertEqual(self._account(self.customers[1]).crosssell_status, "never")

    def test_a_category_deleted_since_is_none_any_more(self):
        self._learn()
        account = self._account(self.customers[1]).with_user(self.rep)
        before = account.get_territory_card()["insights"]["crosssell"]["items"]
        gone = self.categories[0]
        self.products[0].categ_id = self.categories[1]
        gone.unlink()
        after = account.get_territory_card()["insights"]["crosssell"]["items"]
        self.assertEqual(len(after), len(before) - 1)
        with self.assertRaises(UserError):
            account.action_insight_evidence(before[0]["evidence"])

    def test_queries_do_not_grow_with_accounts(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._learn()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        self._sell([(self._customer(f"New {n}"), n % 6, 20) for n in range(30)])
        self._refresh()
        self.assertEqual(count(), few)

    # -------------------------------------------------------------- card, rights
    def test_evidence_opens_readable_orders_else_says_the_count(self):
        self._learn()
        account = self._account(self.customers[1])
        item = account.crosssell["items"][0]
        action = account.with_user(self.leader).action_insight_evidence(
            "crosssell_first"
        )
        orders = self.env["sale.order"].search(action["domain"])
        self.assertEqual(len(orders.partner_id), item["count"])
        self.assertNotIn(self.customers[1], orders.partner_id)
        mine = account.with_user(self.rep).action_insight_evidence("crosssell_first")
        mine = self.env["sale.order"].search(mine["domain"])
        self.assertEqual(mine.user_id, self.rep)
        self.assertLess(len(mine), len(orders))
        # an account of a rep whose colleagues sell all of it
        self.env["sale.order"].search(
            [("user_id", "=", self.rep.id)]
        ).user_id = self.leader
        closed = account.with_user(self.rep).action_insight_evidence("crosssell_first")
        self.assertEqual(closed["tag"], "display_notification")
        self.assertIn(str(item["count"]), closed["params"]["message"])

    def test_who_is_similar_is_told_to_nobody(self):
        self._learn()
        account = self._account(self.customers[1])
        with self.assertRaises(AccessError):
            account.with_user(self.manager).read(["crosssell_peers"])
        card = account.with_user(self.rep).get_territory_card()["insights"]["crosssell"]
        self.assertNotIn("partners", str(card))
        self.assertEqual(card["items"][0]["name"], "Pumps")
        with self.assertRaises(AccessError):
            account.with_user(self.other_rep).action_insight_evidence("crosssell_first")
        for kind in ("crosssell", "crosssell_4", None, ["crosssell_first"]):
            with self.assertRaises(UserError):
                account.with_user(self.rep).action_insight_evidence(kind)

    def test_other_companies_are_left_alone(self):
        self._learn()
        sister = self.env["res.company"].create({"name": "Sister"})
        self.env["territory.account"]._refresh_crosssell(sister)
        self.assertEqual(self._account(self.customers[1]).crosssell_status, "scored")

    def test_a_second_night_is_the_same(self):
        self._learn()
        account = self._account(self.customers[1])
        first = account.crosssell
        self.env["territory.account"]._refresh_crosssell(
            self.company, self.today - timedelta(days=0)
        )
        self.assertEqual(account.crosssell, first)
