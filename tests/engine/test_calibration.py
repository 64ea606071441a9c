"""Where curves come from: closed forms, recovery of simulated truth, honesty."""

import importlib.util
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import _panel, calibration, response
from odoo.addons.territory_planning.engine.calibration import Prior, calibrate

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")

NORTH, SOUTH = (0.2, 0.62, 1, 1.30, 1.5), (0.3, 0.70, 1, 1.15, 1.4)


# ------------------------------------------------------------------- judgement
class TestFromJudgement:
    """Lodish's five questions."""

    def test_callplan(self):
        curves = calibration.from_judgement([NORTH, SOUTH])
        assert curves.shape == pytest.approx([2.611898, 1.630249], abs=5e-7)
        assert curves.half == pytest.approx([0.625, 0.571429], abs=5e-7)

    def test_curve_passes_today_floor_and_ceiling(self):
        curves = calibration.from_judgement(
            [NORTH, SOUTH], effort=[4, 6], sales=[60, 50]
        )
        assert curves.sales([4, 6]) == pytest.approx([60, 50])
        assert curves.sales(0) == pytest.approx([12, 15])
        assert curves.sales(np.inf) == pytest.approx([90, 70])

    @given(
        none=st.floats(0, 0.95),
        most=st.floats(1.05, 5),
        shape=st.floats(0.2, 4),
    )
    @settings(max_examples=60)
    def test_round_trip(self, none, most, shape):
        """Answers read off such a curve give it back to 1e−6."""
        half = (most - 1) / (1 - none)
        truth = response.adbudg(none, most, shape, half)
        answers = [[none, *(truth.sales(x)[0] for x in (0.5, 1, 1.5)), most]]
        found = calibration.from_judgement(answers)
        assert found.shape[0] == pytest.approx(shape, rel=1e-6)
        assert found.half[0] == pytest.approx(half, rel=1e-6)

    def test_elasticity_is_the_curve_s_own(self):
        said, spread = calibration.judged_elasticity([NORTH, SOUTH])
        curves = calibration.from_judgement([NORTH, SOUTH])
        assert said == pytest.approx(curves.slope(1.0))
        assert spread.tolist() == [0, 0]

    def test_judges_are_pooled_by_their_median(self):
        wild = (0.0, 0.2, 1, 2.5, 4)
        judges = np.array([[NORTH], [SOUTH], [wild], [[np.nan] * 5]])
        curves = calibration.from_judgement(judges)
        assert curves.top[0] == 1.5
        said, spread = calibration.judged_elasticity(judges)
        each = calibration.judged_elasticity(judges[:3, 0])[0]
        assert said[0] == pytest.approx(np.median(each))
        assert spread[0] == pytest.approx(np.std(each, ddof=1) / np.sqrt(3))

    @pytest.mark.parametrize(
        ("points", "words"),
        [
            ([NORTH, (0.2, 0.1, 1, 1.3, 1.5)], r"points\[1, 1\] .*got 0.1"),
            ([(0.2, 0.6, 1, 1.6, 1.5)], r"points\[0, 4\] .*got 1.5"),
            ([(0.2, 0.6, 1.1, 1.3, 1.5)], r"points\[:, 2\]\[0\] .*got 1.1"),
            ([(-0.1, 0.6, 1, 1.3, 1.5)], r"points\[0, 0\] .*got -0.1"),
            ([(0.2, np.nan, 1, 1.3, 1.5)], r"points\[0, 1\] .*got nan"),
            ([(1, 2, 3)], "shape"),
        ],
    )
    def test_refused(self, points, words):
        with pytest.raises(ValueError, match=words):
            calibration.from_judgement(points)


