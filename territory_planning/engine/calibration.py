"""Where a response curve comes from: history, judgement, prior.

The three are combined by precision and the result says what it rests on. Visits
follow expected demand, so a naive regression promises too much; what is published here
is shrunken, damped and comes with an interval.
"""

from dataclasses import dataclass, field

import numpy as np

from . import _check, _judgement, _learnt, _level, _panel, response
from ._judgement import (
    FAR,
    FittedAdbudg,
    fit_adbudg,
    from_judgement,
    judged_elasticity,
    rebase_judgement,
)

__all__ = [
    "FAR",
    "Calibration",
    "FittedAdbudg",
    "Gain",
    "GainParts",
    "Prior",
    "calibrate",
    "factor",
    "fit_adbudg",
    "from_judgement",
    "judge",
    "judged_elasticity",
    "prospects",
    "rebase_judgement",
]

#: standard normal quantile of a two-sided 90 % interval
Z90 = 1.6448536269514722
#: periods that make "now"
RECENT = 12
#: visits per period that an account not visited in them counts as
HALF_VISIT = _panel.HALF_VISIT
ORIGINS = ("prior only", "history", "judgement", "mixed")
LEARNT = "learnt"
#: belief in the power function; the rest goes to a curve that levels off
POWER_SHARE = 0.5
#: logarithm of effort over today's beyond which nothing is distinguished
_FARTHEST = 6.0
#: fewer accounts than this say nothing about how accounts differ
_FEW = 10
#: what a source must weigh in an account's mean to be named as its origin
_NAMED = 0.1
#: elasticities between which a power function has an optimum to speak of
_POSSIBLE = (0.01, 0.95)


@dataclass(frozen=True)
class Prior:
    """What is known before looking: elasticity ~ N(``mean``, ``sd``²).

    Default: Albers, Mantrala and Sridhar 2010 (Journal of Marketing Research 47,
    840–853), mean corrected for publication and method. ``shared``: the share of the
    variance that all accounts of a company have in common. ``bias_sd``: how far a
    regression on one's own history may be off even with endless data, since who was
    visited when was nobody's experiment. ``judge_sd``: the error of one judgement,
    half its variance common to all.
    """

    mean: float = 0.31
    sd: float = 0.10
    shared: float = 0.6
    bias_sd: float = 0.08
    judge_sd: float = 0.12

    def __post_init__(self):
        for name in ("mean", "sd", "shared", "bias_sd", "judge_sd"):
            _check.finite(f"prior.{name}", np.asarray(getattr(self, name)))
        _check.require("prior.mean", self.mean, 0 < self.mean < 1, "between 0 and 1")
        _check.require("prior.sd", self.sd, self.sd > 0, "positive")
        good = 0 < self.shared <= 1
        _check.require("prior.shared", self.shared, good, "above 0 and at most 1")
        for name in ("bias_sd", "judge_sd"):
            value = getattr(self, name)
            _check.require(f"prior.{name}", value, value >= 0, "zero or more")


@dataclass(frozen=True, eq=False)
class Gain:
    """Contribution against going on as now, money per period, 90 % interval.

    ``mean, low, high``: per account ``(n,)`` or per group ``(g,)``.
    """

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, eq=False)
class GainParts:
    """Mean gain of each account and what its standard deviation consists of.

    ``mean``; ``common``: moved by the elasticity that all accounts share, ``shape``: by
    the unknown shape of the curves, and ``twist``: by both together, since one shape
    answers to an error of the elasticity more than the other; these three are signed
    and uncorrelated, and each adds up over accounts. ``alone``: the account's own, which
    averages out. ``(n,)`` each.
    """

    mean: np.ndarray
    common: np.ndarray
    alone: np.ndarray
    shape: np.ndarray
    twist: np.ndarray

    def spread(self, total=None):
        """Return the standard deviation of the gain of each account or of sums of it.

        :param total: a function that adds ``(n,)`` up by parts; None for each account.
        """
        total = total or (lambda values: values)
        shared = (total(self.common), total(self.shape), total(self.twist))
        return np.sqrt(sum(part**2 for part in shared) + total(self.alone**2))

    def __sub__(self, other):
        """Return the parts of the difference of two gains of the same accounts."""
        names = ("mean", "common", "alone", "shape", "twist")
        return GainParts(
            **{name: getattr(self, name) - getattr(other, name) for name in names}
        )


