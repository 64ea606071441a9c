"""Which customers a road trip visits, in what order and on which day.

An orienteering problem over one or more days (Vansteenwegen, Souffriau and Van
Oudheusden 2011, European Journal of Operational Research 209, 1–10; with windows and
several days: Labadie et al. 2012, EJOR 220, 15–27). A stop must earn its detour:
the plan maximises Σ prize − distance_cost·distance − time_cost·(travel + service).
Solved by ruin and recreate (see ``_trip_kernel``) from a greedy start.
"""

import time
from dataclasses import dataclass

import numpy as np

from . import _trip_kernel as kernel
from . import _trip_start
from ._trip_problem import TripProblem

__all__ = ["LeftOut", "TripInfeasible", "TripPlan", "plan", "verify", "warm_up"]

#: what all the hours of a trip are charged at while searching, as a share of its prize:
#: without it nothing rewards a shorter way that makes room for one more stop
_GUIDE = 0.4
#: first temperature, in mean prizes of a stop, and how far it falls
_HEAT = 2.0
_COOLING = 0.01
#: stops taken out at once, in a row
_STRING = 15
_NEAR = 100
_CHUNK = 100
_SECONDS = 0.02  # between two looks at the stopwatch
_EPSILON = 1e-6


class TripInfeasible(ValueError):
    """Visits that must be made and cannot; ``nodes`` names them."""

    def __init__(self, message, nodes):
        super().__init__(message)
        self.nodes = list(nodes)


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
    clock. ``prize``: of the places visited. ``duration, distance``: of all days, the
    duration being travel and service, without waiting. ``objective``: prize less the
    cost of time and distance. ``bound``: no trip has a higher prize. ``price``: prize per
    unit of time of the stop that is least worth its time; infinite without stops.
    ``left_out``: a :class:`LeftOut` for each other place. ``iterations``: tried.
    """

    routes: list
    arrival: list
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


def plan(
    duration,
    prize,
    *,
    service=0,
    windows=None,
    start=0,
    end=None,
    max_duration,
    days=1,
    must_visit=(),
    distance=None,
    distance_cost=0,
    time_cost=0,
    seed=0,
    time_limit=1.0,
    iterations=None,
    progress=None,
):
    """Return the trip with the most prize less what its way costs.

    :param duration: ``(m, m)`` from row to column, infinite where there is no road.
    :param prize: ``(m,)`` money, what a visit is expected to bring.
    :param service: ``(m,)`` or scalar, time a visit takes.
    :param windows: ``(m, 2)`` or ``(days, m, 2)``: first and last time a visit may begin;
        a window that ends before it begins is a day on which the place is closed.
    :param start, end: node at which each day begins and ends, one or one a day; ``end``
        is ``start`` if None. Several reps are several days with their own ends.
    :param max_duration: latest end of each day, which begins at 0; one or ``(days,)``.
    :param must_visit: nodes that are visited whatever they cost.
    :param distance: ``(m, m)`` for ``distance_cost``; ``duration`` if None.
    :param distance_cost: money per unit of distance; ``time_cost``: money per unit of
        travel and service.
    :param seed: the same seed and ``iterations`` give the same trip.
    :param time_limit: seconds, where ``iterations`` is None.
    :param iterations: how many changes to try, instead of a time limit.
    :param progress: called with the share done and the best objective so far; a true
        answer ends the search. The best so far is returned.
    :raises ValueError: naming argument, index and value.
    :raises TripInfeasible: naming the visits that cannot be made.
    :rtype: TripPlan
    """
    problem = TripProblem.build(
        duration,
        prize,
        service=service,
        windows=windows,
        start=start,
        end=end,
        max_duration=max_duration,
        days=days,
        must_visit=must_visit,
        distance=distance,
        distance_cost=distance_cost,
        time_cost=time_cost,
    )
    _check_days(problem)
    alone = _reachable(problem)
    _check_must(problem, alone)
    search = _Search(problem, alone == "", seed)
    search.run(time_limit, iterations, progress)
    return search.describe(alone)


def warm_up():
    """Compile the inner loops, which takes some seconds once on each machine."""
    if kernel.COMPILED:
        plan(1.0 - np.eye(4), np.ones(4), max_duration=2, iterations=1)


def verify(found, duration, prize, **given):
    """Return what is wrong with a plan, as sentences; nothing if it is feasible.

    Independent of the solver: walks along the routes and counts. Takes the arguments of
    :func:`plan`.

    :param found: a :class:`TripPlan`.
    :rtype: list
    """
    defaults = dict(
        service=0, windows=None, start=0, end=None, days=1, must_visit=(), distance=None
    )
    given = {**defaults, "distance_cost": 0, "time_cost": 0, **given}
    for name in ("seed", "time_limit", "iterations", "progress"):
        given.pop(name, None)
    problem = TripProblem.build(duration, prize, **given)
    wrong = []
    if len(found.routes) != problem.days:
        return [f"{len(found.routes)} routes for {problem.days} days"]
    seen = []
    total = 0.0
    for day, route in enumerate(found.routes):
        if route[0] != problem.start[day] or route[-1] != problem.end[day]:
            wrong.append(f"day {day} begins or ends at the wrong place")
        clock = 0.0
        for place, (before, node) in enumerate(zip(route, route[1:], strict=False)):
            clock += problem.duration[before, node]
            if place + 2 == len(route):
                break
            clock = max(clock, problem.opens[day, node])
            if clock > problem.closes[day, node] + _EPSILON:
                wrong.append(f"day {day} is at place {node} too late")
            if abs(clock - found.arrival[day][place + 1]) > _EPSILON * (1 + clock):
                wrong.append(f"day {day} has a wrong time at place {node}")
            clock += problem.service[node]
            seen.append(node)
            total += problem.prize[node]
        if not clock <= problem.budget[day] + _EPSILON * (1 + problem.budget[day]):
            wrong.append(f"day {day} ends too late")
    if len(set(seen)) < len(seen):
        wrong.append("a place is visited twice")
    if missing := set(np.flatnonzero(problem.must).tolist()) - set(seen):
        wrong.append(f"places {sorted(missing)} must be visited and are not")
    if abs(total - found.prize) > _EPSILON * (1 + abs(total)):
        wrong.append(f"the prize is {total}, not {found.prize}")
    return wrong


def _check_days(problem):
    for day in range(problem.days):
        first, last = problem.start[day], problem.end[day]
        needed = problem.duration[first, last]
        if needed > problem.budget[day]:
            raise ValueError(
                f"max_duration[{day}] is {problem.budget[day]:g}, but the way from place "
                f"{first} to {last} alone takes {needed:g}"
            )


def _reachable(problem):
    """Why each place cannot be visited on any day even alone, ``(m,)``; "" if it can."""
    size = problem.size
    late = np.full(size, True)
    far = np.full(size, True)
    for day in range(problem.days):
        there = problem.duration[problem.start[day]]
        back = problem.duration[:, problem.end[day]]
        begin = np.maximum(there, problem.opens[day])
        far &= ~(there + problem.service + back <= problem.budget[day])
        finish = begin + problem.service + back
        late &= ~((begin <= problem.closes[day]) & (finish <= problem.budget[day]))
    return np.where(far, "unreachable", np.where(late, "closed", ""))


def _check_must(problem, alone):
    for reason, words in (
        ("unreachable", "cannot be reached within any day"),
        ("closed", "cannot be visited while open on any day"),
    ):
        nodes = np.flatnonzero(problem.must & (alone == reason))
        if nodes.size:
            raise TripInfeasible(
                f"must_visit: places {nodes.tolist()} {words}", nodes.tolist()
            )


class _Search:
    """Solutions of one problem and the search among them."""

    def __init__(self, problem, reachable, seed):
        self.problem = problem
        self.rng = np.random.default_rng(seed)
        ends = np.zeros(problem.size, dtype=bool)
        ends[problem.start] = ends[problem.end] = True
        worth = (problem.prize > 0) | problem.must
        self.candidates = np.flatnonzero(worth & reachable & ~ends)
        self.ends = ends
        # what must be visited is worth more than everything else together
        self.most = float(problem.prize[self.candidates].clip(0).sum()) + 1.0
        costs = problem.distance_cost * np.where(
            np.isfinite(problem.distance), problem.distance, 0.0
        ).max(initial=0.0)
        costs += problem.time_cost * problem.budget.max(initial=0.0)
        self.most += float(costs) * 4.0
        self.value = problem.prize + np.where(problem.must, self.most, 0.0)
        self.data = (
            problem.duration,
            problem.distance,
            problem.prize,
            problem.service,
            problem.opens,
            problem.closes,
            problem.budget,
        )
        self.weight = np.array([problem.distance_cost, problem.time_cost])
        self.near = self._near()
        self.iterations = 0
        self.best = _trip_start.best(problem, self.candidates, self.value, self.weight)

    def _near(self):
        duration = self.problem.duration
        both = duration + duration.T
        np.fill_diagonal(both, np.inf)
        order = np.argsort(both, axis=1, kind="stable")[:, :_NEAR]
        return np.ascontiguousarray(order.astype(np.int64))

    def _solution(self, routes=None):
        """Arrays of a solution, and which places it visits."""
        problem = self.problem
        size, days = problem.size, problem.days
        nodes = np.zeros((days, size + 2), dtype=np.int64)
        count = np.zeros(days, dtype=np.int64)
        visited = np.zeros(size, dtype=bool)
        for day in range(days):
            route = routes[day] if routes else [problem.start[day], problem.end[day]]
            nodes[day, : len(route)] = route
            count[day] = len(route)
            visited[route[1:-1]] = True
        times = [np.zeros((days, size + 2)) for _ in range(2)]
        where = [np.zeros(size, dtype=np.int64) for _ in range(2)]
        solution = (nodes, count, *times, *where)
        for day in range(days):
            kernel.refresh(self.data, solution, day)
        return solution, visited

    def run(self, time_limit, iterations, progress):
        """Search until the time or the iterations are used up."""
        if self.candidates.size == 0:
            return
        current, visited = self._solution(self.best)
        best, visited_best = self._solution(self.best)
        trial, visited_trial = self._solution(self.best)
        stops = sum(len(route) - 2 for route in self.best)
        found = self.problem.prize[visited].sum()
        hours = self.problem.budget.sum()
        guide = self.weight + [0.0, _GUIDE * found / hours if hours > 0 else 0.0]
        heat = _HEAT * max(found, _EPSILON) / max(stops, 1)
        scores = np.array(
            [
                kernel.worth(self.data, current, self.value, guide),
                kernel.worth(self.data, best, self.value, self.weight),
            ]
        )
        begin, chunk, done = time.monotonic(), _CHUNK if iterations else 10, 0.0
        symmetric = self._symmetric()
        while done < 1.0:
            if iterations is not None:
                chunk = min(_CHUNK, iterations - self.iterations)
                after = (self.iterations + chunk) / max(iterations, 1)
                if chunk <= 0:
                    break
            else:
                after = min(done + _SECONDS / max(time_limit, 1e-9), 1.0)
            tick = time.monotonic()
            kernel.anneal(
                self.data,
                current,
                visited,
                best,
                visited_best,
                trial,
                visited_trial,
                self.near,
                self.candidates,
                self.value,
                self.problem.must,
                guide,
                self.weight,
                scores,
                heat * _COOLING**done,
                heat * _COOLING**after,
                chunk,
                _STRING,
                symmetric,
                self.rng,
            )
            self.iterations += chunk
            now = time.monotonic()
            if iterations is None:
                speed = _SECONDS / max(now - tick, 1e-6)
                chunk = max(1, int(chunk * min(speed, 4.0)))
                after = (now - begin) / max(time_limit, 1e-9)
            done = after
            if progress and progress(min(done, 1.0), float(scores[1])):
                break
        nodes, count = best[0], best[1]
        self.best = [
            nodes[day, : count[day]].tolist() for day in range(self.problem.days)
        ]

    def _symmetric(self):
        problem = self.problem
        free = not problem.opens.any() and np.isinf(problem.closes).all()
        same = np.array_equal(problem.duration, problem.duration.T)
        return bool(
            free and same and np.array_equal(problem.distance, problem.duration)
        )

    # ----------------------------------------------------------------- the answer
    def describe(self, alone):
        """Put the plan together."""
        problem = self.problem
        solution, visited = self._solution(self.best)
        if missing := np.flatnonzero(problem.must & ~visited).tolist():
            raise TripInfeasible(
                f"must_visit: places {missing} do not fit together with the others that "
                "must be visited",
                missing,
            )
        count, begin = solution[1], solution[2]
        travel = length = 0.0
        for day in range(problem.days):
            moves, far, _good = kernel.refresh(self.data, solution, day)
            travel, length = travel + moves, length + far
        prize = float(problem.prize[visited].sum())
        time_used = travel + float(problem.service[visited].sum())
        cost = problem.distance_cost * length + problem.time_cost * time_used
        return TripPlan(
            routes=self.best,
            arrival=[begin[day, : count[day]].tolist() for day in range(problem.days)],
            prize=prize,
            duration=float(time_used),
            distance=float(length),
            objective=prize - float(cost),
            bound=self._bound(),
            price=self._price(),
            left_out=self._left_out(solution, visited, alone),
            iterations=self.iterations,
        )

    def _bound(self):
        """Prize that no trip exceeds: each stop takes its service and half its two
        shortest roads; the rest is a knapsack with fractions (Dantzig 1957)."""
        problem, here = self.problem, self.candidates
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
        share = np.clip(
            (hours - (spent - needed)) / np.maximum(needed, 1e-12), 0.0, 1.0
        )
        bound = float((share * prize.clip(0)).sum())
        return max(bound, float(problem.prize[problem.must].sum()))

    def _price(self):
        problem = self.problem
        least = np.inf
        for route in self.best:
            for before, node, after in zip(route, route[1:], route[2:], strict=False):
                saved = problem.duration[before, node] + problem.duration[node, after]
                saved += problem.service[node] - problem.duration[before, after]
                least = min(least, problem.prize[node] / max(saved, _EPSILON))
        return float(least)

    def _left_out(self, solution, visited, alone):
        problem = self.problem
        out = np.flatnonzero(~visited & ~self.ends)
        detour = _trip_start.detours(problem, self.best)[out]
        left = []
        for node, added in zip(out.tolist(), detour.tolist(), strict=True):
            added += problem.service[node]
            reason = alone[node]
            if not reason and problem.prize[node] <= 0:
                reason = "no prize"
            if not reason:
                reason = "no time"
                _day, place, _cost = kernel.best_place(
                    self.data,
                    solution,
                    visited,
                    self.near,
                    node,
                    self.weight,
                    0.0,
                    self.rng,
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
