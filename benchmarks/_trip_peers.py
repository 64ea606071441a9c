"""The same trips solved by PyVRP, VROOM, OR-Tools, and by greedy + 2-opt.

Each answers with the prize of the trip it found. Places are whole numbers to all of them:
times are scaled so that rounding costs nothing that matters, upwards, so that no peer is
given time that is not there.
"""

import time
from datetime import timedelta

import numpy as np

NAMES = ("PyVRP", "VROOM", "OR-Tools", "greedy + 2-opt")
#: parts of a unit of time, where times are no whole numbers already
PARTS = 100


def solve(name, duration, prize, asked, seconds):
    """The prize a peer finds in so many seconds; 0 if it finds nothing feasible."""
    solvers = {
        "PyVRP": _pyvrp,
        "VROOM": _vroom,
        "OR-Tools": _ortools,
        "greedy + 2-opt": _greedy,
    }
    return float(solvers[name](_Case(duration, prize, asked), seconds))


class _Case:
    """A trip in whole numbers."""

    def __init__(self, duration, prize, asked):
        self.size = len(prize)
        times = np.append(np.ravel(duration), np.ravel(asked.get("service", 0)))
        scale = 1 if (times == np.round(times)).all() else PARTS
        self.duration = np.ceil(np.asarray(duration) * scale - 1e-6).astype(np.int64)
        self.prize = np.asarray(prize, dtype=float)
        service = np.broadcast_to(np.asarray(asked.get("service", 0), float), self.size)
        self.service = np.ceil(service * scale - 1e-6).astype(np.int64)
        self.days = int(asked.get("days", 1))
        self.start = int(asked.get("start", 0))
        end = asked.get("end")
        self.end = self.start if end is None else int(end)
        self.budget = int(asked["max_duration"] * scale)
        windows = asked.get("windows")
        self.opens = np.zeros(self.size, np.int64)
        self.closes = np.full(self.size, self.budget, np.int64)
        if windows is not None:
            windows = np.asarray(windows, dtype=float)
            self.opens = np.ceil(windows[:, 0] * scale - 1e-6).astype(np.int64)
            self.closes = np.minimum(windows[:, 1] * scale, self.budget).astype(
                np.int64
            )
        here = [n for n in range(self.size) if n not in (self.start, self.end)]
        self.places = [n for n in here if self.prize[n] > 0]


def _pyvrp(case, seconds):
    import pyvrp
    from pyvrp.stop import MaxRuntime

    model = pyvrp.Model()
    # a shorter way must be worth something, or the search sees no slope; prizes are of
    # the size of the ways they compete with
    total = case.prize[case.places].sum()
    unit = 40 * case.budget / total  # the best of several that were tried
    places = {}

    def location(node):
        return places.setdefault(node, model.add_location(node, 0))

    start, end = (model.add_depot(location(node)) for node in (case.start, case.end))
    model.add_vehicle_type(
        case.days, start_depot=start, end_depot=end, tw_early=0, tw_late=case.budget
    )
    clients = []
    for node in case.places:
        model.add_client(
            location(node),
            service_duration=int(case.service[node]),
            tw_early=int(case.opens[node]),
            tw_late=int(case.closes[node]),
            prize=int(round(case.prize[node] * unit)),
            required=False,
        )
        clients.append(node)
    for one, here in places.items():
        for other, there in places.items():
            way = int(case.duration[one, other])
            model.add_edge(here, there, distance=way, duration=way)
    found = model.solve(MaxRuntime(seconds), seed=1, display=False, collect_stats=False)
    if not found.is_feasible():
        return 0.0
    visited = set()
    for route in found.best.routes():
        visited.update(visit.idx for visit in route.schedule() if visit.is_client())
    return case.prize[[clients[number] for number in visited]].sum()


