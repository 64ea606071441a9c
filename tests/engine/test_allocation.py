"""The optimum and its certificate: published tables, properties, brute force."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from odoo.addons.territory_planning.engine import allocation, calibration, response

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")

seeds = st.integers(0, 2**32 - 1)


# ------------------------------------------------------------------- problems
def concave(rng, n):
    """``n`` concave curves of all smooth families, in random order."""
    parts = [
        response.adbudg(
            rng.uniform(0, 20, n),
            rng.uniform(20, 200, n),
            rng.uniform(0.3, 1, n),
            rng.uniform(0.3, 6, n),
        ),
        response.modified_exponential(
            rng.uniform(0, 20, n), rng.lognormal(4, 1, n), rng.uniform(0.05, 1, n)
        ),
        response.power(0, rng.lognormal(4, 1, n), rng.uniform(0.05, 0.8, n)),
    ]
    return response.stack(parts).take(rng.permutation(3 * n)[:n])


def curved(rng, n):
    """``n`` curves among them S-shapes and judged points."""
    parts = [
        concave(rng, n),
        response.adbudg(
            rng.uniform(0, 20, n),
            rng.uniform(20, 200, n),
            rng.uniform(1, 4, n),
            rng.uniform(0.5, 40, n),
        ),
        response.tabulated(
            [0, 1, 2, 4, 7], np.cumsum(rng.exponential(20, (n, 5)), axis=1)
        ),
    ]
    return response.stack(parts).take(rng.permutation(3 * n)[:n])


def problem(seed, make=concave, most=12, groups=3, bounded=True):
    """A random problem; group 1 may be empty, some bounds are tight or infinite."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, most + 1))
    lower, upper = np.zeros(n), np.full(n, np.inf)
    if bounded:
        lower = np.where(rng.random(n) < 0.3, rng.uniform(0, 2, n), 0.0)
        upper = np.where(rng.random(n) < 0.3, lower + rng.exponential(3, n), np.inf)
    time = rng.uniform(0.3, 3, n)
    group = rng.choice([0, 2], n) if groups > 1 else np.zeros(n, int)
    count = groups if groups > 1 else 1
    needed = np.bincount(group, time * lower, minlength=count)
    return dict(
        curves=make(rng, n),
        margin=rng.uniform(0.05, 0.6, n),
        time_per_visit=time,
        lower=lower,
        upper=upper,
        budget=needed + rng.exponential(2 * n, count) * (rng.random(count) < 0.9),
        group=group,
    )


def solve(given_problem, **changes):
    data = {**given_problem, **changes}
    return allocation.allocate(data.pop("curves"), **data)


def solve_visits(given_problem, **changes):
    data = {**given_problem, **changes}
    return allocation.allocate_visits(data.pop("curves"), **data)


def worth(data, effort):
    return float((data["margin"] * data["curves"].sales(effort)).sum())


def random_plan(data, rng):
    """A feasible plan that uses what it can of every budget."""
    lower, time = data["lower"], data["time_per_visit"]
    want = np.minimum(rng.exponential(4, lower.size), data["upper"] - lower)
    group, count = data["group"], len(data["budget"])
    spent = np.bincount(group, time * want, minlength=count)
    rest = data["budget"] - np.bincount(group, time * lower, minlength=count)
    share = np.minimum(1.0, np.maximum(rest, 0) / np.where(spent > 0, spent, 1.0))
    return lower + want * share[group]


# ------------------------------------------------------------ published tables
class TestCallplan:
    """Lodish's method on two accounts, North and South."""

    ANSWERS = ((0.2, 0.62, 1, 1.30, 1.5), (0.3, 0.70, 1, 1.15, 1.4))

    def data(self):
        curves = calibration.from_judgement(
            self.ANSWERS, effort=[4, 4], sales=[60.0, 50.0]
        )
        return dict(curves=curves, margin=[0.4, 0.3], time_per_visit=2, budget=16)

    def test_today(self):
        data = self.data()
        assert worth(data, 4.0) == pytest.approx(39.0)

    def test_whole_visits(self):
        found = solve_visits(self.data())
        assert found.effort.tolist() == [5, 3]
        assert found.profit == pytest.approx(41.05269, abs=5e-6)
        assert found.gap == pytest.approx(0, abs=1e-12)

    def test_continuous(self):
        found = solve(self.data())
        assert found.effort == pytest.approx([5.4163, 2.5837], abs=5e-5)
        assert found.profit == pytest.approx(41.23527, abs=5e-6)
        assert found.gap <= 1e-9


