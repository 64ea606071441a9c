"""Small alignments as a whole-number programme, for a bound without rounding.

The transportation bound splits units; with few of them that is far from any alignment.
Branch and bound of HiGHS (Huangfu & Hall 2018, Mathematical Programming Computation 10,
119–142) closes that; contiguity and profit are not in it. Its work is limited by nodes,
not by time, so that the answer is the same on every machine.
"""

from dataclasses import replace

import numpy as np
from scipy import optimize, sparse

#: most pairs of unit and rep, and most nodes
_MOST_ARCS = 600
_NODES = 3_000


def tighten(problem, bound, *, hopeless, seconds=None):
    """Return the :class:`._alignment_bound.Bound`, tighter where the problem is small.

    :param hopeless: it is known already that nothing keeps every constraint.
    :param seconds: most of them, None for any number.
    """
    unit, rep = np.nonzero(problem.allowed)
    if hopeless or problem.costa or len(unit) > _MOST_ARCS:
        return bound
    arcs = np.arange(len(unit))
    rows, low, high = [], [], []

    def constrain(matrix, lower, upper):
        rows.append(matrix)
        low.append(lower)
        high.append(upper)

    one = sparse.csr_array(
        (np.ones(len(arcs)), (unit, arcs)), (problem.units, len(arcs))
    )
    constrain(one, np.ones(problem.units), np.ones(problem.units))
    for m in range(problem.load.shape[1]):
        taken = sparse.csr_array(
            (problem.load[unit, m], (rep, arcs)), (problem.reps, len(arcs))
        )
        slack = problem.slack[m]
        constrain(taken, problem.lower[:, m] - slack, problem.upper[:, m] + slack)
    moved = rep != problem.current[unit]
    for cap, amount in zip(problem.cap, problem.amount.T, strict=True):
        if np.isfinite(cap):
            used = sparse.csr_array((moved * amount[unit])[None])
            constrain(used, [-np.inf], [cap])
    options = {"node_limit": _NODES, "mip_rel_gap": 1e-9}
    if seconds is not None:
        options["time_limit"] = max(seconds, 0.01)
    found = optimize.milp(
        problem.linear[unit, rep],
        integrality=np.ones(len(arcs)),
        bounds=optimize.Bounds(0, 1),
        constraints=optimize.LinearConstraint(
            sparse.vstack(rows), np.concatenate(low), np.concatenate(high)
        ),
        options=options,
    )
    value = found.mip_dual_bound
    if found.status == 2:  # no alignment at all
        return replace(bound, value=np.inf)
    if value is None or not np.isfinite(value) or value <= bound.value:
        return bound
    best = bound.best
    if found.x is not None:
        chosen = found.x > 0.5
        best = best.copy()
        best[unit[chosen]] = rep[chosen]
    # the bound of the branching is as exact as its arithmetic
    return replace(bound, value=value - 1e-9 * abs(value), best=best)
