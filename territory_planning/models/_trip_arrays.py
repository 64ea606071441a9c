"""Between a trip's places and the arrays of the engine."""

import time
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ..engine import trip as engine
from ._trip_request import LUNCH, clock

#: changes tried for one day and for several: where the plan hardly gets better
ITERATIONS_DAY, ITERATIONS_WEEK = 3000, 4000
#: seconds after which the best trip so far is taken, on a machine that is too slow
PATIENCE = 8.0
#: towns that are tried for a night
NIGHTS = 40
SEED = 1
START, END, HOME = 0, 1, 2


@dataclass
class Visit:
    """A customer that may be visited; ``day`` and times only where they are fixed.

    ``worth`` decides, ``value_visit + value_risk`` is what the visit brings. ``bonus``
    is added to the worth of who comes before others. ``service`` in minutes. ``opens,
    closes``: hours of the day, 0 for any time. ``appointment``: a moment in UTC;
    ``around``: likewise, kept to within a quarter of an hour.
    """

    account_id: int | None
    partner_id: int
    name: str
    city: str
    latitude: float
    longitude: float
    service: float
    worth: float = 0.0
    bonus: float = 0.0
    value_visit: float = 0.0
    value_risk: float = 0.0
    days_since: float = np.inf
    must: bool = False
    opens: float = 0.0
    closes: float = 0.0
    appointment: datetime | None = None
    around: datetime | None = None
    event_id: int | None = None
    stop_id: int | None = None

    @property
    def value(self):
        """What the visit brings."""
        return self.value_visit + self.value_risk