class TestBeswick:
    """Seven areas, elasticity .2, a rep brings 100 units and costs 1."""

    SCALE = (75.36, 28.76, 36.21, 43.28, 56.65, 69.27, 63.04)
    TABLE = {
        1: 63.1717,
        2: 71.7140,
        3: 76.9407,
        4: 80.6751,
        5: 83.5397,
        10: 91.7054,
    }

    def test_profit_by_reps(self):
        reps = np.array(list(self.TABLE))
        curve = allocation.profit_curve(
            response.power(0, self.SCALE, 0.2), margin=0.1, budgets=100 * reps
        )
        profit = curve.profit - reps
        assert profit == pytest.approx(list(self.TABLE.values()), abs=5e-5)


class TestSlsqpTrap:
    """Eight S-shaped products: where a general solver starts decides where it ends."""

    SHAPE = np.array([2.0, 2.4, 3.0, 1.6, 2.8, 3.5, 2.2, 4.0])
    TOP = np.array([212.0, 190, 150, 120, 100, 92, 80, 75])
    HALF = np.array([6.0, 5.0, 4.0, 7.0, 3.0, 5.0, 3.5, 4.0])  # visits at half way

    def data(self):
        curves = response.adbudg(0, self.TOP, self.SHAPE, self.HALF**self.SHAPE)
        return dict(curves=curves, margin=1.0, budget=22.0)

    def best_on_grid(self, step=0.02):
        """Dynamic programming over effort in small steps: the truth, to a step."""
        curves = self.data()["curves"]
        steps = int(round(22.0 / step)) + 1
        grid = np.arange(steps) * step
        value = np.zeros(steps)
        for product in range(8):
            sales = curves.take(np.array([product]))._sales(grid[:, None])[:, 0]
            value = np.array(
                [
                    (value[: end + 1][::-1] + sales[: end + 1]).max()
                    for end in range(steps)
                ]
            )
        return value[-1]

    def test_finds_the_optimum(self):
        found = solve(self.data())
        truth = self.best_on_grid()
        assert truth * (1 - 1e-9) <= found.profit <= truth * (1 + 1e-4)
        assert found.gap <= 1e-8
        assert found.bound >= truth

    def test_slsqp_rarely_does(self):
        curves, best = self.data()["curves"], solve(self.data()).profit
        rng = np.random.default_rng(1)
        starts = [np.zeros(8)]
        starts += [22 * rng.dirichlet(np.ones(8)) for _ in range(40)]
        reached = [
            -optimize.minimize(
                lambda x: -curves.sales(np.maximum(x, 0)).sum(),
                start,
                jac=lambda x: -curves.slope(np.maximum(x, 0)),
                bounds=[(0, 22)] * 8,
                constraints={"type": "ineq", "fun": lambda x: 22 - x.sum()},
                method="SLSQP",
            ).fun
            for start in starts
        ]
        hits = np.array(reached) >= best * (1 - 1e-6)
        assert not hits[0]
        assert hits.mean() < 0.25

    def test_accounts_at_zero_are_reached(self):
        # their slope at zero is zero: marginal reasoning never opens them
        found = solve(self.data())
        assert (found.effort > 1).sum() >= 3


