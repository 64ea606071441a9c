"""White space as a person asks for it: where on the map is a place with too few customers.

Flagged cells near each other are one place, since a cell is flagged for its surroundings.
Counts of a place are sums over its cells alone; the range of the customers missing is that of a
Poisson rate, by Jeffreys' prior (Brown, Cai & DasGupta
2003, Statistica Sinica 13, 19–49).
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.special import gammaincinv

from .. import _check
from . import _grid

__all__ = ["Places", "cell_of", "group", "prevailing"]

#: how far apart cells of one place may be, in cells: the middle one of the surroundings
_NEAR = 3.2


@dataclass(frozen=True, eq=False)
class Places:
    """One entry per place ``(g,)``, the one where most is missing first.

    ``number (k,)``: which place each cell belongs to. ``observed, expected``: sums over its
    cells. ``missing``: expected less observed; ``missing_low, missing_high``: its 90 %
    range, given what is expected. ``main``: the cell where most is missing. ``cells``: how many.
    """

    number: np.ndarray
    observed: np.ndarray
    expected: np.ndarray
    missing: np.ndarray
    missing_low: np.ndarray
    missing_high: np.ndarray
    main: np.ndarray
    cells: np.ndarray


def group(lat, lon, observed, expected, *, cell_km):
    """Join flagged cells near each other into places.

    :param lat, lon: ``(k,)`` middles of the cells, degrees
    :param observed, expected: ``(k,)`` customers there are and the market lets expect
    :param cell_km: edge of a cell
    :raises ValueError: naming array, index and value
    :rtype: Places
    """
    lat = np.atleast_1d(_check.vector("lat", lat))
    columns = [lat]
    for name, values in (("lon", lon), ("observed", observed), ("expected", expected)):
        columns.append(np.atleast_1d(_check.vector(name, values, len(lat))))
    for name, values in zip(
        ("lat", "lon", "observed", "expected"), columns, strict=True
    ):
        _check.finite(name, values)
    lat, lon, observed, expected = columns
    size = len(lat)
    if not size:
        none, zeros = np.zeros(0, int), np.zeros(0)
        return Places(none, *[zeros] * 5, none, none)
    one, other = _grid.neighbours(lat, lon, _NEAR * cell_km)
    joined = coo_matrix((np.ones(len(one)), (one, other)), (size, size))
    count, number = connected_components(joined, directed=False)
    seen = np.bincount(number, observed, count)
    due = np.bincount(number, expected, count)
    order = np.argsort(seen - due, kind="stable")
    rank = np.empty(count, dtype=int)
    rank[order] = np.arange(count)
    number, seen, due = rank[number], seen[order], due[order]
    by_hole = np.lexsort((observed - expected, number))
    _places, first = np.unique(number[by_hole], return_index=True)
    return Places(
        number=number,
        observed=seen,
        expected=due,
        missing=due - seen,
        missing_low=due - gammaincinv(seen + 0.5, 0.95),
        missing_high=due - gammaincinv(seen + 0.5, 0.05),
        main=by_hole[first],
        cells=np.bincount(number, minlength=count),
    )


def cell_of(lat, lon, cell_lat, cell_lon, *, cell_km):
    """Which of some cells each point lies in: ``(n,)`` rows, −1 for none of them.

    :param lat, lon: ``(n,)`` degrees
    :param cell_lat, cell_lon: ``(k,)`` middles of cells as ``whitespace`` answers them
    """
    grid = _grid.Grid(float(cell_km))
    cell_lat, cell_lon, lat, lon = (
        np.asarray(values, dtype=float) for values in (cell_lat, cell_lon, lat, lon)
    )
    cells, here = grid.number(cell_lat, cell_lon), grid.number(lat, lon)
    if not len(cells):
        return np.full(len(here), -1)
    order = np.argsort(cells)
    spot = np.minimum(np.searchsorted(cells, here, sorter=order), len(cells) - 1)
    row = order[spot]
    return np.where(cells[row] == here, row, -1)


def prevailing(cell, key, weight, cells):
    """Of each cell the key with most weight in it.

    :param cell: ``(n,)`` rows from 0; points of −1 count nowhere
    :param key: ``(n,)`` whole numbers; negative ones count as no key
    :param weight: ``(n,)`` ≥ 0
    :param cells: how many cells there are
    :return: ``(cells,)`` keys, −1 where there is none
    """
    good = (cell >= 0) & (key >= 0)
    pair, place = np.unique(
        np.column_stack([cell[good], key[good]]), axis=0, return_inverse=True
    )
    total = np.bincount(place.ravel(), weight[good], minlength=len(pair))
    out = np.full(cells, -1)
    order = np.argsort(total, kind="stable")  # the heaviest is written last
    out[pair[order, 0]] = pair[order, 1]
    return out
