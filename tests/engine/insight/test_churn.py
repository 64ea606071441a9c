"""The probability of no order: published figures, simulated truth, properties."""

import csv
import gzip
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import check_grad
from scipy.special import gammaincc, hyp2f1

from odoo.addons.territory_planning.engine.insight import _cnbd, backtest, churn
from odoo.addons.territory_planning.engine.insight.status import Status

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")

HOMES = [home / "shared" / "data" for home in Path(__file__).resolve().parents]
SAMPLES = next((folder for folder in HOMES if folder.is_dir()), HOMES[4])
RESELLERS = SAMPLES / "aw_order_lines.csv.gz"
CDNOW = SAMPLES / "cdnow_customers_summary.csv"
#: published: Fader, Hardie & Lee 2005; x, t_x, T of its example
REFERENCE = np.log([0.2426, 4.4135, 0.7929, 2.4258])
EXAMPLE = 2, 30.43, 38.86


def model(k=1, theta=REFERENCE, family="mbg/cnbd-k"):
    return churn.ChurnModel(family, k, np.asarray(theta), np.eye(4) * 1e-4, 0.0, 1, 1)


def simulate(size, k=1, params=(1.5, 6.0, 1.0, 6.0), seed=0):
    """Histories in weeks, and each customer's true rate of stages and dropout."""
    rng = np.random.default_rng(seed)
    r, alpha, a, b = params
    rate, p = k * rng.gamma(r, 1 / alpha, size), rng.beta(a, b, size)
    age = rng.uniform(10, 104, size)
    x, last, log_gaps = np.zeros(size), np.zeros(size), np.zeros(size)
    active = np.flatnonzero(rng.random(size) > p)
    while len(active):
        gap = rng.gamma(k, 1 / rate[active])
        inside = last[active] + gap <= age[active]
        active, gap = active[inside], gap[inside]
        last[active] += gap
        x[active] += 1
        log_gaps[active] += np.log(gap)
        active = active[rng.random(len(active)) > p[active]]
    return (x, last, age), log_gaps, rate, p


class TestReference:
    def test_bgnbd_example(self):
        """P(alive) and E[Y(39)] of the paper."""
        found = model(family="bg/nbd")
        assert found.p_alive(*EXAMPLE) == pytest.approx(0.7266, abs=1e-4)
        assert found.expected_orders(39, *EXAMPLE) == pytest.approx(1.2259, abs=1e-3)

    def test_bgnbd_calls_single_buyers_immortal_and_mbg_does_not(self):
        assert model(family="bg/nbd").p_alive(0, 0, 1000) == pytest.approx(1)
        assert model().p_alive(0, 0, 1000) < 0.5

    @pytest.mark.skipif(not CDNOW.exists(), reason=f"{CDNOW} is not there")
    @pytest.mark.parametrize(
        ("family", "k", "params", "log_likelihood"),
        [
            ("bg/nbd", 1, [0.2426, 4.4135, 0.7929, 2.4258], -9582.43),
            ("mbg/cnbd-k", 1, [0.5248, 6.1830, 0.8914, 1.6140], -9582.13),
            ("mbg/cnbd-k", None, [0.5248, 6.1830, 0.8914, 1.6140], -9582.13),
        ],
    )
    def test_cdnow(self, family, k, params, log_likelihood):
        with CDNOW.open() as file:
            rows = list(csv.DictReader(file))
        data = [[float(row[c]) for row in rows] for c in ("frequency", "recency", "T")]
        found = churn.fit(*data, family=family, k=k)
        assert found.params == pytest.approx(params, abs=2e-4)
        assert found.log_likelihood == pytest.approx(log_likelihood, abs=5e-3)
        assert found.k == 1

    @pytest.mark.parametrize("modified", [True, False])
    @pytest.mark.parametrize("k", [1, 2, 5])
    def test_gradient(self, k, modified):
        data, *_rest = simulate(60, k)
        likelihood = _cnbd.Likelihood(*data, k, modified)
        theta = np.log([0.7, 3.0, 0.8, 2.0])
        off = check_grad(
            lambda t: likelihood.value_and_slope(t)[0],
            lambda t: likelihood.value_and_slope(t)[1],
            theta,
        )
        assert off < 1e-5

    @pytest.mark.parametrize("k", [1, 3])
    def test_likelihood_is_the_integral_over_rate_and_dropout(self, k):
        """By brute force over a grid of λ and p, without any of the formulas."""
        rng = np.random.default_rng(1)
        r, alpha, a, b = np.exp(REFERENCE)
        rate, p = rng.gamma(r, 1 / alpha, 400_000), rng.beta(a, b, 400_000)
        x, last, age = 2, 8.0, 15.0
        quiet = gammaincc(k, rate * (age - last))
        chance = (1 - p) ** x * rate ** (k * x) * np.exp(-rate * last)
        chance *= p + (1 - p) * quiet
        data = [np.array([float(v)]) for v in (x, last, age)]
        found = _cnbd.Likelihood(*data, k, True).log_likelihood(REFERENCE)[0]
        assert found == pytest.approx(np.log(chance.mean()), abs=0.05)


