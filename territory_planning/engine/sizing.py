"""How many reps each region can pay for.

Add a rep while the hours added are worth more than they cost: λ·hours > cost. Near
the optimum profit hardly changes, so the answer is a zone, not a number.

Source: Beswick, C. A. and Cravens, D. W. (1977), A multistage decision model for
salesforce management, Journal of Marketing Research 14 (2), 135–144; Mantrala, Sinha
and Zoltners (1992), Journal of Marketing Research 29 (2), 162–175, for flat maxima.
"""

from dataclasses import dataclass

import numpy as np

from . import _check
from ._month_sizing import size_month
from ._rep_search import RepCurve, RepSearch
from .allocation import allocate

__all__ = ["RepCurve", "Sizing", "rep_curve", "size", "size_month"]

_DOUBLINGS = 60


@dataclass(frozen=True, eq=False)
class Sizing:
    """Reps per region, ``(g,)`` each.

    ``reps``: whole number with the highest profit; ``optimum``: the same as a
    continuous number. ``profit``: contribution − cost·reps, money per period.
    ``flat_low, flat_high``: the whole numbers of reps between which profit stays within
    the tolerance of the highest. ``next_rep``: profit of one more rep than ``current``
    (than ``reps`` without it), ``last_rep``: of the last one there is, money per
    period. ``shadow_price``: money per hour at ``current`` or ``reps``.
    """

    reps: np.ndarray
    optimum: np.ndarray
    profit: np.ndarray
    flat_low: np.ndarray
    flat_high: np.ndarray
    next_rep: np.ndarray
    last_rep: np.ndarray
    shadow_price: np.ndarray


def size(
    curves,
    *,
    margin,
    time_per_visit=1.0,
    lower=0.0,
    upper=np.inf,
    hours,
    cost,
    group=None,
    current=None,
    most=10_000,
    tolerance=0.01,
):
    """Return how many reps each region can pay for, with its flat zone.

    :param curves: ``n`` response functions; ``margin, time_per_visit, lower, upper``
        as in :func:`.allocation.allocate`.
    :param hours: hours one rep brings per period, > 0, ``(g,)`` or scalar.
    :param cost: what one rep costs per period with everything, > 0, ``(g,)`` or scalar.
    :param group: ``(n,)`` region of each account; None for one region.
    :param current: ``(g,)`` reps there are now, for ``next_rep``; None for the optimum.
    :param most: no region gets more reps than this.
    :param tolerance: share of the highest profit that the flat zone gives up.
    :raises ValueError: as :func:`.allocation.allocate`; if the lower bounds of a
        region need more than ``most`` reps.
    :rtype: Sizing
    """
    search = _Search(
        curves, margin, time_per_visit, lower, upper, hours, cost, group, int(most)
    )
    optimum = search.continuous()
    reps = search.best_near(optimum)
    profit = search.profit(reps)
    _check.require("tolerance", tolerance, 0 <= tolerance < 1, "between 0 and 1")
    floor = profit - tolerance * np.abs(profit)
    low = search.edge(reps, floor, search.least)
    high = search.edge(reps, floor, np.full_like(reps, search.most))
    now = reps if current is None else _check.vector("current", current, reps.size)
    now = np.maximum(now, search.least)
    here = search.profit(now)
    return Sizing(
        reps=reps,
        optimum=optimum,
        profit=profit,
        flat_low=low,
        flat_high=high,
        next_rep=search.profit(now + 1) - here,
        last_rep=here - search.profit(np.maximum(now - 1, search.least)),
        shadow_price=search.price(now),
    )


