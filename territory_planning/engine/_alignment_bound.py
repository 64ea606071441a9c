"""A bound that no alignment beats, and the prices behind it.

The bands, what a territory earns and the caps on handovers are priced (Lagrange); with
prices given, each unit goes to its cheapest rep on its own. The prices that make the
bound largest are those of the transportation programme with fractions of units; they are
found on a smoothed minimum whose heat falls step by step (Nesterov 2005, Mathematical
Programming 103, 127–152), by L-BFGS-B, first on a sample of the units and always on the
arcs that are cheapest at the prices so far. The bound itself is taken without smoothing
over every pair of unit and rep, so that nothing that was left out can make it wrong.
Territory profits are concave in their sum of attractions and enter by their conjugate.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from . import _alignment_kernel as kernel
from ._compiled import COMPILED

#: heat as a share of the typical difference between a unit's two best reps, most units
#: that it is worked out on, arcs of each unit that are kept, and rounds
_STAGES = (
    (1.0, 1_000, 100, 80),
    (0.3, 2_000, 50, 40),
    (0.3, np.inf, 16, 15),
    (0.1, np.inf, 16, 30),
    (0.03, np.inf, 16, 40),
    (0.01, np.inf, 16, 40),
    (0.003, np.inf, 16, 40),
)
#: the last stages are repeated, and those from such a heat on gone through, while that
#: raises the bound by such a share
_AGAIN, _COOL, _ENOUGH = 3, 0.03, 3e-5
#: prices beyond so many of these differences only come from bands that cannot be kept
_DEAREST = 1e4


@dataclass(frozen=True, eq=False)
class Bound:
    """``value``: no alignment costs less. The prices: ``of_load (k, m)``, money per unit
    of load, positive where a rep has too much; ``of_pull (k,)`` of attraction;
    ``of_move (2,)`` of handovers, money per unit and per money of revenue.
    ``best (n,)``: cheapest rep. ``money``: what typically tells a unit's two cheapest reps
    apart."""

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
        return reduced(problem, (self.of_load, self.of_pull, self.of_move))


def reduced(problem, prices):
    """Cost of each pair with given prices, ``(n, k)``, infinite where not allowed."""
    of_load, of_pull, of_move = prices
    cost = problem.load @ of_load.T
    cost += problem.linear
    if problem.costa:
        cost -= of_pull * problem.costa[0]
    if of_move.any():
        move = problem.amount @ of_move
        cost += move[:, None]
        rows = np.flatnonzero(problem.current >= 0)
        cost[rows, problem.current[rows]] -= move[rows]
    return cost


class Arcs:
    """The cheapest arcs of some units, standing for all."""

    def __init__(self, problem, rows, cost, most):
        count = min(most, cost.shape[1])
        who = np.argpartition(cost, count - 1, axis=1)[:, :count]
        linear = np.take_along_axis(problem.linear[rows], who, axis=1)
        s = np.empty((0, count))
        if problem.costa:
            s = np.take_along_axis(problem.costa[0][rows], who, axis=1)
        self.weight = problem.units / len(rows)
        self.given = (
            who,
            linear,
            s,
            problem.load[rows],
            problem.amount[rows],
            problem.current[rows],
        )

    def soft_minima(self, prices, heat):
        """See the kernel; by arrays where that is not compiled."""
        inner = kernel.soft_minima if COMPILED else _soft_minima
        return [self.weight * part for part in inner(self.given, prices, heat)]


def _soft_minima(given, prices, heat):
    who, linear, s, load, amount, current = given
    of_load, of_pull, of_move = prices
    reps = len(of_load)
    stays = who == current[:, None]
    cost = linear + np.einsum("icm,im->ic", of_load[who], load)
    if len(s):
        cost -= of_pull[who] * s
    cost += np.where(stays, 0.0, (amount @ of_move)[:, None])
    least = cost.min(axis=1)
    share = np.exp((least[:, None] - cost) / heat)
    total = share.sum(axis=1)
    share /= total[:, None]
    value = least.sum() - heat * np.log(total).sum()
    flat = who.ravel()

    def by_rep(values):
        return np.bincount(flat, weights=(share * values).ravel(), minlength=reps)

    taken = np.stack([by_rep(column[:, None]) for column in load.T], axis=1)
    pull = by_rep(s) if len(s) else np.zeros(reps)
    moves = (1.0 - np.where(stays, share, 0.0).sum(axis=1)) @ amount
    return value, taken, pull, moves


class Dual:
    """The dual function over one vector of scaled prices."""

    def __init__(self, problem):
        self.problem = problem
        apart = margins(problem.linear)
        if problem.costa:
            s = problem.costa[0]
            self.start_pull = self._even_pull()
            earns = (self.start_pull * s).max(axis=1)
            apart = np.concatenate([apart, 0.2 * earns[earns > 0]])
        else:
            self.start_pull = np.zeros(problem.reps)
        #: money that tells two reps apart
        self.money = float(np.median(apart)) if apart.size else 1.0
        mean = np.maximum(problem.load.mean(axis=0), 1e-300)
        self.load_scale = self.money / mean
        usual = problem.amount.mean(axis=0)
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

    def limits(self):
        """Bounds of the scaled vector."""
        problem, on = self.problem, self.priced
        low = np.where(problem.lower > 0, -_DEAREST, 0.0)[on]
        total = problem.load.sum(axis=0)
        high = np.where(problem.upper < total, _DEAREST, 0.0)[on]
        rows = list(zip(low, high, strict=True))
        rows += [(-15.0, 15.0)] * self.pulled.sum()
        return rows + [(0.0, _DEAREST)] * self.capped.sum()

    def exact(self, x):
        """The bound at these prices over every arc, the cost of each and the cheapest."""
        prices = self.split(x)
        cost = reduced(self.problem, prices)
        best = cost.argmin(axis=1)
        least = cost[np.arange(len(cost)), best]
        some = np.isfinite(least)
        value = float(least[some].sum()) - self._resources(prices, 0.0)[0]
        return value, cost, np.where(some, best, -1)

    def _resources(self, prices, heat):
        """What bands, earnings and caps are worth at these prices, and what they want.

        The first counts against the bound: bands at their dearer edge, earnings at their
        conjugate, caps in full. Smoothed, it is a little more.
        """
        problem = self.problem
        of_load, of_pull, of_move = prices
        middle = 0.5 * (problem.upper + problem.lower)
        half = 0.5 * (problem.upper - problem.lower)
        soft = (heat * 0.1 / np.maximum(problem.load.mean(axis=0), 1e-300)) ** 2
        size = np.sqrt(of_load**2 + soft)
        value = float((middle * of_load + half * size).sum())
        load = middle + half * of_load / np.where(size > 0, size, 1.0)
        pull = np.zeros(problem.reps)
        if problem.costa:
            _s, worth, power = problem.costa
            on = self.pulled
            price, worth = of_pull[on], worth[on]
            pull[on] = (worth * power / price) ** (1.0 / (1.0 - power))
            value += float((worth * pull[on] ** power - price * pull[on]).sum())
        capped = self.capped
        value += float(of_move[capped] @ problem.cap[capped])
        return value, load, pull, problem.cap

    def smooth(self, x, arcs, heat):
        """Value and slope on some arcs."""
        prices = self.split(x)
        value, taken, pull, moves = arcs.soft_minima(prices, heat)
        against, load, wanted, cap = self._resources(prices, heat)
        slope = (
            ((taken - load) * self.load_scale)[self.priced],
            ((wanted - pull) * prices[1])[self.pulled],
            (moves - cap)[self.capped] * self.move_scale[self.capped],
        )
        return value - against, np.concatenate(slope)


def margins(cost):
    """Positive differences between each unit's two cheapest reps, of those that have two."""
    if cost.shape[1] < 2:
        return np.empty(0)
    two = np.partition(cost, 1, axis=1)[:, :2]
    two = two[np.isfinite(two).all(axis=1)]
    apart = two[:, 1] - two[:, 0]
    return apart[apart > 0]


