"""How long a visit takes: the time at the customer and its share of the driving.

Nobody knows next month's tours, but their length follows from few figures (continuous
approximation). A day on the road is a drive out to a neighbourhood and back, which its
stops share, and short drives from stop to stop:

    hours = service + 2·d·c/(v·m) + (1 − 1/m)·k·c/(v·√δ)

with d the distance from the rep's start, m the stops of a tour, δ the stops per square
kilometre around the account, c how much longer roads are than straight lines and v the
speed. A tour lasts a day; where the drive out and back takes more than half of it, as
many days (up to five) as make it half of the tour, nights being spent on the way. No
visit takes more driving than going there and back for it alone.

Against tours really built (farthest customer first, its neighbours added while the day
allows, each tour improved by 2-opt) the sum is within 10 % where tours last a day; where
nights are spent on the way and accounts are few, up to 30 % too long.

The density is that of *visits of one rep*: an account visited every third month is
there a third of the times, one visited four times a month is met once in each of four
tours. It depends on how many visits there will be, and that on the hours each takes; two
passes settle it at as many visits as the rep's hours pay for.

Sources: Daganzo, C. F. (1984), The distance traveled to visit N points with a maximum of
C stops per vehicle, Transportation Science 18 (4), 331–350, for the sum of both parts;
Beardwood, J., Halton, J. H. and Hammersley, J. M. (1959), The shortest path through many
points, Mathematical Proceedings of the Cambridge Philosophical Society 55 (4), 299–327,
for √δ; Franceschetti, A., Jabali, O. and Laporte, G. (2017), Continuous approximation
models in freight distribution management, TOP 25, 413–433, for a review.
"""

from dataclasses import dataclass

import numpy as np
from scipy import spatial, special

from . import _check
from .geo import EARTH_RADIUS_KM, distance_km

__all__ = ["VisitTime", "estimate", "from_starts", "spacing"]

#: k of the local part: tours planned by hand or by simple methods (best ones: 0.71)
LOCAL = 0.8
#: accounts around one that tell the density there
NEIGHBOURS = 5
#: passes of visits and hours
PASSES = 2
#: a tour is at most this many days
MOST_DAYS = 5
#: two stops are at least this far apart, km: places are often no more exact
NEAREST_KM = 0.5
#: how far the visits of a rep may be scaled to its hours
_SCALE = 4.0


@dataclass(frozen=True, eq=False)
class VisitTime:
    """Driving per visit of ``n`` accounts, NaN where an account has no place or one that
    nobody drives to: farther than the longest tour, whatever its coordinates mean.

    ``drive (n,)`` hours per visit, the sum of ``haul (n,)`` out and back and ``local
    (n,)`` between stops; ``distance (n,)`` km from where its rep starts; ``stops (n,)``
    of a tour that goes there; ``visits (n,)`` per period it was computed for.
    """

    drive: np.ndarray
    haul: np.ndarray
    local: np.ndarray
    distance: np.ndarray
    stops: np.ndarray
    visits: np.ndarray


def estimate(
    lat,
    lon,
    effort,
    *,
    group=None,
    start_lat=np.nan,
    start_lon=np.nan,
    service=1.0,
    fixed=np.nan,
    capacity=np.nan,
    speed=60.0,
    circuity=1.3,
    day=8.0,
):
    """Return the driving that belongs to one visit of each account.

    :param lat, lon: ``(n,)`` degrees, NaN where an account has no place.
    :param effort: ``(n,)`` visits per period now; says where the tours go.
    :param group: ``(n,)`` integers ≥ 0: whose account it is, −1 nobody's (no driving,
        NaN); None for one rep.
    :param start_lat, start_lon: ``(g,)`` or scalar, degrees, where each rep starts; NaN
        for the centre of its accounts.
    :param service: hours at the customer, ≥ 0, ``(n,)`` or scalar.
    :param fixed: ``(n,)`` hours per visit that are known, the drive included, NaN where
        they are not; they count against the capacity only.
    :param capacity: ``(g,)`` or scalar, hours per period; visits are scaled to it, at
        most fourfold. NaN: visits stay as they are.
    :param speed: km per hour, > 0.
    :param circuity: length of roads over that of straight lines, ≥ 1.
    :param day: hours of a day on the road, > 0.
    :raises ValueError: naming argument, index and value.
    :rtype: VisitTime
    """
    lat = np.atleast_1d(_check.vector("lat", lat))
    size = lat.size
    lon = _check.vector("lon", lon, size)
    effort = _check.vector("effort", effort, size)
    good = (effort >= 0) & (effort < np.inf)
    _check.require("effort", effort, good, "zero or more and finite")
    service = _check.vector("service", service, size)
    good = (service >= 0) & (service < np.inf)
    _check.require("service", service, good, "zero or more and finite")
    fixed = _check.vector("fixed", fixed, size)
    _check.require("fixed", fixed, ~(fixed < 0), "zero or more")
    for name, value, good in (
        ("speed", speed, 0 < speed < np.inf),
        ("circuity", circuity, 1 <= circuity < np.inf),
        ("day", day, 0 < day < np.inf),
    ):
        _check.require(name, value, good, "positive and finite")
    _check_places(lat, lon)
    group, count = _groups(group, size, start_lat, start_lon, capacity)
    starts = [
        _check.vector(name, values, count)
        for name, values in (("start_lat", start_lat), ("start_lon", start_lon))
    ]
    capacity = _check.vector("capacity", capacity, count)
    _check.require("capacity", capacity, ~(capacity < 0), "zero or more")
    roads = _Roads(lat, lon, group, count, starts, circuity / speed, day)
    visits = effort
    for number in range(PASSES + 1):
        found = roads.drive(visits, service)
        if number == PASSES:
            break
        hours = np.where(np.isnan(fixed), service + np.nan_to_num(found.drive), fixed)
        inside = group >= 0
        used = np.bincount(group[inside], (hours * effort)[inside], minlength=count)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.clip(capacity / used, 1.0 / _SCALE, _SCALE)
        scale = np.where(np.isfinite(scale), scale, 1.0)
        visits = effort * np.where(inside, scale[np.maximum(group, 0)], 1.0)
    return found


