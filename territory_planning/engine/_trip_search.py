"""The search of a trip: solutions as arrays, and simulated annealing among them."""

import time

import numpy as np

from . import _trip_kernel as kernel
from . import _trip_start

#: what all the hours of a trip are charged at while searching, as a share of its prize:
#: without it nothing rewards a shorter way that makes room for one more stop
_GUIDE = 0.4
#: first temperature, in mean prizes of a stop, and how far it falls
_HEAT = 2.0
_COOLING = 0.01
#: stops taken out at once, in a row
_STRING = 15
_NEAR = 100
_CHUNK = 100
_SECONDS = 0.02  # between two looks at the stopwatch
_EPSILON = 1e-6


class Search:
    """Solutions of one problem and the search among them."""

    def __init__(self, problem, reachable, seed):
        self.problem = problem
        self.rng = np.random.default_rng(seed)
        ends = np.zeros(problem.size, dtype=bool)
        ends[problem.start] = ends[problem.end] = True
        worth = (problem.prize > 0) | problem.must
        self.candidates = np.flatnonzero(worth & reachable & ~ends)
        self.ends = ends
        # what must be visited is worth more than everything else together
        self.most = float(problem.prize[self.candidates].clip(0).sum()) + 1.0
        costs = problem.distance_cost * np.where(
            np.isfinite(problem.distance), problem.distance, 0.0
        ).max(initial=0.0)
        costs += problem.time_cost * problem.budget.max(initial=0.0)
        self.most += float(costs) * 4.0
        self.value = problem.prize + np.where(problem.must, self.most, 0.0)
        self.data = (
            problem.duration,
            problem.distance,
            problem.prize,
            problem.service,
            problem.opens,
            problem.closes,
            problem.budget,
        )
        self.weight = np.array([problem.distance_cost, problem.time_cost])
        self.near = self._near()
        self.iterations = 0
        self.best = _trip_start.best(problem, self.candidates, self.value, self.weight)

    def _near(self):
        duration = self.problem.duration
        both = duration + duration.T
        np.fill_diagonal(both, np.inf)
        order = np.argsort(both, axis=1, kind="stable")[:, :_NEAR]
        return np.ascontiguousarray(order.astype(np.int64))

    def solution(self, routes=None):
        """Arrays of a solution, and which places it visits."""
        problem = self.problem
        size, days = problem.size, problem.days
        nodes = np.zeros((days, size + 2), dtype=np.int64)
        count = np.zeros(days, dtype=np.int64)
        visited = np.zeros(size, dtype=bool)
        for day in range(days):
            route = routes[day] if routes else [problem.start[day], problem.end[day]]
            nodes[day, : len(route)] = route
            count[day] = len(route)
            visited[route[1:-1]] = True
        times = [np.zeros((days, size + 2)) for _ in range(2)]
        where = [np.zeros(size, dtype=np.int64) for _ in range(2)]
        solution = (nodes, count, *times, *where)
        for day in range(days):
            kernel.refresh(self.data, solution, day)
        return solution, visited

    def run(self, time_limit, iterations, progress):
        """Search until the time or the iterations are used up."""
        if self.candidates.size == 0:
            return
        current, visited = self.solution(self.best)
        best, visited_best = self.solution(self.best)
        trial, visited_trial = self.solution(self.best)
        stops = sum(len(route) - 2 for route in self.best)
        found = self.problem.prize[visited].sum()
        hours = self.problem.budget.sum()
        guide = self.weight + [0.0, _GUIDE * found / hours if hours > 0 else 0.0]
        heat = _HEAT * max(found, _EPSILON) / max(stops, 1)
        scores = np.array(
            [
                kernel.worth(self.data, current, self.value, guide),
                kernel.worth(self.data, best, self.value, self.weight),
            ]
        )
        begin, chunk, done = time.monotonic(), _CHUNK if iterations else 10, 0.0
        symmetric = self._symmetric()
        while done < 1.0:
            if iterations is not None:
                chunk = min(_CHUNK, iterations - self.iterations)
                after = (self.iterations + chunk) / max(iterations, 1)
                if chunk <= 0:
                    break
            else:
                after = min(done + _SECONDS / max(time_limit, 1e-9), 1.0)
            tick = time.monotonic()
            kernel.anneal(
                self.data,
                current,
                visited,
                best,
                visited_best,
                trial,
                visited_trial,
                self.near,
                self.candidates,
                self.value,
                self.problem.must,
                guide,
                self.weight,
                scores,
                heat * _COOLING**done,
                heat * _COOLING**after,
                chunk,
                _STRING,
                symmetric,
                self.rng,
            )
            self.iterations += chunk
            now = time.monotonic()
            if iterations is None:
                speed = _SECONDS / max(now - tick, 1e-6)
                chunk = max(1, int(chunk * min(speed, 4.0)))
                after = (now - begin) / max(time_limit, 1e-9)
            done = after
            if progress and progress(min(done, 1.0), float(scores[1])):
                break
        nodes, count = best[0], best[1]
        self.best = [
            nodes[day, : count[day]].tolist() for day in range(self.problem.days)
        ]

    def _symmetric(self):
        problem = self.problem
        free = not problem.opens.any() and np.isinf(problem.closes).all()
        same = np.array_equal(problem.duration, problem.duration.T)
        return bool(
            free and same and np.array_equal(problem.distance, problem.duration)
        )
