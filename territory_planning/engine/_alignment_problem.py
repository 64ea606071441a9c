"""The validated data of an alignment."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from . import _check, geo

#: reps by units beyond which the matrix of costs would not fit an ordinary machine
_MOST_ARCS = 200_000_000


@dataclass(frozen=True, eq=False)
class Costa:
    """What a territory earns when its rep spends the hours well (Skiera & Albers 1998).

    A unit of which ``size`` is the contribution at one hour a period brings
    size·(h/(1 + travel_ratio))^elasticity for h hours, travel included. With ``hours``
    spent best over a territory, that earns hours^b·(Σ s_ij)^(1−b), where
    s_ij = (size_i·(1 + travel_ratio_ij)^(−b))^(1/(1−b)).

    :param size: ``(n,)`` money per period, ≥ 0.
    :param elasticity: b, between 0 and 1, the same for all.
    :param hours: ``(k,)`` or scalar, hours each rep has per period, ≥ 0.
    :param travel_ratio: ``(n, k)`` hours of driving per hour at the unit, ≥ 0; 0 if None.
    """

    size: np.ndarray
    elasticity: float
    hours: np.ndarray
    travel_ratio: np.ndarray | None = None

    def attraction(self, units, reps):
        """Check against the problem and return ``s (n, k)``, ``hours^b (k,)``."""
        size = _check.vector("profit.size", self.size, units)
        good = np.isfinite(size) & (size >= 0)
        _check.require("profit.size", size, good, "zero or more and finite")
        b = _check.vector("profit.elasticity", self.elasticity, None)
        good = (b > 0) & (b < 1) if b.ndim == 0 else False
        _check.require("profit.elasticity", b, good, "one number between 0 and 1")
        hours = _check.vector("profit.hours", self.hours, reps)
        good = np.isfinite(hours) & (hours >= 0)
        _check.require("profit.hours", hours, good, "zero or more and finite")
        scaled = size / max(size.max(initial=0.0), 1e-300)
        ratio = np.zeros((units, reps))
        if self.travel_ratio is not None:
            ratio = _matrix("profit.travel_ratio", self.travel_ratio, units, reps)
            good = np.isfinite(ratio) & (ratio >= 0)
            _check.require("profit.travel_ratio", ratio, good, "zero or more")
        power = 1.0 / (1.0 - float(b))
        s = (scaled[:, None] * (1.0 + ratio) ** -float(b)) ** power
        # the largest unit has attraction 1 at its door; the rest of the money is in here
        worth = hours ** float(b) * max(size.max(initial=0.0), 1e-300)
        return s, worth


@dataclass(frozen=True, eq=False)
class Problem:
    """Who may look after whom, and what it costs; ``n`` units, ``k`` reps.

    Minimised is travel_weight·Σ costᵢⱼ + disruption·Σ handover costs −
    profit_weight·Σ profits of the territories, subject to lower ≤ load ≤ upper.

    :param load: ``(n,)``, or ``(n, m)`` for several measures at once, ≥ 0.
    :param lower, upper: band of each rep's load: scalar, ``(k,)`` or ``(k, m)``. A rep
        that leaves has 0 and 0. See :func:`band`.
    :param cost: ``(n, k)`` money per period if a rep looks after a unit, infinite where it
        may not. Without it, places give it: trips·km_cost·km from the rep's home.
    :param lat, lon: ``(n,)`` places of the units, degrees; needed without ``cost``, and for
        contiguity without ``adjacency``.
    :param home_lat, home_lon: ``(k,)`` where the reps start.
    :param trips: ``(n,)`` or scalar, trips per period; ``km_cost``: money per km of
        straight distance.
    :param current: ``(n,)`` rep of each unit today, −1 for nobody; all −1 if None.
    :param handover_cost: ``(n,)`` or scalar, money lost if a unit changes hands.
    :param locked: units that stay where they are, indices or ``(n,)`` booleans.
    :param forbidden: pairs ``(p, 2)`` of unit and rep, or ``(n, k)`` booleans.
    :param contiguous: keep each territory in one piece.
    :param adjacency: pairs ``(e, 2)`` of neighbouring units; Delaunay's if None.
    :param profit: a :class:`Costa`; without it profit counts nothing.
    :param max_moves: most units that change hands; None for any number.
    :param revenue: ``(n,)`` money per period, for ``max_revenue``: the most of it that
        changes hands.
    :raises ValueError: naming argument, index and value.
    """

    load: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    cost: np.ndarray | None = None
    lat: np.ndarray | None = None
    lon: np.ndarray | None = None
    home_lat: np.ndarray | None = None
    home_lon: np.ndarray | None = None
    trips: np.ndarray | float = 1.0
    km_cost: float = 1.0
    current: np.ndarray | None = None
    handover_cost: np.ndarray | float = 0.0
    locked: np.ndarray | None = None
    forbidden: np.ndarray | None = None
    contiguous: bool = False
    adjacency: np.ndarray | None = None
    profit: Costa | None = None
    travel_weight: float = 1.0
    profit_weight: float = 1.0
    disruption: float = 1.0
    max_moves: float | None = None
    revenue: np.ndarray | None = None
    max_revenue: float | None = None
    #: largest share of a band's width or load taken for rounding
    rounding: float = field(default=1e-9, repr=False)

    def __post_init__(self):
        put = self._put
        load = _matrix("load", self.load, None, None)
        _check.require("load", load, np.isfinite(load) & (load >= 0), "zero or more")
        units = len(load)
        if not units:
            raise ValueError("load must hold one unit at least, got none")
        empty = load.sum(axis=0) <= 0
        if empty.any():
            raise ValueError(
                f"load of measure {int(np.argmax(empty))} is zero for every unit; "
                "there is nothing to balance by it"
            )
        put("load", load)
        self._places(units)
        cost = self._costs(units)
        put("cost", cost)
        reps = cost.shape[1]
        if units * reps > _MOST_ARCS:
            raise ValueError(
                f"{units} units by {reps} reps are too many at once; "
                "split the alignment by team or use areas as units"
            )
        self._bands(load, reps)
        self._today(units, reps)
        for name in ("travel_weight", "profit_weight", "disruption"):
            value = _check.vector(name, getattr(self, name))
            good = np.isfinite(value) & (value >= 0)
            _check.require(name, value, good, "zero or more and finite")
            put(name, float(value))
        self._caps(units)
        if self.adjacency is not None:
            put("adjacency", _pairs("adjacency", self.adjacency, units, units))

    def _put(self, name, value):
        object.__setattr__(self, name, value)

    def _places(self, units):
        for names, size in (
            (("lat", "lon"), units),
            (("home_lat", "home_lon"), None),
        ):
            given = [getattr(self, name) is not None for name in names]
            if any(given) and not all(given):
                raise ValueError(f"{names[0]} and {names[1]} must be given together")
            if not all(given):
                continue
            for name, most in zip(names, (90, 180), strict=True):
                value = np.atleast_1d(_check.vector(name, getattr(self, name), size))
                good = np.abs(value) <= most
                _check.require(name, value, good, f"between -{most} and {most} degrees")
                self._put(name, value)
            if len(getattr(self, names[0])) != len(getattr(self, names[1])):
                raise ValueError(f"{names[0]} and {names[1]} must be of one length")

    def _costs(self, units):
        if self.cost is not None:
            cost = _matrix("cost", self.cost, units, None)
            good = (cost >= 0) | (cost < 0) & np.isfinite(cost)
            _check.require("cost", cost, good, "a number, or infinite if not allowed")
        else:
            if self.lat is None or self.home_lat is None:
                raise ValueError("cost must be given, or places of units and reps")
            trips = _check.vector("trips", self.trips, units)
            _check.require("trips", trips, np.isfinite(trips) & (trips >= 0), "≥ 0")
            km_cost = _check.vector("km_cost", self.km_cost)
            _check.require("km_cost", km_cost, km_cost >= 0, "zero or more")
            km = geo.distance_km(
                self.lat[:, None], self.lon[:, None], self.home_lat, self.home_lon
            )
            cost = km * (trips * km_cost)[:, None]
        if not cost.shape[1]:
            raise ValueError("there must be one rep at least, got none")
        return cost

    def _bands(self, load, reps):
        for name in ("lower", "upper"):
            value = np.asarray(getattr(self, name), dtype=float)
            if value.ndim == 1:
                value = value[:, None]
            try:
                value = np.array(np.broadcast_to(value, (reps, load.shape[1])))
            except ValueError as error:
                raise ValueError(
                    f"{name} must have shape ({reps},) or ({reps}, {load.shape[1]}), "
                    f"got {value.shape}"
                ) from error
            self._put(name, value)
        lower, upper = self.lower, self.upper
        good = (lower >= 0) & np.isfinite(lower)
        _check.require("lower", lower, good, "zero or more and finite")
        _check.require("upper", upper, upper >= lower, "at least lower")
        self._put("upper", np.minimum(upper, load.sum(axis=0)).clip(min=lower))

    def _today(self, units, reps):
        current = np.full(units, -1) if self.current is None else self.current
        current = np.asarray(current)
        if current.shape != (units,):
            raise ValueError(f"current must have length {units}, got {current.shape}")
        good = (current >= -1) & (current < reps) & (current == np.floor(current))
        _check.require("current", current, good, f"a rep from 0 to {reps - 1}, or -1")
        current = current.astype(np.int64)
        self._put("current", current)
        handover = _check.vector("handover_cost", self.handover_cost, units)
        good = np.isfinite(handover) & (handover >= 0)
        _check.require("handover_cost", handover, good, "zero or more and finite")
        self._put("handover_cost", np.array(handover))
        locked = _mask("locked", self.locked, units)
        good = ~locked | (current >= 0)
        _check.require("current", current, good, "a rep, since the unit is locked")
        self._put("locked", locked)
        forbidden = np.zeros((units, reps), bool)
        if self.forbidden is not None:
            given = np.asarray(self.forbidden)
            if given.dtype == bool:
                if given.shape != (units, reps):
                    raise ValueError(
                        f"forbidden must have shape ({units}, {reps}), got {given.shape}"
                    )
                forbidden = given
            else:
                pairs = _pairs("forbidden", given, units, reps)
                forbidden[pairs[:, 0], pairs[:, 1]] = True
        self._put("forbidden", forbidden)

    def _caps(self, units):
        if self.revenue is not None:
            revenue = _check.vector("revenue", self.revenue, units)
            good = np.isfinite(revenue) & (revenue >= 0)
            _check.require("revenue", revenue, good, "zero or more and finite")
            self._put("revenue", np.array(revenue))
        elif self.max_revenue is not None:
            raise ValueError("revenue must be given with max_revenue")
        for name in ("max_moves", "max_revenue"):
            if (value := getattr(self, name)) is not None:
                value = _check.vector(name, value)
                _check.require(name, value, value >= 0, "zero or more")
                self._put(name, float(value))

    # ------------------------------------------------------------------- derived
    @property
    def units(self):
        """Number of units, n."""
        return len(self.load)

    @property
    def reps(self):
        """Number of reps, k."""
        return self.cost.shape[1]

    @cached_property
    def leaving(self):
        """``(k,)``: may look after nothing."""
        return (self.upper <= 0).all(axis=1)

    @cached_property
    def allowed(self):
        """``(n, k)``: which rep may look after a unit, locks included."""
        good = np.isfinite(self.cost) & ~self.forbidden & ~self.leaving
        rows = np.flatnonzero(self.locked)
        kept = good[rows, self.current[rows]]
        good[rows] = False
        good[rows, self.current[rows]] = kept
        return good

    @cached_property
    def relation(self):
        """``(n,)`` what a handover counts in the objective; 0 where nobody is today."""
        return np.where(self.current >= 0, self.disruption * self.handover_cost, 0.0)

    @cached_property
    def linear(self):
        """``(n, k)`` travel and handover, infinite where not allowed."""
        cost = np.where(self.allowed, self.travel_weight * _finite(self.cost), np.inf)
        cost += self.relation[:, None]
        rows = np.flatnonzero(self.current >= 0)
        cost[rows, self.current[rows]] -= self.relation[rows]
        return cost

    @cached_property
    def costa(self):
        """``s (n, k)``, profit_weight·hours^b ``(k,)`` and 1 − b; None without profit."""
        if self.profit is None:
            return None
        s, worth = self.profit.attraction(self.units, self.reps)
        return s, self.profit_weight * worth, 1.0 - float(self.profit.elasticity)

    @cached_property
    def amount(self):
        """``(n, 2)`` what a handover takes of the two caps; 0 where nobody is today."""
        amount = np.zeros((self.units, 2))
        amount[:, 0] = self.current >= 0
        if self.revenue is not None:
            amount[:, 1] = np.where(self.current >= 0, self.revenue, 0.0)
        return amount

    @cached_property
    def cap(self):
        """``(2,)`` most units and most revenue that change hands, infinite for any."""
        caps = (self.max_moves, self.max_revenue)
        return np.array([np.inf if cap is None else cap for cap in caps])

    @cached_property
    def slack(self):
        """``(k, m)`` by how much a band may be passed and it is still rounding."""
        return self.rounding * np.maximum(self.load.sum(axis=0), 1e-300) / self.reps

    def moved(self, rep):
        """``(n,)``: in other hands than today."""
        return (self.current >= 0) & (rep != self.current)

    def totals(self, rep):
        """Load of each rep, ``(k, m)``."""
        return np.stack(
            [
                np.bincount(rep, weights=column, minlength=self.reps)
                for column in self.load.T
            ],
            axis=1,
        )

    def parts(self, rep):
        """Travel, relation and profit of a plan, each weighted, money per period."""
        rows = np.arange(self.units)
        travel = self.travel_weight * float(self.cost[rows, rep].sum())
        relation = float(self.relation[self.moved(rep)].sum())
        earned = 0.0
        if self.costa:
            s, worth, power = self.costa
            sums = np.bincount(rep, weights=s[rows, rep], minlength=self.reps)
            earned = float((worth * sums**power).sum())
        return travel, relation, earned

    def excess(self, rep):
        """By how much bands ``(k, m)`` (below < 0) and caps ``(2,)`` are passed."""
        totals = self.totals(rep)
        over = np.maximum(totals - self.upper, 0) - np.maximum(self.lower - totals, 0)
        over[np.abs(over) <= self.slack] = 0.0
        used = self.amount[self.moved(rep)].sum(axis=0)
        most = self.cap * (1 + self.rounding)
        return over, np.where(used > most, used - self.cap, 0.0)


def band(load, reps, tolerance, share=None):
    """Return ``lower, upper`` around each rep's fair share of the load.

    :param load: ``(n,)`` or ``(n, m)``; ``reps``: their number.
    :param tolerance: 0.05 for within 5 %.
    :param share: ``(k,)`` weights, such as hours; equal if None, 0 for who leaves.
    """
    load = _matrix("load", load, None, None)
    weight = _check.vector("share", 1.0 if share is None else share, reps)
    good = np.isfinite(weight) & (weight >= 0)
    _check.require("share", weight, good, "zero or more and finite")
    if weight.sum() <= 0:
        raise ValueError("share must be positive for one rep at least, got zeros")
    _check.require("tolerance", tolerance, tolerance >= 0, "zero or more")
    fair = (weight / weight.sum())[:, None] * load.sum(axis=0)
    return np.maximum(1.0 - tolerance, 0.0) * fair, (1.0 + tolerance) * fair


def index(measures, weights):
    """One measure of several: each as a share of its total, weighted; sums to n.

    :param measures: ``(n, m)``; ``weights``: ``(m,)`` ≥ 0, not all zero.
    """
    measures = _matrix("measures", measures, None, None)
    weights = _check.vector("weights", weights, measures.shape[1])
    _check.require("weights", weights, weights >= 0, "zero or more")
    total = measures.sum(axis=0)
    weights = np.where(total > 0, weights, 0.0)
    if weights.sum() <= 0:
        raise ValueError("weights must be positive for a measure that is not all zero")
    return (
        len(measures)
        * (measures / np.where(total > 0, total, 1))
        @ (weights / weights.sum())
    )


def _finite(cost):
    return np.where(np.isfinite(cost), cost, 0.0)


def _matrix(name, values, rows, columns):
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers: {error}") from error
    if array.ndim == 1:
        array = array[:, None]
    wanted = (rows or len(array), columns or (array.shape[1] if array.ndim == 2 else 0))
    if array.ndim != 2 or array.shape != wanted:
        raise ValueError(f"{name} must have shape {wanted}, got {array.shape}")
    return array


def _mask(name, values, size):
    if values is None:
        return np.zeros(size, bool)
    values = np.asarray(values)
    if values.dtype == bool:
        if values.shape != (size,):
            raise ValueError(f"{name} must have length {size}, got {values.shape}")
        return values
    mask = np.zeros(size, bool)
    if values.size:
        good = (values >= 0) & (values < size) & (values == np.floor(values))
        _check.require(name, values, good, f"a unit from 0 to {size - 1}")
        mask[values.astype(int)] = True
    return mask


def _pairs(name, values, first, second):
    pairs = np.asarray(values)
    if not pairs.size:
        return np.zeros((0, 2), int)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ValueError(f"{name} must have shape (p, 2), got {pairs.shape}")
    most = np.array([first, second])
    good = (pairs >= 0) & (pairs < most) & (pairs == np.floor(pairs))
    _check.require(name, pairs, good, f"from 0 to {first - 1} and {second - 1}")
    return pairs.astype(int)