def from_starts(
    lat,
    lon,
    effort,
    *,
    start_lat,
    start_lon,
    service=1.0,
    speed=60.0,
    circuity=1.3,
    day=8.0,
):
    """Return the driving that belongs to one visit of each account from each of ``k`` starts.

    What :func:`estimate` says of one rep who looks after all, for one start after the
    other; the neighbourhoods, which are the same for all, are found once.

    :param lat, lon, effort: ``(n,)``, as in :func:`estimate`.
    :param start_lat, start_lon: ``(k,)`` degrees, NaN for the centre of the accounts.
    :return: hours ``(n, k)``, NaN as in :class:`VisitTime`, and the distance ``(n, k)`` km.
    :raises ValueError: naming argument, index and value.
    """
    lat = np.atleast_1d(_check.vector("lat", lat))
    lon = _check.vector("lon", lon, lat.size)
    effort = _check.vector("effort", effort, lat.size)
    good = (effort >= 0) & (effort < np.inf)
    _check.require("effort", effort, good, "zero or more and finite")
    service = _check.vector("service", service, lat.size)
    good = (service >= 0) & (service < np.inf)
    _check.require("service", service, good, "zero or more and finite")
    start_lat = np.atleast_1d(_check.vector("start_lat", start_lat))
    start_lon = _check.vector("start_lon", start_lon, start_lat.size)
    for name, value, good in (
        ("speed", speed, 0 < speed < np.inf),
        ("circuity", circuity, 1 <= circuity < np.inf),
        ("day", day, 0 < day < np.inf),
    ):
        _check.require(name, value, good, "positive and finite")
    _check_places(lat, lon)
    nowhere = np.full(1, np.nan)
    roads = _Roads(
        lat,
        lon,
        np.zeros(lat.size, int),
        1,
        [nowhere, nowhere],
        circuity / speed,
        day,
    )
    centre = roads.distance
    drive, distance = np.empty((2, lat.size, start_lat.size))
    for number, start in enumerate(zip(start_lat, start_lon, strict=True)):
        known = np.isfinite(start).all()
        roads.distance = distance_km(lat, lon, *start) if known else centre
        distance[:, number] = roads.distance
        drive[:, number] = roads.drive(effort, service).drive
    return drive, distance


def spacing(lat, lon, *, group=None, neighbours=NEIGHBOURS):
    """Return 1/√(accounts per km²) around each account, km ``(n,)``.

    From the distance to the ``neighbours``-th nearest account of the same group, on the
    sphere: √π·d·Γ(k)/Γ(k+½), which is unbiased where accounts are strewn evenly. NaN
    for an account without a place and for one that is its group's only one.

    :param lat, lon: ``(n,)`` degrees, NaN where an account has no place.
    :param group: ``(n,)`` integers; None for one group.
    """
    return _neighbourhood(lat, lon, group, neighbours)[0]


