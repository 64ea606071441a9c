"""Peers of the alignment: the same bands and costs, contiguity where they can.

Each takes a problem and seconds and returns ``rep (n,)``, or None without a plan. Where a
peer makes clusters without knowing the reps, clusters go to reps at the least cost.
"""

import warnings

import numpy as np
from scipy import optimize, sparse

#: arcs of each unit that the programmes get: the nearest reps
ARCS = 12


def _arcs(problem):
    count = min(ARCS, problem.reps)
    rep = np.argpartition(problem.cost, count - 1, axis=1)[:, :count].ravel()
    return np.repeat(np.arange(problem.units), count), rep


def cp_sat(problem, seconds):
    """OR-Tools CP-SAT on whole numbers, bands but no contiguity."""
    from ortools.sat.python import cp_model

    unit, rep = _arcs(problem)
    model = cp_model.CpModel()
    take = [model.new_bool_var("") for _arc in unit]
    of_unit, of_rep = {}, {}
    for arc, (i, j) in enumerate(zip(unit, rep, strict=True)):
        of_unit.setdefault(i, []).append(take[arc])
        of_rep.setdefault(j, []).append(arc)
    for those in of_unit.values():
        model.add_exactly_one(those)
    scale = 1e4
    load = np.round(problem.load[:, 0] * scale).astype(int)
    for j, those in of_rep.items():
        total = cp_model.LinearExpr.weighted_sum(
            [take[arc] for arc in those], [int(load[unit[arc]]) for arc in those]
        )
        model.add(total >= int(np.ceil(problem.lower[j, 0] * scale)))
        model.add(total <= int(problem.upper[j, 0] * scale))
    price = np.round(problem.cost[unit, rep] * 100).astype(int)
    model.minimize(cp_model.LinearExpr.weighted_sum(take, price.tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    chosen = np.array([solver.boolean_value(one) for one in take])
    return _plan(problem, unit, rep, chosen)


def highs(problem, seconds):
    """HiGHS' branch and bound, bands but no contiguity."""
    unit, rep = _arcs(problem)
    arcs = np.arange(len(unit))
    one = sparse.csr_array((np.ones(len(unit)), (unit, arcs)))
    load = sparse.csr_array(
        (problem.load[unit, 0], (rep, arcs)), (problem.reps, len(unit))
    )
    found = optimize.milp(
        problem.cost[unit, rep],
        integrality=np.ones(len(unit)),
        bounds=optimize.Bounds(0, 1),
        constraints=[
            optimize.LinearConstraint(one, 1, 1),
            optimize.LinearConstraint(load, problem.lower[:, 0], problem.upper[:, 0]),
        ],
        options={"time_limit": seconds},
    )
    return None if found.x is None else _plan(problem, unit, rep, found.x > 0.5)


def _plan(problem, unit, rep, chosen):
    plan = np.zeros(problem.units, int)
    plan[unit[chosen]] = rep[chosen]
    return plan


def k_means_constrained(problem, seconds):
    """k-means with bands on the number of units: neither loads nor reps are in it."""
    from k_means_constrained import KMeansConstrained

    fair = problem.units / problem.reps
    found = KMeansConstrained(
        problem.reps,
        size_min=int(np.ceil(0.95 * fair)),
        size_max=int(1.05 * fair),
        n_init=1,
        random_state=0,
    ).fit_predict(_plane(problem))
    return _to_reps(problem, found)


def spopt_skater(problem, seconds):
    """spopt's SKATER: contiguous by pruning a tree, at least half the fair number."""
    import geopandas
    from libpysal import weights
    from spopt.region import Skater

    place = _plane(problem)
    frame = geopandas.GeoDataFrame(
        {"x": place[:, 0], "y": place[:, 1]},
        geometry=geopandas.points_from_xy(*place.T),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        links = weights.Delaunay(place)
        model = Skater(
            frame,
            links,
            ["x", "y"],
            n_clusters=problem.reps,
            floor=problem.units // problem.reps // 2,
            islands="ignore",
        )
        model.solve()
    labels = np.unique(np.asarray(model.labels_), return_inverse=True)[1]
    return _to_reps(problem, labels)


def _plane(problem):
    lat = np.radians(problem.lat.mean())
    return 111.2 * np.column_stack([problem.lon * np.cos(lat), problem.lat])


def _to_reps(problem, label):
    cost = np.stack(
        [
            np.bincount(label, weights=column, minlength=problem.reps)
            for column in problem.cost.T
        ],
        axis=1,
    )
    rows, columns = optimize.linear_sum_assignment(cost)
    owner = np.zeros(len(cost), int)
    owner[rows] = columns
    return owner[label]


PEERS = (
    ("OR-Tools CP-SAT", cp_sat),
    ("HiGHS", highs),
    ("k-means-constrained", k_means_constrained),
    ("spopt SKATER", spopt_skater),
)