class TestFitAdbudg:
    """Least squares through points."""

    EFFORT = np.arange(0, 225, 25) / 100
    SALES = np.array([50, 53, 55, 75, 100, 120, 127, 132, 135]) / 100

    def test_crawford(self):
        fit = calibration.fit_adbudg(self.EFFORT, self.SALES)
        assert fit.shape[0] == pytest.approx(4.51534, abs=2e-5)
        assert fit.half[0] == pytest.approx(0.73357, abs=5e-6)
        assert fit.base[0] == pytest.approx(0.51090, abs=5e-6)
        assert fit.top[0] == pytest.approx(1.37058, abs=5e-6)
        assert fit.sse[0] == pytest.approx(8.4284e-4, abs=5e-9)
        assert fit.sales(1.15)[0] == pytest.approx(1.12925, abs=5e-6)

    def test_units(self):
        """Money in thousands, effort in visits: the same curve."""
        fit = calibration.fit_adbudg(8 * self.EFFORT, 5000 * self.SALES)
        assert fit.sales(8 * 1.15)[0] == pytest.approx(5000 * 1.12925, rel=1e-5)

    @given(
        base=st.floats(0, 50),
        rise=st.floats(5, 200),
        shape=st.floats(0.6, 4),
        half=st.floats(0.5, 2),
    )
    @settings(max_examples=15)
    def test_round_trip(self, base, rise, shape, half):
        truth = response.adbudg(base, base + rise, shape, half**shape)
        effort = np.array([0, 0.3, 0.6, 1, 1.5, 2.5, 4, 8])
        sales = truth.sales(effort[:, None])[:, 0]
        fit = calibration.fit_adbudg(effort, sales)
        assert fit.sales(effort[:, None])[:, 0] == pytest.approx(sales, rel=1e-6)
        assert fit.shape[0] == pytest.approx(shape, rel=1e-4)

    def test_several_at_once(self):
        fit = calibration.fit_adbudg(self.EFFORT, [self.SALES, 2 * self.SALES])
        assert fit.top[1] == pytest.approx(2 * fit.top[0])
        assert len(fit) == 2

    @pytest.mark.parametrize(
        ("effort", "sales", "words"),
        [
            ([0, 1, 2, np.nan], [1, 2, 3, 4], r"effort\[3\] .*got nan"),
            ([0, 1, 2, 3], [1, 2, 3, np.inf], r"sales\[0, 3\] .*got inf"),
            ([0, 1, 2, 2], [1, 2, 3, 4], "four different"),
            ([0, 1, 2], [1, 2, 3, 4], "do not fit"),
            ([-1, 1, 2, 3], [1, 2, 3, 4], r"effort\[0\] .*got -1.0"),
        ],
    )
    def test_refused(self, effort, sales, words):
        with pytest.raises(ValueError, match=words):
            calibration.fit_adbudg(effort, sales)


