"""A trip in a given order, with lunch: right times, troubles told, what is best found."""

import itertools
import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import trip

from .test_trip import plane, random_instance


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9))
def test_a_plan_keeps_its_times_when_it_is_timed_again(seed):
    duration, prize, asked = random_instance(seed)
    found = trip.plan(duration, prize, iterations=20, **asked)
    given = {k: v for k, v in asked.items() if k not in ("start", "end", "days")}
    again = trip.retime(duration, found.routes, prize, **given)
    assert again.feasible
    assert again.arrival == found.arrival
    assert again.prize == pytest.approx(found.prize)
    assert again.objective == pytest.approx(found.objective)
    assert again.duration == pytest.approx(found.duration)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9))
def test_every_plan_with_lunch_is_feasible(seed):
    duration, prize, asked = random_instance(seed)
    rng = np.random.default_rng(seed)
    earliest = rng.uniform(20, 120)
    lunch = (earliest, earliest + rng.uniform(0, 60), rng.uniform(0, 40))
    try:
        found = trip.plan(duration, prize, iterations=30, lunch=lunch, **asked)
    except ValueError as error:
        assert "max_duration" in str(
            error
        )  # lunch and the way take longer than the day
        return
    assert trip.verify(found, duration, prize, lunch=lunch, **asked) == []


def test_lunch_costs_its_length_and_is_taken_while_waiting():
    """One waits from 30 to 100 for the second customer anyway."""
    duration = np.full((3, 3), 10.0)
    np.fill_diagonal(duration, 0.0)
    windows = [[0, 999], [0, 999], [100, 100]]
    asked = dict(service=10, windows=windows, max_duration=200)
    found = trip.retime(duration, [[0, 1, 2, 0]], [0, 1, 1], lunch=(0, 99, 40), **asked)
    assert found.feasible
    assert found.arrival == [[0.0, 10.0, 100.0, 120.0]]
    assert found.breaks == [(2, 20.0)]
    assert found.wait == [[0.0, 0.0, 30.0, 0.0]]


def test_where_lunch_is_taken_does_the_least_harm():
    """Against all places where it could be, on random days."""
    rng = np.random.default_rng(1)
    for _day in range(30):
        duration = plane(rng, 6)
        opens = rng.uniform(0, 200, 6)
        windows = np.column_stack([opens, opens + 120])
        asked = dict(service=rng.uniform(5, 20, 6), windows=windows, max_duration=500)
        route = [0, *rng.permutation(np.arange(1, 6)).tolist(), 0]
        lunch = (100.0, 160.0, 30.0)
        found = trip.retime(duration, [route], np.ones(6), lunch=lunch, **asked)
        without = trip.retime(duration, [route], np.ones(6), **asked)
        assert without.amiss <= found.amiss + 1e-9
        assert found.arrival[0][-1] <= without.arrival[0][-1] + 30 + 1e-9
        place, begin = found.breaks[0]
        assert begin >= 100
        leave = found.arrival[0][place - 1]
        leave += asked["service"][route[place - 1]] if place > 1 else 0
        assert leave - 1e-9 <= begin <= found.arrival[0][place] - 30 + 1e-9


def test_a_day_that_is_over_before_lunch_has_none():
    duration = [[0, 10], [10, 0]]
    asked = dict(max_duration=300, lunch=(100, 150, 30))
    found = trip.retime(duration, [[0, 1, 0]], [0, 1], **asked)
    assert (found.breaks, found.arrival) == ([None], [[0.0, 10.0, 20.0]])


def test_an_appointment_at_lunch_time_moves_lunch():
    rng = np.random.default_rng(2)
    duration, prize = plane(rng, 30), rng.uniform(5, 20, 30)
    windows = np.tile([0.0, np.inf], (30, 1))
    windows[4] = [130, 130]
    asked = dict(service=10, windows=windows, max_duration=300, must_visit=[4])
    lunch = (100, 180, 30)
    found = trip.plan(duration, prize, lunch=lunch, iterations=300, **asked)
    assert trip.verify(found, duration, prize, lunch=lunch, **asked) == []
    (_place, begin) = found.breaks[0]
    assert begin <= 100 or begin >= 140
    alone = trip.plan(duration, prize, iterations=300, **asked)
    assert found.prize <= alone.prize
    with pytest.raises(trip.TripInfeasible, match="leave none for lunch") as caught:
        trip.plan(duration, prize, lunch=(120, 135, 30), iterations=9, **asked)
    assert caught.value.nodes == [4]


