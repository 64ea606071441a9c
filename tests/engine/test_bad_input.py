"""Data as companies have them: a plan shows no number it cannot stand behind."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine.month import MonthProblem, plan_month

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")

#: not known where there are no visits today to compare with
MAY_BE_UNKNOWN = {"factor", "factor_low", "factor_high"}


def company(rng, n, periods):
    """Accounts of all kinds: none, one visit ever, returns, huge, tiny, constant."""
    sales = rng.gamma(0.5, 2000, (n, periods)) * (rng.random((n, periods)) < 0.4)
    effort = rng.poisson(0.7, (n, periods)).astype(float)
    for row in range(n):
        kind = rng.integers(0, 9)
        if kind == 0:
            sales[row] = 0
        elif kind == 1:
            effort[row] = 0
        elif kind == 2 and periods:
            effort[row] = 0
            effort[row, rng.integers(0, periods)] = 1
        elif kind == 3:
            sales[row] *= -1
        elif kind == 4:
            sales[row] *= 1e9
        elif kind == 5:
            sales[row] *= 1e-9
        elif kind == 6:
            sales[row], effort[row] = 1000, 1
        elif kind == 7:
            sales[row], effort[row] = 0, 0
    count = int(rng.integers(1, 4))
    return MonthProblem(
        sales=sales,
        effort=effort,
        margin_rate=rng.choice([-0.2, 0.0, 0.3, 0.9], n),
        pipeline=rng.choice([0.0, 1e-6, 5000.0], n),
        hours_per_visit=rng.choice([0.05, 1.0, 40.0], n),
        group=rng.integers(-1, count, n),
        capacity=rng.choice([0.0, 1e-3, 60.0, 1e6], count),
        segment=rng.integers(0, 3, n),
        visits_max=rng.choice([0.0, 0.5, 3.0, np.inf], n),
    )


@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(0, 30),
    periods=st.sampled_from([0, 1, 3, 12, 36]),
)
@settings(max_examples=120)
def test_every_number_is_one(seed, n, periods):
    """No inf, no NaN but for unknown factors, every interval around its mean."""
    problem = company(np.random.default_rng(seed), n, periods)
    plan = plan_month(problem)
    for field in fields(plan):
        value = getattr(plan, field.name)
        if not isinstance(value, np.ndarray | float) or field.name in MAY_BE_UNKNOWN:
            continue
        if isinstance(value, np.ndarray) and value.dtype.kind not in "fi":
            continue
        assert np.isfinite(value).all(), field.name
    known = np.isfinite(plan.factor)
    assert (known == (plan.effort_today > 0)).all()
    assert (plan.gain_low <= plan.gain + 1e-9).all()
    assert (plan.gain <= plan.gain_high + 1e-9).all()
    assert ((plan.elasticity > 0) & (plan.elasticity < 1)).all()
    assert (plan.sample_size[plan.origin == "prior only"] <= periods).all()
    # nothing is promised where nothing is known or nobody can go
    still = plan.effort_optimal == plan.effort_today
    assert (plan.gain[still & ~plan.never_visited] == 0).all()
    assert (plan.visits[problem.group < 0] == 0).all()
    assert (plan.hours_month <= problem.capacity * (1 + 1e-9) + 1e-9).all()


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_evidence_is_only_claimed_where_there_is_some(seed):
    """An account whose visits or sales never vary has no months of evidence."""
    rng = np.random.default_rng(seed)
    problem = company(rng, 25, 36)
    plan = plan_month(problem)
    constant = (np.ptp(problem.effort, axis=1) == 0) | (problem.sales.sum(axis=1) <= 0)
    assert (plan.sample_size[constant] == 0).all()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("sales", np.nan, r"sales of Kunde 4 \(row 4\), period 2, .*got nan"),
        ("effort", np.nan, r"effort of Kunde 4 \(row 4\), period 2, .*got nan"),
        ("margin_rate", np.inf, r"margin_rate of Kunde 4 \(row 4\) .*got inf"),
        ("pipeline", np.nan, r"pipeline of Kunde 4 \(row 4\) .*nan"),
        ("hours_per_visit", np.nan, r"hours_per_visit of Kunde 4 \(row 4\) .*nan"),
        ("visits_min", np.nan, r"visits_min of Kunde 4 \(row 4\) .*nan"),
        ("visits_max", np.nan, r"visits_max of Kunde 4 \(row 4\) .*nan"),
        ("judgement", 0.05, r"judgement of Kunde 4 \(row 4\)"),
    ],
)
def test_bad_values_name_the_account(name, value, words):
    """The account's name and the field, also where the engine finds it only later."""
    n = 6
    data = dict(
        sales=np.ones((n, 12)),
        effort=np.ones((n, 12)),
        margin_rate=np.full(n, 0.3),
        pipeline=np.zeros(n),
        hours_per_visit=np.ones(n),
        visits_min=np.zeros(n),
        visits_max=np.full(n, np.inf),
        judgement=np.full((n, 5), np.nan),
    )
    if name == "judgement":
        data[name][4] = (0.2, value, 1, 1.3, 1.5)
    elif data[name].ndim == 2:
        data[name][4, 2] = value
    else:
        data[name][4] = value
    with pytest.raises(ValueError, match=words):
        plan_month(
            MonthProblem(
                group=np.zeros(n, int),
                capacity=[60.0],
                labels=[f"Kunde {row}" for row in range(n)],
                group_labels=["Anna"],
                **data,
            )
        )
