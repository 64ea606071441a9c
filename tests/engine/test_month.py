"""The month's plan: what the Odoo side calls, on small companies worked out by hand."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import month
from odoo.addons.territory_planning.engine.calibration import Prior
from odoo.addons.territory_planning.engine.month import MonthProblem, Reason, plan_month

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")

PER_GROUP = {
    "hours_today",
    "hours_optimal",
    "hours_month",
    "hours_flat",
    "hours_flat_low",
    "hours_flat_high",
    "shadow_price",
    *(f"group_gain{end}" for end in ("", "_low", "_high")),
    *(f"group_gain_same_hours{end}" for end in ("", "_low", "_high")),
    "group_gain_more_hours",
}


def company(seed=0, n=60, groups=3, **changes):
    """A company whose history says little, so that curves are the prior's."""
    rng = np.random.default_rng(seed)
    level = rng.gamma(2, 0.6, n)
    effort = rng.poisson(level[:, None], (n, 36)).astype(float)
    sales = rng.lognormal(8, 1, n)[:, None] * rng.gamma(2, 0.5, (n, 36))
    group = rng.integers(0, groups, n)
    hours = rng.uniform(1, 3, n)
    data = dict(
        sales=sales,
        effort=effort,
        margin_rate=rng.uniform(0.1, 0.4, n),
        pipeline=np.zeros(n),
        hours_per_visit=hours,
        group=group,
        capacity=np.bincount(group, hours * level, minlength=groups),
        segment=rng.integers(0, 2, n),
    )
    data.update(changes)
    return MonthProblem(**data)


# --------------------------------------------------------------- whole company
@given(seed=st.integers(0, 10_000))
@settings(max_examples=15)
def test_a_plan_holds_what_it_says(seed):
    """Bounds, hours, sums and intervals of any company."""
    rng = np.random.default_rng(seed)
    n, groups = int(rng.integers(1, 50)), int(rng.integers(1, 4))
    base = company(seed, n, groups)
    sales, effort = base.sales.copy(), base.effort.copy()
    sales[rng.random(n) < 0.15] = 0
    effort[rng.random(n) < 0.15] = 0
    problem = replace(
        base,
        sales=sales,
        effort=effort,
        group=np.where(rng.random(n) < 0.1, -1, base.group),
        pipeline=rng.exponential(300, n) * (rng.random(n) < 0.5),
        margin_rate=np.where(rng.random(n) < 0.1, -0.1, base.margin_rate),
        visits_max=np.where(rng.random(n) < 0.2, 1.0, np.inf),
        capacity=base.capacity * rng.uniform(0.4, 2, groups),
    )
    plan = plan_month(problem)
    for field in fields(plan):
        value = getattr(plan, field.name)
        if isinstance(value, np.ndarray):
            size = groups if field.name in PER_GROUP else n
            assert value.shape == (size,), field.name
            if not field.name.startswith("factor") and value.dtype.kind == "f":
                assert np.isfinite(value).all() or field.name == "shadow_price"
    cared = problem.group >= 0
    hours = problem.hours_per_visit
    for spent in (plan.effort_optimal, plan.visits):
        used = np.bincount(
            problem.group[cared], (hours * spent)[cared], minlength=groups
        )
        assert (used <= problem.capacity * (1 + 1e-9)).all()
    assert (plan.visits[~cared] == 0).all()
    assert (plan.visits <= np.ceil(problem.visits_max)).all()
    # more is built up month by month, not in one burst
    assert (plan.visits <= np.maximum(1, np.ceil(plan.effort_optimal - 1e-9))).all()
    assert (plan.effort_optimal <= problem.visits_max + 1e-9)[cared].all()
    assert (plan.gain_low <= plan.gain + 1e-9).all()
    assert (plan.gain <= plan.gain_high + 1e-9).all()
    gain = np.bincount(problem.group[cared], plan.gain[cared], minlength=groups)
    assert plan.group_gain == pytest.approx(gain)
    assert plan.total_gain == pytest.approx(gain.sum())
    parts = plan.group_gain_same_hours + plan.group_gain_more_hours
    assert parts == pytest.approx(plan.group_gain)
    assert plan.gap <= 1e-8
    assert plan.profit <= plan.bound
    visited = ~np.isnan(plan.factor)
    assert (visited == (plan.effort_today > 0)).all()
    assert (plan.factor_low <= plan.factor * (1 + 1e-9))[visited].all()
    assert (plan.factor <= plan.factor_high * (1 + 1e-9))[visited].all()
    assert (plan.hours_flat <= plan.hours_optimal + 1e-6).all()
    mean, low, high = plan.gain_by(np.zeros(n, int), 1)
    assert mean[0] == pytest.approx(plan.gain.sum())
    assert low[0] <= mean[0] <= high[0]


