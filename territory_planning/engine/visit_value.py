"""What one more visit brings, made today: what it sells and what it keeps.

*Sells*: the marginal contribution of one more visit on the account's response curve given
the visits just made (:mod:`.cadence`), the very curve the month is planned with. *Keeps*:
the contribution at risk times what a visit does against losing it. Orders come like a
Poisson process in the weeks a visit works (:mod:`.insight.visits`), so a visit that adds
``e`` orders multiplies the probability of none with exp(−e): it keeps 1 − exp(−e) of what
is at risk. Within the weeks the last visit works, only the part that has run out is to be
had again.
"""

import numpy as np

from . import _check, cadence, response
from .calibration import HALF_VISIT, prospects

__all__ = ["keeps", "sells"]


def sells(
    *,
    sales,
    effort_now,
    elasticity,
    margin_rate,
    visits,
    this_period,
    carry_over,
    damping,
    pipeline=0.0,
    prior=None,
):
    """Return the long-run contribution of one more visit this period, ``(n,)``, ≥ 0.

    :param sales: expected at today's effort, money per period, ``(n,)``; 0 for who buys
        nothing yet.
    :param effort_now: today's visits per period, 0 for who is never visited.
    :param elasticity: of sales with respect to visits.
    :param margin_rate: contribution per unit of sales.
    :param visits: ``(n, t)`` per period before this one, oldest first.
    :param this_period: visits already made in this period, whole, ``(n,)``.
    :param carry_over: share of a visit's effect left after a period, in [0, 1).
    :param damping: multiples of today's effort between which the curve is believed.
    :param pipeline: expected of open leads, money per period, of who buys nothing yet.
    :param prior: a :class:`.calibration.Prior` for leads.
    :raises ValueError: naming argument, index and value.
    """
    sales = np.atleast_1d(_check.vector("sales", sales))
    size = sales.size
    effort_now = _check.vector("effort_now", effort_now, size)
    elasticity = _check.vector("elasticity", elasticity, size)
    margin = _check.vector("margin_rate", margin_rate, size)
    made = _check.vector("this_period", this_period, size)
    pipeline = _check.vector("pipeline", pipeline, size)
    for name, values in (
        ("sales", sales),
        ("effort_now", effort_now),
        ("elasticity", elasticity),
        ("this_period", made),
        ("pipeline", pipeline),
    ):
        _check.finite(name, values)
        _check.require(name, values, values >= 0, "zero or more")
    _check.finite("margin_rate", margin)
    stock = cadence.goodwill(visits, carry_over=carry_over)
    value = np.zeros(size)
    never = effort_now <= 0
    now = np.where(never, HALF_VISIT, effort_now)
    visited = effort_now[~never & (sales > 0)]
    normal = np.maximum(now, np.median(visited) if visited.size else 1.0)
    selling = (sales > 0) & (elasticity > 0)
    opening = ~selling & (pipeline > 0)
    if carry_over > 0:
        # who was not visited for a year sells what it sells without goodwill
        settled = now / ((1.0 - carry_over) * carry_over)
        stock = np.where(never & selling, np.maximum(stock, settled), stock)
    for here, curves, floor, ceiling in (
        (
            np.flatnonzero(selling),
            lambda at: response.power(
                np.zeros(at.size),
                sales[at] * now[at] ** -elasticity[at],
                elasticity[at],
            ),
            damping[0] * now,
            damping[1] * now,
        ),
        (
            np.flatnonzero(opening),
            lambda at: prospects(pipeline[at], normal[at], prior=prior),
            np.full(size, 1e-9),
            damping[1] * normal,
        ),
    ):
        if not here.size:
            continue
        table = cadence.month_curves(
            curves(here),
            stock[here],
            carry_over=carry_over,
            most=int(made[here].max()) + 1,
            floor=floor[here],
            ceiling=ceiling[here],
        )
        before, after = table.sales(made[here]), table.sales(made[here] + 1.0)
        value[here] = margin[here] * (after - before)
    return np.maximum(value, 0.0)


def keeps(at_risk, extra_orders, days_since, *, reach_days):
    """Return the contribution one more visit is expected to keep, ``(n,)``, ≥ 0.

    :param at_risk: contribution at risk of being lost, money, ≥ 0, ``(n,)``.
    :param extra_orders: orders one visit adds, ``(n,)`` or scalar; NaN where unknown, and
        what is not positive keeps nothing.
    :param days_since: since the last visit, infinite or NaN if there was none.
    :param reach_days: days in which a visit works.
    :raises ValueError: naming argument, index and value.
    """
    at_risk = np.atleast_1d(_check.vector("at_risk", at_risk))
    _check.finite("at_risk", at_risk)
    _check.require("at_risk", at_risk, at_risk >= 0, "zero or more")
    extra = np.nan_to_num(np.asarray(extra_orders, dtype=float), nan=0.0)
    days = np.nan_to_num(np.asarray(days_since, dtype=float), nan=np.inf)
    _check.require("reach_days", reach_days, reach_days > 0, "positive")
    over = np.clip(days / reach_days, 0.0, 1.0)
    return at_risk * -np.expm1(-np.maximum(extra, 0.0) * over)
