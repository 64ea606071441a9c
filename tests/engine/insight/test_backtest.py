"""Back-tests say what a forecast was worth, and nothing of what it could have known later."""

import numpy as np
import pytest

from odoo.addons.territory_planning.engine.insight import backtest, backtest_shares
from odoo.addons.territory_planning.engine.insight._shares import ratio_of_sums, wilson
from odoo.addons.territory_planning.engine.insight.status import Status


def orders(size=400, seed=1):
    """Customers with rates of their own, some of whom stop."""
    rng = np.random.default_rng(seed)
    who, when = [], []
    for customer in range(size):
        day, gap = rng.uniform(0, 200), rng.uniform(15, 60)
        end = rng.exponential(500)
        start = day
        while day < 800 and day - start < end:
            who.append(customer)
            when.append(day)
            day += rng.gamma(2, gap / 2)
    return np.array(who), np.array(when)


class TestRanges:
    def test_area_under_the_curve_covers_its_truth(self):
        """Two normal groups one apart: AUC .760; nine of ten ranges hold it."""
        rng, held = np.random.default_rng(3), 0
        for _turn in range(300):
            happened = np.arange(200) < 60
            value = rng.normal(happened * 1.0)
            forecast = 1 / (1 + np.exp(-value))
            found = backtest.score(forecast, happened)
            held += found.auc_low <= 0.7602 <= found.auc_high
        assert 0.86 <= held / 300 <= 0.95

    def test_wilson_by_hand(self):
        low, high = wilson(0.5, 100)
        assert low == pytest.approx(0.4188, abs=1e-3)
        assert high == pytest.approx(0.5812, abs=1e-3)
        assert wilson(0.0, 10)[0] == pytest.approx(0.0, abs=1e-12)

    def test_bootstrap_covers_a_ratio(self):
        """Customers differ in how much they buy: the range knows that."""
        rng, held = np.random.default_rng(5), 0
        for seed in range(200):
            below = rng.geometric(0.3, 150)
            above = rng.binomial(below, 0.4)
            ratio, low, high = ratio_of_sums(above, below, draws=400, seed=seed)
            assert low <= ratio <= high
            held += low <= 0.4 <= high
        assert 0.84 <= held / 200 <= 0.96

    def test_ratio_to_nothing(self):
        assert np.isnan(ratio_of_sums([0, 1], [0, 0])).all()


class TestChurn:
    def test_only_the_past_is_learned_from(self):
        who, when = orders()
        whole = backtest.churn_cut(who, when, 500, 120)
        past = when <= 500
        alone = backtest.churn_cut(who[past], when[past], 500, 120)
        assert whole.forecast.tolist() == alone.forecast.tolist()
        assert alone.stopped.all()

    def test_stopped_is_no_order_within_the_horizon(self):
        who, when = np.array([1, 1, 2, 2, 3]), np.array([10, 130, 20, 260, 40])
        found = backtest.churn_cut(who, when, 100, 120)
        assert found.customer.tolist() == [1, 2, 3]
        assert found.stopped.tolist() == [False, True, True]
        assert found.silence.tolist() == [90, 80, 60]
        assert found.status == Status.TOO_FEW_CUSTOMERS

    def test_easy_ones_left_out(self):
        """Those silent for a year make every ranking look better than it is."""
        found = backtest.churn_cut(*orders(), 700, 90)
        (active, alone), (everybody, _other) = found.among(365), found.among(np.inf)
        assert active.count < everybody.count
        assert active.auc < everybody.auc
        assert 0.5 < alone < 1

    def test_all_alike_is_no_figure(self):
        who, when = orders()
        early = when <= 500
        found = backtest.churn_cut(who[early], when[early], 500, 120)
        assert found.among(np.inf) is None

    def test_weeks_are_days(self):
        days = backtest.churn_cut(*orders(), 600, 119)
        weeks = backtest.churn_cut(*orders(), 600, 119, unit=7)
        assert weeks.forecast == pytest.approx(days.forecast, abs=1e-3)


