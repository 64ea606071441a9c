"""How far a customer's probability may be off: what it and the company left unknown.

Each draw takes parameters from their sampling distribution, then rate and dropout
probability of the customer from their posterior given its orders, and asks for the
probability of no order if these were true. All customers share the draws (a scrambled Sobol
sequence), so that order and company of customers change nothing.
"""

import numpy as np
from scipy.special import betaincinv, gammaincinv, ndtri
from scipy.stats import qmc

from ._cnbd import LIMIT, log_sum

DRAWS = 64
_CHUNK = 20_000


def bands(likelihood, theta, covariance, horizon, coverage):
    """Return the lower and upper end, ``(n,)`` each.

    :param likelihood: of the customers asked for.
    :param covariance: ``(4, 4)`` of theta.
    :param coverage: share of the draws inside, in (0, 1).
    """
    size = len(likelihood.age)
    uniform = qmc.Sobol(7, seed=20).random(DRAWS)
    uniform = np.clip(uniform, 1e-6, 1 - 1e-6)
    root = _root(covariance)
    thetas = np.clip(theta + ndtri(uniform[:, :4]) @ root.T, -LIMIT, LIMIT)
    low, high = np.empty(size), np.empty(size)
    tail = 50 * (1 - coverage)
    for begin in range(0, size, _CHUNK):
        part = slice(begin, begin + _CHUNK)
        piece = type(likelihood)(
            likelihood.frequency[part],
            likelihood.recency[part],
            likelihood.age[part],
            likelihood.k,
            likelihood.modified,
        )
        values = np.empty((DRAWS, len(piece.age)), np.float32)
        for draw in range(DRAWS):
            values[draw] = _one(piece, thetas[draw], uniform[draw, 4:], horizon)
        low[part], high[part] = np.percentile(values, [tail, 100 - tail], axis=0)
    return low, high


def _root(covariance):
    values, vectors = np.linalg.eigh(covariance)
    return vectors * np.sqrt(np.maximum(values, 0.0))


def _one(piece, theta, uniform, horizon):
    """Probability of no order for one draw of everything unknown, ``(n,)``."""
    r, alpha, a, b = np.exp(theta)
    terms = piece.terms(theta)
    share = np.exp(terms - log_sum(terms))
    # which history it was: dead (0), or alive with j stages passed (1 + j)
    kind = (np.cumsum(share, axis=0) < uniform[0]).sum(axis=0)
    kind = np.minimum(kind, piece.k)
    stage = np.maximum(kind - 1, 0)
    x = piece._values
    shapes = r + piece.k * x[:, None] + np.arange(piece.k)
    quantile = gammaincinv(shapes, uniform[1])[piece._where, stage]
    rate = quantile / (alpha + np.where(kind == 0, piece.recency, piece.age))
    drops = x if piece.modified else np.maximum(x - 1, 0)
    dropped = betaincinv(a + 1, b + drops, uniform[2])
    stayed = betaincinv(a, b + drops + 1, uniform[2])
    p = np.where(kind == 0, dropped[piece._where], stayed[piece._where])
    p = np.where(piece._once, 0.0, p)
    silence = piece.age - piece.recency
    now = _quiet(piece.k, rate * silence)
    later = _quiet(piece.k, rate * (silence + horizon))
    chance = p + (1 - p) * now
    return (p + (1 - p) * later) / np.maximum(chance, 1e-300)


def _quiet(k, load):
    """Probability that fewer than k stages pass."""
    term = np.exp(-np.minimum(load, 700.0))
    total = term.copy()
    for j in range(1, k):
        term = term * load / j
        total += term
    return total