@dataclass(frozen=True, eq=False)
class Calibration:
    """Response of ``n`` accounts around today, with its uncertainty.

    ``elasticity, sd (n,)``: posterior of the percentage by which sales change with one
    per cent more visits. ``sd_common (n,)``: the part of ``sd`` that moves all accounts
    together, which does not average out in totals. ``origin (n,)``: one of ``prior
    only``, ``history``, ``judgement``, ``mixed``, ``learnt`` (closed months, whatever
    else took part but judgement); the prior always takes part.
    ``sample_size (n,)``: the account's own periods that entered the regression; 0 where
    its sales are nil or its visits never varied, then its segment spoke for it.
    ``sales_now, effort_now (n,)``: mean of the last 12 periods, money and visits per
    period; an account not visited in them counts as half a visit per 12 periods and
    ``never_visited (n,)`` says so. ``lower, upper (n,)``: visits per period between
    which the curve may be believed. ``chasing (s,)``: how much visits followed demand,
    per segment of those present, which has been taken off. ``sales_expected (n,)``:
    what ``effort_now`` is expected to bring, money per period, the luck of the last
    months taken out, 0 where they brought nothing; what plans and gains rest on.
    ``unjudged, unjudged_sd (n,)``: elasticity and its sd before the reps' answers were
    added (:func:`judge` adds them).
    ``level_sd (n,)``: how far it may be off, as a share of it, one standard deviation.
    ``curves``: power functions through today's point (``effort_now``, ``sales_now``);
    ``planning_curves``: the same through (``effort_now``, ``sales_expected``).
    """

    elasticity: np.ndarray
    sd: np.ndarray
    sd_common: np.ndarray
    origin: np.ndarray
    sample_size: np.ndarray
    sales_now: np.ndarray
    effort_now: np.ndarray
    never_visited: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    chasing: np.ndarray
    sales_expected: np.ndarray
    unjudged: np.ndarray
    unjudged_sd: np.ndarray
    level_sd: np.ndarray
    curves: response.Curves = field(init=False)
    planning_curves: response.Curves = field(init=False)

    def __post_init__(self):
        unit = self.effort_now**-self.elasticity
        for name, sales in (
            ("curves", self.sales_now),
            ("planning_curves", self.sales_expected),
        ):
            curves = response.power(np.zeros_like(unit), sales * unit, self.elasticity)
            object.__setattr__(self, name, curves)

    def __len__(self):
        return len(self.elasticity)

    def factor(self, effort):
        """Expected sales at ``effort`` over sales expected now, and its uncertainty.

        See :func:`factor`.

        :param effort: ``(n,)`` visits per period.
        :returns: mean, its derivative with respect to the elasticity, the standard
            deviation due to the shape (signed), and that of the derivative (signed),
            ``(n,)`` each.
        """
        effort = _check.vector("effort", effort, len(self))
        _check.require("effort", effort, effort >= 0, "zero or more")
        return factor(effort, self.effort_now, self.elasticity, self.sd)

    def band(self, effort):
        """Return expected sales at ``effort`` with their 90 % interval.

        What may be off: the elasticity, the shape, and the level of sales today. An
        account without sales has none: zeros, which say nothing about visits to it.

        :param effort: ``(n,)`` visits per period, or a scalar.
        :returns: mean, low and high, money per period, ``(n,)`` each.
        """
        mean, slope, shape, twist = self.factor(effort)
        error = np.hypot(np.hypot(slope, twist) * self.sd, shape)
        error = Z90 * np.hypot(error, mean * self.level_sd)
        return tuple(
            self.sales_expected * np.maximum(value, 0.0)
            for value in (mean, mean - error, mean + error)
        )

    def gain(self, effort, margin, *, group=None, count=None, reference=None):
        """Return what moving to ``effort`` brings against going on as now.

        Means of the posterior (:meth:`factor`), intervals by the delta method: what all
        accounts share adds up, what is each account's own averages out.

        :param effort: ``(n,)`` visits per period.
        :param margin: contribution per unit of sales, ``(n,)`` or scalar.
        :param group: ``(n,)`` integers to add up by; negative ones are left out.
        :param count: number of groups; the largest index + 1 if None.
        :param reference: ``(n,)`` effort to compare with instead of ``effort_now``.
        :raises ValueError: naming argument, index and value.
        :rtype: Gain
        """
        margin = _check.vector("margin", margin, len(self))
        _check.finite("margin", margin)
        parts = self.gain_parts(effort, margin, reference=reference)
        if group is None:
            spread = Z90 * parts.spread()
            return Gain(parts.mean, parts.mean - spread, parts.mean + spread)
        group = np.asarray(group, dtype=int)
        inside = group >= 0
        if count is None:
            count = int(group.max(initial=-1)) + 1

        def total(values):
            return np.bincount(group[inside], values[inside], minlength=count)

        mean = total(parts.mean)
        spread = Z90 * parts.spread(total)
        return Gain(mean, mean - spread, mean + spread)

    def gain_parts(self, effort, margin, *, reference=None):
        """Mean gain and the parts of its standard deviation, ``(n,)`` each.

        See :meth:`gain` for the arguments, which are not checked here.

        :rtype: GainParts
        """
        worth = margin * self.sales_expected
        here = self.factor(effort)
        base = (1.0, 0.0, 0.0, 0.0) if reference is None else self.factor(reference)
        mean, slope, shape, twist = (
            value - before for value, before in zip(here, base, strict=True)
        )
        single = np.sqrt(np.maximum(self.sd**2 - self.sd_common**2, 0.0))
        alone = np.hypot(np.hypot(slope, twist) * single, mean * self.level_sd)
        return GainParts(
            mean=worth * mean,
            common=worth * slope * self.sd_common,
            alone=worth * np.copysign(alone, slope),
            shape=worth * shape,
            twist=worth * twist * self.sd_common,
        )


