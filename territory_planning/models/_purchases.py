"""What customers bought by product category, for what is learned from their baskets.

One query per company, read with the database's own rights like ``_facts``.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from odoo.tools import SQL

from ._facts import credited_lines


@dataclass
class Purchases:
    """Sums ``(m,)``: ``partner, category``, ids; ``amount``, money, above zero."""

    partner: np.ndarray
    category: np.ndarray
    amount: np.ndarray


def gather(company, today, days):
    """Gather what each customer bought of each category in the last days.

    What was given back or credited is taken off; free samples come to nothing. Lines
    without a product, and days after ``today``, are left out.

    :param today: the last day that counts, where the company is
    :param days: how many days to look back
    :rtype: Purchases
    """
    env = company.env
    env.flush_all()
    query = _invoices if company.territory_revenue_source == "invoice" else _orders
    first = today - timedelta(days=days)
    rows = env.execute_query(query(company, first, today))
    table = np.array(rows, dtype=float).reshape(-1, 3)
    return Purchases(table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2])


def _orders(company, first, last):
    return SQL(
        """
        WITH credited AS MATERIALIZED (
            %(credited)s
        ), line AS (
            SELECT l.id, o.partner_id, l.product_id,
                   l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount
              FROM sale_order_line l
              JOIN sale_order o ON o.id = l.order_id
             WHERE o.company_id = %(company)s AND o.state = 'sale'
               AND l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
               AND (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                   BETWEEN %(first)s AND %(last)s
        )
        SELECT p.commercial_partner_id, t.categ_id,
               SUM(line.amount - GREATEST(
                   LEAST(credited.credit, line.amount - credited.net), 0))::float8
          FROM line
     LEFT JOIN credited ON credited.id = line.id
          JOIN res_partner p ON p.id = line.partner_id
          JOIN product_product product ON product.id = line.product_id
          JOIN product_template t ON t.id = product.product_tmpl_id
         WHERE t.categ_id IS NOT NULL
      GROUP BY 1, 2
        HAVING SUM(line.amount - GREATEST(
                   LEAST(credited.credit, line.amount - credited.net), 0)) > 0.005
        """,
        credited=credited_lines(company),
        company=company.id,
        zone=company._territory_timezone(),
        first=first,
        last=last,
    )


def _invoices(company, first, last):
    return SQL(
        """
        SELECT move.commercial_partner_id, t.categ_id, SUM(-item.balance)::float8
          FROM account_move_line item
          JOIN account_move move ON move.id = item.move_id
          JOIN product_product product ON product.id = item.product_id
          JOIN product_template t ON t.id = product.product_tmpl_id
         WHERE move.company_id = %s AND move.state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
           AND item.display_type = 'product'
           AND move.commercial_partner_id IS NOT NULL AND t.categ_id IS NOT NULL
           AND move.invoice_date BETWEEN %s AND %s
      GROUP BY 1, 2
        HAVING SUM(-item.balance) > 0.005
        """,
        company.id,
        first,
        last,
    )
