"""How many reps a region can pay for."""

import numpy as np
import pytest

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
