"""Likelihood of condensed negative binomial models with dropout after purchases.

A customer's orders while active are ``k`` stages of a Poisson process apart (Erlang-k
gaps: the larger k, the more regular), rate λ ~ Gamma(r, alpha); after an order it drops
out with probability p ~ Beta(a, b). *Modified* models allow this after the first order
too, so that one-time buyers need not be immortal.

With x repeat orders, the last at t, observed until T, and m = x (modified) or x − 1:

    dead     a·Γ(b+m)/Γ(a+b+m+1)·Γ(r+kx)/(alpha+t)^(r+kx)
    alive_j  (b+m)·Γ(b+m)/Γ(a+b+m+1)·Γ(r+kx+j)/(alpha+T)^(r+kx+j)·(T−t)^j/j!

for j = 0 … k−1 stages passed since the last order, all times alpha^r/Γ(r)·Γ(a+b)/Γ(b).

Sources: Fader, Hardie & Lee 2005 (Marketing Science 24, 275–284) for k = 1; Batislam,
Denizel & Filiztekin 2007 (International Journal of Research in Marketing 24, 201–209) for
the modified one; Platzer & Reutterer 2016 (Marketing Science 35, 779–799) and
Reutterer, Platzer & Schröder 2021 (ibid. 38, 194–215) for regular gaps.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

#: logarithms of parameters stay within this; beyond it nothing changes any more
LIMIT = 12.0
_NEVER = -1e300


@dataclass(frozen=True, eq=False)
class Likelihood:
    """Data of one fit; all methods are functions of theta = log(r, alpha, a, b).

    ``frequency (n,)`` whole numbers; ``recency, age (n,)`` in one unit of time.
    """

    frequency: np.ndarray
    recency: np.ndarray
    age: np.ndarray
    k: int
    modified: bool

    def __post_init__(self):
        x = self.frequency.astype(np.int64)
        values, where = np.unique(x, return_inverse=True)
        silence = np.log(np.maximum(self.age - self.recency, 1e-300))
        steps = np.arange(self.k)[:, None]
        # what does not depend on theta, computed once
        stages = steps * silence - gammaln(steps + 1.0)
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_where", where)
        object.__setattr__(self, "_stages", stages)
        object.__setattr__(self, "_once", (not self.modified) & (x == 0))

    def terms(self, theta):
        """Logarithms of dead and alive, ``(1 + k, n)``, without common factors of k."""
        r, alpha, a, b = np.exp(theta)
        x = self._values
        drops = x if self.modified else np.maximum(x - 1, 0)
        beta = gammaln(b + drops) - gammaln(a + b + drops + 1) - gammaln(b)
        beta += gammaln(a + b)
        shape = r + self.k * x
        power = r * theta[1] - gammaln(r)
        alive = beta + np.log(b + drops) + power
        dead = beta + theta[2] + power + gammaln(shape)
        if not self.modified:
            alive = np.where(x == 0, power, alive)
        result = np.empty((self.k + 1, len(self.age)))
        own = shape[self._where]
        result[0] = dead[self._where] - own * np.log(alpha + self.recency)
        after = np.log(alpha + self.age)
        for j in range(self.k):
            row = (alive + gammaln(shape + j))[self._where]
            result[j + 1] = row + self._stages[j] - (own + j) * after
        result[0, self._once] = _NEVER
        return result

    def log_likelihood(self, theta):
        """Per customer, ``(n,)``."""
        return log_sum(self.terms(theta))

    def value_and_slope(self, theta):
        """Minus the log-likelihood per customer, and its gradient ``(4,)``."""
        terms = self.terms(theta)
        top = terms.max(axis=0)
        weight = np.exp(terms - top)
        total = weight.sum(axis=0)
        weight /= total
        value = (top + np.log(total)).sum()
        r, alpha, a, b = np.exp(theta)
        x = self._values
        drops = x if self.modified else np.maximum(x - 1, 0)
        shape = r + self.k * x
        own = shape[self._where]
        count = len(self.age)
        # by the distinct frequencies: how many, and how many of them alive in stage j
        size = np.bincount(self._where, minlength=len(x))
        group = [np.bincount(self._where, w, minlength=len(x)) for w in weight]
        rate = count * (theta[1] - digamma(r))
        rate += sum(
            g @ digamma(shape + j)
            for g, j in zip(group[1:], range(self.k), strict=True)
        )
        rate += group[0] @ digamma(shape)
        stage = np.arange(self.k) @ weight[1:]
        alive = 1.0 - weight[0]
        rate -= weight[0] @ np.log(alpha + self.recency)
        rate -= alive @ np.log(alpha + self.age)
        scale = count * r / alpha - (weight[0] * own / (alpha + self.recency)).sum()
        scale -= ((alive * own + stage) / (alpha + self.age)).sum()
        living = size - group[0]
        real = size if self.modified else np.where(x == 0, 0, size)
        common = digamma(a + b) - digamma(a + b + drops + 1)
        drop = real @ common + group[0].sum() / a
        stay = real @ (common + digamma(b + drops) - digamma(b))
        stay += np.where(real > 0, living / (b + drops), 0.0).sum()
        slope = np.array([rate, scale, drop, stay]) * np.exp(theta)
        return -value / count, -slope / count


def log_sum(terms):
    """log Σ exp over the first axis."""
    top = terms.max(axis=0)
    return top + np.log(np.exp(terms - top).sum(axis=0))


def constant(k, frequency, recency, log_gaps):
    """What the likelihood of k needs to be comparable with that of k = 1, ``(n,)``.

    With the logarithms of the gaps it is that of all order dates, without only that of
    number and last date, which says less about regularity.
    """
    if k == 1:
        return np.zeros(len(frequency))
    if log_gaps is not None:
        return (k - 1) * log_gaps - frequency * gammaln(k)
    some = frequency > 0
    x = np.where(some, frequency, 1)
    result = (k - 1) * x * np.log(np.where(some & (recency > 0), recency, 1.0))
    return np.where(some, result + gammaln(x) - gammaln(k * x), 0.0)