def firms(size=600, seed=2):
    rng = np.random.default_rng(seed)
    employees = np.exp(rng.normal(3, 1, size))
    industry = rng.choice(["a", "b", "c"], size)
    value = employees * rng.gamma(2, 50, size) * np.where(industry == "a", 2, 1)
    return {"employees": employees, "industry": industry}, value


class TestPotential:
    def test_unseen_customers(self):
        features, value = firms(2000)
        found = backtest_shares.potential_unseen(features, value)
        assert found.count == 2000
        assert found.low <= found.value <= found.high
        assert 0.83 <= found.value <= 0.87
        assert found.happened == round(found.value * 2000)

    def test_a_year_in_which_everybody_buys_more(self):
        features, value = firms()
        same = backtest_shares.potential_next(features, value, value)
        more = backtest_shares.potential_next(features, value, 1.5 * value)
        assert same.value == pytest.approx(0.85, abs=0.02)
        assert more.value < same.value - 0.05

    def test_too_few(self):
        features, value = firms(30)
        for found in (
            backtest_shares.potential_unseen(features, value),
            backtest_shares.potential_next(features, value, value),
        ):
            assert found.status == Status.TOO_FEW_CUSTOMERS
            assert np.isnan(found.value)


def tastes(size=120, seed=4):
    """Two kinds of customers; a best seller that both buy."""
    rng = np.random.default_rng(seed)
    who, what = [], []
    for customer in range(size):
        kind = range(0, 6) if customer % 2 else range(6, 12)
        for item in [*kind, 12]:
            if rng.random() < 0.7:
                who.append(customer)
                what.append(item)
    return np.array(who), np.array(what)


class TestCrosssell:
    def test_own_kind_beats_best_sellers(self):
        who, what = tastes()
        rng = np.random.default_rng(6)
        later = rng.random(len(who)) < 0.15
        found = backtest_shares.crosssell_cut(
            who[~later], what[~later], np.ones((~later).sum()), who[later], what[later]
        )
        assert found.new.sum() <= later.sum()
        assert found.share.value > found.popular_share
        ratio, low, high = found.gain
        assert 1 < low < ratio < high
        assert found.share.happened <= found.share.count

    def test_what_was_bought_before_is_no_first_purchase(self):
        who, what = tastes()
        found = backtest_shares.crosssell_cut(who, what, np.ones(len(who)), who, what)
        assert found.new.sum() == 0
        assert found.share.status == Status.TOO_FEW_ORDERS

    def test_customers_and_things_nobody_knew_are_left_out(self):
        who, what = tastes()
        found = backtest_shares.crosssell_cut(
            who, what, np.ones(len(who)), np.array([999, 0]), np.array([0, 77])
        )
        assert found.new.sum() == 0

    def test_too_few_and_none(self):
        few = backtest_shares.crosssell_cut([1], [1], [1.0], [1], [2])
        assert few.share.status == Status.TOO_FEW_CUSTOMERS
        none = np.zeros(0, int)
        empty = backtest_shares.crosssell_cut(none, none, np.zeros(0), none, none)
        assert empty.share.status == Status.TOO_FEW_CUSTOMERS


class TestVisits:
    def test_two_answers_to_one_truth_agree_in_nine_of_ten(self):
        rng, agree = np.random.default_rng(8), 0
        for _turn in range(1000):
            ends = []
            for error in (0.1, 0.2):
                slope = rng.normal(0.3, error)
                ends.append(np.exp([slope, slope - 1.96 * error, slope + 1.96 * error]))
            agree += backtest_shares.effects_agree(*ends)
        assert 0.87 <= agree / 1000 <= 0.93

    def test_different_truths_do_not(self):
        assert not backtest_shares.effects_agree((1.0, 0.9, 1.1), (2.0, 1.8, 2.2))
