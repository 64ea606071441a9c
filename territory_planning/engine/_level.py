"""What an account is expected to buy if visits go on as now.

The mean of the last months is partly luck, and a plan that moves effort to whoever sold
well lately buys that luck dear (the optimiser's curse, Smith and Winkler 2006,
Management Science 52, 311–322). Three corrections: older months count too, half as much
per year; sales are brought from the visits they had to today's visits along the
account's curve; and what is left is shrunken towards accounts of its segment that are
visited as much, the more the lumpier its orders are (empirical Bayes, Efron and Morris
1975, Journal of the American Statistical Association 70, 311–319).
"""

import numpy as np

#: periods after which a month counts half
HALF_LIFE = 12
#: fewer accounts than this tell nothing about each other
_FEW = 10


def expected(sales, stock, effort_now, elasticity, segment):
    """Return expected sales at ``effort_now`` and how far they may be off.

    :returns: money per period and the standard deviation of its logarithm, ``(n,)``.

    :param sales: ``(n, t)`` without negative entries.
    :param stock: ``(n, t)`` goodwill stock behind them, visits per period.
    :param effort_now: ``(n,)``, positive.
    :param elasticity: ``(n,)``.
    :param segment: ``(n,)`` integers from 0.
    """
    size, periods = sales.shape
    if not periods or not size:
        return np.zeros(size), np.zeros(size)
    weight = 0.5 ** (np.arange(periods)[::-1] / HALF_LIFE)
    weight /= weight.sum()
    level = sales @ weight
    behind = np.maximum(stock @ weight, effort_now.min())
    noise = _noise(sales, level, weight)
    known = level > 0
    with np.errstate(divide="ignore"):
        moved = level * (effort_now / behind) ** elasticity
    doubt = np.sqrt(noise)
    if known.sum() < _FEW:
        return moved, doubt
    shrunken, doubt[known] = _shrink(
        np.log(level[known]), behind[known], noise[known], segment[known]
    )
    moved[known] *= np.exp(shrunken - np.log(level[known]))
    return moved, doubt


def _noise(sales, level, weight):
    """Variance of the logarithm of the weighted mean, ``(n,)``.

    From the scatter of the months; how much more than independent months the mean of a
    year scatters is read off from years against each other.
    """
    periods = sales.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        lumpy = sales.var(axis=1, ddof=min(1, periods - 1)) / level**2
    seen = np.isfinite(lumpy)
    usual = np.median(lumpy[seen]) if seen.any() else 0.0
    lumpy = np.where(seen, lumpy, usual)
    lumpy = (periods * lumpy + 12 * usual) / (periods + 12)
    serial = 1.0
    years = periods // 12
    if years >= 2 and seen.any():
        blocks = sales[:, periods - 12 * years :].reshape(len(sales), years, 12)
        blocks = blocks.mean(axis=2)
        # seasons and the company's growth are common: compare shares
        share = blocks / np.maximum(blocks.sum(axis=0), 1e-300) * blocks.sum() / years
        with np.errstate(divide="ignore", invalid="ignore"):
            scatter = share.var(axis=1, ddof=1) / level**2
        good = seen & np.isfinite(scatter)
        serial = np.median(scatter[good]) / max(np.median(lumpy[good]) / 12, 1e-12)
        # the median of a variance of few years lies below its mean
        serial /= {2: 0.455, 3: 0.693}.get(years, 1 - 2 / (3 * (years - 1)))
        serial = float(np.clip(serial, 1.0, 12.0))
    return np.log1p(serial * lumpy * (weight**2).sum())


def _shrink(log_level, behind, noise, segment):
    """Posterior of the log level, given accounts visited as much: mean and sd."""
    effort = np.log(behind)
    design = np.column_stack(
        [segment == number for number in np.unique(segment)] + [effort - effort.mean()]
    ).astype(float)
    # the more exactly an account is known the more it says about the others
    spread = max(np.var(log_level), 1e-4)
    for _round in range(3):
        weight = np.sqrt(1.0 / (spread + noise))
        found = np.linalg.lstsq(
            design * weight[:, None], log_level * weight, rcond=None
        )[0]
        middle = design @ found
        spread = max(np.mean((log_level - middle) ** 2 - noise), 1e-4)
    # a mean of lumpy months has a logarithm that is half its variance too low
    rest = spread * noise / (spread + noise)
    own = log_level + 0.5 * noise
    mean = (spread * own + noise * middle) / (spread + noise) + 0.5 * rest
    return mean, np.sqrt(rest)
