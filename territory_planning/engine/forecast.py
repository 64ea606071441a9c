"""What visits of one month do to that month's sales.

Curves tell of steady effort. Sales answer to goodwill, of which a part lasts from month
to month (Nerlove and Arrow 1962, *Economica* 29, 129–142), so one month with other
visits than usual moves the month's effort only part of the way: a month without a visit
to an account seen every third month is no month without sales.
"""

import numpy as np

from . import _check, calibration


def effective(visits, usual, carry_over):
    """Return the steady effort that a month with these visits amounts to, ``(n,)``.

    δ·usual + (1 − δ)·visits: the goodwill stock when it was at its usual level before.

    :param visits: in the month, ≥ 0, ``(n,)``.
    :param usual: visits per month, ≥ 0; never visited counts as
        ``calibration.HALF_VISIT``.
    :param carry_over: share of goodwill left after a month, in [0, 1).
    :raises ValueError: naming argument, index and value.
    """
    visits = np.atleast_1d(_check.vector("visits", visits))
    usual = _check.vector("usual", usual, visits.size)
    for name, values in (("visits", visits), ("usual", usual)):
        _check.finite(name, values)
        _check.require(name, values, values >= 0, "zero or more")
    good = 0 <= carry_over < 1
    _check.require("carry_over", carry_over, good, "at least 0 and below 1")
    usual = np.where(usual > 0, usual, calibration.HALF_VISIT)
    return carry_over * usual + (1 - carry_over) * visits


def month_factor(visits, usual, elasticity, sd, *, carry_over):
    """Return sales of a month with these visits over those of a usual one, ``(n,)``.

    See :func:`effective` and :func:`.calibration.factor` for the arguments.
    """
    effort = effective(visits, usual, carry_over)
    usual = np.where(np.asarray(usual, float) > 0, usual, calibration.HALF_VISIT)
    return calibration.factor(effort, usual, elasticity, sd)[0]
