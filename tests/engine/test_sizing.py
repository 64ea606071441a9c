"""How many reps a region can pay for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import allocation, response, sizing

SCALE = (75.36, 28.76, 36.21, 43.28, 56.65, 69.27, 63.04)


def beswick(**changes):
    data = dict(margin=0.1, hours=100.0, cost=1.0)
    return sizing.size(response.power(0, SCALE, 0.2), **{**data, **changes})


class TestBeswick:
    def test_continuous_optimum(self):
        assert beswick().optimum[0] == pytest.approx(24.2922, abs=5e-5)

    def test_whole_number_is_the_best_of_all(self):
        found = beswick()
        reps = np.arange(1, 60)
        curve = allocation.profit_curve(
            response.power(0, SCALE, 0.2), margin=0.1, budgets=100.0 * reps
        )
        profit = curve.profit - reps
        assert found.reps[0] == reps[np.argmax(profit)]
        assert found.profit[0] == pytest.approx(profit.max())
        good = reps[profit >= 0.99 * profit.max()]
        assert (found.flat_low[0], found.flat_high[0]) == (good[0], good[-1])

    @pytest.mark.parametrize("cost", [0.2, 0.5, 0.97, 3.0, 8.0, 30.0])
    def test_whole_number_at_any_cost(self, cost):
        found = beswick(cost=cost)
        reps = np.arange(0, 400)
        curve = allocation.profit_curve(
            response.power(0, SCALE, 0.2), margin=0.1, budgets=100.0 * reps
        )
        assert found.reps[0] == np.argmax(curve.profit - cost * reps)

    def test_one_more_and_one_less(self):
        found = beswick(current=[4])
        assert found.next_rep[0] == pytest.approx(83.5397 - 80.6751, abs=1e-4)
        assert found.last_rep[0] == pytest.approx(80.6751 - 76.9407, abs=1e-4)

    def test_hour_is_worth_its_cost_at_the_optimum(self):
        found = beswick(current=[24])
        assert found.shadow_price[0] * 100 > 1
        found = beswick(current=[25])
        assert found.shadow_price[0] * 100 < 1


def test_regions_are_sized_apart():
    """Two regions of one call are the two calls of one region."""
    curves = response.power(0, np.array(SCALE), 0.2)
    region = np.array([0, 0, 2, 2, 2, 0, 2])
    both = sizing.size(
        curves, margin=0.1, hours=100.0, cost=[1.0, 1.0, 0.5], group=region
    )
    for number, cost in ((0, 1.0), (2, 0.5)):
        alone = sizing.size(
            curves.take(np.flatnonzero(region == number)),
            margin=0.1,
            hours=100.0,
            cost=cost,
        )
        for name in ("reps", "profit", "flat_low", "flat_high", "next_rep"):
            assert getattr(both, name)[number] == pytest.approx(getattr(alone, name)[0])
        assert both.optimum[number] == pytest.approx(alone.optimum[0], rel=1e-6)
    assert both.reps[1] == both.profit[1] == 0


def test_region_that_cannot_pay_gets_none():
    found = sizing.size(
        response.modified_exponential(5, 1, 0.01), margin=0.1, hours=100, cost=10.0
    )
    assert found.reps[0] == 0
    assert found.next_rep[0] < 0


def test_agreed_visits_need_reps():
    """Lower bounds are kept whatever they cost."""
    curves = response.modified_exponential(5, 1, 0.01)
    found = sizing.size(curves, margin=0.1, lower=250.0, hours=100, cost=10.0)
    assert found.reps[0] == 3
    with pytest.raises(ValueError, match="paid for by 2 reps"):
        sizing.size(curves, margin=0.1, lower=250.0, hours=100, cost=10.0, most=2)


def test_s_shapes_need_a_critical_mass():
    """One rep alone loses money, five earn it: the answer is not none."""
    curves = response.adbudg(0, np.full(10, 100.0), 4, 20.0**4)
    found = sizing.size(curves, margin=1.0, hours=20.0, cost=20.0)
    reps = np.arange(0, 40)
    profit = (
        allocation.profit_curve(curves, margin=1.0, budgets=20.0 * reps).profit
        - 20.0 * reps
    )
    assert found.reps[0] == reps[np.argmax(profit)]
    assert found.profit[0] == pytest.approx(profit.max())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hours": 0.0}, r"hours\[0\] .*got 0.0"),
        ({"cost": -1.0}, r"cost\[0\] .*got -1.0"),
        ({"tolerance": 1.5}, "tolerance .*got 1.5"),
    ],
)
def test_wrong_input_is_named(changes, words):
    with pytest.raises(ValueError, match=words):
        beswick(**changes)


# ------------------------------------------------------------------- rep curve
def pools(seed):
    """Concave curves in up to four pools, and what reps are and cost there."""
    rng = np.random.default_rng(seed)
    n, count = int(rng.integers(1, 40)), int(rng.integers(1, 5))
    curves = response.stack(
        [
            response.power(0, rng.lognormal(3, 1, n), rng.uniform(0.05, 0.8, n)),
            response.modified_exponential(1, rng.lognormal(3, 1, n), 0.2),
        ]
    )
    return dict(
        curves=curves,
        margin=rng.uniform(0.1, 0.6, 2 * n),
        time_per_visit=rng.uniform(0.5, 3, 2 * n),
        upper=rng.uniform(2, 40, 2 * n),
        hours=rng.uniform(5, 60, count),
        cost=rng.lognormal(1, 1, count),
        group=rng.integers(0, count, 2 * n),
        current=rng.uniform(0, 6, count) * (rng.random(count) < 0.8),
    )


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, derandomize=True, deadline=None)
def test_rep_curve_holds_what_it_says(seed):
    case = pools(seed)
    found = sizing.rep_curve(**case)
    hours, cost = case["hours"], case["cost"]
    count = hours.size

    def profit(reps):
        budgets = np.atleast_2d(reps * hours)
        solved = allocation.profit_curve(
            **{
                name: case[name]
                for name in ("curves", "margin", "time_per_visit", "upper", "group")
            },
            budgets=budgets,
        )
        return solved.profit[0] - cost * reps

    scale = 1e-6 * np.maximum(np.abs(found.profit), 1.0)
    now = case["current"]
    assert (np.abs(found.now - now) == 0).all()
    assert (np.abs(found.profit_now - profit(now)) <= scale).all()
    one_more = profit(now + 1) - profit(now)
    one_less = profit(now) - profit(np.maximum(now - 1, 0))
    assert (np.abs(found.next_rep - one_more) <= scale).all()
    assert (np.abs(found.last_rep - one_less) <= scale).all()
    # the best of all whole numbers, and the zone around it
    most = int(found.curve_reps.max()) + 5
    table = np.array([profit(np.full(count, reps)) for reps in range(most)])
    assert (np.abs(found.profit - table.max(axis=0)) <= scale).all()
    assert (found.flat_low <= found.reps).all()
    assert (found.reps <= found.flat_high).all()
    floor = found.profit - 0.01 * np.abs(found.profit)
    for end in (found.flat_low, found.flat_high):
        assert (profit(end) >= floor - scale).all()
    outside = found.flat_low > 0
    below = profit(np.maximum(found.flat_low - 1, 0))
    assert (below < floor + scale)[outside].all()
    for pool in range(count):
        curve = found.of(pool)
        assert curve["reps"].size <= 40
        assert curve["reps"][0] == 0 and (np.diff(curve["reps"]) > 0).all()
        assert curve["reps"][-1] >= now[pool]
        assert found.reps[pool] in curve["reps"]
        assert curve["profit"].max() == pytest.approx(found.profit[pool])
        # concave: each further rep adds less
        slopes = np.diff(curve["profit"]) / np.diff(curve["reps"])
        assert (np.diff(slopes) <= 1e-6 * (1 + np.abs(slopes[:-1]))).all()
        assert np.isfinite(curve["hour"]).all()
        assert (np.diff(curve["hour"]) <= 1e-6 * (1 + curve["hour"][:-1])).all()
        # an hour is worth what the profit says, on either side of a point
        per_hour = (slopes + cost[pool]) / hours[pool]
        tolerance = 1e-6 * (1 + per_hour)
        assert (per_hour <= curve["hour"][:-1] + tolerance).all()
        assert (per_hour >= curve["hour"][1:] - tolerance).all()


def test_rep_curve_agrees_with_size():
    case = pools(7)
    curve, sized = sizing.rep_curve(**case), sizing.size(**case)
    for name in ("reps", "profit", "flat_low", "flat_high", "next_rep", "last_rep"):
        assert getattr(curve, name) == pytest.approx(getattr(sized, name)), name


def test_order_of_accounts_and_pools_does_not_matter():
    case = pools(11)
    found = sizing.rep_curve(**case)
    rng = np.random.default_rng(0)
    order = rng.permutation(len(case["curves"]))
    count = case["hours"].size
    renamed = rng.permutation(count)  # the new number of each pool
    back = np.argsort(renamed)
    other = sizing.rep_curve(
        curves=case["curves"].take(order),
        group=renamed[case["group"]][order],
        **{name: case[name][order] for name in ("margin", "time_per_visit", "upper")},
        **{name: case[name][back] for name in ("hours", "cost", "current")},
    )
    for name in ("reps", "profit", "profit_now", "next_rep", "flat_high"):
        assert getattr(other, name)[renamed] == pytest.approx(getattr(found, name)), (
            name
        )


def test_many_reps_get_a_curve_of_few_points():
    found = beswick(cost=0.001)
    curve = sizing.rep_curve(
        response.power(0, SCALE, 0.2), margin=0.1, hours=100.0, cost=0.001, points=12
    )
    assert curve.reps[0] == found.reps[0] > 1000
    assert curve.of(0)["reps"].size <= 12
    assert curve.flat_low[0] == found.flat_low[0]
    assert curve.flat_high[0] == found.flat_high[0]


def test_no_rep_yet():
    """The first hour on a vertical curve is worth more than can be said."""
    curve = sizing.rep_curve(
        response.power(0, SCALE, 0.2), margin=0.1, hours=100.0, cost=1.0
    )
    assert curve.now[0] == 0 and curve.last_rep[0] == 0
    assert curve.shadow_price[0] == pytest.approx((curve.next_rep[0] + 1) / 100)


def test_agreed_visits_are_where_a_curve_begins():
    curves = response.modified_exponential(5, 1, 0.01)
    found = sizing.rep_curve(curves, margin=0.1, lower=250.0, hours=100, cost=10.0)
    assert found.of(0)["reps"][0] == found.reps[0] == found.now[0] == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hours": 0.0}, r"hours\[0\] .*got 0.0"),
        ({"cost": np.nan}, r"cost\[0\] .*got nan"),
        ({"current": -1.0}, r"current\[0\] .*got -1.0"),
        ({"points": 2}, "points .*got 2"),
        ({"tolerance": 1.0}, "tolerance .*got 1.0"),
    ],
)
def test_wrong_input_of_a_curve_is_named(changes, words):
    case = dict(margin=0.1, hours=100.0, cost=1.0)
    with pytest.raises(ValueError, match=words):
        sizing.rep_curve(response.power(0, SCALE, 0.2), **{**case, **changes})
