"""Where customers are missing: those there are against those the market lets expect.

The market (companies, inhabitants, known prospects with a weight each) spread over a grid
says how many of the customers each cell should hold. Cells of few are drawn towards their
surroundings (empirical Bayes), so that one missing customer in a village makes no hole in the
map. A cell is flagged when it and its neighbours, at one of three distances, together hold
fewer or more than chance allows, at a rate of false discoveries of 0.1 % over the whole map.

Sources: Clayton & Kaldor 1987 (Biometrics 43, 671–681) and Marshall 1991 (Applied Statistics
40, 283–294) for the ratio; Getis & Ord 1992, Ord & Getis 1995 (Geographical Analysis 24,
189–206; 27, 286–306) for Gi*; Benjamini & Hochberg 1995 (JRSS B 57, 289–300). Gi* is only
asymptotically normal and cells hold few customers, so the p-value of the same sum over the
neighbourhood is exact: it is binomial given the number of customers.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr, bdtrc, gammaincinv

from .. import _check
from . import _codes, _grid
from .status import Status

__all__ = ["WhiteSpace", "excess"]

#: fewest customers for the map to say anything
MIN_CUSTOMERS = 500
#: share of false ones among the flags
FALSE_DISCOVERIES = 0.001
#: how far neighbours reach, in cells: small deep holes and wide shallow ones
REACHES = 1.6, 3.2, 5.0


@dataclass(frozen=True, eq=False)
class WhiteSpace:
    """One entry per cell with a market, ``(k,)``; all empty where nothing can be said.

    ``lat, lon``: middle of the cell. ``observed, expected``: customers there are, and
    would be if each part of the market had its share. ``ratio``: observed ÷ expected, drawn
    towards that of the neighbourhood where little is expected; ``ratio_low,
    ratio_high``: its 90 % range.
    ``missing``: expected less observed, negative where there are more; ``money``: that
    times a customer's value, NaN if not given. ``gi``: Getis-Ord Gi* of the residual.
    ``near_observed, near_expected``: customers of the cell and its neighbours within
    ``near_km``, what the flag is told from. ``p_value``: chance of a neighbourhood so far
    off, either way, at the distance where it is least, times the distances tried.
    ``flag``: more off than chance explains. ``market``: weight of the market there.

    ``status``: code of :class:`.status.Status`; ``customers``: those counted; ``outside``:
    those in cells without a market, left out.
    """

    lat: np.ndarray
    lon: np.ndarray
    observed: np.ndarray
    expected: np.ndarray
    ratio: np.ndarray
    ratio_low: np.ndarray
    ratio_high: np.ndarray
    missing: np.ndarray
    money: np.ndarray
    gi: np.ndarray
    near_observed: np.ndarray
    near_expected: np.ndarray
    near_km: np.ndarray
    p_value: np.ndarray
    flag: np.ndarray
    market: np.ndarray
    status: Status
    customers: int
    outside: int

    @property
    def enough(self):
        """Whether there were enough data for an answer."""
        return self.status == Status.SCORED

    @property
    def white(self):
        """Flagged cells where customers are missing, ``(k,)`` booleans."""
        return self.flag & (self.near_observed < self.near_expected)


def excess(
    lat,
    lon,
    market_lat,
    market_lon,
    market_weight,
    *,
    cell_km=10,
    customer_value=None,
    min_customers=MIN_CUSTOMERS,
):
    """Compare where customers are with where the market is.

    Leave out customers without a place, and give those merged since once.

    :param lat, lon: ``(n,)`` customers, degrees.
    :param market_lat, market_lon: ``(m,)`` places of the market.
    :param market_weight: ``(m,)`` how much of it each holds, ≥ 0, or one number for all.
    :param cell_km: edge of a cell.
    :param customer_value: what a customer brings in a period, for ``money``.
    :param min_customers: below, nothing is said.
    :raises ValueError: naming array, index and value.
    :rtype: WhiteSpace
    """
    lat, lon = _places("lat", lat, "lon", lon)
    where = _places("market_lat", market_lat, "market_lon", market_lon)
    weight = _codes.column("market_weight", market_weight, len(where[0]))
    _check.require("market_weight", weight, weight >= 0, "zero or more")
    good = np.isfinite(cell_km) and 0.01 <= cell_km <= 1000
    _check.require("cell_km", cell_km, good, "between 0.01 and 1,000 km")
    value = np.nan if customer_value is None else float(customer_value)
    # so little of the market that it cannot be told from none
    weight = np.where(weight > 1e-12 * weight.max(initial=0.0), weight, 0.0)
    if not weight.sum() > 0:
        return _nothing(Status.NO_MARKET, 0, len(lat))
    grid = _grid.Grid(float(cell_km))
    own, here = grid.number(lat, lon), grid.number(*where)
    cells = np.unique(here[weight > 0])
    market = np.bincount(
        np.searchsorted(cells, here[weight > 0]), weight[weight > 0], len(cells)
    )
    spot = np.minimum(np.searchsorted(cells, own), len(cells) - 1)
    covered = cells[spot] == own
    observed = np.bincount(spot[covered], minlength=len(cells))
    total = int(observed.sum())
    if total < min_customers:
        return _nothing(Status.TOO_FEW_CUSTOMERS, total, int((~covered).sum()))
    if len(cells) < 2:
        return _nothing(Status.NO_MARKET, total, int((~covered).sum()))
    share = market / market.sum()
    expected = total * share
    centre = grid.centre(cells)
    near = _Near(centre, observed, share, total, cell_km)
    ratio, low, high = _shrunken(
        observed, expected, near.first, total * near.first_share
    )
    return WhiteSpace(
        *centre,
        observed,
        expected,
        *(ratio, low, high),
        missing=expected - observed,
        money=(expected - observed) * value,
        gi=near.gi,
        near_observed=near.observed,
        near_expected=near.expected,
        near_km=near.km,
        p_value=near.p_value,
        # a cell is not what its wider surroundings are if it differs from them itself
        flag=_discoveries(near.p_value)
        & ((near.observed < near.expected) == (ratio < 1))
        & ((near.observed < near.expected) == (near.gi < 0)),
        market=market,
        status=Status.SCORED,
        customers=total,
        outside=int((~covered).sum()),
    )


def _places(lat_name, lat, lon_name, lon):
    lat = np.atleast_1d(_check.vector(lat_name, lat))
    lon = _codes.column(lon_name, lon, len(lat))
    _check.finite(lat_name, lat)
    _check.require(lat_name, lat, np.abs(lat) <= 90, "a latitude")
    _check.require(lon_name, lon, np.abs(lon) <= 180, "a longitude")
    return lat, lon


def _nothing(status, customers, outside):
    none = np.zeros(0)
    return WhiteSpace(*[none] * 14, none.astype(bool), none, status, customers, outside)


class _Near:
    """Each cell's neighbourhood at the distance where it is farthest from chance."""

    def __init__(self, centre, observed, share, total, cell_km):
        size = len(observed)
        self.p_value = np.full(size, np.inf)
        self.observed, self.expected, self.km, self.gi = np.zeros((4, size))
        residual = (observed - total * share) / np.sqrt(total * share)
        for number, reach in enumerate(REACHES):
            pairs = _grid.neighbours(*centre, reach * cell_km)
            count = _around(observed, pairs)
            part = np.minimum(_around(share, pairs), 1.0)
            if number == 0:
                self.first, self.first_share = count, part
            p_value = _two_sided(count, total, part)
            better = p_value < self.p_value
            self.p_value[better] = p_value[better]
            self.observed[better] = count[better]
            self.expected[better] = total * part[better]
            self.km[better] = reach * cell_km
            self.gi[better] = _getis_ord(residual, pairs)[better]
        self.p_value = np.minimum(self.p_value * len(REACHES), 1.0)


