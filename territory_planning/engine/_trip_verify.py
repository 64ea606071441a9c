"""Whether a trip is feasible, by walking along it: independent of the solver."""

import numpy as np

from ._trip_problem import TripProblem

_EPSILON = 1e-6


def verify(found, duration, prize, **given):
    """Return what is wrong with a plan, as sentences; nothing if it is feasible.

    Independent of the solver: walks along the routes and counts. Takes the arguments of
    :func:`.trip.plan`.

    :param found: a :class:`.TripPlan`.
    :rtype: list
    """
    defaults = dict(
        service=0, windows=None, start=0, end=None, days=1, must_visit=(), distance=None
    )
    given = {**defaults, "distance_cost": 0, "time_cost": 0, **given}
    for name in ("seed", "time_limit", "iterations", "progress", "backend"):
        given.pop(name, None)
    lunch = given.pop("lunch", None)
    problem = TripProblem.build(duration, prize, **given)
    if len(found.routes) != problem.days:
        return [f"{len(found.routes)} routes for {problem.days} days"]
    wrong, seen = [], []
    for day in range(problem.days):
        pause = None
        if lunch is not None:
            pause = [np.broadcast_to(part, (problem.days,))[day] for part in lunch]
        wrong += _walk(problem, found, day, pause)
        seen += found.routes[day][1:-1]
    total = float(problem.prize[np.array(seen, dtype=int)].sum())
    if len(set(seen)) < len(seen):
        wrong.append("a place is visited twice")
    if missing := set(np.flatnonzero(problem.must).tolist()) - set(seen):
        wrong.append(f"places {sorted(missing)} must be visited and are not")
    if abs(total - found.prize) > _EPSILON * (1 + abs(total)):
        wrong.append(f"the prize is {total}, not {found.prize}")
    return wrong


def _walk(problem, found, day, pause):
    """What is wrong with one day."""
    route, told = found.routes[day], found.arrival[day]
    wrong = []
    if route[0] != problem.start[day] or route[-1] != problem.end[day]:
        wrong.append(f"day {day} begins or ends at the wrong place")
    clock = 0.0
    stop, begin = (found.breaks[day] or (0, 0.0)) if pause else (0, 0.0)
    for place, (before, node) in enumerate(zip(route, route[1:], strict=False), 1):
        leave = clock
        clock += problem.duration[before, node]
        if stop == place:
            clock = max(clock, begin) + pause[2]
            if begin < leave - _EPSILON:
                wrong.append(f"day {day}: lunch begins before the stop is over")
        if place + 1 == len(route):
            break
        clock = max(clock, problem.opens[day, node])
        if clock > problem.closes[day, node] + _EPSILON:
            wrong.append(f"day {day} is at place {node} too late")
        if abs(clock - told[place]) > _EPSILON * (1 + clock):
            wrong.append(f"day {day} has a wrong time at place {node}")
        clock += problem.service[node]
    if not clock <= problem.budget[day] + _EPSILON * (1 + problem.budget[day]):
        wrong.append(f"day {day} ends too late")
    if pause:
        earliest, latest, length = pause
        due = length > 0 and problem.budget[day] >= earliest + length
        if due and clock > earliest + _EPSILON and not stop:
            wrong.append(f"day {day} has no lunch")
        if stop and not earliest - _EPSILON <= begin <= latest + _EPSILON:
            wrong.append(f"day {day}: lunch is at the wrong time")
    return wrong