class TestForecast:
    @pytest.mark.parametrize("k", [1, 3])
    def test_finds_the_truth(self, k):
        """Regularity, parameters, probabilities and bands of 4,000 simulated customers."""
        data, log_gaps, rate, p = simulate(4000, k)
        found = churn.fit(*data, log_gaps=log_gaps)
        assert found.k == k
        wanted = np.array([1.5, 6.0 / k, 1.0, 6.0])
        assert np.log(found.params) == pytest.approx(np.log(wanted), abs=0.35)
        silence = data[2] - data[1]
        now, later = (gammaincc(k, rate * (silence + h)) for h in (0, 13))
        truth = (p + (1 - p) * later) / (p + (1 - p) * now)
        forecast = found.p_no_order(13, *data)
        assert forecast.mean() == pytest.approx(truth.mean(), abs=0.01)
        low, high = found.band(13, *data)
        assert 0.85 < ((low <= truth) & (truth <= high)).mean() < 0.95

    @pytest.mark.parametrize(("x", "last"), [(0, 0.0), (2, 30.43), (20, 37.0)])
    def test_expected_orders_in_closed_form(self, x, last):
        """Of MBG/NBD, where the sum has one: Batislam et al. 2007, posterior of p."""
        r, alpha, a, b = np.exp(REFERENCE)
        until = alpha + 38.86 + 39
        curve = hyp2f1(r + x, b + x + 1, a + b + x, 39 / until)
        left = ((alpha + 38.86) / until) ** (r + x)
        wanted = (a + b + x) / (a - 1) * (1 - left * curve)
        wanted *= model().p_alive(x, last, 38.86)
        found = model().expected_orders(39, x, last, 38.86)
        assert found == pytest.approx(wanted, rel=1e-8)

    def test_band_knows_that_parameters_are_estimates(self):
        """The less the company taught, the wider."""
        widths = []
        for spread in (1e-9, 0.3):
            found = churn.ChurnModel(
                "mbg/cnbd-k", 1, REFERENCE, np.eye(4) * spread, 0.0, 1, 1
            )
            low, high = found.band(13, [20], [100], [110])
            widths.append((high - low)[0])
        assert widths[1] > 1.1 * widths[0]

    def test_expected_orders_against_simulation(self):
        """E[orders | history], averaged over histories, is what then happens."""
        params = 1.5, 6.0, 1.0, 6.0
        for k in (1, 3):
            rng = np.random.default_rng(5)
            size = 15_000
            rate = k * rng.gamma(params[0], 1 / params[1], size)
            p = rng.beta(params[2], params[3], size)
            counts = np.zeros((2, size))
            last = np.zeros(size)
            when = np.zeros(size)
            active = np.flatnonzero(rng.random(size) > p)
            while len(active):
                when[active] += rng.gamma(k, 1 / rate[active])
                active = active[when[active] <= 60]
                past = when[active] <= 40
                counts[0, active[past]] += 1
                last[active[past]] = when[active[past]]
                counts[1, active[~past]] += 1
                active = active[rng.random(len(active)) > p[active]]
            found = model(k, np.log([1.5, 6.0 / k, 1.0, 6.0]))
            expected = found.expected_orders(20, counts[0], last, np.full(size, 40.0))
            assert expected.mean() == pytest.approx(counts[1].mean(), rel=0.03)

    @given(
        st.integers(0, 30),
        st.floats(1, 100),
        st.floats(0, 200),
        st.floats(0.1, 100),
        st.floats(0.5, 60),
    )
    def test_longer_silence_is_riskier(self, x, last, silence, more, horizon):
        last = last if x else 0.0
        ages = [last + silence, last + silence + more]
        shorter, longer = model().p_no_order(horizon, [x, x], [last, last], ages)
        assert 0 <= shorter <= longer + 1e-12 <= 1 + 1e-12

    @given(st.integers(1, 30), st.floats(3, 12), st.floats(0.1, 5))
    def test_of_regular_buyers_once_an_order_is_overdue(self, x, gaps, more):
        """Before it is due, waiting makes the next order more likely, not less."""
        ages = [x + gaps, x + gaps + more]
        theta = np.log([2.0, 0.5, 0.8, 5.0])
        shorter, longer = model(4, theta).p_no_order(1.0, [x, x], [x, x], ages)
        assert shorter <= longer + 1e-9

    @given(st.integers(0, 20), st.floats(1, 50), st.floats(0.5, 30))
    def test_longer_horizon_is_safer(self, x, last, horizon):
        last = last if x else 0.0
        for k in (1, 4):
            values = [model(k).p_no_order(h, x, last, 60) for h in (horizon, 40.0)]
            assert values[0] >= values[1] - 1e-12

    def test_more_data_narrower_band(self):
        """More customers know the company better, more orders the customer."""
        widths = []
        for size in (60, 6000):
            data, log_gaps, *_rest = simulate(size, 1, seed=3)
            found = churn.fit(*data, k=1)
            low, high = found.band(13, [3], [30], [40])
            widths.append((high - low)[0])
        assert widths[1] < widths[0]
        low, high = found.band(4, [3, 48], [30, 480], [40, 490])
        assert np.diff(high - low)[0] < -0.05

    def test_unit_of_time_does_not_matter(self):
        data, log_gaps, *_rest = simulate(800, 2)
        weeks = churn.fit(*data, log_gaps=log_gaps)
        in_days = data[0], data[1] * 7, data[2] * 7
        days = churn.fit(*in_days, log_gaps=log_gaps + data[0] * np.log(7))
        assert days.k == weeks.k
        wanted = weeks.p_no_order(13, *data)
        assert days.p_no_order(91, *in_days) == pytest.approx(wanted, abs=2e-4)

    def test_permuting_customers_permutes_the_answer(self):
        data, log_gaps, *_rest = simulate(300)
        keys = np.arange(300)
        turn = np.random.default_rng(2).permutation(300)
        one = churn.assess(churn.Histories(keys, *data, log_gaps, False), 13)
        moved = [part[turn] for part in (keys, *data, log_gaps)]
        two = churn.assess(churn.Histories(*moved, False), 13)
        for name in ("low", "mean", "high"):
            got = getattr(two, name)
            assert got == pytest.approx(getattr(one, name)[turn], abs=1e-4)


