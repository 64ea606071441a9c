"""The Lagrangian dual of an allocation, solved for all groups at once.

One price of an hour per group makes every account answer with its best response;
hours asked fall as the price rises. Newton's method on the logarithm of the price,
inside a bracket that is halved whenever a step cannot be trusted. At a price where an
account jumps (S-shapes, straight pieces) hours are filled up account by account, so at
most one account per group ends inside a straight piece of its envelope.

Accounts are worked through in blocks that fit the processor's cache.

Sources: Zoltners, A. A. and Sinha, P. (1980), Integer programming models for sales
resource allocation, Management Science 26 (3), 242–260, for the concave envelope;
Bretthauer, K. M. and Shetty, B. (1995), The nonlinear resource allocation problem,
Operations Research 43 (4), 670–683, for the search over multipliers.
"""

from dataclasses import dataclass

import numpy as np

from ._bracket import Bracket, Jumps
from ._problem import AllocationProblem

#: relative residual of hours at which Newton's last step is taken
_NEARLY = 1e-7
#: relative residual of hours at which a group counts as solved
_SOLVED = 1e-12
_MOST_STEPS = 300
#: steps after which jumps are looked at one by one
_PATIENCE = 3
#: how far above what its budget pays for an account's effort is searched
_ABOVE = 1.0 + 1e-6
#: accounts worked on at once
_BLOCK = 8192
#: with this many accounts per group prices are first guessed from a sample
_MANY, _SAMPLE = 4000, 50


@dataclass(frozen=True, eq=False)
class Relaxed:
    """Optimum of the concave envelopes.

    ``effort (n,)``; ``price (g,)``; ``bound (g,)`` on the profit of each group;
    ``value (g,)`` profit at ``effort`` on the curves themselves; ``broken``: accounts
    inside a straight piece of their envelope, with its ``start``, ``end`` and a point
    ``middle`` to branch at; ``steps`` taken.
    """

    effort: np.ndarray
    price: np.ndarray
    bound: np.ndarray
    value: np.ndarray
    broken: np.ndarray
    start: np.ndarray
    end: np.ndarray
    middle: np.ndarray
    steps: int


