"""Several products under one effort: sums, envelopes with several bends, optima."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import allocation, response

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")

seeds = st.integers(0, 2**32 - 1)


def parts(rng, n, most=4):
    """One to three products, S-shaped ones among them, and a margin for each."""
    made = []
    for _product in range(int(rng.integers(1, most))):
        kind = rng.integers(0, 4)
        if kind == 0:
            made.append(
                response.power(0, rng.uniform(1, 30, n), rng.uniform(0.1, 0.9, n))
            )
        elif kind == 1:
            made.append(
                response.modified_exponential(
                    rng.uniform(0, 5, n), rng.uniform(1, 30, n), rng.uniform(0.1, 2, n)
                )
            )
        else:
            made.append(
                response.adbudg(
                    rng.uniform(0, 5, n),
                    rng.uniform(5, 50, n),
                    rng.uniform(0.5, 5, n),
                    rng.uniform(0.2, 60, n),
                )
            )
    return made, rng.uniform(0.1, 1, (len(made), n))


def sold(rng, n):
    made, margin = parts(rng, n)
    return response.products(made, margin, share=rng.uniform(0.3, 1, len(made)))


def test_it_is_the_sum():
    one = response.adbudg([0, 1], 50, 2, 9)
    two = response.power(2, [8, 9], 0.5)
    curves = response.products([one, two], [0.4, 0.25], share=[0.5, 1])
    effort = np.array([3.0, 4.0])
    expected = 0.4 * one.sales(effort / 2) + 0.25 * two.sales(effort)
    assert curves.sales(effort) == pytest.approx(expected)
    step = (curves.sales(effort + 1e-6) - curves.sales(effort - 1e-6)) / 2e-6
    assert curves.slope(effort) == pytest.approx(step, rel=1e-6)
    assert curves.take([1]).sales([4.0]) == pytest.approx(expected[1])
    assert len(curves) == 2


def test_one_product_is_no_news():
    """The plan of one product is that of its curve with its margin."""
    rng = np.random.default_rng(0)
    made = response.adbudg(
        0, rng.uniform(5, 50, 8), rng.uniform(0.5, 4, 8), rng.uniform(0.5, 20, 8)
    )
    margin = rng.uniform(0.1, 1, 8)
    known = allocation.allocate(made, margin=margin, budget=15.0)
    found = allocation.allocate(
        response.products([made], margin[None]), margin=1.0, budget=15.0
    )
    assert found.profit == pytest.approx(known.profit, rel=1e-9)
    assert found.effort == pytest.approx(known.effort, abs=1e-6)


def test_it_is_not_the_best_of_each_product():
    """Margins decide: what sells the dearer product gets the visits of both."""
    north = response.modified_exponential(0, [100, 10], 0.5)
    south = response.modified_exponential(0, [10, 100], 0.5)
    curves = response.products([north, south], [0.1, 0.5])
    found = allocation.allocate(curves, margin=1.0, budget=4.0)
    assert found.effort[1] > 2 * found.effort[0] > 0


@given(
    seed=seeds,
    lower=st.floats(0, 5),
    width=st.floats(0, 9),
    log_price=st.floats(-5, 4),
)
@settings(max_examples=150)
def test_best_response_beats_every_effort(seed, lower, width, log_price):
    curves = sold(np.random.default_rng(seed), 3)
    low, high = np.full(3, lower), np.full(3, lower + width)
    window = curves.window(low, high, np.ones(3))
    for shift in (0.3, 0.0):
        effort, change = window.respond(np.full(3, log_price + shift))
    assert (effort >= low).all() and (effort <= high).all() and (change <= 0).all()
    price = np.exp(log_price)
    grid = np.linspace(lower, lower + width, 800)[:, None] * np.ones(3)
    best = (curves.sales(grid) - price * grid).max(axis=0)
    found = curves.sales(effort) - price * effort
    assert (found >= best - 1e-10 * (np.abs(best) + curves.sales(effort))).all()


@given(seed=seeds)
@settings(max_examples=60)
def test_envelope_is_concave_and_above(seed):
    """Arcs and straight pieces in turn, with falling slopes, nowhere below the sum."""
    rng = np.random.default_rng(seed)
    curves = sold(rng, 2)
    low = rng.uniform(0, 3, 2)
    high = low + rng.uniform(0.1, 20, 2)
    window = curves.window(low, high, np.ones(2))
    assert (np.diff(window.gate, axis=0) <= 0).all()
    grid = low + (high - low) * np.linspace(0, 1, 500)[:, None]
    for step in range(len(window.gate)):
        start, end = window.high[step], window.low[step + 1]
        inside = np.isfinite(window.gate[step]) & (grid >= start) & (grid <= end)
        line = curves.sales(start) + np.exp(window.gate[step]) * (grid - start)
        assert (line - curves.sales(grid))[inside].min(initial=0) >= -1e-9


@given(seed=seeds)
@settings(max_examples=30)
def test_optimum_against_a_fine_grid(seed):
    """Three accounts, one budget: no division of it in steps of 1/160 earns more."""
    rng = np.random.default_rng(seed)
    curves = sold(rng, 3)
    lower, time = rng.choice([0.0, 1.3], 3), rng.uniform(0.5, 2, 3)
    needed = (time * lower).sum()
    budget = needed + rng.uniform(1, 20)
    found = allocation.allocate(
        curves, margin=1.0, time_per_visit=time, lower=lower, budget=budget
    )
    step = np.linspace(0, 1, 161)
    one, two = np.meshgrid(step, step)
    fits = one + two <= 1 + 1e-12
    share = np.array([one[fits], two[fits], np.maximum(1 - one[fits] - two[fits], 0)])
    effort = lower + share.T * (budget - needed) / time
    best = curves.sales(effort).sum(axis=1).max()
    assert found.profit >= best * (1 - 1e-9)
    assert found.bound >= max(best, found.profit) * (1 - 1e-12)
    assert found.gap <= 1e-8
    assert (time * found.effort).sum() <= budget * (1 + 1e-9)


@given(seed=seeds)
@settings(max_examples=60)
def test_concave_products_share_one_price(seed):
    rng = np.random.default_rng(seed)
    curves = response.products(
        [
            response.power(0, rng.uniform(1, 30, 6), rng.uniform(0.1, 0.9, 6)),
            response.adbudg(0, rng.uniform(1, 30, 6), rng.uniform(0.3, 1, 6), 2.0),
        ],
        [0.3, 0.5],
    )
    found = allocation.allocate(curves, margin=1.0, budget=12.0)
    price = found.shadow_price[0]
    assert found.marginal == pytest.approx(np.full(6, price), rel=1e-8)
    assert found.gap <= 1e-10
    assert found.hours[0] == pytest.approx(12.0)


@given(seed=seeds)
@settings(max_examples=40)
def test_whole_visits_equal_brute_force(seed):
    rng = np.random.default_rng(seed)
    curves = sold(rng, 3)
    time, budget = rng.uniform(0.5, 2, 3), float(rng.uniform(1, 8))
    found = allocation.allocate_visits(
        curves, margin=1.0, time_per_visit=time, budget=budget
    )
    plans = np.array(list(np.ndindex(17, 17, 17)), dtype=float)
    plans = plans[(plans @ time) <= budget]
    best = curves.sales(plans).sum(axis=1).max()
    assert found.profit == pytest.approx(best, rel=1e-12)
    assert found.gap <= 1e-12


def test_judged_points_add_up():
    one = response.tabulated([0, 1, 2, 4], [[0, 10, 30, 40], [5, 6, 7, 8]])
    two = response.tabulated([0, 2, 3], [[1, 5, 20], [0, 0, 9]])
    curves = response.products([one, two], [0.5, 2.0], share=[1.0, 0.5])
    for effort in (0.0, 0.7, 1.0, 3.3, 5.0, 9.0):
        expected = 0.5 * one.sales(effort) + 2.0 * two.sales(effort / 2)
        assert curves.sales(effort) == pytest.approx(expected)


def test_many_accounts_come_with_their_gap():
    rng = np.random.default_rng(0)
    n = 1000
    curves = response.products(
        [
            response.adbudg(
                0, rng.uniform(5, 50, n), rng.uniform(0.5, 4, n), rng.uniform(1, 40, n)
            )
            for _product in range(2)
        ],
        [0.3, 0.6],
    )
    found = allocation.allocate(curves, margin=1.0, budget=1500.0)
    assert found.gap <= 1e-4
    assert found.hours[0] <= 1500 * (1 + 1e-9)


@pytest.mark.parametrize(
    ("curves", "margin", "share", "words"),
    [
        ([], 1, 1, "at least one product"),
        (["a"], 1, 1, r"curves\[0\] must be Curves, got 'a'"),
        ([2, 3], 1, 1, r"curves\[1\] must have 2 accounts, got 3"),
        ([2, 2], [1, -1], 1, r"margin\[1, 0\] .*got -1.0"),
        ([2, 2], [1, np.nan], 1, r"margin\[1, 0\] .*got nan"),
        ([2, 2], [1, 1, 1], 1, "margin must be"),
        ([2, 2], "x", 1, "margin must be"),
        ([2, 2], 1, [1, np.inf], r"share\[1, 0\] .*got inf"),
        ([2, None], 1, 1, r"curves\[1\] must not be tabulated"),
        ([None], 1, [[1, 2]], r"share\[0\] must be one number"),
    ],
)
def test_refused(curves, margin, share, words):
    table = response.tabulated([0, 1], [[1, 2], [3, 4]])
    made = [
        table
        if part is None
        else part
        if isinstance(part, str)
        else response.power(0, np.ones(part), 0.5)
        for part in curves
    ]
    with pytest.raises(ValueError, match=words):
        response.products(made, margin, share=share)
