"""Prices on order lines as arrays: what each customer paid for what, and when.

One query per company, read with the database's own rights like ``_facts``.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from odoo.tools import SQL

from ._facts import credited_lines

WINDOW = 365  # days
#: Columns of other modules that mark lines whose price is not the product's own.
FOREIGN = ("is_expense", "is_delivery", "is_reward_line")


@dataclass
class PriceLines:
    """Order lines ``(m,)``. ``partner, product``: ids; ``pricelist``: id, 0 for none;
    ``quantity``: in the product's own unit; ``price``: net, per that unit, in company
    currency at the order's rate; ``moment``: ``datetime64[s]`` in UTC; ``day``: where
    the company is."""

    partner: np.ndarray
    product: np.ndarray
    pricelist: np.ndarray
    quantity: np.ndarray
    price: np.ndarray
    moment: np.ndarray
    day: np.ndarray

    def __len__(self):
        return len(self.partner)


def gather(company, today, window=WINDOW):
    """Gather the lines of confirmed orders of the days ``(today − window, today]``.

    Left out: sections, down payments, delivery, expenses, rewards, parts of combos, free
    samples, returns, and lines credited in full and not invoiced again. What was
    credited in part is taken as a return: less quantity at the same price. A
    discount on the whole order lowers the price of all its lines.

    :rtype: PriceLines
    """
    env = company.env
    env.flush_all()
    rows = env.execute_query(_query(company, today, window))
    columns = list(zip(*rows, strict=True)) or [()] * 7
    return PriceLines(
        *(np.array(column, dtype=np.int64) for column in columns[:3]),
        *(np.array(column, dtype=float) for column in columns[3:5]),
        np.array(columns[5], dtype="datetime64[s]"),
        np.array(columns[6], dtype="datetime64[D]"),
    )


def _query(company, today, window):
    lines = company.env["sale.order.line"]
    own = SQL(" AND ").join(
        SQL("l.%s IS NOT TRUE", SQL.identifier(name))
        for name in FOREIGN
        if name in lines._fields and lines._fields[name].store
    )
    return SQL(
        """
        WITH credited AS MATERIALIZED (
            %(credited)s
        ), line AS (
            SELECT l.id, p.commercial_partner_id AS partner, l.product_id,
                   COALESCE(o.pricelist_id, 0) AS pricelist, o.date_order,
                   (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day,
                   l.product_uom_qty * COALESCE(unit.factor / NULLIF(own.factor, 0), 1)
                       AS quantity,
                   l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount,
                   COALESCE(whole.share, 1) AS share
              FROM sale_order_line l
              JOIN sale_order o ON o.id = l.order_id
              JOIN res_partner p ON p.id = o.partner_id
              JOIN product_product product ON product.id = l.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN uom_uom unit ON unit.id = l.product_uom_id
         LEFT JOIN uom_uom own ON own.id = template.uom_id
         LEFT JOIN (%(whole)s) whole ON whole.order_id = o.id
             WHERE o.company_id = %(company)s AND o.state = 'sale'
               AND o.date_order > %(since)s AND o.date_order < %(until)s
               AND l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
               AND l.combo_item_id IS NULL AND %(own)s
               AND l.product_uom_qty > 0 AND l.price_subtotal > 0
        ), kept AS (
            SELECT line.*,
                   1 - GREATEST(LEAST(credited.credit, amount - credited.net), 0)
                       / amount AS part
              FROM line LEFT JOIN credited ON credited.id = line.id
        )
        SELECT partner, product_id, pricelist,
               (quantity * COALESCE(part, 1))::float8,
               (amount * share / quantity)::float8, date_order, day
          FROM kept
         WHERE COALESCE(part, 1) > 0.001 AND share > 0 AND quantity > 0
           AND day > %(after)s AND day <= %(today)s
      ORDER BY id
        """,
        credited=credited_lines(company),
        zone=company._territory_timezone(),
        whole=_whole_order_discounts(company),
        company=company.id,
        own=own,
        # a day more on either side than the time zone needs: the index helps
        since=today - timedelta(days=window + 1),
        until=today + timedelta(days=2),
        after=today - timedelta(days=window),
        today=today,
    )


def _whole_order_discounts(company):
    """SQL of the share of their price that lines keep where a line of the order is a
    discount on all of it."""
    product = company.sale_discount_product_id.id
    return SQL(
        """
        SELECT order_id,
               1 + SUM(price_subtotal) FILTER (WHERE product_id = %(product)s)
                   / NULLIF(SUM(price_subtotal) FILTER (WHERE price_subtotal > 0), 0)
                   AS share
          FROM sale_order_line
         WHERE order_id IN (SELECT order_id FROM sale_order_line
                             WHERE product_id = %(product)s)
      GROUP BY order_id
        """,
        product=product or None,
    )


def domain(account, day, products=None):
    """The order lines of an account whose prices were compared, as a search domain."""
    first = account.company_id._territory_utc(day - timedelta(days=WINDOW - 1))
    end = account.company_id._territory_utc(day + timedelta(days=1))
    found = [
        ("company_id", "=", account.company_id.id),
        ("state", "=", "sale"),
        ("order_id.partner_id.commercial_partner_id", "=", account.partner_id.id),
        ("order_id.date_order", ">=", first),
        ("order_id.date_order", "<", end),
        ("display_type", "=", False),
        ("is_downpayment", "=", False),
        ("product_uom_qty", ">", 0),
        ("price_subtotal", ">", 0),
    ]
    if products is not None:
        found.append(("product_id", "in", products.ids))
    return found
