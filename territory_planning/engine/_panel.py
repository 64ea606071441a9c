"""Sales against visits over time: a Poisson panel with two-way fixed effects.

E[sales_it] = exp(account_i + period_t + β·past_it + κ·future_it + η·present_it), where
*past* is the logarithm of the goodwill stock of earlier visits, *future* the same of
later visits (a negative control: what has not happened yet cannot sell) and *present*
this period's visits (a nuisance: orders and visits of one month chase each other).

Pseudo-likelihood: only the mean must be right, so lumpy orders and months without one
are fine. Errors are clustered by account, so they may be correlated over time.

Sources: Nerlove and Arrow 1962 (Economica 29, 129–142) for the stock; Santos Silva and
Tenreyro 2006 (Review of Economics and Statistics 88, 641–658) for the estimator;
Wooldridge 1999 (Journal of Econometrics 90, 77–97) for fixed effects and errors.
"""

from dataclasses import dataclass

import numpy as np

#: visits per period added before taking logarithms: half a visit in a year
HALF_VISIT = 0.5 / 12
_ROUNDS = 60


def settle_returns(sales):
    """Net negative months against the months before them, then after them.

    A credit note belongs to an earlier order. Totals stay as they are unless they are
    negative, which counts as no sales.

    :param sales: ``(n, t)``, oldest first.
    """
    if not sales.size or sales.min() >= 0:
        return sales
    result = sales.copy()
    periods = range(sales.shape[1])
    debt = np.zeros(sales.shape[0])
    for order in (reversed(periods), periods):
        for period in order:
            net = result[:, period] + debt
            result[:, period] = np.maximum(net, 0.0)
            debt = np.minimum(net, 0.0)
    return result


def stock(effort, carry_over, lag):
    """Goodwill stock of visits up to ``lag`` periods ago, in visits per period.

    (1−δ)·Σ_k δ^k·effort_{t−lag−k}; before the first period effort is taken to have been
    what it was on average.

    :param effort: ``(n, t)``, oldest first.
    :returns: ``(n, t)``.
    """
    result = np.empty_like(effort)
    level = effort.sum(axis=1) / max(effort.shape[1], 1)
    for period in range(effort.shape[1]):
        source = period - lag
        if source >= 0:
            level = carry_over * level + (1 - carry_over) * effort[:, source]
        result[:, period] = level
    return result


@dataclass(frozen=True, eq=False)
class PanelFit:
    """What the history says, per segment ``(s,)`` and account ``(n,)``.

    ``slope, slope_sd (s,)``: elasticity corrected for chasing and its standard error;
    ``chasing, chasing_sd (s,)``: the coefficient of future visits. ``own, own_sd
    (n,)``: the account's own corrected elasticity; infinite sd where it has none.
    ``periods (n,)``: the account's periods in the regression, 0 if its visits or sales
    do not vary.
    """

    slope: np.ndarray
    slope_sd: np.ndarray
    chasing: np.ndarray
    chasing_sd: np.ndarray
    own: np.ndarray
    own_sd: np.ndarray
    periods: np.ndarray


def fit(sales, effort, segment, carry_over, lag):
    """Fit each segment on its own; see the module for the model.

    :param sales: ``(n, t)`` without negative entries.
    :param effort: ``(n, t)``.
    :param segment: ``(n,)`` integers from 0.
    :rtype: PanelFit
    """
    count = int(segment.max(initial=-1)) + 1
    size, periods = sales.shape
    pooled = np.zeros((4, count))
    pooled[1] = pooled[3] = np.inf
    own, own_sd = np.zeros(size), np.full(size, np.inf)
    used = np.zeros(size, dtype=int)
    if periods > lag + 3:
        design = _design(effort, carry_over, lag)
        first = lag
        for number in range(count):
            rows = np.flatnonzero(segment == number)
            part = _Segment(sales[rows, first:], [x[rows, first:] for x in design])
            found = part.solve()
            if found is None:
                continue
            pooled[:, number] = found[:4]
            own[rows], own_sd[rows] = found[4:]
            moved = np.isfinite(found[5])
            used[rows] = np.where(moved, periods - first, 0)
    return PanelFit(*pooled, own, own_sd, used)


def contrast(sales, past, future, present):
    """Fit one segment with variables of one's own; see the module for the model.

    :param sales, past, future, present: ``(n, t)``.
    :returns: coefficient of past less that of future, its standard error, coefficient of
        future, its standard error; or None where the data do not say.
    """
    found = _Segment(sales, [past, future, present]).solve()
    return None if found is None else found[:4]


def _design(effort, carry_over, lag):
    """Past, future and present visits, ``(n, t)`` each."""
    past = np.log(stock(effort, carry_over, lag) + HALF_VISIT)
    future = np.log(stock(effort[:, ::-1], carry_over, lag)[:, ::-1] + HALF_VISIT)
    level = effort.mean(axis=1, keepdims=True) + HALF_VISIT
    present = np.log1p(effort / level)
    return past, future, present


