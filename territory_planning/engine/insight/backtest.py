"""Did forecasts of yes or no come true: ranking, accuracy, calibration.

Sources: Hanley & McNeil 1982 (Radiology 143, 29–36) for the area under the curve and its
error; Brier 1950 (Monthly Weather Review 78, 1–3).
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from .. import _check
from . import churn
from ._shares import Z, wilson
from .status import Status

__all__ = ["Backtest", "ChurnCut", "auc", "churn_backtest", "churn_cut", "score"]


@dataclass(frozen=True, eq=False)
class Backtest:
    """Forecasts against what happened.

    ``auc``: probability that of a customer who stopped and one who did not the first
    had the higher forecast; ``brier``: mean squared error, to be compared with
    ``brier_base``, that of telling everybody the average. Each with a 90 % range
    ``_low, _high``. ``bin_forecast, bin_share, bin_count``: calibration curve, mean
    forecast and share that happened in each group of customers of similar forecasts,
    the share with its range ``bin_low, bin_high``.
    """

    auc: float
    auc_low: float
    auc_high: float
    brier: float
    brier_low: float
    brier_high: float
    brier_base: float
    count: int
    happened: int
    bin_forecast: np.ndarray
    bin_share: np.ndarray
    bin_count: np.ndarray

    @property
    def calibration_error(self):
        """Mean distance of forecast and share, weighted by customers."""
        off = np.abs(self.bin_forecast - self.bin_share)
        return float(np.average(off, weights=self.bin_count))

    @property
    def bin_low(self):
        return wilson(self.bin_share, self.bin_count)[0]

    @property
    def bin_high(self):
        return wilson(self.bin_share, self.bin_count)[1]


def auc(forecast, happened):
    """Area under the curve, and its standard error after Hanley & McNeil.

    :param forecast: ``(n,)`` anything that ranks, the likelier the higher.
    :param happened: ``(n,)`` booleans, at least one of each.
    """
    yes = int(happened.sum())
    no = len(happened) - yes
    rank = rankdata(forecast)[happened].sum()
    area = float((rank - yes * (yes + 1) / 2) / (yes * no))
    one, other = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (yes - 1) * (one - area**2)
    spread += (no - 1) * (other - area**2)
    return area, float(np.sqrt(max(spread, 0.0) / (yes * no)))


def score(forecast, happened, *, bins=10):
    """Compare forecasts with what happened.

    :param forecast: ``(n,)`` probabilities.
    :param happened: ``(n,)`` booleans, at least one of each.
    :param bins: groups of equal size for the calibration curve.
    :raises ValueError: naming array, index and value; where all or none happened.
    :rtype: Backtest
    """
    happened = np.asarray(happened, dtype=bool)
    forecast = _check.vector("forecast", forecast, len(happened))
    good = (forecast >= 0) & (forecast <= 1)
    _check.require("forecast", forecast, good, "a probability")
    count, yes = len(happened), int(happened.sum())
    if yes in (0, count):
        raise ValueError(f"happened must hold both answers, got {yes} of {count} true")
    area, error = auc(forecast, happened)
    order = np.argsort(forecast, kind="stable")
    groups = [g for g in np.array_split(order, bins) if len(g)]
    share = yes / count
    off = (forecast - happened) ** 2
    brier, doubt = float(off.mean()), Z * float(off.std()) / np.sqrt(count)
    return Backtest(
        auc=area,
        auc_low=max(area - Z * error, 0.0),
        auc_high=min(area + Z * error, 1.0),
        brier=brier,
        brier_low=max(brier - doubt, 0.0),
        brier_high=min(brier + doubt, 1.0),
        brier_base=share * (1 - share),
        count=count,
        happened=yes,
        bin_forecast=np.array([forecast[g].mean() for g in groups]),
        bin_share=np.array([happened[g].mean() for g in groups]),
        bin_count=np.array([len(g) for g in groups]),
    )


@dataclass(frozen=True, eq=False)
class ChurnCut:
    """Forecasts made at one cut and what came, ``(n,)`` each.

    ``forecast``: P(no order within the horizon), NaN where ``status``, one code of
    :class:`.status.Status`, is not scored; ``stopped``: no order came; ``silence``: time
    since the last order at the cut.
    """

    status: Status
    customer: np.ndarray
    forecast: np.ndarray
    stopped: np.ndarray
    silence: np.ndarray
    risk: churn.Risk

    def among(self, longest):
        """Back-test of customers silent for no longer than this; None where all of
        them, or none, stopped.

        :returns: the :class:`Backtest`, and the AUC of the time since the last order alone.
        """
        kept = self.silence <= longest
        stopped = self.stopped[kept]
        if not stopped.any() or stopped.all():
            return None
        return score(self.forecast[kept], stopped), auc(self.silence[kept], stopped)[0]


def churn_cut(customer, day, cut, horizon, *, unit=1.0):
    """Forecast at ``cut`` from the orders until then, and look at those after it.

    :param customer, day: ``(m,)`` orders, also those after the cut; see
        :func:`.churn.histories`.
    :param cut: where the past ends; the data must reach ``horizon`` days beyond.
    :param horizon: in the unit of ``day``; days for dates.
    :param unit: how many of these the model counts time in, 7 for weeks.
    :raises ValueError: naming array, index and value.
    :rtype: ChurnCut
    """
    past = churn.histories(customer, day, cut)
    cut, when = float(churn.days(cut, "cut")), churn.days(day)
    risk = churn.assess(past.in_unit(unit), horizon / unit)
    inside = (when > cut) & (when <= cut + horizon)
    ordered = np.isin(past.customer, np.asarray(customer)[inside])
    status = Status(int(risk.status[0])) if len(risk.status) else None
    return ChurnCut(
        status=Status.TOO_FEW_CUSTOMERS if status is None else status,
        customer=past.customer,
        forecast=risk.mean,
        stopped=~ordered,
        silence=past.silence,
        risk=risk,
    )


def churn_backtest(customer, day, cut, horizon):
    """The same for all customers at once, where there is an answer.

    :returns: the :class:`Backtest` and the :class:`.churn.Risk` it judges.
    :raises ValueError: where the data are too few for a forecast or end too early.
    """
    found = churn_cut(customer, day, cut, horizon)
    reach = churn.days(day).max(initial=-np.inf) - float(churn.days(cut, "cut"))
    if reach < horizon:
        raise ValueError(
            f"day must reach {horizon:g} beyond the cut, the last is {reach:g} beyond"
        )
    if found.risk.model is None:
        raise ValueError(f"customer and day are too few or stale: {int(found.status)}")
    return score(found.forecast, found.stopped), found.risk
