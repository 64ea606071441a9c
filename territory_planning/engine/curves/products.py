"""Several products sold by the same visits: the sum of their curves."""

import numpy as np

from .base import Curves
from .window import Window

#: points between bounds at which a sum of S-shapes is looked at
_GRID = 96
#: rounds in which the ends of a straight piece are closed in on, and points of each
_ROUNDS, _POINTS = 14, 17
#: Newton steps of the inverse slope; four to six are usual
_STEPS = 80
#: effort, relative to the upper bound, below which none is told apart
_TINY = 1e-14


class Products(Curves):
    """``Σ_p margin_p·sales_p(share_p·x)``, see :func:`..response.products`.

    ``margin, share``: ``(p, n)``.
    """

    def __init__(self, parts, margin, share):
        self.parts, self.margin, self.share = parts, margin, share

    def __len__(self):
        return self.margin.shape[1]

    def take(self, index):
        parts = [part.take(index) for part in self.parts]
        return Products(parts, self.margin[:, index], self.share[:, index])

    def _each(self):
        return zip(self.parts, self.margin, self.share, strict=True)

    def _sales(self, effort):
        return sum(m * part._sales(a * effort) for part, m, a in self._each())

    def _slope(self, effort):
        return self._slopes(effort)[0]

    def _bend(self, effort):
        slope, bent = self._slopes(effort)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.nan_to_num(bent / slope, nan=0.0)

    def _slopes(self, effort):
        """The slope, and effort times its derivative."""
        slope, bent = 0.0, 0.0
        for part, margin, share in self._each():
            own = part._slope(share * effort)
            with np.errstate(invalid="ignore"):
                own = np.where(margin * share > 0, margin * share * own, 0.0)
                slope = slope + own
                bent = bent + np.where(own > 0, own * part._bend(share * effort), 0.0)
        return slope, bent

    def _inflections(self):
        found = []
        for part, _margin, share in self._each():
            with np.errstate(divide="ignore", invalid="ignore"):
                at = part._inflections() / share
            found.append(np.where(np.isfinite(at), at, 0.0))
        return np.concatenate(found)

    def window(self, lower, upper, sign):
        return ProductsWindow(self, lower, upper, sign)


