"""One account looked at: what is drawn is what plans rest on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import (
    account_curve,
    allocation,
    calibration,
    response,
)
from odoo.addons.territory_planning.engine.account_curve import curve_band

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")

GRID = np.linspace(0, 6, 61)
ONE = {"sales": [100.0], "effort_now": [2.0], "elasticity": [0.3], "sd": [0.08]}


def some(count=40, seed=5):
    rng = np.random.default_rng(seed)
    return {
        "sales": rng.uniform(10, 1000, count),
        "effort_now": rng.uniform(0.1, 4, count),
        "elasticity": rng.uniform(0.05, 0.7, count),
        "sd": rng.uniform(0.01, 0.15, count),
    }


class TestCurveBand:
    def test_today_is_certain_and_expected(self):
        band = curve_band([2.0], **ONE)
        assert (band.mean[0, 0], band.low[0, 0], band.high[0, 0]) == (100, 100, 100)

    def test_is_what_gains_rest_on(self):
        """Contribution of the published gain = margin × (drawn mean − today's)."""
        rng = np.random.default_rng(2)
        visits = rng.poisson(1.5, (30, 36)).astype(float)
        sales = rng.gamma(2, 50, (30, 36)) * (1 + visits)
        known = calibration.calibrate(sales, visits)
        goal = known.effort_now * rng.uniform(0.4, 2.5, 30)
        band = curve_band(
            goal[:, None],
            sales=known.sales_expected,
            effort_now=known.effort_now,
            elasticity=known.elasticity,
            sd=known.sd,
            level_sd=known.level_sd,
        )
        gain = known.gain(goal, 0.3)
        today = known.sales_expected
        assert 0.3 * (band.mean[:, 0] - today) == pytest.approx(gain.mean)
        assert 0.3 * (band.low[:, 0] - today) == pytest.approx(gain.low)
        assert 0.3 * (band.high[:, 0] - today) == pytest.approx(gain.high)

    def test_shape_and_order(self):
        band = curve_band(GRID, **some())
        assert band.mean.shape == (40, 61)
        assert (band.low <= band.mean).all() and (band.mean <= band.high).all()
        assert (band.low >= 0).all()
        assert (np.diff(band.mean, axis=1) >= -1e-9).all()

    @given(scale=st.floats(0.01, 1000), unit=st.floats(0.05, 20))
    def test_currency_and_unit_of_effort_do_not_matter(self, scale, unit):
        usual = curve_band(GRID, **ONE)
        other = curve_band(
            GRID * unit,
            **ONE | {"sales": [100.0 * scale], "effort_now": [2.0 * unit]},
        )
        assert other.mean == pytest.approx(usual.mean * scale)
        assert other.high == pytest.approx(usual.high * scale)

    def test_accounts_do_not_touch_each_other(self):
        known = some()
        order = np.random.default_rng(1).permutation(40)
        mixed = curve_band(GRID, **{name: v[order] for name, v in known.items()})
        assert mixed.mean == pytest.approx(curve_band(GRID, **known).mean[order])

    def test_doubt_widens_the_band(self):
        narrow, wide = (curve_band(GRID, **ONE | {"sd": [sd]}) for sd in (0.02, 0.2))
        away = np.abs(GRID - 2) > 0.2
        assert ((wide.high - wide.low) > (narrow.high - narrow.low))[0, away].all()

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"sales": [-1.0]}, r"sales\[0\] .*zero or more"),
            ({"sales": [np.nan]}, r"sales\[0\] .*finite"),
            ({"effort_now": [0.0]}, r"effort_now\[0\] .*positive"),
            ({"elasticity": [1.0]}, r"elasticity\[0\] .*below 1"),
            ({"sd": [np.inf]}, r"sd\[0\] .*finite"),
        ],
    )
    def test_wrong_input_is_named(self, change, words):
        with pytest.raises(ValueError, match=words):
            curve_band(GRID, **ONE | change)

    def test_wrong_effort_is_named(self):
        with pytest.raises(ValueError, match=r"effort\[1\] .*got -1"):
            curve_band([0, -1], **ONE)
        with pytest.raises(ValueError, match=r"\(1, k\)"):
            curve_band(np.ones((2, 3)), **ONE)


class TestEvidence:
    def test_without_carry_over_it_is_the_means(self):
        sales = np.arange(12.0)[None]
        effort, sold = account_curve.evidence(sales, 2 * sales, carry_over=0)
        assert sold.tolist() == [[1, 4, 7, 10]]
        assert effort.tolist() == [[2, 8, 14, 20]]

    def test_an_incomplete_first_block_is_left_out(self):
        _effort, sold = account_curve.evidence(
            [[9, 9, 1, 1, 1]], np.zeros((1, 5)), carry_over=0.5
        )
        assert sold.tolist() == [[1]]

    def test_a_steady_rhythm_is_its_own_effort(self):
        effort, _sold = account_curve.evidence(
            np.ones((1, 24)), np.full((1, 24), 1.5), carry_over=0.75
        )
        assert effort[0] == pytest.approx(1.5)

    def test_returns_are_netted_before(self):
        _effort, sold = account_curve.evidence(
            [[30, 0, 0, 0, -30, 30]], np.zeros((1, 6)), carry_over=0.5
        )
        assert sold.tolist() == [[0, 10]]

    def test_wrong_input_is_named(self):
        with pytest.raises(ValueError, match=r"sales\[0, 1\] .*nan"):
            account_curve.evidence([[1, np.nan]], [[0, 0]], carry_over=0.5)
        with pytest.raises(ValueError, match="carry_over"):
            account_curve.evidence([[1, 1]], [[0, 0]], carry_over=1)