def test_same_input_same_plan():
    one, other = plan_month(company(), seed=1), plan_month(company(), seed=1)
    for field in fields(one):
        if field.name == "month":
            continue
        left, right = getattr(one, field.name), getattr(other, field.name)
        np.testing.assert_array_equal(left, right, err_msg=field.name)


def test_progress_is_told():
    told = []
    plan_month(company(), progress=lambda share, word: told.append((share, word)))
    shares = [share for share, _word in told]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1
    assert all(word for _share, word in told)


def test_no_accounts():
    empty = np.zeros(0)
    problem = MonthProblem(
        sales=np.zeros((0, 36)),
        effort=np.zeros((0, 36)),
        margin_rate=empty,
        pipeline=empty,
        hours_per_visit=empty,
        group=empty,
        capacity=[100, 50],
        segment=empty,
    )
    plan = plan_month(problem)
    assert plan.visits.shape == (0,)
    assert plan.total_gain == 0
    assert plan.shadow_price.tolist() == [0, 0]
    assert plan.gap == 0
    assert plan_month(replace(problem, capacity=[])).hours_today.shape == (0,)


# ----------------------------------------------------------------- comparison
class TestGain:
    """Today is compared fairly: same hours first, other hours apart."""

    def test_same_hours_when_capacity_is_what_is_used(self):
        problem = company()
        plan = plan_month(problem)
        plan = plan_month(replace(problem, capacity=plan.hours_today))
        assert plan.group_gain_more_hours == pytest.approx(np.zeros(3), abs=1e-6)
        assert (plan.group_gain_same_hours > 0).all()

    def test_more_hours_are_a_gain_of_their_own(self):
        problem = company()
        today = plan_month(problem).hours_today
        some = plan_month(replace(problem, capacity=today))
        more = plan_month(replace(problem, capacity=1.3 * today))
        less = plan_month(replace(problem, capacity=0.7 * today))
        assert more.group_gain_same_hours == pytest.approx(some.group_gain_same_hours)
        assert (more.group_gain_more_hours > 0).all()
        assert less.group_gain_same_hours == pytest.approx(some.group_gain_same_hours)
        assert (less.group_gain_more_hours < 0).all()

    def test_published_gain_is_the_shrunken_one(self):
        """Less than the fitted curves say, which are never published as the gain."""
        plan = plan_month(company())
        assert 0 < plan.total_gain < plan.profit - plan.profit_today

    def test_alike_accounts_gain_nothing(self):
        """Nothing to rearrange among equals."""
        n = 12
        flat = np.full((n, 36), 1000.0)
        problem = company(n=n, groups=1)
        problem = replace(
            problem,
            sales=flat,
            effort=np.full((n, 36), 2.0),
            margin_rate=0.3,
            hours_per_visit=2.0,
            capacity=[48.0],
            segment=None,
        )
        plan = plan_month(problem)
        assert plan.effort_optimal == pytest.approx(np.full(n, 2.0))
        assert plan.total_gain == pytest.approx(0, abs=1e-6)
        assert set(plan.reason) == {Reason.KEEP}
        assert plan.visits.tolist() == [2] * n

    def test_interval_of_a_part_is_wider_than_its_share(self):
        plan = plan_month(company(n=200))
        region = np.arange(200) % 4
        mean, low, high = plan.gain_by(region, 4)
        assert mean.sum() == pytest.approx(plan.total_gain)
        width = (high - low).sum()
        assert width >= plan.total_gain_high - plan.total_gain_low
        one = plan.gain_by(np.zeros(200, int), 1)
        assert one[1][0] == pytest.approx(plan.total_gain_low)

    def test_value_of_next_hour_ranks_who_gets_more(self):
        """At equal curves the optimum goes to where the next hour is worth most."""
        problem = company(n=40, groups=1)
        plan = plan_month(replace(problem, capacity=plan_month(problem).hours_today))
        up = plan.factor > 1.2
        down = plan.factor < 0.8
        assert (
            plan.value_of_next_hour[up].min()
            > plan.value_of_next_hour[down].max() * 0.8
        )
        assert np.median(plan.value_of_next_hour[up]) > plan.shadow_price[0]
        assert np.median(plan.value_of_next_hour[down]) < plan.shadow_price[0]

    def test_flat_hours_bring_99_percent(self):
        problem = company(n=80)
        plan = plan_month(problem)
        fewer = plan_month(replace(problem, capacity=plan.hours_flat))
        assert fewer.profit == pytest.approx(0.99 * plan.profit, rel=2e-3)


