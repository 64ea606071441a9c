"""What orders, invoices, meetings and leads say, as arrays over accounts.

A handful of grouped queries per company, whatever the number of records. A month
begins and ends in the company's time zone; money is in company currency at its
date. Read with the database's own rights: an account's figures are the whole
company's, and who may see the account is decided by the rules on the account.
"""

from dataclasses import dataclass

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo.tools import SQL


@dataclass
class Facts:
    """Facts of ``n`` accounts over ``t`` full months, oldest first.

    ``partner (n,)``: ids in rising order. ``revenue, margin, costed (n, t)``:
    money, ``margin`` being earned on the ``costed`` part of the revenue, the one
    whose cost is known. ``orders, visits (n, t)``: counts. ``last_order,
    last_visit, next_visit (n,)``: dates or None. ``open_leads (n,)``: a count;
    ``pipeline (n,)``: money, weighted by probability.
    """

    first_month: object
    partner: np.ndarray
    revenue: np.ndarray
    margin: np.ndarray
    costed: np.ndarray
    orders: np.ndarray
    visits: np.ndarray
    last_order: np.ndarray
    last_visit: np.ndarray
    next_visit: np.ndarray
    open_leads: np.ndarray
    pipeline: np.ndarray

    def __len__(self):
        return len(self.partner)


def gather(company, until, months):
    """Gather the facts of a company.

    :param company: a ``res.company`` record
    :param until: the first day of the month after the last one that counts
    :param months: how many full months to look back
    :rtype: Facts
    """
    env = company.env
    env.flush_all()
    frame = _Frame(company, until, months)
    sales = env.execute_query(frame.invoiced() if frame.invoices else frame.ordered())
    last_order = dict(env.execute_query(frame.last_order()))
    met = env.execute_query(frame.visits())
    visit_dates = _visit_dates(met)
    leads = {row[0]: row[1:] for row in env.execute_query(frame.leads())}
    seen = {*last_order, *visit_dates, *leads}
    seen.update(row[0] for row in sales)
    partner = np.array(
        [row[0] for row in env.execute_query(frame.universe(sorted(seen)))], dtype=int
    )
    shape = (len(partner), months)
    revenue, margin, costed, orders = _panel(partner, sales, shape, 4)
    return Facts(
        first_month=frame.first,
        partner=partner,
        revenue=revenue,
        margin=margin,
        costed=costed,
        orders=orders.astype(int),
        visits=_panel(partner, [row[:3] for row in met], shape, 1)[0].astype(int),
        last_order=_column(partner, last_order, lambda day: day, None, object),
        last_visit=_column(partner, visit_dates, lambda row: row[0], None, object),
        next_visit=_column(partner, visit_dates, lambda row: row[1], None, object),
        open_leads=_column(partner, leads, lambda row: row[0], 0, int),
        pipeline=_column(partner, leads, lambda row: row[1], 0.0, float),
    )


def _panel(partner, rows, shape, width):
    """Lay rows of (partner, month index, value…) out as ``width`` (n, t) arrays."""
    panels = np.zeros((width, *shape))
    if rows and len(partner):
        table = np.nan_to_num(np.array(rows, dtype=float))  # no cost known: NULL
        place = np.searchsorted(partner, table[:, 0].astype(int))
        place[place == len(partner)] = 0
        known = partner[place] == table[:, 0]
        month = table[:, 1].astype(int)
        inside = known & (month >= 0) & (month < shape[1])
        # Orders and what was credited on them come as rows of their own.
        np.add.at(
            panels, (slice(None), place[inside], month[inside]), table[inside, 2:].T
        )
    return panels


def _visit_dates(met):
    """The last visit made and the next one agreed of each partner, or None."""
    dates = {}
    for partner, _month, _count, last, following in met:
        before, after = dates.get(partner, (None, None))
        dates[partner] = (
            max(filter(None, (before, last)), default=None),
            min(filter(None, (after, following)), default=None),
        )
    return dates


def _column(partner, rows, value, default, dtype):
    return np.array(
        [value(rows[key]) if key in rows else default for key in partner.tolist()],
        dtype=dtype,
    )


def credited_lines(company):
    """What was credited on order lines, and what all their invoices come to.

    :return: SQL of rows ``id`` of the order line, ``credit``, ``net`` of the invoices
        less credits, money in company currency, and ``day`` of the last credit
    """
    return SQL(
        """
        SELECT rel.order_line_id AS id,
               SUM(item.balance) FILTER (WHERE move.move_type = 'out_refund') AS credit,
               -SUM(item.balance) AS net,
               MAX(move.invoice_date) FILTER (WHERE move.move_type = 'out_refund')
                   AS day
          FROM sale_order_line_invoice_rel rel
          JOIN account_move_line item ON item.id = rel.invoice_line_id
          JOIN account_move move ON move.id = item.move_id
         WHERE move.company_id = %s
           AND move.state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_refund')
      GROUP BY rel.order_line_id
        HAVING BOOL_OR(move.move_type = 'out_refund')
        """,
        company.id,
    )