class Relaxation:
    """Solver of one :class:`._problem.AllocationProblem`.

    :param guess: log prices ``(g,)`` to start from, NaN where unknown.
    """

    def __init__(self, problem, guess=None):
        self.problem = problem
        self.guess = guess
        self.groups = problem.budget.size
        self.size = len(problem.curves)
        width = max(_BLOCK, 4 * self.groups)
        self.blocks = [
            _Block(problem, slice(first, min(first + width, self.size)))
            for first in range(0, self.size, width)
        ]
        self.bends = any(block.jumping for block in self.blocks)

    def solve(self):
        """Return the optimum of the relaxation.

        :rtype: Relaxed
        """
        problem = self.problem
        zero = np.zeros(self.groups)
        if not self.size:
            none, index = np.empty(0), np.empty(0, int)
            return Relaxed(none, zero, zero, zero, index, none, none, none, 0)
        most = sum(block.most for block in self.blocks)
        closed = problem.slack <= 0
        active = (most > problem.budget) & ~closed
        log_price = np.where(closed, np.inf, -np.inf)
        bracket = Bracket(self._guess(active), active)
        steps = 1
        if active.any():
            steps += self._search(bracket, _NEARLY, last=True)
        price = np.where(active, bracket.point, log_price)
        effort, worth, hours = self._answers(price)
        off = np.abs(problem.budget - hours) > _SOLVED * problem.budget
        again = active & bracket.smooth & off
        if again.any():
            bracket = Bracket(price, active)
            steps += self._search(bracket, _SOLVED, last=False)
            price = np.where(active, bracket.point, log_price)
            effort, worth, hours = self._answers(price)
        rough = active & ~bracket.smooth
        value = worth
        if rough.any():
            price = np.where(rough, bracket.high, price)
            effort, worth, hours = self._answers(price)
            spent = self._fill(bracket, rough, effort, hours)
            value = self._worth(effort)
        else:
            spent = hours
        with np.errstate(over="ignore"):
            price = np.exp(price)
        if closed.any():
            price = np.where(closed, np.exp(self._first_price()), price)
        rest = np.where(active, problem.budget - hours, 0.0)
        bound = worth + np.where(active, price, 0.0) * rest
        pieces = self._pieces(effort)
        value = value + self._trim(effort, spent, price, active)
        return Relaxed(effort, price, bound, value, *pieces, steps + 2)

    def _guess(self, active):
        """Log prices to start from, ``(g,)``: given, of a sample, or of even effort."""
        guess = np.full(self.groups, np.nan) if self.guess is None else self.guess
        if not active.any():
            return np.zeros(self.groups)
        if self.guess is None and self.size >= _MANY * self.groups:
            guess = self._sampled()
        missing = active & ~np.isfinite(guess)
        if missing.any():
            hours = sum(block.total(block.time) for block in self.blocks)
            share = self.problem.slack / np.where(hours > 0, hours, 1.0)
            worth = sum(block.evenly(share) for block in self.blocks)
            with np.errstate(divide="ignore", invalid="ignore"):
                even = np.log(worth / hours)
            even = np.where(np.isfinite(even), even, 0.0)
            guess = np.where(missing, even, guess)
        return guess

    def _sampled(self):
        """Log prices of a sample of the accounts with its share of the hours."""
        problem = self.problem
        every = max(4, min(64, self.size // (_SAMPLE * self.groups)))
        where = slice(every // 2, None, every)
        group = None if problem.group is None else problem.group[where]
        share = 1.0 / every
        if group is not None:
            share = np.bincount(group, minlength=self.groups)
            every = np.bincount(problem.group, minlength=self.groups)
            share = share / np.maximum(every, 1)
        lower, time = problem.lower[where], problem.time[where]
        sample = AllocationProblem(
            problem.curves.take(where),
            problem.margin[where],
            time,
            lower,
            problem.upper[where],
            np.zeros(self.groups),
            group,
            spare=problem.slack * share,
        )
        with np.errstate(divide="ignore"):
            return np.log(Relaxation(sample).solve().price)

    def _search(self, bracket, tolerance, last):
        """Find the prices; ``last`` adds a Newton step not checked any more."""
        budget, jumps = self.problem.budget, None
        for step in range(1, _MOST_STEPS):
            hours, change = self._hours(bracket.point)
            with np.errstate(all="ignore"):
                if self.blocks[0].window.power_like:
                    move = hours * np.log(budget / hours) / change
                else:
                    move = (budget - hours) / change
            solved = bracket.update(hours, budget, tolerance)
            if last:
                fine = bracket.smooth & np.isfinite(move) & (np.abs(move) < 1e-3)
                ended = bracket.done & fine & (np.abs(budget - hours) > 0)
                ended &= np.abs(budget - hours) <= tolerance * budget
                bracket.point = np.where(ended, bracket.point + move, bracket.point)
            if solved:
                return step
            proposed = None
            if self.bends and step > _PATIENCE:
                if jumps is None and np.isfinite(bracket.width[~bracket.done]).all():
                    jumps = self._jumps(bracket)
                if jumps is not None:
                    proposed = jumps.propose(bracket, budget)
            bracket.move(move, proposed)
        return step

    def _hours(self, point):
        """Hours asked at log prices and their derivative, ``(g,)`` each."""
        hours, change = np.zeros(self.groups), np.zeros(self.groups)
        for block in self.blocks:
            effort, slope = block.respond(point)
            effort *= block.time
            slope *= block.time
            hours += block.total(effort)
            change += block.total(slope)
        return hours, change

    def _answers(self, point):
        """Best responses ``(n,)``, their worth and hours ``(g,)`` each."""
        effort = np.empty(self.size)
        worth, hours = np.zeros(self.groups), np.zeros(self.groups)
        for block in self.blocks:
            answer, _slope = block.respond(point)
            effort[block.where] = answer
            worth += block.total(block.margin * block.curves._sales(answer))
            answer *= block.time
            hours += block.total(answer)
        return effort, worth, hours

    def _worth(self, effort):
        return sum(
            block.total(block.margin * block.curves._sales(effort[block.where]))
            for block in self.blocks
        )

    def _first_price(self):
        """Log of what the first hour beyond the lower bounds is worth, ``(g,)``."""
        best = np.full(self.groups, -np.inf)
        for block in self.blocks:
            first = block.start() - block.log_ratio
            if block.group is None:
                best = np.maximum(best, first.max(initial=-np.inf))
            else:
                np.maximum.at(best, block.group, first)
        return best

    def _jumps(self, bracket):
        found = [block.jumps(bracket) for block in self.blocks if block.jumping]
        return Jumps(*(np.concatenate(column) for column in zip(*found, strict=True)))

    def _fill(self, bracket, rough, effort, hours):
        """Fill the hours left at a price where accounts jump, account by account.

        :returns: the hours then spent, ``(g,)``.
        """
        problem = self.problem
        low = np.where(rough, bracket.low, np.inf)
        who, given = [], []
        for block in self.blocks:
            most, _slope = block.respond(low)
            more = np.maximum(most - effort[block.where], 0.0) * block.time
            some = np.flatnonzero((more > 0) & block.of(rough))
            who.append(some + block.where.start)
            given.append(more[some])
        who, more = np.concatenate(who), np.concatenate(given)
        owner = np.zeros(who.size, int)
        if problem.group is not None:
            owner = problem.group[who]
        order = np.argsort(owner, kind="stable")
        who, owner, more = who[order], owner[order], more[order]
        before = np.cumsum(more) - more
        first = np.flatnonzero(np.diff(owner, prepend=-1))
        counts = np.diff(np.append(first, who.size))
        before -= np.repeat(before[first], counts)
        rest = problem.budget - hours
        given = np.clip(rest[owner] - before, 0.0, more)
        effort[who] += given / problem.time[who]
        return hours + np.bincount(owner, given, minlength=self.groups)

    def _trim(self, effort, spent, price, active):
        """Take back an overdraft of rounding size, towards the lower bounds.

        :returns: what that costs, ``(g,)``, zero or less.
        """
        problem = self.problem
        over = np.where(active, spent - problem.budget, 0.0)
        if (over <= _SOLVED * problem.budget).all():
            return np.zeros(self.groups)
        free = spent - problem.budget + problem.slack
        with np.errstate(divide="ignore", invalid="ignore"):
            keep = np.where(over > 0, 1.0 - over / free, 1.0)
        keep = np.where(np.isfinite(keep), np.clip(keep, 0.0, 1.0), 1.0)
        effort -= problem.lower
        effort *= problem.of(keep)
        effort += problem.lower
        return np.where(over > 0, -over * price, 0.0)

    def _pieces(self, effort):
        none, index = np.empty(0), np.empty(0, int)
        if not self.bends:
            return index, none, none, none
        found = [block.pieces(effort[block.where]) for block in self.blocks]
        return tuple(np.concatenate(column) for column in zip(*found, strict=True))


class _Block:
    """Consecutive accounts and their windows."""

    def __init__(self, problem, where):
        self.where = where
        self.curves = problem.curves.take(where)
        self.margin, self.time = problem.margin[where], problem.time[where]
        self.group = None if problem.group is None else problem.group[where]
        self.groups = problem.budget.size
        self.lower = problem.lower[where]
        self.most_upper = problem.upper[where]
        # no account gets more than the budget pays for; a little above, so that a price
        # is found where one account gets it all
        limit = self.of(problem.slack) * _ABOVE / self.time
        limit += self.lower
        self.upper = np.minimum(limit, self.most_upper, out=limit)
        self.sign = np.sign(self.margin)
        self.window = self.curves.window(self.lower, self.upper, self.sign)
        self.jumping = self.window.jumping
        self.most = self.total(self.time * self.window.end())
        worth = np.abs(self.margin)
        if not worth.all():
            worth = np.where(worth > 0, worth, 1.0)
        self.log_ratio = np.log(self.time / worth)

    def total(self, values):
        """Sum per group, ``(g,)``."""
        if self.group is None:
            return values.sum(keepdims=True)
        return np.bincount(self.group, weights=values, minlength=self.groups)

    def of(self, values):
        """Spread ``values (g,)`` over the accounts."""
        return values[0] if self.group is None else values[self.group]

    def respond(self, point):
        """Best responses to log prices of an hour, and their derivative."""
        return self.window.respond(self.of(point) + self.log_ratio)

    def start(self):
        """Log slope of the envelope at the lower bounds, whatever the budget."""
        window = self.curves.window(self.lower, self.most_upper, self.sign)
        return window.start()

    def evenly(self, share):
        """Worth of a visit more if everyone got the same, summed per group."""
        even = np.minimum(self.lower + self.of(share), self.upper)
        with np.errstate(invalid="ignore"):
            worth = np.abs(self.margin) * self.curves._slope(even)
        np.copyto(worth, 0.0, where=~np.isfinite(worth))
        return self.total(worth)

    def jumps(self, bracket):
        """Log price of an hour, group and hours of the jumps inside the brackets."""
        price, who, effort = self.window.jumps()
        price = price - self.log_ratio[who]
        owner = np.zeros(who.size, int) if self.group is None else self.group[who]
        inside = (price > bracket.low[owner]) & (price < bracket.high[owner])
        inside &= ~bracket.done[owner]
        who = who[inside]
        return price[inside], owner[inside], effort[inside] * self.time[who]

    def pieces(self, effort):
        """Accounts inside a straight piece, its start, end and middle."""
        start, end, middle = self.window.segment(effort)
        broken = np.flatnonzero(start < end)
        return broken + self.where.start, start[broken], end[broken], middle[broken]

    def knees(self):
        """From where each curve is concave; None if all are."""
        return self.window.knees()