# --------------------------------------------------------------------- history
def simulate(
    rng,
    n,
    periods=36,
    elasticity=0.31,
    chasing=0.0,
    noise=0.5,
    lumpy=True,
    spread=0.8,
):
    """A panel that follows the model: sales respond to last month's goodwill.

    Visits follow a demand shock with memory that the data do not show.
    """
    base = rng.lognormal(8, 1, n)
    level = rng.gamma(2, 0.5, n) + 0.1
    memory, shock = 0.8, np.zeros((n, periods + 12))
    for period in range(1, periods + 12):
        shock[:, period] = memory * shock[:, period - 1]
        shock[:, period] += np.sqrt(1 - memory**2) * rng.normal(0, 1, n)
    # reps shift their attention from one account to another now and then
    wave = np.repeat(rng.normal(0, spread, (n, (periods + 12) // 6 + 1)), 6, axis=1)
    rate = level[:, None] * np.exp(wave[:, : periods + 12] + chasing * shock)
    effort = rng.poisson(rate).astype(float)
    stock, state = np.zeros_like(effort), level.copy()
    for period in range(periods + 12):
        stock[:, period] = state
        state = 0.75 * state + 0.25 * effort[:, period]
    season = 1 + 0.3 * np.sin(np.arange(periods + 12) / 6 * np.pi)
    mean = base[:, None] * (stock / level[:, None] + 0.02) ** np.reshape(
        elasticity, (-1, 1)
    )
    mean = mean * season * np.exp(noise * 0.5 * shock * (chasing > 0))
    sales = mean
    if lumpy:
        orders = rng.poisson(1.2, mean.shape)
        sales = mean * rng.gamma(np.maximum(2 * orders, 1e-9)) / 2.4 * (orders > 0)
    return sales[:, 12:], effort[:, 12:]


class TestHistory:
    """Recovery of a known elasticity, in spite of everything."""

    def test_without_noise_the_slope_is_exact(self):
        """Sales that follow the model to the letter: the elasticity comes back."""
        rng = np.random.default_rng(1)
        effort = rng.poisson(1.5, (40, 36)).astype(float)
        stock = _panel.stock(effort, 0.75, 1) + _panel.HALF_VISIT
        season = np.exp(rng.normal(0, 0.3, 36))
        sales = rng.lognormal(8, 1, (40, 1)) * stock**0.37 * season
        fit = _panel.fit(sales, effort, np.zeros(40, int), 0.75, 1)
        assert fit.slope[0] == pytest.approx(0.37, abs=1e-6)
        assert fit.chasing[0] == pytest.approx(0, abs=1e-6)
        assert fit.own == pytest.approx(np.full(40, 0.37), abs=1e-6)
        assert fit.periods.tolist() == [35] * 40

    @pytest.mark.parametrize("truth", [0.15, 0.45])
    def test_history_moves_the_prior_towards_the_truth(self, truth):
        rng = np.random.default_rng(2)
        sales, effort = simulate(rng, 1500, elasticity=truth)
        known = calibrate(sales, effort)
        mean = known.elasticity.mean()
        assert abs(mean - truth) < 0.6 * abs(0.31 - truth)
        assert set(known.origin) == {"history"}
        assert (known.sample_size == 35).mean() > 0.99

    def test_chasing_is_measured_and_taken_off(self):
        """Visits do nothing, but go where demand is: naive slopes are far off."""
        rng = np.random.default_rng(3)
        sales, effort = simulate(
            rng, 2000, elasticity=0.0, chasing=0.8, spread=0.3, noise=1.2
        )
        fit = _panel.fit(sales, effort, np.zeros(2000, int), 0.75, 1)
        naive = fit.slope[0] + fit.chasing[0]
        assert naive > 0.15
        assert fit.chasing[0] > 3 * fit.chasing_sd[0]
        assert abs(fit.slope[0]) < 0.3 * naive
        free = simulate(rng, 2000, elasticity=0.0, chasing=0.0)
        fit = _panel.fit(*free, np.zeros(2000, int), 0.75, 1)
        assert abs(fit.chasing[0]) < 3 * fit.chasing_sd[0]

    def test_standard_errors_are_honest(self):
        """(slope − truth)/error scatters like a standard normal."""
        scores = []
        for seed in range(60):
            data = simulate(np.random.default_rng(300 + seed), 150, elasticity=0.3)
            fit = _panel.fit(*data, np.zeros(150, int), 0.75, 1)
            scores.append((fit.slope[0] - 0.3) / fit.slope_sd[0])
        assert 0.75 < np.std(scores) < 1.35
        assert abs(np.mean(scores)) < 0.9

    def test_own_slopes_scatter_around_the_corrected_one(self):
        rng = np.random.default_rng(3)
        sales, effort = simulate(rng, 2000, elasticity=0.3, chasing=0.8, noise=1.2)
        fit = _panel.fit(sales, effort, np.zeros(2000, int), 0.75, 1)
        weight = 1 / fit.own_sd**2
        own = (weight * fit.own).sum() / weight.sum()
        assert own == pytest.approx(fit.slope[0], abs=0.4 * fit.chasing[0])

    def test_segments_are_told_apart(self):
        rng = np.random.default_rng(4)
        segment = np.repeat([7, 3], 1500)
        truth = np.where(segment == 7, 0.45, 0.15)
        sales, effort = simulate(rng, 3000, elasticity=truth)
        known = calibrate(sales, effort, segment=segment)
        high = known.elasticity[segment == 7].mean()
        assert high - known.elasticity[segment == 3].mean() > 0.1

    def test_history_is_never_trusted_alone(self):
        """A floor under the variance: endless data leave a doubt of the prior's size."""
        rng = np.random.default_rng(5)
        sales, effort = simulate(rng, 6000, elasticity=0.31, lumpy=False)
        known = calibrate(sales, effort)
        assert known.sd_common.min() > 0.5 * Prior().bias_sd
        loose = calibrate(sales, effort, prior=Prior(bias_sd=0))
        assert loose.sd_common.max() < 0.5 * known.sd_common.min()

    def test_intervals_cover_the_truth(self):
        """90 % intervals cover 85–95 % when truth is drawn from the prior."""
        covered = []
        for seed in range(60):
            rng = np.random.default_rng(100 + seed)
            mean = rng.normal(0.31, 0.1 * np.sqrt(0.6))
            truth = np.clip(mean + rng.normal(0, 0.1 * np.sqrt(0.4), 150), 0.01, 0.9)
            data = simulate(rng, 150, elasticity=truth, chasing=rng.uniform(0, 0.6))
            known = calibrate(*data)
            off = np.abs(known.elasticity - truth)
            covered.append((off <= calibration.Z90 * known.sd).mean())
        assert 0.85 <= np.mean(covered) <= 0.95

    def test_estimates_beat_the_prior(self):
        """Closer to the truth than knowing nothing, company by company on average."""
        ours, prior = [], []
        for seed in range(30):
            rng = np.random.default_rng(200 + seed)
            mean = rng.normal(0.31, 0.08)
            truth = np.clip(mean + rng.normal(0, 0.06, 400), 0.01, 0.9)
            known = calibrate(*simulate(rng, 400, elasticity=truth, chasing=0.3))
            ours.append(np.mean((known.elasticity - truth) ** 2))
            prior.append(np.mean((0.31 - truth) ** 2))
        assert np.mean(ours) < 0.9 * np.mean(prior)


class TestOrigin:
    """What the result says it rests on."""

    def constant(self, n=20):
        sales = np.random.default_rng(0).lognormal(5, 1, (n, 24))
        return sales, np.ones((n, 24))

    def test_prior_only(self):
        known = calibrate(*self.constant())
        assert set(known.origin) == {"prior only"}
        assert known.elasticity == pytest.approx(np.full(20, 0.31))
        assert known.sd == pytest.approx(np.full(20, 0.10))
        assert known.sample_size.tolist() == [0] * 20

    def test_judgement_by_precision(self):
        points = np.full((20, 5), np.nan)
        points[3] = SOUTH
        known = calibrate(*self.constant(), judgement=points)
        assert known.origin[3] == "judgement"
        assert set(np.delete(known.origin, 3)) == {"prior only"}
        said = calibration.judged_elasticity([SOUTH])[0][0]
        prior, doubt = 0.10**2, Prior().judge_sd ** 2
        weight = prior / (prior + doubt)
        assert known.elasticity[3] == pytest.approx(
            (1 - weight) * 0.31 + weight * said, rel=1e-9
        )
        assert known.sd[3] < 0.10

    def test_judges_who_disagree_weigh_less(self):
        one = np.full((20, 5), np.nan)
        one[3] = NORTH
        other = np.full((20, 5), np.nan)
        other[3] = (0.9, 0.95, 1, 1.04, 1.1)
        agreed = calibrate(*self.constant(), judgement=np.array([one, one]))
        apart = calibrate(*self.constant(), judgement=np.array([one, other]))
        assert apart.sd[3] > agreed.sd[3]

    def test_mixed(self):
        rng = np.random.default_rng(2)
        sales, effort = simulate(rng, 800, elasticity=0.4)
        points = np.tile(SOUTH, (800, 1))
        known = calibrate(sales, effort, judgement=points)
        assert set(known.origin) == {"mixed"}

    def test_prior_may_be_set(self):
        known = calibrate(*self.constant(), prior=Prior(mean=0.2, sd=0.05))
        assert known.elasticity[0] == pytest.approx(0.2)
        assert known.sd[0] == pytest.approx(0.05)

    def test_bad_judgement_names_account_and_question(self):
        points = np.full((20, 5), np.nan)
        points[7] = (0.2, 0.1, 1, 1.3, 1.5)
        with pytest.raises(ValueError, match=r"judgement\[7, 1\] .*got 0.1"):
            calibrate(*self.constant(), judgement=points)
        points[7] = (0.2, np.nan, 1, 1.3, 1.5)
        with pytest.raises(ValueError, match=r"judgement\[7, 1\] .*got nan"):
            calibrate(*self.constant(), judgement=points)


class TestToday:
    """Where the curve is anchored."""

    def data(self):
        rng = np.random.default_rng(0)
        sales = rng.gamma(2, 50, (30, 36))
        effort = rng.poisson(2, (30, 36)).astype(float)
        effort[4, -12:] = 0
        sales[5] = 0
        sales[6, -12:] = 0
        return sales, effort

    def test_means_of_the_last_twelve_periods(self):
        sales, effort = self.data()
        known = calibrate(sales, effort)
        assert known.sales_now == pytest.approx(sales[:, -12:].mean(axis=1))
        usual = np.delete(np.arange(30), 4)
        assert known.effort_now[usual] == pytest.approx(
            effort[usual, -12:].mean(axis=1)
        )
        assert known.curves.sales(known.effort_now) == pytest.approx(known.sales_now)
        assert known.lower == pytest.approx(known.effort_now / 3)
        assert known.upper == pytest.approx(known.effort_now * 3)

    def test_never_visited_counts_as_half_a_visit_a_year(self):
        known = calibrate(*self.data())
        assert known.effort_now[4] == pytest.approx(0.5 / 12)
        assert known.never_visited.nonzero()[0].tolist() == [4]

    def test_nothing_sold_nothing_expected(self):
        known = calibrate(*self.data())
        assert known.sales_expected[[5, 6]].tolist() == [0, 0]
        assert known.sample_size[5] == 0

    def test_luck_is_taken_out(self):
        """Equal accounts, lumpy orders: what is expected is closer to the truth."""
        rng = np.random.default_rng(1)
        truth = rng.lognormal(5, 0.5, 400)
        orders = rng.poisson(0.3, (400, 36))
        sales = truth[:, None] * orders / 0.3
        effort = rng.poisson(1, (400, 36)).astype(float)
        known = calibrate(sales, effort)
        sold = known.sales_now > 0
        off_now = (known.sales_now - truth)[sold]
        off = (known.sales_expected - truth)[sold]
        assert np.mean(off**2) < 0.4 * np.mean(off_now**2)
        assert known.sales_expected[sold].mean() == pytest.approx(
            truth[sold].mean(), rel=0.1
        )

    def test_sales_are_brought_to_today_s_visits(self):
        """Visits halved a year ago: what was sold before is not expected again."""
        rng = np.random.default_rng(1)
        effort = np.full((200, 36), 4.0)
        effort[:100, -12:] = 2.0
        sales = rng.gamma(50, 20, (200, 36))
        known = calibrate(sales, effort)
        fewer = known.sales_expected[:100].mean() / known.sales_expected[100:].mean()
        assert 2**-0.31 < fewer < 0.95
        assert known.sales_expected[100:].mean() == pytest.approx(1000, rel=0.02)

    def test_returns_are_netted(self):
        """A credit note belongs to the order before it; totals stay."""
        sales, effort = self.data()
        sales[0, 20] = 500
        sales[0, 22] = -400
        known = calibrate(sales, effort)
        assert np.isfinite(known.elasticity).all()
        assert known.sales_now[0] == pytest.approx(
            sales[0, -12:].sum() / 12 if sales[0, -12:].min() >= 0 else 0, abs=60
        )
        all_back = calibrate(-sales, effort)
        assert (all_back.sales_now == 0).all()
        netted = _panel.settle_returns(
            np.array([[5, 10, 0, -12, 4], [-3, 5, 0, 0, 1.0]])
        )
        assert netted.tolist() == [[3, 0, 0, 0, 4], [0, 2, 0, 0, 1]]

    @pytest.mark.parametrize("n", [0, 1, 2])
    @pytest.mark.parametrize("periods", [0, 1, 5, 36])
    def test_few_accounts_and_periods(self, n, periods):
        rng = np.random.default_rng(0)
        known = calibrate(
            rng.gamma(1, 9, (n, periods)), rng.poisson(1, (n, periods)).astype(float)
        )
        assert len(known) == n
        assert np.isfinite(known.elasticity).all()
        assert known.gain(known.upper, 0.3).mean.shape == (n,)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"sales": np.full((2, 3), np.nan)}, r"sales\[0, 0\] .*got nan"),
            ({"effort": [[1, 1, 1], [1, np.inf, 1]]}, r"effort\[1, 1\] .*got inf"),
            ({"effort": [[1, 1, 1], [1, 1, -2]]}, r"effort\[1, 2\] .*got -2.0"),
            ({"effort": np.ones((2, 4))}, "same shape"),
            ({"segment": [0, -1]}, r"segment\[1\] .*got -1"),
            ({"segment": [0]}, "segment must have shape"),
            ({"judgement": np.ones((3, 5))}, "judgement must have 2 rows"),
            ({"carry_over": 1}, "carry_over .*got 1"),
            ({"lag": 0}, "lag .*got 0"),
            ({"damping": (1.5, 3)}, "damping .*got"),
        ],
    )
    def test_refused(self, changes, words):
        data = dict(sales=np.ones((2, 3)), effort=np.ones((2, 3)))
        data.update(changes)
        with pytest.raises(ValueError, match=words):
            calibrate(data.pop("sales"), data.pop("effort"), **data)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"mean": 1.2}, "prior.mean .*got 1.2"),
            ({"sd": 0}, "prior.sd .*got 0"),
            ({"shared": 0}, "prior.shared .*got 0"),
            ({"bias_sd": -1}, "prior.bias_sd .*got -1"),
            ({"sd": np.nan}, "prior.sd .*got nan"),
        ],
    )
    def test_prior_is_checked(self, changes, words):
        with pytest.raises(ValueError, match=words):
            Prior(**changes)