class _Frame:
    """The queries, all over the same company, months and time zone."""

    def __init__(self, company, until, months):
        self.company = company
        self.invoices = company.territory_revenue_source == "invoice"
        self.first = until - relativedelta(months=months)
        self.until = until
        self.zone = company._territory_timezone()

    def _local(self, column):
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)", column, self.zone)

    def _month(self, day):
        """How many months after the first one a local day or time lies."""
        return SQL(
            "((EXTRACT(YEAR FROM %(day)s) - %(year)s) * 12 "
            "+ EXTRACT(MONTH FROM %(day)s) - %(month)s)::int",
            day=day,
            year=self.first.year,
            month=self.first.month,
        )

    def _inside(self, day):
        return SQL(
            "%(day)s >= %(first)s AND %(day)s < %(until)s",
            day=day,
            first=self.first,
            until=self.until,
        )

    def ordered(self):
        """Confirmed orders less what was credited and not invoiced again.

        A credit note takes away from its order line only what the line's invoices
        no longer cover, so that "cancel and invoice again" takes nothing away.
        """
        day = self._local(SQL("o.date_order"))
        return SQL(
            """
            WITH line AS (
                SELECT l.id, p.commercial_partner_id AS partner, o.id AS order_id,
                       %(day)s AS day,
                       l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1)
                           AS revenue,
                       l.margin / COALESCE(NULLIF(o.currency_rate, 0), 1) AS margin,
                       l.purchase_price <> 0 AS costed
                  FROM sale_order_line l
                  JOIN sale_order o ON o.id = l.order_id
                  JOIN res_partner p ON p.id = o.partner_id
                 WHERE o.company_id = %(company)s
                   AND o.state = 'sale'
                   AND l.display_type IS NULL
                   AND l.is_downpayment IS NOT TRUE
            ), credited AS (
                %(credited)s
            ), lost AS (
                SELECT line.*, credited.day AS credit_day,
                       LEAST(credited.credit, line.revenue - credited.net) AS amount
                  FROM credited JOIN line ON line.id = credited.id
                 WHERE LEAST(credited.credit, line.revenue - credited.net) > 0
            )
            SELECT partner, %(month)s AS month, SUM(revenue)::float8,
                   (SUM(margin) FILTER (WHERE costed))::float8,
                   (SUM(revenue) FILTER (WHERE costed))::float8,
                   COUNT(DISTINCT order_id)
              FROM line WHERE %(inside)s
          GROUP BY partner, 2
         UNION ALL
            SELECT partner, %(credit_month)s AS month, -SUM(amount)::float8,
                   -(SUM(amount * margin / NULLIF(revenue, 0))
                     FILTER (WHERE costed))::float8,
                   -(SUM(amount) FILTER (WHERE costed))::float8,
                   0
              FROM lost WHERE %(credit_inside)s
          GROUP BY partner, 2
            """,
            day=day,
            company=self.company.id,
            credited=credited_lines(self.company),
            month=self._month(SQL("day")),
            inside=self._inside(SQL("day")),
            credit_month=self._month(SQL("credit_day")),
            credit_inside=self._inside(SQL("credit_day")),
        )

    def invoiced(self):
        """Posted customer invoices less credit notes.

        The cost of a line is that of the order line it bills, as sale_margin keeps
        it; a line without an order has no known cost.
        """
        day = SQL("move.invoice_date")
        return SQL(
            """
            WITH line AS (
                SELECT move.commercial_partner_id AS partner, move.id AS move_id,
                       move.move_type <> 'out_refund' AS counts, %(day)s AS day,
                       -item.balance AS revenue,
                       -item.balance - SIGN(-item.balance) * item.quantity
                           * cost.per_unit AS margin,
                       cost.per_unit IS NOT NULL AS costed
                  FROM account_move_line item
                  JOIN account_move move ON move.id = item.move_id
             LEFT JOIN LATERAL (
                        SELECT AVG(l.purchase_price
                                   / COALESCE(NULLIF(o.currency_rate, 0), 1))
                               AS per_unit
                          FROM sale_order_line_invoice_rel rel
                          JOIN sale_order_line l ON l.id = rel.order_line_id
                          JOIN sale_order o ON o.id = l.order_id
                         WHERE rel.invoice_line_id = item.id
                           AND l.purchase_price <> 0
                       ) cost ON TRUE
                 WHERE move.company_id = %(company)s
                   AND move.state = 'posted'
                   AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND item.display_type = 'product'
                   AND %(inside)s
            )
            SELECT partner, %(month)s AS month, SUM(revenue)::float8,
                   (SUM(margin) FILTER (WHERE costed))::float8,
                   (SUM(revenue) FILTER (WHERE costed))::float8,
                   COUNT(DISTINCT move_id) FILTER (WHERE counts)
              FROM line
          GROUP BY partner, 2
            """,
            day=day,
            company=self.company.id,
            inside=self._inside(day),
            month=self._month(SQL("day")),
        )

    def last_order(self):
        """The last day each customer bought, the current month included."""
        if self.invoices:
            return SQL(
                """
                SELECT commercial_partner_id, MAX(invoice_date)
                  FROM account_move
                 WHERE company_id = %s AND state = 'posted'
                   AND move_type IN ('out_invoice', 'out_receipt')
                   AND commercial_partner_id IS NOT NULL
              GROUP BY commercial_partner_id
                """,
                self.company.id,
            )
        return SQL(
            """
            SELECT p.commercial_partner_id, MAX(%s)::date
              FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
             WHERE o.company_id = %s AND o.state = 'sale'
          GROUP BY p.commercial_partner_id
            """,
            self._local(SQL("o.date_order")),
            self.company.id,
        )

    def _meetings(self):
        """Each meeting once per account: one attended by three buyers is one visit.

        A meeting belongs to the company of its organiser. Attendees who said no
        were not visited. A stop of a trip is a visit from the check-in on, without one
        only when the whole trip is said to be done; where nobody was there, none was.
        """
        return SQL(
            """
            SELECT DISTINCT event.id, p.commercial_partner_id AS partner,
                   %(start)s AS start,
                   CASE WHEN stop.id IS NULL THEN event.over
                        ELSE stop.outcome IS DISTINCT FROM 'nobody'
                         AND (stop.state IN ('there', 'done')
                              OR (stop.state = 'planned' AND trip.state = 'done'
                                  AND event.over))
                    END AS done, event.over
              FROM (
                    SELECT *, stop <= NOW() AT TIME ZONE 'UTC' AS over
                      FROM calendar_event
                   ) event
         LEFT JOIN territory_trip_stop stop ON stop.event_id = event.id
         LEFT JOIN territory_trip trip ON trip.id = stop.trip_id
              JOIN res_users organiser ON organiser.id = event.user_id
              JOIN (
                    SELECT event_id, partner_id FROM calendar_attendee
                     WHERE state IS DISTINCT FROM 'declined'
                 UNION
                    SELECT id, res_id FROM calendar_event
                     WHERE res_model = 'res.partner' AND res_id IS NOT NULL
                 UNION
                    SELECT e.id, lead.partner_id
                      FROM calendar_event e JOIN crm_lead lead
                        ON lead.id = e.opportunity_id
                     WHERE lead.partner_id IS NOT NULL
                   ) met ON met.event_id = event.id
              JOIN res_partner p ON p.id = met.partner_id
             WHERE event.active AND organiser.company_id = %(company)s
            """,
            start=self._local(SQL("event.start")),
            company=self.company.id,
        )

    def visits(self):
        """Visits made in each month, whichever it is, and their first and last days.

        :return: rows of partner, month, visits made, last one made, first one to come
        """
        return SQL(
            """
            SELECT partner, %s AS month, COUNT(*) FILTER (WHERE done),
                   MAX(start) FILTER (WHERE done)::date,
                   MIN(start) FILTER (WHERE NOT done AND NOT over)::date
              FROM (%s) meeting
          GROUP BY partner, 2
            """,
            self._month(SQL("start")),
            self._meetings(),
        )

    def leads(self):
        """Open leads and opportunities: not lost, not won."""
        return SQL(
            """
            SELECT p.commercial_partner_id, COUNT(*),
                   SUM(COALESCE(lead.expected_revenue, 0)
                       * COALESCE(lead.probability, 0) / 100)
              FROM crm_lead lead
              JOIN res_partner p ON p.id = lead.partner_id
         LEFT JOIN crm_stage stage ON stage.id = lead.stage_id
             WHERE lead.active
               AND stage.is_won IS NOT TRUE
               AND (lead.company_id = %(company)s OR lead.company_id IS NULL)
          GROUP BY p.commercial_partner_id
            """,
            company=self.company.id,
        )

    def universe(self, seen):
        """The partners that are accounts of this company.

        Those it sold to, met or has a lead with, and those one of its users looks
        after; never a colleague, the company itself or its sister companies.
        """
        return SQL(
            """
            SELECT p.id
              FROM res_partner p
         LEFT JOIN res_users rep ON rep.id = p.user_id
             WHERE p.commercial_partner_id = p.id
               AND p.active
               AND (p.company_id IS NULL OR p.company_id = %(company)s)
               AND (p.id = ANY(%(seen)s)
                    OR rep.company_id = %(company)s AND p.is_company)
               AND NOT EXISTS (SELECT FROM res_company c WHERE c.partner_id = p.id)
               AND NOT EXISTS (
                       SELECT FROM res_users u
                        WHERE u.partner_id = p.id AND u.share IS NOT TRUE)
          ORDER BY p.id
            """,
            company=self.company.id,
            seen=seen,
        )
