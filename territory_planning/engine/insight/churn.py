"""Who may stop ordering: the probability of no order within a horizon.

MBG/CNBD-k by maximum likelihood: customers order at their own rate, more or less regularly,
and may drop out after any order. What is shown is P(no order within H), a forecast that
time will confirm or not, as a band; not P(alive), which nobody ever observes and which
in BG/NBD makes one-time buyers the safest customers of all.

Given its history, P(no order in (T, T+H]) is the likelihood of the same orders without
another until T+H over that until T. See :mod:`._cnbd` for the model and its sources.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betainc, gammaln, hyp2f1

from .. import _check
from . import _churn_bands, _cnbd
from ._churn_data import Histories, days, histories
from .status import Status

__all__ = [
    "ChurnModel",
    "Histories",
    "Risk",
    "assess",
    "days",
    "fit",
    "histories",
    "summarise",
]

FAMILIES = ("mbg/cnbd-k", "bg/nbd")
#: fewest customers, and repeat orders of all together, for a fit to be shown
MIN_CUSTOMERS = 50
MIN_REPEATS = 100
#: the most regular ordering tried
MAX_K = 12


def summarise(customer, day, cut):
    """Return ``customer, frequency, recency, age``, one entry per customer.

    :func:`histories` says what they are and returns more of them.
    """
    found = histories(customer, day, cut)
    return found.customer, found.frequency, found.recency, found.age


def fit(frequency, recency, age, *, family="mbg/cnbd-k", k=None, log_gaps=None):
    """Fit by maximum likelihood.

    :param frequency: ``(n,)`` repeat orders.
    :param recency: ``(n,)`` time from the first to the last order, 0 without repeats.
    :param age: ``(n,)`` time from the first order to the end of the data, same unit.
    :param family: ``"mbg/cnbd-k"`` or ``"bg/nbd"``, the reference with k = 1.
    :param k: regularity; None takes that with the highest likelihood.
    :param log_gaps: ``(n,)`` sums of the logarithms of the times between orders: what
        makes k well known. Without it k rests on number and last date of the orders alone.
    :raises ValueError: naming array, index and value.
    :rtype: ChurnModel
    """
    if family not in FAMILIES:
        raise ValueError(f"family must be one of {', '.join(FAMILIES)}, got {family!r}")
    frequency, recency, age = _checked(frequency, recency, age)
    if not len(age):
        raise ValueError("frequency must have at least one customer, got none")
    if log_gaps is not None:
        log_gaps = _check.vector("log_gaps", log_gaps, len(age))
        _check.finite("log_gaps", log_gaps)
    modified = family == "mbg/cnbd-k"
    if k is not None or not modified:
        k = 1 if k is None else k
        good = isinstance(k, int | np.integer) and 1 <= k <= 100
        _check.require("k", k, good, "a whole number from 1 to 100")
        return _fit_k(int(k), modified, frequency, recency, age, log_gaps, None)
    best = None
    for candidate in range(1, MAX_K + 1):
        start = (
            None if best is None else best.theta + np.log([1, best.next_scale, 1, 1])
        )
        found = _fit_k(candidate, modified, frequency, recency, age, log_gaps, start)
        if best is not None and found.log_likelihood <= best.log_likelihood:
            break
        best = found
    return best


def _fit_k(k, modified, frequency, recency, age, log_gaps, start):
    likelihood = _cnbd.Likelihood(frequency, recency, age, k, modified)
    if start is None:
        # as if nobody dropped out: stages per time at the mean
        rate = k * (frequency.sum() + 1.0) / max(age.sum(), 1e-12)
        start = np.log([0.5, 0.5 / rate, 0.5, 1.0])
    limit = np.array([[-_cnbd.LIMIT, _cnbd.LIMIT]] * 4)
    limit[1] += start[1]  # alpha has a unit of time
    found = minimize(
        likelihood.value_and_slope,
        np.clip(start, *limit.T),
        jac=True,
        method="L-BFGS-B",
        bounds=limit,
        options={"ftol": 1e-13, "gtol": 1e-9, "maxiter": 500, "maxcor": 20},
    )
    constant = _cnbd.constant(k, frequency, recency, log_gaps).sum()
    theta = found.x
    return ChurnModel(
        family="mbg/cnbd-k" if modified else "bg/nbd",
        k=k,
        theta=theta,
        covariance=_covariance(likelihood, theta),
        log_likelihood=-found.fun * len(age) + constant,
        customers=len(age),
        repeats=int(frequency.sum()),
    )


def _covariance(likelihood, theta):
    """Inverse of the observed information, with a little added where it says nothing."""
    step, size = 1e-4, len(likelihood.age)
    hessian = np.empty((4, 4))
    for i in range(4):
        moved = np.zeros(4)
        moved[i] = step
        after = likelihood.value_and_slope(theta + moved)[1]
        before = likelihood.value_and_slope(theta - moved)[1]
        hessian[i] = (after - before) * size / (2 * step)
    values, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
    return (vectors / (np.maximum(values, 0.0) + 0.25)) @ vectors.T


def _checked(frequency, recency, age):
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
        data = _checked(frequency, recency, age)
        return _cnbd.Likelihood(*data, self.k, self.family != "bg/nbd")

    def p_alive(self, frequency, recency, age):
        """Probability of not having dropped out yet, ``(n,)``, or a number for numbers."""
        terms = self._likelihood(frequency, recency, age).terms(self.theta)
        found = 1.0 - np.exp(terms[0] - _cnbd.log_sum(terms))
        return _like(found, frequency, recency, age)

    def p_no_order(self, horizon, frequency, recency, age):
        """Probability of no order within ``horizon`` from the end of the data, ``(n,)``."""
        horizon = _horizon(horizon)
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
        horizon = _horizon(horizon)
        return _churn_bands.bands(
            likelihood, self.theta, self.covariance, horizon, coverage
        )

    def expected_orders(self, horizon, frequency, recency, age):
        """Expected number of orders within ``horizon``, ``(n,)``.

        In closed form for BG/NBD (Fader, Hardie & Lee 2005, equation 10); else the sum
        over n of the probability of at least n orders, exact to 1e-10.
        """
        horizon = _horizon(horizon)
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


def _horizon(horizon):
    good = np.isscalar(horizon) and np.isfinite(horizon) and horizon > 0
    _check.require("horizon", horizon, good, "a positive number")
    return float(horizon)


@dataclass(frozen=True, eq=False)
class Risk:
    """P(no order within the horizon) of each customer, ``(n,)`` each.

    ``low, mean, high``: NaN where no score is shown. ``mean`` is the sum of ``dropped``,
    the probability of having dropped out already, and ``silent``, that of being
    active and yet not ordering in time. ``status``: codes of
    :class:`.status.Status`. ``usual_gap, silence, orders``: what the reason is told from
    ("orders every ~31 days; last order 74 days ago; 12 orders"), recomputable from
    records. ``expected``: orders within the horizon. ``model``: None if none was fitted.
    """

    customer: np.ndarray
    low: np.ndarray
    mean: np.ndarray
    high: np.ndarray
    dropped: np.ndarray
    silent: np.ndarray
    status: np.ndarray
    expected: np.ndarray
    usual_gap: np.ndarray
    silence: np.ndarray
    orders: np.ndarray
    horizon: float
    model: ChurnModel | None


def assess(found, horizon, *, coverage=0.9):
    """Return the risk of all customers of a company.

    :param found: :class:`Histories`.
    :param horizon: how far ahead, in the unit of the histories.
    :raises ValueError: naming array, index and value.
    :rtype: Risk
    """
    horizon = _horizon(horizon)
    size = len(found.customer)
    status = Status.SCORED
    if size < MIN_CUSTOMERS:
        status = Status.TOO_FEW_CUSTOMERS
    elif found.frequency.sum() < MIN_REPEATS:
        status = Status.TOO_FEW_ORDERS
    elif found.stale:
        status = Status.STALE_DATA
    model, scores = None, np.full((6, size), np.nan)
    if status == Status.SCORED:
        data = found.frequency, found.recency, found.age
        model = fit(*data, log_gaps=found.log_gaps)
        mean = model.p_no_order(horizon, *data)
        low, high = model.band(horizon, *data, coverage=coverage)
        expected = model.expected_orders(horizon, *data)
        # rounding may put the probability of being dead already above that of silence
        dropped = np.minimum(1.0 - model.p_alive(*data), mean)
        ends = np.minimum(low, mean), mean, np.maximum(high, mean)
        scores = *ends, dropped, mean - dropped, expected
    return Risk(
        found.customer,
        *scores[:5],
        status=np.full(size, status, dtype=np.int8),
        expected=scores[5],
        usual_gap=found.usual_gap,
        silence=found.silence,
        orders=found.frequency + 1,
        horizon=horizon,
        model=model,
    )
