"""How long it takes from each place to each other one.

Two sources. *Road engines* know the roads; a provider asks one (``territory_planning/
routers``, which may use the network; nothing in here does). *Great circles* know nothing:
distance × circuity, how much longer roads are than straight lines, at one speed. Circuity
is 1.2 to 2.1 by country (Ballou, Rahardja and Sakai 2002, Selected country circuity
factors for road travel distance estimation, Transportation Research A 36, 843–848) and
varies more within one: an estimate is a middle and a range, and :func:`fit` finds both
from pairs that a road engine has answered.

A *provider* has ``name``; ``most_places`` and ``most_pairs`` that one request may have;
and ``table(sources (a, 2), targets (b, 2)) -> (duration_s (a, b), distance_km (a, b))``,
degrees latitude and longitude, infinite where there is no road, NaN where it cannot say.
"""

from dataclasses import dataclass

import numpy as np

from .geo import distance_km

__all__ = ["Beeline", "Fit", "Matrix", "check_points", "fit", "gaps", "matrix"]

CIRCUITY = 1.3
SPEED_KMH = 60.0
#: How much shorter and longer a drive may take than an estimate that nobody has fitted:
#: medians of 1.6 to 1.8 in a city and in mountains, 1.3 in open country, are all roads
#: of one kind of place.
LOW, HIGH = 0.8, 1.6
#: Degrees that are one place: about a metre
DECIMALS = 5
#: pairs closer than this tell nothing of roads, km
_NEAR = 0.5


@dataclass(frozen=True, eq=False)
class Matrix:
    """Times and distances from each of ``m`` places (row) to each (column).

    ``duration_s, distance_km (m, m)``: seconds and km, 0 on the diagonal, infinite where
    there is no road. ``source``: in words, what they come from. ``estimated (m, m)``:
    from straight lines, so that a drive takes between ``low`` and ``high`` times as long
    in eight cases of ten. ``fallback``: a sentence where a road engine should have
    answered and did not, else None.
    """

    duration_s: np.ndarray
    distance_km: np.ndarray
    source: str
    estimated: np.ndarray
    low: float = 1.0
    high: float = 1.0
    fallback: str | None = None

    def range_s(self):
        """Shortest and longest likely durations, ``(m, m)`` each."""
        low = np.where(self.estimated, self.low, 1.0)
        high = np.where(self.estimated, self.high, 1.0)
        return self.duration_s * low, self.duration_s * high


@dataclass(frozen=True)
class Beeline:
    """A provider that knows no roads: straight lines × circuity at one speed.

    ``circuity`` ≥ 1; ``speed_kmh`` > 0; ``low, high``: how many times as long eight
    drives of ten take.
    """

    circuity: float = CIRCUITY
    speed_kmh: float = SPEED_KMH
    low: float = LOW
    high: float = HIGH
    name = "great circle"
    most_places = most_pairs = 10**9

    def __post_init__(self):
        for name, good, wanted in (
            ("circuity", 1 <= self.circuity < np.inf, "1 or more and finite"),
            ("speed_kmh", 0 < self.speed_kmh < np.inf, "above zero and finite"),
            ("low", 0 < self.low <= 1, "above zero and at most 1"),
            ("high", 1 <= self.high < np.inf, "1 or more and finite"),
        ):
            if not good:
                raise ValueError(f"{name} must be {wanted}, got {getattr(self, name)}")

    def table(self, sources, targets):
        """Estimated durations and distances, ``(a, b)`` each."""
        sources, targets = np.asarray(sources, float), np.asarray(targets, float)
        lat1, lon1 = sources.T[:, :, None]
        lat2, lon2 = targets.T[:, None, :]
        road = distance_km(lat1, lon1, lat2, lon2) * self.circuity
        return road / self.speed_kmh * 3600.0, road


@dataclass(frozen=True)
class Fit:
    """What answers of a road engine say about straight lines.

    ``circuity``, ``speed_kmh``: medians; ``low, high``: the tenth and ninetieth
    percentile of true over estimated duration; ``pairs`` they were found from.
    """

    circuity: float
    speed_kmh: float
    low: float
    high: float
    pairs: int

    @property
    def beeline(self):
        """The provider that estimates so."""
        return Beeline(self.circuity, self.speed_kmh, self.low, self.high)


def matrix(points, provider=None, *, known=None, estimate=None):
    """Return times and distances between all places.

    Places that are one (to a metre) are asked for once. What the provider cannot say is
    estimated from straight lines.

    :param points: ``(m, 2)`` degrees, latitude and longitude.
    :param provider: see the module; straight lines if None.
    :param known: ``(duration_s, distance_km)``, ``(m, m)`` each: pairs that are not asked
        for. NaN where not known, negative where the provider is known to be unable to say.
    :param estimate: a :class:`Beeline` for what the provider cannot say.
    :raises ValueError: on a place that is not on earth, an answer of a wrong size or one
        that is negative, naming it. What the provider raises is passed on.
    :rtype: Matrix
    """
    points = check_points(points)
    estimate = estimate or (provider if isinstance(provider, Beeline) else Beeline())
    provider = provider or estimate
    size = len(points)
    _unique, first, place = np.unique(
        points.round(DECIMALS), axis=0, return_index=True, return_inverse=True
    )
    place = place.ravel()
    distinct = points[first]
    duration = np.full((len(first), len(first)), np.nan)
    distance = duration.copy()
    if known is not None:
        for target, given in zip((duration, distance), known, strict=True):
            given = np.asarray(given, dtype=float)
            if given.shape != (size, size):
                raise ValueError(f"known must be ({size}, {size}), got {given.shape}")
            target[:] = given[np.ix_(first, first)]
    np.fill_diagonal(duration, 0.0)
    np.fill_diagonal(distance, 0.0)
    for rows, columns in gaps(np.isnan(duration) | np.isnan(distance)):
        for some, others in _chunks(rows, columns, provider):
            answer = provider.table(distinct[some], distinct[others])
            block = np.ix_(some, others)
            duration[block], distance[block] = _checked(answer, provider, some, others)
    np.fill_diagonal(duration, 0.0)
    np.fill_diagonal(distance, 0.0)
    duration[duration < 0] = np.nan
    guessed = np.isnan(duration) | np.isnan(distance)
    if guessed.any():
        times, roads = estimate.table(distinct, distinct)
        duration = np.where(guessed, times, duration)
        distance = np.where(guessed, roads, distance)
    if isinstance(provider, Beeline):
        guessed = ~np.eye(len(first), dtype=bool)
    all_of = np.ix_(place, place)
    return Matrix(
        duration_s=duration[all_of],
        distance_km=distance[all_of],
        source=_source(provider, guessed),
        estimated=guessed[all_of],
        low=estimate.low if guessed.any() else 1.0,
        high=estimate.high if guessed.any() else 1.0,
    )