class TestSummary:
    def test_by_hand(self):
        """Two orders of one day are one; orders after the cut are not known yet."""
        customer = ["b", "a", "b", "b", "b", "c"]
        day = [3, 5, 3, 10, 24, 99]
        keys, x, recency, age = churn.summarise(customer, day, 30)
        assert keys.tolist() == ["a", "b"]
        assert x.tolist() == [0, 2]
        assert recency.tolist() == [0, 21]
        assert age.tolist() == [25, 27]
        found = churn.histories(customer, day, 30)
        assert found.log_gaps == pytest.approx([0, np.log(7 * 14)])
        assert found.usual_gap.tolist()[1] == 10.5
        assert np.isnan(found.usual_gap[0])
        assert found.silence.tolist() == [25, 6]
        assert found.in_unit(7).log_gaps[1] == pytest.approx(np.log(2))

    def test_the_day_of_the_cut_counts(self):
        _keys, x, _recency, age = churn.summarise([1, 1], [3, 30], 30)
        assert (x[0], age[0]) == (1, 27)

    def test_a_usual_pause_is_no_gap_in_the_data(self):
        """Closed for six weeks a year: silent for five, with many orders missed."""
        customer, day = orders(300)
        open_days = (day % 365) > 42
        past = churn.histories(customer[open_days], day[open_days], 730 + 35)
        assert not past.stale
        assert churn.histories(customer[open_days], day[open_days], 1000).stale

    def test_dates(self):
        days = np.array(["2025-01-01", "2025-01-15T23:00"], "datetime64[s]")
        _keys, x, recency, age = churn.summarise(
            [7, 7], days, np.datetime64("2025-02-01")
        )
        assert (x[0], recency[0], age[0]) == (1, 14, 31)

    @pytest.mark.parametrize(
        ("customer", "day", "words"),
        [
            ([1, 2], [1, np.nan], r"day\[1\] .*got nan"),
            ([1, None], [1, 2], r"customer\[1\] .*got None"),
            ([1, 2], [1], "day must have length 2"),
            ([1], np.array(["NaT"], "datetime64[D]"), r"day\[0\] .*a date"),
        ],
    )
    def test_wrong_input_is_named(self, customer, day, words):
        with pytest.raises(ValueError, match=words):
            churn.histories(customer, day, 30 if not hasattr(day, "dtype") else day[0])

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"frequency": [1, -1]}, r"frequency\[1\] .*got -1.0"),
            ({"frequency": [1, 1.5]}, r"frequency\[1\] .*whole number, got 1.5"),
            ({"recency": [1, 9]}, r"recency\[1\] must be at most age, got 9.0"),
            ({"recency": [1, 0]}, r"recency\[1\] .*positive if and only if"),
            ({"age": [np.inf, 5]}, r"age\[0\] .*got inf"),
            ({"k": 0}, "k must be a whole number"),
            ({"family": "pareto"}, "family must be one of"),
        ],
    )
    def test_wrong_histories_are_named(self, change, words):
        data = {"frequency": [1, 1], "recency": [1, 2], "age": [5, 5], **change}
        with pytest.raises(ValueError, match=words):
            churn.fit(**data)

    @pytest.mark.parametrize("horizon", [0, -1, np.nan])
    def test_wrong_horizon(self, horizon):
        with pytest.raises(ValueError, match="horizon must be a positive number"):
            model().p_no_order(horizon, *EXAMPLE)


