"""The parts of the gap add up, whatever the figures, and each answers to its cause."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine.ledger import split_gap

ONE = {
    "optimum": [100.0],
    "attainable": [100.0],
    "expected": [100.0],
    "at_risk": [0.0],
    "given_away": [0.0],
    "group": [0],
}


def one(target=100.0, **values):
    gap = split_gap([target], **{**ONE, **{k: [v] for k, v in values.items()}})
    return {
        name: float(getattr(gap, name)[0])
        for name in ("total", "potential", "churn", "price", "capacity")
    }


def test_agreement_has_no_gap():
    assert set(one().values()) == {0.0}


def test_fewer_visits_are_capacity():
    assert one(attainable=80.0, expected=80.0) == {
        "total": 20.0,
        "potential": 0.0,
        "churn": 0.0,
        "price": 0.0,
        "capacity": 20.0,
    }


def test_asking_for_more_than_the_optimum_is_potential():
    assert one(target=130.0)["potential"] == 30.0


def test_what_is_known_explains_no_more_than_it_is_worth():
    gap = one(expected=70.0, at_risk=12.0, given_away=8.0)
    assert (gap["churn"], gap["price"], gap["potential"]) == (12.0, 8.0, 10.0)


def test_a_small_doubt_is_shared_by_what_is_known():
    gap = one(expected=90.0, at_risk=30.0, given_away=10.0)
    assert (gap["churn"], gap["price"], gap["potential"]) == (7.5, 2.5, 0.0)


def test_a_rep_who_expects_more_sees_potential():
    gap = one(expected=130.0, at_risk=50.0, given_away=50.0)
    assert (gap["total"], gap["potential"], gap["churn"]) == (-30.0, -30.0, 0.0)


MONEY = st.floats(-1e7, 1e7, allow_nan=False)
POSITIVE = st.floats(0, 1e7, allow_nan=False)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(MONEY, MONEY, MONEY, POSITIVE, POSITIVE), min_size=1, max_size=8
    ),
    MONEY,
    st.sampled_from([0, 2, 3]),
)
def test_the_parts_always_add_up(rows, target, digits):
    columns = np.array(rows).T
    names = ("optimum", "attainable", "expected", "at_risk", "given_away")
    gap = split_gap(
        [target, 0.0],
        **dict(zip(names, columns, strict=True)),
        group=np.zeros(len(rows), dtype=int),
        digits=digits,
    )
    total = gap.potential + gap.churn + gap.price + gap.capacity
    assert total == pytest.approx(gap.total, abs=0.4 * 10.0**-digits)
    assert gap.total[1] == 0.0
    assert (gap.churn >= 0).all() and (gap.price >= 0).all()


def test_accounts_of_no_group_are_left_out():
    gap = split_gap([5.0], **{**ONE, "group": [-1]})
    assert gap.total[0] == 5.0


@pytest.mark.parametrize(
    ("name", "value"), [("at_risk", -1.0), ("expected", np.nan), ("group", 1)]
)
def test_bad_input_is_named(name, value):
    with pytest.raises(ValueError, match=name):
        split_gap([1.0], **{**ONE, name: [value]})
