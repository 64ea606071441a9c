"""Profit of any number of reps, searched for many pools at once."""

from dataclasses import dataclass

import numpy as np

#: no pool gets more reps than this
MOST = 10_000
_DOUBLINGS = 14


@dataclass(frozen=True, eq=False)
class RepCurve:
    """Optimal profit against the number of reps of ``p`` pools, money per period.

    ``now (p,)``: reps there are, a fraction where hours are shared; ``profit_now``:
    contribution − cost·reps of their best use; ``reps``: the whole number with the
    highest profit, the smallest of equals; ``profit`` there. ``flat_low, flat_high``:
    the whole numbers of reps between which profit stays within the tolerance of the
    highest. ``next_rep``: profit(now + 1) − profit(now) with ``next_rep_low,
    next_rep_high``, its 90 % interval; ``last_rep``: profit(now) − profit(now − 1), of
    the part there is where it is less than one. ``shadow_price``: money per hour at
    ``now``; without any rep the mean of the first rep's hours where the very first is
    worth more than can be said.

    ``curve_reps (k, p)``: whole numbers, not falling, the last repeated where a pool
    needs fewer points; ``curve_profit`` and ``curve_hour``, what one more hour is
    worth; ``curve_low, curve_high``: 90 % interval of the profit, that at ``now`` being
    given.
    """

    now: np.ndarray
    profit_now: np.ndarray
    reps: np.ndarray
    profit: np.ndarray
    flat_low: np.ndarray
    flat_high: np.ndarray
    next_rep: np.ndarray
    next_rep_low: np.ndarray
    next_rep_high: np.ndarray
    last_rep: np.ndarray
    shadow_price: np.ndarray
    curve_reps: np.ndarray
    curve_profit: np.ndarray
    curve_hour: np.ndarray
    curve_low: np.ndarray
    curve_high: np.ndarray

    def of(self, pool):
        """Return one pool's curve: ``reps, profit, hour, low, high``, ``(k,)`` each."""
        reps = self.curve_reps[:, pool]
        first = np.flatnonzero(np.diff(reps, prepend=-1.0) > 0)
        return {
            "reps": reps[first],
            "profit": self.curve_profit[first, pool],
            "hour": self.curve_hour[first, pool],
            "low": self.curve_low[first, pool],
            "high": self.curve_high[first, pool],
        }


class RepSearch:
    """The numbers of reps worth looking at, and what is found there.

    :param value: function of reps ``(p,)`` that returns contribution, price of an hour
        and half the 90 % interval of the contribution against that at ``now``.
    :param hours: of one rep per period, ``(p,)``.
    :param cost: of one rep per period, ``(p,)``.
    :param now: reps there are, ``(p,)``.
    :param least: no pool can do with fewer whole reps, ``(p,)``.
    """

    def __init__(self, value, *, hours, cost, now, least):
        self.value = value
        self.hours, self.cost = hours, cost
        self.least = least
        self.now = np.maximum(now, least)

    def _at(self, reps):
        contribution, price, spread = self.value(reps)
        return contribution - self.cost * reps, price, spread

    def _profit(self, reps):
        return self._at(reps)[0]

    def run(self, points, tolerance):
        """Return the curve of at most ``points`` points with its best and flat zone.

        :rtype: RepCurve
        """
        here, price, _none = self._at(self.now)
        more, _price, spread = self._at(self.now + 1)
        fewer = self._profit(np.maximum(self.now - 1, self.least))
        end = self._end()
        width = int((end - self.least).max(initial=0.0)) + 1
        share = np.linspace(0.0, 1.0, min(points - 1, width))[:, None]
        grid = np.round(self.least + share * (end - self.least))
        rows = [self._at(reps) for reps in grid]
        best = self._best(grid, np.array([row[0] for row in rows]))
        rows.append(self._at(best))
        top = rows[-1][0]
        floor = top - tolerance * np.abs(top)
        reps = np.vstack([grid, best])
        order = np.argsort(reps, axis=0, kind="stable")
        profit, hour, wide = (
            np.take_along_axis(np.array(column), order, axis=0)
            for column in zip(*rows, strict=True)
        )
        hour[0] = self._first_hour(
            np.take_along_axis(reps, order, axis=0), profit, hour
        )
        return RepCurve(
            now=self.now,
            profit_now=here,
            reps=best,
            profit=top,
            flat_low=self._edge(best, floor, self.least),
            flat_high=self._edge(best, floor, np.maximum(end, best)),
            next_rep=more - here,
            next_rep_low=more - here - spread,
            next_rep_high=more - here + spread,
            last_rep=here - fewer,
            shadow_price=np.where(
                np.isfinite(price), price, (more - here + self.cost) / self.hours
            ),
            curve_reps=np.take_along_axis(reps, order, axis=0),
            curve_profit=profit,
            curve_hour=hour,
            curve_low=profit - wide,
            curve_high=profit + wide,
        )

    def _first_hour(self, reps, profit, hour):
        """Worth of an hour at a curve's beginning, ``(p,)``.

        Infinite where curves rise vertically from no effort at all: then the mean of
        the hours up to the next point.
        """
        place = np.argmax(reps > reps[0], axis=0)
        pool = np.arange(reps.shape[1])
        more = reps[place, pool] - reps[0]
        won = profit[place, pool] - profit[0] + self.cost * more
        mean = won / (np.maximum(more, 1.0) * self.hours)
        return np.where(np.isfinite(hour[0]), hour[0], mean)

    def _end(self):
        """Where an hour no longer pays for itself, at least a rep beyond now."""
        end = np.maximum(np.ceil(self.now), self.least) + 1
        for _step in range(_DOUBLINGS):
            pays = (self._at(end)[1] * self.hours > self.cost) & (end < MOST)
            if not pays.any():
                break
            end = np.where(pays, np.minimum(2 * end, MOST), end)
        return end

    def _best(self, grid, profit):
        """Whole number with the highest profit, near the best point of the grid."""
        place = np.argmax(profit, axis=0)
        pool = np.arange(grid.shape[1])
        best, top = grid[place, pool], profit[place, pool]
        low = grid[np.maximum(place - 1, 0), pool]
        high = grid[np.minimum(place + 1, len(grid) - 1), pool]
        while (high - low > 2).any():
            third = np.maximum(np.floor((high - low) / 3), 0.0)
            left, right = low + third, high - third
            rises = self._profit(right) > self._profit(left)
            narrow = high - low <= 2
            low = np.where(rises & ~narrow, left, low)
            high = np.where(rises | narrow, high, right)
        for reps in (low, np.minimum(low + 1, high), high):
            other = self._profit(reps)
            better = (other > top) | ((other == top) & (reps < best))
            best, top = np.where(better, reps, best), np.maximum(other, top)
        return best

    def _edge(self, inside, floor, outside):
        """Last whole number from ``inside`` towards ``outside`` with enough profit."""
        good = np.where(self._profit(outside) >= floor, outside, inside)
        bad = outside.copy()
        while (np.abs(good - bad) > 1).any():
            apart = np.abs(good - bad) > 1
            middle = np.where(apart, np.round(0.5 * (good + bad)), good)
            fine = self._profit(middle) >= floor
            bad = np.where(apart & ~fine, middle, bad)
            good = np.where(apart & fine, middle, good)
        return good
