from odoo import Command
from odoo.tests import tagged

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestFacts(TerritoryCase):
    """An account's figures are those of its orders, invoices, meetings and leads."""

    def _history(self, partner, name):
        return self._account(partner).history[name]

    # ----------------------------------------------------------------- revenue
    def test_orders_count_in_their_month(self):
        customer = self._customer("Alpha")
        self._order(customer, self._day(1), 1000.0, cost=600.0)
        self._order(customer, self._day(13), 500.0, cost=300.0)
        self._refresh()
        account = self._account(customer)
        self.assertEqual(account.revenue_12m, 1000.0)
        self.assertEqual(account.revenue_previous, 500.0)
        self.assertEqual(account.revenue_change, 1.0)
        self.assertEqual(account.orders_12m, 1)
        self.assertAlmostEqual(account.margin_rate, 0.4)
        self.assertEqual(account.margin_12m, 400.0)
        self.assertEqual(self._history(customer, "revenue")[-1], 1000.0)
        self.assertEqual(self._history(customer, "revenue")[-13], 500.0)
        self.assertEqual(len(self._history(customer, "revenue")), 36)
        self.assertEqual(account.last_order_date, self._day(1).date())

    def test_the_current_month_is_not_yet_a_month(self):
        customer = self._customer("Alpha")
        self._order(customer, self._day(0, day=1), 1000.0)
        self._refresh()
        self.assertEqual(self._account(customer).revenue_12m, 0.0)
        self.assertTrue(self._account(customer).last_order_date)

    def test_only_confirmed_orders_count(self):
        customer = self._customer("Alpha")
        cancelled = self._order(customer, self._day(2), 700.0)
        cancelled._action_cancel()
        self._order(customer, self._day(2), 300.0, state="draft")
        self._order(customer, self._day(2), 200.0)
        self._refresh()
        self.assertEqual(self._account(customer).revenue_12m, 200.0)

    def test_orders_of_contacts_belong_to_their_company(self):
        customer = self._customer("Alpha")
        buyer = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": customer.id}
        )
        self._order(buyer, self._day(1), 400.0)
        self._refresh()
        self.assertEqual(self._account(customer).revenue_12m, 400.0)
        self.assertFalse(self._account(buyer))

    def test_a_month_begins_at_midnight_of_the_company(self):
        """23:30 UTC on the last of a month is the next month in Berlin."""
        customer = self._customer("Alpha")
        last = self._day(2, day=31).replace(hour=23, minute=30)
        self._order(customer, last, 900.0)
        self._refresh()
        self.assertEqual(self._history(customer, "revenue")[-1], 900.0)
        self.assertEqual(self._history(customer, "revenue")[-2], 0.0)

    def test_foreign_money_is_converted_at_its_date(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        usd.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": usd.id,
                    "company_id": self.company.id,
                    "name": self._day(months, day=1).date(),
                    "rate": rate,
                }
                for months, rate in ((30, 2.0), (4, 1.25))
            ]
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": usd.id, "company_id": self.company.id}
        )
        customer = self._customer("Alpha")
        for months in (6, 2):
            order = self._order(
                customer,
                self._day(months),
                1000.0,
                pricelist_id=pricelist.id,
                date_order=self._day(months),
            )
            order.invalidate_recordset()
        self._refresh()
        revenue = self._history(customer, "revenue")
        self.assertAlmostEqual(revenue[-6], 500.0)
        self.assertAlmostEqual(revenue[-2], 800.0)

    # ----------------------------------------------------------------- refunds
    def _invoice(self, order, when):
        order.order_line.product_id.invoice_policy = "order"
        invoice = order._create_invoices()
        invoice.invoice_date = when.date()
        invoice.action_post()
        return invoice

    def _credit(self, invoice, when, share=1.0):
        credit = invoice._reverse_moves(
            [{"invoice_date": when.date(), "date": when.date()}]
        )
        for line in credit.invoice_line_ids:
            line.quantity *= share
        credit.action_post()
        return credit

    def _with_chart(self):
        template = self.env["account.chart.template"]
        template.try_loading("generic_coa", company=self.company, install_demo=False)

    def test_a_credit_note_takes_away_from_orders(self):
        self._with_chart()
        customer = self._customer("Alpha")
        order = self._order(customer, self._day(4), 1000.0, cost=600.0)
        invoice = self._invoice(order, self._day(3))
        self._credit(invoice, self._day(2), share=0.4)
        self._refresh()
        revenue = self._history(customer, "revenue")
        self.assertAlmostEqual(revenue[-4], 1000.0)
        self.assertAlmostEqual(revenue[-2], -400.0)
        self.assertAlmostEqual(self._account(customer).revenue_12m, 600.0)
        self.assertAlmostEqual(self._account(customer).margin_rate, 0.4)

    def test_invoicing_again_takes_nothing_away(self):
        self._with_chart()
        customer = self._customer("Alpha")
        order = self._order(customer, self._day(4), 1000.0)
        invoice = self._invoice(order, self._day(3))
        self._credit(invoice, self._day(2))
        self._invoice(order, self._day(2))
        self._refresh()
        self.assertAlmostEqual(self._account(customer).revenue_12m, 1000.0)

    def test_invoices_as_the_source(self):
        self._with_chart()
        self.company.territory_revenue_source = "invoice"
        customer = self._customer("Alpha")
        order = self._order(customer, self._day(4), 1000.0, cost=600.0)
        invoice = self._invoice(order, self._day(3))
        self._credit(invoice, self._day(1), share=0.1)
        self._order(customer, self._day(2), 5000.0)  # not invoiced
        self._refresh()
        account = self._account(customer)
        revenue = account.history["revenue"]
        self.assertAlmostEqual(revenue[-3], 1000.0)
        self.assertAlmostEqual(revenue[-1], -100.0)
        self.assertAlmostEqual(account.revenue_12m, 900.0)
        self.assertAlmostEqual(account.margin_rate, 0.4)
        self.assertEqual(account.orders_12m, 1)

    # ------------------------------------------------------------------ margin
    def test_without_a_cost_the_company_rate_stands_in(self):
        known, unknown = self._customer("Known"), self._customer("Unknown")
        self._order(known, self._day(1), 1000.0, cost=750.0)
        self._order(unknown, self._day(1), 1000.0, cost=0.0)
        self._refresh()
        self.assertTrue(self._account(known).margin_known)
        self.assertFalse(self._account(unknown).margin_known)
        self.assertAlmostEqual(self._account(unknown).margin_rate, 0.25)

    def test_without_any_cost_the_setting_stands_in(self):
        customer = self._customer("Alpha")
        self.company.territory_default_margin = 0.35
        self._order(customer, self._day(1), 1000.0, cost=0.0)
        self._refresh()
        self.assertAlmostEqual(self._account(customer).margin_rate, 0.35)

    # ------------------------------------------------------------------ visits
    def test_visits_are_meetings_with_the_customer_or_its_contacts(self):
        customer = self._customer("Alpha")
        buyers = self.env["res.partner"].create(
            [{"name": name, "parent_id": customer.id} for name in ("One", "Two")]
        )
        self._visit(customer, self._day(1))
        both = self._visit(buyers[0], self._day(2))
        both.partner_ids = [Command.link(buyers[1].id)]
        self._refresh()
        account = self._account(customer)
        self.assertEqual(account.visits_12m, 2, "two buyers in one meeting: one visit")
        self.assertEqual(account.history["visits"][-2:], [1, 1])
        self.assertEqual(account.last_visit_date, self._day(1).date())

    def test_planned_declined_and_deleted_meetings_are_no_visits(self):
        customer = self._customer("Alpha")
        self._order(customer, self._day(1))
        self._visit(customer, self._day(-1))
        declined = self._visit(customer, self._day(1))
        declined.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == customer
        ).state = "declined"
        self._visit(customer, self._day(2), active=False)
        self._refresh()
        account = self._account(customer)
        self.assertEqual(account.visits_12m, 0)
        self.assertEqual(account.next_visit_date, self._day(-1).date())

    def test_meetings_about_an_opportunity_count(self):
        customer = self._customer("Alpha")
        lead = self._lead(customer)
        self._visit(
            self.rep.partner_id, self._day(1), opportunity_id=lead.id, res_id=lead.id
        )
        self._refresh()
        self.assertEqual(self._account(customer).visits_12m, 1)

    # ------------------------------------------------------------------- leads
    def test_open_leads_count_with_their_probability(self):
        customer = self._customer("Alpha")
        self._lead(customer, 5000.0, 40.0)
        self._lead(customer, 9000.0, 50.0).action_set_lost()
        self._lead(customer, 9000.0, 50.0).action_set_won()
        self._refresh()
        account = self._account(customer)
        self.assertEqual(account.open_leads, 1)
        self.assertAlmostEqual(account.pipeline, 2000.0)
        self.assertEqual(account.segment, "prospect")

    # ---------------------------------------------------------------- universe
    def test_colleagues_and_own_companies_are_no_accounts(self):
        self._visit(self.other_rep.partner_id, self._day(1))
        self._order(self.company.partner_id, self._day(1))
        self._refresh()
        self.assertFalse(self._account(self.other_rep.partner_id))
        self.assertFalse(self._account(self.company.partner_id))

    def test_each_company_counts_its_own(self):
        other = self.env["res.company"].create({"name": "Sister"})
        customer = self._customer("Alpha")
        self._order(customer, self._day(1), 1000.0)
        self.env["territory.account"]._refresh(other)
        self.assertFalse(self._account(customer, other))
        self._refresh()
        self.assertEqual(self._account(customer).revenue_12m, 1000.0)

    def test_refreshing_twice_changes_nothing(self):
        customer = self._customer("Alpha")
        self._order(customer, self._day(1))
        self._refresh()
        account = self._account(customer)
        before = account.read()[0]
        self._refresh()
        self.assertEqual(self._account(customer), account)
        after = account.read()[0]
        for moving in ("data_date", "write_date", "create_date"):
            before.pop(moving)
            after.pop(moving)
        self.assertEqual(before, after)

    def test_facts_that_go_are_forgotten(self):
        customer = self._customer("Alpha", user_id=False)
        order = self._order(customer, self._day(1))
        self._refresh()
        order._action_cancel()
        self._refresh()
        account = self._account(customer)
        self.assertEqual((account.revenue_12m, account.orders_12m), (0.0, 0))

    def test_segments_follow_revenue(self):
        big, middle, small, lapsed = (
            self._customer(name) for name in ("Big", "Middle", "Small", "Lapsed")
        )
        for customer, months, amount in (
            (big, 1, 8500.0),
            (middle, 1, 1200.0),
            (small, 1, 300.0),
            (lapsed, 20, 5000.0),
        ):
            self._order(customer, self._day(months), amount)
        self._refresh()
        self.assertEqual(
            [self._account(c).segment for c in (big, middle, small, lapsed)],
            ["a", "b", "c", "lapsed"],
        )

    # --------------------------------------------------------------- freshness
    def test_what_the_partner_says_is_right_at_once(self):
        customer = self._customer("Alpha")
        self._order(customer, self._day(1))
        self._refresh()
        account = self._account(customer)
        self.assertEqual(account.team_id, self.team)
        self.assertEqual(account.location_quality, "given")
        customer.write({"user_id": self.other_rep.id, "name": "Omega"})
        customer.partner_latitude = 1000.0
        self.assertEqual(account.user_id, self.other_rep)
        self.assertEqual(account.name, "Omega")
        self.assertEqual(account.location_quality, "invalid")
        customer.write({"partner_latitude": 0.0, "partner_longitude": 0.0})
        self.assertEqual(account.location_quality, "none")

    def test_bulk_columns_equal_the_computed_ones(self):
        """What SQL fills in is what the ORM would have computed."""
        for town in ("München", "Hamburg"):
            self._order(self._customer(town, town), self._day(1))
        self._order(self._customer("Lost", partner_latitude=1000.0), self._day(14))
        self._refresh()
        accounts = self.env["territory.account"].search(
            [("company_id", "=", self.company.id)]
        )
        names = [
            name
            for name, field in accounts._fields.items()
            if field.store and field.compute
        ]
        self.assertIn("location_quality", names)
        bulk = accounts.read(names, load=None)
        for name in names:
            self.env.add_to_compute(accounts._fields[name], accounts)
        accounts._recompute_recordset()
        self.assertEqual(accounts.read(names, load=None), bulk)

    def test_queries_do_not_grow_with_accounts(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._refresh()
            return self.env.cr.sql_log_count - before

        self._order(self._customer("First"), self._day(1))
        few = count()
        for number in range(30):
            customer = self._customer(f"Customer {number}")
            self._order(customer, self._day(1 + number % 20))
            self._visit(customer, self._day(1 + number % 20))
        self.assertEqual(count(), few)
