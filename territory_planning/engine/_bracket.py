"""A safeguarded search for one price per group."""

import numpy as np

#: width of a bracket, relative, at which a price is known
NARROW = 1e-13
#: distance, relative, at which a price is told apart from a jump
APART = 2e-14


class Bracket:
    """Log prices ``(g,)`` between ``low`` (too many hours) and ``high`` (not too many).

    ``smooth`` marks groups solved by hours, the others by a bracket around a jump.
    ``hours_low, hours_high`` are the hours asked at its ends.
    """

    def __init__(self, guess, active):
        size = guess.shape
        self.point = np.where(active, guess, 0.0)
        self.low, self.high = np.full(size, -np.inf), np.full(size, np.inf)
        self.hours_low, self.hours_high = np.full(size, np.inf), np.zeros(size)
        self.done = ~active
        self.smooth = ~active
        self.width = np.full(size, np.inf)
        self.slow = np.zeros(size, int)
        self.reach = np.ones(size)

    def update(self, hours, budget, tolerance):
        """Take in the hours asked at the points; True when every group is solved."""
        running = ~self.done
        solved = running & (np.abs(budget - hours) <= tolerance * budget)
        self.smooth |= solved
        many = running & (hours > budget)
        few = running & ~many
        self.low = np.where(many, self.point, self.low)
        self.hours_low = np.where(many, hours, self.hours_low)
        self.high = np.where(few, self.point, self.high)
        self.hours_high = np.where(few, hours, self.hours_high)
        width = self.high - self.low
        self.done |= solved | (width <= NARROW * (1.0 + np.abs(self.point)))
        halved = ~(width > 0.5 * self.width)
        self.slow = np.where(halved, 0, self.slow + 1)
        self.width = np.where(halved, width, self.width)
        return self.done.all()

    def move(self, step, jumps=None):
        """Go a Newton step, to a jump, or where neither is trusted, half the bracket.

        :param jumps: ``(g,)`` points proposed by :class:`Jumps`, NaN where Newton's
            step shall be taken.
        """
        with np.errstate(invalid="ignore"):
            point = self.point + step
            middle = 0.5 * (self.low + self.high)
        open_ = ~np.isfinite(middle)
        outward = np.where(np.isinf(self.high), self.reach, -self.reach)
        fallback = np.where(open_, self.point + outward, middle)
        self.reach = np.where(open_, 2.0 * self.reach, self.reach)
        good = np.ones(point.shape, bool)
        if jumps is not None:
            point = np.where(np.isnan(jumps), point, jumps)
            good = ~np.isnan(jumps)
        with np.errstate(invalid="ignore"):
            good |= ~open_ | (np.abs(step) <= 4.0 * self.reach)
            good &= (point > self.low) & (point < self.high)
        good &= self.slow < 3
        self.slow = np.where(good, self.slow, 0)
        point = np.where(good, point, fallback)
        self.point = np.where(self.done, self.point, point)


class Jumps:
    """Prices at which accounts jump, inside the brackets of unsolved groups.

    :param price, group, hours: ``(m,)`` log price of an hour, group, hours jumped.
    """

    def __init__(self, price, group, hours):
        order = np.lexsort((-price, group))
        self.price, self.group = price[order], group[order]
        self.hours = hours[order]

    def propose(self, bracket, budget):
        """Return the next price of each group, NaN where no jump is left to test.

        Between the ends of the bracket the hours are taken to rise evenly apart from
        the jumps. Where that puts the budget inside a jump, the price just above and
        just below it is tried, which settles it; elsewhere the crossing itself.
        """
        low, high = bracket.low[self.group], bracket.high[self.group]
        keep = ~bracket.done[self.group] & (self.price > low) & (self.price < high)
        keep &= np.isfinite(low) & np.isfinite(high)
        self.price, self.group = self.price[keep], self.group[keep]
        self.hours = self.hours[keep]
        result = np.full(bracket.point.shape, np.nan)
        if not self.price.size:
            return result
        first = np.flatnonzero(np.diff(self.group, prepend=-1))
        counts = np.diff(np.append(first, self.group.size))
        owner = self.group[first]
        ends = np.cumsum(self.hours)
        ends -= np.repeat(ends[first] - self.hours[first], counts)
        jumped = ends[first + counts - 1]
        span = bracket.high[owner] - bracket.low[owner]
        rise = bracket.hours_low[owner] - bracket.hours_high[owner] - jumped
        rise = np.maximum(rise, 0.0) / span
        missing = budget[owner] - bracket.hours_high[owner]
        even = np.repeat(rise, counts) * (bracket.high[self.group] - self.price)
        inside = ends + even >= np.repeat(missing, counts)
        place = np.where(inside, np.arange(ends.size), ends.size)
        place = np.minimum.reduceat(place, first)
        some = place < ends.size
        place = np.where(some, place, first + counts - 1)
        before = ends[place] - np.where(some, self.hours[place], 0.0)
        tie = some & (before + even[place] <= missing)
        apart = APART * (1.0 + np.abs(self.price[place]))
        above, below = self.price[place] + apart, self.price[place] - apart
        tested = bracket.high[owner] <= above
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = bracket.high[owner] - (missing - before) / rise
        point = np.where(tie, np.where(tested, below, above), crossing)
        inner = (point > bracket.low[owner]) & (point < bracket.high[owner])
        half = 0.5 * (bracket.low[owner] + bracket.high[owner])
        result[owner] = np.where(inner, point, half)
        return result
