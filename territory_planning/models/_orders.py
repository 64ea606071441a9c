"""Single orders and their days, for what is learned from the rhythm of ordering.

One query per company, read with the database's own rights like ``_facts``.
"""

from dataclasses import dataclass

import numpy as np

from odoo.tools import SQL

from ._facts import credited_lines


@dataclass
class OrderDays:
    """Days with an order ``(m,)``: ``partner``, ids; ``day``, ``datetime64[D]``."""

    partner: np.ndarray
    day: np.ndarray


def gather(company):
    """Gather the days on which customers of a company ordered.

    What is no order of its own is left out: free samples and returns (an order of
    zero or less), and orders whose goods were all credited and not invoiced again.
    Orders dated in the future are handed on; whoever uses them knows the day its data
    end. Days are those of the company's time zone.

    :rtype: OrderDays
    """
    env = company.env
    env.flush_all()
    query = _invoices if company.territory_revenue_source == "invoice" else _orders
    rows = env.execute_query(query(company))
    return OrderDays(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype="datetime64[D]"),
    )


def _orders(company):
    return SQL(
        """
        WITH credited AS MATERIALIZED (
            %(credited)s
        ), line AS (
            SELECT l.id, o.id AS order_id, o.partner_id, o.date_order,
                   l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount
              FROM sale_order_line l
              JOIN sale_order o ON o.id = l.order_id
             WHERE o.company_id = %(company)s AND o.state = 'sale'
               AND l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
        ), worth AS (
            -- as in the revenue: a credit takes away what invoices do not cover any more
            SELECT line.partner_id, line.date_order
              FROM line LEFT JOIN credited ON credited.id = line.id
          GROUP BY line.order_id, line.partner_id, line.date_order
            HAVING SUM(line.amount - GREATEST(
                       LEAST(credited.credit, line.amount - credited.net), 0)) > 0.005
        )
        SELECT DISTINCT p.commercial_partner_id,
               (worth.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
          FROM worth JOIN res_partner p ON p.id = worth.partner_id
        """,
        company=company.id,
        credited=credited_lines(company),
        zone=company._territory_timezone(),
    )


def _invoices(company):
    return SQL(
        """
        SELECT DISTINCT commercial_partner_id, invoice_date
          FROM account_move
         WHERE company_id = %s AND state = 'posted'
           AND move_type IN ('out_invoice', 'out_receipt')
           AND payment_state <> 'reversed'
           AND amount_untaxed_signed > 0.005
           AND commercial_partner_id IS NOT NULL AND invoice_date IS NOT NULL
        """,
        company.id,
    )
