"""Where the answer to the five questions is worth most.

A question costs a rep's patience, so it is asked where knowing the answer would change
what is done. The value of an answer is that of imperfect information before a decision
(Raiffa and Schlaifer 1961, *Applied Statistical Decision Theory*, ch. 5): what the best
visits are worth on average once the answer is known, less what the best visits are
worth without it. An account that gets the same visits whatever is said has none.
"""

import numpy as np

from . import _check, calibration

#: points of the answer's distribution that are looked at
_NODES = 9
#: numbers of visits between the bounds that are looked at
_STEPS = 41
#: rows at a time, so that memory stays small
_BATCH = 4096


def value_of_asking(
    sales,
    effort_now,
    elasticity,
    sd,
    *,
    margin_rate,
    hours_per_visit,
    hour_worth,
    damping=(1 / 3, 3.0),
    judge_sd=0.12,
):
    """Return what one rep's answer on each account is expected to bring, ``(n,)``.

    Each account alone, its hours paid for at ``hour_worth``. The answer moves the mean
    elasticity by a normal amount of variance sd⁴/(sd² + judge_sd²), which is
    integrated over by Gauss–Hermite quadrature; visits are chosen on a grid between
    the bounds. Never negative: what is known without asking stays known.

    :param sales: expected now, money per period, ≥ 0, ``(n,)``.
    :param effort_now: visits per period, positive, ``(n,)``.
    :param elasticity, sd: of sales to visits and its uncertainty, ``(n,)``.
    :param margin_rate: contribution per unit of sales, ``(n,)`` or scalar.
    :param hours_per_visit: positive, ``(n,)`` or scalar.
    :param hour_worth: contribution that an hour brings elsewhere, ≥ 0, ``(n,)`` or
        scalar.
    :param damping: visits are believed from the first to the second multiple of now.
    :param judge_sd: error of one rep's answer, one standard deviation, positive.
    :returns: money per period.
    :raises ValueError: naming argument, index and value.
    """
    sales = np.atleast_1d(_check.vector("sales", sales))
    size = sales.size
    columns = {
        "sales": sales,
        "effort_now": _check.vector("effort_now", effort_now, size),
        "elasticity": _check.vector("elasticity", elasticity, size),
        "sd": _check.vector("sd", sd, size),
        "margin_rate": _check.vector("margin_rate", margin_rate, size),
        "hours_per_visit": _check.vector("hours_per_visit", hours_per_visit, size),
        "hour_worth": _check.vector("hour_worth", hour_worth, size),
    }
    for name, values in columns.items():
        _check.finite(name, values)
    for name in ("effort_now", "hours_per_visit"):
        _check.require(name, columns[name], columns[name] > 0, "positive")
    for name in ("sales", "sd", "hour_worth"):
        _check.require(name, columns[name], columns[name] >= 0, "zero or more")
    _check.require("judge_sd", judge_sd, judge_sd > 0, "positive")
    good = 0 < damping[0] <= 1 <= damping[1] < np.inf
    _check.require("damping", str(damping), good, "a pair around 1")
    found = np.zeros(size)
    for start in range(0, size, _BATCH):
        part = slice(start, start + _BATCH)
        found[part] = _value(
            *(np.broadcast_to(v, size)[part] for v in columns.values()),
            damping,
            judge_sd,
        )
    return found


def _value(sales, now, mean, sd, margin, hours, worth, damping, judge_sd):
    """:func:`value_of_asking` of a batch, checked."""
    variance = sd**2
    moved = variance / np.sqrt(variance + judge_sd**2)
    left = np.sqrt(np.maximum(variance - moved**2, 0.0))
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    weights = weights / weights.sum()
    ratio = np.geomspace(damping[0], damping[1], _STEPS)
    cost = (worth * hours * now)[:, None] * ratio
    gross = (margin * sales)[:, None]

    def net(elasticity, spread):
        share = calibration.factor(ratio, 1.0, elasticity[:, None], spread[:, None])[0]
        return gross * share - cost

    # what is known now is the average of what may be known then: the same figures
    # on the same nodes, so that no error of integration can pass for a value
    then = [net(mean + node * moved, left) for node in nodes]
    unasked = sum(w * value for w, value in zip(weights, then, strict=True))
    asked = sum(w * v.max(axis=1) for w, v in zip(weights, then, strict=True))
    return np.maximum(asked - unasked.max(axis=1), 0.0)