# -------------------------------------------------------------------- reasons
class TestReasons:
    """Every account gets one, and it is true."""

    def test_damping_holds(self):
        plan = plan_month(company(n=200))
        assert np.nanmin(plan.factor) >= 1 / 3 - 1e-9
        assert np.nanmax(plan.factor) <= 3 + 1e-9

    def test_more_and_less(self):
        plan = plan_month(company(n=200))
        more = plan.reason == Reason.MORE_PAYS
        less = plan.reason == Reason.LESS_COSTS_LITTLE
        assert more.any() and less.any()
        today, goal = plan.effort_today, plan.effort_optimal
        assert (goal[more] > today[more]).all() and (goal[less] < today[less]).all()
        keep = plan.reason == Reason.KEEP
        assert keep.any()
        near = np.abs(plan.factor[keep] - 1) <= 0.06
        around = (plan.factor_low[keep] <= 1) & (plan.factor_high[keep] >= 1)
        assert (near | around).all()

    def test_nobody(self):
        problem = company()
        plan = plan_month(replace(problem, group=np.where(problem.group == 1, -1, 0)))
        lost = problem.group == 1
        assert (plan.reason[lost] == Reason.NOBODY).all()
        assert (plan.visits[lost] == 0).all()
        assert plan.gain[lost].tolist() == [0] * lost.sum()
        assert (plan.effort_optimal[lost] == plan.effort_today[lost]).all()
        assert plan.value_of_next_hour[lost].max() > 0

    def test_no_sales_and_new_opportunity(self):
        problem = company()
        sales, effort = problem.sales.copy(), problem.effort.copy()
        sales[:4], effort[:4] = 0, 0
        pipeline = np.zeros(60)
        pipeline[[2, 3]] = [50_000, 1]
        plan = plan_month(
            replace(problem, sales=sales, effort=effort, pipeline=pipeline)
        )
        assert plan.reason[:2].tolist() == [Reason.NO_SALES] * 2
        assert plan.reason[2:4].tolist() == [Reason.NEW_OPPORTUNITY] * 2
        assert plan.visits[:2].tolist() == [0, 0]
        assert plan.visits[2] >= 1 and plan.effort_optimal[2] > 0
        assert plan.effort_optimal[3] == pytest.approx(0, abs=0.2)
        assert plan.gain[2] > 0 and plan.gain_low[2] < plan.gain[2]
        assert np.isnan(plan.factor[:4]).all()

    def test_pipeline_of_a_customer_is_left_to_its_sales(self):
        problem = company()
        plan = plan_month(problem)
        other = plan_month(replace(problem, pipeline=np.full(60, 9e5)))
        assert (other.effort_optimal == plan.effort_optimal).all()

    def test_without_margin_nothing_beyond_the_minimum(self):
        problem = company()
        margin = problem.margin_rate.copy()
        margin[:3] = [0, -0.2, -0.2]
        least = np.zeros(60)
        least[2] = 1.0
        plan = plan_month(replace(problem, margin_rate=margin, visits_min=least))
        assert plan.reason[:3].tolist() == [Reason.NO_MARGIN] * 3
        assert plan.effort_optimal[:3].tolist() == [0, 0, 1]
        assert plan.visits[:3].tolist() == [0, 0, 1]
        assert plan.gain[:3].tolist() == [0, 0, 0]

    def test_agreed_bounds(self):
        problem = company(n=200)
        free = plan_month(problem)
        most = np.full(200, np.inf)
        least = np.zeros(200)
        high, low = np.argmax(free.effort_optimal), np.argmin(free.factor)
        most[high] = 1.0
        least[low] = 5.0
        plan = plan_month(replace(problem, visits_min=least, visits_max=most))
        assert plan.effort_optimal[high] == pytest.approx(1)
        assert plan.reason[high] == Reason.AT_MAXIMUM
        assert plan.visits[high] <= 1
        assert plan.effort_optimal[low] == pytest.approx(5)
        assert plan.reason[low] == Reason.AT_MINIMUM
        assert plan.visits[low] >= 5

    def test_never_visited_customer(self):
        problem = company()
        effort = problem.effort.copy()
        effort[0] = 0
        plan = plan_month(replace(problem, effort=effort))
        assert plan.effort_today[0] == 0 and np.isnan(plan.factor[0])
        assert plan.never_visited[0]
        assert plan.effort_optimal[0] <= 3 * 0.5 / 12 + 1e-9

    def test_never_visited_and_not_worth_it(self):
        """Half a visit a year stands for none: none is planned, nothing is lost."""
        problem = company()
        sales, effort = problem.sales.copy(), problem.effort.copy()
        effort[0], sales[0] = 0, 0.01
        plan = plan_month(replace(problem, sales=sales, effort=effort))
        assert plan.effort_optimal[0] == 0
        assert plan.gain[0] == plan.gain_low[0] == plan.gain_high[0] == 0

    def test_factor_has_an_interval(self):
        """Own doubt about the elasticity is doubt about the optimal effort."""
        plan = plan_month(company(n=200))
        inside = (plan.factor > 0.4) & (plan.factor < 2.5)
        assert (plan.factor_high[inside] > 1.15 * plan.factor_low[inside]).all()
        far = (plan.reason == Reason.KEEP) & (np.abs(plan.factor - 1) > 0.1)
        assert far.any()


