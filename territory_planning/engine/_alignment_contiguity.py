"""Which units are neighbours, and which of a territory hang together."""

import heapq

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, QhullError

from . import geo

#: km by which units at one and the same place are set apart
_APART = 0.002


class Graph:
    """Neighbours in compressed rows: those of i are indices[start[i]:start[i + 1]]."""

    def __init__(self, units, pairs):
        rows = np.concatenate([pairs[:, 0], pairs[:, 1]])
        columns = np.concatenate([pairs[:, 1], pairs[:, 0]])
        off = rows != columns
        ones = np.ones(off.sum(), np.int8)
        self.matrix = csr_array((ones, (rows[off], columns[off])), shape=(units, units))
        self.matrix.sum_duplicates()
        self.matrix.data[:] = 1
        self.start = self.matrix.indptr.astype(np.int64)
        self.indices = self.matrix.indices.astype(np.int64)

    def components(self, rep):
        """Label ``(n,)`` of the pieces of all territories."""
        rows = np.repeat(np.arange(len(rep)), np.diff(self.start))
        same = rep[rows] == rep[self.indices]
        ones = np.ones(same.sum(), np.int8)
        kept = csr_array(
            (ones, (rows[same], self.indices[same])), shape=self.matrix.shape
        )
        return connected_components(kept, directed=False)[1]

    def main(self, rep, weight):
        """``(n,)``: in the heaviest piece of its territory.

        :param weight: ``(n,)`` ≥ 0; with equal weights the larger piece.
        """
        piece = self.components(rep)
        total = np.bincount(piece, weights=weight)
        count = np.bincount(piece)
        owner = np.empty(len(count), rep.dtype)
        owner[piece] = rep
        order = np.lexsort((count, total, owner))
        last = np.append(owner[order][1:] != owner[order][:-1], True)
        heaviest = np.zeros(len(count), bool)
        heaviest[order[last]] = True
        return heaviest[piece]


def graph(problem):
    """Return the :class:`Graph` of a problem, None if contiguity is not asked for."""
    if not problem.contiguous:
        return None
    if problem.adjacency is not None:
        return Graph(problem.units, problem.adjacency)
    if problem.lat is None:
        raise ValueError("contiguous needs adjacency, or lat and lon of the units")
    return Graph(problem.units, delaunay(problem.lat, problem.lon))


def delaunay(lat, lon):
    """Pairs ``(e, 2)`` of units that are neighbours on the plane round their middle.

    Units at one place are set apart by metres, so that each has neighbours of its own.
    """
    turn = np.angle(np.exp(1j * np.radians(lon)).mean(), deg=True)
    east = (lon - turn + 180.0) % 360.0 - 180.0
    scale = np.pi / 180 * geo.EARTH_RADIUS_KM
    place = np.column_stack([east * np.cos(np.radians(lat.mean())), lat]) * scale
    _set_apart(place)
    size = len(place)
    if size < 4:
        return _chain(place)
    try:
        corners = Delaunay(place).simplices
    except QhullError:  # all on one line
        return _chain(place)
    pairs = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    if len(np.unique(pairs)) < size:  # a point that the hull left out
        pairs = np.concatenate([pairs, _chain(place)])
    return pairs


def _set_apart(place):
    _unique, which, count = np.unique(
        np.round(place, 4), axis=0, return_inverse=True, return_counts=True
    )
    which = which.ravel()
    if count.max(initial=1) == 1:
        return
    order = np.argsort(which, kind="stable")
    begin = np.cumsum(count) - count
    nth = np.empty(len(place))
    nth[order] = np.arange(len(place)) - np.repeat(begin, count)
    angle = nth * np.pi * (3 - np.sqrt(5))
    reach = _APART * np.sqrt(nth)
    place += reach[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])


def _chain(place):
    order = np.lexsort((place[:, 1], place[:, 0]))
    return np.column_stack([order[:-1], order[1:]])


def join(graph, rep, price, fixed):
    """Give units that are not joined to their territory to one that they touch.

    Grown from the main pieces outwards, cheapest first.

    :param price: ``(n, k)`` of each unit at each rep, infinite where not allowed.
    :param fixed: ``(n,)`` units that stay.
    :return: ``rep (n,)`` and ``loose (n,)``: units that could not be joined.
    """
    rep = rep.copy()
    placed = graph.main(rep, 1.0 + len(rep) * fixed)
    waiting = ~placed & ~fixed
    least = np.where(np.isfinite(price), price, np.inf).min(axis=1)
    start, indices = graph.start, graph.indices
    heap = []

    def offer(unit):
        for other in indices[start[unit] : start[unit + 1]]:
            if waiting[other] and np.isfinite(price[other, rep[unit]]):
                regret = price[other, rep[unit]] - least[other]
                heapq.heappush(heap, (regret, int(other), int(rep[unit])))

    touched = np.unique(np.concatenate([[0], indices[_rows(graph, waiting)]]))
    for unit in touched:
        if placed[unit]:
            offer(unit)
    while heap:
        _regret, unit, owner = heapq.heappop(heap)
        if waiting[unit]:
            waiting[unit] = False
            placed[unit] = True
            rep[unit] = owner
            offer(unit)
    return rep, ~placed


def _rows(graph, mask):
    """Positions of ``graph.indices`` in the rows of a mask."""
    return np.repeat(mask, np.diff(graph.start))