class ProductsWindow(Window):
    """Concave arcs joined by straight pieces, as many as the sum needs.

    ``low, high (a, n)``: ends of the arcs, in rising order; ``gate (a−1, n)``: log
    slope of the straight piece between an arc and the next, falling; −inf where there
    is none.
    """

    def __init__(self, curves, lower, upper, sign):
        self.curves, self.lower = curves, lower
        bends = curves._inflections()
        last = bends.max(axis=0, initial=0.0)
        # a straight piece from the lower bound ends where that of each part would
        upper = np.where(np.isinf(upper), lower + 1.0 + 1e3 * last, upper)
        rising = (sign > 0) & (upper > lower)
        rising &= curves._sales(upper) > curves._sales(lower)
        self.upper = np.where(rising, upper, lower)
        self.low, self.high = lower[None].copy(), self.upper[None].copy()
        self.gate = np.empty((0, lower.size))
        #: from where the sum is concave for certain
        self.knee = np.where(rising & (last > lower), last, 0.0)
        bent = np.flatnonzero(self.knee > 0)
        if bent.size:
            self._bridge(bent, bends[:, bent])
        self.jumping = bool(self.gate.size)
        self.first, self.last = (self._log_slope(at) for at in (self.low, self.high))
        self.answer = None

    # ---------------------------------------------------------------- envelope
    def _bridge(self, who, bends):
        """Find the straight pieces of the envelope of the curves ``who``."""
        curves = self.curves.take(who)
        low, high = self.lower[who], self.upper[who]
        steps = np.geomspace(1e-4, 1.0, _GRID)[:, None]
        grid = low + (high - low) * np.concatenate([0 * steps[:1], steps])
        grid = np.sort(np.concatenate([grid, np.clip(bends, low, high)]), axis=0)
        grid = self._turns(curves, grid)
        owner, pairs = _gaps(grid, curves._sales(grid))
        if not owner.size:
            return
        left, right, slope = self._close_in(curves.take(owner), grid[:, owner], pairs)
        depth = int(np.bincount(owner).max())
        self.low = np.repeat(self.upper[None], depth + 1, axis=0)
        self.high = self.low.copy()
        self.low[0], self.gate = self.lower, np.full((depth, self.lower.size), -np.inf)
        order = np.arange(owner.size) - np.searchsorted(owner, owner)
        place = who[owner]
        self.high[order, place] = np.maximum(left, self.low[0, place])
        self.low[order + 1, place] = right
        self.gate[order, place] = np.log(slope)
        # neighbouring pieces share a point where the arc between them vanishes
        self.high = np.maximum(self.high, self.low)
        # of equal slopes the upper ones are reached first
        self.gate = np.minimum.accumulate(self.gate, axis=0)

    @staticmethod
    def _turns(curves, grid):
        """Add the points at which the sum turns convex or concave, by bisection."""
        convex = curves._slopes(grid)[1] > 0
        row, column = np.nonzero(convex[1:] != convex[:-1])
        if not row.size:
            return grid
        curves = curves.take(column)
        low, high, first = grid[row, column], grid[row + 1, column], convex[row, column]
        for _step in range(40):
            middle = 0.5 * (low + high)
            same = (curves._slopes(middle)[1] > 0) == first
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        order = np.argsort(column, kind="stable")
        column, low = column[order], low[order]
        place = np.arange(column.size) - np.searchsorted(column, column)
        more = np.repeat(grid[-1:], int(place.max()) + 1, axis=0)
        more[place, column] = low
        return np.sort(np.concatenate([grid, more]), axis=0)

    @staticmethod
    def _close_in(curves, grid, pairs):
        """Ends and slope of straight pieces that start and end near grid points."""
        column = np.arange(len(pairs))
        end = len(grid) - 1
        brackets = [
            [grid[np.maximum(at - 1, 0), column], grid[np.minimum(at + 1, end), column]]
            for at in pairs.T
        ]
        points = [grid[at, column] for at in pairs.T]
        share = np.linspace(0, 1, _POINTS)[:, None]
        for _round in range(_ROUNDS):
            values = [curves._sales(point) for point in points]
            slope = (values[1] - values[0]) / (points[1] - points[0])
            for side, (low, high) in enumerate(brackets):
                inner = low + (high - low) * share
                best = np.argmax(curves._sales(inner) - slope * inner, axis=0)
                points[side] = inner[best, column]
                brackets[side] = [
                    inner[np.maximum(best - 1, 0), column],
                    inner[np.minimum(best + 1, _POINTS - 1), column],
                ]
        values = [curves._sales(point) for point in points]
        slope = (values[1] - values[0]) / (points[1] - points[0])
        # values are flat at the best point: Newton's method on the slope is exact
        near = 1e-3 * (points[1] - points[0])
        for side, point in enumerate(points):
            free = (point > grid[0]) & (point < grid[end])
            for _step in range(4):
                at = np.where(free, points[side], grid[end])
                with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                    bend = curves._bend(at)
                    move = at * np.exp(-np.log(curves._slope(at) / slope) / bend)
                    # where it is not concave there is no such point
                    fine = free & (bend < 0) & (np.abs(move - point) <= near)
                points[side] = np.where(fine, move, points[side])
        return points[0], points[1], slope

    # ------------------------------------------------------------------ answers
    def _log_slope(self, effort):
        with np.errstate(divide="ignore"):
            return np.log(self.curves._slope(effort))

    def respond(self, log_price):
        column = np.arange(self.lower.size)
        arc = (self.gate > log_price).sum(axis=0)
        low, high = self.low[arc, column], self.high[arc, column]
        at_low = ~(self.first[arc, column] > log_price)
        at_high = self.last[arc, column] >= log_price
        effort = np.where(at_high, high, low)
        change = np.zeros(effort.size)
        inside = np.flatnonzero(~at_low & ~at_high & (high > low))
        if inside.size:
            effort[inside], change[inside] = self._invert(
                inside, log_price[inside], low[inside], high[inside]
            )
        self.answer = effort
        return effort.copy(), change

    def _invert(self, who, log_price, low, high):
        """Effort on an arc at which the slope is the price, and its derivative."""
        curves = self.curves if who.size == len(self.curves) else self.curves.take(who)
        low, high = np.log(np.maximum(low, _TINY * high)), np.log(high)
        point = 0.5 * (low + high)
        if self.answer is not None:
            with np.errstate(divide="ignore"):
                before = np.log(self.answer[who])
            point = np.where((before > low) & (before < high), before, point)
        for _step in range(_STEPS):
            effort = np.exp(point)
            slope, bent = curves._slopes(effort)
            with np.errstate(divide="ignore", invalid="ignore"):
                off, rate = np.log(slope) - log_price, bent / slope
                goal = point - off / rate
            low, high = np.where(off > 0, point, low), np.where(off > 0, high, point)
            safe = (rate < 0) & (goal > low) & (goal < high)
            goal = np.where(safe, goal, 0.5 * (low + high))
            move = np.abs(goal - point).max()
            point = goal
            if move <= 1e-14 * max(1.0, np.abs(point).max()):
                break
        effort = np.exp(point)
        with np.errstate(divide="ignore", invalid="ignore"):
            change = effort / curves._bend(effort)
        return effort, np.where(np.isfinite(change), np.minimum(change, 0.0), 0.0)

    def start(self):
        first = self.first[0]
        if self.jumping:
            straight = self.high[0] <= self.lower
            first = np.where(straight & np.isfinite(self.gate[0]), self.gate[0], first)
        return np.where(self.upper > self.lower, first, -np.inf)

    def end(self):
        return self.upper.copy()

    def jumps(self):
        if not self.jumping:
            return None
        step, who = np.nonzero(np.isfinite(self.gate))
        length = self.low[step + 1, who] - self.high[step, who]
        some = length > 0
        return self.gate[step, who][some], who[some], length[some]

    def knees(self):
        return self.knee if self.jumping else None

    def segment(self, effort):
        start, end = effort.copy(), effort.copy()
        for step in range(len(self.gate)):
            low, high = self.high[step], self.low[step + 1]
            inside = np.isfinite(self.gate[step]) & (effort > low) & (effort < high)
            start, end = np.where(inside, low, start), np.where(inside, high, end)
        return start, end, np.where(end > start, 0.5 * (start + end), effort)