def test_lunch_takes_little_more_than_its_length():
    """A day with lunch is worth what a day shorter by it is worth, or nearly."""
    rng = np.random.default_rng(3)
    duration, prize = plane(rng, 60), rng.uniform(1, 20, 60)
    asked = dict(service=10, iterations=3000)
    lunch = trip.plan(duration, prize, max_duration=480, lunch=(210, 300, 45), **asked)
    short = trip.plan(duration, prize, max_duration=435, **asked)
    assert lunch.prize == pytest.approx(short.prize)


def test_troubles_are_told_with_how_much():
    duration = np.full((5, 5), 10.0)
    np.fill_diagonal(duration, 0.0)
    duration[3, 4] = np.inf
    windows = [[0, 99], [0, 4], [5, 3], [0, 99], [0, 99]]
    found = trip.retime(
        duration,
        [[0, 1, 2, 0], [0, 3, 4, 0]],
        np.ones(5),
        windows=windows,
        max_duration=25,
    )
    told = {(t.kind, t.day, t.node): t.amount for t in found.troubles}
    assert told == {
        ("late", 0, 1): 6.0,
        ("closed", 0, 2): math.inf,
        ("over", 0, 0): 5.0,
        ("no road", 1, 4): math.inf,
        ("late", 1, 4): math.inf,
        ("over", 1, 0): math.inf,
    }
    assert not found.feasible


@pytest.mark.parametrize("seed", range(5))
def test_a_node_is_put_where_it_costs_least(seed):
    rng = np.random.default_rng(seed)
    duration, prize = plane(rng, 12), rng.uniform(1, 20, 12)
    routes = [[0, 1, 2, 3, 0], [0, 4, 5, 0]]
    asked = dict(max_duration=500, time_cost=0.1, lunch=(100, 200, 30))
    found = trip.insert(duration, routes, prize, 7, **asked)
    assert found.feasible
    assert [route[:1] + route[-1:] for route in found.routes] == [[0, 0], [0, 0]]
    best = -math.inf
    for day, route in enumerate(routes):
        for place in range(1, len(route)):
            changed = [*routes]
            changed[day] = route[:place] + [7] + route[place:]
            timed = trip.retime(duration, changed, prize, **asked)
            best = max(best, timed.objective if timed.feasible else -math.inf)
    assert found.objective == pytest.approx(best)
    only = trip.insert(duration, routes, prize, 7, on=[1], **asked)
    assert 7 in only.routes[1] and only.routes[0] == routes[0]


def test_a_node_that_fits_nowhere_is_put_where_it_does_least_harm():
    duration = np.full((3, 3), 10.0)
    np.fill_diagonal(duration, 0.0)
    found = trip.insert(duration, [[0, 1, 0]], np.ones(3), 2, max_duration=22)
    assert [(t.kind, t.amount) for t in found.troubles] == [("over", 8.0)]


def test_changes_by_hand_are_answered_at_once():
    """Five days of twelve stops among 300 places; goal 100 ms, counted here in calls."""
    rng = np.random.default_rng(4)
    duration, prize = plane(rng, 300), rng.uniform(1, 20, 300)
    order = iter(rng.permutation(np.arange(1, 300)).tolist())
    routes = [[0, *itertools.islice(order, 12), 0] for _day in range(5)]
    asked = dict(max_duration=900, service=5, lunch=(200, 300, 30))
    begin = time.process_time()
    for _call in range(5):
        trip.retime(duration, routes, prize, **asked)
    assert time.process_time() - begin < 0.5
    begin = time.process_time()
    trip.insert(duration, routes, prize, next(order), **asked)
    assert time.process_time() - begin < 1.0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"routes": [[0]]}, r"routes\[0\] needs a start and an end"),
        ({"routes": [[0, 1, 1, 0]]}, "place 1 is on the trip twice"),
        ({"routes": [[0, 7, 0]]}, "routes name place 7"),
        ({"lunch": (1, 2)}, "lunch must be its earliest"),
        ({"lunch": (5, 2, 1)}, r"lunch latest\[0\] must be after its earliest"),
        ({"lunch": (5, 6, -1)}, r"lunch length\[0\] must be zero or more"),
        ({"lunch": (math.nan, 6, 1)}, r"lunch earliest.* finite|number"),
        ({"max_duration": -1}, "max_duration"),
    ],
)
def test_bad_input_is_named(changes, words):
    good = dict(duration=[[0, 1], [1, 0]], routes=[[0, 1, 0]], prize=[0, 1])
    with pytest.raises(ValueError, match=words):
        trip.retime(**{**good, "max_duration": 9, **changes})
    with pytest.raises(ValueError, match="on the trip already"):
        trip.insert(good["duration"], good["routes"], good["prize"], 1, max_duration=9)
