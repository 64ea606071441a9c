"""How many reps a region, a team or the company can pay for, in one month's terms.

The pool's hours are used where they pay best among all its accounts, as if its reps
shared them freely: what a new alignment could do, not whose accounts a rep gets. What
the hours bring is the mean of the posterior, as every published gain is, and the
interval is that of the difference to the reps there are: what all accounts share adds
up, what is each account's own averages out (delta method, see :mod:`.calibration`).

No account gets more than three times today's visits (the month's ``damping``): beyond,
hours find no use. Downwards the curves are followed to none, because a curve has to
begin somewhere; far below today's hours it says what curves say, not what was seen.
"""

import numpy as np

from . import _check
from ._rep_search import RepSearch
from .calibration import Z90

__all__ = ["size_month"]


def size_month(
    month, place, count, *, hours, cost, now, points=40, tolerance=0.01, labels=None
):
    """Return optimal profit against the number of reps of each pool.

    :param month: a :class:`.month.Month`.
    :param place: ``(n,)`` integers: the pool of an account, −1 for none. Accounts that
        nobody looks after count as well: a rep more could.
    :param count: number of pools.
    :param hours: of one rep per period, > 0, ``(count,)`` or scalar.
    :param cost: what one rep costs per period with everything, > 0, likewise.
    :param now: reps there are, fractions allowed, likewise.
    :param points: most points of a curve, ≥ 3.
    :param tolerance: share of the highest profit that the flat zone gives up.
    :param labels: ``(count,)`` names of the pools for messages.
    :raises ValueError: naming argument, pool and value.
    :rtype: ._rep_search.RepCurve
    """
    place = np.asarray(place)
    size = len(month.problem)
    if place.shape != (size,):
        raise ValueError(f"place must have shape ({size},), got {place.shape}")
    _check.require(
        "place", place, (place >= -1) & (place < count), f"between -1 and {count - 1}"
    )
    _check.require("points", points, points >= 3, "at least 3")
    _check.require("tolerance", tolerance, 0 <= tolerance < 1, "between 0 and 1")
    hours = _pools("hours", hours, count, labels, zero=False)
    cost = _pools("cost", cost, count, labels, zero=False)
    now = _pools("now", now, count, labels, zero=True)
    worth = _Worth(month, month.divide(place, count, floor=False), hours, now)
    search = RepSearch(
        worth.value, hours=hours, cost=cost, now=now, least=np.zeros(count)
    )
    return search.run(points, tolerance)


def _pools(name, values, count, labels, zero):
    values = np.array(_check.vector(name, values, count))
    good = ((values >= 0) if zero else (values > 0)) & np.isfinite(values)
    for index in np.flatnonzero(~good)[:1]:
        who = labels[index] if labels is not None else f"pool {index}"
        wanted = "zero or more" if zero else "positive"
        raise ValueError(
            f"{name} of {who} must be {wanted} and finite, got {values[index]}"
        )
    return values


class _Worth:
    """What any number of reps brings in each pool."""

    def __init__(self, month, division, hours, now):
        self.month, self.division, self.hours = month, division, hours
        self.base = division.total(month.contribution())
        self.parts = month.gain(self._optimum(now).effort, division)

    def _optimum(self, reps):
        return self.month.optimum(reps * self.hours, self.division, yielding=True)

    def value(self, reps):
        """Contribution, price of an hour and half the interval of the difference."""
        month, total = self.month, self.division.total
        found = self._optimum(reps)
        parts = month.gain(found.effort, self.division)
        return (
            self.base + total(parts.mean),
            # what a first minute is worth on curves from none nobody can say
            np.where(reps > 0, found.shadow_price, np.inf),
            Z90 * (parts - self.parts).spread(total),
        )
