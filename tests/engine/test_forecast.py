"""A month's visits move the month's sales part of the way that steady visits would."""

import numpy as np
import pytest

from odoo.addons.territory_planning.engine import calibration
from odoo.addons.territory_planning.engine.forecast import effective, month_factor


def factor(visits, usual=1.0, carry_over=0.75):
    return month_factor(visits, usual, 0.3, 0.0, carry_over=carry_over)[0]


def test_as_usual_is_as_usual():
    assert factor(1.0) == pytest.approx(1.0)


def test_a_month_moves_less_than_a_steady_change():
    steady = calibration.factor(np.array([2.0]), 1.0, 0.3, 0.0)[0][0]
    assert 1.0 < factor(2.0) < steady
    assert factor(2.0, carry_over=0.0) == pytest.approx(steady)


def test_a_month_without_a_visit_is_no_month_without_sales():
    assert 0.85 < factor(0.0) < 1.0


def test_whole_visits_cost_little_against_their_average():
    """One visit in every third month: three accounts, of which one is visited."""
    visits = np.array([1.0, 0.0, 0.0])
    whole = month_factor(visits, 1 / 3, 0.3, 0.0, carry_over=0.75).mean()
    assert 0.97 < whole < 1.0


def test_never_visited():
    assert effective(0.0, 0.0, 0.75)[0] == 0.75 * calibration.HALF_VISIT
    assert factor(1.0, usual=0.0) > 1.0


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((-1.0, 1.0, 0.5), "visits"),
        ((1.0, np.nan, 0.5), "usual"),
        ((1, 1, 1.0), "carry"),
    ],
)
def test_bad_input_is_named(arguments, name):
    with pytest.raises(ValueError, match=name):
        effective(*arguments)
