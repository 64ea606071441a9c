"""S-shaped and judged curves: from the envelope's optimum to a real plan.

The relaxation leaves at most one account per group inside a straight piece of its
envelope, where the curve lies below. Settling it at either end of the piece, with the
others on the concave part they stand on, gives two plans; branch and bound on such
accounts then closes the gap of small groups (spatial branching, Falk, J. E. and
Soland, R. M. 1969, Management Science 15 (9), 550–569). All nodes of a round are solved
in one vectorised relaxation, each as a group.
"""

from dataclasses import dataclass, replace

import numpy as np

from ._problem import AllocationProblem
from ._relaxation import Relaxation

#: a group is left alone at this share of all profit
CLOSE = 1e-10
#: settling is repeated where it breaks another account
_ROUNDS = 4
#: groups larger than this are left with their gap
_LARGEST = 400
#: accounts × nodes that may be solved in all, and in one round
_WORK, _ROUND = 400_000, 16_384


@dataclass(eq=False)
class Plan:
    """A plan under improvement: ``effort (n,)``, the rest over groups.

    ``price``: what an hour brings at the plan; ``dual``: the price of the bound.
    """

    effort: np.ndarray
    price: np.ndarray
    profit: np.ndarray
    bound: np.ndarray
    dual: np.ndarray
    steps: int

    def improve(self, problem, relaxed):
        """Take over the groups in which ``relaxed`` earns more."""
        better = relaxed.value > self.profit
        if not better.any():
            return
        self.effort = np.where(problem.of(better), relaxed.effort, self.effort)
        self.price = np.where(better, relaxed.price, self.price)
        self.profit = np.where(better, relaxed.value, self.profit)


def solve(problem, price=None):
    """Return the best plan found and its bound.

    :param price: ``(g,)`` where the search for prices begins, None for anywhere.
    :rtype: Plan
    """
    guess = None
    if price is not None:
        with np.errstate(divide="ignore"):
            guess = np.log(price)
    relaxation = Relaxation(problem, guess)
    relaxed = relaxation.solve()
    plan = Plan(
        relaxed.effort,
        relaxed.price,
        relaxed.value,
        relaxed.bound,
        relaxed.price,
        relaxed.steps,
    )
    if relaxed.broken.size:
        for upwards in (False, True):
            _settle(problem, relaxation, relaxed, plan, upwards)
        _branch(problem, plan)
        _polish(problem, plan)
    plan.bound = np.maximum(plan.bound, plan.profit)
    return plan


def _settle(problem, relaxation, relaxed, plan, upwards):
    """Put broken accounts at an end of their piece until none is broken."""
    with np.errstate(divide="ignore"):
        guess = np.log(plan.dual)
    lower, upper = problem.lower, problem.upper
    knees = _knees(relaxation)
    for _round in range(_ROUNDS):
        lower, upper = _standing(relaxed, lower, upper, knees)
        goal = relaxed.start
        if upwards:
            goal = np.minimum(relaxed.end, np.maximum(relaxed.middle, relaxed.start))
            goal = np.where(np.isinf(knees[relaxed.broken]), relaxed.end, goal)
            time = problem.time
            needed = problem.total(time * lower)
            extra = np.zeros(problem.budget.size)
            owner = _owner(problem, relaxed.broken)
            rise = (goal - lower[relaxed.broken]) * time[relaxed.broken]
            np.add.at(extra, owner, rise)
            fits = (needed + extra <= problem.budget)[owner]
            goal = np.where(fits, goal, relaxed.start)
        broken = relaxed.broken
        kept = goal > relaxed.start
        lower[broken] = np.where(kept, goal, lower[broken])
        upper[broken] = np.where(kept, upper[broken], np.maximum(goal, lower[broken]))
        part = replace(problem, lower=lower, upper=upper)
        relaxed = Relaxation(part, guess).solve()
        plan.steps += relaxed.steps
        plan.improve(problem, relaxed)
        upwards = False
        if not relaxed.broken.size:
            return


def _owner(problem, index):
    if problem.group is None:
        return np.zeros(index.size, int)
    return problem.group[index]


def _knees(relaxation):
    """From where each curve is concave, ``(n,)``; infinite for straight pieces."""
    result = np.zeros(relaxation.size)
    for block in relaxation.blocks:
        knee = block.knees()
        if knee is not None:
            result[block.where] = knee
    return result


def _standing(relaxed, lower, upper, knees):
    """Bounds that keep every smooth account on the part it stands on.

    Broken accounts keep theirs, and so do curves of straight pieces.
    """
    bent = (knees > lower) & np.isfinite(knees)
    bent[relaxed.broken] = False
    up = bent & (relaxed.effort >= knees)
    upper = np.where(bent & ~up, np.maximum(relaxed.effort, lower), upper)
    return np.where(up, np.minimum(knees, upper), lower), upper