def orders(size, k=2, seed=0):
    """Order dates of simulated customers over 800 days: customer, day."""
    rng = np.random.default_rng(seed)
    customer, day = [], []
    for number in range(size):
        rate, p = rng.gamma(3, 1 / 90), rng.beta(1, 8)
        when = rng.uniform(0, 500)
        while when < 800:
            customer.append(number)
            day.append(np.floor(when))
            if rng.random() < p:
                break
            when += rng.gamma(k, 1 / (k * rate))
    return np.array(customer), np.array(day)


def _times(risk):
    """Recency and age as told by the figures on the card."""
    recency = np.where(risk.orders > 1, risk.usual_gap * (risk.orders - 1), 0.0)
    return recency, recency + risk.silence


class TestAssess:
    def test_a_company(self):
        customer, day = orders(300)
        risk = churn.assess(churn.histories(customer, day, 700), 90)
        assert (risk.status == Status.SCORED).all()
        assert (risk.low <= risk.mean).all() and (risk.mean <= risk.high).all()
        assert (risk.orders >= 1).all() and risk.model.customers == len(risk.mean)
        assert risk.dropped + risk.silent == pytest.approx(risk.mean)
        assert (risk.dropped >= 0).all() and (risk.silent >= 0).all()
        alive = risk.model.p_alive(risk.orders - 1, *_times(risk))
        assert risk.dropped == pytest.approx(1 - alive, abs=1e-9)
        # the reason can be recomputed from records
        one = int(np.argmax(risk.orders))
        own = np.unique(day[(customer == risk.customer[one]) & (day <= 700)])
        assert risk.usual_gap[one] == pytest.approx(np.diff(own).mean())
        assert risk.silence[one] == 700 - own[-1]
        assert risk.orders[one] == len(own)

    @pytest.mark.parametrize(
        ("size", "cut", "status"),
        [
            (30, 700, Status.TOO_FEW_CUSTOMERS),
            (60, 120, Status.TOO_FEW_CUSTOMERS),
            (300, 1000, Status.STALE_DATA),
        ],
    )
    def test_under_the_minimum_no_score(self, size, cut, status):
        risk = churn.assess(churn.histories(*orders(size), cut), 90)
        assert (risk.status == status).all()
        assert np.isnan([risk.low, risk.mean, risk.high]).all()
        assert risk.model is None

    def test_single_orders_are_too_few(self):
        risk = churn.assess(churn.histories(np.arange(100), np.arange(100), 100), 90)
        assert (risk.status == Status.TOO_FEW_ORDERS).all()

    def test_no_customers(self):
        risk = churn.assess(churn.histories([], [], 100), 90)
        assert len(risk.mean) == 0

    def test_scale(self):
        """100,000 customers in at most 15 s."""
        data, log_gaps, *_rest = simulate(100_000)
        found = churn.Histories(np.arange(100_000), *data, log_gaps, False)
        begin = time.process_time()
        risk = churn.assess(found, 13)
        assert time.process_time() - begin < 15
        assert np.isfinite(risk.mean).all()


