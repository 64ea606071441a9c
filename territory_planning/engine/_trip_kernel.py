"""Ruin and recreate for trips: the inner loops, compiled where numba is there.

After Christiaens and Vanden Berghe 2020 (Slack induction by string removals for vehicle
routing problems, Transportation Science 54, 417–433): strings of neighbouring stops are
taken out near one place, and all that are out are tried again in a random order. For
orienteering the place may be one that is not visited, so that room is made where a prize
lies. Windows are checked in O(1) by forward time slack (Savelsbergh 1992, ORSA Journal
on Computing 4, 146–154).

A route is a row of nodes, its ends included. ``begin`` holds when each service begins,
``latest`` the latest beginning that keeps the rest of the route in time.
"""

import numpy as np

from ._compiled import compiled

#: routes up to so many nodes are scanned in full for the best place
FULL_SCAN = 24
#: beside so many neighbours on a longer one
NEIGHBOURS = 8
#: places near the ruin that are tried again
TRIED = 60


@compiled
def refresh(problem, route, day):
    """Compute the times of a route anew; return its travel, distance and feasibility."""
    duration, distance, _prize, service, opens, closes, budget = problem
    nodes, count, begin, latest, on_day, at_place = route
    travel = 0.0
    length = 0.0
    begin[day, 0] = 0.0
    good = True
    last = count[day] - 1
    for k in range(1, last + 1):
        before, node = nodes[day, k - 1], nodes[day, k]
        move = duration[before, node]
        travel += move
        length += distance[before, node]
        leave = begin[day, k - 1]
        if k > 1:
            leave += service[before]
        arrive = leave + move
        if k < last:
            on_day[node] = day
            at_place[node] = k
            arrive = max(arrive, opens[day, node])
            if arrive > closes[day, node]:
                good = False
        begin[day, k] = arrive
    if begin[day, last] > budget[day]:
        good = False
    latest[day, last] = budget[day]
    for k in range(last - 1, -1, -1):
        node, after = nodes[day, k], nodes[day, k + 1]
        limit = latest[day, k + 1] - duration[node, after]
        if k > 0:
            limit = min(limit - service[node], closes[day, node])
        latest[day, k] = limit
    return travel, length, good


@compiled
def price_place(problem, route, node, day, k, weight):
    """Cost of putting a node before position ``k`` of a day; infinite if not in time."""
    duration, distance, _prize, service, opens, closes, _budget = problem
    nodes, _count, begin, latest, _on_day, _at_place = route
    before, after = nodes[day, k - 1], nodes[day, k]
    first = duration[before, node]
    leave = begin[day, k - 1]
    if k > 1:
        leave += service[before]
    arrive = max(leave + first, opens[day, node])
    if arrive > closes[day, node]:
        return np.inf
    second = duration[node, after]
    if arrive + service[node] + second > latest[day, k]:
        return np.inf
    more = first + second - duration[before, after] + service[node]
    cost = weight[1] * more
    if weight[0] > 0:
        far = distance[before, node] + distance[node, after]
        cost += weight[0] * (far - distance[before, after])
    return cost


@compiled
def best_place(problem, route, visited, near, node, weight, blink, rng):
    """Find the cheapest feasible place of a node that is out.

    On a short route everywhere, on a long one beside the node's neighbours.

    :param weight: cost of a unit of distance and of a unit of time
    :returns: day and position before which it goes (−1 if none), and its cost
    """
    closes = problem[5]
    nodes, count, _begin, _latest, on_day, at_place = route
    day_best, place_best, least = -1, -1, np.inf
    for day in range(len(count)):
        if closes[day, node] < 0:
            continue
        stops = count[day]
        if stops <= FULL_SCAN:
            for k in range(1, stops):
                if blink > 0 and rng.random() < blink:
                    continue
                cost = price_place(problem, route, node, day, k, weight)
                if cost < least:
                    day_best, place_best, least = day, k, cost
            continue
        for k in (1, stops - 1):
            cost = price_place(problem, route, node, day, k, weight)
            if cost < least:
                day_best, place_best, least = day, k, cost
        found = 0
        for i in range(near.shape[1]):
            other = near[node, i]
            if not visited[other] or on_day[other] != day:
                continue
            for k in (at_place[other], at_place[other] + 1):
                if blink > 0 and rng.random() < blink:
                    continue
                cost = price_place(problem, route, node, day, k, weight)
                if cost < least:
                    day_best, place_best, least = day, k, cost
            found += 1
            if found >= NEIGHBOURS:
                break
    return day_best, place_best, least


@compiled
def insert(route, day, place, node):
    """Put a node before a position of a route."""
    nodes, count = route[0], route[1]
    for k in range(count[day], place, -1):
        nodes[day, k] = nodes[day, k - 1]
    nodes[day, place] = node
    count[day] += 1


@compiled
def remove(route, day, place):
    """Take the node at a position out of its route."""
    nodes, count = route[0], route[1]
    for k in range(place, count[day] - 1):
        nodes[day, k] = nodes[day, k + 1]
    count[day] -= 1


@compiled
def recreate(problem, route, visited, near, order, value, weight, blink, rng):
    """Try to insert nodes in an order, each at its best place if it pays."""
    for node in order:
        if visited[node]:
            continue
        day, place, cost = best_place(
            problem, route, visited, near, node, weight, blink, rng
        )
        if day >= 0 and value[node] > cost:
            insert(route, day, place, node)
            visited[node] = True
            refresh(problem, route, day)


