"""Did forecasts of yes or no come true: ranking, accuracy, calibration.

Sources: Hanley & McNeil 1982 (Radiology 143, 29–36) for the area under the curve; Brier
1950 (Monthly Weather Review 78, 1–3).
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from .. import _check
from . import churn

__all__ = ["Backtest", "churn_backtest", "score"]


@dataclass(frozen=True, eq=False)
class Backtest:
    """Forecasts against what happened.

    ``auc``: probability that of a customer who stopped and one who did not the first
    had the higher forecast; ``brier``: mean squared error, to be compared with
    ``brier_base``, that of telling everybody the average. ``bin_forecast, bin_share,
    bin_count``: calibration curve, mean forecast and share that happened in each
    group of customers of similar forecasts.
    """

    auc: float
    brier: float
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
    rank = rankdata(forecast)[happened].sum()
    auc = (rank - yes * (yes + 1) / 2) / (yes * (count - yes))
    order = np.argsort(forecast, kind="stable")
    groups = [g for g in np.array_split(order, bins) if len(g)]
    share = yes / count
    return Backtest(
        auc=float(auc),
        brier=float(np.mean((forecast - happened) ** 2)),
        brier_base=share * (1 - share),
        count=count,
        happened=yes,
        bin_forecast=np.array([forecast[g].mean() for g in groups]),
        bin_share=np.array([happened[g].mean() for g in groups]),
        bin_count=np.array([len(g) for g in groups]),
    )


def churn_backtest(customer, day, cut, horizon):
    """Forecast at ``cut`` from the orders until then, and look at those after it.

    :param customer, day: ``(m,)`` orders, also those after the cut; see
        :func:`.churn.histories`.
    :param cut: where the past ends; the data must reach ``horizon`` days beyond.
    :param horizon: in the unit of ``day``; days for dates.
    :returns: the :class:`Backtest` and the :class:`.churn.Risk` it judges.
    :raises ValueError: where the data are too few for a forecast or end too early.
    """
    past = churn.histories(customer, day, cut)
    cut = float(churn.days(cut, "cut"))
    when = churn.days(day)
    reach = when.max(initial=-np.inf)
    if reach < cut + horizon:
        raise ValueError(
            f"day must reach {horizon:g} beyond the cut, the last is {reach - cut:g} beyond"
        )
    risk = churn.assess(past, horizon)
    if risk.model is None:
        found = risk.status[0].item() if len(risk.status) else 0
        raise ValueError(f"customer and day are too few or stale: {found}")
    inside = (when > cut) & (when <= cut + horizon)
    ordered = np.isin(past.customer, np.asarray(customer)[inside])
    return score(risk.mean, ~ordered), risk
