"""What a month knows beyond the plan: flat zones, how many reps, which hours move."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine.month import (
    Month,
    MonthProblem,
    Reason,
    moves,
    plan_month,
)
from odoo.addons.territory_planning.engine.sizing import size_month

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")


def company(seed=0, n=60, groups=3):
    """A company whose history says little, so that curves are the prior's."""
    rng = np.random.default_rng(seed)
    level = rng.gamma(2, 0.6, n)
    group, hours = rng.integers(0, groups, n), rng.uniform(1, 3, n)
    worth = rng.lognormal(8, 1, n)[:, None]
    return MonthProblem(
        sales=worth * rng.gamma(2, 0.5, (n, 36)),
        effort=rng.poisson(level[:, None], (n, 36)).astype(float),
        margin_rate=rng.uniform(0.1, 0.4, n),
        pipeline=np.zeros(n),
        hours_per_visit=hours,
        group=group,
        capacity=np.bincount(group, hours * level, minlength=groups),
        segment=rng.integers(0, 2, n),
    )


def motley(seed, n=60, groups=3):
    """Customers, some never visited, prospects, some of nobody, some with limits."""
    rng = np.random.default_rng(seed)
    base = company(seed, n, groups)
    sales, effort = base.sales.copy(), base.effort.copy()
    sales[rng.random(n) < 0.15] = 0
    effort[rng.random(n) < 0.15] = 0
    return replace(
        base,
        sales=sales,
        effort=effort,
        group=np.where(rng.random(n) < 0.1, -1, base.group),
        pipeline=rng.exponential(300, n) * (rng.random(n) < 0.5),
        margin_rate=np.where(rng.random(n) < 0.1, -0.1, base.margin_rate),
        visits_max=np.where(rng.random(n) < 0.2, 1.0, np.inf),
        visits_min=np.where(rng.random(n) < 0.1, 0.05, 0.0),
        capacity=base.capacity * rng.uniform(0.4, 2, groups),
    )


# ------------------------------------------------------------------ flat zones
class TestFlatVisits:
    """Visits between which it hardly matters how many."""

    @given(seed=st.integers(0, 10_000))
    @settings(max_examples=15)
    def test_the_zone_is_within_one_percent_and_no_wider(self, seed):
        problem = motley(seed)
        plan = plan_month(problem)
        month, best = plan.month, plan.effort_optimal
        price = month.own.of(plan.shadow_price, 0.0)

        def worth(visits):
            sales = month.curves.sales(visits)
            return (
                problem.margin_rate * sales - price * problem.hours_per_visit * visits
            )

        assert (plan.flat_low <= best).all() and (best <= plan.flat_high).all()
        free = month.own.free
        floor = worth(best) - 0.01 * np.abs(worth(best))
        slack = 1e-9 * (1 + np.abs(floor))
        for end in (plan.flat_low, plan.flat_high):
            assert (worth(end) >= floor - slack)[free].all()
        wider = 1e-6 * (1 + best)
        inside = free & (plan.flat_low > month.own.lower + wider)
        assert (worth(np.maximum(plan.flat_low - wider, 0)) < floor + slack)[
            inside
        ].all()
        inside = free & (plan.flat_high < month.own.upper - wider)
        assert (worth(plan.flat_high + wider) < floor + slack)[inside].all()
        assert (plan.flat_low == best)[~free].all()
        assert (plan.flat_high == best)[~free].all()

    def test_the_zone_of_a_power_curve_by_hand(self):
        """Hours charged, x*ᵝ − βx*ᵝ⁻¹x: a law of x/x* that knows no money."""
        plan = plan_month(company(n=200))
        inside = (plan.factor > 0.6) & (plan.factor < 1.6)
        beta = plan.elasticity[inside]
        for end in (plan.flat_low, plan.flat_high):
            ratio = (end / plan.effort_optimal)[inside]
            left = (ratio**beta - beta * ratio) / (1 - beta)
            assert left == pytest.approx(np.full(left.size, 0.99), abs=1e-6)

    def test_currency_does_not_matter(self):
        problem = company()
        one = plan_month(problem)
        other = plan_month(replace(problem, sales=problem.sales * 1000))
        assert other.flat_low == pytest.approx(one.flat_low, rel=1e-6)
        assert other.flat_high == pytest.approx(one.flat_high, rel=1e-6)


