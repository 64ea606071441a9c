"""Whole visits of one month, given what was just visited."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import allocation, cadence, response

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")


class TestGoodwill:
    def test_by_hand(self):
        stock = cadence.goodwill([[4, 0, 2], [0, 0, 0]], carry_over=0.5)
        assert stock.tolist() == [2 + 0 + 4 / 4, 0]

    def test_steady_effort_is_its_own_steady_state(self):
        """(1−δ)·Σ x·δ^age tends to x, so one curve serves both views."""
        stock = cadence.goodwill(np.full((1, 200), 1.5), carry_over=0.75)
        assert stock[0] * 0.25 == pytest.approx(1.5)

    def test_no_history(self):
        assert cadence.goodwill(np.empty((2, 0)), carry_over=0.75).tolist() == [0, 0]

    @pytest.mark.parametrize(
        ("effort", "carry_over", "words"),
        [
            ([[1, -1]], 0.5, r"effort\[0, 1\] .*got -1.0"),
            ([[1, 1], [np.nan, 1]], 0.5, r"effort\[1, 0\] .*got nan"),
            ([1, 1], 0.5, "shape"),
            ([[1, 1]], 1.0, "carry_over .*got 1.0"),
        ],
    )
    def test_wrong_input_is_named(self, effort, carry_over, words):
        with pytest.raises(ValueError, match=words):
            cadence.goodwill(effort, carry_over=carry_over)


class TestMonthCurves:
    def test_formula(self):
        """(1/(1−δ))·[s((1−δ)(δG+k)) − s((1−δ)δG)], for one number."""
        curves = response.power(0, 8, 0.5)
        month = cadence.month_curves(curves, [3.0], carry_over=0.6, most=4)
        for visits in range(5):
            now, none = 0.4 * (0.6 * 3 + visits), 0.4 * 0.6 * 3
            gain = 8 * (now**0.5 - none**0.5) / 0.4
            assert month.sales(float(visits))[0] == pytest.approx(gain)

    def test_without_carry_over_it_is_the_curve_itself(self):
        curves = response.power(0, [8, 5], 0.5)
        month = cadence.month_curves(curves, [3.0, 0], carry_over=0, most=4)
        assert month.sales(3.0) == pytest.approx(curves.sales(3.0))

    def test_visited_last_week_ranks_below_its_twin(self):
        """Same curve, same hours; one visit to give: the one not seen for long."""
        curves = response.modified_exponential(0, [100, 100], 0.5)
        effort = np.array([[0, 0, 0, 0, 1], [1, 0, 0, 0, 0]])
        stock = cadence.goodwill(effort, carry_over=0.75)
        month = cadence.month_curves(curves, stock, carry_over=0.75, most=3)
        assert month.slope(0)[0] < month.slope(0)[1]
        found = allocation.allocate_visits(month, margin=0.3, budget=1)
        assert found.effort.tolist() == [0, 1]

    def test_floor_continues_by_the_tangent(self):
        """Concave, and without a visit not all sales are lost."""
        curves = response.power(0, 8, 0.3)
        month = cadence.month_curves(curves, [0.0], carry_over=0.5, most=8, floor=[2.0])
        gain = month.sales(np.arange(9.0)[:, None])[:, 0]
        slope = curves.slope(2.0)[0]
        assert gain[1] == pytest.approx(slope * 0.5 / 0.5)
        assert gain[4] == pytest.approx(slope * 2 / 0.5)
        assert (np.diff(gain, 2) <= 1e-12).all()
        top = (curves.sales(4.0)[0] - curves.sales(2.0)[0]) / 0.5
        assert gain[8] == pytest.approx(gain[4] + top)

    def test_nothing_is_believed_above_the_ceiling(self):
        curves = response.power(0, 8, 0.3)
        data = dict(carry_over=0.5, most=8)
        free = cadence.month_curves(curves, [1.0], **data)
        month = cadence.month_curves(curves, [1.0], ceiling=[1.25], **data)
        visits = np.arange(9.0)[:, None]
        assert month.sales(visits[:3]) == pytest.approx(free.sales(visits[:3]))
        assert (month.sales(visits[2:]) == month.sales(2.0)).all()
        above = cadence.month_curves(curves, [9.0], ceiling=[1.25], **data)
        assert (above.sales(visits) == 0).all()

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"ceiling": [-1.0]}, r"ceiling\[0\] .*got -1.0"),
            ({"stock": [-1.0]}, r"stock\[0\] .*got -1.0"),
            ({"stock": [1.0, 2.0]}, "stock must have length 1"),
            ({"most": -1}, "most .*got -1"),
            ({"floor": [0.0]}, r"floor\[0\] .*got 0.0"),
            ({"carry_over": -0.1}, "carry_over .*got -0.1"),
        ],
    )
    def test_wrong_input_is_named(self, changes, words):
        data = dict(stock=[1.0], carry_over=0.5, most=3)
        with pytest.raises(ValueError, match=words):
            cadence.month_curves(response.power(0, 8, 0.3), **{**data, **changes})


@given(rate=st.floats(0.1, 1.5), hours=st.integers(2, 12))
@settings(max_examples=15)
def test_months_add_up_to_the_steady_optimum(rate, hours):
    """Month after month of whole visits averages to the optimum of steady effort."""
    curves = response.modified_exponential(0, [100.0, 70.0, 40.0], rate)
    steady = allocation.allocate(curves, margin=1.0, budget=hours)
    history = np.zeros((3, 0))
    for _month in range(80):
        stock = cadence.goodwill(history, carry_over=0.75)
        month = cadence.month_curves(curves, stock, carry_over=0.75, most=hours)
        found = allocation.allocate_visits(month, margin=1.0, budget=hours)
        history = np.column_stack([history, found.effort])
    assert np.abs(history[:, 20:].mean(axis=1) - steady.effort).max() < 0.5