class TestBestEffort:
    def test_is_the_optimum_of_an_allocation(self):
        """At the shadow price of a plan each account alone wants what it was given."""
        known = some()
        margin, hours = 0.3, np.full(40, 2.0)
        unit = known["effort_now"] ** -known["elasticity"]
        curves = response.power(0, known["sales"] * unit, known["elasticity"])
        lower, upper = known["effort_now"] / 3, known["effort_now"] * 3
        found = allocation.allocate(
            curves,
            margin=margin,
            time_per_visit=hours,
            lower=lower,
            upper=upper,
            budget=1.2 * (hours * known["effort_now"]).sum(),
        )
        value = account_curve.value_of_next_hour(
            sales=known["sales"],
            effort_now=known["effort_now"],
            elasticity=known["elasticity"],
            margin_rate=margin,
            hours_per_visit=hours,
        )
        best = account_curve.best_effort(
            value,
            found.shadow_price[0],
            effort_now=known["effort_now"],
            elasticity=known["elasticity"],
            lower=lower,
            upper=upper,
        )
        assert best == pytest.approx(found.effort, rel=1e-5)

    def test_ends(self):
        bounds = {"effort_now": 1.0, "elasticity": 0.3, "lower": 0.5, "upper": 3.0}
        best = account_curve.best_effort([0.0, 5.0, 5.0, -2.0], [1, 0, 5, 0], **bounds)
        assert best.tolist() == [0.5, 3.0, 1.0, 0.5]

    def test_wrong_input_is_named(self):
        with pytest.raises(ValueError, match=r"price\[0\] .*zero or more"):
            account_curve.best_effort(
                [1.0], [-1], effort_now=1, elasticity=0.3, lower=0, upper=1
            )


class TestForgone:
    KNOWN = {"value": [60.0], "effort_now": 2.0, "elasticity": 0.3}

    def test_is_least_at_the_best(self):
        best = account_curve.best_effort(
            [60.0], 40.0, effort_now=2.0, elasticity=0.3, lower=0, upper=9
        )
        lost = [
            account_curve.forgone([x], best, price=40.0, **self.KNOWN)[0]
            for x in (0.2, 1.0, best[0], 5.0, 9.0)
        ]
        assert lost[2] == 0
        assert lost[0] > lost[1] > 0.01 and 0 < lost[3] < lost[4]

    def test_by_hand(self):
        """v·x₀/β = 400: 400·½^0.3 − 40·1 of 400 − 40·2."""
        lost = account_curve.forgone([1.0], [2.0], price=40.0, **self.KNOWN)
        assert lost[0] == pytest.approx(max(1 - (400 * 0.5**0.3 - 40) / 320, 0))

    def test_wrong_input_is_named(self):
        with pytest.raises(ValueError, match=r"effort\[0\] .*zero or more"):
            account_curve.forgone([-1.0], [2.0], price=40.0, **self.KNOWN)


class TestJudge:
    """Answers added afterwards say what answers given before would have said."""

    def test_is_what_calibrate_does(self):
        rng = np.random.default_rng(3)
        visits = rng.poisson(1.5, (25, 36)).astype(float)
        sales = rng.gamma(2, 50, (25, 36)) * (1 + visits)
        points = np.full((2, 25, 5), np.nan)
        points[0, 3] = (0.2, 0.62, 1, 1.3, 1.5)
        points[1, 3] = (0.5, 0.8, 1, 1.1, 1.2)
        points[0, 7] = (0.9, 0.95, 1, 1.02, 1.1)
        without = calibration.calibrate(sales, visits)
        together = calibration.calibrate(sales, visits, judgement=points)
        assert together.unjudged == pytest.approx(without.elasticity)
        mean, sd, weight = calibration.judge(
            together.unjudged, together.unjudged_sd, points
        )
        assert mean == pytest.approx(together.elasticity)
        assert sd == pytest.approx(together.sd)
        assert np.flatnonzero(weight).tolist() == [3, 7]
        assert mean[3] > without.elasticity[3] > 0
        assert mean[7] < without.elasticity[7]

    def test_wrong_input_is_named(self):
        with pytest.raises(ValueError, match=r"sd\[0\] .*positive"):
            calibration.judge([0.3], [0.0], None)


class TestRebase:
    SAID = (0.2, 0.62, 1, 1.30, 1.5)

    def test_same_visits_same_answers(self):
        same = calibration.rebase_judgement([self.SAID], [2.0], [2.0])
        assert same.tolist() == [list(self.SAID)]

    @given(ratio=st.floats(0.34, 2.9))
    def test_it_is_the_same_curve(self, ratio):
        """Elasticity at the new effort = slope·x/sales of the curve as judged."""
        points = calibration.rebase_judgement([self.SAID], [2.0], [2.0 * ratio])
        said, _spread = calibration.judged_elasticity(points)
        curve = calibration.from_judgement([self.SAID], effort=2.0)
        now = 2.0 * ratio
        rise = (curve.sales(now * 1.0001) - curve.sales(now * 0.9999)) / 0.0002
        # exact up to what the five points say twice
        assert said == pytest.approx(rise / curve.sales(now) * 1.0, rel=1e-2)

    def test_too_far_from_what_was_asked(self):
        points = calibration.rebase_judgement([self.SAID] * 3, [1, 1, 1], [3.1, 0.3, 2])
        assert np.isnan(points).all(axis=1).tolist() == [True, True, False]

    def test_wrong_input_is_named(self):
        with pytest.raises(ValueError, match=r"then\[0\] .*positive"):
            calibration.rebase_judgement([self.SAID], [0], [1])
        with pytest.raises(ValueError, match="above the answer before it"):
            calibration.rebase_judgement([(0.5, 0.4, 1, 1.2, 1.3)], [1], [1])

    def test_none(self):
        assert calibration.rebase_judgement(np.empty((0, 5)), [], []).shape == (0, 5)
