"""Which customers a road trip visits, in what order and on which day.

An orienteering problem over one or more days (Vansteenwegen, Souffriau and Van
Oudheusden 2011, European Journal of Operational Research 209, 1–10; with windows and
several days: Labadie et al. 2012, EJOR 220, 15–27). A stop must earn its detour:
the plan maximises Σ prize − distance_cost·distance − time_cost·(travel + service).
Solved by ruin and recreate (see ``_trip_kernel``) from a greedy start.
"""

import numpy as np

from ._compiled import COMPILED
from ._trip_answer import LeftOut, TripPlan, describe
from ._trip_lunch import Lunch
from ._trip_nights import choose
from ._trip_problem import TripInfeasible, TripProblem
from ._trip_search import Search
from ._trip_timing import Timing, Trouble, insert, retime
from ._trip_verify import verify

__all__ = [
    "LeftOut",
    "Timing",
    "TripInfeasible",
    "TripPlan",
    "Trouble",
    "insert",
    "plan",
    "plan_nights",
    "retime",
    "verify",
    "warm_up",
]


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
    lunch=None,
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
    :param lunch: ``(earliest, latest, length)``, numbers or one a day: a break of that
        length begins between the two, wherever it fits; not on days that end before.
    :param seed: the same seed and ``iterations`` give the same trip.
    :param time_limit: seconds, where ``iterations`` is None.
    :param iterations: how many changes to try, instead of a time limit.
    :param progress: called with the share done and the best objective so far; a true
        answer ends the search. The best so far is returned.
    :raises ValueError: naming argument, index and value.
    :raises TripInfeasible: naming the visits that cannot be made.
    :rtype: TripPlan
    """
    problem, true, lunch = _problem(
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
        lunch=lunch,
    )
    alone = _reachable(problem)
    _check_must(problem, alone)
    search = Search(problem, alone == "", seed)
    search.run(time_limit, iterations, progress)
    return describe(search, alone, true, lunch)


def plan_nights(
    duration,
    prize,
    *,
    nights,
    max_duration,
    days,
    start=0,
    end=None,
    night_cost=0,
    seed=0,
    time_limit=1.0,
    iterations=None,
    progress=None,
    **given,
):
    """Return a trip whose days end and begin where the nights are spent.

    Which places these are is chosen, a night at the start among them; days, opening hours
    and lunch are those of :func:`plan`, and no visit goes on across a night.

    :param nights: nodes at which a night may be spent: towns, as nodes of their own. One
        that is chosen is an end of two days and no stop.
    :param start, end: where the whole trip begins and ends; ``end`` is ``start`` if None.
    :param night_cost: money that a night away from ``start`` costs.
    :param given: what else :func:`plan` takes.
    :return: the :class:`TripPlan`; ``routes[d][-1] == routes[d + 1][0]`` is the night.
        Its objective does not have the cost of the nights.
    """
    if int(days) != days or days < 2:
        raise ValueError(f"days must be a whole number from 2 for nights, got {days}")
    end = start if end is None else end
    size = len(prize)
    for name, places in (("nights", nights), ("start", [start]), ("end", [end])):
        for place in np.asarray(places, dtype=int).ravel():
            if not 0 <= place < size:
                raise ValueError(f"{name} names place {place}, there are {size}")
    if not len(nights):
        raise ValueError("nights must name one place at least")

    def build(begins, finishes):
        problem, _true, _lunch = _problem(
            duration,
            prize,
            start=begins,
            end=finishes,
            max_duration=max_duration,
            days=days,
            **given,
        )
        return problem

    begins, finishes = choose(
        build,
        nights,
        start,
        end,
        days=int(days),
        night_cost=night_cost,
        seed=seed,
        time_limit=time_limit,
        iterations=iterations,
    )
    return plan(
        duration,
        prize,
        start=begins,
        end=finishes,
        max_duration=max_duration,
        days=days,
        seed=seed,
        time_limit=0.4 * time_limit,
        iterations=iterations,
        progress=progress,
        **given,
    )


def warm_up():
    """Compile the inner loops, which takes some seconds once on each machine."""
    if COMPILED:
        plan(1.0 - np.eye(4), np.ones(4), max_duration=2, iterations=1)


def _problem(
    duration,
    prize,
    *,
    service=0,
    windows=None,
    must_visit=(),
    distance=None,
    distance_cost=0,
    time_cost=0,
    lunch=None,
    **ends,
):
    """The checked problem on the clock of the search, on the true one, and the breaks."""
    true = TripProblem.build(
        duration,
        prize,
        service=service,
        windows=windows,
        must_visit=must_visit,
        distance=distance,
        distance_cost=distance_cost,
        time_cost=time_cost,
        **ends,
    )
    lunch = Lunch.build(lunch, true.budget)
    problem = lunch.without(true) if lunch else true
    _check_days(problem)
    return problem, true, lunch


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
