"""A break of a given length that is taken wherever it fits between two clock times.

The search does not know of it. It works on a clock that stands still while the rep
eats: what may begin between ``opens`` and ``closes`` on the true clock may begin there on
that one

- within the same times, if it closes before lunch can begin;
- by the length of the break earlier, if it opens after lunch has ended at the latest;
- from ``opens`` until ``closes`` less the length, if it may be before or after.

Whoever keeps these has a moment for the break as long as no visit covers all the time in
which it may begin. So every trip found there is one with lunch; few are missed (those
that need the last minutes of a window that closes at noon). Appointments would be: where
they leave no window, the break goes into the longest time between them.
"""

from dataclasses import dataclass, replace

import numpy as np

from . import _check
from ._trip_problem import TripInfeasible


@dataclass(frozen=True, eq=False)
class Lunch:
    """When the break of each day begins, earliest and latest, and its length.

    ``earliest, latest, length (days,)``, on the day's own clock; a length of 0 on a day
    that has none.
    """

    earliest: np.ndarray
    latest: np.ndarray
    length: np.ndarray

    @classmethod
    def build(cls, given, budget):
        """Check ``(earliest, latest, length)``, each one number or one a day.

        A day that is over before lunch has none.

        :raises ValueError: naming what is wrong.
        """
        if given is None:
            return None
        if len(given) != 3:
            raise ValueError(
                "lunch must be its earliest and latest beginning and its length, got "
                f"{len(given)} values"
            )
        days = len(budget)
        names = ("earliest", "latest", "length")
        values = [
            np.array(_check.vector(f"lunch {name}", value, days))
            for name, value in zip(names, given, strict=True)
        ]
        for name, value in zip(names, values, strict=True):
            _check.finite(f"lunch {name}", value)
        earliest, latest, length = values
        _check.require("lunch length", length, length >= 0, "zero or more")
        _check.require("lunch latest", latest, latest >= earliest, "after its earliest")
        short = budget < earliest + length
        return cls(np.maximum(earliest, 0.0), latest, np.where(short, 0.0, length))

    def without(self, problem):
        """The problem on the clock that stands still during the break."""
        opens, closes = problem.opens.copy(), problem.closes.copy()
        for day in np.flatnonzero(self.length):
            length = self.length[day]
            first, last = self._between(problem, day)
            before = closes[day] <= first
            after = ~before & (opens[day] >= last + length)
            either = ~before & ~after
            opens[day, after] -= length
            closes[day, ~before] -= length
            # a visit that may go on for all the time in which lunch can begin is made
            # before that
            long = before | (either & (problem.service > last - first))
            ends = np.minimum(closes[day], last - problem.service)
            closes[day] = np.where(long, ends, closes[day])
        closes = np.where(closes < opens, -1.0, closes)
        budget = problem.budget - self.length
        return replace(problem, opens=opens, closes=closes, budget=budget)

    def _between(self, problem, day):
        """The longest time between appointments in which the break can begin."""
        earliest, latest = self.earliest[day], self.latest[day]
        length = self.length[day]
        opens, closes = problem.opens[day], problem.closes[day]
        fixed = problem.must & (closes >= opens) & (closes - opens < length)
        best, most = (earliest, latest), -1.0
        # from the end of one appointment to as long before the next as lunch takes
        ends = [earliest, *(closes + problem.service)[fixed]]
        starts = [latest, *(opens - length)[fixed]]
        for begin in ends:
            for finish in starts:
                begin, finish = max(begin, earliest), min(finish, latest)
                apart = (closes <= begin) | (opens >= finish + length)
                if finish - begin > most and apart[fixed].all():
                    best, most = (begin, finish), finish - begin
        if fixed.any() and most < 0:
            nodes = np.flatnonzero(fixed).tolist()
            raise TripInfeasible(
                f"must_visit: the times of places {nodes} leave none for lunch on day "
                f"{day}",
                nodes,
            )
        return best
