"""One account's response, to be looked at: curve, interval, evidence, worth of an hour.

What a plan used, drawn: the posterior of :mod:`.calibration` around today's point, and
the history it was estimated from, added up to what an eye can compare. Nothing is fitted
here.
"""

from dataclasses import dataclass

import numpy as np

from . import _check, _panel, calibration

__all__ = [
    "CurveBand",
    "best_effort",
    "curve_band",
    "evidence",
    "forgone",
    "value_of_next_hour",
]


@dataclass(frozen=True, eq=False)
class CurveBand:
    """Sales expected at each effort with a 90 % interval, money per period, ``(n, k)``."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


def curve_band(effort, *, sales, effort_now, elasticity, sd, level_sd=0.0):
    """Return the response curves of accounts with their uncertainty.

    Means and standard deviations of the posterior (:func:`.calibration.factor`): that
    of the elasticity by the delta method and that of the unknown shape. At today's
    effort the interval has no width: it is about the *change* that visits make.

    :param effort: ``(n, k)`` or ``(k,)`` visits per period, ≥ 0.
    :param sales: expected at today's effort, ≥ 0, money per period, ``(n,)``.
    :param effort_now: today's visits per period, positive, ``(n,)``.
    :param elasticity, sd: of sales with respect to visits, ``(n,)``.
    :param level_sd: how far ``sales`` may be off, as a share of it, ``(n,)``; scales what
        is gained or lost and nothing at today's effort.
    :raises ValueError: naming argument, index and value.
    :rtype: CurveBand
    """
    sales = np.atleast_1d(_check.vector("sales", sales))
    size = sales.size
    now, elasticity, sd = _posterior(size, effort_now, elasticity, sd)
    _check.finite("sales", sales)
    _check.require("sales", sales, sales >= 0, "zero or more")
    effort = np.asarray(effort, dtype=float)
    if effort.ndim not in (1, 2) or (effort.ndim == 2 and len(effort) != size):
        raise ValueError(f"effort must have shape ({size}, k), got {effort.shape}")
    _check.finite("effort", effort)
    _check.require("effort", effort, effort >= 0, "zero or more")
    mean, slope, shape, twist = calibration.factor(
        effort, now[:, None], elasticity[:, None], sd[:, None]
    )
    error = np.hypot(np.hypot(slope, twist) * sd[:, None], shape)
    level_sd = _check.vector("level_sd", level_sd, size)[:, None]
    error = np.hypot(error, (mean - 1.0) * level_sd)
    spread = calibration.Z90 * error
    level = sales[:, None]
    return CurveBand(
        level * mean, level * np.maximum(mean - spread, 0.0), level * (mean + spread)
    )


def evidence(sales, effort, *, carry_over, length=3):
    """Return what was sold at which effort, block by block of the history.

    A visit works for months, so the effort behind a block is the goodwill stock the
    calibration regresses on (visits per period), not the visits made in it. Returns are
    netted against the months before them, as there.

    :param sales: ``(n, t)`` money per period, oldest first.
    :param effort: ``(n, t)`` visits per period.
    :param carry_over: share of goodwill left after a period, in [0, 1).
    :param length: periods of a block; an incomplete first block is left out.
    :returns: mean effort and mean sales, ``(n, t // length)`` each, oldest first.
    :raises ValueError: naming array, row and value.
    """
    sales, effort = np.asarray(sales, float), np.asarray(effort, float)
    if sales.ndim != 2 or sales.shape != effort.shape:
        raise ValueError(
            f"sales {sales.shape} and effort {effort.shape} must have one shape (n, t)"
        )
    _check.finite("sales", sales)
    _check.finite("effort", effort)
    _check.require("effort", effort, effort >= 0, "zero or more")
    good = 0 <= carry_over < 1
    _check.require("carry_over", carry_over, good, "at least 0 and below 1")
    _check.require("length", length, length >= 1, "at least 1")
    size, periods = sales.shape
    blocks = periods // int(length)
    start = periods - blocks * int(length)

    def mean(values):
        return values[:, start:].reshape(size, blocks, int(length)).mean(axis=2)

    return mean(_panel.stock(effort, carry_over, 0)), mean(_panel.settle_returns(sales))


def value_of_next_hour(*, sales, effort_now, elasticity, margin_rate, hours_per_visit):
    """Return the contribution of one more hour at today's effort, ``(n,)``.

    m·S·β/(t·x): the slope of the power function at today's point, as in a plan.

    :param sales: expected at today's effort, money per period, ``(n,)``.
    :param margin_rate: contribution per unit of sales, ``(n,)``.
    :param hours_per_visit: positive, ``(n,)``.
    :raises ValueError: naming argument, index and value.
    """
    sales = np.atleast_1d(_check.vector("sales", sales))
    now, elasticity, _sd = _posterior(sales.size, effort_now, elasticity, 0.0)
    margin = _check.vector("margin_rate", margin_rate, sales.size)
    hours = _check.vector("hours_per_visit", hours_per_visit, sales.size)
    for name, values in (("sales", sales), ("margin_rate", margin)):
        _check.finite(name, values)
    good = (hours > 0) & np.isfinite(hours)
    _check.require("hours_per_visit", hours, good, "positive and finite")
    return margin * sales * elasticity / (hours * now)


def best_effort(value, price, *, effort_now, elasticity, lower, upper):
    """Return the visits at which an hour is worth ``price``, within bounds, ``(n,)``.

    x = x₀·(v/λ)^(1/(1−β)) on the power function, v being the worth of the next hour at
    today's effort x₀. Where hours cost nothing, the upper bound; where they bring
    nothing, the lower one.

    :param value: worth of the next hour at today's effort, money per hour, ``(n,)``.
    :param price: what an hour brings elsewhere, ≥ 0, ``(n,)``.
    :param lower, upper: visits per period, ``(n,)``.
    :raises ValueError: naming argument, index and value.
    """
    value = np.atleast_1d(_check.vector("value", value))
    now, elasticity, _sd = _posterior(value.size, effort_now, elasticity, 0.0)
    price = _check.vector("price", price, value.size)
    _check.finite("value", value)
    _check.require("price", price, price >= 0, "zero or more")
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        goal = now * (np.maximum(value, 0.0) / price) ** (1.0 / (1.0 - elasticity))
    goal = np.where(value <= 0, 0.0, np.where(price > 0, goal, np.inf))
    return np.clip(goal, lower, upper)


def forgone(effort, best, *, value, price, effort_now, elasticity):
    """Return what ``effort`` gives up against ``best``, as a share of the best.

    Contribution less hours at what they bring elsewhere, on the power function through
    today's point: v·x₀/β·(x/x₀)^β − λ·x per hour of a visit, the measure of a plan's
    flat zones (``_month_flat``).

    :param effort, best: visits per period, ≥ 0, ``(n,)``.
    :param value: worth of the next hour at today's effort, money per hour, ``(n,)``.
    :param price: what an hour brings elsewhere, ≥ 0, ``(n,)``.
    :raises ValueError: naming argument, index and value.
    :returns: ``(n,)``, 0 where the best earns nothing.
    """
    value = np.atleast_1d(_check.vector("value", value))
    now, elasticity, _sd = _posterior(value.size, effort_now, elasticity, 0.0)
    _check.require("elasticity", elasticity, elasticity > 0, "above 0")
    price = _check.vector("price", price, value.size)
    worth = []
    for name, visits in (("effort", effort), ("best", best)):
        visits = _check.vector(name, visits, value.size)
        _check.require(name, visits, visits >= 0, "zero or more")
        sold = value * now / elasticity * (visits / now) ** elasticity
        worth.append(sold - price * visits)
    here, most = worth
    lost = np.maximum(most - here, 0.0)
    return np.divide(lost, most, out=np.zeros_like(most), where=most > 0)


def _posterior(size, effort_now, elasticity, sd):
    now = _check.vector("effort_now", effort_now, size)
    elasticity = _check.vector("elasticity", elasticity, size)
    sd = _check.vector("sd", sd, size)
    good = (now > 0) & np.isfinite(now)
    _check.require("effort_now", now, good, "positive and finite")
    good = (elasticity >= 0) & (elasticity < 1)
    _check.require("elasticity", elasticity, good, "at least 0 and below 1")
    good = (sd >= 0) & np.isfinite(sd)
    _check.require("sd", sd, good, "zero or more and finite")
    return now, elasticity, sd
