from odoo import Command
from odoo.tests import tagged

from ..models import _price_lists, _prices
from .price_case import PriceCase


@tagged("post_install", "-at_install")
class TestInsightPriceBadInput(PriceCase):
    """What order lines hold besides sales: none of it is taken for a price."""

    def _lines(self, customer):
        lines = _prices.gather(self.company, self.today)
        expected, _stepped = _price_lists.expected(self.company, lines)
        own = lines.partner == customer.id
        return sorted(
            zip(
                lines.price[own].round(2).tolist(),
                lines.quantity[own].round(2).tolist(),
                expected[own].round(2).tolist(),
                strict=True,
            )
        )

    def test_what_is_no_sale(self):
        customer, product = self._customer("Odd"), self.products[0]
        self._sell(customer, [(product, 1, 0.0), (product, -2, 100.0)])
        self._sell(customer, [(product, 1, {"price_unit": 100.0, "discount": 100.0})])
        self._sell(customer, [(product, 5, 50.0)], days=-40)
        self._sell(customer, [(product, 5, 50.0)], days=366)
        self._sell(customer, [(product, 5, 50.0)]).state = "cancel"
        self._sell(customer, [(product, 5, 50.0)]).state = "draft"
        order = self._sell(customer, [(product, 5, 99.0)])
        order.order_line.create(
            [
                {"order_id": order.id, "display_type": "line_section", "name": "Top"},
                {
                    "order_id": order.id,
                    "product_id": product.id,
                    "name": "Advance",
                    "is_downpayment": True,
                    "product_uom_qty": 1,
                    "price_unit": 10.0,
                    "tax_ids": [],
                },
                {
                    "order_id": order.id,
                    "product_id": product.id,
                    "name": "Hotel",
                    "is_expense": True,
                    "product_uom_qty": 1,
                    "price_unit": 10.0,
                    "tax_ids": [],
                },
            ]
        )
        self.assertEqual(self._lines(customer), [(99.0, 5.0, 100.0)])

    def test_units_of_measure_are_converted(self):
        customer = self._customer("Dozens")
        dozen = self.env.ref("uom.product_uom_dozen")
        self._sell(
            customer,
            [(self.products[0], 2, {"price_unit": 1200.0, "product_uom_id": dozen.id})],
        )
        self.assertEqual(self._lines(customer), [(100.0, 24.0, 100.0)])
        self._compare()
        self.assertFalse(self._pair(customer, self.products[0]))

    def test_currencies_are_converted_at_their_date(self):
        customer, dollar = self._customer("Overseas"), self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.filtered(lambda r: r.company_id == self.company).unlink()
        for days, rate in ((300, 1.25), (60, 2.0)):
            dollar.rate_ids.create(
                {
                    "currency_id": dollar.id,
                    "company_id": self.company.id,
                    "name": self._days_ago(days),
                    "rate": rate,
                }
            )
        dollars = self.env["product.pricelist"].create(
            {
                "name": "Dollars",
                "company_id": self.company.id,
                "currency_id": dollar.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "percentage",
                            "percent_price": 10.0,
                        }
                    )
                ],
            }
        )
        for days, price in ((200, 125.0), (20, 200.0)):
            self._sell(
                customer,
                [(self.products[0], 5, price)],
                pricelist_id=dollars.id,
                date_order=self._days_ago(days),
                days=days,
            )
        # price by the list is 90 in company currency whatever the rate is
        self.assertEqual(
            self._lines(customer), [(100.0, 5.0, 90.0), (100.0, 5.0, 90.0)]
        )

    def test_contacts_of_a_customer_are_the_customer(self):
        """Addresses, and a company merged into another since."""
        customer = self._customer("Whole")
        contact = self._customer("Buyer", parent_id=customer.id, is_company=False)
        twin = self._customer("Whole, again")
        self._sell(contact, [(self.products[0], 1, 90.0)])
        self._sell(twin, [(self.products[0], 1, 110.0)])
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((customer | twin).ids, customer)
        self.assertEqual([line[0] for line in self._lines(customer)], [90.0, 110.0])
        self._compare()
        self.assertEqual(self._account(customer).price_lines, 2)

    def test_a_discount_on_the_whole_order_lowers_its_prices(self):
        customer, product = self._customer("Rebate"), self.products[0]
        discount = self.env["product.product"].create(
            {"name": "Discount", "type": "service", "taxes_id": False}
        )
        self.company.sale_discount_product_id = discount
        self._sell(customer, [(product, 10, 100.0), (discount, 1, -200.0)])
        self.assertEqual(self._lines(customer), [(80.0, 10.0, 100.0)])

    def test_what_was_credited(self):
        """In full: gone. In part: a return, less quantity at the same price."""
        customer, product = self._customer("Returns"), self.products[0]
        template = self.env["account.chart.template"]
        template.try_loading("generic_coa", company=self.company, install_demo=False)
        for price, returned in ((100.0, 10), (90.0, 4)):
            order = self._sell(customer, [(product, 10, price)])
            product.invoice_policy = "order"
            invoice = order._create_invoices()
            invoice.action_post()
            refund = invoice._reverse_moves(
                [{"invoice_date": self.today, "date": self.today}]
            )
            refund.invoice_line_ids.quantity = returned
            refund.action_post()
        self.assertEqual(self._lines(customer), [(90.0, 6.0, 100.0)])

    def test_a_product_without_list_price(self):
        free = self.env["product.product"].create({"name": "Free", "list_price": 0.0})
        customer = self._customer("Alone")
        self._sell(customer, [(free, 1, 50.0)])
        (line,) = self._lines(customer)
        self.assertEqual(line[:2], (50.0, 1.0))
        self.assertNotEqual(line[2], line[2])  # no price to expect: NaN

    def test_nothing_was_ever_sold(self):
        self.env["sale.order"].search([]).state = "cancel"
        self._refresh()
        found = self.env["territory.account"]._refresh_prices(self.company)
        self.assertEqual(found, {"price_pairs": 0, "price_issues": 0})

    def test_hostile_names_do_no_harm(self):
        self.products[0].name = "'); DROP TABLE territory_price_issue; -- <b>%s</b>"
        self._compare()
        issue = self._issues()
        self.assertIn("DROP TABLE", issue.display_name)
        self.assertIn("DROP TABLE", issue.action_order_lines()["name"])
