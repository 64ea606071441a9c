"""An alignment, its certificate, its reasons, and what an override by hand costs."""

from dataclasses import dataclass

import numpy as np

from ._alignment_clashes import Clash, violations
from ._alignment_problem import Problem


@dataclass(frozen=True, eq=False)
class Reasons:
    """Why units change hands: arrays over the moved units, money per period.

    ``unit``; ``origin``: today's rep; ``target``: the new one. The parts add up to
    ``total``, what the move is worth: ``travel`` saved; ``profit`` gained by the two
    territories; ``relation``: minus what the handover costs; ``balance``: what it brings
    the bands, the load at the difference of the two reps' prices. A total below zero is a
    move that only being in one piece or whole units explain.
    """

    unit: np.ndarray
    origin: np.ndarray
    target: np.ndarray
    travel: np.ndarray
    profit: np.ndarray
    relation: np.ndarray
    balance: np.ndarray

    @property
    def total(self):
        """Sum of the parts, ``(p,)``."""
        return self.travel + self.profit + self.relation + self.balance

    def __len__(self):
        return len(self.unit)


@dataclass(frozen=True, eq=False)
class Override:
    """What it costs to give units to a rep by hand, money per period.

    ``price`` = ``travel`` + ``profit`` + ``relation``: what each part of the objective
    grows by; below zero the change saves money, and something else stands against it.
    ``clashes``: what the plan then violates and did not before. ``allowed``: whether no
    pair is forbidden and no unit locked.
    """

    travel: float
    profit: float
    relation: float
    allowed: bool
    clashes: tuple[Clash, ...]

    @property
    def price(self):
        """Growth of the objective, money per period."""
        return self.travel + self.profit + self.relation

    def __float__(self):
        return self.price