class TestFlatHours:
    @given(seed=st.integers(0, 10_000))
    @settings(max_examples=8)
    def test_the_zone_holds_the_optimum(self, seed):
        plan = plan_month(motley(seed))
        assert (plan.hours_flat_low <= plan.hours_optimal + 1e-9).all()
        assert (plan.hours_optimal <= plan.hours_flat_high + 1e-9).all()
        assert (plan.hours_flat_low >= 0).all()

    def test_its_ends_bring_one_percent_less(self):
        """Solved again at the ends: contribution − price·hours is 1 % down."""
        problem = company(n=80)
        plan = plan_month(problem)
        month, price = plan.month, plan.shadow_price

        def worth(hours):
            return month.optimum(hours).group_profit - price * hours

        best = worth(plan.hours_optimal)
        for end in (plan.hours_flat_low, plan.hours_flat_high):
            assert worth(end) == pytest.approx(0.99 * best, rel=1e-5)

    def test_parts_of_a_group_have_their_own(self):
        plan = plan_month(company(n=80))
        low, high = plan.hours_flat_by(plan.month.problem.group, 3)
        assert low == pytest.approx(plan.hours_flat_low)
        assert high == pytest.approx(plan.hours_flat_high)
        part = np.arange(80) % 5
        hours = plan.month.problem.hours_per_visit * plan.effort_optimal
        spent = np.bincount(part, hours)
        low, high = plan.hours_flat_by(part, 5)
        assert (low < spent).all() and (spent < high).all()

    def test_who_nobody_looks_after_keeps_its_hours(self):
        problem = company(n=80)
        problem = replace(
            problem, group=np.where(np.arange(80) < 20, -1, problem.group)
        )
        plan = plan_month(problem)
        place = np.where(np.arange(80) < 20, 3, np.maximum(problem.group, 0))
        low, high = plan.hours_flat_by(place, 4)
        hours = (problem.hours_per_visit * plan.effort_today)[:20].sum()
        assert low[3] == pytest.approx(hours) and high[3] == pytest.approx(hours)


class TestFactorOfParts:
    """Optimal over today's hours by region, with an interval."""

    def test_a_whole_group_has_the_hours_it_has(self):
        plan = plan_month(company(n=80))
        group = plan.month.problem.group
        mean, low, high = plan.factor_by(group, 3)
        assert mean == pytest.approx(plan.hours_optimal / plan.hours_today)
        assert low == pytest.approx(mean) and high == pytest.approx(mean)

    def test_halves_of_a_group_are_unsure_alike(self):
        """What one half may need more the other gives: the same hours, other sign."""
        plan = plan_month(company(n=80, groups=1))
        half = np.arange(80) % 2
        mean, low, high = plan.factor_by(half, 2)
        today = np.bincount(
            half, plan.month.problem.hours_per_visit * plan.effort_today
        )
        width = (high - low) * today
        assert (width > 0).all()
        assert width[0] == pytest.approx(width[1])
        assert (low < mean).all() and (mean < high).all()

    def test_without_hours_today_there_is_none(self):
        problem = company(n=10, groups=1)
        effort = problem.effort.copy()
        effort[0] = 0
        plan = plan_month(replace(problem, effort=effort))
        mean, low, high = plan.factor_by((np.arange(10) > 0).astype(int), 3)
        assert np.isnan([mean[0], low[0], high[0], mean[2]]).all()
        assert np.isfinite([mean[1], low[1], high[1]]).all()


def test_keep_is_the_reason_keep():
    """One truth: the reason says keep where the interval holds today, nowhere else."""
    plan = plan_month(motley(3, n=200))
    assert plan.keep.any() and not plan.keep.all()
    assert (plan.keep == (plan.reason == Reason.KEEP)).all()
    today, visited = plan.effort_today, plan.effort_today > 0
    near = np.abs(plan.effort_optimal - today) <= 0.05 * np.maximum(
        today, plan.effort_optimal
    )
    holds = (plan.factor_low <= 1) & (plan.factor_high >= 1)
    assert (near | holds)[plan.keep & visited].all()


def test_a_bound_hides_no_doubt():
    """At three times today's visits the best may still be less than that, or not."""
    plan = plan_month(motley(3, n=200))
    top = np.isclose(plan.factor, 3)
    assert top.any()
    assert plan.factor_high[top] == pytest.approx(np.full(top.sum(), 3.0))
    assert (plan.factor_low[top] < 2.9).any()
    assert (plan.factor_low[top] > 2.9).any()


def test_gains_of_the_same_hours_add_up():
    plan = plan_month(motley(4, n=100))
    total = plan.month.own.total(plan.gain_same_hours)
    assert total == pytest.approx(plan.group_gain_same_hours)
    assert plan.contribution_today.sum() == pytest.approx(plan.profit_today)


