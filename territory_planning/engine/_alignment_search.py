"""From the prices of the bound to an alignment: argmin, repair, annealing.

Bands and caps are priced while it is hot and checked exactly afterwards; only plans within
all of them are kept, as long as there are any.
"""

import numpy as np

from . import _alignment_contiguity as contiguity
from . import _alignment_kernel as kernel
from ._alignment_penalty import Penalty

#: changes tried per unit, and in all at least and at most
_TRIES = 5_000
_LEAST_TRIES = 200_000
_MOST_TRIES = 20_000_000
#: pieces that they are tried in, and most in a piece
_CHUNKS, _MOST_AT_ONCE = 200, 200_000
#: so many more, if no plan within all bands has been found, at this share of the heat
_MORE_CHUNKS, _REPAIR, _WARM = 100, 25, 0.2
#: share of the time limit that coming back within the bands may take it to
_OVERTIME = 1.5
#: price of a mean unit beyond a band in the end, in first heats
_FIRMEST = 60.0
#: first heat as a share of what tells a unit's two cheapest reps apart
_FIRST_HEAT = 0.2
#: decades by which it falls
_DECADES = 2.5
#: see the kernel
_MIX = (0.02, 0.5, 0.5, 0.3)
#: candidates of a unit that are tried without a neighbour there
_NEAR = 8


