"""What customers like this one buy and it does not.

Lookalikes are the customers whose purchases are most similar: cosine of what was bought, a
thing that few buy counting more than one that everybody does. Who bought little is compared
by firmographics as well, who bought nothing by these alone. Suggested is what most of the 50
nearest bought, the nearer ones counting more; the reason is how many of them did.

Sources: Sarwar, Karypis, Konstan & Riedl 2000 (ACM EC, 158–167) for neighbours by cosine;
Spärck Jones 1972 (Journal of Documentation 28, 11–21) for the weights; Wilson 1927 (JASA 22,
209–212) for the range.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from .. import _check
from . import _codes, _features
from ._shares import wilson
from .status import Status

__all__ = ["Suggestions", "suggest"]

MIN_CUSTOMERS = 50
#: customers among whom lookalikes are sought; of more, evenly many are taken, so that time
#: grows with the customers and not with their square
MAX_PEERS = 10_000
#: up to so many items the baskets are multiplied as full tables, which is faster
_FULL = 2_000
#: purchases after which what was bought says as much as who the customer is
_HALF = 3.0
#: entries of the table of similarities held at once
_CHUNK = 8_000_000


@dataclass(frozen=True, eq=False)
class Suggestions:
    """The ``t`` best suggestions for each of ``n`` customers, ``(n, t)``, best first.

    ``customer (n,)``: keys. ``item``: keys, meaningless where ``score`` is NaN.
    ``score``: share of the lookalikes who bought it, the nearer ones counting more;
    ``low, high``: 90 % range of the share. ``count``: lookalikes who bought it, of
    ``lookalikes (n,)``; ``neighbours (n, k)``: who they are, rows of ``customer``, −1
    beyond the last. ``money``: what those who bought it spent on it on average, NaN
    where no amounts were given. ``bought (n,)``: different things the customer buys.
    ``status (n,)``: codes of :class:`.status.Status`.
    """

    customer: np.ndarray
    item: np.ndarray
    score: np.ndarray
    low: np.ndarray
    high: np.ndarray
    count: np.ndarray
    money: np.ndarray
    lookalikes: np.ndarray
    neighbours: np.ndarray
    bought: np.ndarray
    status: np.ndarray


def suggest(
    customer,
    item,
    *,
    amount=None,
    customers=None,
    features=None,
    neighbours=50,
    top=10,
):
    """Suggest what each customer might buy next.

    :param customer, item: ``(m,)`` keys of order lines; items are product categories or
        products.
    :param amount: ``(m,)`` money of each line; those that are not positive (returns, free
        samples) are no purchases. None: all lines are.
    :param customers: ``(n,)`` different keys to suggest for, who need not have bought
        anything if there are features; None for all who bought.
    :param features: of ``customers``, as in :func:`.potential.fit`; None for none.
    :param neighbours: lookalikes asked; of more than 10,000 customers they are sought
        among 10,000 spread evenly over the keys.
    :param top: most suggestions per customer.
    :raises ValueError: naming array, index and value.
    :rtype: Suggestions
    """
    _check.require("neighbours", neighbours, neighbours >= 1, "at least 1")
    _check.require("top", top, top >= 1, "at least 1")
    if features is not None and customers is None:
        raise ValueError("customers must be given together with features, got None")
    keys, row = _codes.codes("customer", customer)
    items, column = _codes.codes("item", item)
    if len(row) != len(column):
        raise ValueError(f"item must have length {len(row)}, got {len(column)}")
    if amount is None:
        money, good = np.full(len(row), np.nan), np.ones(len(row), bool)
    else:
        money = _codes.column("amount", amount, len(row))
        good = money > 0
    if customers is not None:
        keys, row = _asked(np.asarray(customers), keys, row)
        good &= row >= 0
    shape = len(keys), len(items)
    baskets = csr_matrix((np.ones(good.sum()), (row[good], column[good])), shape)
    baskets.data[:] = 1.0  # bought or not, however often
    spent = csr_matrix((money[good], (row[good], column[good])), shape)
    firm = None if features is None else _features.learn(features).matrix(features)[0]
    if firm is not None and len(firm) != len(keys):
        raise ValueError(f"features must have length {len(keys)}, got {len(firm)}")
    return _Search(keys, items, baskets, spent, firm, neighbours).best(int(top))


def _asked(customers, keys, row):
    """Rows by the customers asked for; −1 for lines of others."""
    wanted, number = _codes.codes("customers", customers)
    if len(wanted) != len(number):
        twice = np.bincount(number)[number] > 1
        _check.require("customers", customers, ~twice, "each named once")
    if not len(wanted) or not len(keys):
        return customers, np.full(len(row), -1)
    where = np.empty(len(wanted), dtype=np.int64)
    where[number] = np.arange(len(number))
    spot = np.minimum(np.searchsorted(wanted, keys), len(wanted) - 1)
    known = wanted[spot] == keys
    return customers, np.where(known, where[spot], -1)[row]


class _Search:
    """Lookalikes of all customers, some at a time."""

    def __init__(self, keys, items, baskets, spent, firm, neighbours):
        self.keys, self.items, self.firm = keys, items, firm
        self.baskets, self.spent = baskets, spent
        self.popular = np.asarray(baskets.sum(axis=0)).ravel()
        self.bought = np.asarray(baskets.sum(axis=1)).ravel()
        peers = np.flatnonzero(self.bought)  # who bought nothing recommends nothing
        if len(peers) > MAX_PEERS:
            peers = peers[np.linspace(0, len(peers) - 1, MAX_PEERS).astype(int)]
        self.peers = peers
        self.neighbours = int(min(neighbours, max(len(peers) - 1, 1)))
        rare = np.log((len(keys) + 1) / (self.popular + 1))
        weighted = baskets.multiply(rare).tocsr()
        norm = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        scale = np.divide(1.0, norm, out=np.zeros(len(norm)), where=norm > 0)
        self.unit = weighted.multiply(scale[:, None]).tocsr()
        self.full = baskets.shape[1] <= _FULL
        others = self.unit[peers]
        self.others = (
            np.ascontiguousarray(others.toarray().T) if self.full else others.T
        )
        self.peer_baskets, self.peer_spent = baskets[peers], spent[peers]
        if firm is not None:
            self.length = (firm**2).sum(axis=1)

    def best(self, top):
        size, width = self.baskets.shape
        top = min(top, width)
        item, count = (np.zeros((size, top), np.int64) for _ in range(2))
        score, low, high, money = (np.full((size, top), np.nan) for _ in range(4))
        found = np.zeros(size, np.int64)
        who = np.full((size, self.neighbours), -1)
        step = max(1, _CHUNK // max(len(self.peers), width, 1))
        enough = size >= MIN_CUSTOMERS and len(self.peers) > 0
        for begin in range(0, size if enough else 0, step):
            part = slice(begin, min(begin + step, size))
            answer = self._part(part, top)
            item[part], count[part], score[part], money[part] = answer[:4]
            found[part], who[part] = answer[4:]
        if enough:
            share = np.where(np.isnan(score), 0, score)
            low, high = wilson(share, np.maximum(found, 1)[:, None])
            low, high = (np.where(np.isnan(score), np.nan, end) for end in (low, high))
            status = np.where(found > 0, Status.SCORED, Status.NO_PURCHASES)
        else:
            few = size < MIN_CUSTOMERS
            status = Status.TOO_FEW_CUSTOMERS if few else Status.NO_PURCHASES
            status = np.full(size, status)
        return Suggestions(
            customer=self.keys,
            item=self.items[item] if width else item,
            score=score,
            low=low,
            high=high,
            count=count,
            money=money,
            lookalikes=found,
            neighbours=who,
            bought=self.bought.astype(int),
            status=status.astype(np.int8),
        )

    def _part(self, part, top):
        similar = self._similar(part)
        rows = np.arange(part.start, part.stop)
        spot = np.minimum(np.searchsorted(self.peers, rows), len(self.peers) - 1)
        itself = np.flatnonzero(self.peers[spot] == rows)
        similar[itself, spot[itself]] = -1.0
        last = similar.shape[1] - self.neighbours
        near = np.argpartition(similar, last, axis=1)[:, last:]
        weight = np.take_along_axis(similar, near, axis=1)
        real = weight > 1e-9
        found = real.sum(axis=1)
        weight = np.where(real, weight, 0.0)
        table = self._table(near, weight, similar.shape)
        who = self._table(near, real.astype(float), similar.shape)
        score = (table @ self.peer_baskets).toarray()
        score /= np.maximum(weight.sum(axis=1), 1e-12)[:, None]
        count = (who @ self.peer_baskets).toarray()
        spent = (who @ self.peer_spent).toarray()
        # of two equally often bought the more popular first
        rank = score + 1e-9 * self.popular / max(self.popular.max(initial=1.0), 1.0)
        rank[self.baskets[part].toarray() > 0] = -1.0
        rank[count == 0] = -1.0
        order = np.argsort(-rank, axis=1, kind="stable")[:, :top]
        good = np.take_along_axis(rank, order, axis=1) > 0
        count = np.take_along_axis(count, order, axis=1)
        score = np.where(good, np.take_along_axis(score, order, axis=1), np.nan)
        spent = np.take_along_axis(spent, order, axis=1)
        money = np.where(good, spent / np.maximum(count, 1), np.nan)
        who_near = np.where(real, self.peers[near], -1)
        return order, np.where(good, count, 0), score, money, found, who_near

    def _similar(self, part):
        if self.full:
            own = self.unit[part].toarray() @ self.others
        else:
            own = (self.unit[part] @ self.others).toarray()
        if self.firm is None:
            return own
        near = self.length[part][:, None] + self.length[self.peers]
        near -= 2 * self.firm[part] @ self.firm[self.peers].T
        near = np.exp(-np.maximum(near, 0.0) / max(self.firm.shape[1], 1))
        known = self.bought[part] / (self.bought[part] + _HALF)
        return known[:, None] * own + (1 - known)[:, None] * near

    def _table(self, near, weight, shape):
        start = np.arange(0, near.size + 1, near.shape[1])
        return csr_matrix((weight.ravel(), near.ravel(), start), shape=shape)
