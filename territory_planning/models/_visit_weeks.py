"""Orders and visits week by week, for what is learned of visits.

Two queries per company, read with the database's own rights like ``_facts``.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from . import _orders
from ._facts import _Frame

WEEK = 7


@dataclass
class VisitWeeks:
    """Customers who ordered and were visited ``(n,)`` in ``t`` full weeks, oldest first.

    ``partner``: ids in rising order. ``orders, visits (n, t)``: days with an order, and
    visits. ``last``: the Sunday the last week ends with.
    """

    partner: np.ndarray
    orders: np.ndarray
    visits: np.ndarray
    last: object


def gather(company, today):
    """Gather full weeks up to today, as far back as the company's history goes.

    :param today: a date; its own week counts only when it is over
    :rtype: VisitWeeks
    """
    end = today - timedelta(days=today.weekday())  # this Monday
    first = end - relativedelta(months=company.territory_history_months)
    weeks = (end - first).days // WEEK
    start = end - timedelta(days=weeks * WEEK)
    ordered = _orders.gather(company)
    met = company.env.execute_query(_visits(company, start, end))
    visited = np.array([row[0] for row in met], dtype=np.int64)
    days = np.array([row[1] for row in met], dtype="datetime64[D]")
    begin = np.datetime64(start)
    order_week = (ordered.day - begin).astype(int) // WEEK
    inside = (order_week >= 0) & (order_week < weeks)
    partner = np.intersect1d(ordered.partner[inside], visited)

    def table(who, week):
        place = np.minimum(np.searchsorted(partner, who), max(len(partner) - 1, 0))
        known = partner[place] == who if len(partner) else np.zeros(len(who), bool)
        panel = np.zeros((len(partner), weeks))
        np.add.at(panel, (place[known], week[known]), 1)
        return panel

    return VisitWeeks(
        partner=partner,
        orders=table(ordered.partner[inside], order_week[inside]),
        visits=table(visited, (days - begin).astype(int) // WEEK),
        last=end - timedelta(days=1),
    )


def _visits(company, start, end):
    """Each visit that was made, as the facts count them: customer and day."""
    frame = _Frame(company, end, 1)
    return SQL(
        "SELECT partner, start::date FROM (%s) meeting "
        "WHERE done AND start >= %s AND start < %s",
        frame._meetings(),
        start,
        end,
    )
