"""The whole visits of one month, from the steady optimum and what was done lately."""

import numpy as np

from . import cadence
from .allocation import allocate_visits

#: whole visits of one account in one period are tabulated up to this number
_MOST_VISITS = 60


def whole_visits(month, steady):
    """Return the allocation of this period in whole visits.

    No account gets more of them than its optimal ``steady`` effort, rounded up:
    where that is far above today's, it is built up month by month and not in one
    burst that no customer would bear.

    :param month: a :class:`._month_model.Month`.
    :param steady: visits per period, ``(n,)``.
    :rtype: .allocation.Allocation
    """
    problem, known, own = month.problem, month.calibration, month.own
    here = np.flatnonzero(own.inside)
    stock = cadence.goodwill(problem.effort, carry_over=problem.carry_over)
    keep = 1.0 - problem.carry_over
    if problem.carry_over > 0:
        # who was not visited for a year sells what it sells without goodwill
        settled = known.effort_now / (keep * problem.carry_over)
        alone = known.never_visited & month.selling
        stock = np.where(alone, np.maximum(stock, settled), stock)
    least, most = _agreed(problem, own)
    reach = np.floor(own.upper / keep - problem.carry_over * stock)
    reach = np.minimum(reach, np.ceil(steady - 1e-9))
    reach = np.where(own.free, np.maximum(reach, 1.0), 0.0)
    most = np.maximum(np.minimum(most, reach), least)
    hours = own.total(problem.hours_per_visit * least)
    if (hours > problem.capacity).any():
        # visits that are due but do not all fit: only the whole minimum is kept
        least = np.where(own.inside, np.floor(problem.visits_min + 1e-9), 0.0)
    top = int(min(most[here].max(initial=0.0), _MOST_VISITS))
    top = int(max(top, least[here].max(initial=0.0)))
    curves = cadence.month_curves(
        month.curves.take(here),
        stock[here],
        carry_over=problem.carry_over,
        most=top,
        # leads have finite curves of their own
        floor=np.where(month.opening, 1e-9, known.lower)[here],
        ceiling=np.where(month.opening, own.upper, known.upper)[here],
    )
    return allocate_visits(
        curves,
        margin=problem.margin_rate[here],
        time_per_visit=problem.hours_per_visit[here],
        lower=least[here],
        upper=np.minimum(most, top)[here],
        budget=problem.capacity,
        group=problem.group[here],
    )


def _agreed(problem, own):
    """Agreed bounds in whole visits of this period.

    A fraction is a rhythm: ¼ is one visit in four periods, due when the last three
    had none; at most ½ allows one unless the last period had one.
    """
    least, most = problem.visits_min, problem.visits_max
    due = np.floor(least + 1e-9)
    due += (least - due > 1e-9) & ~_seen(problem.effort, least - due)
    whole = np.isinf(most)
    may = np.where(whole, np.inf, np.floor(np.where(whole, 0.0, most) + 1e-9))
    part = np.where(whole, 0.0, most) - np.where(whole, 0.0, may)
    may = may + ((part > 1e-9) & ~_seen(problem.effort, part))
    due = np.where(own.inside, due, 0.0)
    return due, np.maximum(may, due)


def _seen(effort, rhythm):
    """Whether there was a visit within the last 1/rhythm − 1 periods, ``(n,)``."""
    periods = effort.shape[1]
    with np.errstate(divide="ignore"):
        back = np.ceil(1.0 / np.maximum(rhythm, 1e-9) - 1e-9) - 1
    since = np.full(effort.shape[0], float(periods))
    for age in range(periods - 1, -1, -1):
        since = np.where(effort[:, periods - 1 - age] > 0, float(age), since)
    return since < np.minimum(back, periods)