def gaps(missing):
    """Cover what is missing of a matrix with few rectangles.

    Rows of which nearly all is missing are asked for in full; what is left of the others
    are then few columns (places that are new: their rows, and their columns).

    :param missing: ``(m, k)`` bool.
    :return: a list of (row indices, column indices)
    """
    missing = np.array(missing, dtype=bool)
    if not missing.any():
        return []
    found = []
    share = missing.mean(axis=1)
    full = np.flatnonzero(share > 0.5)
    if full.size:
        found.append((full, np.flatnonzero(missing[full].any(axis=0))))
        missing[full] = False
    rows, columns = (np.flatnonzero(missing.any(axis=axis)) for axis in (1, 0))
    if rows.size:
        found.append((rows, columns))
    return found


def fit(beeline_km, road_km, duration_s):
    """Find circuity, speed and their range from pairs that a road engine has answered.

    Medians of ratios, which a few ferries and wrong answers do not move. Pairs without a
    road and those closer than 500 m count for nothing.

    :param beeline_km, road_km, duration_s: ``(n,)`` each.
    :raises ValueError: if fewer than ten pairs are left.
    :rtype: Fit
    """
    columns = [np.asarray(v, dtype=float) for v in (beeline_km, road_km, duration_s)]
    line, road, seconds = np.broadcast_arrays(*columns)
    good = np.isfinite(line) & np.isfinite(road) & np.isfinite(seconds)
    good &= (line >= _NEAR) & (road > 0) & (seconds > 0)
    if good.sum() < 10:
        raise ValueError(
            f"Only {int(good.sum())} of {good.size} pairs of places have a road between "
            "them that is known; at least 10 are needed."
        )
    line, road, seconds = line[good], road[good], seconds[good]
    circuity = max(float(np.median(road / line)), 1.0)
    speed = float(3600.0 / np.median(seconds / (line * circuity)))
    ratio = seconds / (line * circuity / speed * 3600.0)
    low, high = np.quantile(ratio, [0.1, 0.9])
    return Fit(
        circuity=circuity,
        speed_kmh=speed,
        low=min(float(low), 1.0),
        high=max(float(high), 1.0),
        pairs=int(good.sum()),
    )


def check_points(points):
    """Return places as a float array ``(m, 2)``.

    :raises ValueError: naming the first that is not on earth.
    """
    points = np.asarray(points, dtype=float)
    if points.size == 0:
        return points.reshape(0, 2)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"points must have shape (m, 2), got {points.shape}")
    good = (np.abs(points[:, 0]) <= 90) & (np.abs(points[:, 1]) <= 180)
    if not good.all():
        index = int(np.argmin(good))
        raise ValueError(
            f"points[{index}] is {points[index].tolist()}; give a latitude from −90 to "
            "90 and a longitude from −180 to 180."
        )
    return points


def _chunks(rows, columns, provider):
    """Parts of a rectangle that are small enough for one request."""
    places, pairs = max(provider.most_places, 2), max(provider.most_pairs, 1)
    if len(rows) + len(columns) <= places and len(rows) * len(columns) <= pairs:
        yield rows, columns
        return
    side = max(min(places // 2, int(pairs**0.5)), 1)
    tall = min(side, len(rows))
    wide = max(min(places - tall, pairs // tall, len(columns)), 1)
    if wide == len(columns):  # a narrow rectangle: more rows at once
        tall = max(min(places - wide, pairs // wide, len(rows)), 1)
    for top in range(0, len(rows), tall):
        for left in range(0, len(columns), wide):
            yield rows[top : top + tall], columns[left : left + wide]


def _checked(answer, provider, rows, columns):
    shape = len(rows), len(columns)
    checked = []
    for name, values in zip(("durations", "distances"), answer, strict=True):
        values = np.asarray(values, dtype=float)
        if values.shape != shape:
            raise ValueError(
                f"{provider.name} gave {name} of shape {values.shape}, not {shape}"
            )
        if (values < 0).any():
            raise ValueError(f"{provider.name} gave {name} below zero")
        checked.append(values)
    return checked


def _source(provider, guessed):
    if not guessed.any() or isinstance(provider, Beeline):
        return provider.name
    missing = guessed.sum() / max(guessed.size - len(guessed), 1)
    if missing > 0.999:
        return Beeline.name
    return f"{provider.name}; {Beeline.name} for {100 * missing:.0f} %"