def bound(problem, stop=None):
    """Return the :class:`Bound` of a problem.

    Units that nobody may look after cost nothing.

    :param stop: called between the rounds; a true answer ends the search.
    """
    dual = Dual(problem)
    size = dual.priced.sum() + dual.pulled.sum() + dual.capped.sum()
    x = np.zeros(size)
    top, cost, best = dual.exact(x)
    chosen = x, best
    possible = np.flatnonzero(best >= 0)
    shuffled = np.random.default_rng(0).permutation(possible)
    limits = dual.limits()
    before = -np.inf
    for heat, most, kept, rounds in _STAGES + _AGAIN * _STAGES[-2:]:
        if not size or not len(possible):
            break
        if most < np.inf and most > 0.7 * len(possible):
            continue
        if heat <= _COOL:
            if top - before <= _ENOUGH * abs(top):
                break  # nothing left to gain
            before = top
        rows = possible if most == np.inf else shuffled[:most]
        arcs = Arcs(problem, rows, cost[rows], kept)
        scale = max(abs(top), dual.money)

        def objective(x, arcs=arcs, heat=heat, scale=scale):
            value, slope = dual.smooth(x, arcs, heat * dual.money)
            return -value / scale, -slope / scale

        x = optimize.minimize(
            objective,
            x,
            jac=True,
            method="L-BFGS-B",
            bounds=limits,
            options={"maxiter": rounds, "maxcor": 10, "ftol": 1e-10, "gtol": 1e-9},
        ).x
        value, cost, best = dual.exact(x)
        if value > top:
            top, chosen = value, (x, best)
        if stop is not None and stop():
            break
    x, best = chosen
    return Bound(top, *dual.split(x), best, dual.money)
