"""What closed months teach: true effects are found, chance is not taken for one."""

import numpy as np
import pytest

from odoo.addons.territory_planning.engine import calibration, forecast
from odoo.addons.territory_planning.engine.learning import FEWEST, learn, pool

CARRY = 0.25
KNOWN = {"elasticity": 0.3, "sd": 0.1, "carry_over": CARRY}


def month(beta=0.3, trend=1.0, size=4000, calm=4.0, changed=0.5, seed=0, promised=0.3):
    """A month in which some accounts got other visits than usual, by chance."""
    rng = np.random.default_rng(seed)
    before = rng.lognormal(8, 1, size)
    usual = rng.uniform(1, 4, size)
    ratio = np.where(rng.random(size) < changed, rng.choice([0.5, 1.5, 2.0], size), 1.0)
    share = forecast.month_factor(usual * ratio, usual, beta, 0.0, carry_over=CARRY)
    sales = trend * before * share * rng.gamma(calm, 1 / calm, size)
    known = {"elasticity": promised, "sd": 0.1, "carry_over": CARRY}
    return (before, sales, usual, usual * ratio), known, trend * before * (share - 1)


def test_a_true_effect_is_found_with_its_interval():
    inside = 0
    for seed in range(40):
        data, known, true = month(seed=seed, size=1500)
        found = learn(*data, **known)
        inside += found.low[0] <= true.sum() <= found.high[0]
    assert 32 <= inside <= 40, "a 90 % interval"


def test_the_elasticity_is_that_of_the_data_not_of_the_promise():
    for beta in (0.1, 0.5):
        betas = [
            learn(*month(beta=beta, seed=seed)[0], **KNOWN).elasticity[0]
            for seed in range(10)
        ]
        assert np.mean(betas) == pytest.approx(beta, abs=0.04)


def test_a_bad_month_for_everybody_is_no_effect():
    data, known, _true = month(beta=0.3, trend=0.7)
    found = learn(*data, **known)
    assert found.trend[0] == pytest.approx(-0.3, abs=0.04)
    assert found.elasticity[0] == pytest.approx(0.3, abs=0.06)


def test_no_effect_is_not_invented():
    outside = 0
    for seed in range(40):
        data, known, _true = month(beta=0.0, seed=100 + seed, size=800)
        found = learn(*data, **known)
        outside += not found.low[0] <= 0.0 <= found.high[0]
    assert outside <= 10


def test_promised_is_what_the_curves_said():
    data, known, true = month()
    found = learn(*data, elasticity=0.3, sd=0.0, carry_over=CARRY)
    assert found.promised[0] == pytest.approx(true.sum(), rel=1e-9)


def test_too_few_say_nothing():
    data, known, _true = month(size=2 * FEWEST - 2)
    found = learn(*data, **known)
    assert np.isnan(found.realised[0]) and np.isnan(found.elasticity[0])
    assert found.changed[0] + found.unchanged[0] == 2 * FEWEST - 2


def test_groups_are_apart_and_none_is_left_out():
    data, known, _true = month(size=3000)
    group = np.arange(3000) % 3 - 1
    found = learn(*data, **known, group=group, count=3)
    alone = learn(*(column[group == 0] for column in data), **known)
    assert found.realised[0] == pytest.approx(alone.realised[0])
    assert np.isnan(found.realised[2])


def test_a_month_without_a_visit_where_there_is_seldom_one_is_no_change():
    found = learn(
        np.ones(20), np.ones(20), np.full(20, 0.2), np.zeros(20), elasticity=0.3, sd=0.1
    )
    assert found.changed[0] == 0 and found.unchanged[0] == 20


def test_months_together_are_surer_but_never_certain():
    mean, sd = pool([0.2, 0.4], [0.1, 0.1])
    assert mean == pytest.approx(0.3)
    assert sd > 0.1
    assert pool([0.3] * 10_000, [0.1] * 10_000)[1] == pytest.approx(0.1, abs=0.01)
    assert np.isnan(pool([np.nan], [0.1])[0])


def test_calibration_takes_it_in_and_says_so():
    rng = np.random.default_rng(1)
    sales, visits = rng.lognormal(7, 1, (60, 24)), np.full((60, 24), 1.0)
    segment = np.repeat([0, 1], 30)
    learnt = (np.where(segment == 0, 0.6, np.nan), np.where(segment == 0, 0.05, np.nan))
    plain = calibration.calibrate(sales, visits, segment=segment)
    found = calibration.calibrate(sales, visits, segment=segment, learnt=learnt)
    first, second = segment == 0, segment == 1
    assert (found.elasticity[first] > plain.elasticity[first] + 0.05).all()
    assert (found.sd[first] < plain.sd[first]).all()
    assert set(found.origin[first]) == {"learnt"}
    np.testing.assert_allclose(found.elasticity[second], plain.elasticity[second])
    assert set(found.origin[second]) == {"prior only"}


@pytest.mark.parametrize("bad", [np.array([0.0]), np.zeros((2, 2))])
def test_bad_input_of_what_was_learnt(bad):
    sales = np.ones((3, 24))
    with pytest.raises(ValueError, match="learnt"):
        calibration.calibrate(sales, sales, learnt=(bad, bad))


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"visits\[1\]"):
        learn([1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, -1.0], elasticity=0.3, sd=0.1)