@dataclass(frozen=True, eq=False)
class Alignment:
    """Who looks after whom, and how far from the best that can be at most.

    ``rep (n,)``; ``objective``, minimised, is ``travel`` + ``relation`` − ``profit``;
    ``bound``: no alignment has a smaller one; with ``contiguous`` the bound knows nothing
    of it and holds all the same. ``load (k, m)``, or ``(k,)`` for one measure.
    ``disconnected``: indices of units not joined to their territory. ``clashes``: what could not be
    kept; ``feasible`` without any. ``prices (k, m)``: what one more unit of load in a
    rep's band would be worth, money. ``made``: changes made by the search;
    ``stopped``: ended before it was done.
    """

    problem: Problem
    rep: np.ndarray
    travel: float
    relation: float
    profit: float
    bound: float
    prices: np.ndarray
    disconnected: np.ndarray
    clashes: tuple[Clash, ...]
    made: int = 0
    stopped: bool = False

    @property
    def objective(self):
        """What is minimised, money per period."""
        return self.travel + self.relation - self.profit

    @property
    def gap(self):
        """(objective − bound) as a share of all the money in the objective, ≥ 0.

        Not a number where the plan is not feasible: there is nothing to be close to.
        """
        if not self.feasible:
            return float("nan")
        money = abs(self.travel) + self.relation + self.profit
        missing = self.objective - self.bound
        return missing / money if missing > 0 and money > 0 else 0.0

    @property
    def feasible(self):
        """Whether every band, lock, pair and cap is kept."""
        return not self.clashes

    @property
    def load(self):
        """Load of each rep, ``(k,)`` for one measure, else ``(k, m)``."""
        totals = self.problem.totals(self.rep)
        return totals[:, 0] if totals.shape[1] == 1 else totals

    @property
    def moved(self):
        """Indices of the units that change hands."""
        return np.flatnonzero(self.problem.moved(self.rep))

    @property
    def reasons(self):
        """The :class:`Reasons` of the moved units."""
        problem, unit = self.problem, self.moved
        origin, target = problem.current[unit], self.rep[unit]
        cost = problem.travel_weight * np.where(
            np.isfinite(problem.cost[unit, origin]), problem.cost[unit, origin], np.nan
        )
        travel = cost - problem.travel_weight * problem.cost[unit, target]
        shadow = self.prices[origin] - self.prices[target]
        return Reasons(
            unit=unit,
            origin=origin,
            target=target,
            travel=np.nan_to_num(travel),
            profit=self._profit_of(unit, origin, target),
            relation=-problem.relation[unit],
            balance=(shadow * problem.load[unit]).sum(axis=1),
        )

    def _pull(self):
        s = self.problem.costa[0]
        taken = s[np.arange(len(self.rep)), self.rep]
        return np.bincount(self.rep, weights=taken, minlength=self.problem.reps)

    def _profit_of(self, unit, origin, target):
        """What two territories would lose if each unit alone went back."""
        if not self.problem.costa:
            return np.zeros(len(unit))
        s, worth, power = self.problem.costa
        pull = self._pull()
        back = pull[origin] + s[unit, origin]
        without = np.maximum(pull[target] - s[unit, target], 0.0)
        return worth[target] * (pull[target] ** power - without**power) - worth[
            origin
        ] * (back**power - pull[origin] ** power)

    def price_of(self, unit, rep):
        """Return the :class:`Override` of giving a unit, or units, to a rep by hand.

        :param unit: index, or indices ``(u,)``; ``rep``: index.
        :raises ValueError: naming a unit or rep that there is not.
        """
        problem = self.problem
        units = np.unique(np.atleast_1d(np.asarray(unit)))
        good = (units >= 0) & (units < problem.units) & (units == np.floor(units))
        if not good.all():
            bad = units[np.argmin(good)]
            raise ValueError(f"unit must be from 0 to {problem.units - 1}, got {bad}")
        if not 0 <= rep < problem.reps or rep != int(rep):
            raise ValueError(f"rep must be from 0 to {problem.reps - 1}, got {rep}")
        units, rep = units.astype(int), int(rep)
        units = units[self.rep[units] != rep]
        after = self.rep.copy()
        after[units] = rep
        before = self.rep[units]
        travel = problem.travel_weight * (
            problem.cost[units, rep] - problem.cost[units, before]
        )
        relation = problem.relation[units] * (
            problem.moved(after)[units].astype(float) - problem.moved(self.rep)[units]
        )
        return Override(
            travel=float(travel.sum()),
            profit=self._loss(units, rep),
            relation=float(relation.sum()),
            allowed=bool(problem.allowed[units, rep].all()),
            clashes=self._new_clashes(after),
        )

    def _loss(self, units, rep):
        """Profit lost by all territories if the units go to a rep."""
        if not self.problem.costa:
            return 0.0
        s, worth, power = self.problem.costa
        pull = self._pull()
        then = pull.copy()
        np.subtract.at(then, self.rep[units], s[units, self.rep[units]])
        then[rep] += s[units, rep].sum()
        return float((worth * (pull**power - np.maximum(then, 0.0) ** power)).sum())

    def _new_clashes(self, after):
        old = {clash.key: clash.amount for clash in violations(self.problem, self.rep)}
        fresh = violations(self.problem, after)
        return tuple(
            clash
            for clash in fresh
            if clash.amount > old.get(clash.key, 0.0) * (1 + 1e-9)
        )


def describe(problem, search, bound, clashes, stopped):
    """Return the :class:`Alignment` that a search has found."""
    rep = search.best
    travel, relation, earned = problem.parts(rep)
    apart = np.empty(0, int)
    if search.graph is not None:
        apart = np.flatnonzero(~search.graph.main(rep, np.ones(problem.units)))
    return Alignment(
        problem=problem,
        rep=rep,
        travel=travel,
        relation=relation,
        profit=earned,
        bound=bound.value,
        prices=bound.of_load,
        disconnected=apart,
        clashes=clashes,
        made=search.made,
        stopped=stopped,
    )
