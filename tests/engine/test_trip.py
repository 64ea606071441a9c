"""Trips: feasible whatever the instance, as good as the best on small ones, explained."""

import itertools
import json
import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import trip

DATA = Path(os.environ.get("TERRITORY_DATA", Path(__file__).parents[3] / "shared/data"))
INSTANCES = DATA / "orienteering.json"


def plane(rng, size, side=100.0):
    """Places on a plane and the way between any two of them."""
    xy = rng.uniform(0, side, (size, 2))
    return np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))


def random_instance(seed):
    """Anything a day could look like: windows, closed days, several days, costs."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 14))
    days = int(rng.integers(1, 4))
    duration = plane(rng, size) * rng.uniform(1, 1.4, (size, size))
    np.fill_diagonal(duration, 0.0)
    if rng.random() < 0.3:
        duration[rng.random((size, size)) < 0.1] = np.inf
    start = rng.integers(0, size, days)
    end = start if rng.random() < 0.5 else rng.integers(0, size, days)
    duration[start, end] = np.where(start == end, 0.0, 40.0)
    opens = rng.uniform(0, 150, (days, size))
    windows = np.stack([opens, opens + rng.uniform(-20, 200, (days, size))], axis=-1)
    asked = dict(
        service=rng.uniform(0, 20, size),
        windows=windows if rng.random() < 0.6 else None,
        start=start,
        end=end,
        max_duration=rng.uniform(40, 300, days),
        days=days,
        distance_cost=float(rng.choice([0.0, 0.1])),
        time_cost=float(rng.choice([0.0, 0.2])),
    )
    return duration, rng.uniform(-5, 50, size).round(1), asked


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9))
def test_every_plan_is_feasible(seed):
    duration, prize, asked = random_instance(seed)
    found = trip.plan(duration, prize, seed=seed % 7, iterations=30, **asked)
    assert trip.verify(found, duration, prize, **asked) == []
    assert found.prize <= found.bound + 1e-6
    ends = {*np.ravel(asked["start"]), *np.ravel(asked["end"])}
    told = {left.node for left in found.left_out}
    stops = {node for route in found.routes for node in route[1:-1]}
    assert told | stops | ends == set(range(len(prize)))


def exhaustive(duration, prize, limit, service, windows):
    """Most prize of a round trip from place 0, by trying all."""
    best = 0.0
    others = range(1, len(prize))
    for count in range(len(prize)):
        for order in itertools.permutations(others, count):
            clock, good, before = 0.0, True, 0
            for node in order:
                clock = max(clock + duration[before, node], windows[node, 0])
                if clock > windows[node, 1]:
                    good = False
                    break
                clock += service[node]
                before = node
            if good and clock + duration[before, 0] <= limit:
                best = max(best, prize[list(order)].sum())
    return best


@pytest.mark.parametrize("seed", range(12))
def test_small_trips_are_the_best_there_are(seed):
    rng = np.random.default_rng(seed)
    size = 7
    duration = plane(rng, size).round(1)
    prize = np.r_[0, rng.integers(1, 30, size - 1)].astype(float)
    service = rng.uniform(0, 10, size).round(1)
    opens = rng.uniform(0, 100, size).round(1)
    windows = np.column_stack([opens, opens + 120])
    limit = float(rng.uniform(150, 300))
    asked = dict(service=service, windows=windows, max_duration=limit)
    found = trip.plan(duration, prize, iterations=400, **asked)
    assert found.prize == pytest.approx(
        exhaustive(duration, prize, limit, service, windows)
    )


def test_the_same_seed_gives_the_same_trip():
    rng = np.random.default_rng(3)
    duration, prize = plane(rng, 60), rng.uniform(1, 20, 60)
    runs = [
        trip.plan(duration, prize, max_duration=250, seed=5, iterations=200)
        for _ in range(2)
    ]
    assert runs[0].routes == runs[1].routes
    assert runs[0].arrival == runs[1].arrival


def test_more_search_is_not_worse_and_beats_greedy():
    rng = np.random.default_rng(4)
    duration, prize = plane(rng, 80), rng.uniform(1, 20, 80)
    prizes = [
        trip.plan(duration, prize, max_duration=250, iterations=n).prize
        for n in (0, 500, 2000)
    ]
    assert prizes == sorted(prizes)
    assert prizes[2] > prizes[0] * 1.02


def test_more_hours_never_bring_less_than_the_same_trip():
    rng = np.random.default_rng(5)
    duration, prize = plane(rng, 30), rng.uniform(1, 20, 30)
    short = trip.plan(duration, prize, max_duration=150, iterations=1500)
    long = trip.plan(duration, prize, max_duration=300, iterations=1500)
    assert long.prize > short.prize
    assert trip.verify(short, duration, prize, max_duration=300) == []


def test_a_stop_must_earn_its_detour():
    duration = np.array([[0, 1, 50], [1, 0, 50], [50, 50, 0]], dtype=float)
    prize = [0, 10, 60]
    rich = trip.plan(duration, prize, max_duration=500, iterations=50)
    assert sorted(rich.routes[0][1:-1]) == [1, 2]
    dear = trip.plan(duration, prize, max_duration=500, iterations=50, time_cost=1)
    assert dear.routes[0] == [0, 1, 0]
    (left,) = dear.left_out
    assert (left.node, left.reason) == (2, "not worth it")
    assert left.detour == pytest.approx(99)  # 1 → 2 → 0 instead of 1 → 0
    assert left.price == pytest.approx(60 / 99)
    assert dear.objective == pytest.approx(10 - 2)


def test_money_may_be_counted_in_any_currency():
    rng = np.random.default_rng(6)
    duration, prize = plane(rng, 40), rng.uniform(1, 20, 40)
    asked = dict(max_duration=200, iterations=300)
    one = trip.plan(duration, prize, time_cost=0.02, **asked)
    other = trip.plan(duration, prize * 1024, time_cost=0.02 * 1024, **asked)
    assert one.routes == other.routes


def test_reasons_of_those_left_out():
    duration = np.full((6, 6), 10.0)
    np.fill_diagonal(duration, 0.0)
    duration[:, 2] = np.inf
    windows = np.tile([0.0, 1000.0], (6, 1))
    windows[3] = [1, 5]  # over before one can be there
    found = trip.plan(
        duration,
        [0, 50, 10, 10, -1, 1],
        windows=windows,
        max_duration=20,
        iterations=20,
    )
    reasons = {left.node: left.reason for left in found.left_out}
    assert found.routes == [[0, 1, 0]]
    assert reasons == {2: "unreachable", 3: "closed", 4: "no prize", 5: "no time"}


def test_visits_that_must_be_made_come_first():
    rng = np.random.default_rng(7)
    duration, prize = plane(rng, 40), rng.uniform(5, 20, 40)
    prize[[8, 9]] = [0.0, -3.0]
    found = trip.plan(
        duration, prize, max_duration=300, must_visit=[8, 9], iterations=300
    )
    stops = found.routes[0]
    assert 8 in stops and 9 in stops


def test_a_visit_that_cannot_be_made_is_named():
    duration = np.full((3, 3), 10.0)
    np.fill_diagonal(duration, 0.0)
    with pytest.raises(
        trip.TripInfeasible, match=r"\[2\] cannot be visited while open"
    ):
        trip.plan(
            duration,
            [0, 1, 1],
            windows=[[0, 99], [0, 99], [2, 4]],
            max_duration=99,
            must_visit=[2],
        )
    with pytest.raises(trip.TripInfeasible, match="cannot be reached") as caught:
        trip.plan(duration, [0, 1, 1], max_duration=15, must_visit=[1])
    assert caught.value.nodes == [1]
    with pytest.raises(trip.TripInfeasible, match="do not fit together"):
        trip.plan(duration, [0, 1, 1], max_duration=25, must_visit=[1, 2], iterations=9)


def test_an_appointment_is_a_window_and_a_must():
    rng = np.random.default_rng(8)
    duration, prize = plane(rng, 30), rng.uniform(5, 20, 30)
    windows = np.tile([0.0, np.inf], (30, 1))
    windows[4] = [100, 100]
    found = trip.plan(
        duration,
        prize,
        windows=windows,
        max_duration=250,
        must_visit=[4],
        iterations=200,
    )
    (route,), (arrival,) = found.routes, found.arrival
    assert arrival[route.index(4)] == pytest.approx(100)


def test_several_reps_share_no_visit():
    rng = np.random.default_rng(9)
    duration, prize = plane(rng, 50), rng.uniform(5, 20, 50)
    found = trip.plan(
        duration,
        prize,
        start=[0, 1, 2],
        end=[0, 1, 2],
        max_duration=[120, 160, 0],
        days=3,
        iterations=300,
    )
    stops = [node for route in found.routes for node in route[1:-1]]
    assert len(stops) == len(set(stops)) > 4
    assert found.routes[2] == [2, 2]


def test_stopping_early_keeps_the_best_so_far():
    rng = np.random.default_rng(10)
    duration, prize = plane(rng, 50), rng.uniform(5, 20, 50)
    told = []
    found = trip.plan(
        duration,
        prize,
        max_duration=200,
        iterations=10_000,
        progress=lambda share, best: told.append((share, best)) or len(told) == 2,
    )
    assert found.iterations == 200
    assert found.objective == pytest.approx(told[-1][1])
    assert trip.verify(found, duration, prize, max_duration=200) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"duration": [[0, -1], [1, 0]]}, "duration from place 0 to 1 .* got -1"),
        ({"duration": [[0, math.nan], [1, 0]]}, "duration from place 0 to 1"),
        ({"duration": [[0, 1]]}, r"duration must have shape \(m, m\)"),
        ({"prize": [0, math.nan]}, r"prize\[1\] must be a finite number"),
        ({"prize": [0, 1, 2]}, "prize must have length 2"),
        ({"service": [0, -1]}, r"service\[1\] must be zero or more"),
        ({"windows": [[0, 1], [math.nan, 2]]}, "windows of place 1, day 0"),
        ({"start": 5}, "start is place 5, there are 2"),
        ({"must_visit": [7]}, "must_visit names place 7"),
        ({"max_duration": math.inf}, r"max_duration\[0\] must be zero or more and fin"),
        ({"max_duration": 0.5, "end": 1}, r"max_duration\[0\] is 0.5, but the way"),
        ({"days": 0}, "days must be a whole number from 1"),
        ({"time_cost": -1}, "time_cost must be zero or more"),
    ],
)
def test_bad_input_is_named(changes, words):
    good = dict(duration=[[0, 1], [1, 0]], prize=[0, 1], max_duration=5, iterations=1)
    with pytest.raises(ValueError, match=words):
        trip.plan(**{**good, **changes})


def test_the_verifier_notices():
    duration = np.array([[0, 1, 2], [1, 0, 2], [2, 2, 0]], dtype=float)
    found = trip.plan(duration, [0, 1, 1], max_duration=9, iterations=5)
    good = dict(duration=duration, prize=[0, 1, 1], max_duration=9)
    assert trip.verify(found, **good) == []
    assert trip.verify(found, **{**good, "max_duration": 4}) == ["day 0 ends too late"]
    assert "the prize is 6.0, not 2.0" in trip.verify(
        found, **{**good, "prize": [0, 3, 3]}
    )
    assert trip.verify(found, **good, service=1)  # other times
    assert trip.verify(found, **good, start=1)


@pytest.mark.skipif(not INSTANCES.exists(), reason=f"{INSTANCES} is not there")
def test_public_instances_within_four_percent():
    for case in json.loads(INSTANCES.read_text()):
        xy = np.array(case["xy"])
        way = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) * case["scale"]
        rounding = {"round": lambda v: np.floor(v + 0.5), "ceil": np.ceil}
        way = rounding.get(case["rounding"], np.floor)(way)
        windows = None
        if "open" in case:
            windows = np.column_stack([case["open"], case["close"]])
        asked = dict(
            service=case.get("service", 0),
            windows=windows,
            start=case["start"],
            end=case["end"],
            max_duration=case["max_duration"],
            days=case["days"],
        )
        found = trip.plan(way, case["prize"], iterations=4000, **asked)
        assert trip.verify(found, way, case["prize"], **asked) == []
        assert found.prize >= 0.94 * case["reference"], case["name"]
        assert found.prize <= 1.001 * case["reference"], case["name"]