# ------------------------------------------------------------------ properties
@given(seed=seeds)
@settings(max_examples=150)
def test_marginals_equal_the_price(seed):
    """Interior: equal to 1e−8; at bounds: the right side of it."""
    data = problem(seed)
    found = solve(data)
    price = found.shadow_price[data["group"]]
    # a slope that is infinite at zero only below 1e-300 is none
    low = found.effort <= data["lower"] + 1e-12
    high = found.effort >= data["upper"] * (1 - 1e-12)
    inside = ~low & ~high
    marginal = found.marginal
    assert found.marginal == pytest.approx(
        data["margin"] * data["curves"].slope(found.effort) / data["time_per_visit"]
    )
    assert np.abs(marginal[inside] - price[inside]).max(initial=0) <= 1e-8 * max(
        price.max(), 1e-300
    )
    finite = low & ~high & (data["curves"].slope(data["lower"]) < np.inf)
    assert (marginal[finite] <= price[finite] * (1 + 1e-8)).all()
    assert (marginal[high & ~low] >= price[high & ~low] * (1 - 1e-8)).all()
    spent = np.bincount(
        data["group"], data["time_per_visit"] * found.effort, minlength=3
    )
    assert (spent <= data["budget"] * (1 + 1e-11)).all()
    assert found.hours == pytest.approx(spent)
    assert found.gap <= 1e-10


@given(seed=seeds)
@settings(max_examples=60)
def test_bound_is_the_lagrangian(seed):
    """Σ max (margin·sales − λ·time·x) + Σ λ·budget, recomputed on a fine grid."""
    data = problem(seed)
    found = solve(data)
    price = found.shadow_price[data["group"]]
    if not np.isfinite(price).all():
        return
    budget, time = data["budget"], data["time_per_visit"]
    top = np.minimum(data["upper"], budget[data["group"]] / time)
    share = np.linspace(0, 1, 4001)[:, None] ** 3
    grid = data["lower"] + np.maximum(top - data["lower"], 0) * share
    part = data["margin"] * data["curves"].sales(grid) - price * time * grid
    bound = part.max(axis=0).sum() + (found.shadow_price * budget).sum()
    assert found.bound >= found.profit
    assert found.bound >= bound * (1 - 1e-12)
    assert found.bound == pytest.approx(bound, rel=1e-5)


@given(seed=seeds, make=st.sampled_from([concave, curved]))
@settings(max_examples=60)
def test_no_plan_beats_bound_or_optimum(seed, make):
    """Today's, equal, proportional, greedy and random plans are never better."""
    data = problem(seed, make)
    found = solve(data)
    rng = np.random.default_rng(seed)
    assert found.profit <= found.bound
    assert found.gap <= 1e-8
    for _plan in range(20):
        effort = random_plan(data, rng)
        assert worth(data, effort) <= found.profit + 1e-8 * abs(found.bound)
    assert worth(data, greedy(data)) <= found.profit + 1e-8 * abs(found.bound)


def greedy(data, step=0.25):
    """Steps of effort to whoever gains most from the next one."""
    effort, time, group = data["lower"].copy(), data["time_per_visit"], data["group"]
    rest = data["budget"] - np.bincount(group, time * effort, minlength=3)
    for _round in range(400):
        more = np.minimum(effort + step, data["upper"])
        cost = time * (more - effort)
        gain = data["margin"] * (
            data["curves"].sales(more) - data["curves"].sales(effort)
        )
        rate = np.where((cost > 0) & (cost <= rest[group]), gain / (cost + 1e-300), -1)
        who = int(np.argmax(rate))
        if rate[who] <= 0:
            break
        rest[group[who]] -= cost[who]
        effort[who] = more[who]
    return effort


@given(seed=seeds)
@settings(max_examples=40)
def test_profit_over_budget(seed):
    """Non-decreasing and concave in the budget; its derivative is the price."""
    data = problem(seed, groups=1)
    base = np.bincount(data["group"], data["time_per_visit"] * data["lower"])
    budgets = base + np.linspace(0.5, 3 * len(data["lower"]), 9)
    arguments = {
        k: v for k, v in data.items() if k not in ("budget", "curves", "group")
    }
    curve = allocation.profit_curve(data["curves"], budgets=budgets, **arguments)
    rise = np.diff(curve.profit)
    scale = np.abs(curve.profit).max()
    assert (rise >= -1e-10 * scale).all()
    assert (np.diff(rise) <= 1e-9 * scale).all()
    step = 1e-4
    around = allocation.profit_curve(
        data["curves"], budgets=[budgets[4] - step, budgets[4] + step], **arguments
    )
    slope = np.diff(around.profit)[0] / (2 * step)
    ends = around.shadow_price
    assert ends[1] - 1e-5 * scale <= slope <= ends[0] + 1e-5 * scale
    assert curve.shadow_price[4] == pytest.approx(slope, rel=1e-3, abs=1e-6 * scale)


