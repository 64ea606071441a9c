"""Whole visits: a multiple-choice knapsack per budget.

Each account chooses one number of visits. The Lagrangian bound is the relaxation of
the curves through whole numbers; what is left between bound and plan is closed by
dynamic programming over the few choices whose reduced cost is below the gap.

Sources: Sinha, P. and Zoltners, A. A. (1979), The multiple-choice knapsack problem,
Operations Research 27 (3), 503–515; Pisinger, D. (1995), A minimal algorithm for the
multiple-choice knapsack problem, European Journal of Operational Research 83 (2),
394–410.
"""

from dataclasses import replace

import numpy as np

from . import _check
from ._branching import Plan
from ._branching import solve as solve_continuous
from ._relaxation import Relaxation
from .curves import Tabulated

#: accounts × choices that are tabulated; beyond it visits are rounded
_CELLS = 6_000_000
#: plans kept per stage of the dynamic programme
_STATES = 20_000
#: accounts whose choices are looked at first
_CORES = (10, 20, 40)
_ROUNDING = 1e-9


def ceiling(name, values):
    """Round lower bounds up to whole visits."""
    return np.ceil(_check.vector(name, values) - _ROUNDING)


def floor(name, values):
    """Round upper bounds down to whole visits."""
    return np.floor(_check.vector(name, values) + _ROUNDING)


def solve(problem):
    """Return the best plan in whole visits found, and its bound.

    :rtype: odoo.addons.territory_planning.engine._branching.Plan
    """
    size = len(problem.curves)
    worth = problem.margin > 0
    upper = np.floor(problem.affordable() * (1 + 1e-12) + _ROUNDING)
    judged = _has_judged(problem.curves)
    if not judged:
        upper = np.where(worth, upper, problem.lower)
    problem = replace(problem, upper=np.maximum(upper, problem.lower))
    most = int(problem.upper.max(initial=0.0)) + 1 if size else 1
    if size * most > _CELLS:
        return _round(problem)
    return _exact(problem, most)


def _has_judged(curves):
    parts = getattr(curves, "parts", [curves])
    return any(isinstance(part, Tabulated) for part in parts)


def _exact(problem, most):
    size = len(problem.curves)
    visits = np.arange(most)
    sales = problem.curves._sales(
        np.broadcast_to(visits[:, None].astype(float), (most, size))
    ).T
    worth = problem.margin[:, None] * sales
    table = replace(problem, curves=Tabulated(visits, sales))
    relaxed = Relaxation(table).solve()
    start = relaxed.effort.copy()
    start[relaxed.broken] = relaxed.start
    effort = np.floor(start + _ROUNDING).astype(int)
    bound = relaxed.bound.copy()
    for group in range(problem.budget.size):
        members = problem.members(group)
        if members.size:
            knapsack = _Knapsack(problem, worth, members, group)
            effort[members], bound[group] = knapsack.solve(
                effort[members], relaxed.price[group], relaxed.bound[group]
            )
    profit = problem.total(worth[np.arange(size), effort])
    bound = np.maximum(bound, profit)
    price = relaxed.price
    return Plan(effort.astype(float), price, profit, bound, price, relaxed.steps)