class TripArrays:
    """Places, times and windows of a trip, ready for the engine.

    Nodes: the start, the end, where nights at home are spent, towns for other nights,
    then the visits.
    """

    def __init__(self, request, days, visits, towns=(), ends=None):
        """Ask for the drives between all places.

        :param towns: where nights may be spent
        :param ends: ``(start, end)`` of each day, where they are settled already; else
            nights are at home or in one of the towns
        """
        self.request = request
        self.days = days
        self.visits = list(visits)
        self.settled = ends is not None
        self.towns = [] if self.settled else list(towns)[:NIGHTS]
        if self.settled:
            self.places = [place for pair in ends for place in pair]
        else:
            home = request.home or request.start
            self.places = [request.start, request.end, home, *self.towns]
        self.first = len(self.places)
        points = [place.point for place in self.places]
        points += [(visit.latitude, visit.longitude) for visit in self.visits]
        travel = request.env["territory.travel"]
        self.matrix = travel._matrix(request.company, np.array(points, dtype=float))
        self.duration = self.matrix.duration_s / 60.0
        self.distance = self.matrix.distance_km
        self.cut_short = False
        self.notes = []  # what was in the way of these days

    # ------------------------------------------------------------------- engine
    def is_night(self, node):
        """Whether a day that ends at a node ends in a town of its own."""
        return not self.settled and node > HOME

    @property
    def nights_out(self):
        """Whether nights are spent on the way."""
        return self.request.night == "out" and len(self.days) > 1 and bool(self.towns)

    def arguments(self):
        """What plan, retime and insert of the engine take alike."""
        count = self.first
        prize = [0.0] * count + [v.worth + v.bonus for v in self.visits]
        service = [0.0] * count + [visit.service for visit in self.visits]
        return {
            "prize": np.array(prize, dtype=float),
            "service": np.array(service, dtype=float),
            "windows": self._windows(),
            "max_duration": np.array([day.minutes for day in self.days]),
            "distance": self.distance,
            "distance_cost": self.request.company.territory_km_cost,
            "lunch": self._lunch(),
        }

    def retime(self, routes):
        """Times of an order that is given, and what is wrong with it.

        :param routes: for each day the rows of its visits
        :rtype: engine.trip.Timing
        """
        starts, ends = self.ends()
        routes = [
            [first, *(self.first + row for row in route), last]
            for first, route, last in zip(starts, routes, ends, strict=True)
        ]
        return engine.retime(self.duration, routes, **self.arguments())

    def insert(self, routes, row):
        """The order with a visit more, where it costs least.

        :rtype: engine.trip.Timing
        """
        starts, ends = self.ends()
        routes = [
            [first, *(self.first + other for other in route), last]
            for first, route, last in zip(starts, routes, ends, strict=True)
        ]
        node = self.first + row
        return engine.insert(self.duration, routes, node=node, **self.arguments())

    def solve(self, iterations=None, progress=None, free=False):
        """Plan the trip: the same places and seed give the same one.

        :param free: whether the way costs nothing: who is on the list is wanted

        :raises TripInfeasible, ValueError: as the engine
        :rtype: engine.trip.TripPlan
        """
        count = len(self.days)
        iterations = iterations or (ITERATIONS_DAY if count == 1 else ITERATIONS_WEEK)
        given = self.arguments()
        prize = given.pop("prize")
        if free:
            given["distance_cost"] = 0.0
        given["must_visit"] = [
            self.first + row for row, visit in enumerate(self.visits) if visit.must
        ]
        given |= {
            "days": count,
            "seed": SEED,
            "iterations": iterations,
            "progress": self._stop(progress),
        }
        if self.nights_out:
            return engine.plan_nights(
                self.duration,
                prize,
                nights=list(range(HOME, self.first)),
                start=START,
                end=END,
                **given,
            )
        starts, ends = self.ends()
        return engine.plan(self.duration, prize, start=starts, end=ends, **given)

    def ends(self):
        """Nodes at which each day begins and ends; every night at home if not settled."""
        if self.settled:
            return list(range(0, self.first, 2)), list(range(1, self.first, 2))
        between = len(self.days) - 1
        return [START, *[HOME] * between], [*[HOME] * between, END]

    def _stop(self, progress):
        """Ends the search when it has taken too long; compiling does not count."""
        began = []

        def look(done, best):
            if not began:
                began.append(time.monotonic())
            if done < 1.0 and time.monotonic() - began[0] > PATIENCE:
                self.cut_short = True
                return True
            return progress(done, best) if progress else False

        return look

    def _windows(self):
        count, size = len(self.days), self.first + len(self.visits)
        windows = np.zeros((count, size, 2))
        windows[..., 1] = np.inf
        for row, visit in enumerate(self.visits, self.first):
            for index, day in enumerate(self.days):
                windows[index, row] = self._window(visit, day)
        return windows

    def _window(self, visit, day):
        fixed = visit.appointment or visit.around
        if fixed:
            at = day.at(fixed)
            if not 0 <= at <= day.minutes:
                return 1.0, 0.0  # closed: it is on another day
            if visit.appointment:
                return at, at
            return max(at - 15.0, 0.0), at + 15.0
        opens = self._hour(day, visit.opens) if visit.opens else 0.0
        closes = np.inf
        if visit.closes:
            closes = self._hour(day, visit.closes)
            # the visit is over by then, where its time there allows that at all
            if closes - visit.service >= max(opens, 0.0):
                closes -= visit.service
            if closes < max(opens, 0.0):
                return 1.0, 0.0
        return opens, closes

    def _hour(self, day, hour):
        return day.at(clock(self.request.tz, day.date, hour))

    def _lunch(self):
        length = self.request.lunch_minutes
        if not length:
            return None
        earliest = np.array([self._hour(day, LUNCH[0]) for day in self.days])
        latest = np.array([self._hour(day, LUNCH[1]) for day in self.days])
        # who sets out after lunch has had it
        lengths = np.where(latest > 0, float(length), 0.0)
        return np.maximum(earliest, 0.0), np.maximum(latest, 0.0), lengths

    # ------------------------------------------------------------------ answers
    def visit(self, node):
        """The visit of a node."""
        return self.visits[node - self.first]

    def place(self, node):
        """The place of a node that is none of a visit."""
        return self.places[node]

    def detour(self, route, place):
        """Minutes the trip is longer for the stop at an index of its route."""
        before, node, after = route[place - 1 : place + 2]
        added = self.duration[before, node] + self.duration[node, after]
        added += self.visit(node).service - self.duration[before, after]
        return max(float(added), 0.0)
