"""The value of asking: zero where nothing would change, larger where more is at stake."""

import numpy as np
import pytest

from odoo.addons.territory_planning.engine.asking import value_of_asking

KNOWN = {"margin_rate": 0.4, "hours_per_visit": 2.0, "hour_worth": 150.0}


def value(sales=5000.0, now=1.0, elasticity=0.31, sd=0.1, **values):
    return value_of_asking(
        np.atleast_1d(sales), now, elasticity, sd, **{**KNOWN, **values}
    )


def test_no_doubt_no_value():
    assert value(sd=0.0) == pytest.approx(0.0, abs=1e-9)


def test_no_sales_no_value():
    assert value(sales=0.0)[0] == 0.0


def test_more_doubt_is_worth_more():
    low, high = value(sd=0.05)[0], value(sd=0.15)[0]
    assert 0 < low < high


def test_more_money_is_worth_more_at_the_same_decision():
    small, large = (
        value(sales=5000.0)[0],
        value(sales=50000.0, hour_worth=1500.0)[0],
    )
    assert large == pytest.approx(10 * small)


def test_a_decision_that_stays_the_same_has_no_value():
    """An hour so dear that visits are fewest whatever is said."""
    assert value(hour_worth=1e6)[0] == pytest.approx(0.0, abs=1e-6)


def test_a_surer_judge_is_worth_more():
    assert value(judge_sd=0.05)[0] > value(judge_sd=0.3)[0]


def test_never_more_than_knowing_for_certain():
    """Against a simulation of perfect information."""
    draws = np.random.default_rng(3).normal(0.31, 0.1, 40_000)
    ratio = np.geomspace(1 / 3, 3, 41)
    log = np.log(ratio)
    shares = 0.5 * np.exp(np.outer(draws, log)) + 0.5 * (
        1 + np.outer(draws, 2 * np.tanh(0.5 * log))
    )
    net = 0.4 * 5000 * shares - 150 * 2 * ratio
    perfect = net.max(axis=1).mean() - net.mean(axis=0).max()
    assert 0 < value()[0] < perfect
    assert value(judge_sd=1e-6)[0] == pytest.approx(perfect, rel=0.05)


def test_many_accounts_at_once_are_each_alone():
    rng = np.random.default_rng(5)
    sales = rng.lognormal(8, 1, 5000)
    together = value(sales=sales)
    assert together[17] == pytest.approx(value(sales=sales[17])[0])
    assert (together >= 0).all()


@pytest.mark.parametrize(
    ("name", "bad"),
    [("now", 0.0), ("sd", -1.0), ("sales", np.nan), ("hour_worth", -1.0)],
)
def test_bad_input_is_named(name, bad):
    with pytest.raises(ValueError, match="must be"):
        value(**{name: bad})


def test_bad_damping():
    with pytest.raises(ValueError, match="damping"):
        value(damping=(2.0, 3.0))
