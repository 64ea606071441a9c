"""A fitted model of ordering and stopping, and what can be asked of it."""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, gammaln, hyp2f1

from .. import _check
from . import _churn_bands, _cnbd


def checked(frequency, recency, age):
    """The three as equally long float arrays."""
    frequency = np.atleast_1d(_check.vector("frequency", frequency))
    size = len(frequency)
    recency = _check.vector("recency", recency, size)
    age = _check.vector("age", age, size)
    for name, values in (("frequency", frequency), ("recency", recency), ("age", age)):
        _check.finite(name, values)
        _check.require(name, values, values >= 0, "zero or more")
    whole = frequency == np.floor(frequency)
    _check.require("frequency", frequency, whole, "a whole number")
    _check.require("recency", recency, recency <= age, "at most age")
    fits = (frequency == 0) == (recency == 0)
    _check.require("recency", recency, fits, "positive if and only if frequency is")
    return frequency, recency, age


@dataclass(frozen=True, eq=False)
class ChurnModel:
    """A fitted model; times are in the unit it was fitted with.

    ``theta``: logarithms of r, alpha, a, b; ``covariance (4, 4)`` of them;
    ``customers, repeats``: what it was learned from.
    """

    family: str
    k: int
    theta: np.ndarray
    covariance: np.ndarray
    log_likelihood: float
    customers: int
    repeats: int

    @property
    def params(self):
        """r, alpha, a, b, as ``(4,)``."""
        return np.exp(self.theta)

    @property
    def next_scale(self):
        """What alpha is multiplied by where k grows by one."""
        return self.k / (self.k + 1)

    def _likelihood(self, frequency, recency, age):
        data = checked(frequency, recency, age)
        return _cnbd.Likelihood(*data, self.k, self.family != "bg/nbd")

    def p_alive(self, frequency, recency, age):
        """Probability of not having dropped out yet, ``(n,)``, or a number for numbers."""
        terms = self._likelihood(frequency, recency, age).terms(self.theta)
        found = 1.0 - np.exp(terms[0] - _cnbd.log_sum(terms))
        return _like(found, frequency, recency, age)

    def p_no_order(self, horizon, frequency, recency, age):
        """Probability of no order within ``horizon`` from the end of the data, ``(n,)``."""
        horizon = checked_horizon(horizon)
        likelihood = self._likelihood(frequency, recency, age)
        now = likelihood.log_likelihood(self.theta)
        later = _cnbd.Likelihood(
            likelihood.frequency,
            likelihood.recency,
            likelihood.age + horizon,
            self.k,
            likelihood.modified,
        )
        found = np.exp(np.minimum(later.log_likelihood(self.theta) - now, 0.0))
        return _like(found, frequency, recency, age)

    def band(self, horizon, frequency, recency, age, *, coverage=0.9):
        """Return lower and upper end of the customer's own P(no order), ``(n,)`` each.

        They hold the probability that one would give who knew the customer's true rate
        and readiness to drop out; see :mod:`._churn_bands`.
        """
        good = 0 < coverage < 1
        _check.require("coverage", coverage, good, "between 0 and 1")
        likelihood = self._likelihood(frequency, recency, age)
        horizon = checked_horizon(horizon)
        return _churn_bands.bands(
            likelihood, self.theta, self.covariance, horizon, coverage
        )

    def expected_orders(self, horizon, frequency, recency, age):
        """Expected number of orders within ``horizon``, ``(n,)``.

        In closed form for BG/NBD (Fader, Hardie & Lee 2005, equation 10); else the sum
        over n of the probability of at least n orders, exact to 1e-10.
        """
        horizon = checked_horizon(horizon)
        likelihood = self._likelihood(frequency, recency, age)
        simple = self.family == "bg/nbd" and self.k == 1
        orders = self._bgnbd_orders if simple else self._sum_of_orders
        return _like(orders(horizon, likelihood), frequency, recency, age)

    def _sum_of_orders(self, horizon, likelihood):
        r, alpha, a, b = self.params
        terms = likelihood.terms(self.theta)
        state = np.exp(terms[1:] - _cnbd.log_sum(terms))
        x = likelihood.frequency
        reach = horizon / (alpha + likelihood.age + horizon)
        stay = b + x + 1 if likelihood.modified else b + x
        total = np.zeros(len(x))
        active = np.arange(len(x))
        for n in range(1, 100_000):
            size = stay[active]
            survive = gammaln(size + n - 1) + gammaln(a + size)
            survive = np.exp(survive - gammaln(size) - gammaln(a + size + n - 1))
            shape = r + self.k * x[active]
            part = np.zeros(len(active))
            for j in range(self.k):
                chance = betainc(n * self.k - j, shape + j, reach[active])
                part += state[j, active] * chance
            total[active] += survive * part
            active = active[part > 1e-12]
            if not len(active):
                break
        return total

    def _bgnbd_orders(self, horizon, likelihood):
        r, alpha, a, b = self.params
        x, age = likelihood.frequency, likelihood.age
        terms = likelihood.terms(self.theta)
        alive = 1.0 - np.exp(terms[0] - _cnbd.log_sum(terms))
        a = a + 1e-9 if abs(a - 1) < 1e-9 else a
        until = alpha + age + horizon
        curve = hyp2f1(r + x, b + x, a + b + x - 1, horizon / until)
        left = ((alpha + age) / until) ** (r + x)
        return (a + b + x - 1) / (a - 1) * (1 - left * curve) * alive


def _like(found, *given):
    """A number where only numbers were given."""
    return float(found[0]) if all(np.ndim(part) == 0 for part in given) else found


def checked_horizon(horizon):
    """The horizon as a positive number."""
    good = np.isscalar(horizon) and np.isfinite(horizon) and horizon > 0
    _check.require("horizon", horizon, good, "a positive number")
    return float(horizon)