def _gaps(x, y):
    """Straight pieces of upper concave hulls with a point of the curve below.

    Andrew's scan of all columns at once; only the rising part is kept.

    :param x, y: ``(k, n)``, ``x`` rising along the first axis, repeats allowed.
    :returns: column ``(m,)`` in rising order and ends as rows of ``x``, ``(m, 2)``.
    """
    size, count = x.shape
    column = np.arange(count)
    hull, top = np.zeros((size, count), dtype=int), np.zeros(count, dtype=int)
    for row in range(1, size):
        fresh = column[x[row] > x[hull[top, column], column]]
        who = fresh[top[fresh] > 0]
        while who.size:
            last, before = hull[top[who], who], hull[top[who] - 1, who]
            rise = (y[last, who] - y[before, who]) * (x[row, who] - x[last, who])
            ahead = (y[row, who] - y[last, who]) * (x[last, who] - x[before, who])
            who = who[rise <= ahead]
            top[who] -= 1
            who = who[top[who] > 0]
        top[fresh] += 1
        hull[top[fresh], fresh] = row
    depth = int(top.max(initial=0))
    i, j = hull[:depth], hull[1 : depth + 1]
    there = np.arange(depth)[:, None] < top
    there &= y[j, column] > y[i, column]
    # repeated points in between are none
    after = x[np.minimum(i + 1, size - 1), column]
    there &= (j > i + 1) & (x[j - 1, column] > x[i, column]) & (after < x[j, column])
    who, place = np.nonzero(there.T)
    return who, np.column_stack([i[place, who], j[place, who]])
