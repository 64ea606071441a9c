"""Response functions: formulas, limits, and messages that name what is wrong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import response

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")

FAMILIES = {
    "adbudg": lambda rng, n: response.adbudg(
        rng.uniform(0, 5, n),
        rng.uniform(5, 50, n),
        rng.uniform(0.3, 4, n),
        rng.uniform(0.2, 9, n),
    ),
    "modified_exponential": lambda rng, n: response.modified_exponential(
        rng.uniform(0, 5, n), rng.uniform(1, 50, n), rng.uniform(0.05, 2, n)
    ),
    "power": lambda rng, n: response.power(
        rng.uniform(0, 5, n), rng.uniform(1, 50, n), rng.uniform(0.05, 0.95, n)
    ),
    "tabulated": lambda rng, n: response.tabulated(
        [0, 1, 2.5, 4, 8], np.cumsum(rng.exponential(5, (n, 5)), axis=1)
    ),
}


def curves_of(name, rng, n):
    return FAMILIES[name](rng, n)


def mixed(rng, n):
    return response.stack([make(rng, n) for make in FAMILIES.values()])


# -------------------------------------------------------------------- formulas
class TestFormulas:
    """Each family against its definition, written out for one number."""

    def test_adbudg(self):
        curve = response.adbudg(10, 50, 2, 4)
        assert curve.sales(2)[0] == pytest.approx(10 + 40 * 4 / 8)
        assert curve.sales(0)[0] == 10
        assert curve.sales(np.inf)[0] == 50

    def test_modified_exponential(self):
        curve = response.modified_exponential(10, 40, 0.5)
        assert curve.sales(3)[0] == pytest.approx(10 + 40 * (1 - np.exp(-1.5)))

    def test_power(self):
        curve = response.power(10, 8, 1 / 3)
        assert curve.sales(27)[0] == pytest.approx(10 + 8 * 3)

    def test_tabulated(self):
        curve = response.tabulated([1, 2, 4], [[10, 30, 20]])
        efforts = [0, 1, 1.5, 2, 3, 4, 9]
        found = [curve.sales(x)[0] for x in efforts]
        assert found == pytest.approx([10, 10, 20, 30, 25, 20, 20])

    def test_scalars_and_arrays_broadcast(self):
        curves = response.power(0, [1, 2, 3], 0.5)
        assert len(curves) == 3
        assert curves.sales(4) == pytest.approx([2, 4, 6])
        grid = curves.sales(np.array([[1.0], [4.0]]) * np.ones(3))
        assert grid == pytest.approx(np.array([[1, 2, 3], [2, 4, 6]]))


class TestShape:
    """What the tables of the literature say about the curves."""

    def test_adbudg_turns_at_its_inflection(self):
        half, shape = 4.0, 2.5
        turn = (half * (shape - 1) / (shape + 1)) ** (1 / shape)
        curve = response.adbudg(0, 1, shape, half)
        before, at, after = (curve.slope(turn * f)[0] for f in (0.99, 1, 1.01))
        assert at > before and at > after
        assert curve.inflection()[0] == pytest.approx(turn)

    def test_ray_from_zero_touches(self):
        half, shape = 4.0, 2.5
        curve = response.adbudg(0, 1, shape, half)
        touch = (half * (shape - 1)) ** (1 / shape)
        assert curve.tangent()[0] == pytest.approx(touch)
        assert curve.sales(touch)[0] / touch == pytest.approx(curve.slope(touch)[0])

    @pytest.mark.parametrize(
        ("curve", "slope"),
        [
            (response.adbudg(0, 6, 0.5, 2), np.inf),
            (response.adbudg(0, 6, 1, 2), 3),
            (response.adbudg(0, 6, 1.5, 2), 0),
            (response.adbudg(6, 6, 0.5, 2), 0),
            (response.power(0, 6, 0.5), np.inf),
            (response.power(0, 0, 0.5), 0),
            (response.power(1, 6, 1), 6),
            (response.modified_exponential(0, 6, 0.5), 3),
            (response.tabulated([0, 1, 2], [[0, 5, 7]]), 5),
        ],
    )
    def test_slope_at_zero(self, curve, slope):
        assert curve.slope(0)[0] == slope

    def test_slope_at_a_kink_is_what_one_more_visit_brings(self):
        curve = response.tabulated([0, 1, 2], [[0, 5, 7]])
        assert curve.slope(1)[0] == 2
        assert curve.slope(2)[0] == 0


@pytest.mark.parametrize("name", FAMILIES)
@given(seed=st.integers(0, 2**32 - 1), effort=st.floats(0.05, 30))
@settings(max_examples=40)
def test_slope_is_the_derivative(name, seed, effort):
    curves = curves_of(name, np.random.default_rng(seed), 4)
    step = 1e-6 * effort
    kinks = np.array([1, 2.5, 4, 8])
    if name == "tabulated" and np.abs(kinks - effort).min() <= 2 * step:
        return
    rise = (curves.sales(effort + step) - curves.sales(effort - step)) / (2 * step)
    scale = np.maximum(np.abs(rise), curves.sales(effort) / effort * 1e-3)
    assert np.abs(curves.slope(effort) - rise).max() <= (1e-5 * scale).max()


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_sales_never_fall_with_effort(seed):
    curves = mixed(np.random.default_rng(seed), 3)
    sales = curves.sales(np.linspace(0, 20, 60)[:, None] * np.ones(len(curves)))
    assert (np.diff(sales, axis=0) >= -1e-12 * sales[1:]).all()


class TestStack:
    """Families side by side behave as each on its own."""

    def test_in_order(self):
        rng = np.random.default_rng(3)
        parts = [make(rng, 2) for make in FAMILIES.values()]
        both = response.stack(parts)
        effort = rng.uniform(0, 9, 8)
        for method in ("sales", "slope"):
            alone = [
                getattr(part, method)(effort[2 * i : 2 * i + 2])
                for i, part in enumerate(parts)
            ]
            found = getattr(both, method)(effort)
            assert (found == np.concatenate(alone)).all()

    def test_of_stacks_and_of_nothing(self):
        rng = np.random.default_rng(3)
        inner = mixed(rng, 1)
        outer = response.stack([inner, response.power(0, 1, 0.5), inner])
        assert len(outer) == 9
        assert (outer.sales(2.0)[5:] == inner.sales(2.0)).all()
        assert len(response.stack([])) == 0
        assert response.stack([]).sales(np.empty(0)).shape == (0,)

    def test_take(self):
        curves = mixed(np.random.default_rng(3), 3)
        index = np.array([11, 0, 5, 5, 7, 2])
        taken = curves.take(index)
        assert (taken.sales(1.7) == curves.sales(1.7)[index]).all()
        assert (curves.take(slice(2, 9)).sales(1.7) == curves.sales(1.7)[2:9]).all()

    def test_refuses_others(self):
        with pytest.raises(ValueError, match=r"curves\[1\] must be Curves, got 5"):
            response.stack([response.power(0, 1, 0.5), 5])


class TestRefused:
    """A curve that could not have been meant: parameter, index and value are named."""

    @pytest.mark.parametrize(
        ("make", "words"),
        [
            (lambda: response.adbudg([1, 9], [5, 5], 1, 1), r"top\[1\] .* base.* 5.0"),
            (lambda: response.adbudg(-1, 5, 1, 1), r"base\[0\] .*got -1.0"),
            (lambda: response.adbudg(0, 5, [1, 0], 1), r"shape\[1\] .*got 0.0"),
            (lambda: response.adbudg(0, 5, 1, [1, 1, 0]), r"half\[2\] .*got 0.0"),
            (lambda: response.adbudg(0, [5, np.nan], 1, 1), r"top\[1\] .*got nan"),
            (lambda: response.adbudg(0, np.inf, 1, 1), r"top\[0\] .*got inf"),
            (
                lambda: response.modified_exponential(0, [1, -2], 1),
                r"potential\[1\] .*got -2.0",
            ),
            (lambda: response.modified_exponential(0, 1, 0), r"rate\[0\] .*got 0.0"),
            (lambda: response.power(0, 1, [0.2, 1.2]), r"elasticity\[1\] .*got 1.2"),
            (lambda: response.power(0, -1, 0.2), r"scale\[0\] .*got -1.0"),
            (lambda: response.power(0, [1, 2], [0.1] * 3), "differ in length"),
            (lambda: response.power("x", 1, 0.5), "base must be numbers"),
            (lambda: response.tabulated([0, 0], [[1, 2]]), r"effort\[1\] .*got 0.0"),
            (lambda: response.tabulated([-1, 0], [[1, 2]]), r"effort\[0\] .*got -1.0"),
            (
                lambda: response.tabulated([0, 1], [[1, 2], [3, np.nan]]),
                r"sales\[1, 1\] .*got nan",
            ),
            (lambda: response.tabulated([0, 1], [[1, 2, 3]]), r"sales must have shape"),
        ],
    )
    def test_parameter(self, make, words):
        with pytest.raises(ValueError, match=words):
            make()

    def test_effort(self):
        curves = response.power(0, [1, 2], 0.5)
        with pytest.raises(ValueError, match=r"effort\[1\] .*got -3.0"):
            curves.sales([1, -3])
        with pytest.raises(ValueError, match=r"effort\[0\] .*got nan"):
            curves.slope([np.nan, 1])
        with pytest.raises(ValueError, match="shape"):
            curves.sales([1, 2, 3])


# -------------------------------------------------------------------- windows
@given(
    seed=st.integers(0, 2**32 - 1),
    lower=st.floats(0, 5),
    width=st.floats(0, 9),
    log_price=st.floats(-4, 5),
)
@settings(max_examples=80)
def test_best_response_beats_every_effort(seed, lower, width, log_price):
    """The answer to a price is the best on a fine grid between the bounds."""
    curves = mixed(np.random.default_rng(seed), 2)
    n = len(curves)
    low, high = np.full(n, lower), np.full(n, lower + width)
    window = curves.window(low, high, np.ones(n))
    price = np.exp(log_price)
    for shift in (0.3, 0.0):
        effort, _change = window.respond(np.full(n, log_price + shift))
    assert (effort >= low).all() and (effort <= high).all()
    grid = np.linspace(lower, lower + width, 400)[:, None] * np.ones(n)
    best = (curves.sales(grid) - price * grid).max(axis=0)
    found = curves.sales(effort) - price * effort
    assert (found >= best - 1e-9 * (np.abs(best) + curves.sales(effort))).all()


@given(
    seed=st.integers(0, 2**32 - 1), share=st.floats(0.05, 0.95), width=st.floats(1.0, 9)
)
@settings(max_examples=60)
def test_envelope_of_an_s_shape_is_its_tangent_or_chord(seed, share, width):
    """From any lower bound below the inflection, whatever lies between."""
    rng = np.random.default_rng(seed)
    curve = response.adbudg(0, 50, rng.uniform(1.2, 4), rng.uniform(0.5, 30))
    lower = share * curve.inflection()
    upper = lower + width * curve.inflection()
    window = curve.window(lower, upper, np.ones(1))
    grid = np.linspace(lower, upper, 20_001)[1:]
    steepest = (curve.sales(grid) - curve.sales(lower)) / (grid - lower)
    assert np.exp(window.start()[0]) == pytest.approx(steepest.max(), rel=1e-6)
    _price, _who, jumped = window.jumps()
    assert jumped[0] == pytest.approx(
        (grid[np.argmax(steepest)] - lower)[0], abs=2e-3 * upper[0]
    )
