"""Times of a trip whose order is given: after a drag, a lock, a visit taken out.

Nothing is solved. Any order gets its times, and what is wrong with it is told, so that a
person may see what she has done. Some stops take well under a millisecond.
"""

from dataclasses import dataclass

import numpy as np

from ._trip_lunch import Lunch
from ._trip_problem import TripProblem

_EPSILON = 1e-6


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a route.

    ``kind``: ``late`` (a visit begins so much after its window), ``closed`` (there is no
    window that day), ``over`` (the day ends so much too late), ``no road`` (to ``node``),
    ``lunch`` (it begins so much too late). ``node``: where, the end of the day for
    ``over``; ``amount``: of time, infinite where no time would do.
    """

    kind: str
    day: int
    node: int
    amount: float


@dataclass(frozen=True, eq=False)
class Timing:
    """A trip in a given order.

    ``routes``; ``arrival``: when each service begins, as in a :class:`.TripPlan`;
    ``wait``: time between being there and beginning; ``breaks``: for each day (index in
    its route of the stop before which it is taken, when it begins), or None; ``prize,
    duration, distance, objective``: as in a plan; ``troubles``: none if it is feasible.
    """

    routes: list
    arrival: list
    wait: list
    breaks: list
    prize: float
    duration: float
    distance: float
    objective: float
    troubles: list

    @property
    def feasible(self):
        """Whether the trip can be made as it is."""
        return not self.troubles

    @property
    def amiss(self):
        """How much time is wrong with it, to tell the better of two that are."""
        return sum(trouble.amount for trouble in self.troubles)


def retime(duration, routes, prize, *, lunch=None, **given):
    """Return the times of routes in the order given, and what is wrong with them.

    :param routes: for each day the nodes in order, its ends included.
    :param lunch: as in :func:`.trip.plan`, and so are ``duration``, ``prize`` and the
        others: ``service, windows, max_duration, distance, distance_cost, time_cost``.
    :raises ValueError: naming argument, index and value; a route without two ends, or a
        node that is on the trip twice.
    :rtype: Timing
    """
    problem = _problem(duration, routes, prize, **given)
    return _timing(problem, routes, Lunch.build(lunch, problem.budget))


def insert(duration, routes, prize, node, *, on=None, lunch=None, **given):
    """Return the trip with a node more, where it costs least.

    :param node: what is put in; it must not be on the trip yet.
    :param on: on which days it may be, all if None.
    :param lunch: as in :func:`retime`, and so are the others.
    :return: a :class:`Timing`; the one with the least time amiss if none is feasible.
    """
    problem = _problem(duration, routes, prize, **given)
    if not 0 <= node < problem.size:
        raise ValueError(f"node is place {node}, there are {problem.size}")
    if any(node in route for route in routes):
        raise ValueError(f"place {node} is on the trip already")
    lunch = Lunch.build(lunch, problem.budget)
    best, least = None, None
    for day in range(problem.days) if on is None else on:
        for place in range(1, len(routes[day])):
            changed = [list(route) for route in routes]
            changed[day].insert(place, node)
            found = _timing(problem, changed, lunch)
            ends = sum(arrival[-1] for arrival in found.arrival)
            rank = (found.amiss, -found.objective, found.duration, ends)
            if least is None or rank < least:
                best, least = found, rank
    return best


def _problem(
    duration,
    routes,
    prize,
    *,
    max_duration,
    service=0,
    windows=None,
    distance=None,
    distance_cost=0,
    time_cost=0,
):
    for day, route in enumerate(routes):
        if len(route) < 2:
            raise ValueError(f"routes[{day}] needs a start and an end, got {route}")
    stops = [node for route in routes for node in route[1:-1]]
    if len(set(stops)) < len(stops):
        twice = next(node for node in stops if stops.count(node) > 1)
        raise ValueError(f"place {twice} is on the trip twice")
    size = len(prize)
    for node in stops:
        if not 0 <= node < size:
            raise ValueError(f"routes name place {node}, there are {size}")
    return TripProblem.build(
        duration,
        prize,
        service=service,
        windows=windows,
        start=[route[0] for route in routes],
        end=[route[-1] for route in routes],
        max_duration=max_duration,
        days=len(routes),
        must_visit=(),
        distance=distance,
        distance_cost=distance_cost,
        time_cost=time_cost,
    )


def _timing(problem, routes, lunch):
    days = [
        time_day(problem, day, list(map(int, route)), lunch)
        for day, route in enumerate(routes)
    ]
    prize = travel = length = 0.0
    for route, (_begin, _wait, _break, _troubles) in zip(routes, days, strict=True):
        before, after = np.array(route[:-1], int), np.array(route[1:], int)
        inner = np.array(route[1:-1], int)
        travel += float(problem.duration[before, after].sum())
        travel += float(problem.service[inner].sum())
        length += float(problem.distance[before, after].sum())
        prize += float(problem.prize[inner].sum())
    cost = (problem.distance_cost * length if problem.distance_cost else 0.0) + (
        problem.time_cost * travel if problem.time_cost else 0.0
    )
    return Timing(
        routes=[list(map(int, route)) for route in routes],
        arrival=[day[0] for day in days],
        wait=[day[1] for day in days],
        breaks=[day[2] for day in days],
        prize=prize,
        duration=travel,
        distance=length,
        objective=prize - cost,
        troubles=[trouble for day in days for trouble in day[3]],
    )


def time_day(problem, day, route, lunch):
    """Times of a day with its break where it does least harm.

    :return: when each service begins, the waits, ``(index, begin)`` of the break or
        None, and the troubles
    """
    plain = _walk(problem, day, route, None)
    if lunch is None or not lunch.length[day]:
        return plain
    if plain[0][-1] <= lunch.earliest[day]:  # back before lunch
        return plain
    best, least = None, None
    limits = lunch.earliest[day], lunch.latest[day], lunch.length[day]
    for place in range(1, len(route)):
        found = _walk(problem, day, route, (place, *limits))
        amiss = sum(trouble.amount for trouble in found[3])
        # as little harm as possible, then home early, then in the middle of its time
        off = abs(found[2][1] - (limits[0] + limits[1]) / 2)
        rank = (amiss, found[0][-1], off)
        if least is None or rank < least:
            best, least = found, rank
    return best


def _walk(problem, day, route, pause):
    """Along a route, the break taken before the stop at a given index."""
    begins, waits, troubles, taken = [0.0], [0.0], [], None
    clock = 0.0
    last = len(route) - 1
    for place in range(1, last + 1):
        before, node = route[place - 1], route[place]
        move = problem.duration[before, node]
        if not np.isfinite(move):
            troubles.append(Trouble("no road", day, node, np.inf))
        there = clock + move
        if pause and pause[0] == place:
            _place, earliest, latest, length = pause
            begin = max(clock, earliest)
            if begin > latest + _EPSILON:
                troubles.append(Trouble("lunch", day, node, begin - latest))
            there = max(there, begin) + length
            taken = (place, begin)
        clock = there
        if place < last:
            clock = max(there, problem.opens[day, node])
            closes = problem.closes[day, node]
            if closes < problem.opens[day, node]:
                troubles.append(Trouble("closed", day, node, np.inf))
            elif clock > closes + _EPSILON:
                troubles.append(Trouble("late", day, node, clock - closes))
        begins.append(float(clock))
        waits.append(float(clock - there) if np.isfinite(clock) else 0.0)
        if place < last:
            clock += problem.service[node]
    over = clock - problem.budget[day]
    if over > _EPSILON * (1 + problem.budget[day]):
        troubles.append(Trouble("over", day, route[-1], float(over)))
    return begins, waits, taken, troubles
