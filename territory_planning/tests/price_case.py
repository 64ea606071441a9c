from odoo import Command

from .common import TerritoryCase


class PriceCase(TerritoryCase):
    """Twenty-four customers who buy six products at list price, give or take 1 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._territory_today()
        cls.products = cls.env["product.product"].create(
            [
                {
                    "name": f"Valve {n}",
                    "list_price": 100.0 * (n + 1),
                    "taxes_id": False,
                    "company_id": cls.company.id,
                }
                for n in range(6)
            ]
        )
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Buyer {n}", "is_company": True, "user_id": cls.rep.id}
                for n in range(24)
            ]
        )
        for n, customer in enumerate(cls.customers):
            cls._sell(
                customer,
                [
                    (product, 10, cls._usual(product, n))
                    for product in cls.products
                    if (customer, product) != (cls.customers[0], cls.products[0])
                ],
            )
        # everything else it buys is as dear as for others, this is not
        cls._sell(cls.customers[0], [(cls.products[0], 10, 80.0)], days=30)
        cls._sell(cls.customers[0], [(cls.products[0], 30, 80.0)], days=60)

    @classmethod
    def _usual(cls, product, n):
        turn = (n * 7 + product.id * 3) % 5 - 2
        return product.list_price * (1 + 0.005 * turn)

    @classmethod
    def _sell(cls, customer, lines, days=90, **values):
        """A confirmed order of lines (product, quantity, price or further values)."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "company_id": cls.company.id,
                "user_id": cls.rep.id,
                "state": "sale",
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "tax_ids": [],
                            **(
                                price
                                if isinstance(price, dict)
                                else {"price_unit": price}
                            ),
                        }
                    )
                    for product, quantity, price in lines
                ],
                **values,
            }
        )
        order.date_order = cls._days_ago(days)
        return order

    def _compare(self, today=None):
        self._refresh()
        return self.env["territory.account"]._refresh_prices(self.company, today)

    def _issues(self, *domain):
        return self.env["territory.price.issue"].search(
            [("company_id", "=", self.company.id), *domain]
        )

    def _pair(self, customer, product):
        return self._issues(
            ("account_id.partner_id", "=", customer.id),
            ("product_id", "=", product.id),
        )
