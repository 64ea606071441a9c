"""Where a new rep had best live."""

from dataclasses import dataclass, replace

import numpy as np

from . import _check, geo
from ._alignment_bound import bound


@dataclass(frozen=True, eq=False)
class Home:
    """Candidates, best first: ``(c,)`` each.

    ``candidate``: index; ``bound``: no alignment with the rep there costs less;
    ``objective``: of the alignment found, not a number for those that were left out because
    their bound is higher than what another reaches. ``alignment``: of the first.
    """

    candidate: np.ndarray
    bound: np.ndarray
    objective: np.ndarray
    alignment: object


def rank(solve, problem, candidates, rep, most, cost):
    """Return the :class:`Home`; ``solve(problem)`` gives an alignment.

    Every candidate gets its bound; in the order of these, alignments are solved until the
    next bound is no better than the best plan, or ``most`` are.
    """
    if not -problem.reps <= rep < problem.reps or rep != int(rep):
        raise ValueError(f"rep must be from 0 to {problem.reps - 1}, got {rep}")
    column = _columns(problem, candidates, cost)
    if not column.shape[1]:
        raise ValueError("candidates must hold one place at least, got none")
    if most < 1:
        raise ValueError(f"most must be one or more, got {most}")
    problems = []
    for candidate in range(column.shape[1]):
        costs = problem.cost.copy()
        costs[:, rep] = column[:, candidate]
        problems.append(replace(problem, cost=costs))
    lowest = np.array([bound(one).value for one in problems])
    objective = np.full(len(problems), np.nan)
    best, chosen = np.inf, None
    for number in np.argsort(lowest, kind="stable")[:most]:
        if chosen is not None and lowest[number] >= best:
            break
        found = solve(problems[number])
        if not found.feasible and chosen is not None:
            continue
        objective[number] = found.objective
        if chosen is None or not chosen.feasible or found.objective < best:
            chosen = found
            best = found.objective if found.feasible else np.inf
    order = np.lexsort((lowest, np.where(np.isnan(objective), np.inf, objective)))
    return Home(order, lowest[order], objective[order], chosen)


def _columns(problem, candidates, cost):
    """Cost ``(n, c)`` of each unit from each candidate."""
    if cost is not None:
        column = np.asarray(cost, dtype=float)
        if column.ndim != 2 or len(column) != problem.units:
            raise ValueError(
                f"cost must have shape ({problem.units}, c), got {column.shape}"
            )
        return column
    places = np.asarray(candidates, dtype=float)
    if places.ndim != 2 or places.shape[1] != 2:
        raise ValueError(f"candidates must have shape (c, 2), got {places.shape}")
    _check.require(
        "candidates", places, np.abs(places) <= [90, 180], "a latitude and longitude"
    )
    if problem.lat is None:
        raise ValueError("best_home needs lat and lon of the units, or cost")
    km = geo.distance_km(
        problem.lat[:, None], problem.lon[:, None], places[:, 0], places[:, 1]
    )
    trips = np.broadcast_to(np.asarray(problem.trips, float), (problem.units,))
    return km * (trips * problem.km_cost)[:, None]
