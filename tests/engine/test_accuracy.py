"""How good a forecast was: right figures, and no more certainty than there is."""

import numpy as np
import pytest

from odoo.addons.territory_planning.engine.accuracy import FEWEST, accuracy


def test_a_perfect_forecast():
    sales = np.arange(1.0, 11.0)
    found = accuracy(sales, sales, sales)
    assert found.error[0] == found.bias[0] == found.low[0] == found.high[0] == 0.0


def test_error_and_bias():
    found = accuracy(np.full(10, 12.0), np.full(10, 10.0), np.full(10, 11.0))
    assert found.error[0] == pytest.approx(0.2)
    assert found.bias[0] == pytest.approx(0.2)
    assert found.usual[0] == pytest.approx(0.1)


def test_who_gave_no_forecast_is_left_out():
    forecast = np.array([10.0] * 6 + [np.nan] * 4)
    found = accuracy(forecast, np.full(10, 10.0), np.full(10, 5.0))
    assert found.count[0] == 6
    assert found.error[0] == 0.0


def test_too_few_accounts_say_nothing():
    few = np.ones(FEWEST - 1)
    assert np.isnan(accuracy(few, few, few).error[0])


def test_nothing_sold():
    assert np.isnan(accuracy(np.ones(9), np.zeros(9), np.ones(9)).error[0])


def test_the_interval_holds_the_true_error():
    rng = np.random.default_rng(2)
    inside = 0
    for _ in range(200):
        truth = rng.lognormal(0, 1, 60)
        forecast = truth * rng.uniform(0.5, 1.5, 60)
        found = accuracy(forecast, truth, truth)
        inside += found.low[0] <= 0.25 <= found.high[0]
    assert inside >= 160


def test_groups():
    found = accuracy(
        np.r_[np.full(5, 2.0), np.full(5, 3.0)],
        np.ones(10),
        np.ones(10),
        group=np.r_[np.zeros(5, int), np.ones(5, int)],
        count=3,
    )
    assert found.error[:2].tolist() == [1.0, 2.0]
    assert np.isnan(found.error[2])


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"realised\[0\]"):
        accuracy([1.0], [np.nan], [1.0])
