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

from .. import _check
from . import _cnbd
from ._churn_data import Histories, days, histories
from ._churn_model import ChurnModel, checked, checked_horizon
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
    frequency, recency, age = checked(frequency, recency, age)
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
    horizon = checked_horizon(horizon)
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