def factor(effort, effort_now, elasticity, sd):
    """Return expected sales at ``effort`` over those at ``effort_now``.

    Two shapes have the same elasticity today, and no history tells them apart: a
    power function, which goes on rising, and the curve 1 + 2β·tanh(½·ln r), an
    ADBUDG of shape 1 half way today, which levels off as judged curves do. The mean
    weighs them :data:`POWER_SHARE` to the rest; the elasticity being normal, the
    power function's mean is that of a lognormal.

    :param effort: visits per period, ≥ 0; any shape the others broadcast to.
    :param effort_now: visits per period, positive.
    :param elasticity: posterior mean of β, ``sd`` its standard deviation.
    :returns: mean, its derivative with respect to the elasticity, the standard deviation
        due to the shape (signed), and that of the derivative (signed), each of the
        broadcast shape.
    """
    with np.errstate(divide="ignore"):
        log = np.log(effort / effort_now)
    # a power function without any visit has no sales; nobody believes it that far
    log = np.maximum(log, -_FARTHEST)
    power = np.exp(elasticity * log)
    bend = 2.0 * np.tanh(0.5 * log)
    level = np.maximum(1.0 + elasticity * bend, 0.0)
    rest = 1.0 - POWER_SHARE
    mean = POWER_SHARE * power * np.exp(0.5 * (sd * log) ** 2) + rest * level
    slope = POWER_SHARE * power * log + rest * bend
    mixed = np.sqrt(POWER_SHARE * rest)
    return mean, slope, (power - level) * mixed, (power * log - bend) * mixed


