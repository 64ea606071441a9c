"""S-shaped and judged curves: from the envelope's optimum to a real plan.

The relaxation leaves at most one account per group inside a straight piece of its
envelope, where the curve lies below. Diving settles it at either end of the piece and
solves again; branch and bound on such accounts then closes the gap of small groups
(spatial branching, Falk and Soland 1969, Management Science 15 (9), 550–569).
All nodes of a round are solved in one vectorised relaxation, each as a group.
"""

from dataclasses import dataclass, replace

import numpy as np

from ._relaxation import Relaxation

#: stop branching at this gap
CLOSE = 1e-10
_DIVES = 6
#: groups larger than this are left with their gap
_LARGEST = 400
#: accounts × nodes that may be solved in all
_WORK = 400_000
#: accounts × nodes solved at once
_ROUND = 20_000


@dataclass(eq=False)
class Plan:
    """A plan under improvement: arrays over accounts, then over groups."""

    effort: np.ndarray
    price: np.ndarray
    profit: np.ndarray
    bound: np.ndarray
    dual: np.ndarray
    steps: int


def solve(problem):
    """Return the best plan found and its bound.

    :rtype: Plan
    """
    relaxation = Relaxation(problem)
    relaxed = relaxation.solve()
    profit = _profit(problem, relaxed.effort)
    plan = Plan(
        relaxed.effort,
        relaxed.price,
        profit,
        relaxed.bound,
        relaxed.price,
        relaxed.steps,
    )
    pieces = relaxation.window.segment(relaxed.effort)
    broken = pieces[0] < pieces[1]
    if broken.any():
        for upwards in (False, True):
            _dive(problem, plan, pieces, upwards)
        _branch(problem, plan)
        _polish(problem, plan)
    plan.bound = np.maximum(plan.bound, plan.profit)
    return plan


def _profit(problem, effort):
    return problem.total(problem.margin * problem.curves._sales(effort))


def _keep_better(problem, plan, effort, price):
    """Replace the plan of every group in which another one earns more."""
    profit = _profit(problem, effort)
    better = profit > plan.profit
    plan.effort = np.where(problem.of(better), effort, plan.effort)
    plan.price = np.where(better, price, plan.price)
    plan.profit = np.where(better, profit, plan.profit)


def _dive(problem, plan, pieces, upwards):
    """Settle broken accounts at an end of their piece until none is broken."""
    start, end, _middle = pieces
    for _round in range(_DIVES):
        broken = start < end
        if not broken.any():
            return
        lower, upper = problem.lower, problem.upper
        if upwards:
            lower = np.where(broken, end, lower)
            needed = problem.total(problem.time * lower)
            refuse = problem.of(needed > problem.budget)
            lower = np.where(broken & refuse, problem.lower, lower)
            upper = np.where(broken & refuse, start, upper)
        else:
            upper = np.where(broken, start, upper)
        problem = replace(problem, lower=lower, upper=upper)
        relaxation = Relaxation(problem)
        relaxed = relaxation.solve()
        plan.steps += relaxed.steps
        _keep_better(problem, plan, relaxed.effort, relaxed.price)
        start, end, _middle = relaxation.window.segment(relaxed.effort)
        upwards = False


def _polish(problem, plan):
    """Solve again with every account kept on the concave part it stands on."""
    relaxation = Relaxation(problem)
    knee = relaxation.window.knees()
    if knee is None:
        return
    free = (plan.effort >= knee) & (plan.effort > problem.lower)
    lower = np.where(free, np.maximum(problem.lower, knee), plan.effort)
    upper = np.where(free, problem.upper, plan.effort)
    fixed = replace(problem, lower=lower, upper=np.maximum(upper, lower))
    relaxed = Relaxation(fixed).solve()
    plan.steps += relaxed.steps
    profit = _profit(problem, relaxed.effort)
    fine = profit >= plan.profit * (1 - 1e-13)
    # without a free account the price of the envelope stands
    priced = fine & (problem.total(free * 1.0) > 0)
    plan.effort = np.where(problem.of(fine), relaxed.effort, plan.effort)
    plan.price = np.where(priced, relaxed.price, plan.price)
    plan.profit = np.where(fine, profit, plan.profit)


