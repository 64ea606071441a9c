"""What one more visit brings: falls with visits just made, and keeps what is at risk."""

import numpy as np
import pytest

from odoo.addons.territory_planning.engine import visit_value

CURVE = dict(
    sales=[10_000.0] * 3,
    effort_now=[1.0] * 3,
    elasticity=[0.3] * 3,
    margin_rate=[0.4] * 3,
    carry_over=0.75,
    damping=(1 / 3, 3),
)


def _sells(visits, this_period=(0, 0, 0), **changed):
    return visit_value.sells(
        visits=np.array(visits, float), this_period=this_period, **{**CURVE, **changed}
    )


def test_whoever_was_visited_lately_brings_less():
    regular = [1.0] * 12
    pause = [1.0] * 9 + [0.0] * 3
    often = [1.0] * 9 + [2.0, 3.0, 3.0]
    value = _sells([pause, regular, often])
    assert value[0] > value[1] > value[2] > 0


def test_at_a_steady_rhythm_it_is_the_slope_of_the_curve():
    """Visited once a month for ever: about the margin on the slope at one visit."""
    value = _sells([[1.0] * 60] * 3)[0]
    slope = 0.4 * 10_000 * 0.3  # m·S·β/x
    assert value == pytest.approx(slope, rel=0.12)


def test_a_second_visit_in_a_month_brings_less():
    history = [[1.0] * 12] * 3
    value = _sells(history, this_period=[0, 1, 2])
    assert value[0] > value[1] > value[2]


def test_leads_are_worth_a_visit_and_nothing_is_worth_none():
    value = _sells(
        [[0.0] * 12] * 3,
        sales=[0.0, 0.0, 10_000.0],
        effort_now=[0.0, 0.0, 1.0],
        pipeline=[1000.0, 0.0, 0.0],
    )
    assert value[0] > 0
    assert value[1] == 0


def test_never_visited_is_not_all_sales_lost():
    """Who sells without a visit is not credited with all it sells while one works."""
    value = _sells([[0.0] * 12] * 3, effort_now=[0.0] * 3)
    all_of_it = 0.4 * 10_000 / (1 - 0.75)
    assert 0 < value[0] < 0.5 * all_of_it


def test_one_at_a_time_is_the_same_as_all_together():
    rng = np.random.default_rng(5)
    visits = rng.integers(0, 3, (3, 12)).astype(float)
    together = _sells(visits)
    for row in range(3):
        alone = visit_value.sells(
            visits=visits[[row]],
            this_period=[0],
            **{
                name: values[row : row + 1] if isinstance(values, list) else values
                for name, values in CURVE.items()
            },
        )
        assert alone[0] == pytest.approx(together[row])


def test_keeps_a_share_of_what_is_at_risk():
    kept = visit_value.keeps(
        [1000.0] * 4, [0.5, 0.5, 0.5, -1.0], [np.inf, 14, 0, np.inf], reach_days=28
    )
    assert kept[0] == pytest.approx(1000 * (1 - np.exp(-0.5)))
    assert kept[1] == pytest.approx(1000 * (1 - np.exp(-0.25)))
    assert kept[2] == kept[3] == 0
    assert visit_value.keeps([1000.0], np.nan, np.nan, reach_days=28)[0] == 0


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"sales": [1.0, -1.0, 1.0]}, r"sales.*1"),
        ({"elasticity": [0.3, np.nan, 0.3]}, "elasticity"),
        ({"effort_now": [1.0, 1.0, -2.0]}, "effort_now"),
    ],
)
def test_bad_input_is_named(changed, named):
    with pytest.raises(ValueError, match=named):
        _sells([[1.0] * 12] * 3, **changed)
