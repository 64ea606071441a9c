"""What a visit does to orders: the interval covers the truth, also where visits chase demand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine.insight import visits
from odoo.addons.territory_planning.engine.insight.status import Status

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")

REACH = 4


def company(seed, how="none", *, size=120, periods=104, ratio=1.3, memory=0.9):
    """Orders and visits per week: sizes, a season, lumpy orders, demand that comes and goes.

    :param how: visits regardless of demand (``none``), the more the higher it is
        (``more``), exactly when it is highest (``top``), after orders (``after``), or two
        weeks before it is high (``ahead``).
    """
    rng = np.random.default_rng(seed)
    shape = size, periods
    demand = np.empty(shape)
    state = rng.normal(0, 0.5, size)
    for week in range(periods):
        state = memory * state + np.sqrt(1 - memory**2) * rng.normal(0, 0.5, size)
        demand[:, week] = state
    base = rng.lognormal(-1.5, 0.7, size)
    season = 1 + 0.3 * np.sin(np.arange(periods) / 52 * 2 * np.pi)
    mean = base[:, None] * np.exp(demand) * season * rng.gamma(2, 0.5, shape)
    usual = 0.15 * rng.lognormal(0, 0.5, size)[:, None]
    if how == "after":
        return _after(rng, mean, ratio)
    made = {
        "none": lambda: rng.poisson(usual, shape),
        "more": lambda: rng.poisson(usual * np.exp(3 * demand - 1)),
        "top": lambda: (demand > np.quantile(demand, 0.88)).astype(int),
        "ahead": lambda: rng.poisson(usual * np.exp(2 * np.roll(demand, -2, 1) - 0.5)),
    }[how]()
    return rng.poisson(mean * ratio ** recently(made)), made


def _after(rng, mean, ratio):
    orders, made = np.zeros(mean.shape, int), np.zeros(mean.shape, int)
    for week in range(mean.shape[1]):
        recent = made[:, max(0, week - REACH) : week].any(axis=1)
        orders[:, week] = rng.poisson(mean[:, week] * ratio**recent)
        made[:, week] = rng.random(len(mean)) < np.where(orders[:, week] > 0, 0.3, 0.08)
    return orders, made


def recently(made):
    """By the definition, one week at a time."""
    result = np.zeros(made.shape)
    for week in range(made.shape[1]):
        result[:, week] = made[:, max(0, week - REACH) : week].any(axis=1)
    return result


def covered(how, runs=60, **data):
    truth = data.get("ratio", 1.3)
    found = [visits.effect(*company(seed, how, **data)) for seed in range(runs)]
    inside = [f.low[0] <= truth <= f.high[0] for f in found]
    return np.mean(inside), np.exp(np.mean([np.log(f.ratio[0]) for f in found]))


class TestCoverage:
    @pytest.mark.parametrize("how", ["none", "more", "top", "after"])
    def test_interval_covers_the_truth(self, how):
        """In at least 90 % of simulated companies, however visits follow demand."""
        share, mean = covered(how)
        assert share >= 0.9
        assert mean == pytest.approx(1.3, rel=0.05)

    @pytest.mark.parametrize("ratio", [1.0, 2.0])
    def test_no_effect_and_a_large_one(self, ratio):
        share, mean = covered("more", 40, ratio=ratio)
        assert share >= 0.9
        assert mean == pytest.approx(ratio, rel=0.05)

    def test_few_customers(self):
        share, _mean = covered("more", size=30)
        assert share >= 0.9

    def test_orders_known_in_advance_are_not_covered(self):
        """The limit that the documentation states: reps who see demand coming."""
        share, mean = covered("ahead", 20)
        assert share < 0.9
        assert mean > 1.4

    def test_before_and_after_would_be_fooled(self):
        """Why it is done: the plain ratio finds an effect where there is none."""
        found = visits.effect(*company(1, "top", ratio=1.0))
        after = found.orders_after.sum() / found.periods_after.sum()
        plain = after / (found.orders_else.sum() / found.periods_else.sum())
        assert plain > 1.3
        assert found.low[0] < 1 < found.high[0]
        assert found.chasing[0] > 1.1


class TestFigures:
    def test_own_counts_by_hand(self):
        orders, made = company(3, size=30)
        found = visits.effect(orders, made)
        recent = recently(made)[:, REACH:-REACH]
        inside = orders[:, REACH:-REACH]
        assert found.orders_after.tolist() == (inside * recent).sum(axis=1).tolist()
        assert found.periods_after.tolist() == recent.sum(axis=1).tolist()
        total = found.periods_after + found.periods_else
        assert (total == 104 - 2 * REACH).all()
        total = found.orders_after + found.orders_else
        assert total.tolist() == inside.sum(axis=1).tolist()

    def test_money(self):
        """Extra orders of the visited weeks are what the ratio says."""
        found = visits.effect(*company(3), order_value=500)
        assert found.money == pytest.approx(found.extra_orders * 500)
        assert (found.extra_low < found.extra_orders).all()
        assert (found.extra_orders < found.extra_high).all()
        base = found.extra_orders / (found.ratio - 1) / REACH
        assert 0.1 < base[0] < 1
        assert np.isnan(visits.effect(*company(3)).money).all()

    def test_segments_are_apart(self):
        strong, weak = company(1, ratio=2.0), company(2, ratio=1.0)
        data = [np.vstack(pair) for pair in zip(strong, weak, strict=True)]
        both = visits.effect(*data, segment=np.repeat([0, 1], 120))
        for number, own in enumerate((strong, weak)):
            alone = visits.effect(*own)
            assert both.ratio[number] == pytest.approx(alone.ratio[0])
            assert both.high[number] == pytest.approx(alone.high[0])
            assert both.visits[number] == alone.visits[0]

    def test_a_closed_season_counts_for_nobody(self):
        """Weeks without any order at all change nothing but what they cut off."""
        orders, made = company(5)
        orders[:, 40:44] = 0
        found = visits.effect(orders, made)
        assert found.low[0] < 1.3 < found.high[0]


class TestMinimum:
    @pytest.mark.parametrize(
        ("change", "status"),
        [
            (lambda o, v: (o[:19], v[:19]), Status.TOO_FEW_CUSTOMERS),
            (lambda o, v: (o * 0, v), Status.TOO_FEW_CUSTOMERS),
            (lambda o, v: (o, v * 0), Status.TOO_FEW_CUSTOMERS),
            (lambda o, v: (o, v * 0 + 1), Status.TOO_FEW_CUSTOMERS),
            (lambda o, v: (o[:, :16], v[:, :16]), Status.TOO_FEW_ORDERS),
            (lambda o, v: (o[:, :6], v[:, :6]), Status.TOO_FEW_CUSTOMERS),
        ],
    )
    def test_no_score(self, change, status):
        found = visits.effect(*change(*company(0)))
        assert found.status[0] == status
        assert np.isnan([found.ratio, found.low, found.high, found.money]).all()

    def test_nobody(self):
        found = visits.effect(np.zeros((0, 60)), np.zeros((0, 60)))
        assert found.status.tolist() == [Status.TOO_FEW_CUSTOMERS]
        assert len(found.orders_after) == 0

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"orders": [[1, np.nan]]}, r"orders\[0, 1\] .*got nan"),
            ({"orders": [[1, -2]]}, r"orders\[0, 1\] .*zero or more, got -2.0"),
            ({"visits": [[1]]}, r"visits must have shape \(1, 2\)"),
            ({"visits": [1, 2]}, r"visits must have shape \(n, t\)"),
            ({"segment": [0.5]}, r"segment\[0\] .*got 0.5"),
            ({"reach": 0}, "reach must be a whole number"),
        ],
    )
    def test_wrong_input_is_named(self, change, words):
        with pytest.raises(ValueError, match=words):
            visits.effect(**{"orders": [[1, 2]], "visits": [[1, 2]], **change})


class TestProperties:
    @given(st.integers(0, 1000))
    @settings(max_examples=10)
    def test_order_of_customers_does_not_matter(self, seed):
        orders, made = company(2, size=60)
        turn = np.random.default_rng(seed).permutation(60)
        one, two = visits.effect(orders, made), visits.effect(orders[turn], made[turn])
        assert two.ratio == pytest.approx(one.ratio)
        assert two.low == pytest.approx(one.low)

    def test_more_data_narrower_interval(self):
        widths = []
        for size in (30, 120, 480):
            found = visits.effect(*company(4, size=size))
            widths.append(np.log(found.high / found.low)[0])
        assert widths[0] > widths[1] > widths[2]

    @given(st.sampled_from([2, 5]))
    @settings(max_examples=2)
    def test_size_of_customers_does_not_matter(self, factor):
        """Every customer's orders times the same: the same ratio."""
        orders, made = company(2, size=60)
        one, two = visits.effect(orders, made), visits.effect(orders * factor, made)
        assert two.ratio == pytest.approx(one.ratio)
