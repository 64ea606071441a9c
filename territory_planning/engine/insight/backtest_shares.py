"""Did the other insights hold: potential, next purchases, effect of visits.

Each is learned from what was known at a cut and looked at with what came after it, or with
customers it was not learned from.

Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 13, for the range
of a ratio.
"""

from dataclasses import dataclass

import numpy as np

from . import _codes, crosssell, potential
from ._features import named
from ._shares import Z, ratio_of_sums, wilson
from .status import Status

__all__ = [
    "Hits",
    "Share",
    "crosssell_cut",
    "effects_agree",
    "potential_next",
    "potential_unseen",
]

#: customers a cross-validation takes at most, spread evenly: what it says of more is the same
MAX_CUSTOMERS = 20_000


@dataclass(frozen=True)
class Share:
    """A share of ``count`` with its 90 % range; NaN where ``status`` is not scored."""

    status: Status
    value: float = np.nan
    low: float = np.nan
    high: float = np.nan
    count: int = 0
    happened: int = 0


def share(happened):
    """The share of true ones, which must not be none at all."""
    count, yes = len(happened), int(np.sum(happened))
    low, high = wilson(yes / count, count)
    return Share(Status.SCORED, yes / count, float(low), float(high), count, yes)


def potential_unseen(features, value, *, quantile=0.85, folds=5, seed=0, size=None):
    """Share of customers below a potential that was learned from the others.

    :param features, value: as in :func:`.potential.fit`.
    :returns: near ``quantile`` if the potential is what it says.
    :rtype: Share
    """
    columns, value = named(features), np.asarray(value, float)
    if len(value) > MAX_CUSTOMERS:
        kept = np.linspace(0, len(value) - 1, MAX_CUSTOMERS).astype(int)
        columns, value = _rows(columns, kept), value[kept]
    part = np.random.default_rng(seed).permutation(len(value)) % folds
    below = []
    for fold in range(folds):
        rest, own = np.flatnonzero(part != fold), np.flatnonzero(part == fold)
        model = potential.fit(
            _rows(columns, rest), value[rest], quantile=quantile, size=size
        )
        if model.status != Status.SCORED:
            return Share(model.status, count=len(value))
        found = model.predict(_rows(columns, own))
        below.append(np.maximum(value[own], 0.0) <= found)
    return share(np.concatenate(below))


def potential_next(features, before, after, *, quantile=0.85, size=None):
    """Share of customers whose next purchases stayed below their potential.

    :param before: ``(n,)`` purchases it is learned from.
    :param after: ``(n,)`` those of the next period of the same length.
    :rtype: Share
    """
    columns = named(features)
    model = potential.fit(columns, before, quantile=quantile, size=size)
    if model.status != Status.SCORED:
        return Share(model.status, count=len(before))
    return share(np.maximum(after, 0.0) <= model.predict(columns))


def _rows(columns, kept):
    return {name: np.asarray(column)[kept] for name, column in columns.items()}


@dataclass(frozen=True, eq=False)
class Hits:
    """What was bought for the first time after the cut, ``(n,)`` customers who did.

    ``new``: different things; ``hit``: of them, among the suggestions; ``popular``: of
    them, had as many been suggested of what most customers buy.
    """

    status: Status
    new: np.ndarray
    hit: np.ndarray
    popular: np.ndarray

    @property
    def share(self):
        """Share of first purchases that were suggested, with its range."""
        if self.status != Status.SCORED or not self.new.sum():
            status = self.status or Status.TOO_FEW_ORDERS
            return Share(status, count=int(self.new.sum()))
        found = ratio_of_sums(self.hit, self.new)
        return Share(
            Status.SCORED,
            *found,
            count=int(self.new.sum()),
            happened=int(self.hit.sum()),
        )

    @property
    def popular_share(self):
        return float(self.popular.sum() / self.new.sum()) if self.new.sum() else np.nan

    @property
    def gain(self):
        """Hits ÷ those of popularity, with low and high."""
        return ratio_of_sums(self.hit, self.popular)


def crosssell_cut(customer, item, amount, new_customer, new_item, *, top=3):
    """Suggest from purchases until a cut; look at what came after it.

    :param customer, item, amount: ``(m,)`` purchases until the cut.
    :param new_customer, new_item: ``(k,)`` purchases after it.
    :param top: suggestions that count.
    :rtype: Hits
    """
    found = crosssell.suggest(customer, item, amount=amount, top=top)
    status = Status.TOO_FEW_CUSTOMERS
    if (found.status == Status.SCORED).any():
        status = Status.SCORED
    none = np.zeros(0)
    if status != Status.SCORED or not len(new_item):
        return Hits(status, none, none, none)
    items, column = _codes.codes("item", item)
    spot = np.minimum(
        np.searchsorted(found.customer, customer), len(found.customer) - 1
    )
    has = np.zeros((len(found.customer), len(items)), bool)
    has[spot, column] = np.asarray(amount) > 0
    row, new = _known(found.customer, new_customer), _known(items, new_item)
    good = (row >= 0) & (new >= 0)
    fresh = np.zeros_like(has)
    fresh[row[good], new[good]] = True
    fresh &= ~has
    fresh &= (found.status == Status.SCORED)[:, None]
    who = np.flatnonzero(fresh.any(axis=1))
    told = np.zeros_like(has)
    rank = _known(items, found.item.ravel()).reshape(found.item.shape)
    good = ~np.isnan(found.score)
    told[np.nonzero(good)[0], rank[good]] = True
    # as many as were suggested, of what the customer does not buy by popularity
    order = np.argsort(-has.sum(axis=0), kind="stable")
    place = np.cumsum(~has[np.ix_(who, order)], axis=1)
    usual = ~has[np.ix_(who, order)] & (place <= good.sum(axis=1)[who][:, None])
    return Hits(
        status,
        fresh[who].sum(axis=1),
        (fresh & told)[who].sum(axis=1),
        (fresh[np.ix_(who, order)] & usual).sum(axis=1),
    )


def _known(keys, wanted):
    """Places of ``wanted`` among sorted ``keys``, −1 where it is not there."""
    wanted = np.asarray(wanted)
    spot = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[spot] == wanted, spot, -1)


def effects_agree(before, after):
    """Whether two independent estimates of a ratio differ by no more than chance.

    :param before, after: ``(ratio, low, high)``, 95 % intervals symmetric in logarithms.
    :returns: True or False, which of two estimates of one truth is true in 90 % of cases.
    """
    logs = [np.log(np.asarray(found, float)) for found in (before, after)]
    error = [(found[2] - found[1]) / (2 * 1.96) for found in logs]
    return bool(abs(logs[0][0] - logs[1][0]) <= Z * np.hypot(*error))
