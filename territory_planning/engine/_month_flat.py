"""How little it matters: the flat zones around an optimum.

Near its best number of visits an account earns nearly the same with a few more or
fewer (Mantrala, Sinha and Zoltners 1992, Journal of Marketing Research 29, 162–175:
flat maxima). An hour saved here is worth the rep's shadow price elsewhere, so visits
are charged with it: the zone is where contribution − price·hours stays within 1 % of
its best. In words for a sales leader: *between 18 and 25 visits this customer earns,
its hours paid for at what they bring elsewhere, within 1 % of the most it can.*
"""

import numpy as np

#: share of the best, hours charged, that a flat zone gives up
TOLERANCE = 0.01
_HALVINGS = 40
_HOUR_HALVINGS = 20
_FEW_HALVINGS = 14


def visits(month, effort, price):
    """Return the visits per period between which it hardly matters, ``(n,)`` each.

    Within the bounds in which curves are believed and agreed to be used; a visit count
    that is best at a bound is one end of its zone. An account whose effort is not to be
    decided (nobody's, no sales, no margin) has a zone of one point.

    :param month: a :class:`._month_model.Month`.
    :param effort: ``(n,)`` visits per period, optimal at the prices.
    :param price: ``(g,)`` money per hour.
    """
    own, problem = month.own, month.problem
    low, high = effort.copy(), effort.copy()
    here = np.flatnonzero(own.free)
    if not here.size:
        return low, high
    curves = month.curves.take(here)
    rate = problem.margin_rate[here]
    charge = price[own.place[here]] * problem.hours_per_visit[here]

    def worth(visits):
        return rate * curves.sales(visits) - charge * visits

    best = effort[here]
    floor = worth(best)
    floor = floor - TOLERANCE * np.abs(floor)
    for ends, bound in ((low, own.lower), (high, own.upper)):
        bound = bound[here]
        # none may stand below the bound: half a visit a year counts as none
        bound = np.minimum(bound, best) if ends is low else np.maximum(bound, best)
        ends[here] = _edge(worth, best, bound, floor)
    return low, high


def hours(month, effort, price, place, count):
    """Return the hours per period between which it hardly matters, ``(count,)`` each.

    :param month: a :class:`._month_model.Month`.
    :param effort: ``(n,)`` visits per period, optimal at the prices.
    :param price: ``(g,)`` money per hour of each of the month's groups.
    :param place: ``(n,)`` integers from 0: the part an account belongs to. Accounts
        that nobody looks after keep their hours.
    :param count: number of parts.
    """
    own, time = month.own, month.problem.hours_per_visit
    steady = np.bincount(place, time * effort, minlength=count)
    if not own.count:
        return steady, steady
    division = month.divide(np.where(own.inside, place, -1), count)
    # half a visit a year stands for none: its hours are not spent
    idle = own.inside & (effort <= 0) & (own.lower > 0)
    raw = np.where(idle, own.lower, effort)
    unspent = division.total(np.where(idle, time * own.lower, 0.0))
    spent = division.total(time * raw)
    charge = _mean_price(own, division, price, time * raw)

    def worth(budget):
        return month.optimum(budget, division).group_profit - charge * budget

    floor = worth(spent)
    floor = floor - TOLERANCE * np.abs(floor)
    ends = []
    for bound in (own.lower, own.upper):
        limit = division.total(time * bound)
        limit = limit if ends else np.minimum(limit, spent)
        limit = np.maximum(limit, spent) if ends else limit
        ends.append(_edge(worth, spent, limit, floor, halvings=_HOUR_HALVINGS))
    rest = steady - spent + unspent  # of accounts that nobody looks after
    low, high = (np.maximum(end - unspent + rest, 0.0) for end in ends)
    return np.minimum(low, steady), np.maximum(high, steady)


def fewest_hours(month, best):
    """Fewest hours of each group that bring 99 % of the contribution, ``(g,)``.

    :param best: the :class:`.allocation.Allocation` of the group's hours.
    """
    own, time = month.own, month.problem.hours_per_visit
    high = own.total(time * best.effort)
    low = np.minimum(high, own.total(time * own.least))
    floor = best.group_profit - TOLERANCE * np.abs(best.group_profit)
    if not own.count:
        return high
    for _step in range(_FEW_HALVINGS):
        middle = 0.5 * (low + high)
        enough = month.optimum(middle).group_profit >= floor
        high = np.where(enough, middle, high)
        low = np.where(enough, low, middle)
    return high


def _mean_price(own, division, price, spent):
    """What an hour of each part is worth: its reps' prices, weighted by their hours."""
    weight = np.maximum(spent, 1e-12)
    paid = division.total(weight * own.of(price, 0.0))
    return paid / np.maximum(division.total(np.where(own.inside, weight, 0.0)), 1e-300)


def _edge(worth, inside, outside, floor, *, halvings=_HALVINGS):
    """Last point from ``inside`` towards ``outside`` with ``worth`` at the floor."""
    reaches = worth(outside) >= floor
    good = np.where(reaches, outside, inside)
    bad = outside
    for _step in range(halvings):
        middle = 0.5 * (good + bad)
        fine = worth(middle) >= floor
        good = np.where(fine, middle, good)
        bad = np.where(fine, bad, middle)
    return good
