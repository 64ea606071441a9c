"""The inner loops of an alignment, compiled where numba is there.

``soft_minima`` is the dual function of the transportation problem, smoothed or not.
``anneal`` tries moves of one unit and exchanges along a chain of two, each priced in O(1):
what a territory earns depends on a unit only through two sums (see ``Costa``).
"""

import numpy as np

from ._compiled import compiled

#: shares of the minimum's weight below e^-30 are not worth an exponential
_FAR = 30.0


@compiled
def soft_minima(given, prices, heat):
    """Σ over units of the soft minimum of the reduced cost, and its slopes.

    :param given: rep of each arc ``(n, c)``, its cost and attraction ``(n, c)`` (none of
        these for no profit), load ``(n, m)``, what a handover takes of the caps ``(n, 2)``,
        rep today ``(n,)``. An arc that is not there costs infinity.
    :param prices: of load ``(k, m)``, of attraction ``(k,)``, of handovers ``(2,)``.
    :param heat: > 0; the soft minimum is −heat·log Σ exp(−cost/heat).
    :return: value, load taken ``(k, m)``, attraction ``(k,)``, handovers ``(2,)``.
    """
    who, linear, s, load, amount, current = given
    of_load, of_pull, of_move = prices
    units, arcs = who.shape
    measures, pulled = load.shape[1], s.shape[0] > 0
    taken, pull, moves = np.zeros(of_load.shape), np.zeros(len(of_load)), np.zeros(2)
    value = 0.0
    cost = np.empty(arcs)
    for i in range(units):
        move = of_move[0] * amount[i, 0] + of_move[1] * amount[i, 1]
        least = np.inf
        for c in range(arcs):
            j = who[i, c]
            here = linear[i, c]
            for m in range(measures):
                here += of_load[j, m] * load[i, m]
            if pulled:
                here -= of_pull[j] * s[i, c]
            if j != current[i]:
                here += move
            cost[c] = here
            least = min(least, here)
        total = 0.0
        for c in range(arcs):
            far = (cost[c] - least) / heat
            cost[c] = np.exp(-far) if far < _FAR else 0.0
            total += cost[c]
        value += least - heat * np.log(total)
        for c in range(arcs):
            if cost[c] > 0.0:
                share = cost[c] / total
                j = who[i, c]
                for m in range(measures):
                    taken[j, m] += share * load[i, m]
                if pulled:
                    pull[j] += share * s[i, c]
                if j != current[i]:
                    moves[0] += share * amount[i, 0]
                    moves[1] += share * amount[i, 1]
    return value, taken, pull, moves


@compiled
def _burden(problem, state, penalty, j):
    """What a territory's violated bands count, less what it earns."""
    _linear, s, worth, power, _load, lower, upper, slack, _cur, _amount, _cap = problem
    _rep, total, pull, _moved, _member, _place, _count, _mark, _queue = state
    of_band, charge, _of_cap = penalty
    value = 0.0
    for m in range(total.shape[1]):
        beyond = max(total[j, m] - upper[j, m], lower[j, m] - total[j, m])
        if beyond > slack[m]:
            value += of_band[j, m] * (beyond + charge[m])
    if s.shape[0] > 0 and pull[j] > 0.0:
        value -= worth[j] * pull[j] ** power
    return value


@compiled
def _shift(problem, state, i, origin, target):
    """Move the sums of one unit, not its place."""
    _linear, s, _worth, _power, load, _low, _up, _slack, current, amount, _cap = problem
    _rep, total, pull, moved, _member, _place, _count, _mark, _queue = state
    for m in range(load.shape[1]):
        total[origin, m] -= load[i, m]
        total[target, m] += load[i, m]
    if s.shape[0] > 0:
        pull[origin] = max(pull[origin] - s[i, origin], 0.0)
        pull[target] += s[i, target]
    if current[i] == origin:
        moved[0] += amount[i, 0]
        moved[1] += amount[i, 1]
    elif current[i] == target:
        moved[0] -= amount[i, 0]
        moved[1] -= amount[i, 1]


@compiled
def _hand_over(state, i, origin, target):
    """Move a unit between the lists of members."""
    rep, _total, _pull, _moved, member, place, count, _mark, _queue = state
    at = place[i]
    count[origin] -= 1
    last = member[origin, count[origin]]
    member[origin, at] = last
    place[last] = at
    member[target, count[target]] = i
    place[i] = count[target]
    count[target] += 1
    rep[i] = target


@compiled
def _may_leave(start, indices, loose, state, stamp, i):
    """Whether a unit's territory hangs together without it: a search from a neighbour."""
    rep, _total, _pull, _moved, _member, _place, _count, mark, queue = state
    own = rep[i]
    wanted = 0
    first = -1
    for e in range(start[i], start[i + 1]):
        other = indices[e]
        if rep[other] == own and not loose[other]:
            wanted += 1
            if first < 0:
                first = other
    if wanted <= 1:
        return True
    goal = stamp + 1
    for e in range(start[i], start[i + 1]):
        other = indices[e]
        if rep[other] == own and not loose[other]:
            mark[other] = goal
    mark[i] = stamp
    mark[first] = stamp
    queue[0] = first
    head, tail = 0, 1
    wanted -= 1
    while head < tail:
        unit = queue[head]
        head += 1
        for e in range(start[unit], start[unit + 1]):
            other = indices[e]
            if rep[other] == own and mark[other] != stamp and not loose[other]:
                if mark[other] == goal:
                    wanted -= 1
                    if wanted == 0:
                        return True
                mark[other] = stamp
                queue[tail] = other
                tail += 1
    return False