def _around(values, pairs):
    """Sum over each cell and its neighbours."""
    one, other = pairs
    size = len(values)
    total = values.astype(float)
    total = total + np.bincount(one, values[other], minlength=size)
    return total + np.bincount(other, values[one], minlength=size)


def _getis_ord(residual, pairs):
    """Gi* with weight 1 for the cell and each neighbour, Ord & Getis 1995 eq. 5."""
    size = len(residual)
    count = _around(np.ones(size), pairs)
    spread = residual.std() or 1.0
    variance = (size * count - count**2) / max(size - 1, 1)
    total = _around(residual, pairs) - residual.mean() * count
    return total / (spread * np.sqrt(np.maximum(variance, 1e-9)))


def _two_sided(count, total, share):
    """Exact binomial p-value: twice the smaller tail."""
    below = bdtr(count, total, share)
    above = np.where(count > 0, bdtrc(np.maximum(count - 1, 0), total, share), 1.0)
    return np.minimum(2 * np.minimum(below, above), 1.0)


def _shrunken(observed, expected, near_observed, near_expected):
    """Ratio and its 90 % range.

    Each cell is drawn towards its neighbourhood, and that towards 1, by a Gamma prior
    whose variance is estimated by moments.
    """
    near = _prior(near_observed, near_expected)
    centre = (near_observed + near) / (near_expected + near)
    own = _prior(observed, expected * centre)
    shape, rate = observed + own * centre, expected + own
    return (
        shape / rate,
        gammaincinv(shape, 0.05) / rate,
        gammaincinv(shape, 0.95) / rate,
    )


def _prior(observed, expected):
    """How many expected customers the prior is worth."""
    raw = observed / expected
    variance = np.sum(expected * (raw - 1) ** 2) / expected.sum()
    between = variance - len(expected) / expected.sum()
    # nothing is ever known to be exactly average
    return 1.0 / max(between, 1e-3)


def _discoveries(p_value):
    """Benjamini and Hochberg's choice."""
    order = np.argsort(p_value)
    limit = FALSE_DISCOVERIES * np.arange(1, len(p_value) + 1) / len(p_value)
    good = np.flatnonzero(p_value[order] <= limit)
    flag = np.zeros(len(p_value), bool)
    if len(good):
        flag[order[: good[-1] + 1]] = True
    return flag