class Search:
    """The best alignment so far, from prices and a start.

    ``hopeless``: it is known that no plan keeps every constraint.
    """

    def __init__(self, problem, bound, seed, start=None, hopeless=False):
        self.problem = problem
        self.bound = bound
        self.rng = np.random.default_rng(seed)
        self.graph = contiguity.graph(problem)
        reduced = bound.reduced(problem)
        self.near = _nearest(reduced)
        if start is None:
            # whatever is cheapest at these prices; nobody may have it: anyone
            rep = np.where(bound.best >= 0, bound.best, 0).astype(np.int64)
        else:
            rep = self._allowed_start(start, reduced)
        rep = self._populate(rep, reduced)
        self.loose = np.zeros(problem.units, bool)
        if self.graph is not None:
            rep, self.loose = contiguity.join(self.graph, rep, reduced, self._fixed())
        self.best = rep.copy()
        self.score = self._score(rep)
        self.rep = rep
        self.made = 0
        self.hopeless = hopeless

    @property
    def gap(self):
        """Gap of the best plan; infinite while it violates something."""
        if self.score[0] > 0:
            return np.inf
        missing = self.score[1] - self.bound.value
        return missing / max(self.money, 1e-300) if missing > 0 else 0.0

    def _fixed(self):
        return self.problem.allowed.sum(axis=1) <= 1

    def _allowed_start(self, start, reduced):
        """The start given, the cheapest where it may not be."""
        problem = self.problem
        start = np.asarray(start)
        rows = np.arange(problem.units)
        inside = (start >= 0) & (start < problem.reps)
        good = inside & problem.allowed[rows, np.where(inside, start, 0)]
        return np.where(good, start, reduced.argmin(axis=1)).astype(np.int64)

    def _populate(self, rep, reduced):
        """Give each rep without units the one that it costs least to take."""
        problem = self.problem
        count = np.bincount(rep, minlength=problem.reps)
        least = reduced.min(axis=1)
        least[np.isinf(least)] = 0.0  # nobody may have it, so it goes nowhere
        fixed = self._fixed()
        for j in np.flatnonzero((count == 0) & (problem.lower > 0).any(axis=1)):
            regret = np.where(fixed | (count[rep] <= 1), np.inf, reduced[:, j] - least)
            unit = int(np.argmin(regret))
            if np.isfinite(regret[unit]):
                count[rep[unit]] -= 1
                rep[unit] = j
                count[j] += 1
        return rep

    def _score(self, rep):
        """Violation first, then the objective; smaller is better."""
        over, beyond = self.problem.excess(rep)
        scale = np.maximum(self.problem.load.mean(axis=0), 1e-300)
        wrong = float((np.abs(over) / scale).sum())
        amount = self.problem.amount.mean(axis=0)
        amount = np.where(amount > 0, amount, 1.0)
        wrong += float((beyond / amount).sum())
        travel, relation, earned = self.problem.parts(rep)
        self.money = abs(travel) + relation + earned
        return wrong, travel + relation - earned

    # ------------------------------------------------------------------ annealing
    def run(self, iterations, stop, clock=None, enough=0.0):
        """Anneal, improve, and come back within the bands.

        :param stop: asked after each chunk with the share done; a true answer ends the
            annealing, not what makes a plan of it.
        :param clock: returns the share of the time that is used up, so that the heat falls
            with it; None for no limit.
        :param enough: gap at which there is nothing left worth trying.
        """
        free = np.flatnonzero(~self._fixed())
        if not len(free) or self.problem.reps < 2:
            return
        if iterations is None:
            iterations = int(np.clip(_TRIES * len(free), _LEAST_TRIES, _MOST_TRIES))
        clock = clock or (lambda: 0.0)
        penalty = Penalty(self.problem, self.bound)
        chunks = max(_CHUNKS, -(-iterations // _MOST_AT_ONCE))
        chunk = max(iterations // chunks, 1)
        data = self._inner(), self._state(), self._links(), self.near, free
        first = _FIRST_HEAT * self.bound.money
        stamp = 1

        def anneal(heats):
            nonlocal stamp
            prices = penalty.prices(first)
            rest = prices, _MIX, chunk, np.asarray(heats, float), stamp, self.rng
            stamp, made = kernel.anneal(*data, *rest)
            self.made += made
            self._resum(data[1])
            self._keep(data[1][0])
            penalty.adapt(data[1][0])

        for turn in range(chunks):
            share = max(turn / chunks, clock())
            if share >= 1.0 or self.gap <= enough or stop(share):
                break
            penalty.firm(_FIRMEST ** (4.0 * share - 3.0))
            anneal(first * 10.0 ** (-_DECADES * (share + np.array([0.0, 1 / chunks]))))
        for _turn in range(0 if self.gap <= enough else 2):
            anneal([0.0, 0.0])
        for turn in range(_MORE_CHUNKS):
            if self.score[0] <= 0 or self.hopeless or clock() > _OVERTIME:
                break
            penalty.firm(_FIRMEST)
            warm = (np.array([0.0, 1.0]) + turn % _REPAIR) / _REPAIR
            anneal(first * _WARM * 0.1**warm)

    def _keep(self, rep):
        money, score = self.money, self._score(rep)
        if score >= self.score:
            self.money = money
        else:
            self.score, self.best = score, rep.copy()

    # -------------------------------------------------------------- kernel's data
    def _inner(self):
        problem = self.problem
        if problem.costa:
            s, worth, power = problem.costa
        else:
            s, worth, power = np.empty((0, problem.reps)), np.zeros(problem.reps), 1.0
        return (
            problem.linear,
            s,
            worth,
            power,
            problem.load,
            problem.lower,
            problem.upper,
            problem.slack,
            problem.current,
            problem.amount,
            problem.cap,
        )

    def _state(self):
        problem, rep = self.problem, self.rep
        count = np.bincount(rep, minlength=problem.reps)
        order = np.argsort(rep, kind="stable")
        member = np.zeros((problem.reps, problem.units), np.int32)
        place = np.zeros(problem.units, np.int64)
        place[order] = np.arange(problem.units) - np.repeat(
            np.cumsum(count) - count, count
        )
        member[rep, place] = np.arange(problem.units)
        state = (
            rep,
            np.zeros((problem.reps, problem.load.shape[1])),
            np.zeros(problem.reps),
            np.zeros(2),
            member,
            place,
            count,
            np.zeros(problem.units, np.int64),
            np.zeros(problem.units, np.int64),
        )
        self._resum(state)
        return state

    def _resum(self, state):
        """Sums anew, so that rounding does not add up."""
        problem, rep = self.problem, state[0]
        state[1][:] = problem.totals(rep)
        if problem.costa:
            taken = problem.costa[0][np.arange(problem.units), rep]
            state[2][:] = np.bincount(rep, weights=taken, minlength=problem.reps)
        state[3][:] = problem.amount[problem.moved(rep)].sum(axis=0)

    def _links(self):
        if self.graph is None:
            none = np.zeros(1, np.int64)
            return none, none, self.loose
        return self.graph.start, self.graph.indices, self.loose


def _nearest(reduced):
    """The cheapest reps of each unit at the prices, ``(n, c)``, −1 for none."""
    choices = min(_NEAR, reduced.shape[1])
    near = np.argpartition(reduced, choices - 1, axis=1)[:, :choices]
    near = np.sort(near, axis=1)
    good = np.isfinite(np.take_along_axis(reduced, near, axis=1))
    return np.where(good, near, -1).astype(np.int64)
