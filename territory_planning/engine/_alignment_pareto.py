"""What more, or less, disruption would bring."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, eq=False)
class Pareto:
    """Alignments for rising weights of disruption: ``(w,)`` each.

    ``weight``; ``cost``: travel less profit, money per period, without handovers;
    ``gain``: what that saves against today, not a number if somebody has no rep today;
    ``moved``: units, ``moved_load``, ``moved_revenue``: that change hands; ``best``:
    whether no other one costs less and moves less. ``alignments``: themselves.
    """

    weight: np.ndarray
    cost: np.ndarray
    gain: np.ndarray
    moved: np.ndarray
    moved_load: np.ndarray
    moved_revenue: np.ndarray
    best: np.ndarray
    alignments: tuple


def frontier(solve, problem, weights):
    """Return the :class:`Pareto`; ``solve(problem, start)`` gives an alignment.

    The dearest handovers come first, and each answer is the start of the next.
    """
    weights = np.unique(np.asarray(weights, dtype=float))
    if not len(weights) or not np.isfinite(weights).all() or weights[0] < 0:
        raise ValueError(f"weights must be zero or more and finite, got {weights}")
    start = problem.current if (problem.current >= 0).all() else None
    found = []
    for weight in weights[::-1]:
        found.append(solve(replace(problem, disruption=weight), start))
        start = found[-1].rep
    found = _settle(problem, weights, found[::-1])
    return _describe(problem, weights, found)


def _settle(problem, weights, found):
    """Each weight gets the best for it of all that were found."""
    parts = np.array([_parts(problem, one.rep) for one in found])
    settled = []
    for number, one in enumerate(found):
        score = parts[:, 0] + weights[number] * parts[:, 1]
        score[[not other.feasible for other in found]] = np.inf
        best = int(np.argmin(score))
        # a hair better is rounding, not a better plan
        if score[best] < score[number] - 1e-12 * abs(score[number]):
            other = found[best]
            travel, relation, earned = one.problem.parts(other.rep)
            one = replace(
                one,
                rep=other.rep,
                travel=travel,
                relation=relation,
                profit=earned,
                disconnected=other.disconnected,
                clashes=(),
            )
        settled.append(one)
    return settled


def _parts(problem, rep):
    """Cost without handovers, and what handovers cost at weight 1."""
    travel, _relation, earned = problem.parts(rep)
    return travel - earned, float(problem.handover_cost[problem.moved(rep)].sum())


def _describe(problem, weights, found):
    parts = np.array([_parts(problem, one.rep) for one in found])
    cost = parts[:, 0]
    today = np.nan
    rows = np.arange(problem.units)
    if (problem.current >= 0).all():
        if np.isfinite(problem.cost[rows, problem.current]).all():
            today = _parts(problem, problem.current)[0]
    moved = np.array([len(one.moved) for one in found])
    disruption = parts[:, 1] if problem.handover_cost.any() else moved
    feasible = np.array([one.feasible for one in found])
    cheaper = (cost[:, None] <= cost) & (disruption[:, None] <= disruption)
    cheaper &= (cost[:, None] < cost) | (disruption[:, None] < disruption)
    revenue = np.zeros(problem.units) if problem.revenue is None else problem.revenue
    return Pareto(
        weight=weights,
        cost=cost,
        gain=today - cost,
        moved=moved,
        moved_load=np.array([problem.load[one.moved].sum(axis=0) for one in found]),
        moved_revenue=np.array([revenue[one.moved].sum() for one in found]),
        best=feasible & ~(cheaper & feasible[:, None]).any(axis=0),
        alignments=tuple(found),
    )