# ---------------------------------------------------------------------- sizing
class TestSizing:
    """How many reps a pool can pay for."""

    def case(self, n=240, groups=4, **changes):
        problem = company(5, n, groups)
        month = Month(problem)
        given = dict(
            place=problem.group,
            count=groups,
            hours=problem.capacity / 6,
            cost=2500.0,
            now=6.0,
        )
        given.update(changes)
        return month, size_month(month, **given)

    @given(seed=st.integers(0, 10_000))
    @settings(max_examples=8)
    def test_it_holds_what_it_says(self, seed):
        month = Month(motley(seed))
        place = np.where(np.arange(60) % 7 == 0, -1, np.arange(60) % 4)
        now = np.array([0.0, 0.5, 1.0, 3.7])
        found = size_month(month, place, 4, hours=30.0, cost=900.0, now=now)
        again = size_month(month, place, 4, hours=30.0, cost=900.0, now=now + 1)
        assert again.profit_now - found.profit_now == pytest.approx(found.next_rep)
        assert again.last_rep == pytest.approx(found.next_rep)
        assert (found.next_rep_low <= found.next_rep).all()
        assert (found.next_rep <= found.next_rep_high).all()
        assert (found.flat_low <= found.reps).all()
        assert (found.reps <= found.flat_high).all()
        assert (found.profit >= found.curve_profit.max(axis=0) - 1e-6).all()
        assert np.isfinite(found.shadow_price).all()
        assert found.last_rep[0] == 0
        for pool in range(4):
            curve = found.of(pool)
            assert curve["reps"].size <= 40
            assert (curve["low"] <= curve["profit"]).all()
            assert (curve["profit"] <= curve["high"]).all()
            first = (curve["profit"][1] - curve["profit"][0] + 900) / 30
            assert curve["hour"][0] == pytest.approx(first, abs=1e-9)

    def test_profit_is_concave_in_reps(self):
        _month, found = self.case()
        for pool in range(4):
            curve = found.of(pool)
            assert curve["reps"].size > 6
            slopes = np.diff(curve["profit"]) / np.diff(curve["reps"])
            assert (np.diff(slopes) < 0).all()
            assert (np.diff(curve["hour"]) <= 0).all()

    def test_reps_pay_until_they_do_not(self):
        """With the optimum as the present, the last rep pays and the next does not."""
        _month, found = self.case()
        _month, found = self.case(now=found.reps)
        assert (found.next_rep <= 0).all() and (found.last_rep >= 0).all()

    def test_dearer_reps_are_fewer(self):
        _month, cheap = self.case(cost=500.0)
        _month, dear = self.case(cost=5000.0)
        assert (dear.reps < cheap.reps).all()

    def test_the_same_gain_as_the_plan_publishes(self):
        """More hours for a whole group: the plan's gain of them, by another way."""
        problem = company(5, 120, 1)
        month = Month(problem)
        found = size_month(
            month,
            problem.group,
            1,
            hours=problem.capacity,
            cost=1.0,
            now=1.0,
        )
        plan = plan_month(problem)
        brought = found.profit_now[0] + 1.0 - plan.profit_today
        assert brought == pytest.approx(plan.total_gain, rel=0.1)
        # a plan leaves no account, which can only cost something of it
        assert found.shadow_price[0] == pytest.approx(plan.shadow_price[0], rel=0.15)

    def test_wider_doubt_about_all_curves_is_wider_here(self):
        problem = company(5, 240, 4)
        prior = problem.prior
        widths = []
        for sd in (0.05, 0.15):
            month = Month(replace(problem, prior=replace(prior, sd=sd)))
            found = size_month(
                month, problem.group, 4, hours=20.0, cost=2500.0, now=6.0
            )
            widths.append(found.next_rep_high - found.next_rep_low)
        assert (widths[1] > 1.5 * widths[0]).all()

    def test_the_reps_there_are_have_no_doubt_against_themselves(self):
        _month, found = self.case()
        for pool in range(4):
            curve = found.of(pool)
            width = curve["high"] - curve["low"]
            now = curve["reps"] == 6
            assert now.any() and width[now] == pytest.approx(0, abs=1e-6)
            assert (width[~now] > 1).all()

    def test_half_a_visit_a_year_stands_for_none(self):
        """Who was never visited takes no hours before the first real visit."""
        base = company(5, 40, 1)
        problem = replace(
            base, effort=np.zeros((40, 36)), hours_per_visit=np.full(40, 2.0)
        )
        # up to three times half a visit a year, the first half free: 40·2·2/24 hours
        found = size_month(
            Month(problem),
            problem.group,
            1,
            hours=40 * 2 * 2 / 24,
            cost=1e-3,
            now=0.0,
        )
        assert found.profit_now[0] == pytest.approx(found.curve_profit[0, 0])
        assert found.next_rep[0] > 0
        assert found.curve_profit[1:, 0].max() == pytest.approx(
            found.profit_now[0] + found.next_rep[0], rel=1e-9
        )
        assert found.reps[0] == 1

    def test_pools_are_sized_apart(self):
        month, found = self.case()
        place = month.problem.group
        for pool in (0, 3):
            alone = size_month(
                month,
                np.where(place == pool, 0, -1),
                1,
                hours=month.problem.capacity[pool] / 6,
                cost=2500.0,
                now=6.0,
            )
            for name in ("reps", "profit", "profit_now", "next_rep", "next_rep_low"):
                one, other = getattr(found, name)[pool], getattr(alone, name)[0]
                assert one == pytest.approx(other, rel=1e-6), name

    def test_order_of_accounts_does_not_matter(self):
        problem = company(5, 240, 4)
        order = np.random.default_rng(0).permutation(240)
        rows = ("sales", "effort", "margin_rate", "pipeline", "hours_per_visit")
        mixed = replace(
            problem,
            **{
                name: getattr(problem, name)[order]
                for name in (*rows, "group", "segment", "visits_min", "visits_max")
            },
        )
        results = [
            size_month(Month(p), p.group, 4, hours=20.0, cost=2500.0, now=6.0)
            for p in (problem, mixed)
        ]
        for name in ("reps", "profit", "next_rep", "next_rep_high", "shadow_price"):
            one, other = (getattr(found, name) for found in results)
            assert one == pytest.approx(other, rel=1e-6), name

    def test_accounts_of_nobody_count(self):
        """A region without a rep: none now, and the first one has something to do."""
        problem = company(5, 60, 2)
        lost = replace(
            problem,
            group=np.where(problem.group == 1, -1, 0),
            capacity=problem.capacity[:1],
        )
        found = size_month(
            Month(lost), problem.group, 2, hours=40.0, cost=100.0, now=[2.0, 0.0]
        )
        assert found.reps[1] > 0 and found.next_rep[1] > 0
        assert found.last_rep[1] == 0
        assert found.shadow_price[1] > 0

    def test_agreed_visits_beyond_the_reps_give_way(self):
        """What does not fit into no rep's hours is not done by nobody for nothing."""
        problem = company(5, 60, 1)
        base = Month(problem)
        bound = Month(replace(problem, visits_min=0.2))
        given = dict(count=1, hours=10.0, cost=1.0, now=0.0)
        free = size_month(base, problem.group, **given)
        held = size_month(bound, problem.group, **given)
        assert held.profit_now == pytest.approx(free.profit_now)

    def test_nothing_to_size(self):
        problem = company(5, 12, 1)
        month = Month(problem)
        none = size_month(month, np.full(12, -1), 0, hours=60.0, cost=1.0, now=0.0)
        assert none.reps.shape == (0,)
        empty = size_month(
            month, np.full(12, -1), 2, hours=60.0, cost=1000.0, now=[0.0, 1.5]
        )
        assert empty.reps.tolist() == [0, 0]
        assert empty.profit_now.tolist() == [0, -1500]
        assert empty.next_rep.tolist() == [-1000, -1000]

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"hours": 0.0}, "hours of North must be positive and finite, got 0.0"),
            ({"cost": [1.0, np.inf]}, "cost of South must be positive"),
            ({"now": [1.0, -2.0]}, "now of South must be zero or more"),
            ({"place": np.full(12, 2)}, r"place\[0\] must be between -1 and 1, got 2"),
            ({"place": np.zeros(3, int)}, r"place must have shape \(12,\)"),
            ({"points": 1}, "points must be at least 3"),
            ({"tolerance": 2.0}, "tolerance must be between 0 and 1"),
        ],
    )
    def test_wrong_input_is_named(self, changes, words):
        month = Month(company(5, 12, 2))
        given = dict(
            place=month.problem.group, count=2, hours=60.0, cost=1000.0, now=1.0
        )
        with pytest.raises(ValueError, match=words):
            size_month(month, **{**given, **changes}, labels=["North", "South"])


