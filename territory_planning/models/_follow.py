"""What a month has brought so far: visits done and planned, sales, by account.

A handful of grouped queries per company, whatever the number of records.
"""

from dataclasses import dataclass

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from . import _facts


@dataclass
class MonthFacts:
    """By commercial partner: ``done, planned`` visits and ``sales`` of one month."""

    done: dict
    planned: dict
    sales: dict

    def columns(self, partners):
        """The three as arrays over partners."""
        return (
            np.array([self.done.get(partner, 0) for partner in partners], int),
            np.array([self.planned.get(partner, 0) for partner in partners], int),
            np.array([self.sales.get(partner, 0.0) for partner in partners], float),
        )


def gather(company, month):
    """Gather what a month has brought so far.

    :param company: a ``res.company`` record
    :param month: the first day of the month
    :rtype: MonthFacts
    """
    env = company.env
    env.flush_all()
    frame = _facts._Frame(company, month + relativedelta(months=1), 1)
    sales = env.execute_query(frame.invoiced() if frame.invoices else frame.ordered())
    met = env.execute_query(_meetings(frame))
    planned = [(partner, count) for partner, _done, count in met]
    planned += env.execute_query(_planned_stops(frame))
    return MonthFacts(
        done=_sum((partner, count) for partner, count, _planned in met),
        planned=_sum(planned),
        sales=_sum((row[0], row[2]) for row in sales if row[1] == 0),
    )


def _sum(rows):
    found = {}
    for partner, value in rows:
        found[partner] = found.get(partner, 0) + (value or 0)
    return found


def _meetings(frame):
    """Meetings of the month by partner: held, and still to come."""
    return SQL(
        """
        SELECT partner, COUNT(*) FILTER (WHERE done),
               COUNT(*) FILTER (WHERE NOT done AND NOT over)
          FROM (%s) meeting
         WHERE %s
      GROUP BY partner
        """,
        frame._meetings(),
        frame._inside(SQL("start")),
    )


def _planned_stops(frame):
    """Stops of trips that are no meeting yet: planned, on a day of the month."""
    return SQL(
        """
        SELECT p.commercial_partner_id, COUNT(*)
          FROM territory_trip_stop stop
          JOIN territory_trip_day day ON day.id = stop.day_id
          JOIN res_partner p ON p.id = stop.partner_id
         WHERE stop.company_id = %s AND stop.state = 'planned'
           AND stop.event_id IS NULL AND %s
      GROUP BY 1
        """,
        frame.company.id,
        frame._inside(SQL("day.date")),
    )
