"""The month's ledger: what the top asks, what the reps see, and why they differ.

The gap between both is taken apart along a way on which each step has a meaning:
from what the top asks to what the optimum brings (*potential*: more than the curves
know of), from there to what the reps' visits bring by the same curves (*capacity*), and
from there to what the reps expect. That last step is explained by what is known to be
lost (*churn*) or given away (*price*), at most by what each is worth; what nothing known
explains is *potential* again. The four add up to the gap.
"""

from dataclasses import dataclass

import numpy as np

from . import _check


@dataclass(frozen=True, eq=False)
class Gap:
    """``total`` and its four parts, money per group ``(g,)``; positive: the top asks more.

    ``total == potential + churn + price + capacity`` to the last of ``digits``.
    """

    total: np.ndarray
    potential: np.ndarray
    churn: np.ndarray
    price: np.ndarray
    capacity: np.ndarray


def split_gap(
    target, *, optimum, attainable, expected, at_risk, given_away, group, digits=2
):
    """Return the gap of each group between target and the reps' expectation.

    :param target: what the top asks, money ``(g,)``.
    :param optimum: what the optimal visits bring by the curves, ``(n,)``.
    :param attainable: what the reps' visits bring by the curves, ``(n,)``.
    :param expected: what the reps expect, ``(n,)``.
    :param at_risk: money known to be at risk of leaving, ≥ 0, ``(n,)``.
    :param given_away: money known to be given away in prices, ≥ 0, ``(n,)``.
    :param group: ``(n,)`` integers from 0 to g − 1; negative ones are left out.
    :param digits: decimals of the currency; parts are rounded to them.
    :raises ValueError: naming argument, index and value.
    :rtype: Gap
    """
    target = np.atleast_1d(np.asarray(target, dtype=float))
    _check.finite("target", target)
    group = np.asarray(group, dtype=int)
    count, size = target.size, group.size
    good = (group < count) if size else np.ones(0, dtype=bool)
    _check.require("group", group, good, f"below {count}")
    columns = {
        "optimum": optimum,
        "attainable": attainable,
        "expected": expected,
        "at_risk": at_risk,
        "given_away": given_away,
    }
    for name, values in columns.items():
        values = _check.vector(name, values, size)
        _check.finite(name, values)
        columns[name] = np.broadcast_to(values, size)
    for name in ("at_risk", "given_away"):
        good = columns[name] >= 0
        _check.require(name, columns[name], good, "zero or more")
    inside = group >= 0

    def total(values):
        return np.bincount(group[inside], values[inside], minlength=count)

    doubt = np.maximum(columns["attainable"] - columns["expected"], 0.0)
    known = columns["at_risk"] + columns["given_away"]
    # next to nothing known explains all of it: the quotient may exceed any number
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        share = np.where(known > 0, np.minimum(doubt / known, 1.0), 0.0)
    parts = {
        "churn": total(columns["at_risk"] * share),
        "price": total(columns["given_away"] * share),
        "capacity": total(columns["optimum"] - columns["attainable"]),
    }
    parts = {name: values.round(digits) for name, values in parts.items()}
    whole = (target - total(columns["expected"])).round(digits)
    # rounded like the others, so that the four add up on paper too
    rest = (whole - parts["churn"] - parts["price"] - parts["capacity"]).round(digits)
    return Gap(total=whole, potential=rest, **parts)
