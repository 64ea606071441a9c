"""Nights on the way: feasible days, each begun where the last one ended, worth it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import trip

from .test_trip import plane


def towns_with_customers(seed, per_town=6, far=200.0):
    """Home, four towns in a row, customers around each; a hotel in each town.

    :return: duration, prize, hotels, where each customer's town is
    """
    rng = np.random.default_rng(seed)
    towns = np.array([[far + 60.0 * number, 0.0] for number in range(4)])
    customers = np.repeat(towns, per_town, axis=0)
    customers = customers + rng.normal(0, 4, customers.shape)
    xy = np.vstack([[0.0, 0.0], towns, customers])
    duration = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    prize = np.r_[np.zeros(5), rng.uniform(20, 40, len(customers))]
    return duration, prize, np.arange(1, 5)


def joined(found, start=0, end=0):
    """Whether each day begins where the last one ended."""
    assert found.routes[0][0] == start and found.routes[-1][-1] == end
    for one, other in zip(found.routes, found.routes[1:], strict=False):
        assert one[-1] == other[0]
    return [route[-1] for route in found.routes[:-1]]


def test_a_night_out_saves_the_way_home_and_back():
    duration, prize, hotels = towns_with_customers(1)
    asked = dict(max_duration=480, days=3, service=45, iterations=400)
    away = trip.plan_nights(duration, prize, nights=hotels, **asked)
    home = trip.plan(duration, prize, **asked)
    nights = joined(away)
    assert set(nights) <= set(hotels.tolist())
    assert away.prize > 1.5 * home.prize
    ends = dict(start=[0, *nights], end=[*nights, 0])
    asked.pop("iterations")
    assert trip.verify(away, duration, prize, **ends, **asked) == []


def test_the_hotel_is_near_the_last_stop():
    duration, prize, hotels = towns_with_customers(2)
    found = trip.plan_nights(
        duration,
        prize,
        nights=hotels,
        max_duration=480,
        days=3,
        service=45,
        iterations=400,
    )
    for route in found.routes[:-1]:
        assert duration[route[-2], route[-1]] < 30


def test_a_dear_night_is_spent_at_home():
    duration, prize, hotels = towns_with_customers(3, far=60.0)
    asked = dict(nights=hotels, max_duration=480, days=2, service=45, iterations=200)
    dear = trip.plan_nights(duration, prize, night_cost=10_000, **asked)
    assert joined(dear) == [0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_every_trip_with_nights_is_feasible(seed):
    rng = np.random.default_rng(seed)
    size, days = int(rng.integers(5, 16)), int(rng.integers(2, 4))
    duration = plane(rng, size)
    opens = rng.uniform(0, 150, (days, size))
    prize = rng.uniform(-5, 50, size)
    asked = dict(
        service=rng.uniform(0, 20, size),
        windows=np.stack([opens, opens + rng.uniform(-20, 200, (days, size))], axis=-1),
        max_duration=rng.uniform(200, 300, days),
        days=days,
        time_cost=float(rng.choice([0.0, 0.1])),
        lunch=(100, 150, 30) if rng.random() < 0.5 else None,
    )
    end = int(rng.integers(0, size))
    nights = rng.choice(size, 3, replace=False)
    found = trip.plan_nights(
        duration, prize, nights=nights, end=end, iterations=20, night_cost=5, **asked
    )
    places = joined(found, end=end)
    assert set(places) <= {0, *nights.tolist()}
    ends = dict(start=[0, *places], end=[*places, end])
    assert trip.verify(found, duration, prize, **ends, **asked) == []


def test_the_same_seed_gives_the_same_nights():
    duration, prize, hotels = towns_with_customers(4)
    runs = [
        trip.plan_nights(
            duration, prize, nights=hotels, max_duration=400, days=3, iterations=100
        )
        for _run in range(2)
    ]
    assert runs[0].routes == runs[1].routes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"days": 1}, "days must be a whole number from 2"),
        ({"nights": []}, "nights must name one place"),
        ({"nights": [9]}, "nights names place 9"),
        ({"max_duration": 30}, r"max_duration\[0\] is 30"),
    ],
)
def test_bad_input_is_named(changes, words):
    duration = np.full((4, 4), 40.0)
    np.fill_diagonal(duration, 0.0)
    good = dict(nights=[1], days=2, max_duration=99, iterations=1, end=3)
    with pytest.raises(ValueError, match=words):
        trip.plan_nights(duration, np.ones(4), **{**good, **changes})