@given(seed=seeds, make=st.sampled_from([concave, curved]))
@settings(max_examples=40)
def test_units_do_not_matter(seed, make):
    """Another currency, minutes for hours: the same plan."""
    data = problem(seed, make)
    found = solve(data)
    richer = solve(data, margin=1000 * data["margin"])
    minutes = solve(
        data,
        time_per_visit=60 * data["time_per_visit"],
        budget=60 * data["budget"],
    )
    for other, money, time in ((richer, 1000, 1), (minutes, 1, 60)):
        assert other.profit == pytest.approx(money * found.profit, rel=1e-8)
        if make is concave:
            assert other.effort == pytest.approx(found.effort, rel=1e-6, abs=1e-8)
            assert other.shadow_price == pytest.approx(
                money * found.shadow_price / time, rel=1e-6
            )


@given(seed=seeds)
@settings(max_examples=30)
def test_effort_units_do_not_matter(seed):
    """Visits counted in tens: a tenth of the effort at ten times the hours."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 9))
    scale, elasticity = rng.lognormal(3, 1, n), rng.uniform(0.1, 0.8, n)
    data = dict(margin=rng.uniform(0.1, 1, n), budget=rng.uniform(1, 20))
    ones = allocation.allocate(response.power(0, scale, elasticity), **data)
    tens = allocation.allocate(
        response.power(0, scale * 10**elasticity, elasticity),
        time_per_visit=10,
        **data,
    )
    assert tens.effort * 10 == pytest.approx(ones.effort, rel=1e-8)
    assert tens.profit == pytest.approx(ones.profit)


@given(seed=seeds)
@settings(max_examples=40)
def test_order_of_accounts_does_not_matter(seed):
    data = problem(seed)
    found = solve(data)
    order = np.random.default_rng(seed).permutation(len(found.effort))
    names = ("margin", "time_per_visit", "lower", "upper", "group")
    other = solve(
        data,
        curves=data["curves"].take(order),
        **{name: data[name][order] for name in names},
    )
    assert other.effort == pytest.approx(found.effort[order], rel=1e-7, abs=1e-9)
    assert other.shadow_price == pytest.approx(found.shadow_price, rel=1e-7)


@given(seed=seeds, share=st.floats(0.05, 0.95))
@settings(max_examples=40)
def test_splitting_a_budget_never_helps(seed, share):
    data = problem(seed, curved, groups=1, bounded=False)
    whole = solve(data)
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 2, len(whole.effort))
    parts = data["budget"][0] * np.array([share, 1 - share])
    split = solve(data, group=group, budget=parts)
    assert split.profit <= whole.profit + 1e-8 * abs(whole.bound)


@given(seed=seeds)
@settings(max_examples=40)
def test_more_room_never_hurts(seed):
    """Wider bounds, or one account more."""
    data = problem(seed, curved)
    found = solve(data)
    slack = 1e-8 * abs(found.bound)
    wider = solve(data, lower=data["lower"] * 0.5, upper=data["upper"] * 1.5)
    assert wider.profit >= found.profit - slack
    extra = response.modified_exponential(0, 30, 0.2)
    more = solve(
        data,
        curves=response.stack([data["curves"], extra]),
        margin=np.append(data["margin"], 0.3),
        time_per_visit=np.append(data["time_per_visit"], 1.0),
        lower=np.append(data["lower"], 0.0),
        upper=np.append(data["upper"], np.inf),
        group=np.append(data["group"], 0),
    )
    assert more.profit >= found.profit - slack


@pytest.mark.parametrize("make", [concave, curved])
@settings(max_examples=30)
@given(seed=seeds, off=st.floats(-8, 8))
def test_where_the_search_begins_does_not_matter(seed, off, make):
    data = problem(seed, make)
    plan = solve(data)
    prices = plan.shadow_price * 10.0**off
    for price in (prices, np.zeros_like(prices), np.full_like(prices, np.inf)):
        other = solve(data, price=price)
        assert other.group_profit == pytest.approx(plan.group_profit, rel=1e-9)
        assert other.group_bound == pytest.approx(plan.group_bound, rel=1e-9)


@given(seed=seeds)
@settings(max_examples=60)
def test_s_shapes_share_one_price_too(seed):
    """Whoever stands on the concave part of its curve, in the plan found."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 9))
    curves = response.adbudg(
        0, rng.uniform(50, 200, n), rng.uniform(1.2, 4, n), rng.uniform(0.5, 40, n)
    )
    found = allocation.allocate(curves, margin=0.3, budget=rng.uniform(2, 3 * n))
    inside = (found.effort > curves.inflection() * (1 + 1e-9)) & (found.effort > 0)
    off = np.abs(found.marginal[inside] - found.shadow_price[0])
    assert off.max(initial=0) <= 1e-7 * found.shadow_price[0]
    assert found.price_low[0] <= found.shadow_price[0] <= found.price_high[0]