# ------------------------------------------------------------------------ gain
class TestGain:
    """What a change of effort is published to bring."""

    def known(self, n=40, seed=0):
        rng = np.random.default_rng(seed)
        return calibrate(
            rng.gamma(1, 300, (n, 36)), rng.poisson(1.5, (n, 36)).astype(float)
        )

    def test_no_move_no_gain(self):
        known = self.known()
        gain = known.gain(known.effort_now, 0.3)
        assert gain.mean == pytest.approx(np.zeros(40), abs=1e-9)
        assert gain.low == pytest.approx(np.zeros(40), abs=1e-9)

    def test_small_moves_follow_the_elasticity(self):
        known = self.known()
        gain = known.gain(known.effort_now * 1.001, 0.3).mean
        slope = 0.3 * known.sales_expected * known.elasticity * np.log(1.001)
        assert gain == pytest.approx(slope, rel=2e-3)

    def test_promises_less_than_the_fitted_curve(self):
        """The curve may level off: more effort is not promised what a power gives."""
        known = self.known()
        gain = known.gain(known.upper, 0.3).mean
        fitted = 0.3 * (known.planning_curves.sales(known.upper) - known.sales_expected)
        assert (gain < fitted).all() and (gain > 0.6 * fitted).all()

    def test_interval_of_one_account(self):
        """Spread of many draws of elasticity, shape and level."""
        known = self.known(1)
        rng = np.random.default_rng(0)
        beta = rng.normal(known.elasticity[0], known.sd[0], 200_000)
        log = np.log(3)
        power = rng.random(beta.size) < calibration.POWER_SHARE
        draws = np.where(power, np.exp(beta * log), 1 + 2 * beta * np.tanh(log / 2)) - 1
        draws *= 1 + known.level_sd[0] * rng.normal(0, 1, beta.size)
        gain = known.gain(known.effort_now * 3, 1.0)
        worth = known.sales_expected[0]
        assert gain.mean[0] == pytest.approx(worth * draws.mean(), rel=0.02)
        deviation = (gain.high[0] - gain.mean[0]) / calibration.Z90
        assert deviation == pytest.approx(worth * draws.std(), rel=0.05)

    def test_interval_of_a_shared_elasticity_and_shape(self):
        """Totals: one draw of elasticity and shape moves all accounts together."""
        known = self.known(40)
        rng = np.random.default_rng(0)
        effort = known.effort_now * np.where(np.arange(40) % 2, 3, 1 / 3)
        log = np.log(effort / known.effort_now)
        shift = rng.normal(0, 1, (20_000, 1)) * known.sd_common
        single = np.sqrt(known.sd**2 - known.sd_common**2)
        beta = known.elasticity + shift + rng.normal(0, 1, shift.shape) * single
        power = rng.random((20_000, 1)) < calibration.POWER_SHARE
        level = 1 + 2 * beta * np.tanh(log / 2)
        draws = np.where(power, np.exp(beta * log), level) - 1
        draws *= 1 + known.level_sd * rng.normal(0, 1, beta.shape)
        draws = draws @ (0.3 * known.sales_expected)
        gain = known.gain(effort, 0.3, group=np.zeros(40, int), count=1)
        assert gain.mean[0] == pytest.approx(draws.mean(), rel=0.03)
        deviation = (gain.high[0] - gain.mean[0]) / calibration.Z90
        assert deviation == pytest.approx(draws.std(), rel=0.08)

    def test_band_around_the_curve(self):
        """Narrow today, wide far from it, never below nothing."""
        known = self.known()
        today = known.band(known.effort_now)
        assert today[0] == pytest.approx(known.sales_expected)
        width = (today[2] - today[0]) / (calibration.Z90 * known.sales_expected)
        assert width == pytest.approx(known.level_sd)
        for effort in (0.0, known.lower, known.upper):
            mean, low, high = known.band(effort)
            assert (0 <= low).all() and (low <= mean).all() and (mean <= high).all()
            assert np.isfinite(high).all()
        assert (high / mean > today[2] / today[0]).all()

    def test_common_doubt_does_not_average_out(self):
        known = self.known(200)
        alone = known.gain(known.upper, 0.3)
        total = known.gain(known.upper, 0.3, group=np.zeros(200, int), count=1)
        assert total.mean[0] == pytest.approx(alone.mean.sum())
        width = total.high[0] - total.low[0]
        independent = np.sqrt(((alone.high - alone.low) ** 2).sum())
        together = (alone.high - alone.low).sum()
        assert 2 * independent < width < together

    def test_groups(self):
        known = self.known(6)
        group = np.array([0, 2, 2, -1, 0, 2])
        gain = known.gain(known.upper, 0.3, group=group, count=4)
        each = known.gain(known.upper, 0.3).mean
        assert gain.mean == pytest.approx(
            [each[[0, 4]].sum(), 0, each[[1, 2, 5]].sum(), 0]
        )
        assert gain.low[1] == gain.high[1] == 0

    def test_reference(self):
        """Against another effort: the difference, with one elasticity at both ends."""
        known = self.known()
        full = known.gain(known.upper, 0.3)
        half = known.gain(known.effort_now * 2, 0.3)
        step = known.gain(known.upper, 0.3, reference=known.effort_now * 2)
        assert step.mean == pytest.approx(full.mean - half.mean)
        assert (step.high - step.low < full.high - full.low).all()

    def test_no_visit_at_all_is_finite(self):
        known = self.known()
        gain = known.gain(0.0, 0.3)
        assert np.isfinite(gain.mean).all()
        assert (gain.mean < 0).all()
        assert (gain.mean >= -0.3 * known.sales_expected).all()