class TestBacktest:
    @pytest.mark.skipif(not RESELLERS.exists(), reason=f"{RESELLERS} is not there")
    def test_resellers(self):
        """AdventureWorks, half a year ahead: AUC at least .94, Brier at most .08."""
        with gzip.open(RESELLERS, "rt", encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        customer = np.array([int(row["ResellerKey"]) for row in rows])
        day = np.array([row["OrderDate"] for row in rows], "datetime64[D]")
        cut = np.datetime64("2013-05-31")
        found, _risk = backtest.churn_backtest(customer, day, cut, 182)
        assert found.count == 630
        assert found.auc >= 0.94
        assert found.brier <= 0.08

    def test_score_by_hand(self):
        found = backtest.score([0.9, 0.8, 0.3, 0.2], [1, 0, 1, 0], bins=2)
        assert found.auc == 0.75
        assert found.brier == pytest.approx((0.01 + 0.64 + 0.49 + 0.04) / 4)
        assert found.brier_base == 0.25
        assert found.bin_forecast == pytest.approx([0.25, 0.85])
        assert found.bin_share.tolist() == [0.5, 0.5]
        assert found.calibration_error == pytest.approx(0.3)

    def test_ties_are_half_won(self):
        assert backtest.score([0.5, 0.5], [1, 0]).auc == 0.5

    def test_simulated_company(self):
        """Ranks well, is better than the average, and means what it says."""
        found, risk = backtest.churn_backtest(*orders(1500), 600, 120)
        assert found.auc > 0.8
        assert found.brier < 0.75 * found.brier_base
        assert found.calibration_error < 0.05
        assert found.count == len(risk.mean)

    @pytest.mark.parametrize(
        ("call", "words"),
        [
            (lambda: backtest.score([0.5, 1.5], [1, 0]), r"forecast\[1\] .*got 1.5"),
            (lambda: backtest.score([0.5, 0.5], [0, 0]), "both answers"),
            (lambda: backtest.churn_backtest(*orders(100), 600, 400), "must reach 400"),
            (lambda: backtest.churn_backtest(*orders(10), 600, 90), "too few or stale"),
        ],
    )
    def test_wrong_input(self, call, words):
        with pytest.raises(ValueError, match=words):
            call()