def test_budgets_are_used_up_to_rounding():
    """Thousands of small groups full of bounds: no hour is lost, none overdrawn."""
    rng = np.random.default_rng(9)
    n, g = 9000, 3000
    group = rng.integers(0, g, n)
    time = rng.uniform(0.3, 3, n)
    lower = np.where(rng.random(n) < 0.4, rng.uniform(0, 2, n), 0.0)
    needed = np.bincount(group, time * lower, minlength=g)
    upper = np.where(rng.random(n) < 0.6, lower + rng.exponential(1, n), np.inf)
    budget = needed + rng.exponential(4, g)
    found = allocation.allocate(
        concave(rng, n),
        margin=rng.lognormal(0, 1, n),
        time_per_visit=time,
        lower=lower,
        upper=upper,
        budget=budget,
        group=group,
    )
    most = np.bincount(group, time * upper, minlength=g)
    binding = most > budget
    assert found.hours[binding] == pytest.approx(budget[binding], rel=1e-10)
    assert (found.hours <= budget * (1 + 1e-11)).all()
    assert found.gap <= 1e-10


# --------------------------------------------------------------- whole visits
def enumerate_plans(data, most):
    """Profit of the best whole plan of each group, by trying all."""
    total = 0.0
    n = len(data["margin"])
    for group in np.unique(data["group"]):
        who = np.flatnonzero(data["group"] == group)
        part = {
            name: data[name][who]
            for name in ("margin", "time_per_visit", "lower", "upper")
        }
        curves = data["curves"].take(who)
        plans = np.array(list(itertools.product(range(most + 1), repeat=len(who))))
        hours = plans @ part["time_per_visit"]
        good = (plans >= part["lower"] - 1e-9).all(axis=1)
        good &= (plans <= part["upper"] + 1e-9).all(axis=1)
        good &= hours <= data["budget"][group] * (1 + 1e-12)
        profit = (part["margin"] * curves.sales(plans.astype(float))).sum(axis=1)
        total += profit[good].max()
    assert n
    return total


@given(seed=seeds, make=st.sampled_from([concave, curved]))
@settings(max_examples=80)
def test_whole_visits_equal_brute_force(seed, make):
    rng = np.random.default_rng(seed)
    data = problem(seed, make, most=4, bounded=False)
    n = len(data["margin"])
    data["lower"] = rng.integers(0, 2, n).astype(float)
    data["upper"] = np.full(n, 5.0)
    needed = np.bincount(
        data["group"], data["time_per_visit"] * data["lower"], minlength=3
    )
    data["budget"] = needed + rng.uniform(0, 6, 3)
    if seed % 2:
        data["time_per_visit"] = np.ones(n)
        data["budget"] = np.ceil(data["budget"]) + n
    found = solve_visits(data)
    assert (found.effort == np.round(found.effort)).all()
    assert found.profit == pytest.approx(enumerate_plans(data, 5), rel=1e-9)
    assert found.profit == pytest.approx(worth(data, found.effort))
    assert found.gap <= 1e-9
    assert found.profit <= solve(data).bound * (1 + 1e-9)