class _Knapsack:
    """The choices of one group: ``worth (m, k)`` money, ``hours (m, k)``."""

    def __init__(self, problem, worth, members, group):
        visits = np.arange(worth.shape[1])
        time = problem.time[members][:, None]
        self.worth = worth[members]
        self.hours = time * visits
        low = problem.lower[members][:, None]
        high = problem.upper[members][:, None]
        self.allowed = (visits >= low) & (visits <= high)
        self.budget = problem.budget[group] * (1 + 1e-12)
        self.row = np.arange(members.size)

    def solve(self, effort, price, bound):
        """Return visits ``(m,)`` and a bound on what any choice earns."""
        if np.isinf(self.budget):
            best = np.where(self.allowed, self.worth, -np.inf).argmax(axis=1)
            return best, self.worth[self.row, best].sum()
        effort = self._fill(effort)
        profit = self.worth[self.row, effort].sum()
        gap = bound - profit
        if gap <= 1e-12 * max(abs(bound), 1e-300) or not np.isfinite(price):
            return effort, max(profit, bound if np.isfinite(price) else profit)
        reduced = np.where(self.allowed, self.worth - price * self.hours, -np.inf)
        loss = reduced.max(axis=1, keepdims=True) - reduced
        # a small core of close choices first: a better plan leaves fewer to look at
        for core in (*_CORES, self.row.size):
            limit = gap * (1 + 1e-9)
            better, exact = self._dynamic(self._core(loss, core), limit, profit)
            if better is not None:
                effort = better
                profit = self.worth[self.row, effort].sum()
                gap = bound - profit
            if core >= self.row.size or gap <= 1e-12 * abs(bound):
                break
        return effort, profit if exact and core >= self.row.size else bound

    def _core(self, loss, size):
        """Losses with all but the ``size`` accounts of closest choices settled."""
        if size >= self.row.size:
            return loss
        best = np.argmin(loss, axis=1)
        others = loss.copy()
        others[self.row, best] = np.inf
        near = np.argsort(others.min(axis=1), kind="stable")[:size]
        kept = np.full_like(loss, np.inf)
        kept[self.row, best] = 0.0
        kept[near] = loss[near]
        return kept

    def _fill(self, effort):
        """Spend the hours left on the best affordable change, again and again."""
        effort = effort.copy()
        rest = self.budget - self.hours[self.row, effort].sum()
        while True:
            gain = self.worth - self.worth[self.row, effort][:, None]
            more = self.hours - self.hours[self.row, effort][:, None]
            fits = self.allowed & (more <= rest) & (gain > 0)
            if not fits.any():
                return effort
            # cheaper and better at once comes first
            rate = np.where(fits, gain / np.maximum(more, 1e-9), -np.inf)
            who, visits = np.unravel_index(int(np.argmax(rate)), rate.shape)
            rest -= more[who, visits]
            effort[who] = visits

    def _dynamic(self, loss, gap, profit):
        """Search plans whose losses stay within ``gap``.

        :returns: visits of a plan better than ``profit`` or None, and whether the
            search was complete.
        """
        keep = loss <= gap
        base = np.argmin(loss, axis=1)
        open_ = np.flatnonzero(keep.sum(axis=1) > 1)
        spread = np.where(keep[open_], loss[open_], 0.0).max(axis=1, initial=0.0)
        open_ = open_[np.argsort(-spread, kind="stable")]
        fixed = np.ones(self.row.size, bool)
        fixed[open_] = False
        hours = np.array([self.hours[self.row, base][fixed].sum()])
        worth = np.array([self.worth[self.row, base][fixed].sum()])
        lost = np.zeros(1)
        least = np.where(keep[open_], self.hours[open_], np.inf).min(axis=1)
        later = np.append(np.cumsum(least[::-1])[::-1][1:], 0.0)
        trail, exact = [], True
        for index, who in enumerate(open_):
            choices = np.flatnonzero(keep[who])
            all_hours = (hours[:, None] + self.hours[who, choices]).ravel()
            all_worth = (worth[:, None] + self.worth[who, choices]).ravel()
            all_lost = (lost[:, None] + loss[who, choices]).ravel()
            fits = (all_hours + later[index] <= self.budget) & (all_lost <= gap)
            where = np.flatnonzero(fits)
            order = np.lexsort((-all_worth[where], all_hours[where]))
            where = where[order]
            best = np.maximum.accumulate(all_worth[where])
            fresh = np.ones(where.size, bool)
            fresh[1:] = all_worth[where[1:]] > best[:-1]
            where = where[fresh]
            if where.size > _STATES:
                exact = False
                where = where[np.argsort(all_lost[where], kind="stable")[:_STATES]]
            trail.append((where // choices.size, choices[where % choices.size]))
            hours, worth, lost = all_hours[where], all_worth[where], all_lost[where]
        if not worth.size or worth.max() <= profit:
            return None, exact
        effort, state = base.copy(), int(np.argmax(worth))
        for who, (parent, choice) in zip(open_[::-1], trail[::-1], strict=True):
            effort[who] = choice[state]
            state = parent[state]
        return effort, exact


def _round(problem):
    """Round the continuous optimum down and spend the rest greedily."""
    plan = solve_continuous(problem)
    effort = np.maximum(np.floor(plan.effort + _ROUNDING), problem.lower)
    effort = np.minimum(effort, problem.upper)
    rest = problem.budget * (1 + 1e-12) - problem.total(problem.time * effort)
    owner = problem.group
    if owner is None:
        owner = np.zeros(len(problem.curves), int)
    for _round_number in range(8):
        gain = problem.curves._sales(effort + 1) - problem.curves._sales(effort)
        gain *= problem.margin / problem.time
        fits = (effort < problem.upper) & (gain > 0)
        who = np.flatnonzero(fits & (problem.time <= rest[owner]))
        if not who.size:
            break
        who = who[np.lexsort((-gain[who], owner[who]))]
        spent = np.cumsum(problem.time[who])
        first = np.flatnonzero(np.diff(owner[who], prepend=-1))
        counts = np.diff(np.append(first, who.size))
        spent -= np.repeat(spent[first] - problem.time[who[first]], counts)
        who = who[spent <= rest[owner[who]]]
        effort[who] += 1
        rest = problem.budget * (1 + 1e-12) - problem.total(problem.time * effort)
    profit = problem.total(problem.margin * problem.curves._sales(effort))
    bound = np.maximum(plan.bound, profit)
    return Plan(effort, plan.price, profit, bound, plan.dual, plan.steps + 16)
