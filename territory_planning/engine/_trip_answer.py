"""What a trip is told as: routes, times, price, and why others were left out."""

from dataclasses import dataclass

import numpy as np

from . import _trip_kernel as kernel
from . import _trip_start
from ._trip_problem import TripInfeasible
from ._trip_timing import time_day

_EPSILON = 1e-6


@dataclass(frozen=True)
class LeftOut:
    """A place that is not visited, and why.

    ``reason``: ``no prize``; ``unreachable`` (no road, or too far for any day);
    ``closed`` (its windows cannot be met on any day); ``not worth it`` (it would fit and
    costs more than it brings); ``no time`` (it would take the place of stops that bring
    more). ``detour``: time the cheapest place in the plan would take, service included;
    ``price``: its prize per unit of that time, to be compared with the plan's.
    """

    node: int
    reason: str
    detour: float
    price: float


@dataclass(frozen=True, eq=False)
class TripPlan:
    """Routes and why they are as they are.

    ``routes``: for each day the nodes in order, ends included. ``arrival``: when each
    service begins (at the ends: when the rep leaves and is there), on the day's own
    clock. ``breaks``: for each day the index in its route of the stop before which lunch
    is taken and when it begins, or None. ``prize``: of the places visited. ``duration,
    distance``: of all days, the duration being travel and service, without waiting and
    lunch. ``objective``: prize less the cost of time and distance.
    ``bound``: no trip has a higher prize. ``price``: prize per
    unit of time of the stop that is least worth its time; infinite without stops.
    ``left_out``: a :class:`LeftOut` for each other place. ``iterations``: tried.
    """

    routes: list
    arrival: list
    breaks: list
    prize: float
    duration: float
    distance: float
    objective: float
    bound: float
    price: float
    left_out: list
    iterations: int

    @property
    def gap(self):
        """Share of the bound that is missing, costs apart: at most that is to be had."""
        return max(self.bound - self.prize, 0.0) / self.bound if self.bound > 0 else 0.0


def describe(search, alone, true, lunch):
    """Put the plan together.

    :param search: a :class:`._trip_search.Search` that is done.
    :param alone: ``(m,)`` why a place cannot be visited even alone, "" if it can.
    :param true: the problem on the true clock; ``lunch``: the breaks, or None.
    """
    problem = search.problem
    solution, visited = search.solution(search.best)
    if missing := np.flatnonzero(problem.must & ~visited).tolist():
        raise TripInfeasible(
            f"must_visit: places {missing} do not fit together with the others that "
            "must be visited",
            missing,
        )
    travel = length = 0.0
    for day in range(problem.days):
        moves, far, _good = kernel.refresh(search.data, solution, day)
        travel, length = travel + moves, length + far
    prize = float(problem.prize[visited].sum())
    time_used = travel + float(problem.service[visited].sum())
    cost = problem.distance_cost * length + problem.time_cost * time_used
    days = [time_day(true, day, route, lunch) for day, route in enumerate(search.best)]
    return TripPlan(
        routes=search.best,
        arrival=[day[0] for day in days],
        breaks=[day[2] for day in days],
        prize=prize,
        duration=float(time_used),
        distance=float(length),
        objective=prize - float(cost),
        bound=_bound(search),
        price=_price(search),
        left_out=_left_out(search, solution, visited, alone),
        iterations=search.iterations,
    )


def _bound(search):
    """Prize that no trip exceeds: each stop takes its service and half its two
    shortest roads; the rest is a knapsack with fractions (Dantzig 1957)."""
    problem, here = search.problem, search.candidates
    if not here.size:
        return 0.0
    duration = problem.duration.copy()
    np.fill_diagonal(duration, np.inf)
    roads = 0.5 * (duration.min(axis=1) + duration.min(axis=0))
    hours = problem.budget.sum()
    # the ends have half a road each, as well
    hours -= sum(
        0.5 * (duration[first].min() + duration[:, last].min())
        for first, last in zip(problem.start, problem.end, strict=True)
    )
    needed = problem.service[here] + roads[here]
    prize = problem.prize[here]
    order = np.argsort(-prize / np.maximum(needed, _EPSILON))
    needed, prize = needed[order], prize[order]
    spent = np.cumsum(needed)
    share = np.clip((hours - (spent - needed)) / np.maximum(needed, 1e-12), 0.0, 1.0)
    bound = float((share * prize.clip(0)).sum())
    return max(bound, float(problem.prize[problem.must].sum()))


def _price(search):
    problem = search.problem
    least = np.inf
    for route in search.best:
        for before, node, after in zip(route, route[1:], route[2:], strict=False):
            saved = problem.duration[before, node] + problem.duration[node, after]
            saved += problem.service[node] - problem.duration[before, after]
            least = min(least, problem.prize[node] / max(saved, _EPSILON))
    return float(least)


def _left_out(search, solution, visited, alone):
    problem = search.problem
    out = np.flatnonzero(~visited & ~search.ends)
    detour = _trip_start.detours(problem, search.best)[out]
    left = []
    for node, added in zip(out.tolist(), detour.tolist(), strict=True):
        added += problem.service[node]
        reason = alone[node]
        if not reason and problem.prize[node] <= 0:
            reason = "no prize"
        if not reason:
            reason = "no time"
            _day, place, _cost = kernel.best_place(
                search.data,
                solution,
                visited,
                search.near,
                node,
                search.weight,
                0.0,
                search.rng,
            )
            if place >= 0:
                reason = "not worth it"
        left.append(
            LeftOut(
                node=node,
                reason=str(reason),
                detour=float(added),
                price=float(problem.prize[node] / max(added, _EPSILON)),
            )
        )
    return left