def test_whole_visits_of_many_small_problems():
    """Five accounts, four visits, uneven hours: all 3,125 plans tried, 300 times."""
    rng = np.random.default_rng(7)
    plans = np.array(list(itertools.product(range(5), repeat=5)))
    row = np.arange(5)
    for _problem in range(300):
        sales = np.cumsum(rng.exponential(1, (5, 5)) ** 2, axis=1)
        time = rng.uniform(0.5, 2, 5)
        budget = rng.uniform(2, 12)
        worth = sales[row, plans].sum(axis=1)
        best = worth[plans @ time <= budget].max()
        found = allocation.allocate_visits(
            response.tabulated(row, sales),
            margin=1,
            time_per_visit=time,
            upper=4,
            budget=budget,
        )
        assert found.profit == pytest.approx(best, rel=1e-12)
        assert found.gap <= 1e-9


def test_whole_visits_round_bounds_inwards():
    found = allocation.allocate_visits(
        response.power(0, [1, 9], 0.5),
        margin=1,
        lower=[0.4, 0],
        upper=[9, 2.9],
        budget=4,
    )
    assert found.effort.tolist() == [2, 2]
    with pytest.raises(ValueError, match="1 more than"):
        allocation.allocate_visits(
            response.power(0, [1, 9], 0.5), margin=1, lower=[0.4, 3.2], budget=4
        )


def dynamic_programme(worth_table, units, budget):
    """Multiple-choice knapsack with whole units of time, the textbook recursion."""
    best = np.zeros(budget + 1)
    for row, unit in zip(worth_table, units, strict=True):
        fresh = np.full(budget + 1, -np.inf)
        for visits, value in enumerate(row):
            used = visits * unit
            if used > budget:
                break
            fresh[used:] = np.maximum(fresh[used:], best[: budget + 1 - used] + value)
        best = fresh
    return best.max()


@pytest.mark.parametrize(("n", "make"), [(40, concave), (120, curved), (300, curved)])
def test_whole_visits_equal_dynamic_programming(n, make):
    rng = np.random.default_rng(n)
    curves, margin = make(rng, n), rng.uniform(0.1, 0.5, n)
    units = rng.integers(1, 9, n)  # quarters of an hour
    budget = int(4 * n)
    table = margin[:, None] * curves.sales(np.arange(13.0)[:, None] * np.ones(n)).T
    found = allocation.allocate_visits(
        curves, margin=margin, time_per_visit=units / 4, upper=12, budget=budget / 4
    )
    assert found.profit == pytest.approx(dynamic_programme(table, units, budget))
    assert found.gap <= 1e-12
    assert (units * found.effort).sum() <= budget


def test_whole_visits_of_judged_points_are_exact():
    """Not concave: the second and third visit only pay together."""
    curves = response.tabulated([0, 1, 2, 3], [[0, 2, 2, 9], [0, 4, 7, 8]])
    data = dict(curves=curves, margin=1.0)
    profit = [solve_visits(data, budget=hours).profit for hours in range(7)]
    assert profit == pytest.approx([0, 4, 7, 9, 13, 16, 17])


def test_many_whole_visits_come_with_their_gap():
    """Beyond the work one may do, a rounded plan and an honest bound."""
    rng = np.random.default_rng(0)
    n = 40_000
    curves = response.power(0, rng.lognormal(4, 1, n), 0.3)
    group = rng.integers(0, 4, n)
    time = rng.uniform(0.5, 2, n)
    budget = np.full(4, 3.0 * n)
    found = allocation.allocate_visits(
        curves, margin=0.3, time_per_visit=time, budget=budget, group=group
    )
    assert (found.effort == np.round(found.effort)).all()
    assert (found.hours <= budget * (1 + 1e-9)).all()
    assert 0 <= found.gap <= 2e-3