# --------------------------------------------------------------- whole visits
class TestVisits:
    """This month, in whole visits, given what was just visited."""

    def twins(self, late):
        """Two equal accounts; one visited last month, one ``late`` months ago."""
        effort = np.zeros((2, 36))
        effort[0, ::4] = effort[1, ::4] = 1
        effort[:, -8:] = 0
        effort[0, -1] = effort[1, -late] = 1
        return MonthProblem(
            sales=np.full((2, 36), 1000.0),
            effort=effort,
            margin_rate=0.3,
            pipeline=0.0,
            hours_per_visit=2.0,
            group=[0, 0],
            capacity=[2.0],
        )

    def test_the_one_not_seen_for_long_comes_first(self):
        plan = plan_month(self.twins(late=6))
        assert plan.visits.tolist() == [0, 1]

    @pytest.mark.parametrize(("since", "due"), [(1, 0), (2, 0), (3, 0), (4, 1), (9, 1)])
    def test_a_quarter_visit_a_month_is_one_in_four(self, since, due):
        """Agreed minimum ¼: due when the last three months had none."""
        effort = np.zeros((2, 36))
        effort[0, -since] = 1
        effort[1] = 3
        problem = MonthProblem(
            sales=np.array([[1.0], [90_000.0]]) * np.ones(36),
            effort=effort,
            margin_rate=0.3,
            pipeline=0.0,
            hours_per_visit=1.0,
            group=[0, 0],
            capacity=[3.0],
            visits_min=[0.25, 0],
            visits_max=[0.25, np.inf],
        )
        assert plan_month(problem).visits[0] == due

    def test_at_most_half_a_visit_is_every_other_month(self):
        effort = np.ones((1, 36)) * 0.5
        data = dict(
            sales=np.full((1, 36), 1e4),
            margin_rate=0.3,
            pipeline=0.0,
            hours_per_visit=1.0,
            group=[0],
            capacity=[9.0],
            visits_max=0.5,
        )
        effort[0, -1] = 1
        assert plan_month(MonthProblem(effort=effort, **data)).visits[0] == 0
        effort[0, -1] = 0
        assert plan_month(MonthProblem(effort=effort, **data)).visits[0] == 1

    def test_due_visits_that_do_not_fit_give_way(self):
        """Fractions may fall due all at once; only whole minimums are kept then."""
        n = 10
        problem = MonthProblem(
            sales=np.full((n, 36), 1000.0),
            effort=np.zeros((n, 36)),
            margin_rate=0.3,
            pipeline=0.0,
            hours_per_visit=1.0,
            group=np.zeros(n),
            capacity=[4.0],
            visits_min=0.3,
        )
        plan = plan_month(problem)
        assert plan.visits.sum() == 4

    def test_a_pause_does_not_count_as_all_sales_lost(self):
        """Far below today's effort the curve goes on straight, not into the ground.

        Two accounts, one visit to give. The first was seen once, eleven months ago; the
        second is sized so that its visit brings a little more than the first's, and
        would bring a little less if the first's curve fell all the way.
        """
        effort = np.zeros((2, 36))
        effort[0, -11] = 1
        effort[1, :-1] = 1
        stock = effort @ 0.75 ** np.arange(36)[::-1]
        today = np.array([1 / 12, 11 / 12])
        before, after = 0.25 * 0.75 * stock, 0.25 * (0.75 * stock + 1)
        after = np.minimum(after, 3 * today)
        rest, gone = ((level / today) ** 0.31 for level in (after, before))
        straight = 3**-0.31 * (1 - 0.31 * (1 - before[0] / (today[0] / 3)))
        assert straight > gone[0]
        gain = rest[0] - 0.5 * (straight + gone[0])
        problem = MonthProblem(
            sales=np.array([[1.0], [gain / (rest[1] - gone[1])]]) * np.full(36, 1000.0),
            effort=effort,
            margin_rate=0.3,
            pipeline=0.0,
            hours_per_visit=2.0,
            group=[0, 0],
            capacity=[2.0],
            prior=Prior(sd=1e-4),
        )
        plan = plan_month(problem)
        # both sales are brought to today's visits first
        expected = plan.sales_expected / plan.sales_today
        assert plan.elasticity == pytest.approx([0.31, 0.31], abs=1e-3)
        sales = problem.sales / expected[:, None]
        plan = plan_month(replace(problem, sales=sales))
        assert plan.visits.tolist() == [0, 1]

    def test_who_sells_without_visits_has_nothing_to_lose(self):
        """A customer never visited is not treated as one about to be lost."""
        effort = np.zeros((2, 36))
        effort[1, ::2] = 1
        problem = MonthProblem(
            sales=np.array([[1000.0], [4000.0]]) * np.ones(36),
            effort=effort,
            margin_rate=0.3,
            pipeline=0.0,
            hours_per_visit=2.0,
            group=[0, 0],
            capacity=[2.0],
        )
        assert plan_month(problem).visits.tolist() == [0, 1]

    def test_capacity_of_zero(self):
        plan = plan_month(replace(company(), capacity=[0, 0, 0]))
        assert plan.visits.sum() == 0
        assert plan.effort_optimal.sum() == 0
        assert plan.total_gain < 0