def rep_curve(
    curves,
    *,
    margin,
    time_per_visit=1.0,
    lower=0.0,
    upper=np.inf,
    hours,
    cost,
    group=None,
    current=0.0,
    points=40,
    tolerance=0.01,
):
    """Return optimal profit against the number of reps, with what one more is worth.

    The curves are taken at their word, so that intervals have no width; for a month
    with its uncertainty see :func:`size_month`.

    :param current: ``(g,)`` or scalar reps there are now; at least as many as the lower
        bounds need.
    :param points: most points of a curve, ≥ 3.
    :raises ValueError: naming argument, index and value.
    :rtype: RepCurve

    The other arguments and errors are those of :func:`size`.
    """
    search = _Search(
        curves, margin, time_per_visit, lower, upper, hours, cost, group, 10_000
    )
    _check.require("points", points, points >= 3, "at least 3")
    _check.require("tolerance", tolerance, 0 <= tolerance < 1, "between 0 and 1")
    current = _check.vector("current", current, search.cost.size)
    good = (current >= 0) & np.isfinite(current)
    _check.require("current", current, good, "zero or more and finite")
    none = np.zeros(current.size)

    def value(reps):
        found = search._solve(reps)
        return found.group_profit, found.shadow_price, none

    return RepSearch(
        value, hours=search.hours, cost=search.cost, now=current, least=search.least
    ).run(points, tolerance)


class _Search:
    """Profit of any number of reps, for all regions at once."""

    def __init__(
        self, curves, margin, time_per_visit, lower, upper, hours, cost, group, most
    ):
        count = len(curves)
        regions = 1 if group is None else int(np.max(group, initial=0)) + 1
        for values in (hours, cost):
            regions = max(regions, np.size(values) if np.ndim(values) else 1)
        self.hours = _check.vector("hours", hours, regions)
        _check.require("hours", self.hours, self.hours > 0, "positive")
        self.cost = _check.vector("cost", cost, regions)
        _check.require("cost", self.cost, self.cost > 0, "positive")
        self.most = float(most)
        lower = _check.vector("lower", lower, count)
        self.given = dict(
            margin=margin,
            time_per_visit=time_per_visit,
            lower=lower,
            upper=upper,
            group=group,
        )
        self.curves = curves
        owner = np.zeros(count, int) if group is None else np.asarray(group)
        time = _check.vector("time_per_visit", time_per_visit, count)
        needed = np.bincount(owner, weights=time * lower, minlength=regions)
        self.least = np.ceil(needed / self.hours - 1e-9)
        _check.require(
            "lower", needed, self.least <= self.most, f"paid for by {most} reps"
        )

    def _solve(self, reps):
        budget = np.maximum(reps, 0.0) * self.hours
        return allocate(self.curves, budget=budget, **self.given)

    def profit(self, reps):
        """Contribution − cost·reps, ``(g,)``."""
        return self._solve(reps).group_profit - self.cost * reps

    def price(self, reps):
        """Money per hour, ``(g,)``."""
        return self._solve(reps).shadow_price

    def continuous(self):
        """Reps at which an hour is worth its cost, by bisection on the price."""
        low, high = self.least.copy(), np.maximum(self.least, 1.0)
        for _step in range(_DOUBLINGS):
            pays = (self.price(high) * self.hours > self.cost) & (high < self.most)
            if not pays.any():
                break
            low = np.where(pays, high, low)
            high = np.where(pays, np.minimum(2.0 * high, self.most), high)
        for _step in range(_DOUBLINGS):
            middle = 0.5 * (low + high)
            pays = self.price(middle) * self.hours > self.cost
            low = np.where(pays, middle, low)
            high = np.where(pays, high, middle)
            if (high - low <= 1e-10 * np.maximum(high, 1.0)).all():
                break
        return 0.5 * (low + high)

    def best_near(self, optimum):
        """Whole number with the highest profit around the continuous optimum.

        Zero is tried too: with S-shaped curves a small team may earn less than none.
        """
        base = np.floor(optimum)
        best = np.clip(base, self.least, self.most)
        profit = self.profit(best)
        for reps in (base - 1, base + 1, base + 2, self.least):
            reps = np.clip(reps, self.least, self.most)
            other = self.profit(reps)
            best = np.where(other > profit, reps, best)
            profit = np.maximum(other, profit)
        return best

    def edge(self, inside, floor, outside):
        """Last whole number from ``inside`` towards ``outside`` with enough profit."""
        good, bad = inside.copy(), outside.copy()
        reaches = self.profit(bad) >= floor
        good = np.where(reaches, bad, good)
        while (np.abs(good - bad) > 1).any():
            middle = np.where(
                np.abs(good - bad) > 1, np.round(0.5 * (good + bad)), good
            )
            fine = self.profit(middle) >= floor
            bad = np.where(fine | (middle == good), bad, middle)
            good = np.where(fine, middle, good)
        return good
