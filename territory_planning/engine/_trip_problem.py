"""The data of a trip, validated so that a message can name the stop."""

from dataclasses import dataclass

import numpy as np

from . import _check


class TripInfeasible(ValueError):
    """Visits that must be made and cannot; ``nodes`` names them."""

    def __init__(self, message, nodes):
        super().__init__(message)
        self.nodes = list(nodes)


@dataclass(frozen=True, eq=False)
class TripProblem:
    """``m`` places, ``days`` routes; one unit of time throughout.

    ``duration, distance (m, m)``: from row to column, infinite where there is no road.
    ``prize, service (m,)``; ``opens, closes (days, m)``: when a visit may begin, on the
    day's own clock, which starts at 0 as the rep sets out. ``start, end, budget
    (days,)``: where each day begins and ends, and its latest end. ``must (m,)`` bool.

    :raises ValueError: naming the array, the index and the value.
    """

    duration: np.ndarray
    distance: np.ndarray
    prize: np.ndarray
    service: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    start: np.ndarray
    end: np.ndarray
    budget: np.ndarray
    must: np.ndarray
    distance_cost: float
    time_cost: float

    @property
    def size(self):
        """Number of places, ends included."""
        return len(self.prize)

    @property
    def days(self):
        """Number of routes."""
        return len(self.budget)

    @classmethod
    def build(
        cls,
        duration,
        prize,
        *,
        service,
        windows,
        start,
        end,
        max_duration,
        days,
        must_visit,
        distance,
        distance_cost,
        time_cost,
    ):
        """Check and broadcast the arguments of :func:`.trip.plan`."""
        duration = _matrix("duration", duration)
        size = len(duration)
        given = duration if distance is None else _matrix("distance", distance, size)
        if int(days) != days or days < 1:
            raise ValueError(f"days must be a whole number from 1, got {days}")
        days = int(days)
        prize = _check.vector("prize", prize, size)
        _check.finite("prize", prize)
        service = _check.vector("service", service, size)
        good = (service >= 0) & (service < np.inf)
        _check.require("service", service, good, "zero or more and finite")
        opens, closes = _windows(windows, days, size)
        begin = _places("start", start, days, size)
        finish = begin if end is None else _places("end", end, days, size)
        budget = np.array(_check.vector("max_duration", max_duration, days))
        good = (budget >= 0) & (budget < np.inf)
        _check.require("max_duration", budget, good, "zero or more and finite")
        must = np.zeros(size, dtype=bool)
        for node in np.asarray(must_visit, dtype=int).ravel():
            if not 0 <= node < size:
                raise ValueError(f"must_visit names place {node}, there are {size}")
            must[node] = True
        for name, value in (("distance_cost", distance_cost), ("time_cost", time_cost)):
            good = np.isfinite(value) and value >= 0
            _check.require(name, value, good, "zero or more and finite")
        must[begin] = must[finish] = False
        return cls(
            duration=np.ascontiguousarray(duration),
            distance=np.ascontiguousarray(given),
            prize=np.array(prize),
            service=np.array(service),
            opens=opens,
            closes=closes,
            start=begin,
            end=finish,
            budget=budget,
            must=must,
            distance_cost=float(distance_cost),
            time_cost=float(time_cost),
        )

    def earliest(self, day, node):
        """When a visit to ``node`` alone could begin and the day end; inf if never."""
        first, last = self.start[day], self.end[day]
        begin = max(self.duration[first, node], self.opens[day, node])
        if begin > self.closes[day, node]:
            return np.inf, np.inf
        finish = begin + self.service[node] + self.duration[node, last]
        return begin, finish


def _matrix(name, values, size=None):
    values = np.asarray(values, dtype=float)
    if values.ndim != 2 or values.shape[0] != values.shape[1]:
        raise ValueError(f"{name} must have shape (m, m), got {values.shape}")
    if size is not None and len(values) != size:
        raise ValueError(f"{name} must be for {size} places, got {len(values)}")
    if not len(values):
        raise ValueError(f"{name} must be for one place at least")
    good = values >= 0  # NaN is not; no road is infinite
    if not good.all():
        row, column = np.unravel_index(int(np.argmin(good)), good.shape)
        raise ValueError(
            f"{name} from place {row} to {column} must be zero or more, "
            f"got {values[row, column]}"
        )
    return values


def _windows(windows, days, size):
    if windows is None:
        return np.zeros((days, size)), np.full((days, size), np.inf)
    windows = np.asarray(windows, dtype=float)
    if windows.shape == (size, 2):
        windows = np.broadcast_to(windows, (days, size, 2))
    if windows.shape != (days, size, 2):
        raise ValueError(
            f"windows must have shape ({size}, 2) or ({days}, {size}, 2), "
            f"got {windows.shape}"
        )
    opens, closes = np.array(windows[..., 0]), np.array(windows[..., 1])
    good = (opens <= closes) & ~np.isnan(opens)
    # a day on which a place is closed is told by a window that ends before it begins
    closed = (opens > closes) & np.isfinite(opens)
    if not (good | closed).all():
        day, node = np.unravel_index(int(np.argmin(good | closed)), good.shape)
        raise ValueError(
            f"windows of place {node}, day {day}, must be a beginning and an end, got "
            f"{windows[day, node].tolist()}"
        )
    opens, closes = np.maximum(opens, 0.0), np.where(closed, -1.0, closes)
    return np.ascontiguousarray(opens), np.ascontiguousarray(closes)


def _places(name, given, days, size):
    places = np.broadcast_to(np.asarray(given, dtype=int), (days,)).copy()
    for place in places:
        if not 0 <= place < size:
            raise ValueError(f"{name} is place {place}, there are {size}")
    return places
