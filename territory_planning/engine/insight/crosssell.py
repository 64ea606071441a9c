"""What customers like this one buy and it does not.

Similar are customers whose purchases are: cosine of what was bought, a thing that few buy
counting more than one that everybody does. Who bought little is compared by firmographics
as well, who bought nothing by these alone. Whether a thing suits a customer is asked of those
like it *but for that thing*: customers who buy exactly the same would else seem the most
similar, and they never buy anything more. Suggested is what the more similar ones buy; the
reason is how many of the 50 most similar do.

Sources: Sarwar, Karypis, Konstan & Riedl 2000 (ACM EC, 158–167) for neighbours by cosine;
Breese, Heckerman & Kadie 1998 (UAI, 43–52) for raising similarities to a power and for
leaving out what is to be predicted; Spärck Jones 1972 (Journal of Documentation 28, 11–21)
for the weights; Wilson 1927 (JASA 22, 209–212) for the range.
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
MAX_PEERS = 5_000
#: up to so many items the baskets are multiplied as full tables, which is faster
_FULL = 2_000
#: purchases after which what was bought says as much as who the customer is
_HALF = 3.0
#: as many average customers pull a share towards everybody's
_PRIOR = 5.0
#: share by which similarities of the alike are told apart
_LOT = 1e-4
#: entries of the table of similarities held at once
_CHUNK = 8_000_000


@dataclass(frozen=True, eq=False)
class Suggestions:
    """The ``t`` best suggestions for each of ``n`` customers, ``(n, t)``, best first.

    ``customer (n,)``: keys. ``item``: keys, meaningless where ``score`` is NaN.
    ``count``: of ``lookalikes``, the most similar customers, those who bought it;
    ``score``: the same as a share, the nearer ones counting more, drawn a little towards
    everybody's; ``low, high``: its 90 % range. ``neighbours (n, t, k)``: who the
    lookalikes are, rows of ``customer``, −1 beyond the last. ``money``: what those who
    bought it spent on it on average, NaN where no amounts were given. ``bought (n,)``:
    different things the customer buys. ``status (n,)``: codes of
    :class:`.status.Status`.
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
    :param neighbours: lookalikes asked; of more than 5,000 customers they are sought
        among 5,000 spread evenly over the keys.
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
        square = np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel()
        norm = np.sqrt(square)
        scale = np.divide(1.0, norm, out=np.zeros(len(norm)), where=norm > 0)
        # half the digits are plenty, and twice as fast
        self.unit = weighted.multiply(scale[:, None]).tocsr().astype(np.float32)
        self.full = baskets.shape[1] <= _FULL
        others = self.unit[peers]
        self.others = (
            np.ascontiguousarray(others.toarray().T) if self.full else others.T
        )
        self.peer_baskets, self.peer_spent = baskets[peers], spent[peers].tocsc()
        # Of many who are alike the lot decides, neither their order nor rounding: those
        # who bought what is asked about must be neither first nor last among them.
        lot = np.random.default_rng(0).random(len(peers))
        self.lot = (1 - _LOT * lot).astype(np.float32)
        self.lift = self._lifts(square[peers], rare)
        self.share = self.popular / max(len(keys), 1)
        if firm is not None:
            self.length = (firm**2).sum(axis=1)

    def _lifts(self, square, rare):
        """How much more similar each peer is to anybody if one of its purchases is
        left out; 0 where it bought nothing else."""
        lift = self.peer_baskets.copy()
        whole = np.repeat(square, np.diff(lift.indptr))
        rest = whole - rare[lift.indices] ** 2
        some = rest > 1e-9 * np.maximum(whole, 1e-300)
        lift.data = np.sqrt(np.divide(whole, rest, out=np.zeros(len(rest)), where=some))
        return lift.tocsc()

    def best(self, top):
        size, width = self.baskets.shape
        top = min(top, width)
        item, count, found = (np.zeros((size, top), np.int64) for _ in range(3))
        score, low, high, money = (np.full((size, top), np.nan) for _ in range(4))
        who = np.full((size, top, self.neighbours), -1)
        known = np.zeros(size, bool)
        step = max(1, _CHUNK // max(len(self.peers), width, 1))
        enough = size >= MIN_CUSTOMERS and len(self.peers) > 0
        for begin in range(0, size if enough else 0, step):
            part = slice(begin, min(begin + step, size))
            answer = self._part(part, top)
            item[part], score[part], count[part], found[part] = answer[:4]
            money[part], who[part], known[part] = answer[4:]
        if enough:
            share = np.where(np.isnan(score), 0, score)
            low, high = wilson(share, np.maximum(found, 1))
            low, high = (np.where(np.isnan(score), np.nan, end) for end in (low, high))
            status = np.where(known, Status.SCORED, Status.NO_PURCHASES)
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
        """The suggestions of some customers, ``(m, t)`` each, and who has any peer."""
        own, near = self._similar(part)
        known = (own > 1e-9).any(axis=1)
        trust = np.ones(len(own))
        if near is not None:
            known |= (near > 1e-9).any(axis=1)
            trust = self.bought[part] / (self.bought[part] + _HALF)
        rank = self._expected(own, self.lift) * trust[:, None]
        if near is not None:
            rank += self._expected(near, self.peer_baskets.tocsc()) * (
                1 - trust[:, None]
            )
        # of two equally likely the more popular first
        rank += 1e-9 * self.popular / max(self.popular.max(initial=1.0), 1.0)
        rank[self.baskets[part].toarray() > 0] = -1.0
        rank[~known] = -1.0
        order = np.argsort(-rank, axis=1, kind="stable")[:, :top]
        likely = np.take_along_axis(rank, order, axis=1) > 0
        shape = order.shape
        score, money = np.full(shape, np.nan), np.full(shape, np.nan)
        count, found = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        who = np.full((*shape, self.neighbours), -1)
        for code in np.unique(order[likely]).tolist():
            row, place = np.nonzero(likely & (order == code))
            # without what is asked about; who bought it is more similar then
            begin, end = self.lift.indptr[code : code + 2]
            buyers, lift = self.lift.indices[begin:end], self.lift.data[begin:end]
            similar = own[row]
            similar[:, buyers] *= lift.astype(np.float32)
            if near is not None:
                similar *= trust[row, None]
                similar += near[row] * (1 - trust[row, None])
            answer = self._lookalikes(code, buyers, similar)
            spot = row, place
            score[spot], count[spot], found[spot], money[spot], who[spot] = answer
        score = np.where(count > 0, score, np.nan)
        turn = np.argsort(
            np.where(np.isnan(score), np.inf, -score), axis=1, kind="stable"
        )
        columns = (
            np.take_along_axis(values, turn, axis=1)
            for values in (order, score, count, found, money)
        )
        return *columns, np.take_along_axis(who, turn[:, :, None], axis=1), known

    def _expected(self, similar, lift):
        """Share of the similar customers who bought each item, ``(m, items)``."""
        weight = _raised(np.maximum(similar, 0.0))
        bought = weight @ self.peer_baskets
        lifted = lift.copy()
        lifted.data = _raised(lifted.data)
        buyers = weight @ lifted
        total = weight.sum(axis=1)[:, None]
        prior = _PRIOR * total / max(len(self.peers), 1)
        whole = total - bought + buyers + prior
        return np.divide(
            buyers + prior * self.share,
            whole,
            out=np.zeros(buyers.shape),
            where=(whole > 0) & (buyers > 0),
        )

    def _lookalikes(self, code, buyers, similar):
        """Of each row the most similar customers, and how many of them bought an item."""
        last = similar.shape[1] - self.neighbours
        near = np.argpartition(similar, last, axis=1)[:, last:]
        weight = np.take_along_axis(similar, near, axis=1)
        real = weight > 1e-9
        weight = _raised(np.where(real, weight, 0.0))
        has = np.zeros(len(self.peers), bool)
        has[buyers] = True
        spent = np.zeros(len(self.peers))
        begin, end = self.peer_spent.indptr[code : code + 2]
        spent[self.peer_spent.indices[begin:end]] = self.peer_spent.data[begin:end]
        bought = has[near] & real
        found, count = real.sum(axis=1), bought.sum(axis=1)
        prior = _PRIOR * weight.sum(axis=1) / np.maximum(found, 1)
        score = (weight * bought).sum(axis=1) + prior * self.share[code]
        score /= np.maximum(weight.sum(axis=1) + prior, 1e-300)
        money = (spent[near] * bought).sum(axis=1) / np.maximum(count, 1)
        return score, count, found, money, np.where(real, self.peers[near], -1)

    def _similar(self, part):
        """By purchases, and by firmographics or None: ``(m, peers)``, itself at −1."""
        if self.full:
            own = self.unit[part].toarray() @ self.others
        else:
            own = (self.unit[part] @ self.others).toarray()
        near = None
        if self.firm is not None:
            near = self.length[part][:, None] + self.length[self.peers]
            near -= 2 * self.firm[part] @ self.firm[self.peers].T
            near = np.exp(-np.maximum(near, 0.0) / max(self.firm.shape[1], 1))
        rows = np.arange(part.start, part.stop)
        spot = np.minimum(np.searchsorted(self.peers, rows), len(self.peers) - 1)
        itself = np.flatnonzero(self.peers[spot] == rows)
        for similar in (own, near):
            if similar is not None:
                similar *= self.lot
                similar[itself, spot[itself]] = -1.0
        return own, near


def _raised(similar):
    """The fourth power, so that those hardly alike do not outvote the others."""
    return np.square(np.square(similar))