@compiled
def _may_join(start, indices, loose, state, i, target):
    """Whether a unit touches a territory, or that is empty."""
    rep = state[0]
    if state[6][target] == 0:
        return True
    for e in range(start[i], start[i + 1]):
        other = indices[e]
        if rep[other] == target and not loose[other]:
            return True
    return False


@compiled
def _cap_burden(problem, state, penalty):
    """What handovers beyond the caps count."""
    cap, moved, of_cap = problem[10], state[3], penalty[2]
    value = 0.0
    for c in range(2):
        if moved[c] > cap[c]:
            value += of_cap[c] * (moved[c] - cap[c])
    return value


@compiled
def _draw(graph, near, rep, i, rng, anywhere):
    """A rep for a unit: that of a random neighbour, or one of its cheapest."""
    start, indices, _loose = graph
    degree = start[i + 1] - start[i] if len(start) > 1 else 0
    if degree == 0 or (anywhere > 0.0 and rng.random() < anywhere):
        return near[i, int(rng.random() * near.shape[1])]
    return rep[indices[start[i] + int(rng.random() * degree)]]


@compiled
def _second(graph, state, i, target, rng, nearby):
    """A unit of a territory: any, or one a few steps from another unit; −1 for none."""
    start, indices, _loose = graph
    rep, member, count = state[0], state[4], state[6]
    if len(start) < 2 or rng.random() >= nearby:
        return member[target, int(rng.random() * count[target])]
    k = i
    for _step in range(2 + int(rng.random() * 3)):
        degree = start[k + 1] - start[k]
        if degree > 0:
            k = indices[start[k] + int(rng.random() * degree)]
    return k if rep[k] == target else -1


@compiled
def _price_change(problem, state, penalty, i, origin, target, k, onward):
    """Make a change in the sums and return what it counts.

    Unit i goes from ``origin`` to ``target``; k, if not −1, from there ``onward``.
    """
    linear = problem[0]
    change = linear[i, target] - linear[i, origin]
    third = k >= 0 and onward != origin
    for sign in (-1.0, 1.0):
        change += sign * _burden(problem, state, penalty, origin)
        change += sign * _burden(problem, state, penalty, target)
        if third:
            change += sign * _burden(problem, state, penalty, onward)
        change += sign * _cap_burden(problem, state, penalty)
        if sign < 0:
            _shift(problem, state, i, origin, target)
            if k >= 0:
                change += linear[k, onward] - linear[k, target]
                _shift(problem, state, k, target, onward)
    return change


@compiled
def _joined(graph, state, stamp, i, target):
    """Whether a unit may go to a territory and leave both in one piece."""
    start, indices, loose = graph
    if len(start) < 2:
        return True
    if not loose[i] and not _may_leave(start, indices, loose, state, stamp, i):
        return False
    return _may_join(start, indices, loose, state, i, target)


@compiled
def _carry_out(graph, state, stamp, i, origin, target, k, onward):
    """Hand over what may be handed over; false, and all as before, if it may not."""
    loose = graph[2]
    if not _joined(graph, state, stamp, i, target):
        return False
    was = loose[i]
    loose[i] = False
    _hand_over(state, i, origin, target)
    if k < 0:
        return True
    if not _joined(graph, state, stamp + 2, k, onward):
        _hand_over(state, i, target, origin)
        loose[i] = was
        return False
    loose[k] = False
    _hand_over(state, k, target, onward)
    return True


@compiled
def anneal(problem, state, graph, near, free, penalty, mix, steps, heats, stamp, rng):
    """Try ``steps`` changes while the heat falls; the state is changed in place.

    :param penalty: price of a unit of load beyond each band ``(k, m)``, load added to any
        violation ``(m,)``, price of a unit beyond the caps ``(2,)``.
    :param mix: share of targets drawn from a unit's cheapest reps wherever they are; of
        changes that are chains of two; of these with the second unit nearby; and of these
        that are plain swaps.
    :param heats: first and last, 0 for improvements only.
    :return: the last stamp used, and how many changes were made.
    """
    linear, rep, count = problem[0], state[0], state[6]
    anywhere, chains, nearby, swaps = mix
    made = 0
    heat = heats[0]
    cooling = (heats[1] / heats[0]) ** (1.0 / max(steps, 1)) if heats[0] > 0 else 1.0
    for _step in range(steps):
        heat *= cooling
        i = free[int(rng.random() * len(free))]
        origin = rep[i]
        target = _draw(graph, near, rep, i, rng, anywhere)
        if target == origin or target < 0 or linear[i, target] == np.inf:
            continue
        k, onward = -1, -1
        if rng.random() < chains and count[target] > 0:
            k = _second(graph, state, i, target, rng, nearby)
            if k < 0:
                continue
            onward = origin
            if rng.random() >= swaps:
                onward = _draw(graph, near, rep, k, rng, 0.0)
            if onward == target or onward < 0 or linear[k, onward] == np.inf:
                continue
        change = _price_change(problem, state, penalty, i, origin, target, k, onward)
        good = change < 0.0 or (heat > 0.0 and rng.random() < np.exp(-change / heat))
        if good:
            good = _carry_out(graph, state, stamp, i, origin, target, k, onward)
            stamp += 4
        if good:
            made += 1
            continue
        if k >= 0:
            _shift(problem, state, k, onward, target)
        _shift(problem, state, i, target, origin)
    return stamp, made