# ------------------------------------------------------------------ edge cases
class TestEdges:
    """Everything one may pass is defined."""

    def test_no_accounts(self):
        found = allocation.allocate(response.stack([]), margin=1.0, budget=5.0)
        assert found.effort.shape == (0,)
        assert found.profit == found.bound == found.gap == 0
        assert found.shadow_price.tolist() == [0]
        found = allocation.allocate_visits(
            response.stack([]), margin=[], budget=[5.0, 6.0], group=[]
        )
        assert found.shadow_price.tolist() == [0, 0]

    def test_one_account_gets_it_all(self):
        found = allocation.allocate(
            response.power(0, 8, 0.5), margin=0.5, time_per_visit=2, budget=32
        )
        assert found.effort == pytest.approx([16], rel=1e-12)
        assert found.shadow_price[0] == pytest.approx(0.5 * 8 * 0.5 / 4 / 2)

    def test_no_budget(self):
        curves = response.modified_exponential(1, [30, 20], 0.5)
        found = allocation.allocate(curves, margin=0.5, budget=0)
        assert found.effort.tolist() == [0, 0]
        assert found.shadow_price[0] == pytest.approx(0.5 * 30 * 0.5)
        assert found.profit == found.bound == 1
        steep = allocation.allocate(response.power(1, 1, 0.5), margin=1, budget=0)
        assert steep.shadow_price[0] == np.inf
        assert steep.bound == steep.profit == 1

    def test_lower_bounds_use_it_up(self):
        curves = response.modified_exponential(0, [30, 20], 0.5)
        found = allocation.allocate(curves, margin=1, lower=[1, 3], budget=4)
        assert found.effort.tolist() == [1, 3]
        assert found.shadow_price[0] == pytest.approx(curves.slope([1, 3]).max())

    def test_budget_without_end(self):
        curves = response.power(0, [8, 4], 0.5)
        found = allocation.allocate(curves, margin=1, upper=[9, 16], budget=np.inf)
        assert found.effort.tolist() == [9, 16]
        assert found.shadow_price.tolist() == [0]
        assert found.profit == found.bound == 24 + 16
        with pytest.raises(ValueError, match=r"upper\[1\] must be finite"):
            allocation.allocate(curves, margin=1, upper=[9, np.inf], budget=np.inf)

    def test_more_hours_than_upper_bounds_need(self):
        found = allocation.allocate(
            response.power(0, [8, 4], 0.5), margin=1, upper=[9, 16], budget=100
        )
        assert found.effort.tolist() == [9, 16]
        assert found.shadow_price.tolist() == [0]
        assert found.hours.tolist() == [25]
        assert found.gap == 0

    def test_groups_without_accounts(self):
        found = allocation.allocate(
            response.power(0, [8, 4], 0.5),
            margin=1,
            budget=[3, 4, 5, 6],
            group=[1, 3],
        )
        assert found.effort == pytest.approx([4, 6], rel=1e-12)
        assert found.shadow_price[[0, 2]].tolist() == [0, 0]
        assert (found.shadow_price[[1, 3]] > 0).all()

    def test_scalar_budget_is_for_every_group(self):
        found = allocation.allocate(
            response.power(0, [8, 4], 0.5), margin=1, budget=3, group=[0, 2]
        )
        assert found.effort == pytest.approx([3, 3], rel=1e-12)
        assert found.shadow_price.shape == (3,)

    def test_no_margin_no_visit(self):
        curves = response.power(0, [8, 8, 8], 0.5)
        found = allocation.allocate(
            curves, margin=[1, 0, -1], lower=[0, 0, 0.5], budget=10
        )
        assert found.effort == pytest.approx([9.5, 0, 0.5])
        assert found.gap <= 1e-12
        whole = allocation.allocate_visits(
            curves, margin=[1, 0, -1], lower=[0, 0, 1], budget=10
        )
        assert whole.effort.tolist() == [9, 0, 1]

    def test_flat_and_straight_curves(self):
        curves = response.power([0, 5, 0], [2, 0, 3], [1, 0.5, 1])
        found = allocation.allocate(curves, margin=1, upper=[9, 9, 4], budget=6)
        assert found.effort == pytest.approx([2, 0, 4])
        assert found.shadow_price[0] == pytest.approx(2)
        assert found.gap <= 1e-12

    def test_equal_s_shapes_are_not_averaged(self):
        """Half an effort each would bring little: some get all, some nothing."""
        curves = response.adbudg(0, np.full(6, 10.0), 4, 16.0)
        found = allocation.allocate(curves, margin=1, budget=8)
        assert sorted(np.round(found.effort, 6))[:3] == [0, 0, 0]
        assert found.profit > 3 * curves.sales(np.full(6, 8 / 6)).sum() / 2

    def test_price_interval_of_s_shapes(self):
        found = allocation.allocate(
            response.adbudg(0, [10.0, 9.0], 3, 8.0), margin=1, budget=3
        )
        assert (found.price_low <= found.shadow_price).all()
        assert (found.shadow_price <= found.price_high).all()

    @pytest.mark.parametrize("solver", [solve, solve_visits])
    def test_infeasible_says_which_group_and_by_how_much(self, solver):
        data = dict(
            curves=response.power(0, [1, 1, 1], 0.5),
            margin=1,
            time_per_visit=2,
            lower=[1, 3, 2],
            budget=[9, 7],
            group=[0, 1, 1],
        )
        with pytest.raises(
            ValueError, match=r"group 1 need 10 hours, 3 more than .* 7"
        ):
            solver(data)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"margin": [1, np.nan]}, r"margin\[1\] .*got nan"),
            ({"time_per_visit": [1, 0]}, r"time_per_visit\[1\] .*got 0.0"),
            ({"lower": [-1, 0]}, r"lower\[0\] .*got -1.0"),
            ({"lower": [0, 2], "upper": [1, 1]}, r"upper\[1\] .*got 1.0"),
            ({"budget": [-5]}, r"budget\[0\] .*got -5.0"),
            ({"budget": [5, 5]}, "group must be given with 2 budgets"),
            ({"budget": [5, 5], "group": [0, 2]}, r"group\[1\] .*got 2"),
            ({"budget": [5, 5], "group": [0, -1]}, r"group\[1\] .*got -1"),
            ({"group": [0.5, 0]}, r"group\[0\] .*got 0.5"),
            ({"margin": [1, 1, 1]}, "margin must have length 2"),
            ({"curves": "power"}, "curves must come from response"),
        ],
    )
    def test_wrong_input_is_named(self, changes, words):
        data = dict(curves=response.power(0, [1, 2], 0.5), margin=1, budget=5)
        with pytest.raises(ValueError, match=words):
            solve({**data, **changes})


