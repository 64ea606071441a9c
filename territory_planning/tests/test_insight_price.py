from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .price_case import PriceCase


@tagged("post_install", "-at_install")
class TestInsightPrice(PriceCase):
    """Prices that do not fit: found in bulk, kept with what people say of them."""

    def test_the_one_price_that_does_not_fit(self):
        found = self._compare()
        self.assertEqual(found, {"price_pairs": 144, "price_issues": 1})
        issue = self._issues()
        self.assertEqual(issue.account_id, self._account(self.customers[0]))
        self.assertEqual(issue.product_id, self.products[0])
        self.assertEqual((issue.direction, issue.state), ("low", "open"))
        self.assertAlmostEqual(issue.price, 80.0, 2)
        self.assertAlmostEqual(issue.reference, 100.0, delta=2.0)
        self.assertAlmostEqual(issue.list_price, 100.0, 2)
        self.assertEqual((issue.quantity, issue.order_lines), (40, 2))
        self.assertEqual((self.today - issue.last_date).days, 30)
        self.assertAlmostEqual(issue.leakage, 40 * 20.0, delta=80.0)
        self.assertEqual(issue.user_id, self.rep)
        self.assertEqual(issue.categ_id, self.products[0].categ_id)
        self.assertIn("24 customers", issue.explanation)

    def test_parts_sum_and_the_range_holds_the_price_that_fits(self):
        self._compare()
        issue = self._issues()
        parts = issue.base + issue.quantity_part + issue.level_part
        self.assertAlmostEqual(parts, issue.reference, 2)
        self.assertLess(issue.reference_low, issue.reference)
        self.assertGreater(issue.reference_high, issue.reference)
        self.assertAlmostEqual(issue.deviation, issue.price / issue.reference - 1, 3)

    def test_accounts(self):
        self._compare()
        account, other = map(self._account, self.customers[:2])
        self.assertEqual(account.price_leakage, self._issues().leakage)
        self.assertEqual((account.price_issues, account.price_products), (1, 6))
        self.assertEqual((account.price_status, account.price_lines), ("scored", 7))
        self.assertLess(account.price_level_low, account.price_level_high)
        self.assertAlmostEqual(account.price_level, 0.0, delta=0.01)
        self.assertEqual((other.price_issues, other.price_leakage), (0, 0))

    def test_a_low_level_is_a_decision_and_no_issue(self):
        """Where customers do differ: one alone among equals is a question."""
        for n in range(30):
            customer, level = self._customer(f"Level {n}"), 0.85 + 0.01 * n
            lines = [(p, 10, level * self._usual(p, n)) for p in self.products]
            self._sell(customer, lines)
        self._compare()
        account = self.env["territory.account"].search([("name", "=", "Level 0")])
        self.assertEqual(account.price_issues, 0)
        self.assertLess(account.price_level_high, -0.05)
        self.assertGreater(account.price_level_money, 0)

    def test_below_the_minimum_there_is_a_reason_and_no_figure(self):
        rare = self.env["product.product"].create({"name": "Rare", "list_price": 10})
        for n in range(14):
            self._sell(self._customer(f"Rare {n}"), [(rare, 100, 10.0 - n % 9)])
        never = self._customer("Never")
        self._order(never, self._days_ago(400))
        self._compare()
        account = self._account(
            self.env["res.partner"].search([("name", "=", "Rare 8")])
        )
        self.assertEqual((account.price_status, account.price_level), ("peers", 0.0))
        self.assertEqual(account.price_products, 0)
        self.assertEqual(self._account(never).price_status, "never")
        self.assertEqual(len(self._issues()), 1)

    def test_money_below_the_threshold_is_no_issue(self):
        self.company.territory_price_min_money = 2000.0
        self._compare()
        self.assertFalse(self._issues())
        with self.assertRaises(UserError):
            self.company.territory_price_min_money = -1

    # ------------------------------------------------------------ price lists
    def _price_list(self, **rule):
        return self.env["product.pricelist"].create(
            {
                "name": "Terms",
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "item_ids": [
                    (0, 0, {"applied_on": "3_global", "compute_price": "percentage",
                            "percent_price": 20.0, **rule})
                ],
            }
        )  # fmt: skip

    def test_a_price_list_in_force_is_no_issue(self):
        self._sell_cheap(self._price_list())
        self._compare()
        self.assertFalse(self._pair(self.customers[1], self.products[1]))

    def test_a_quantity_discount_in_force_is_no_issue(self):
        self._sell_cheap(self._price_list(min_quantity=150))
        self._compare()
        self.assertFalse(self._pair(self.customers[1], self.products[1]))

    def test_a_quantity_discount_not_reached_is_one(self):
        self._sell_cheap(self._price_list(min_quantity=500))
        self._compare()
        self.assertTrue(self._pair(self.customers[1], self.products[1]))

    def test_a_price_list_that_had_ended_is_one(self):
        ended = self._price_list(date_end=self._days_ago(60))
        self._sell_cheap(ended, days=70)
        self._compare()
        self.assertFalse(self._pair(self.customers[1], self.products[1]))
        self._sell_cheap(ended, days=20)
        self._compare()
        self.assertTrue(self._pair(self.customers[1], self.products[1]))

    def test_a_price_list_on_another_with_steps(self):
        base = self._price_list(min_quantity=150)
        self._sell_cheap(
            self._price_list(
                base="pricelist", base_pricelist_id=base.id, percent_price=0.0
            )
        )
        self._compare()
        self.assertFalse(self._pair(self.customers[1], self.products[1]))

    def _sell_cheap(self, pricelist, days=40):
        """Enough at 20 % off to pull the average down."""
        self._sell(
            self.customers[1],
            [(self.products[1], 200, 160.0)],
            days=days,
            pricelist_id=pricelist.id,
        )

    def test_price_lists_are_not_asked_line_by_line(self):
        terms = self._price_list(min_quantity=150)

        def count():
            self._refresh()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["territory.account"]._refresh_prices(self.company)
            return self.env.cr.sql_log_count - before

        self._sell_cheap(terms)
        self._sell(self.customers[1], [(self.products[1], 5, 200.0)])
        self._sell(
            self.customers[1], [(self.products[1], 5, 200.0)], pricelist_id=terms.id
        )
        count()
        few = count()
        for n in range(20):
            self._sell(
                self._customer(f"More {n}"),
                [(self.products[1], 10 + 20 * n, 200.0)],
                pricelist_id=terms.id,
            )
        count()  # issues of the new ones are written once
        self.assertEqual(count(), few)

    # -------------------------------------------------------- what people say
    def test_what_people_said_is_kept(self):
        self._compare()
        issue = self._issues().with_user(self.leader)
        issue.write(
            {
                "state": "accepted",
                "reason": "Contract of 2025",
                "assigned_id": self.manager.id,
                "note": "Ends in spring",
            }
        )
        account = self._account(self.customers[0])
        self.assertEqual((account.price_issues, account.price_leakage), (0, 0))
        self._sell(self.customers[0], [(self.products[0], 10, 75.0)], days=5)
        self._compare()
        self.assertEqual(self._issues(), issue)
        self.assertEqual((issue.state, issue.reason), ("accepted", "Contract of 2025"))
        self.assertEqual(
            (issue.assigned_id, issue.note), (self.manager, "Ends in spring")
        )
        self.assertEqual(issue.order_lines, 3)
        self.assertEqual((account.price_issues, account.price_leakage), (0, 0))
        issue.action_reopen()
        self.assertEqual(account.price_leakage, issue.leakage)

    def test_accepting_takes_a_reason(self):
        self._compare()
        issue = self._issues().with_user(self.leader)
        with self.assertRaisesRegex(UserError, "Valve 0.*without a reason"):
            issue.state = "accepted"
        with self.assertRaisesRegex(UserError, "Valve 0.*without a reason"):
            issue.write({"state": "accepted", "reason": "  "})
        issue.write({"state": "accepted", "reason": "Contract"})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            issue.reason = False
            self.env.flush_all()

    def test_fixed_and_back_again(self):
        self._compare()
        issue = self._issues()
        issue.with_user(self.leader).action_fixed()
        self.assertEqual(issue.fixed_date, self.today)
        account = self._account(self.customers[0])
        self.assertEqual(account.price_leakage, 0)
        self._compare()
        self.assertEqual((issue.state, issue.relapsed), ("fixed", False))
        # a week later, an order at the right price, then one at the wrong one
        self._sell(self.customers[0], [(self.products[0], 5, 100.0)], days=-3)
        self._compare(self.today + timedelta(days=7))
        self.assertFalse(issue.relapsed)
        self._sell(self.customers[0], [(self.products[0], 50, 70.0)], days=-5)
        self._compare(self.today + timedelta(days=7))
        self.assertEqual((issue.state, issue.relapsed), ("fixed", True))
        self.assertEqual(account.price_leakage, issue.leakage)

    def test_a_price_that_fits_again(self):
        """A row nobody touched goes; one with a note stays, and says so."""
        self._compare()
        noted = self._issues()
        noted.note = "Ask Mr. Meyer"
        self.env["sale.order"].search(
            [("order_line.price_unit", "=", 80.0)]
        ).order_line.price_unit = 100.0
        self._compare()
        self.assertEqual(self._issues(), noted)
        self.assertFalse(noted.flagged)
        self.assertEqual(self._account(self.customers[0]).price_leakage, 0)
        noted.note = " "
        self._compare()
        self.assertFalse(self._issues())

    def test_figures_cannot_be_typed_in(self):
        self._compare()
        issue = self._issues()
        for values in ({"leakage": 0}, {"flagged": False}, {"fixed_date": False}):
            with self.assertRaisesRegex(AccessError, "cannot be typed in"):
                issue.with_user(self.leader).write(values)
        with self.assertRaises(AccessError):
            issue.with_user(self.leader).unlink()

    # ------------------------------------------------------------------ rights
    def test_who_sees_and_who_decides(self):
        self._compare()
        issue = self._issues()
        seen = {self.rep: 1, self.other_rep: 0, self.leader: 1, self.manager: 1}
        for user, count in seen.items():
            with self.subTest(user.login):
                mine = self.env["territory.price.issue"].with_user(user)
                self.assertEqual(mine.search_count([]), count)
        for user in (self.rep, self.other_rep):
            with self.assertRaises(AccessError):
                issue.with_user(user).write({"state": "fixed"})
        clerk = self._user("clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["territory.price.issue"].with_user(clerk).search([])

    def test_the_account_of_another_rep_from_one_day_to_the_next(self):
        self._compare()
        self.customers[0].user_id = self.other_rep
        issues = self.env["territory.price.issue"]
        self.assertFalse(issues.with_user(self.rep).search([]))
        self.assertEqual(
            issues.with_user(self.other_rep).search([]).user_id, self.other_rep
        )

    def test_companies(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        stranger = self._user("stranger", "sales_team.group_sale_manager", sister)
        self._compare()
        self.env["territory.account"]._refresh_prices(sister)
        self.assertTrue(self._issues())
        issues = self.env["territory.price.issue"].with_user(stranger)
        issues = issues.with_context(allowed_company_ids=sister.ids)
        self.assertFalse(issues.search([]))

    # -------------------------------------------------------------------- card
    def test_card_and_its_evidence(self):
        self._compare()
        account = self._account(self.customers[0]).with_user(self.rep)
        price = account.get_territory_card()["insights"]["price"]
        self.assertEqual((price["status"], price["count"]), ("scored", 1))
        (issue,) = price["issues"]
        self.assertEqual((issue["lines"], issue["peers"]), (2, 24))
        action = account.action_insight_evidence("price_lines")
        lines = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(lines), issue["lines"])
        self.assertEqual(lines.product_id, self.products[0])
        own = account.price_issue_ids.action_order_lines()
        self.assertEqual(self.env[own["res_model"]].search(own["domain"]), lines)
        action = account.action_insight_evidence("price_issues")
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]),
            account.price_issue_ids,
        )

    def test_before_the_first_night_there_is_none(self):
        self._refresh()
        card = self._account(self.customers[0]).get_territory_card()
        self.assertFalse(card["insights"]["price"])