def _branch(problem, plan):
    """Branch and bound of all small groups with a gap, in rounds."""
    size = problem.total(np.ones(len(problem.curves)))
    work = _WORK
    for group in np.flatnonzero((size <= _LARGEST) & _open(plan.bound, plan.profit)):
        members = problem.members(np.arange(size.size) == group)
        tree = _Tree(problem, members, group, plan)
        while tree.nodes and work > 0:
            work -= tree.round()
        plan.bound[group] = max(tree.bound(), plan.profit[group])
        plan.steps += tree.steps


def _open(bound, profit):
    return bound - profit > CLOSE * np.abs(bound)


class _Tree:
    """Branch and bound of one group. A node is ``(bound, lower, upper)``."""

    def __init__(self, problem, members, group, plan):
        self.problem, self.members = problem, members
        self.group, self.plan = group, plan
        self.curves = problem.curves.take(members)
        root = (plan.bound[group], problem.lower[members], problem.upper[members])
        self.nodes, self.settled, self.steps = [root], -np.inf, 0

    def bound(self):
        return max([self.settled, *(node[0] for node in self.nodes)])

    def round(self):
        """Solve the most promising nodes; return accounts × nodes solved."""
        count = max(1, min(64, _ROUND // self.members.size))
        self.nodes.sort(key=lambda node: -node[0])
        taken, self.nodes = self.nodes[:count], self.nodes[count:]
        low = np.array([node[1] for node in taken])
        high = np.array([node[2] for node in taken])
        batch = self._problem(low, high)
        relaxation = Relaxation(batch)
        relaxed = relaxation.solve()
        self.steps += relaxed.steps
        self._improve(batch, relaxed)
        pieces = np.reshape(relaxation.window.segment(relaxed.effort), (3, *low.shape))
        bounds = np.minimum(relaxed.bound, [node[0] for node in taken])
        for index, bound in enumerate(bounds):
            self._split(bound, low[index], high[index], pieces[:, index])
        best = self.plan.profit[self.group]
        self.nodes = [node for node in self.nodes if _open(node[0], best)]
        return low.size

    def _problem(self, low, high):
        count, size = low.shape
        index = np.tile(np.arange(size), count)
        source = self.problem
        return replace(
            source,
            curves=self.curves.take(index),
            margin=source.margin[self.members][index],
            time=source.time[self.members][index],
            lower=low.ravel(),
            upper=high.ravel(),
            budget=np.full(count, source.budget[self.group]),
            group=np.repeat(np.arange(count), size) if count > 1 else None,
        )

    def _improve(self, batch, relaxed):
        profit = _profit(batch, relaxed.effort)
        best = int(np.argmax(profit))
        plan, group = self.plan, self.group
        if profit[best] > plan.profit[group]:
            effort = relaxed.effort.reshape(profit.size, -1)[best]
            plan.effort[self.members] = effort
            plan.price[group] = relaxed.price[best]
            plan.profit[group] = profit[best]

    def _split(self, bound, low, high, pieces):
        start, end, middle = pieces
        broken = np.flatnonzero(start < end)
        if not broken.size:
            # the relaxation is a plan: nothing below this node is better
            self.settled = max(self.settled, bound)
            return
        if not _open(bound, self.plan.profit[self.group]):
            self.settled = max(self.settled, bound)
            return
        needed = (self.problem.time[self.members] * low).sum()
        who = broken[0]
        point = middle[who]
        first, second = high.copy(), low.copy()
        first[who] = second[who] = point
        self.nodes.append((bound, low, first))
        needed += self.problem.time[self.members[who]] * (point - low[who])
        if needed <= self.problem.budget[self.group]:
            self.nodes.append((bound, second, high))