def calibrate(
    sales,
    effort,
    *,
    segment=None,
    judgement=None,
    learnt=None,
    prior=None,
    carry_over=0.75,
    lag=1,
    damping=(1 / 3, 3),
):
    """Return the response of each account around today.

    History: a Poisson panel with account and period effects on the lagged goodwill
    stock of visits (see ``_panel``); the coefficient of *future* visits, which cannot
    sell, measures how far visits chase demand and is taken off. Slopes are pooled by
    segment, accounts shrunk towards their segment by empirical Bayes. Judgement: the
    elasticity of the judged curve at today's effort. Prior: :class:`Prior`. Combined by
    precision, with a floor under the variance of history.

    Negative periods (returns) are netted against the periods before them.

    :param sales: ``(n, t)`` money per period, oldest first.
    :param effort: ``(n, t)`` visits per period, oldest first.
    :param segment: ``(n,)`` integers ≥ 0, accounts that respond alike; None for one.
    :param judgement: ``(n, 5)`` answers relative to now = 1 at no / half / today's /
        half as many again / as many visits as you can, or ``(j, n, 5)`` of several
        judges; NaN where there is none.
    :param learnt: pair of mean and sd of the elasticity, ``(n,)`` each, as closed months
        tell them (``learning``); NaN where they do not; None for none.
    :param prior: a :class:`Prior`; None for the published one.
    :param carry_over: share of goodwill left after a period, in [0, 1).
    :param lag: periods until a visit may count, ≥ 1.
    :param damping: effort is believed from the first to the second multiple of today's.
    :raises ValueError: naming array, row and value.
    :rtype: Calibration
    """
    prior = Prior() if prior is None else prior
    sales, effort = _matrix("sales", sales), _matrix("effort", effort)
    if sales.shape != effort.shape:
        raise ValueError(
            f"sales {sales.shape} and effort {effort.shape} must have the same shape"
        )
    _check.require("effort", effort, effort >= 0, "zero or more")
    good = 0 <= carry_over < 1
    _check.require("carry_over", carry_over, good, "at least 0 and below 1")
    _check.require("lag", lag, lag >= 1, "at least 1")
    good = 0 < damping[0] <= 1 <= damping[1] < np.inf
    _check.require("damping", str(damping), good, "a pair around 1")
    size, periods = sales.shape
    segment = _segments(segment, size)
    sales = _panel.settle_returns(sales)
    history = _panel.fit(sales, effort, segment, carry_over, int(lag))
    mean, common, alone, weight = _pool(history, segment, prior)
    mean, common, taught = _learnt.join(mean, common, segment, learnt)
    unjudged, unjudged_sd = mean, np.hypot(common, alone)
    mean, common, alone, judged = _judge(mean, common, alone, judgement, prior)
    told = (weight >= _NAMED) * 1 + (judged >= _NAMED) * 2
    origin = np.where(
        (taught >= _NAMED) & (judged < _NAMED), LEARNT, np.array(ORIGINS)[told]
    )
    recent = max(min(RECENT, periods), 1)
    sales_now = sales[:, periods - recent :].sum(axis=1) / recent
    visits = effort[:, periods - recent :].sum(axis=1) / recent
    effort_now = np.where(visits > 0, visits, HALF_VISIT)
    mean = np.clip(mean, *_POSSIBLE)
    behind = _panel.stock(effort, carry_over, 0)
    level, level_sd = _level.expected(sales, behind, effort_now, mean, segment)
    return Calibration(
        elasticity=mean,
        sd=np.hypot(common, alone),
        sd_common=common,
        origin=origin,
        sample_size=history.periods,
        sales_now=sales_now,
        effort_now=effort_now,
        never_visited=visits <= 0,
        lower=effort_now * damping[0],
        upper=effort_now * damping[1],
        chasing=history.chasing,
        sales_expected=np.where(sales_now > 0, level, 0.0),
        unjudged=unjudged,
        unjudged_sd=unjudged_sd,
        level_sd=level_sd,
    )


def _matrix(name, values):
    values = np.asarray(values, dtype=float)
    if values.ndim != 2:
        raise ValueError(f"{name} must have shape (n, t), got {values.shape}")
    _check.finite(name, values)
    return values


def _segments(segment, size):
    if segment is None:
        return np.zeros(size, dtype=int)
    segment = np.asarray(segment)
    if segment.shape != (size,):
        raise ValueError(f"segment must have shape ({size},), got {segment.shape}")
    if not size:
        return segment.astype(int)
    _check.require("segment", segment, segment >= 0, "zero or more")
    # only the segments there are: indices may have gaps
    return np.unique(segment.astype(int), return_inverse=True)[1]


def _pool(history, segment, prior):
    """Combine prior and history.

    β_i = μ + segment + own. The company's mean has the shared part of the prior's
    variance; the accounts scatter with the rest, corrected by what is seen.

    :returns: mean, common sd, independent sd and weight of history, ``(n,)`` each.
    """
    shared = prior.shared * prior.sd**2
    scatter = _scatter(history, segment, (1 - prior.shared) * prior.sd**2)
    bias = prior.bias_sd**2 + (0.5 * np.nan_to_num(history.chasing)) ** 2
    noise = history.slope_sd**2 + bias
    trust = shared / (shared + noise)
    trust = np.where(np.isfinite(history.slope_sd), trust, 0.0)
    slope = np.where(trust > 0, history.slope, prior.mean)
    level = prior.mean + trust * (slope - prior.mean)
    spread = np.sqrt(shared * (1 - trust))
    own_trust = scatter / (scatter + history.own_sd**2)
    own_trust = np.where(np.isfinite(history.own_sd), own_trust, 0.0)
    own = np.where(own_trust > 0, history.own, prior.mean)
    level, spread, trust = level[segment], spread[segment], trust[segment]
    # an account's own deviation is measured against its segment's raw slope: what
    # is off in both cancels
    raw = slope[segment]
    mean = level + own_trust * (own - raw)
    weight = trust + own_trust * (1 - trust)
    return mean, spread, np.sqrt(scatter * (1 - own_trust)), weight