class _Segment:
    """Poisson regression of one segment, accounts and periods profiled out."""

    def __init__(self, sales, design):
        good = sales.sum(axis=1) > 0
        for variable in design[:1]:
            good &= np.ptp(variable, axis=1) > 1e-9
        self.good = good
        live = sales[good].sum(axis=0) > 0
        # each account weighs by its sales; scale is immaterial to slopes
        self.sales = sales[good][:, live]
        self.design = np.array([x[good][:, live] for x in design])
        self.total = self.sales.sum(axis=1)

    def solve(self):
        """Return slope, sd, chasing, sd, own ``(n,)``, own sd ``(n,)`` or None."""
        accounts, periods = self.sales.shape
        if accounts < 2 or periods < 6:
            return None
        beta, period = np.zeros(3), np.zeros(periods)
        for _round in range(_ROUNDS):
            mean = self._mean(beta, period)
            clean = self._partial_out(mean)
            rest = self.sales - mean
            score = np.einsum("kit,it->k", clean, rest)
            weighted = clean * mean
            hessian = np.einsum("kit,lit->kl", weighted, clean)
            hessian += np.eye(3) * (1e-10 * np.trace(hessian) + 1e-300)
            step = np.linalg.solve(hessian, score)
            step *= min(1.0, 1.0 / max(np.abs(step).max(), 1e-300))
            beta = beta + step
            mean = self._mean(beta, period)
            shift = np.log(self.sales.sum(axis=0) / mean.sum(axis=0))
            period = period + shift - shift.mean()
            if np.abs(step).max() < 1e-8 and np.abs(shift).max() < 1e-8:
                break
        return self._errors(beta, period)

    def _mean(self, beta, period):
        log = np.tensordot(beta, self.design, axes=1) + period
        log -= log.max(axis=1, keepdims=True)
        share = np.exp(log)
        share *= (self.total / share.sum(axis=1))[:, None]
        return share

    def _partial_out(self, weight):
        """Residuals of the variables on both effects, by alternating projections."""
        clean = self.design.copy()
        over_time, over_accounts = weight.sum(axis=1), weight.sum(axis=0)
        for _sweep in range(30):
            mean = np.einsum("kit,it->ki", clean, weight) / over_time
            clean -= mean[:, :, None]
            mean = np.einsum("kit,it->kt", clean, weight) / over_accounts
            clean -= mean[:, None, :]
            if np.abs(mean).max() < 1e-9:
                break
        return clean

    def _errors(self, beta, period):
        accounts, periods = self.sales.shape
        mean = self._mean(beta, period)
        clean = self._partial_out(mean)
        rest = self.sales - mean
        scores = np.einsum("kit,it->ik", clean, rest)
        hessian = np.einsum("kit,lit->kl", clean * mean, clean)
        try:
            bread = np.linalg.inv(hessian)
        except np.linalg.LinAlgError:
            return None
        meat = scores.T @ scores * (accounts / max(accounts - 1, 1))
        cover = bread @ meat @ bread
        contrast = np.array([1.0, -1.0, 0.0])
        slope = contrast @ beta
        slope_sd = np.sqrt(contrast @ cover @ contrast)
        own, own_sd = self._own(mean, clean, rest, beta[0], cover[0, 0], bread[0, 0])
        size = self.good.size
        all_own, all_sd = np.zeros(size), np.full(size, np.inf)
        all_own[self.good], all_sd[self.good] = own - beta[1], own_sd
        return slope, slope_sd, beta[1], np.sqrt(cover[1, 1]), all_own, all_sd

    def _own(self, mean, clean, rest, slope, robust, plain):
        """One Newton step per account from the pooled slope, and its error."""
        accounts, periods = self.sales.shape
        past = clean[0]
        info = np.einsum("it,it->i", mean, past * past)
        level = self.total / periods
        freedom = max(periods - 2, 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            lumpy = (rest**2 / np.maximum(mean, 1e-300)).sum(axis=1) / freedom / level
            lumpy = np.where(np.isfinite(lumpy), lumpy, 0.0)
            lumpy = (freedom * lumpy + 8 * np.median(lumpy)) / (freedom + 8)
            variance = lumpy * level / info
            pooled = (info**2 * variance).sum() / info.sum() ** 2
            serial = max(1.0, robust / pooled) if pooled > 0 else 1.0
            own = slope + np.einsum("it,it->i", rest, past) / info
            # one account's own share of the clustered error, not the heterogeneity
            own_sd = np.sqrt(variance * min(serial, 3.0))
        bad = ~np.isfinite(own) | ~(own_sd > 0)
        return np.where(bad, slope, own), np.where(bad, np.inf, own_sd)
