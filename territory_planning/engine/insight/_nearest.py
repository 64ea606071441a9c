"""The nearest points of many at once, however many of them are the same."""

import numpy as np
from scipy.spatial import cKDTree


def nearest(points, queries, n, itself):
    """Return for each query the ``n`` nearest points ``(m, n)``, −1 where there are fewer.

    Customers of whom nothing is known are all the same point. A tree of all of them would
    be one long list, searched from end to end for each; so the tree holds each place
    once, and of those who share it the first ones are named.

    :param points, queries: ``(p, q)`` and ``(m, q)``.
    :param itself: ``(m,)`` point that a query is, and that is not its own neighbour; −1
        for none.
    """
    if not len(points) or not len(queries):
        return np.full((len(queries), n), -1)
    if not points.shape[1]:  # nothing tells them apart
        points, queries = np.zeros((len(points), 1)), np.zeros((len(queries), 1))
    places, place = np.unique(points, axis=0, return_inverse=True)
    place = place.ravel()
    members = _first_members(place, len(places), n + 1)
    asked, question = np.unique(queries, axis=0, return_inverse=True)
    tree = cKDTree(places, balanced_tree=False)
    most = min(n + 1, len(places))
    _distance, found = tree.query(asked, k=np.arange(1, most + 1))
    candidates = members[found].reshape(len(asked), -1)[question.ravel()]
    good = (candidates >= 0) & (candidates != np.asarray(itself)[:, None])
    order = np.argsort(~good, axis=1, kind="stable")[:, :n]
    chosen = np.where(
        np.take_along_axis(good, order, axis=1),
        np.take_along_axis(candidates, order, axis=1),
        -1,
    )
    short = n - chosen.shape[1]
    return np.pad(chosen, ((0, 0), (0, max(short, 0))), constant_values=-1)


def _first_members(place, places, most):
    """The first points at each place ``(places, most)``, −1 where there are fewer."""
    order = np.argsort(place, kind="stable")
    count = np.bincount(place, minlength=places)
    first = np.cumsum(count) - count
    turn = np.arange(len(order)) - np.repeat(first, count)
    few = turn < most
    members = np.full((places, most), -1)
    members[place[order[few]], turn[few]] = order[few]
    return members