# ----------------------------------------------------------------------- moves
class TestMoves:
    """Which hours move."""

    @given(seed=st.integers(0, 10_000))
    @settings(max_examples=10)
    def test_they_add_up(self, seed):
        plan = plan_month(motley(seed))
        found = moves(plan, top=3)
        change = plan.hours_optimal - plan.hours_today
        assert found.used - found.freed == pytest.approx(change, abs=1e-6)
        assert found.used_gain - found.freed_cost == pytest.approx(
            plan.group_gain, abs=1e-6 * (1 + np.abs(plan.gain).sum())
        )
        own = plan.month.own
        for group in range(3):
            rows = np.flatnonzero(own.place == group)
            for sign, table in ((1, found.to_accounts), (-1, found.from_accounts)):
                largest = rows[np.argsort(-sign * found.hours[rows], kind="stable")]
                wanted = [row for row in largest[:3] if sign * found.hours[row] > 0]
                assert [row for row in table[group] if row >= 0] == wanted
        weight = plan.hours_optimal
        if weight.sum() > 0:
            assert found.price_difference @ weight == pytest.approx(
                0, abs=1e-6 * (1 + plan.shadow_price @ weight)
            )

    def test_nobody_named(self):
        plan = plan_month(company())
        assert moves(plan, top=0).to_accounts.shape == (3, 0)
