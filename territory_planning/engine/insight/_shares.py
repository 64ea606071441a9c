"""Shares and their ranges."""

import numpy as np

#: of a 90 % range
Z = 1.6449


def wilson(share, count):
    """90 % range of a share of ``count``, ``(low, high)``.

    Source: Wilson 1927 (JASA 22, 209–212).
    """
    share, count = np.asarray(share, float), np.maximum(np.asarray(count, float), 1.0)
    spread = Z * np.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    middle, whole = share + Z**2 / (2 * count), 1 + Z**2 / count
    return (middle - spread) / whole, (middle + spread) / whole


def ratio_of_sums(above, below, *, draws=2_000, seed=0):
    """``Σ above ÷ Σ below`` over customers, with its 90 % range by the bootstrap.

    Customers are drawn with replacement, by Poisson weights of mean one.

    :param above, below: ``(n,)`` numbers of each customer.
    :returns: ratio, low, high; NaN where ``below`` comes to nothing.
    """
    above, below = np.asarray(above, float), np.asarray(below, float)
    if not below.sum() > 0:
        return (np.nan,) * 3
    # alike customers are drawn together: as many draws as there are different pairs
    kinds, times = np.unique(
        np.column_stack([above, below]), axis=0, return_counts=True
    )
    weight = np.random.default_rng(seed).poisson(times, (draws, len(kinds)))
    top, bottom = weight @ kinds[:, 0], weight @ kinds[:, 1]
    drawn = np.divide(top, bottom, out=np.full(draws, np.inf), where=bottom > 0)
    low, high = np.quantile(drawn, [0.05, 0.95], method="higher")
    return float(above.sum() / below.sum()), float(low), float(high)