# ----------------------------------------------------------------------- size
@pytest.mark.parametrize("family", ["power", "exponential", "adbudg", "s-shaped"])
def test_large_problems_close_the_gap(family):
    """100,000 accounts in 100 groups: few passes, and the certificate proves it."""
    rng = np.random.default_rng(5)
    n, g = 100_000, 100
    top = rng.lognormal(8, 1, n)
    curves = {
        "power": lambda: response.power(0, top, rng.uniform(0.1, 0.6, n)),
        "exponential": lambda: response.modified_exponential(
            0, top, rng.uniform(0.05, 0.6, n)
        ),
        "adbudg": lambda: response.adbudg(
            0.2 * top, top, rng.uniform(0.3, 1, n), rng.uniform(0.5, 5, n)
        ),
        "s-shaped": lambda: response.adbudg(
            0.2 * top, top, rng.uniform(0.8, 3, n), rng.uniform(0.5, 5, n)
        ),
    }[family]()
    found = allocation.allocate(
        curves,
        margin=rng.uniform(0.1, 0.6, n),
        time_per_visit=rng.uniform(0.5, 3, n),
        budget=1.5 * n / g,
        group=rng.integers(0, g, n),
    )
    assert found.gap <= (1e-6 if family == "s-shaped" else 1e-10)
    assert found.passes <= 60
    assert (found.hours <= 1.5 * n / g * (1 + 1e-11)).all()
