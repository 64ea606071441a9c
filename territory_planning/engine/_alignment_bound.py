"""A bound that no alignment beats, and the prices behind it.

The bands, what a territory earns and the caps on handovers are priced (Lagrange); with
prices given, each unit goes to its cheapest rep on its own. The prices that make the
bound largest are those of the transportation programme with fractions of units; they are
found on a smoothed minimum whose heat falls step by step (Nesterov 2005, Mathematical
Programming 103, 127–152), by L-BFGS-B. The bound itself is taken without smoothing over
every pair of unit and rep, so that nothing that was left out can make it wrong. Territory
profits are concave in their sum of attractions and enter by their conjugate function.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from . import _alignment_kernel as kernel

#: heats as shares of the typical difference between a unit's two best reps
_HEATS = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003)
_ROUNDS = 60
#: prices beyond so many of these differences only come from bands that cannot be kept
_DEAREST = 1e4


@dataclass(frozen=True, eq=False)
class Bound:
    """``value``: no alignment costs less. The prices: of load ``(k, m)``, money per unit
    of load, positive where a rep has too much; of attraction ``(k,)``; of handovers
    ``(2,)``, money per unit and per money of revenue. ``best (n,)``: cheapest rep.
    ``money``: what typically tells a unit's two cheapest reps apart."""

    value: float
    of_load: np.ndarray
    of_pull: np.ndarray
    of_move: np.ndarray
    best: np.ndarray
    money: float

    def impossible(self, problem):
        """Whether the bound proves that no plan at all keeps the bands and caps."""
        most = np.where(np.isfinite(problem.linear), problem.linear, -np.inf).max(
            axis=1
        )
        return self.value > most[np.isfinite(most)].sum() * (1 + 1e-9) + self.money

    def reduced(self, problem):
        """Cost of each pair with its prices, ``(n, k)``, infinite where not allowed."""
        cost = problem.linear + problem.load @ self.of_load.T
        if problem.costa:
            cost -= self.of_pull * problem.costa[0]
        move = problem.amount @ self.of_move
        cost += move[:, None]
        rows = np.flatnonzero(problem.current >= 0)
        cost[rows, problem.current[rows]] -= move[rows]
        return cost


class Dual:
    """The dual function over one vector of scaled prices."""

    def __init__(self, problem):
        self.problem = problem
        self.arcs = arcs(problem)
        apart = margins(problem.linear)
        if problem.costa:
            s, worth, power = problem.costa
            self.start_pull = self._even_pull()
            earns = np.partition(self.start_pull * s, -1, axis=1)[:, -1]
            apart = np.concatenate([apart, 0.2 * earns[earns > 0]])
        else:
            self.start_pull = np.zeros(problem.reps)
        #: money that tells two reps apart
        self.money = float(np.median(apart)) if apart.size else 1.0
        mean = np.maximum(problem.load.mean(axis=0), 1e-300)
        self.load_scale = self.money / mean
        amount = problem.amount
        usual = amount.mean(axis=0)
        self.move_scale = self.money / np.where(usual > 0, usual, 1.0)
        self.capped = np.isfinite(problem.cap)
        self.priced = (problem.lower > 0) | (problem.upper < problem.load.sum(axis=0))
        self.pulled = self.start_pull > 0

    def _even_pull(self):
        """Slope of each territory's profit if every unit were shared evenly."""
        s, worth, power = self.problem.costa
        usual = np.maximum(s.sum(axis=0) / self.problem.reps, 1e-300)
        return np.where(worth > 0, worth * power * usual ** (power - 1.0), 0.0)

    def split(self, x):
        """Prices of load, attraction and handovers from the scaled vector."""
        problem = self.problem
        of_load = np.zeros(problem.upper.shape)
        one = self.priced.sum()
        of_load[self.priced] = x[:one]
        of_load *= self.load_scale
        two = one + self.pulled.sum()
        of_pull = np.zeros(problem.reps)
        of_pull[self.pulled] = self.start_pull[self.pulled] * np.exp(x[one:two])
        of_move = np.zeros(2)
        of_move[self.capped] = x[two:]
        of_move *= self.move_scale
        return of_load, of_pull, of_move

    def start(self):
        """Prices of nothing, and today's guess for the attractions."""
        size = self.priced.sum() + self.pulled.sum() + self.capped.sum()
        return np.zeros(size)

    def limits(self):
        """Bounds of the scaled vector."""
        problem, on = self.problem, self.priced
        low = np.where(problem.lower > 0, -_DEAREST, 0.0)[on]
        total = problem.load.sum(axis=0)
        high = np.where(problem.upper < total, _DEAREST, 0.0)[on]
        rows = list(zip(low, high, strict=True))
        rows += [(-15.0, 15.0)] * self.pulled.sum()
        return rows + [(0.0, _DEAREST)] * self.capped.sum()

    def __call__(self, x, heat):
        """Value and slope; the smoothed value is never above the true one."""
        problem = self.problem
        of_load, of_pull, of_move = self.split(x)
        value, taken, pull, moves, best = soft_minima(
            self.arcs, (of_load, of_pull, of_move), heat
        )
        middle = 0.5 * (problem.upper + problem.lower)
        half = 0.5 * (problem.upper - problem.lower)
        soft = (heat * 0.1 / np.maximum(problem.load.mean(axis=0), 1e-300)) ** 2
        size = np.sqrt(of_load**2 + soft)
        value -= float((middle * of_load + half * size).sum())
        slack = taken - middle
        slack -= half * of_load / np.where(size > 0, size, 1.0)
        slope = [(slack * self.load_scale)[self.priced]]
        if problem.costa:
            _s, worth, power = problem.costa
            on = self.pulled
            price, worth = of_pull[on], worth[on]
            wanted = (worth * power / price) ** (1.0 / (1.0 - power))
            value -= float((worth * wanted**power - price * wanted).sum())
            slope.append((wanted - pull[on]) * price)
        else:
            slope.append(np.empty(0))
        capped = self.capped
        value -= float(of_move[capped] @ problem.cap[capped])
        slope.append(((moves - problem.cap) * self.move_scale)[capped])
        return value, np.concatenate(slope), best