def _polish(problem, plan):
    """Solve again with every account kept on the concave part it stands on."""
    knees = _knees(Relaxation(problem))
    free = (plan.effort >= knees) & (plan.effort > problem.lower)
    free |= knees <= problem.lower
    lower = np.where(free, np.maximum(problem.lower, knees), plan.effort)
    upper = np.where(free, problem.upper, plan.effort)
    part = replace(problem, lower=lower, upper=np.maximum(upper, lower))
    relaxed = Relaxation(part).solve()
    plan.steps += relaxed.steps
    fine = relaxed.value >= plan.profit * (1 - 1e-13)
    # without a free account the price found before stands
    priced = fine & (problem.total(free * 1.0) > 0)
    plan.effort = np.where(problem.of(fine), relaxed.effort, plan.effort)
    plan.price = np.where(priced, relaxed.price, plan.price)
    plan.profit = np.where(fine, relaxed.value, plan.profit)


def _branch(problem, plan):
    """Branch and bound of all small groups with a gap."""
    size = problem.total(np.ones(len(problem.curves)))
    gap = plan.bound - plan.profit
    worth = CLOSE * np.abs(plan.bound).sum()
    work = _WORK
    for group in np.argsort(-gap, kind="stable"):
        close = max(CLOSE * abs(plan.bound[group]), worth / problem.budget.size)
        if gap[group] <= close or size[group] > _LARGEST or work <= 0:
            continue
        tree = _Tree(problem, group, plan, close)
        while tree.nodes and work > 0:
            work -= tree.round()
        plan.bound[group] = max(tree.bound(), plan.profit[group])
        plan.steps += tree.steps


class _Tree:
    """Branch and bound of one group. A node is ``(bound, lower, upper)``."""

    def __init__(self, problem, group, plan, close):
        self.members = problem.members(group)
        self.group, self.plan, self.close = group, plan, close
        self.curves = problem.curves.take(self.members)
        self.margin = problem.margin[self.members]
        self.time = problem.time[self.members]
        self.budget = problem.budget[group]
        low = problem.lower[self.members]
        self.nodes = [(plan.bound[group], low, problem.affordable()[self.members])]
        self.settled, self.steps = -np.inf, 0

    def bound(self):
        """No plan of the group earns more."""
        return max([self.settled, *(node[0] for node in self.nodes)])

    def round(self):
        """Solve the most promising nodes; return accounts × nodes solved."""
        count = max(1, min(64, _ROUND // self.members.size))
        self.nodes.sort(key=lambda node: -node[0])
        taken, self.nodes = self.nodes[:count], self.nodes[count:]
        low = np.array([node[1] for node in taken])
        high = np.array([node[2] for node in taken])
        relaxed = Relaxation(self._problem(low, high)).solve()
        self.steps += relaxed.steps
        self._improve(relaxed, low.shape)
        bounds = np.minimum(relaxed.bound, [node[0] for node in taken])
        first = np.full(len(taken), -1)
        node = relaxed.broken // self.members.size
        first[node[::-1]] = np.arange(node.size)[::-1]
        for index, bound in enumerate(bounds):
            place = first[index]
            if place < 0 or not self._open(bound):
                self.settled = max(self.settled, bound)
                continue
            who = relaxed.broken[place] % self.members.size
            self._split(bound, low[index], high[index], who, relaxed.middle[place])
        kept = [node for node in self.nodes if self._open(node[0])]
        for node in self.nodes:
            if not self._open(node[0]):
                self.settled = max(self.settled, node[0])
        self.nodes = kept
        return low.size

    def _open(self, bound):
        return bound - self.plan.profit[self.group] > self.close

    def _problem(self, low, high):
        count, size = low.shape
        index = np.tile(np.arange(size), count)
        return AllocationProblem(
            self.curves.take(index),
            self.margin[index],
            self.time[index],
            low.ravel(),
            high.ravel(),
            np.full(count, self.budget),
            np.repeat(np.arange(count), size) if count > 1 else None,
        )

    def _improve(self, relaxed, shape):
        best = int(np.argmax(relaxed.value))
        plan, group = self.plan, self.group
        if relaxed.value[best] > plan.profit[group]:
            plan.effort[self.members] = relaxed.effort.reshape(shape)[best]
            plan.price[group] = relaxed.price[best]
            plan.profit[group] = relaxed.value[best]

    def _split(self, bound, low, high, who, point):
        below, above = high.copy(), low.copy()
        below[who] = above[who] = point
        self.nodes.append((bound, low, below))
        if (self.time * above).sum() <= self.budget:
            self.nodes.append((bound, above, high))