def _vroom(case, seconds):
    import vroom

    problem = vroom.Input()
    problem.set_durations_matrix("car", case.duration.astype(np.uint32))
    most = case.prize[case.places].max()
    for day in range(case.days):
        problem.add_vehicle(
            vroom.Vehicle(
                day + 1,
                start=case.start,
                end=case.end,
                time_window=vroom.TimeWindow(0, case.budget),
            )
        )
    for node in case.places:
        problem.add_job(
            vroom.Job(
                node,
                location=node,
                default_service=int(case.service[node]),
                # priorities are whole numbers from 0 to 100
                priority=int(max(round(100 * case.prize[node] / most), 1)),
                time_windows=[
                    vroom.TimeWindow(int(case.opens[node]), int(case.closes[node]))
                ],
            )
        )
    found = problem.solve(
        exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds)
    )
    routes = found.routes
    jobs = routes[routes["type"] == "job"]["id"].astype(int).tolist()
    return case.prize[jobs].sum()


def _ortools(case, seconds):
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    starts, ends = [case.start] * case.days, [case.end] * case.days
    manager = pywrapcp.RoutingIndexManager(case.size, case.days, starts, ends)
    routing = pywrapcp.RoutingModel(manager)

    def way(one, other):
        here, there = manager.IndexToNode(one), manager.IndexToNode(other)
        return int(case.duration[here, there])

    def spent(one, other):
        return way(one, other) + int(case.service[manager.IndexToNode(one)])

    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitCallback(way))
    clock = routing.RegisterTransitCallback(spent)
    routing.AddDimension(clock, case.budget, case.budget, False, "time")
    times = routing.GetDimensionOrDie("time")
    total = case.prize[case.places].sum()
    unit = 100 * case.budget * case.days / total
    wanted = set(case.places)
    for node in range(case.size):
        if node in (case.start, case.end):
            continue
        index = manager.NodeToIndex(node)
        penalty = int(case.prize[node] * unit) if node in wanted else 0
        routing.AddDisjunction([index], penalty)
        times.CumulVar(index).SetRange(int(case.opens[node]), int(case.closes[node]))
    options = pywrapcp.DefaultRoutingSearchParameters()
    options.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    options.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.TABU_SEARCH
    )
    options.time_limit.FromMilliseconds(int(1000 * seconds))
    found = routing.SolveWithParameters(options)
    if found is None:
        return 0.0
    prize = 0.0
    for day in range(case.days):
        index = routing.Start(day)
        while not routing.IsEnd(index):
            node = manager.IndexToNode(index)
            prize += case.prize[node] if node in wanted else 0.0
            index = found.Value(routing.NextVar(index))
    return prize


def _greedy(case, seconds):
    """The most prize per added minute first, then 2-opt, as long as it makes room."""
    routes = [[case.start, case.end] for _day in range(case.days)]
    left = set(case.places)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        best = None
        for day, route in enumerate(routes):
            for node in left:
                for place in range(1, len(route)):
                    added = (
                        case.duration[route[place - 1], node]
                        + case.duration[node, route[place]]
                        - case.duration[route[place - 1], route[place]]
                        + case.service[node]
                    )
                    rate = case.prize[node] / max(added, 1)
                    if (best is None or rate > best[0]) and _fits(
                        case, [*route[:place], node, *route[place:]]
                    ):
                        best = rate, day, place, node
        if best is None:
            shorter = [_two_opt(case, route) for route in routes]
            if shorter == routes:
                break
            routes = shorter
            continue
        _rate, day, place, node = best
        routes[day].insert(place, node)
        left.discard(node)
    return case.prize[[n for route in routes for n in route[1:-1]]].sum()


def _fits(case, route):
    clock = 0
    for before, node in zip(route, route[1:], strict=False):
        clock += case.duration[before, node]
        if node == route[-1]:
            break
        clock = max(clock, case.opens[node])
        if clock > case.closes[node]:
            return False
        clock += case.service[node]
    return clock <= case.budget


def _two_opt(case, route):
    def way(order):
        return sum(
            case.duration[one, other]
            for one, other in zip(order, order[1:], strict=False)
        )

    best, least = route, way(route)
    for first in range(1, len(route) - 2):
        for last in range(first + 1, len(route) - 1):
            turned = [
                *route[:first],
                *route[first : last + 1][::-1],
                *route[last + 1 :],
            ]
            if way(turned) < least and _fits(case, turned):
                best, least = turned, way(turned)
    return best