def margins(cost):
    """Positive differences between each unit's two cheapest reps, of those that have two."""
    if cost.shape[1] < 2:
        return np.empty(0)
    two = np.partition(cost, 1, axis=1)[:, :2]
    two = two[np.isfinite(two).all(axis=1)]
    apart = two[:, 1] - two[:, 0]
    return apart[apart > 0]


def arcs(problem):
    """What the kernel needs of a problem."""
    s = problem.costa[0] if problem.costa else np.empty((0, problem.reps))
    return problem.linear, s, problem.load, problem.amount, problem.current


def soft_minima(given, prices, heat):
    """:func:`._alignment_kernel.soft_minima`, by arrays where it is not compiled."""
    if kernel.COMPILED:
        return kernel.soft_minima(given, prices, heat)
    linear, s, load, amount, current = given
    of_load, of_pull, of_move = prices
    cost = linear + load @ of_load.T
    if len(s):
        cost -= of_pull * s
    move = amount @ of_move
    rows = np.arange(len(linear))
    has = current >= 0
    cost += move[:, None]
    cost[rows[has], current[has]] -= move[has]
    best = cost.argmin(axis=1)
    least = cost[rows, best]
    some = np.isfinite(least)
    best[~some] = -1
    if heat == 0.0:
        share = np.zeros_like(cost)
        share[rows[some], best[some]] = 1.0
        value = least[some].sum()
    else:
        cost -= np.where(some, least, 0.0)[:, None]
        share = np.exp(-cost / heat)
        share[~some] = 0.0
        total = np.where(some, share.sum(axis=1), 1.0)
        share /= total[:, None]
        value = least[some].sum() - heat * np.log(total).sum()
    pull = (share * s).sum(axis=0) if len(s) else np.zeros(linear.shape[1])
    gone = some.astype(float)
    gone[has] -= share[rows[has], current[has]]
    return value, share.T @ load, pull, gone @ amount, best


def bound(problem, stop=None):
    """Return the :class:`Bound` of a problem in which each unit has an allowed rep.

    :param stop: called between the rounds; a true answer ends the search.
    """
    dual = Dual(problem)
    x = dual.start()
    value, _slope, best = dual(x, 0.0)
    top, chosen = value, (x, best)
    limits = dual.limits()
    for heat in _HEATS:
        if not len(x):
            break
        scale = max(abs(top), dual.money)

        def cost(x, heat=heat, scale=scale):
            value, slope, _best = dual(x, heat * dual.money)
            return -value / scale, -slope / scale

        found = optimize.minimize(
            cost,
            x,
            jac=True,
            method="L-BFGS-B",
            bounds=limits,
            options={"maxiter": _ROUNDS, "maxcor": 20, "ftol": 1e-10, "gtol": 1e-9},
        )
        x = found.x
        value, _slope, best = dual(x, 0.0)
        if value > top:
            top, chosen = value, (x, best)
        if stop is not None and stop():
            break
    x, best = chosen
    return Bound(float(top), *dual.split(x), best, dual.money)
