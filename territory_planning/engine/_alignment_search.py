"""From the prices of the bound to an alignment: argmin, repair, annealing.

Bands and caps are priced a little above what they are worth and checked exactly: the
price of a violation rises while there is one and falls while there is none, so that the
search walks along the edge of what is allowed (strategic oscillation; Glover & Hao 2011,
Journal of Heuristics 17, 163–173). Only plans within every band are kept, as long as there
are any.
"""

import numpy as np

from . import _alignment_contiguity as contiguity
from . import _alignment_kernel as kernel

#: changes tried per unit, and beyond the first thousands of units fewer
_TRIES = 1500
_LEAST_TRIES = 400_000
_MOST_TRIES = 6_000_000
_CHUNKS = 60
#: first heat as a share of what tells a unit's two cheapest reps apart
_FIRST_HEAT = 0.1
#: candidates of a unit that are tried without a neighbour there
_NEAR = 8


class Search:
    """The best alignment so far, from prices and a start."""

    def __init__(self, problem, bound, seed, start=None):
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
        return wrong, travel + relation - earned

    # ------------------------------------------------------------------ annealing
    def run(self, iterations, stop):
        """Anneal; ``stop(share)`` is asked after each chunk, a true answer ends it."""
        free = np.flatnonzero(~self._fixed())
        if not len(free) or self.problem.reps < 2:
            return
        if iterations is None:
            iterations = int(np.clip(_TRIES * len(free), _LEAST_TRIES, _MOST_TRIES))
        inner = self._inner()
        state = self._state()
        heat = _FIRST_HEAT * self.bound.money
        penalty = self._first_penalty(heat)
        graph = self._links()
        stamp = 1
        chunk = max(iterations // _CHUNKS, 1)
        for turn in range(_CHUNKS):
            share = turn / _CHUNKS
            heats = np.array(
                [self._cool(heat, share), self._cool(heat, share + 1 / 60)]
            )
            if turn >= _CHUNKS - 2:
                heats = np.zeros(2)
            stamp, made = kernel.anneal(
                inner,
                state,
                graph,
                self.near,
                free,
                penalty,
                chunk,
                heats,
                stamp,
                self.rng,
            )
            self.made += made
            self._resum(state)
            wrong = self._keep(state[0])
            penalty = self._adapt(penalty, state[0], wrong)
            if stop(share + 1 / _CHUNKS):
                break

    @staticmethod
    def _cool(heat, share):
        return heat * 10.0 ** (-2.5 * share)

    def _first_penalty(self, heat):
        mean = np.maximum(self.problem.load.mean(axis=0), 1e-300)
        most = 100 * self.bound.money / mean
        spread = np.minimum(np.ptp(self.bound.of_load, axis=0), most)
        amount = self.problem.amount.mean(axis=0)
        amount = np.where(amount > 0, amount, 1.0)
        of_cap = np.minimum(2 * self.bound.of_move, 100 * self.bound.money / amount)
        return spread + 10 * heat / mean, of_cap + 10 * heat / amount

    def _adapt(self, penalty, rep, wrong):
        over, beyond = self.problem.excess(rep)
        of_band, of_cap = penalty
        of_band = np.where(np.abs(over).any(axis=0), of_band * 1.3, of_band * 0.93)
        return of_band, np.where(beyond > 0, of_cap * 1.3, of_cap * 0.93)

    def _keep(self, rep):
        score = self._score(rep)
        if score < self.score:
            self.score, self.best = score, rep.copy()
        return score[0]

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
