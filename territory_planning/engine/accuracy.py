"""How good forecasts have been, and how sure one can be of that.

The error is the sum of absolute errors over the sum of what came (Kolassa and Schütz
2007, *Foresight* 6, 40–43): zeros do no harm, and large accounts count as what they are.
Its interval is that of a ratio of sums over accounts. What anybody could have said
without knowing anything, that the month brings what such a month usually brings, is the
yardstick.
"""

from dataclasses import dataclass

import numpy as np

from . import _check
from .calibration import Z90

#: fewest accounts of which an error is told
FEWEST = 5


@dataclass(frozen=True, eq=False)
class Accuracy:
    """Of ``g`` groups, ``(g,)`` each; NaN where there are too few accounts or no sales.

    ``count``: accounts. ``error, low, high``: absolute errors as a share of sales and
    the 90 % interval of it. ``bias``: forecasts over sales, less 1; positive: too high.
    ``usual``: the error of the yardstick on the same accounts.
    """

    count: np.ndarray
    error: np.ndarray
    low: np.ndarray
    high: np.ndarray
    bias: np.ndarray
    usual: np.ndarray


def accuracy(forecast, realised, usual, *, group=None, count=None):
    """Return how near forecasts came, by group.

    :param forecast: money ``(n,)``; NaN where there was none, which is left out.
    :param realised: money ``(n,)``; negative (returns) counts as none.
    :param usual: what such a month usually brings, money ``(n,)``.
    :param group: ``(n,)`` integers, negative for none; None for one group of all.
    :param count: number of groups; the largest + 1 if None.
    :raises ValueError: naming argument, index and value.
    :rtype: Accuracy
    """
    forecast = np.atleast_1d(np.asarray(forecast, dtype=float))
    size = forecast.size
    realised = _check.vector("realised", realised, size)
    usual = _check.vector("usual", usual, size)
    _check.finite("realised", realised)
    _check.finite("usual", usual)
    group = np.zeros(size, int) if group is None else np.asarray(group, dtype=int)
    if group.shape != (size,):
        raise ValueError(f"group must have shape ({size},), got {group.shape}")
    if count is None:
        count = int(group.max(initial=-1)) + 1
    realised = np.maximum(realised, 0.0)
    given = np.isfinite(forecast) & (group >= 0)
    rows, truth = group[given], realised[given]

    def total(values):
        return np.bincount(rows, values, minlength=count)

    number, sales = np.bincount(rows, minlength=count), total(truth)
    off = np.abs(forecast[given] - truth)
    told = (number >= FEWEST) & (sales > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.where(told, total(off) / sales, np.nan)
        bias = np.where(told, total(forecast[given]) / sales - 1, np.nan)
        plain = np.where(told, total(np.abs(usual[given] - truth)) / sales, np.nan)
        rest = np.where(told[rows], off - error[rows] * truth, 0.0)
        spread = np.sqrt(total(rest**2) * number / np.maximum(number - 1, 1)) / sales
    spread = np.where(told, spread, np.nan)
    return Accuracy(
        count=number,
        error=error,
        low=np.maximum(error - Z90 * spread, 0.0),
        high=error + Z90 * spread,
        bias=bias,
        usual=plain,
    )
