"""The Lagrangian dual of an allocation, solved for all groups at once.

One price of an hour per group makes every account answer with its best response;
hours asked fall as the price rises. Newton's method on the logarithm of the price,
inside a bracket that halves whenever a step leaves it. At a price where an account
jumps (S-shapes, straight pieces) hours are filled up account by account, so at most
one account per group ends inside a straight piece of its envelope.

Source: Zoltners, A. A. and Sinha, P. (1980), Integer programming models for sales
resource allocation, Management Science 26 (3), 242–260, for the concave envelope;
Bretthauer, K. M. and Shetty, B. (1995), The nonlinear resource allocation problem,
Operations Research 43 (4), 670–683, for the search over multipliers.
"""

from dataclasses import dataclass

import numpy as np

#: relative residual of hours at which a group counts as solved
TOLERANCE = 1e-13
_MOST_STEPS = 400


@dataclass(frozen=True, eq=False)
class Relaxed:
    """Optimum of the concave envelopes.

    ``effort (n,)``; ``answer (n,)`` best responses at ``price (g,)``, which are points
    of the curves themselves; ``bound (g,)`` on the profit of each group; ``steps``
    taken.
    """

    effort: np.ndarray
    answer: np.ndarray
    price: np.ndarray
    bound: np.ndarray
    value: np.ndarray
    steps: int


class Relaxation:
    """Solver of one :class:`AllocationProblem`."""

    def __init__(self, problem):
        self.problem = problem
        self.sign = np.sign(problem.margin)
        self.window = problem.curves.window(problem.lower, problem.upper, self.sign)
        worth = np.abs(problem.margin)
        self.log_ratio = np.log(problem.time / np.where(worth > 0, worth, 1.0))

    def solve(self):
        """Return the optimum of the relaxation.

        :rtype: Relaxed
        """
        problem = self.problem
        if not len(problem.curves):
            nothing, zero = np.empty(0), np.zeros(len(problem.budget))
            return Relaxed(nothing, nothing, zero, zero, nothing, 0)
        end = self.window.end()
        binding = problem.total(problem.time * end) > problem.budget
        closed = problem.slack <= 0
        active = binding & ~closed
        log_price = np.where(closed, self._first_price(), -np.inf)
        effort, steps = end, 0
        if closed.any():
            effort = np.where(problem.of(closed), problem.lower, effort)
        answer = effort
        if active.any():
            answer, filled, solved, steps = self._search(active)
            log_price = np.where(active, solved, log_price)
            if not active.all():
                here = problem.of(active)
                answer = np.where(here, answer, effort)
                filled = np.where(here, filled, effort)
            effort = filled
        return self._certify(effort, answer, np.exp(log_price), closed, steps)

    def _certify(self, effort, answer, price, closed, steps):
        """Bound of each group at its price; a group without slack has one plan."""
        problem = self.problem
        value = problem.margin * problem.curves._sales(answer)
        worth = problem.total(value)
        if np.isinf(problem.budget).any() or np.isinf(price).any():
            rest = np.where(price > 0, problem.budget, 0.0)
            rest -= np.where(price > 0, problem.total(problem.time * answer), 0.0)
            rest = np.where(closed, 0.0, rest)
            bound = worth + np.where(closed, 0.0, price) * rest
        else:
            rest = problem.budget - problem.total(problem.time * answer)
            bound = worth + price * np.where(closed, 0.0, rest)
        return Relaxed(effort, answer, price, bound, value, steps)

    def _first_price(self):
        """Log of what the first hour beyond the lower bounds is worth, ``(g,)``."""
        problem = self.problem
        first = self.window.start() - self.log_ratio
        if problem.group is None:
            return np.array([first.max(initial=-np.inf)])
        best = np.full(len(problem.budget), -np.inf)
        np.maximum.at(best, problem.group, first)
        return best

    def _guess(self):
        """Log price at which groups would spread slack hours evenly, ``(g,)``."""
        problem = self.problem
        time, lower = problem.time, problem.lower
        hours = problem.total(time)
        share = problem.slack / np.where(hours > 0, hours, 1.0)
        even = np.minimum(lower + problem.of(share), problem.upper)
        worth = np.abs(problem.margin) * problem.curves._slope(even)
        np.copyto(worth, 0.0, where=~np.isfinite(worth))
        worth = problem.total(worth)
        with np.errstate(divide="ignore", invalid="ignore"):
            guess = np.log(worth / hours)
        return np.where(np.isfinite(guess), guess, 0.0)

    def _search(self, active):
        problem, window, time = self.problem, self.window, self.problem.time
        bracket = _Bracket(self._guess(), active)
        target = problem.budget
        steps, grown = 0, np.ones(1)
        while True:
            answer, change = window.respond(problem.of(bracket.point) + self.log_ratio)
            hours = problem.total(time * answer)
            grown = problem.total(time * change)
            rest = target - hours
            done = np.abs(rest) <= TOLERANCE * target
            steps += 1
            if bracket.update(rest, done) or steps == _MOST_STEPS:
                break
            bracket.move(self._newton(hours, rest, grown))
        # A last correction along the curves: they all still share one price
        with np.errstate(divide="ignore", invalid="ignore"):
            shift = np.where(grown < 0, rest / grown, 0.0)
        smooth = bracket.smooth | ~active
        shift[~smooth | ~active | (np.abs(shift) > 1e-6)] = 0.0
        filled = np.clip(
            answer + change * problem.of(shift), problem.lower, problem.upper
        )
        price = bracket.point
        if not smooth.all():
            answer, filled = self._fill(bracket, smooth, answer, filled)
            price = np.where(smooth, price, bracket.high)
        return answer, self._trim(filled), price, steps

    def _newton(self, hours, rest, grown):
        problem = self.problem
        with np.errstate(all="ignore"):
            if self.window.power_like:
                move = hours * np.log(problem.budget / hours) / grown
            else:
                move = rest / grown
        return move

    def _fill(self, bracket, smooth, answer, filled):
        """Fill the hours left at a price where accounts jump, account by account."""
        problem = self.problem
        low = np.where(smooth, bracket.point, bracket.low)
        high = np.where(smooth, bracket.point, bracket.high)
        most = self.window.respond(problem.of(low) + self.log_ratio)[0]
        least = self.window.respond(problem.of(high) + self.log_ratio)[0]
        rough = problem.of(~smooth)
        rest = problem.budget - problem.total(problem.time * least)
        missing = np.where(rough, problem.time * np.maximum(most - least, 0.0), 0.0)
        who = np.flatnonzero(missing > 0)
        owner = np.zeros(who.size, int)
        if problem.group is not None:
            owner = problem.group[who]
        order = np.argsort(owner, kind="stable")
        who, owner = who[order], owner[order]
        before = np.cumsum(missing[who]) - missing[who]
        first = np.flatnonzero(np.diff(owner, prepend=-1))
        counts = np.diff(np.append(first, who.size))
        before -= np.repeat(before[first], counts)
        given = np.clip(rest[owner] - before, 0.0, missing[who])
        plan = np.where(rough, least, filled)
        plan[who] = np.where(
            given >= missing[who], most[who], plan[who] + given / problem.time[who]
        )
        return np.where(rough, least, answer), plan

    def _trim(self, effort):
        """Take back an overdraft of rounding size, towards the lower bounds."""
        problem = self.problem
        spent = problem.total(problem.time * effort)
        over = spent - problem.budget
        if (over <= 0).all():
            return effort
        free = spent - problem.budget + problem.slack
        with np.errstate(divide="ignore", invalid="ignore"):
            keep = np.where(over > 0, 1.0 - (over / free) * (1 + 1e-9), 1.0)
        keep = np.where(np.isfinite(keep), np.clip(keep, 0.0, 1.0), 1.0)
        return problem.lower + (effort - problem.lower) * problem.of(keep)


