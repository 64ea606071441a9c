"""Prices that do not fit: product, quantity and customer explain a price, or somebody forgot.

Per pair of customer and product, the logarithm of the average price is explained by an effect
of the product, the logarithm of the usual quantity, and an effect of the customer, all
estimated so that odd prices do not count (least absolute deviations to start from, then
Tukey's biweight). What remains, in units of the usual spread around that product's price
(median absolute deviation), is the z of the pair.

A customer who pays 8 % less for everything has a *level* of −8 %: a decision, shown apart.
One odd price within that level is an outlier: usually a mistake. Where a price list or a
quantity discount is in force, its price per line is taken as ``expected``, and only
what differs from it can be odd.

Sources: Huber & Ronchetti 2009, Robust Statistics, ch. 7 for the regression; Beaton &
Tukey 1974 (Technometrics 16, 147–185) for the weights; Iglewicz & Hoaglin 1993 for
|z| > 3.5; Robinson 1991 (Statistical Science 6, 15–32) for shrinking customers' levels.
"""

from dataclasses import dataclass

import numpy as np

from .. import _check
from . import _codes
from ._churn_data import days
from ._two_way import TwoWay
from .status import Status

__all__ = ["PriceCheck", "inconsistencies"]

#: spread below which prices count as equal, so that a cent on two euros is no outlier
MIN_SPREAD = 0.01
#: quantities are believed to change prices only up to this power
MAX_SLOPE = 0.5


@dataclass(frozen=True, eq=False)
class PriceCheck:
    """One entry per pair of customer and product ``(p,)``; customers ``(c,)`` at the end.

    Pairs are in the order of their first lines, so lines of different pairs, none of
    them dropped, are answered one by one.

    ``product, customer``: keys. ``price, quantity``: average price paid and total quantity.
    ``reference``: what this customer would pay for it by everything else it pays and
    everybody else pays. It is the sum of ``base`` (everybody's price at the product's usual
    quantity), ``quantity_part`` and ``level_part``; ``reference_low, reference_high`` its
    95 % range in view of the usual spread. ``deviation``: price ÷ reference − 1. ``z``:
    deviation in units of the usual spread, NaN where no score is shown. ``leakage``: money
    lost against the reference, negative where the customer paid more. ``flag``: worth
    asking about.
    ``peers``: customers with that product; ``lines``: order lines behind the pair;
    ``status``: codes of :class:`.status.Status`.

    ``customers (c,)``: keys; ``level``: how far all their prices lie from everybody's,
    as a share; ``level_low, level_high``: its 95 % range; ``level_money``: what the
    level cost, positive if below; ``level_pairs``: pairs it rests on.

    ``dropped``: lines left out (returns, free samples, credit notes, too old or future);
    ``quantity_slope``: % of price per % of quantity.
    """

    product: np.ndarray
    customer: np.ndarray
    price: np.ndarray
    quantity: np.ndarray
    reference: np.ndarray
    base: np.ndarray
    quantity_part: np.ndarray
    level_part: np.ndarray
    reference_low: np.ndarray
    reference_high: np.ndarray
    deviation: np.ndarray
    z: np.ndarray
    leakage: np.ndarray
    flag: np.ndarray
    peers: np.ndarray
    lines: np.ndarray
    status: np.ndarray
    customers: np.ndarray
    level: np.ndarray
    level_low: np.ndarray
    level_high: np.ndarray
    level_money: np.ndarray
    level_pairs: np.ndarray
    dropped: int
    quantity_slope: float