# --------------------------------------------------------------------- refused
class TestRefused:
    """Messages name the array, the account, the period and the value."""

    def change(self, name, where, value):
        array = np.array(getattr(company(), name), dtype=float)
        array[where] = value
        return {name: array}

    @pytest.mark.parametrize(
        ("name", "where", "value", "words"),
        [
            ("sales", (7, 3), np.nan, r"sales of row 7, period 3, .*got nan"),
            ("sales", (7, 3), np.inf, r"sales of row 7, period 3, .*got inf"),
            ("effort", (2, 0), -1, r"effort of row 2, period 0, .*got -1"),
            ("margin_rate", 5, np.nan, r"margin_rate of row 5 .*got nan"),
            ("pipeline", 5, -3, r"pipeline of row 5 .*got -3"),
            ("hours_per_visit", 4, 0, r"hours_per_visit of row 4 .*got 0"),
            ("group", 4, 3, r"group of row 4 must be between -1 and 2, got 3"),
            ("group", 4, -2, r"group of row 4 .*got -2"),
            ("group", 4, 0.5, r"group of row 4 .*got 0.5"),
            ("segment", 4, -1, r"segment of row 4 .*got -1"),
            ("capacity", 1, -5, r"capacity of group 1 .*got -5"),
        ],
    )
    def test_value(self, name, where, value, words):
        with pytest.raises(ValueError, match=words):
            replace(company(), **self.change(name, where, value))

    def test_names_are_used(self):
        names = [f"Kunde {i}" for i in range(60)]
        bad = self.change("margin_rate", 5, np.nan)
        with pytest.raises(ValueError, match=r"margin_rate of Kunde 5 \(row 5\)"):
            replace(company(), labels=names, **bad)
        with pytest.raises(ValueError, match=r"margin_rate of <5> \(row 5\)"):
            replace(company(), label=lambda i: f"<{i}>", **bad)

    def test_shapes(self):
        with pytest.raises(ValueError, match="sales must have shape"):
            replace(company(), sales=np.ones(60))
        with pytest.raises(ValueError, match="effort must have shape"):
            replace(company(), effort=np.ones((60, 35)))
        with pytest.raises(ValueError, match="margin_rate must have length 60"):
            replace(company(), margin_rate=np.ones(59))
        with pytest.raises(ValueError, match="group must have shape"):
            replace(company(), group=[0])
        with pytest.raises(ValueError, match="sales must be numbers"):
            replace(company(), sales=[["a"]])

    def test_crossed_bounds(self):
        with pytest.raises(ValueError, match="visits_max of row 0 .*visits_min"):
            replace(company(), visits_min=2.0, visits_max=1.0)

    def test_minimum_that_does_not_fit(self):
        """Names the rep and says by how many hours."""
        problem = company()
        need = np.bincount(problem.group, problem.hours_per_visit)[1] * 9
        capacity = np.array([1e4, need - 7, 1e4])
        with pytest.raises(ValueError, match=r"Berta \(group 1\) need .* 7 more"):
            replace(
                problem,
                visits_min=9.0,
                capacity=capacity,
                group_labels=["Anna", "Berta", "Carl"],
            )

    def test_judgement_is_passed_on(self):
        points = np.full((60, 5), np.nan)
        points[9] = (0.3, 0.7, 1, 1.15, 1.4)
        plan = plan_month(replace(company(), judgement=points))
        assert plan.origin[9] in ("judgement", "mixed")

    def test_prior_is_passed_on(self):
        plan = plan_month(replace(company(), prior=Prior(mean=0.2, sd=0.02)))
        assert plan.elasticity == pytest.approx(np.full(60, 0.2), abs=0.03)


def test_module_names():
    """What the Odoo side imports."""
    assert set(month.__all__) >= {"MonthPlan", "MonthProblem", "Reason", "plan_month"}
    assert [reason.name for reason in Reason][:3] == [
        "KEEP",
        "MORE_PAYS",
        "LESS_COSTS_LITTLE",
    ]
