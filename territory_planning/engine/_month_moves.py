"""Where the hours of each rep move from and to, and what differs between reps."""

from dataclasses import dataclass

import numpy as np

__all__ = ["Moves", "moves", "ranked"]


@dataclass(frozen=True, eq=False)
class Moves:
    """Hours and money that a plan moves, of ``n`` accounts and ``g`` groups.

    ``hours (n,)``: hours per period more (or less) than today; 0 where nobody looks
    after the account. Per group ``freed`` hours that accounts give and ``used`` hours
    that accounts take, ``freed_cost`` contribution that is lost where they are given
    and ``used_gain`` that is won where they are taken. ``from_accounts, to_accounts
    (g, top)``: row numbers of the accounts that give and take most hours, the largest
    first, −1 where there are fewer.

    ``price_difference (g,)``: worth of one more hour of a group less the mean of all,
    weighted by their hours, money per hour. It need not be nil: hours of one rep
    cannot be spent by another, so only accounts that change hands, or reps, can close
    it (Skiera and Albers 1998, COSTA, Marketing Science 17, 196–213).
    """

    hours: np.ndarray
    freed: np.ndarray
    used: np.ndarray
    freed_cost: np.ndarray
    used_gain: np.ndarray
    from_accounts: np.ndarray
    to_accounts: np.ndarray
    price_difference: np.ndarray


def moves(plan, *, top=5):
    """Return where the hours of each group move in a plan.

    :param plan: a :class:`.month.MonthPlan`.
    :param top: accounts named per group and direction, ≥ 0.
    :rtype: Moves
    """
    own = plan.month.own
    change = plan.month.problem.hours_per_visit * (
        plan.effort_optimal - plan.effort_today
    )
    change = np.where(own.inside, change, 0.0)
    less, more = np.maximum(-change, 0.0), np.maximum(change, 0.0)
    weight = plan.hours_optimal.sum()
    mean = plan.hours_optimal @ plan.shadow_price / weight if weight > 0 else 0.0
    return Moves(
        hours=change,
        freed=own.total(less),
        used=own.total(more),
        freed_cost=-own.total(np.where(less > 0, plan.gain, 0.0)),
        used_gain=own.total(np.where(more > 0, plan.gain, 0.0)),
        from_accounts=ranked(less, own.place, own.count, top),
        to_accounts=ranked(more, own.place, own.count, top),
        price_difference=plan.shadow_price - mean,
    )


def ranked(values, place, count, top, *, least=0.0):
    """Return the rows with the largest values of each group.

    :param values: ``(n,)``; only those above ``least`` count.
    :param place: ``(n,)`` integers from 0: the group of a row, where it counts.
    :param count: number of groups.
    :param top: rows per group, ≥ 0.
    :returns: ``(count, top)`` row numbers, the largest first, −1 where there are fewer.
    """
    rows = np.flatnonzero(values > least)
    group = place[rows]
    rows = rows[np.lexsort((rows, -values[rows], group))]
    group = place[rows]
    rank = np.arange(rows.size) - np.searchsorted(group, group)
    first = rank < top
    result = np.full((count, top), -1)
    result[group[first], rank[first]] = rows[first]
    return result
