"""How a month of the year differs from the average month.

Classical decomposition: sales over their centred 12-month moving average (Persons 1919,
*Review of Economics and Statistics* 1, 5–107), added up over accounts before dividing,
so that large accounts count as what they are. How far an index may be off is told by
how much accounts differ (the linearised variance of a ratio, Cochran 1977, *Sampling
Techniques*, ch. 6), and by as much it is shrunk: the company's towards no season, a
region's towards the company's (empirical Bayes, Efron and Morris 1975).
"""

from dataclasses import dataclass

import numpy as np

from . import _check

YEAR = 12
#: below two years and a month there is no month of each name with half a year around it
FEWEST = 2 * YEAR + 1


@dataclass(frozen=True, eq=False)
class Season:
    """Multiplicative indices of the months January to December, mean 1.

    ``company (12,)``, ``groups (g, 12)``; ``company_sd (12,)``: how far the company's
    may be off, one standard deviation; ``known``: whether there was enough to learn
    from, otherwise all indices are 1.
    """

    company: np.ndarray
    groups: np.ndarray
    company_sd: np.ndarray
    known: bool

    def of(self, month, group=None):
        """Index of a month, 1 to 12: of the company, or ``(n,)`` of groups ≥ 0.

        A negative group gets the company's.
        """
        company = self.company[month - 1]
        if group is None:
            return float(company)
        group = np.asarray(group, dtype=int)
        found = np.full(group.shape, company)
        inside = group >= 0
        found[inside] = self.groups[group[inside], month - 1]
        return found


def season(sales, first_month, *, group=None, count=None):
    """Return the season of a company and of groups of its accounts.

    :param sales: ``(n, t)`` money per month, oldest first; returns may be negative.
    :param first_month: calendar month, 1 to 12, of the first column.
    :param group: ``(n,)`` integers, negative for none; None for no groups.
    :param count: number of groups; the largest + 1 if None.
    :raises ValueError: naming argument, index and value.
    :rtype: Season
    """
    sales = np.asarray(sales, dtype=float)
    if sales.ndim != 2:
        raise ValueError(f"sales must have shape (n, t), got {sales.shape}")
    _check.finite("sales", sales)
    good = isinstance(first_month, int | np.integer) and 1 <= first_month <= YEAR
    _check.require("first_month", first_month, good, "a month from 1 to 12")
    size, months = sales.shape
    group = np.full(size, -1) if group is None else np.asarray(group, dtype=int)
    if group.shape != (size,):
        raise ValueError(f"group must have shape ({size},), got {group.shape}")
    if count is None:
        count = int(group.max(initial=-1)) + 1
    ones = np.ones(YEAR)
    if months < FEWEST or not size:
        return Season(ones, np.ones((count, YEAR)), np.zeros(YEAR), known=False)
    top, below = _by_month(sales, first_month)
    everybody = np.zeros(size, dtype=int)
    index, variance = _ratio(top, below, everybody, 1)
    if not np.isfinite(index).all():
        return Season(ones, np.ones((count, YEAR)), np.zeros(YEAR), known=False)
    company = _shrink(index - 1.0, variance)[0] + 1.0
    company = company / company.mean()
    groups = _groups(top, below, group, count, company)
    return Season(company, groups, np.sqrt(variance[0]), known=True)


def _by_month(sales, first_month):
    """Sales and the level around them, added up by month of the year, ``(n, 12)``."""
    weights = np.full(YEAR + 1, 1.0)
    weights[[0, -1]] = 0.5
    windows = np.lib.stride_tricks.sliding_window_view(sales, YEAR + 1, axis=1)
    level = windows @ weights / YEAR
    half = YEAR // 2
    inside = sales[:, half : half + level.shape[1]]
    month = (first_month - 1 + half + np.arange(level.shape[1])) % YEAR
    top, below = np.zeros((len(sales), YEAR)), np.zeros((len(sales), YEAR))
    np.add.at(top.T, month, inside.T)
    np.add.at(below.T, month, level.T)
    return top, below


def _ratio(top, below, group, count):
    """Ratio of sums per group and month and its variance, ``(g, 12)``; NaN for none."""
    inside = group >= 0
    rows = group[inside]
    above, under = np.zeros((count, YEAR)), np.zeros((count, YEAR))
    np.add.at(above, rows, top[inside])
    np.add.at(under, rows, below[inside])
    with np.errstate(divide="ignore", invalid="ignore"):
        index = np.where(under > 0, above / under, np.nan)
    rest = (top[inside] - index[rows] * below[inside]) ** 2
    squares, number = np.zeros((count, YEAR)), np.bincount(rows, minlength=count)
    np.add.at(squares, rows, rest)
    with np.errstate(divide="ignore", invalid="ignore"):
        small = number / np.maximum(number - 1, 1)
        variance = np.where(under > 0, squares / under**2, np.nan) * small[:, None]
    # a single account says nothing of how accounts differ
    variance[number < 2] = np.nan
    return index, variance


def _shrink(off, variance):
    """Deviations pulled towards zero by how far they may be off."""
    seen = np.isfinite(off) & np.isfinite(variance)
    if not seen.any():
        return np.zeros_like(off)
    true = max(float((off[seen] ** 2 - variance[seen]).mean()), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        trust = np.where(seen, true / (true + variance), 0.0)
    trust = np.nan_to_num(trust, nan=0.0)
    return np.where(seen, trust * np.nan_to_num(off), 0.0)


def _groups(top, below, group, count, company):
    if not count:
        return np.ones((0, YEAR))
    index, variance = _ratio(top, below, group, count)
    found = company + _shrink(index - company, variance)
    found = np.maximum(found, 0.0)
    return found / found.mean(axis=1, keepdims=True)
