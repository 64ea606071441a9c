"""What a month's changes of effort brought, against those left as they were.

Promised is what the response curves said a change of visits would bring. Realised is a
difference in differences (Card and Krueger 1994, *American Economic Review* 84,
772–793): how sales moved where visits were changed, less how they moved where they were
not, so that a good or a bad month for everybody is taken off. Sales before are scaled by
the season, so that December is compared with what a December would have been.

From both follows an elasticity: the one with which the curves would have promised what
came. It is no experiment (who was changed was chosen), so its uncertainty carries
``BIAS_SD`` besides its sampling error, and it joins what is known by precision.
"""

from dataclasses import dataclass

import numpy as np

from . import _check, forecast
from .calibration import Z90

#: visits this much more or fewer than usual are a change, as a share of the usual
CHANGED = 0.2
#: and at least so many
LEAST_VISITS = 0.5
#: fewest accounts on either side for anything to be said
FEWEST = 8
#: how far a comparison of changed and unchanged accounts may be off for good
BIAS_SD = 0.10
#: elasticities below this count as this when a change is divided by them
_LEAST = 0.02


@dataclass(frozen=True, eq=False)
class Effects:
    """What ``g`` groups of accounts were promised and what came, ``(g,)`` each.

    ``changed, unchanged``: counts of accounts. ``promised``: money the month's change
    of visits was to bring by the curves. ``realised, low, high``: the difference in
    differences, money, 90 % interval; NaN where too few are on either side.
    ``elasticity, sd``: what that says of the effect of visits; NaN likewise, or where
    visits hardly changed. ``trend``: how the unchanged moved, as a share.
    """

    changed: np.ndarray
    unchanged: np.ndarray
    promised: np.ndarray
    realised: np.ndarray
    low: np.ndarray
    high: np.ndarray
    elasticity: np.ndarray
    sd: np.ndarray
    trend: np.ndarray


def learn(
    sales_before,
    sales,
    visits_before,
    visits,
    *,
    elasticity,
    sd,
    carry_over=0.75,
    group=None,
    count=None,
):
    """Return what a month's changes of visits brought.

    :param sales_before: usual money of such a month, season included, ≥ 0, ``(n,)``.
    :param sales: realised, ``(n,)``; negative (returns) counts as none.
    :param visits_before: usual visits per month, ≥ 0, ``(n,)``.
    :param visits: held in the month, ≥ 0, ``(n,)``.
    :param elasticity, sd: of sales to visits as the plan had them, ``(n,)``.
    :param carry_over: share of goodwill left after a month, see ``forecast``: what a
        month's visits do to that month.
    :param group: ``(n,)`` integers, negative for none; None for one group of all.
    :param count: number of groups; the largest + 1 if None.
    :raises ValueError: naming argument, index and value.
    :rtype: Effects
    """
    before = np.atleast_1d(_check.vector("sales_before", sales_before))
    size = before.size
    columns = {
        "sales_before": before,
        "sales": _check.vector("sales", sales, size),
        "visits_before": _check.vector("visits_before", visits_before, size),
        "visits": _check.vector("visits", visits, size),
        "elasticity": _check.vector("elasticity", elasticity, size),
        "sd": _check.vector("sd", sd, size),
    }
    for name, values in columns.items():
        _check.finite(name, values)
        columns[name] = np.broadcast_to(values, size)
    for name in ("sales_before", "visits_before", "visits", "sd"):
        _check.require(name, columns[name], columns[name] >= 0, "zero or more")
    group = np.zeros(size, int) if group is None else np.asarray(group, dtype=int)
    if group.shape != (size,):
        raise ValueError(f"group must have shape ({size},), got {group.shape}")
    if count is None:
        count = int(group.max(initial=-1)) + 1
    return _learn(columns, group, count, carry_over)


def _learn(table, group, count, carry_over):
    usual, visits = table["visits_before"], table["visits"]
    # whole visits cannot follow a rhythm of less than one a month: half a visit more or
    # fewer is no change of anybody's mind
    enough = np.maximum(CHANGED * usual, LEAST_VISITS)
    buying = table["sales_before"] > 0
    changed = buying & (np.abs(visits - usual) >= enough)
    still = buying & ~changed
    sales = np.maximum(table["sales"], 0.0)
    share = forecast.month_factor(
        visits, usual, table["elasticity"], table["sd"], carry_over=carry_over
    )
    promised = np.where(changed, table["sales_before"] * (share - 1), 0.0)
    result = {
        name: np.full(count, np.nan)
        for name in ("realised", "low", "high", "elasticity", "sd", "trend")
    }
    for number in range(count):
        here = group == number
        moved, base = here & changed, here & still
        if min(moved.sum(), base.sum()) < FEWEST:
            continue
        found = _compare(table, sales, share, moved, base)
        for name, value in found.items():
            result[name][number] = value
    inside = group >= 0

    def total(values):
        return np.bincount(group[inside], values[inside], minlength=count)

    return Effects(
        changed=total(changed).astype(int),
        unchanged=total(still).astype(int),
        promised=total(promised),
        **result,
    )


def _ratio(top, below):
    """Ratio of sums and its linearised variance over accounts."""
    under = below.sum()
    ratio = top.sum() / under
    rest = top - ratio * below
    n = top.size
    return ratio, (rest**2).sum() / under**2 * n / (n - 1)


def _compare(table, sales, share, moved, base):
    """One group: the difference in differences and the elasticity it speaks for.

    Each changed account sold so much more or less than it would have, had it moved as
    the unchanged did. Added up, that is what the changes brought; regressed on what an
    elasticity of 1 would have made of them, it is the elasticity. Accounts are weighed
    as variances in proportion to sales want it; errors are robust (White 1980).
    """
    before = table["sales_before"]
    trend, trend_var = _ratio(sales[base], before[base])
    usual = before[moved]
    off = sales[moved] - trend * usual
    small = off.size / (off.size - 1)
    brought = float(off.sum())
    # what one unit of elasticity makes of each change, on the way the curves go
    step = (share[moved] - 1) / np.maximum(table["elasticity"][moved], _LEAST)
    strength = trend * float((usual * step**2).sum())
    beta, beta_sd, rest = np.nan, np.nan, off
    if strength > 0:
        beta = float((step * off).sum() / strength)
        # what the effect explains is no noise
        rest = off - beta * trend * usual * step
        noise = (step**2 * rest**2).sum() * small
        noise += trend_var * (step * usual).sum() ** 2
        beta_sd = float(np.sqrt(noise) / strength)
    spread = np.sqrt((rest**2).sum() * small + trend_var * usual.sum() ** 2)
    return {
        "trend": trend - 1,
        "realised": brought,
        "low": brought - Z90 * spread,
        "high": brought + Z90 * spread,
        "elasticity": beta,
        "sd": beta_sd,
    }


def pool(elasticity, sd):
    """Return what several months say of one elasticity together, and its sd.

    By precision; ``BIAS_SD`` does not shrink with months, since who gets more visits
    is chosen in the same way every month.

    :param elasticity, sd: ``(m,)``; NaN for a month that says nothing.
    :returns: mean and sd, NaN without any.
    """
    elasticity, sd = np.asarray(elasticity, float), np.asarray(sd, float)
    seen = np.isfinite(elasticity) & np.isfinite(sd) & (sd > 0)
    if not seen.any():
        return np.nan, np.nan
    precision = 1.0 / sd[seen] ** 2
    mean = float((elasticity[seen] * precision).sum() / precision.sum())
    return mean, float(np.hypot(precision.sum() ** -0.5, BIAS_SD))
