"""A trip of several days with the nights on the way.

Where a day ends the next begins: at a place chosen among the candidates, near the last
stop. Three steps, each a trip as any other, so that no visit goes on across a night and
every opening hour of every day is kept:

1. one long day of as many hours as all days have shows where the trip leads; where an
   evening falls, a night is spent at the place that is least out of the way;
2. the days are planned between these nights;
3. each night is moved to other places near it, and to the start (a night at home), as
   long as that brings more.

The literature solves it as the orienteering problem with hotel selection (Divsalar,
Vansteenwegen and Cattrysse 2013, A variable neighborhood search method for the
orienteering problem with hotel selection, International Journal of Production Economics
145, 150–160), from which the moves come.
"""

import time
from dataclasses import replace

import numpy as np

from ._trip_search import Search

#: places near a night that are tried for it, and shares of the time for steps 1 and 3
_NEAR = 6
_FIRST, _MOVES = 0.2, 0.4


def choose(
    build, nights, start, end, *, days, night_cost, seed, time_limit, iterations
):
    """Choose where the nights of a trip are spent.

    :param build: function of ``start`` and ``end``, one a day, that returns a
        ``TripProblem`` or raises ``ValueError`` where a day is too short for its way.
    :param nights: nodes at which a night may be spent.
    :param start, end: of the whole trip.
    :param night_cost: money a night away from ``start`` costs.
    :return: start and end of each day, two lists
    """
    nights = np.unique(np.asarray(nights, dtype=int))
    began = time.monotonic()
    found = _first(build, nights, start, end, days, seed, time_limit, iterations)
    best, most = found, _worth(build, found, start, end, night_cost, seed)
    better = True
    while better:
        better = False
        for night in range(days - 1):
            for place in _others(build, best, night, nights, start, end):
                if iterations is None and (
                    time.monotonic() - began > (_FIRST + _MOVES) * time_limit
                ):
                    return _ends(best, start, end)
                changed = [*best[:night], int(place), *best[night + 1 :]]
                worth = _worth(build, changed, start, end, night_cost, seed)
                if worth > most + 1e-9:
                    best, most, better = changed, worth, True
    return _ends(best, start, end)


def _ends(nights, start, end):
    return [int(start), *nights], [*nights, int(end)]


def _first(build, nights, start, end, days, seed, time_limit, iterations):
    """Nights where the evenings of one long day fall, opening hours apart."""
    problem = build([start] * days, [start] * days)
    hours = problem.budget
    whole = _one_day(problem, start, end)
    search = Search(whole, np.full(whole.size, True), seed)
    search.run(_FIRST * time_limit, iterations, None)
    (route,) = search.best
    clock, gone = 0.0, [0.0]
    for before, node in zip(route, route[1:], strict=False):
        clock += whole.duration[before, node]
        clock += whole.service[node] if node != route[-1] else 0.0
        gone.append(clock)
    chosen = []
    # evenings in proportion, should the stops take less than all hours
    for evening in np.cumsum(hours)[:-1] * min(1.0, clock / max(hours.sum(), 1e-9)):
        after = min(int(np.searchsorted(gone, evening)), len(route) - 1)
        last, first = route[max(after - 1, 0)], route[after]
        way = whole.duration[last, nights] + whole.duration[nights, first]
        chosen.append(int(nights[np.argmin(way)]))
    return chosen


def _one_day(problem, start, end):
    """The problem as one day of as many hours as all days have, always open."""
    size = problem.size
    return replace(
        problem,
        opens=np.zeros((1, size)),
        closes=np.full((1, size), np.inf),
        start=np.array([start]),
        end=np.array([end]),
        budget=problem.budget.sum(keepdims=True),
    )


def _others(build, chosen, night, nights, start, end):
    """Places to try for a night: near it, near the way to the ones beside it, home."""
    days = len(chosen) + 1
    duration = build([start] * days, [start] * days).duration
    here = chosen[night]
    before = chosen[night - 1] if night else int(start)
    after = chosen[night + 1] if night + 1 < len(chosen) else int(end)
    near = nights[np.argsort(duration[here, nights], kind="stable")[:_NEAR]]
    way = duration[before, nights] + duration[nights, after]
    between = nights[np.argsort(way, kind="stable")[:_NEAR]]
    tried = dict.fromkeys([*near.tolist(), *between.tolist(), int(start)])
    return [place for place in tried if place != here]


def _worth(build, nights, start, end, night_cost, seed):
    """What a quick trip with these nights is worth."""
    begins, finishes = _ends(nights, start, end)
    try:
        problem = build(begins, finishes)
    except ValueError:  # too far for a day
        return -np.inf
    search = Search(problem, np.full(problem.size, True), seed)
    stops = [node for route in search.best for node in route[1:-1]]
    worth = float(search.value[stops].sum())
    for route in search.best:
        before, after = np.array(route[:-1]), np.array(route[1:])
        hours = (
            problem.duration[before, after].sum() + problem.service[route[1:-1]].sum()
        )
        worth -= problem.time_cost * hours
        if problem.distance_cost:
            worth -= problem.distance_cost * problem.distance[before, after].sum()
    return worth - night_cost * sum(night != start for night in nights)