def _neighbourhood(lat, lon, group, neighbours):
    """Return the spacing ``(n,)`` and the neighbours ``(n, k)``, −1 where there is none."""
    lat, lon = np.asarray(lat, dtype=float), np.asarray(lon, dtype=float)
    group = np.zeros(lat.size, int) if group is None else np.asarray(group)
    gap = np.full(lat.size, np.nan)
    near = np.full((lat.size, neighbours), -1)
    placed = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
    if not placed.size:
        return gap, near
    phi, theta = np.radians(lat[placed]), np.radians(lon[placed])
    # groups are kept apart by a coordinate of their own
    points = np.column_stack(
        [
            np.cos(phi) * np.cos(theta),
            np.cos(phi) * np.sin(theta),
            np.sin(phi),
            10.0 * np.unique(group[placed], return_inverse=True)[1],
        ]
    )
    tree = spatial.cKDTree(points, balanced_tree=False, compact_nodes=False)
    chord, index = tree.query(points, neighbours + 1, distance_upper_bound=3.0)
    there = np.isfinite(chord[:, 1:])
    # with places shared by many, oneself may be anywhere among the first: any will do
    near[placed] = np.where(
        there, placed[np.minimum(index[:, 1:], placed.size - 1)], -1
    )
    found = there.sum(axis=1)
    chord = chord[np.arange(placed.size), found]
    arc = 2.0 * EARTH_RADIUS_KM * np.arcsin(np.minimum(0.5 * chord, 1.0))
    rank = np.maximum(found, 1)
    unbias = np.exp(special.gammaln(rank) - special.gammaln(rank + 0.5))
    gap[placed] = np.where(found > 0, np.sqrt(np.pi) * arc * unbias, np.nan)
    return gap, near


class _Roads:
    """What does not change with the number of visits.

    :param pace: hours per kilometre as the crow flies.
    """

    def __init__(self, lat, lon, group, count, starts, pace, day):
        self.group, self.count, self.pace, self.day = group, count, pace, day
        self.placed = np.isfinite(lat) & np.isfinite(lon) & (group >= 0)
        self.owner = np.maximum(group, 0)
        self.gap, self.near = _neighbourhood(
            np.where(self.placed, lat, np.nan), lon, group, NEIGHBOURS
        )
        start_lat, start_lon = self._starts(lat, lon, *starts)
        self.distance = np.full(lat.size, np.nan)
        here, owner = self.placed, self.owner[self.placed]
        self.distance[here] = distance_km(
            lat[here], lon[here], start_lat[owner], start_lon[owner]
        )

    def _starts(self, lat, lon, start_lat, start_lon):
        """Where each rep starts: as given, else the centre of its accounts."""
        here = self.placed
        phi, theta = np.radians(lat[here]), np.radians(lon[here])
        x, y, z = (
            np.bincount(self.group[here], values, minlength=self.count)
            for values in (
                np.cos(phi) * np.cos(theta),
                np.cos(phi) * np.sin(theta),
                np.sin(phi),
            )
        )
        known = np.isfinite(start_lat) & np.isfinite(start_lon)
        centre = np.degrees(np.arctan2(z, np.hypot(x, y)))
        return (
            np.where(known, start_lat, centre),
            np.where(known, start_lon, np.degrees(np.arctan2(y, x))),
        )

    def drive(self, visits, service):
        """Return the driving if each account gets ``visits`` per period.

        :rtype: VisitTime
        """
        # more than one visit a period are met in tours of their own
        met = np.where(self.placed, np.minimum(visits, 1.0), 0.0)
        tours = np.bincount(self.owner, met, minlength=self.count)
        most = np.maximum(tours, 1.0)[self.owner]
        there = self.near >= 0
        around = np.where(there, met[self.near], 0.0).sum(axis=1) + met
        density = around / (there.sum(axis=1) + 1.0)
        # one visit among all accounts around is the least there is to go by
        density = np.maximum(density, 1.0 / (there.sum(axis=1) + 1.0))
        gap = np.maximum(LOCAL * self.gap / np.sqrt(density), NEAREST_KM)
        gap = np.where(np.isnan(self.gap), 0.0, gap)
        out = 2.0 * self.distance * self.pace
        tour = np.clip(2.0 * out, self.day, MOST_DAYS * self.day)
        out = np.where(out <= MOST_DAYS * self.day, out, np.nan)
        local = np.minimum(gap * self.pace, out)
        with np.errstate(divide="ignore", invalid="ignore"):
            stops = (tour - out + local) / (service + local)
            # 0 hours at no distance: as many stops as there are
            stops = np.where((service == 0) & (local == 0), np.inf, stops)
            stops = np.clip(stops, 1.0, most)
            haul = out / stops
        # a tour of m stops has m − 1 drives between them
        local = np.minimum(local, out) * (1.0 - 1.0 / stops)
        return VisitTime(
            haul + local,
            haul,
            local,
            self.distance,
            stops,
            visits,
        )


def _check_places(lat, lon):
    good = np.isnan(lat) | (np.abs(lat) <= 90)
    _check.require("lat", lat, good, "between -90 and 90, or NaN")
    good = np.isnan(lon) | (np.abs(lon) <= 180)
    _check.require("lon", lon, good, "between -180 and 180, or NaN")


def _groups(group, size, *others):
    """Check the groups; return them and how many there are."""
    sizes = [np.size(values) for values in others if np.ndim(values)]
    if group is None:
        return np.zeros(size, int), max([1, *sizes])
    group = np.asarray(group)
    if group.shape != (size,):
        raise ValueError(f"group must have shape ({size},), got {group.shape}")
    group = group.astype(int)
    count = max([int(group.max(initial=0)) + 1, *sizes])
    _check.require("group", group, group >= -1, "-1 or more")
    return group, count
