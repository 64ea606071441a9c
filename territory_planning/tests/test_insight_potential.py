from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestInsightPotential(TerritoryCase):
    """What comparable customers buy: the larger ones more, and one industry twice as much."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._territory_today()
        cls.industries = cls.env["res.partner.industry"].create(
            [{"name": "Dairies"}, {"name": "Bakeries"}]
        )
        cls.customers = cls.env["res.partner"].create(
            [
                {
                    "name": f"Customer {n}",
                    "is_company": True,
                    "user_id": (cls.rep if n % 4 else cls.other_rep).id,
                    "industry_id": cls.industries[n % 2].id,
                    "territory_employees": 10 + 5 * (n // 2),
                    "territory_turnover_class": "2" if n < 60 else False,
                }
                for n in range(80)
            ]
        )
        orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "company_id": cls.company.id,
                    "user_id": cls.rep.id,
                    "state": "sale",
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "product_id": cls.product.id,
                                "product_uom_qty": 1,
                                "price_unit": cls._buys(n, customer),
                                "tax_ids": [],
                            },
                        )
                    ],
                }
                for n, customer in enumerate(cls.customers)
            ]
        )
        orders.date_order = cls._day(3)

    @classmethod
    def _buys(cls, n, customer):
        level = 100.0 * customer.territory_employees * (1 + (n % 2))
        return level * (0.4 + 0.1 * (n * 7 % 10))

    def _learn(self):
        self._refresh()
        return self.env["territory.account"]._refresh_potential(self.company)

    # ------------------------------------------------------------------ figures
    def test_size_and_industry_make_the_potential(self):
        self.assertEqual(self._learn(), {"potential_scored": 80})
        small, large = (
            self._account(self.customers[2]),
            self._account(self.customers[72]),
        )
        bakery = self._account(self.customers[73])
        self.assertGreater(large.potential, 2 * small.potential)
        self.assertGreater(bakery.potential, large.potential)
        for account in self.customers.territory_account_ids:
            self.assertEqual(
                account.potential_gap,
                max(round(account.potential - account.revenue_12m, 2), 0),
            )
            self.assertLessEqual(account.potential_low, account.potential)
            self.assertGreaterEqual(account.potential_high, account.potential)
            share = account.potential_gap / account.potential
            band = "much" if share >= 0.5 else "some" if share >= 0.05 else "reached"
            self.assertEqual(account.potential_band, band)
        self.assertEqual(large.potential_customers, 80)
        self.assertEqual(large.customer_since, self._day(3).date())
        self.assertEqual(large.potential_date, self.today)

    def test_about_85_percent_buy_less(self):
        self._learn()
        accounts = self.customers.territory_account_ids
        below = accounts.filtered(lambda a: a.revenue_12m <= a.potential + 0.01)
        self.assertAlmostEqual(len(below) / 80, 0.85, delta=0.05)

    def test_parts_sum_to_the_cent(self):
        self._learn()
        for account in self.customers.territory_account_ids:
            self.assertAlmostEqual(
                sum(account.potential_parts.values()), account.potential, 2
            )

    def test_prospects_too_and_with_low_confidence(self):
        prospect = self._customer(
            "Prospect", industry_id=self.industries[1].id, territory_employees=150
        )
        self._lead(prospect)
        self._learn()
        account = self._account(prospect)
        self.assertEqual(account.potential_band, "new")
        self.assertEqual(account.potential_confidence, "low")
        self.assertEqual(account.potential_gap, account.potential)
        like = self._account(self.customers[57])  # a bakery of 150 people
        self.assertAlmostEqual(
            account.potential, like.potential, delta=0.15 * like.potential
        )
        self.assertEqual(len(account.potential_lookalikes), 5)

    def test_without_a_size_confidence_is_low(self):
        unknown = self.customers[10]
        unknown.write({"territory_employees": 0, "territory_turnover_class": False})
        self._learn()
        self.assertEqual(self._account(unknown).potential_confidence, "low")
        known = self._account(self.customers[40])
        self.assertIn(known.potential_confidence, ("medium", "high"))

    def test_lookalikes_are_customers_of_that_kind_and_never_itself(self):
        self._learn()
        account = self._account(self.customers[40])
        alike = account._lookalikes()
        self.assertEqual(len(alike), 5)
        self.assertNotIn(account, alike)
        self.assertEqual(alike.industry_id, self.industries[0])
        for other in alike:
            self.assertAlmostEqual(other.employees, account.employees, delta=30)

    def test_below_the_minimum_there_is_a_reason_and_no_score(self):
        self.env["sale.order"].search(
            [("partner_id", "in", self.customers[40:].ids)]
        ).state = "cancel"
        self.assertEqual(self._learn(), {"potential_scored": 0})
        account = self._account(self.customers[0])
        self.assertEqual(account.potential_status, "customers")
        self.assertEqual((account.potential_band, account.potential), ("none", 0.0))
        self.assertFalse(account.potential_lookalikes)
        self.assertFalse(account.potential_confidence)

    def test_nobody_ever_bought(self):
        self.env["sale.order"].search([]).state = "cancel"
        self.assertEqual(self._learn(), {"potential_scored": 0})
        self.env["territory.account"].search([]).unlink()
        learn = self.env["territory.account"]._refresh_potential
        self.assertEqual(learn(self.company), {"potential_scored": 0})

    # ---------------------------------------------------------------- bad input
    def test_one_project_moves_no_potential(self):
        self._learn()
        account = self._account(self.customers[40])
        before = account.potential
        self._order(self.customers[41], self._day(2), 5e7)
        self._learn()
        self.assertAlmostEqual(account.potential, before, delta=0.1 * before)

    def test_returns_samples_and_the_future_are_no_purchases(self):
        """A customer who returned more than it bought, samples, an order to come."""
        odd = self.customers[6]
        self._order(odd, self._day(2), -1e6, cost=0)
        self._order(odd, self._day(2), 0.0, cost=0)
        self._order(odd, self._days_ago(-400), 1e6)
        self._learn()
        account = self._account(odd)
        self.assertLess(account.revenue_12m, 0)
        self.assertEqual(account.potential_gap, account.potential)
        self.assertEqual(account.potential_band, "new")
        self.assertEqual(account.potential_customers, 79)

    def test_what_a_contact_orders_is_its_companys(self):
        contact = self._customer(
            "Buyer", parent_id=self.customers[0].id, is_company=False
        )
        self._order(contact, self._day(1), 700.0)
        self._learn()
        self.assertFalse(self._account(contact))
        self.assertAlmostEqual(
            self._account(self.customers[0]).revenue_12m,
            self._buys(0, self.customers[0]) + 700.0,
            2,
        )

    def test_impossible_sizes_are_refused_with_the_field_named(self):
        for size in (-1, 10_000_000):
            with self.assertRaises(Exception) as caught, mute_logger("odoo.sql_db"):
                self.customers[0].territory_employees = size
                self.env.flush_all()
            self.assertIn("employees", str(caught.exception))

    def test_queries_do_not_grow_with_accounts(self):
        def count():
            self._refresh()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["territory.account"]._refresh_potential(self.company)
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for n in range(30):
            self._lead(self._customer(f"New {n}"))
        self.assertEqual(count(), few)

    # ------------------------------------------------------------- size, fields
    def test_size_on_the_form_for_sales_and_on_the_account(self):
        with Form(self.customers[0].with_user(self.rep)) as form:
            form.territory_employees = 77
            form.territory_turnover_class = "4"
        self._refresh()
        account = self._account(self.customers[0])
        self.assertEqual((account.employees, account.turnover_class), (77, "4"))
        self.customers[0].territory_employees = 78
        self.assertEqual(account.employees, 78)

    def test_size_is_imported_and_shared_with_contacts(self):
        contact = self._customer(
            "Buyer", parent_id=self.customers[0].id, is_company=False
        )
        found = self.env["res.partner"].load(
            ["name", "is_company", "territory_employees", "territory_turnover_class"],
            [["Imported", "1", "250", "10 to 50 million"]],
        )
        self.assertFalse(found["messages"])
        imported = self.env["res.partner"].browse(found["ids"])
        self.assertEqual(imported.territory_employees, 250)
        self.assertEqual(imported.territory_turnover_class, "3")
        self.assertEqual(contact.territory_employees, 10)

    def test_search_group_and_sort(self):
        self._learn()
        accounts = self.env["territory.account"].with_user(self.leader)
        groups = accounts.formatted_read_group(
            [], ["industry_id"], ["potential_gap:sum", "__count"]
        )
        self.assertEqual(sum(group["__count"] for group in groups), 80)
        first = accounts.search([], order="potential_gap desc", limit=1)
        self.assertEqual(
            first.potential_gap, max(accounts.search([]).mapped("potential_gap"))
        )

    # -------------------------------------------------------------- card, rights
    def test_card_names_only_whom_the_reader_may_see(self):
        self._learn()
        account = self._account(self.customers[41])
        mine = account.with_user(self.rep).get_territory_card()
        mine = mine["insights"]["potential"]
        everything = account.with_user(self.leader).get_territory_card()
        everything = everything["insights"]["potential"]
        self.assertEqual(everything["hidden"], 0)
        self.assertEqual(len(everything["lookalikes"]), 5)
        self.assertEqual(len(mine["lookalikes"]) + mine["hidden"], 5)
        theirs = self.env["territory.account"].search(
            [("user_id", "=", self.other_rep.id)]
        )
        self.assertFalse(
            {line["name"] for line in mine["lookalikes"]} & set(theirs.mapped("name"))
        )

    def test_a_rep_does_not_see_the_lookalikes_of_others(self):
        """All five are another rep's: none is named, and the list is empty."""
        self._learn()
        account = self._account(self.customers[41])
        account._lookalikes().partner_id.user_id = self.other_rep
        card = account.with_user(self.rep).get_territory_card()["insights"]["potential"]
        self.assertEqual((card["lookalikes"], card["hidden"]), ([], 5))
        action = account.with_user(self.rep).action_insight_evidence("lookalikes")
        found = self.env[action["res_model"]].with_user(self.rep)
        self.assertFalse(found.search(action["domain"]))
        found = self.env[action["res_model"]].with_user(self.leader)
        self.assertEqual(len(found.search(action["domain"])), 5)

    def test_rights(self):
        self._learn()
        account = self._account(self.customers[0])
        with self.assertRaises(AccessError):
            account.with_user(self.rep).action_insight_evidence("lookalikes")
        with self.assertRaises(AccessError):
            account.with_user(self.leader).write({"potential": 1.0})
        with self.assertRaises(UserError):
            account.with_user(self.leader).action_insight_evidence("potential")

    def test_before_the_first_night_there_is_none(self):
        self._refresh()
        card = self._account(self.customers[0]).get_territory_card()
        self.assertFalse(card["insights"]["potential"])