def inconsistencies(
    product,
    customer,
    price,
    quantity,
    *,
    expected=None,
    stepped=None,
    min_peers=15,
    min_z=3.5,
    min_deviation=0.05,
    min_money=0.0,
    day=None,
    cut=None,
    window=365,
):
    """Return which prices fit neither the product, nor the quantity, nor the customer.

    Lines without price or quantity (free samples), with negative ones (returns, credit notes),
    and those outside the window are left out and counted in ``dropped``. Give
    customers merged since one key, and leave out single projects with prices of their own.

    :param product, customer: ``(m,)`` keys of each order line.
    :param price: ``(m,)`` net unit price, in one currency and unit of measure.
    :param quantity: ``(m,)`` in the product's unit.
    :param expected: ``(m,)`` unit price by the price list and quantity discount in
        force for that customer, NaN where unknown; None for all unknown.
    :param stepped: ``(m,)`` whether ``expected`` knows discounts for quantity, so that none
        is to be learned from the lines; None: wherever it is known.
    :param min_peers: fewest customers with a product for its prices to be judged.
    :param min_z, min_deviation, min_money: all three must be exceeded for a flag.
    :param day, cut: ``(m,)`` day of each line and day the data end, to take only lines of
        ``(cut − window, cut]``; None to take all lines.
    :raises ValueError: naming array, index and value.
    :rtype: PriceCheck
    """
    price = np.atleast_1d(_check.vector("price", price))
    size = len(price)
    _check.finite("price", price)
    quantity = _codes.column("quantity", quantity, size)
    _check.require("min_peers", min_peers, min_peers >= 2, "at least 2")
    for name, value in (
        ("min_z", min_z),
        ("min_deviation", min_deviation),
        ("min_money", min_money),
    ):
        _check.require(name, value, value >= 0, "zero or more")
    offset = _offset(expected, size)
    stepped = _stepped(stepped, size)
    good = (price > 0) & (quantity > 0) & (price * quantity > 0)
    if day is not None:
        good &= _inside(day, cut, window, size)
    products, row = _keyed("product", product, size)
    customers, column = _keyed("customer", customer, size)
    kept = np.flatnonzero(good)
    order = np.argsort(
        row[kept] * np.int64(len(customers)) + column[kept], kind="stable"
    )
    kept = kept[order]
    row, column, first = _pairs(row[kept], column[kept])
    price, quantity, offset = price[kept], quantity[kept], offset[kept]
    lines, total = np.diff(np.append(first, len(kept))), _sums(quantity, first)
    paid = _sums(price * quantity, first) / total
    known = np.isfinite(offset)
    offset = _fill(offset, known, np.repeat(row, lines), len(products))
    mean_offset = np.log(_sums(np.exp(offset) * quantity, first) / total)
    usual = np.log(total / lines)
    y = np.log(paid) - mean_offset
    # a quantity discount already in the expected price is not looked for again
    told = known & stepped[kept]
    share = _sums((~told).astype(float), first) / lines
    # as if the usual quantity had been bought
    number = np.maximum(np.bincount(row, minlength=len(products)), 1)
    usual = usual - (np.bincount(row, usual, minlength=len(products)) / number)[row]
    fitted = TwoWay(row, column, len(products), len(customers), y, usual * share)
    fitted.solve(max_slope=MAX_SLOPE)
    peers = np.bincount(row, minlength=len(products))[row]
    scored = peers >= min_peers
    spread = fitted.spread(MIN_SPREAD, min_peers)
    rest = fitted.rest
    reference = paid * np.exp(-rest)
    z = np.where(scored, rest / spread, np.nan)
    leakage = np.where(scored, (reference - paid) * total, np.nan)
    deviation = np.where(scored, np.expm1(rest), np.nan)
    flag = scored.copy()
    flag[scored] = np.abs(z[scored]) > min_z
    flag[scored] &= np.abs(deviation[scored]) >= min_deviation
    flag[scored] &= np.abs(leakage[scored]) > min_money
    level, sd = fitted.customer, fitted.customer_sd
    without = reference * np.exp(-level[column])
    base = without * np.exp(-fitted.slope * fitted.x)
    at_level = np.expm1(-level[column]) * reference * total
    # pairs in the order of their first lines
    back = np.argsort(kept[first], kind="stable")
    pairs = {
        "product": products[row],
        "customer": customers[column],
        "price": paid,
        "quantity": total,
        "reference": np.where(scored, reference, np.nan),
        "base": np.where(scored, base, np.nan),
        "quantity_part": np.where(scored, without - base, np.nan),
        "level_part": np.where(scored, reference - without, np.nan),
        "reference_low": np.where(scored, reference * np.exp(-1.96 * spread), np.nan),
        "reference_high": np.where(scored, reference * np.exp(1.96 * spread), np.nan),
        "deviation": deviation,
        "z": z,
        "leakage": leakage,
        "flag": flag,
        "peers": peers,
        "lines": lines,
        "status": np.where(scored, Status.SCORED, Status.TOO_FEW_PEERS).astype(np.int8),
    }
    return PriceCheck(
        **{name: values[back] for name, values in pairs.items()},
        customers=customers,
        level=np.expm1(level),
        level_low=np.expm1(level - 1.96 * sd),
        level_high=np.expm1(level + 1.96 * sd),
        level_money=np.bincount(column, at_level, minlength=len(customers)),
        level_pairs=np.bincount(column, minlength=len(customers)),
        dropped=size - int(good.sum()),
        quantity_slope=fitted.slope,
    )


def _keyed(name, keys, size):
    found, code = _codes.codes(name, keys)
    if len(code) != size:
        raise ValueError(f"{name} must have length {size}, got {len(code)}")
    return found, code


def _offset(expected, size):
    """Logarithm of the expected price, NaN where unknown."""
    if expected is None:
        return np.full(size, np.nan)
    try:
        array = np.asarray(expected, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"expected must be numbers: {error}") from error
    if array.shape != (size,):
        raise ValueError(f"expected must have shape ({size},), got {array.shape}")
    good = np.isnan(array) | ((array >= 0) & np.isfinite(array))
    _check.require("expected", array, good, "a price or NaN")
    known = array > 0  # a list price of zero is not known rather than free
    return np.where(known, np.log(np.where(known, array, 1.0)), np.nan)


def _stepped(stepped, size):
    """Whether the expected price of each line knows steps by quantity."""
    array = np.ones(size, bool) if stepped is None else np.asarray(stepped)
    if array.shape != (size,) or array.dtype != bool:
        raise ValueError(
            f"stepped must be truth values of shape ({size},), got {array.dtype} of "
            f"shape {array.shape}"
        )
    return array


def _inside(day, cut, window, size):
    if cut is None:
        raise ValueError("cut must be given together with day, got None")
    day, cut = _check.vector("day", days(day), size), float(days(cut, "cut"))
    _check.require("window", window, window > 0, "positive")
    return (day > cut - window) & (day <= cut)


def _pairs(row, column):
    """The two codes of each pair of sorted lines, and its first line."""
    fresh = np.ones(len(row), bool)
    fresh[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    first = np.flatnonzero(fresh)
    return row[first], column[first], first


def _sums(values, first):
    """Sum of the values from each ``first`` to the next."""
    if len(first) == len(values):
        return values
    return np.add.reduceat(values, first)


def _fill(offset, known, row, count):
    """Unknown expected prices as the average of the product's known ones, 0 without."""
    if known.all() or not known.any():
        return np.where(known, offset, 0.0)
    number = np.bincount(row[known], minlength=count)
    total = np.bincount(row[known], offset[known], minlength=count)
    return np.where(known, offset, (total / np.maximum(number, 1))[row])