def _scatter(history, segment, expected):
    """Variance of elasticities between accounts, seen and expected by precision.

    DerSimonian and Laird 1986 (Controlled Clinical Trials 7, 177–188), with the
    sampling variance of the estimate; lumpy orders usually leave it to what is
    expected.
    """
    seen = np.isfinite(history.own_sd)
    if seen.sum() < _FEW:
        return expected
    precision = 1.0 / history.own_sd[seen] ** 2
    off = (history.own - history.slope[segment])[seen]
    # a few wild accounts must not decide
    calm = np.abs(off) < 5 * np.sqrt(expected + 1.0 / precision)
    precision, off = precision[calm], off[calm]
    if precision.size < _FEW:
        return expected
    total = precision.sum()
    size = total - (precision**2).sum() / total
    excess = (precision * off**2).sum() - (precision.size - 1)
    found, noise = excess / size, 2.0 * (precision.size - 1) / size**2
    trust = expected**2 / (expected**2 + noise)
    mixed = expected + trust * (found - expected)
    return float(np.clip(mixed, 0.25 * expected, 4 * expected))


def _judge(mean, common, alone, judgement, prior):
    """Add the reps' answers by precision, account by account.

    :returns: mean, common sd, independent sd and the weight of judgement.
    """
    weight = np.zeros_like(mean)
    if judgement is None:
        return mean, common, alone, weight
    said, spread = judged_elasticity(judgement, size=mean.size)
    there = np.isfinite(said)
    half = 0.5 * prior.judge_sd**2
    judged_alone = np.maximum(half, spread**2)
    variance = common**2 + alone**2
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = np.where(there, variance / (variance + half + judged_alone), 0.0)
    rest = 1 - weight
    mean = np.where(there, rest * mean + weight * np.nan_to_num(said), mean)
    shared = np.where(there, np.hypot(rest * common, weight * np.sqrt(half)), common)
    single = np.hypot(rest * alone, weight * np.sqrt(np.nan_to_num(judged_alone)))
    return mean, shared, np.where(there, single, alone), weight


def judge(elasticity, sd, judgement, *, prior=None):
    """Add judges' answers to elasticities that are known without them.

    What :func:`calibrate` does with ``judgement``, for a few accounts whose
    ``unjudged, unjudged_sd`` are at hand: what an answer changes, without fitting the
    company again.

    :param elasticity, sd: ``(n,)``, ``sd`` positive.
    :param judgement: ``(n, 5)`` or ``(j, n, 5)``, NaN where there is none.
    :param prior: a :class:`Prior`, whose ``judge_sd`` counts; None for the published.
    :raises ValueError: naming array, row and value.
    :returns: elasticity, its standard deviation and the share of judgement in it,
        ``(n,)`` each.
    """
    prior = Prior() if prior is None else prior
    elasticity = np.atleast_1d(_check.vector("elasticity", elasticity))
    sd = _check.vector("sd", sd, elasticity.size)
    for name, values in (("elasticity", elasticity), ("sd", sd)):
        _check.finite(name, values)
    _check.require("sd", sd, sd > 0, "positive")
    # how sd divides into common and own parts does not matter to their sum
    none = np.zeros_like(elasticity)
    mean, common, alone, weight = _judge(elasticity, sd, none, judgement, prior)
    return np.clip(mean, *_POSSIBLE), np.hypot(common, alone), weight


def prospects(expected, normal_effort, *, prior=None):
    """Return curves of accounts without sales but with open leads.

    Modified exponentials from zero that bring ``expected`` at ``normal_effort``, with a
    rate at which the elasticity there is the prior's mean: z/(e^z − 1) = mean for
    z = rate·normal_effort.

    :param expected: weighted open leads, money per period, ≥ 0, ``(n,)``.
    :param normal_effort: visits per period such a lead normally gets, > 0, ``(n,)`` or
        scalar.
    :raises ValueError: naming argument, index and value.
    :rtype: odoo.addons.territory_planning.engine.response.Curves
    """
    prior = Prior() if prior is None else prior
    expected = np.atleast_1d(_check.vector("expected", expected))
    _check.finite("expected", expected)
    _check.require("expected", expected, expected >= 0, "zero or more")
    effort = _check.vector("normal_effort", normal_effort, expected.size)
    good = (effort > 0) & np.isfinite(effort)
    _check.require("normal_effort", effort, good, "positive and finite")
    reach = _judgement.saturation(prior.mean)
    potential = expected / -np.expm1(-reach)
    return response.modified_exponential(0.0, potential, reach / effort)