@compiled
def ruin(problem, route, visited, near, candidates, out, most, rng):
    """Take out strings of stops near a random place, itself visited or not.

    :param out: ``(m,)``, filled with the nodes taken out
    :returns: the place, and how many were taken out
    """
    nodes, count, _begin, _latest, on_day, at_place = route
    seed = candidates[int(rng.random() * len(candidates))]
    strings = 1 + int(rng.random() * 3)
    done, taken = 0, 0
    for i in range(-1, near.shape[1]):
        node = seed if i < 0 else near[seed, i]
        if done >= strings:
            break
        if not visited[node]:
            continue
        day, place = on_day[node], at_place[node]
        stops = count[day] - 2
        length = 1 + int(rng.random() * min(most, stops))
        first = place - int(rng.random() * length)
        first = max(1, min(first, stops - length + 1))
        kept = 0  # now and then a part in the middle of the string stays
        if length > 2 and rng.random() < 0.3:
            kept = 1 + int(rng.random() * (length - 2))
        skip = first + int(rng.random() * (length - kept + 1))
        k = first
        for step in range(length):
            if kept and skip <= first + step < skip + kept:
                k += 1
                continue
            visited[nodes[day, k]] = False
            out[taken] = nodes[day, k]
            taken += 1
            remove(route, day, k)
        refresh(problem, route, day)
        done += 1
    return seed, taken


@compiled
def shorten(problem, route, day):
    """2-opt on one day where no window binds: reverse parts while that saves time."""
    duration = problem[0]
    nodes, count = route[0], route[1]
    better = True
    while better:
        better = False
        last = count[day] - 1
        for i in range(1, last - 1):
            for j in range(i + 1, last):
                a, b = nodes[day, i - 1], nodes[day, i]
                c, d = nodes[day, j], nodes[day, j + 1]
                saved = (
                    duration[a, b] + duration[c, d] - duration[a, c] - duration[b, d]
                )
                if saved > 1e-9:
                    left, right = i, j
                    while left < right:
                        swap = nodes[day, left]
                        nodes[day, left] = nodes[day, right]
                        nodes[day, right] = swap
                        left += 1
                        right -= 1
                    better = True
    refresh(problem, route, day)


@compiled
def worth(problem, route, value, weight):
    """Objective of a solution: values less the cost of time and distance."""
    nodes, count = route[0], route[1]
    duration, distance, service = problem[0], problem[1], problem[3]
    total = 0.0
    for day in range(len(count)):
        for k in range(1, count[day]):
            before, node = nodes[day, k - 1], nodes[day, k]
            total -= weight[0] * distance[before, node]
            total -= weight[1] * duration[before, node]
            if k < count[day] - 1:
                total += value[node] - weight[1] * service[node]
    return total


@compiled
def copy(source, target, visited, visited_target):
    """Copy a solution."""
    for day in range(len(source[1])):
        stops = source[1][day]
        target[1][day] = stops
        for k in range(stops):
            target[0][day, k] = source[0][day, k]
            target[2][day, k] = source[2][day, k]
            target[3][day, k] = source[3][day, k]
    target[4][:] = source[4]
    target[5][:] = source[5]
    visited_target[:] = visited


@compiled
def anneal(
    problem,
    current,
    visited,
    best,
    visited_best,
    trial,
    visited_trial,
    near,
    candidates,
    value,
    must,
    weight,
    true_weight,
    scores,
    heat,
    cool,
    steps,
    most,
    symmetric,
    rng,
):
    """Ruin, recreate and accept by simulated annealing, ``steps`` times.

    :param scores: ``(2,)`` objective of ``current`` as it is guided, and of ``best`` as
        it is meant; both are changed
    :param heat, cool: temperature at the first and the last step
    """
    duration = problem[0]
    inside = np.zeros(len(visited), dtype=np.bool_)
    inside[candidates] = True
    out = np.empty(len(visited), dtype=np.int64)
    tried = np.empty(len(visited) + near.shape[1], dtype=np.int64)
    keys = np.empty(len(tried))
    for step in range(steps):
        temperature = heat * (cool / heat) ** (step / max(steps - 1, 1))
        copy(current, trial, visited, visited_trial)
        seed, taken = ruin(
            problem, trial, visited_trial, near, candidates, out, most, rng
        )
        count = 0
        for i in range(taken):
            tried[count] = out[i]
            count += 1
        if rng.random() < 0.1:
            for node in candidates:
                if not visited_trial[node] and not visited[node]:
                    tried[count] = node
                    count += 1
        else:
            for i in range(-1, min(near.shape[1], TRIED)):
                node = seed if i < 0 else near[seed, i]
                if inside[node] and not visited[node]:
                    tried[count] = node
                    count += 1
        kind = rng.random()
        for i in range(count):
            node = tried[i]
            draw = rng.random()
            if must[node]:
                keys[i] = -np.inf
            elif kind < 0.35:
                keys[i] = draw
            elif kind < 0.65:
                keys[i] = -value[node] * (0.5 + draw)
            else:
                away = min(duration[seed, node], 1e12) + 1e-9
                keys[i] = away / (value[node] + 1e-9) * (0.5 + draw)
        order = tried[:count][np.argsort(keys[:count])]
        recreate(problem, trial, visited_trial, near, order, value, weight, 0.01, rng)
        if symmetric and step % 50 == 0:
            for day in range(len(trial[1])):
                shorten(problem, trial, day)
        score = worth(problem, trial, value, weight)
        if score > scores[0] + temperature * np.log(max(rng.random(), 1e-300)):
            copy(trial, current, visited_trial, visited)
            scores[0] = score
            meant = worth(problem, trial, value, true_weight)
            if meant > scores[1] + 1e-9:
                copy(trial, best, visited_trial, visited_best)
                scores[1] = meant
