"""Do customers order more often after a visit: a rate ratio within each customer.

Orders of each customer are compared with its own orders at other times, never with other
customers' and never simply before with after: a Poisson regression with an effect of each
customer and of each period, so that season, trend and size of customer drop out,

    log E[orders_it] = customer_i + period_t + β·recent_it + κ·coming_it + η·now_it.

*recent*: visited within the last ``reach`` periods. *coming*: will be visited within the
next ones, which cannot have sold anything yet; κ is what remains of visits that follow
demand and is taken off. *now*: this period's own visits, which orders and visits of one
appointment tie together. The rate ratio is exp(β − κ). Only the mean must be right: orders
may be lumpy, overdispersed and correlated over time, errors are clustered by customer.

Covered: reps who visit where and while demand is high, however strongly, as long as demand
fades as it came. Not covered: reps who know of an order in advance and visit shortly
before it (the ratio is too high), visits made because of an order just received (too
low), effects that last much longer than ``reach`` (too low).

Sources: Hausman, Hall & Griliches 1984 (Econometrica 52, 909–938) and Wooldridge 1999
(Journal of Econometrics 90, 77–97) for the regression; Lipsitch, Tchetgen Tchetgen & Cohen
2010 (Epidemiology 21, 383–388) for what has not happened yet as a control.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from .. import _check, _panel
from .status import Status

__all__ = ["VisitEffect", "effect"]

#: fewest customers with visits and orders, orders, and periods
MIN_CUSTOMERS, MIN_ORDERS, MIN_PERIODS = 20, 100, 12
#: demand does not fade exactly as it came: the correction itself may be off by this share
CORRECTION_ERROR = 0.15


@dataclass(frozen=True, eq=False)
class VisitEffect:
    """One entry per segment ``(s,)``; of customers ``(n,)`` at the end.

    ``ratio``: orders per period within ``reach`` periods after a visit ÷ at other times;
    ``low, high``: 95 % interval; NaN where none is shown. ``chasing``: the same ratio for
    visits still to come, what was taken off. ``extra_orders, extra_low, extra_high``: orders
    more per visit within its reach; ``money, money_low, money_high``: in money, NaN
    without an order value. ``customers, orders, visits``: evidence, of those whose visits
    vary. ``status``: codes of :class:`.status.Status`.

    ``orders_after, periods_after, orders_else, periods_else (n,)``: each customer's own
    counts, what a reason is told from ("9 orders in the 20 weeks after visits, 14 in the
    other 84"). They are no effect by themselves.
    """

    ratio: np.ndarray
    low: np.ndarray
    high: np.ndarray
    chasing: np.ndarray
    extra_orders: np.ndarray
    extra_low: np.ndarray
    extra_high: np.ndarray
    money: np.ndarray
    money_low: np.ndarray
    money_high: np.ndarray
    customers: np.ndarray
    orders: np.ndarray
    visits: np.ndarray
    status: np.ndarray
    orders_after: np.ndarray
    periods_after: np.ndarray
    orders_else: np.ndarray
    periods_else: np.ndarray
    reach: int


def effect(orders, visits, *, segment=None, reach=4, order_value=None):
    """Estimate what a visit does to the rate of orders.

    Count days with an order, without returns, credit notes, free samples and single projects.
    Periods in which the company was closed or recorded nothing count for nobody: they hold
    no orders at all and drop out.

    :param orders, visits: ``(n, t)`` numbers per customer and period, oldest first, all
        periods equally long (weeks, say) and over; ends before the first visit planned
        for the future.
    :param segment: ``(n,)`` whole numbers from 0 of customers to be estimated together;
        None for all.
    :param reach: periods after a visit in which it may sell.
    :param order_value: money of an average order, one number or one per segment ``(s,)``.
    :raises ValueError: naming array, index and value.
    :rtype: VisitEffect
    """
    orders, visits = _table("orders", orders), _table("visits", visits)
    if orders.shape != visits.shape:
        raise ValueError(f"visits must have shape {orders.shape}, got {visits.shape}")
    size, periods = orders.shape
    good = isinstance(reach, int | np.integer) and 1 <= reach
    _check.require("reach", reach, good, "a whole number, at least 1")
    segment = _segments(segment, size)
    count = int(segment.max(initial=0)) + 1
    value = np.broadcast_to(
        np.nan if order_value is None else _check.vector("order_value", order_value),
        count,
    )
    recent = _within(visits, reach)
    coming = _within(visits[:, ::-1], reach)[:, ::-1]
    now = np.log1p(visits)
    # what was visited before the first period and will be after the last is unknown
    inside = slice(reach, max(periods - reach, reach))
    recent, coming, now, own = (a[:, inside] for a in (recent, coming, now, orders))
    moved = (np.ptp(recent, axis=1) > 0) & (own.sum(axis=1) > 0) if own.size else None
    moved = np.zeros(size, bool) if moved is None else moved
    rows = np.full((4, count), np.nan)
    evidence = np.zeros((3, count), int)
    status = np.zeros(count, np.int8)
    extra = np.full((3, count), np.nan)
    for number in range(count):
        part = np.flatnonzero(moved & (segment == number))
        evidence[:, number] = (
            len(part),
            round(own[part].sum()),
            round(visits[part].sum()),
        )
        status[number], found = _one(own[part], recent[part], coming[part], now[part])
        if found is None:
            continue
        rows[:, number] = found
        rate = _rate_without(own[part], recent[part], found[0])
        extra[:, number] = rate * reach * (found[:3] - 1)
    after = (own * recent).sum(axis=1)
    return VisitEffect(
        *rows,
        *extra,
        *(extra * value),
        *evidence,
        status=status,
        orders_after=after,
        periods_after=recent.sum(axis=1),
        orders_else=own.sum(axis=1) - after,
        periods_else=(1 - recent).sum(axis=1),
        reach=int(reach),
    )


def _one(orders, recent, coming, now):
    """Status, and ratio, low, high, chasing of one segment."""
    if len(orders) < MIN_CUSTOMERS:
        return Status.TOO_FEW_CUSTOMERS, None
    live = orders.sum(axis=0) > 0
    if orders.sum() < MIN_ORDERS or live.sum() < MIN_PERIODS:
        return Status.TOO_FEW_ORDERS, None
    if not np.ptp(recent - coming, axis=1).any():
        return Status.NO_VARIATION, None
    found = _panel.contrast(orders, recent, coming, now)
    if found is None or not np.isfinite(found).all() or not found[1] > 0:
        return Status.NOT_CONVERGED, None
    slope, error, chasing, _chasing_error = found
    error = np.hypot(error, CORRECTION_ERROR * chasing)
    reach = stdtrit(len(orders) - 1, 0.975) * error
    ends = np.clip([slope, slope - reach, slope + reach, chasing], -50, 50)
    return Status.SCORED, np.exp(ends)


def _rate_without(orders, recent, ratio):
    """Orders per period of a customer who was not visited lately."""
    exposure = (1 - recent).sum() + ratio * recent.sum()
    return orders.sum() / exposure


def _within(visits, reach):
    """1 where there was a visit in any of the ``reach`` periods before, ``(n, t)``."""
    total = np.cumsum(visits > 0, axis=1)
    total = np.pad(total, ((0, 0), (1, 0)))[:, :-1]  # before the period itself
    earlier = np.pad(total, ((0, 0), (reach, 0)))[:, : total.shape[1]]
    return (total > earlier).astype(float)


def _table(name, values):
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers: {error}") from error
    if array.ndim != 2:
        raise ValueError(f"{name} must have shape (n, t), got {array.shape}")
    _check.finite(name, array)
    _check.require(name, array, array >= 0, "zero or more")
    return array


def _segments(segment, size):
    if segment is None:
        return np.zeros(size, int)
    segment = _check.vector("segment", segment, size)
    _check.finite("segment", segment)
    good = (segment >= 0) & (segment == np.floor(segment))
    _check.require("segment", segment, good, "a whole number from 0")
    return segment.astype(int)