class _Bracket:
    """Safeguarded search for one log price per group."""

    def __init__(self, guess, active):
        self.point = np.where(active, guess, 0.0)
        self.low = np.full(guess.shape, -np.inf)
        self.high = np.full(guess.shape, np.inf)
        self.done = ~active
        self.smooth = np.zeros(guess.shape, bool)
        self.width = np.full(guess.shape, np.inf)
        self.slow = np.zeros(guess.shape, int)
        self.reach = np.ones(guess.shape)

    def update(self, rest, done):
        """Take in the hours left at the points; True when every group is solved."""
        running = ~self.done
        self.smooth |= running & done
        self.low = np.where(running & (rest < 0), self.point, self.low)
        self.high = np.where(running & (rest >= 0), self.point, self.high)
        width = self.high - self.low
        scale = np.maximum(1.0, np.abs(self.point))
        self.done |= done | (width <= 4e-16 * scale)
        with np.errstate(invalid="ignore"):
            halved = width <= 0.5 * self.width
        self.slow = np.where(halved, 0, self.slow + 1)
        self.width = np.where(halved, width, self.width)
        return self.done.all()

    def move(self, step):
        """Go a Newton step, or where a step cannot be trusted, half the bracket."""
        with np.errstate(invalid="ignore"):
            point = self.point + step
            middle = 0.5 * (self.low + self.high)
        open_ = ~np.isfinite(middle)
        outward = np.where(np.isinf(self.high), self.reach, -self.reach)
        fallback = np.where(open_, self.point + outward, middle)
        self.reach = np.where(open_, 2.0 * self.reach, self.reach)
        with np.errstate(invalid="ignore"):
            good = (point > self.low) & (point < self.high)
            good &= ~open_ | (np.abs(step) <= 4.0 * self.reach)
        good &= self.slow < 3
        self.slow = np.where(good, self.slow, 0)
        point = np.where(good, point, fallback)
        self.point = np.where(self.done, self.point, point)
