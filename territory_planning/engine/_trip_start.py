"""A first trip in milliseconds: greedy insertion, vectorised."""

import numpy as np

#: how much a prize counts against the time it takes; the best of these is taken
_POWERS = (1.0, 2.0, 3.0)


def best(problem, candidates, value, weight):
    """Return the best of a few greedy trips, as routes.

    :param problem: a :class:`._trip_problem.TripProblem`.
    :param candidates: nodes that may be visited.
    :param value: ``(m,)`` prizes, raised for visits that must be made.
    :param weight: ``(2,)`` cost of a unit of distance and of time.
    """
    routes, most = None, -np.inf
    for power in _POWERS:
        found, worth = _build(problem, candidates, value, weight, power)
        if worth > most:
            routes, most = found, worth
    return routes


def detours(problem, routes):
    """Least time that each node adds to a trip, windows and hours apart, ``(m,)``."""
    least = np.full(problem.size, np.inf)
    for route in routes:
        before, after = np.array(route[:-1]), np.array(route[1:])
        added = problem.duration[before] + problem.duration[:, after].T
        added -= problem.duration[before, after][:, None]
        least = np.minimum(least, added.min(axis=0))
    return least


def _build(problem, candidates, value, weight, power):
    routes = [
        [int(first), int(last)]
        for first, last in zip(problem.start, problem.end, strict=True)
    ]
    left = np.array(candidates, dtype=int)
    tables = [_evaluate(problem, day, route, left) for day, route in enumerate(routes)]
    worth = 0.0
    while left.size:
        day, row, place, gain = _choose(problem, tables, value, weight, power, left)
        if day < 0:
            break
        routes[day].insert(place + 1, int(left[row]))
        worth += gain
        left = np.delete(left, row)
        tables = [
            _evaluate(problem, d, routes[d], left)
            if d == day
            else tuple(np.delete(table, row, axis=0) for table in tables[d])
            for d in range(problem.days)
        ]
    return routes, worth


def _evaluate(problem, day, route, left):
    """Added time and distance of each node at each place, infinite where not in time."""
    begin, latest = _times(problem, day, route)
    before, after = np.array(route[:-1]), np.array(route[1:])
    stay = problem.service[before].copy()
    stay[0] = 0.0
    there = problem.duration[before][:, left].T
    onward = problem.duration[left][:, after]
    begins = np.maximum(begin[:-1] + stay + there, problem.opens[day, left][:, None])
    own = problem.service[left][:, None]
    good = begins <= problem.closes[day, left][:, None]
    good &= begins + own + onward <= latest[1:]
    time = there + onward + own - problem.duration[before, after]
    far = problem.distance[before][:, left].T + problem.distance[left][:, after]
    far -= problem.distance[before, after]
    return np.where(good, time, np.inf), np.where(good, far, np.inf)


def _choose(problem, tables, value, weight, power, left):
    chosen, most = (-1, -1, -1, 0.0), 0.0
    for day, (time, far) in enumerate(tables):
        fits = np.isfinite(time)
        cost = weight[1] * np.where(fits, time, 0.0)
        if weight[0]:
            cost += weight[0] * np.where(fits, far, 0.0)
        gain = np.where(fits, value[left][:, None] - cost, 0.0)
        score = np.maximum(gain, 0.0) ** power / (time + 1e-9)
        row, place = np.unravel_index(int(np.argmax(score)), score.shape)
        if score[row, place] > most:
            most = score[row, place]
            chosen = (day, int(row), int(place), float(gain[row, place]))
    return chosen


def _times(problem, day, route):
    """When each service of a route begins, and may begin at the latest."""
    last = len(route) - 1
    begin, latest = np.zeros(last + 1), np.zeros(last + 1)
    for k in range(1, last + 1):
        stay = problem.service[route[k - 1]] if k > 1 else 0.0
        arrive = begin[k - 1] + stay + problem.duration[route[k - 1], route[k]]
        begin[k] = max(arrive, problem.opens[day, route[k]]) if k < last else arrive
    latest[last] = problem.budget[day]
    for k in range(last - 1, -1, -1):
        stay = problem.service[route[k]] if k > 0 else 0.0
        limit = latest[k + 1] - problem.duration[route[k], route[k + 1]] - stay
        latest[k] = min(limit, problem.closes[day, route[k]]) if k > 0 else limit
    return begin, latest