class TestProspects:
    """Accounts without sales but with open leads."""

    @given(
        expected=st.floats(1, 1e6),
        effort=st.floats(0.05, 20),
        mean=st.floats(0.05, 0.9),
    )
    @settings(max_examples=40)
    def test_value_and_elasticity_at_normal_effort(self, expected, effort, mean):
        prior = Prior(mean=mean)
        curves = calibration.prospects([expected], effort, prior=prior)
        assert curves.sales(0)[0] == 0
        assert curves.sales(effort)[0] == pytest.approx(expected)
        elasticity = curves.slope(effort)[0] * effort / expected
        assert elasticity == pytest.approx(mean, rel=1e-9)

    def test_refused(self):
        with pytest.raises(ValueError, match=r"expected\[1\] .*got -1.0"):
            calibration.prospects([1, -1], 1.0)
        with pytest.raises(ValueError, match=r"normal_effort\[0\] .*got 0.0"):
            calibration.prospects([1], 0.0)
        assert len(calibration.prospects([], 1.0)) == 0


# ------------------------------------------------------------------- companies
@pytest.fixture(scope="module")
def companies(root):
    """The benchmark's simulated companies."""
    path = root / "benchmarks" / "calibration_companies.py"
    spec = importlib.util.spec_from_file_location("calibration_companies", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_promises_are_kept(companies):
    """Over simulated companies whose reps chase demand: brought ≥ 95 % of promised."""
    rows = companies.simulate(40, first=1000)["shipped"]
    ratio = [row.real / row.promised for row in rows]
    assert np.median(ratio) >= 0.95
    assert np.median([row.real for row in rows]) > 0.05


def test_promised_intervals_cover_what_is_brought(companies):
    """90 % interval of a company's gain: 85–95 % of 200 companies."""
    rows = companies.simulate(200, first=2000, only="shipped")["shipped"]
    assert 0.85 <= np.mean([row.covered for row in rows]) <= 0.95
