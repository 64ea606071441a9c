"""One month of one company: today's effort against the effort that pays best.

:func:`plan_month` is what a monthly plan calls, once. It calibrates, finds the optimum
of steady effort with its certificate, compares it fairly with today, and answers in
whole visits for the month ahead.

**What is compared.** Today is what was done on average over the last twelve periods,
with the hours it took, whether or not they equal the capacity. The published gain is
the sum of two: what today's hours bring when used differently (``gain_same_hours``),
and what the hours between today's and the capacity bring on top (``gain_more_hours``;
negative where today takes more hours than there are). Only the first is a gain from
planning. All gains are means of the posterior (shrunken), never of a fitted optimum.
"""

from dataclasses import dataclass, replace

import numpy as np

from . import cadence, response
from ._month_problem import MonthProblem
from ._reasons import Reason, reasons
from .allocation import allocate, allocate_visits
from .calibration import Z90, GainParts, calibrate, prospects

__all__ = ["MonthPlan", "MonthProblem", "Reason", "plan_month"]

#: an optimum nearer to today than this share is no change
_NEAR = 0.05
#: contribution the flat band gives up
_FLAT = 0.01
#: whole visits of one account in one period are tabulated up to this number
_MOST_VISITS = 60
#: effort that an open lead normally gets where nobody has been visited yet
_NORMAL = 1.0


@dataclass(frozen=True, eq=False)
class MonthPlan:
    """The plan of ``n`` accounts and ``g`` groups; money and hours per period.

    Per account: ``effort_today`` and ``effort_optimal`` visits per period;
    ``factor`` their ratio (NaN where never visited) with ``factor_low, factor_high``
    its 90 % interval; ``visits`` whole visits this period, within capacity; ``gain,
    gain_low, gain_high`` contribution against going on as today, 90 % interval;
    ``reason`` codes of :class:`Reason`; ``value_of_next_hour`` contribution of one more
    hour at today's effort; ``gain_common, gain_alone, gain_shape`` the standard
    deviation of the gain: what all accounts share (signed), the account's own, and what
    the unknown shape of the curves adds (signed); ``sales_today`` mean sales of the last
    twelve periods and ``sales_expected`` what today's effort is expected to bring, money
    per period; ``elasticity, sd, origin, sample_size, never_visited`` of
    :class:`.calibration.Calibration`.

    Per group: ``hours_today``, ``hours_optimal``, ``hours_month`` of the whole visits,
    ``shadow_price`` contribution of one more hour of capacity (without any hours: of
    the first one, from the least effort at which curves are believed), ``gain`` and its parts
    ``group_gain_same_hours``, ``group_gain_more_hours`` with intervals, ``hours_flat``
    the fewest hours that still bring 99 % of the contribution.

    Totals: ``total_gain`` …; ``profit_today`` contribution of going on as today,
    ``profit`` of the optimum by the fitted curves, ``bound`` on it and ``gap``;
    ``visits_gap`` of the whole visits. The gain to publish is ``total_gain``, not the
    difference of the two profits.
    """

    effort_today: np.ndarray
    effort_optimal: np.ndarray
    factor: np.ndarray
    factor_low: np.ndarray
    factor_high: np.ndarray
    visits: np.ndarray
    gain: np.ndarray
    gain_low: np.ndarray
    gain_high: np.ndarray
    gain_common: np.ndarray
    gain_alone: np.ndarray
    gain_shape: np.ndarray
    sales_today: np.ndarray
    sales_expected: np.ndarray
    reason: np.ndarray
    value_of_next_hour: np.ndarray
    elasticity: np.ndarray
    sd: np.ndarray
    origin: np.ndarray
    sample_size: np.ndarray
    never_visited: np.ndarray
    hours_today: np.ndarray
    hours_optimal: np.ndarray
    hours_month: np.ndarray
    hours_flat: np.ndarray
    shadow_price: np.ndarray
    group_gain: np.ndarray
    group_gain_low: np.ndarray
    group_gain_high: np.ndarray
    group_gain_same_hours: np.ndarray
    group_gain_same_hours_low: np.ndarray
    group_gain_same_hours_high: np.ndarray
    group_gain_more_hours: np.ndarray
    total_gain: float
    total_gain_low: float
    total_gain_high: float
    total_gain_same_hours: float
    total_gain_same_hours_low: float
    total_gain_same_hours_high: float
    total_gain_more_hours: float
    profit_today: float
    profit: float
    bound: float
    gap: float
    visits_gap: float

    def gain_by(self, place, count):
        """Add the gain up by any division of the accounts.

        :param place: ``(n,)`` integers from 0: which part an account belongs to.
        :param count: number of parts.
        :returns: mean, low and high, ``(count,)`` each, 90 % interval.
        """

        def total(values):
            return np.bincount(place, weights=values, minlength=count)

        mean = total(self.gain)
        # what all accounts share does not average out, the rest does
        spread = Z90 * np.sqrt(
            total(self.gain_common) ** 2
            + total(self.gain_shape) ** 2
            + total(self.gain_alone**2)
        )
        return mean, mean - spread, mean + spread


def plan_month(problem, *, seed=0, progress=None):
    """Return the plan of one month.

    :param problem: a :class:`MonthProblem`.
    :param seed: part of the contract of every run; nothing here is random.
    :param progress: called with a share between 0 and 1 and a word, or None.
    :raises ValueError: naming array, account or group, and value.
    :rtype: MonthPlan
    """
    del seed
    tell = progress or (lambda share, word: None)
    tell(0.0, "calibrate")
    month = _Month(problem)
    tell(0.4, "allocate")
    best = month.optimum(problem.capacity)
    same = month.optimum(month.hours_today)
    flat = month.flat_hours(best)
    tell(0.7, "visits")
    visits = month.whole_visits(best.effort)
    tell(0.9, "compare")
    plan = month.describe(best, same, flat, visits)
    tell(1.0, "done")
    return plan


class _Month:
    """The curves and bounds of a month, and the questions asked of them."""

    def __init__(self, problem):
        self.problem = problem
        self.calibration = calibrate(
            problem.sales,
            problem.effort,
            segment=problem.segment,
            judgement=problem.judgement,
            prior=problem.prior,
            carry_over=problem.carry_over,
            lag=problem.lag,
            damping=problem.damping,
        )
        known = self.calibration
        self.count = problem.capacity.size
        self.cared = problem.group >= 0
        self.selling = known.sales_now > 0
        self.opening = ~self.selling & (problem.pipeline > 0)
        self.paying = problem.margin_rate > 0
        self.today = np.where(known.never_visited, 0.0, known.effort_now)
        self.free = self.cared & self.paying & (self.selling | self.opening)
        self._curves()
        self._bounds()
        hours = problem.hours_per_visit
        self.hours_today = self.total(hours * self.today)

    def total(self, values):
        """Sum ``values (n,)`` per group, those of nobody left out."""
        here = self.cared
        return np.bincount(self.problem.group[here], values[here], minlength=self.count)

    def _curves(self):
        problem, known = self.problem, self.calibration
        visited = ~known.never_visited & self.selling
        normal = np.median(known.effort_now[visited]) if visited.any() else _NORMAL
        self.normal = np.maximum(known.effort_now, normal)
        opening = np.flatnonzero(self.opening)
        others = np.flatnonzero(~self.opening)
        leads = prospects(
            problem.pipeline[opening], self.normal[opening], prior=problem.prior
        )
        both = response.stack([known.planning_curves.take(others), leads])
        order = np.argsort(np.concatenate([others, opening]), kind="stable")
        self.curves = both.take(order)

    def _bounds(self):
        """Damped bounds within the agreed ones; outside them nothing is believed."""
        problem, known = self.problem, self.calibration
        least, most = problem.visits_min, problem.visits_max
        # an account never visited cannot be visited less than today
        low = np.where(known.never_visited, known.effort_now, known.lower)
        low = np.where(self.opening, 0.0, low)
        high = np.where(self.opening, self.normal * problem.damping[1], known.upper)
        self.least = np.where(self.cared, least, 0.0)
        low = np.where(self.free, np.clip(low, least, most), self.least)
        high = np.where(self.free, np.clip(high, least, most), self.least)
        self.lower, self.upper = low, np.maximum(high, low)

    def optimum(self, hours):
        """Return the allocation of ``hours (g,)``, damping giving way where it must."""
        problem = self.problem
        time = problem.hours_per_visit
        lower = self.lower
        needed, least = self.total(time * lower), self.total(time * self.least)
        hours = np.maximum(hours, least)
        room = np.where(needed > least, needed - least, 1.0)
        share = np.clip((hours - least) / room, 0.0, 1.0)
        share = np.where(needed > hours, share * (1 - 1e-12), 1.0)
        if self.count:
            spread = np.where(self.cared, share[problem.group], 1.0)
            lower = self.least + (lower - self.least) * spread
        here = np.flatnonzero(self.cared)
        found = allocate(
            self.curves.take(here),
            margin=problem.margin_rate[here],
            time_per_visit=time[here],
            lower=lower[here],
            upper=np.maximum(self.upper, lower)[here],
            budget=hours,
            group=problem.group[here],
        )
        effort = self.today.copy()
        effort[here] = found.effort
        # half a visit a year stands for none
        nothing = self.calibration.never_visited & (self.least <= 0)
        nothing &= effort <= self.lower * (1 + 1e-9)
        effort[nothing] = 0.0
        return replace(found, effort=effort)

    def flat_hours(self, best):
        """Fewest hours that bring 99 % of the contribution, ``(g,)``."""
        high = self.total(self.problem.hours_per_visit * best.effort)
        low = np.minimum(high, self.total(self.problem.hours_per_visit * self.least))
        floor = best.group_profit - _FLAT * np.abs(best.group_profit)
        for _step in range(14 if self.count else 0):
            middle = 0.5 * (low + high)
            enough = self.optimum(middle).group_profit >= floor
            high = np.where(enough, middle, high)
            low = np.where(enough, low, middle)
        return high

    def whole_visits(self, steady):
        """Return the allocation of this period in whole visits.

        No account gets more of them than its optimal ``steady`` effort, rounded up:
        where that is far above today's, it is built up month by month and not in one
        burst that no customer would bear.
        """
        problem, known = self.problem, self.calibration
        here = np.flatnonzero(self.cared)
        stock = cadence.goodwill(problem.effort, carry_over=problem.carry_over)
        keep = 1.0 - problem.carry_over
        if problem.carry_over > 0:
            # who was not visited for a year sells what it sells without goodwill
            settled = known.effort_now / (keep * problem.carry_over)
            alone = known.never_visited & self.selling
            stock = np.where(alone, np.maximum(stock, settled), stock)
        least, most = self._agreed_visits()
        reach = np.floor(self.upper / keep - problem.carry_over * stock)
        reach = np.minimum(reach, np.ceil(steady - 1e-9))
        reach = np.where(self.free, np.maximum(reach, 1.0), 0.0)
        most = np.maximum(np.minimum(most, reach), least)
        hours = self.total(problem.hours_per_visit * least)
        if (hours > problem.capacity).any():
            # visits that are due but do not all fit: only the whole minimum is kept
            least = np.where(self.cared, np.floor(problem.visits_min + 1e-9), 0.0)
        top = int(min(most[here].max(initial=0.0), _MOST_VISITS))
        top = int(max(top, least[here].max(initial=0.0)))
        curves = cadence.month_curves(
            self.curves.take(here),
            stock[here],
            carry_over=problem.carry_over,
            most=top,
            # leads have finite curves of their own
            floor=np.where(self.opening, 1e-9, known.lower)[here],
            ceiling=np.where(self.opening, self.upper, known.upper)[here],
        )
        return allocate_visits(
            curves,
            margin=problem.margin_rate[here],
            time_per_visit=problem.hours_per_visit[here],
            lower=least[here],
            upper=np.minimum(most, top)[here],
            budget=problem.capacity,
            group=problem.group[here],
        )

    def _agreed_visits(self):
        """Agreed bounds in whole visits of this period.

        A fraction is a rhythm: ¼ is one visit in four periods, due when the last three
        had none; at most ½ allows one unless the last period had one.
        """
        problem = self.problem
        least, most = problem.visits_min, problem.visits_max
        due = np.floor(least + 1e-9)
        due += (least - due > 1e-9) & ~self._seen(least - due)
        whole = np.isinf(most)
        may = np.where(whole, np.inf, np.floor(np.where(whole, 0.0, most) + 1e-9))
        part = np.where(whole, 0.0, most) - np.where(whole, 0.0, may)
        may = may + ((part > 1e-9) & ~self._seen(part))
        due = np.where(self.cared, due, 0.0)
        return due, np.maximum(may, due)

    def _seen(self, rhythm):
        """Whether there was a visit within the last 1/rhythm − 1 periods, ``(n,)``."""
        effort = self.problem.effort
        periods = effort.shape[1]
        with np.errstate(divide="ignore"):
            back = np.ceil(1.0 / np.maximum(rhythm, 1e-9) - 1e-9) - 1
        since = np.full(effort.shape[0], float(periods))
        for age in range(periods - 1, -1, -1):
            since = np.where(effort[:, periods - 1 - age] > 0, float(age), since)
        return since < np.minimum(back, periods)

    def _gain(self, effort):
        """Mean gain and the parts of its standard deviation, ``(n,)`` each."""
        problem, known = self.problem, self.calibration
        moved = self.free & (effort != self.today)
        goal = np.where(moved & self.selling, effort, known.effort_now)
        parts = known.gain_parts(goal, problem.margin_rate)
        before = self.curves.sales(self.today)
        lead = problem.margin_rate * (self.curves.sales(effort) - before)
        new = moved & self.opening
        # a lead may be worth as much more or less as elasticities are apart
        doubt = lead * problem.prior.sd / problem.prior.mean

        def chosen(selling, opening):
            return np.where(new, opening, np.where(moved, selling, 0.0))

        return GainParts(
            mean=chosen(parts.mean, lead),
            common=chosen(parts.common, doubt),
            alone=chosen(parts.alone, doubt),
            shape=chosen(parts.shape, 0.0),
        )

    def _interval(self, parts):
        """Mean, low and high per group and in total."""
        mean, common, shape = map(self.total, (parts.mean, parts.common, parts.shape))
        alone = self.total(parts.alone**2)
        spread = Z90 * np.sqrt(common**2 + shape**2 + alone)
        all_ = float(mean.sum())
        wide = Z90 * np.sqrt(common.sum() ** 2 + shape.sum() ** 2 + alone.sum())
        return (
            (mean, mean - spread, mean + spread),
            (all_, float(all_ - wide), float(all_ + wide)),
        )

    def _factor_interval(self, effort, price):
        """90 % interval of the optimal effort at the group's price of an hour.

        At a price λ a power curve asks for (m·S·β/(λ·t·x₀))^(1/(1−β)) times today's
        effort x₀; the part of β's uncertainty that all share shifts λ, not shares.
        """
        problem, known = self.problem, self.calibration
        alone = np.sqrt(np.maximum(known.sd**2 - known.sd_common**2, 0.0))
        hours = problem.hours_per_visit
        if self.count:
            price = np.where(self.cared, price[problem.group], 0.0)
        else:
            price = np.zeros(len(problem))
        fixed = self.free & self.selling & (price > 0) & np.isfinite(price)
        fixed &= (effort > self.lower) & (effort < self.upper)
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = problem.margin_rate * known.sales_expected
            rate = rate / (hours * known.effort_now)
            rate = np.where(fixed, rate / price, 1.0)
        ends = []
        for sign in (-1, 1):
            beta = np.clip(known.elasticity + sign * Z90 * alone, 0.01, 0.95)
            with np.errstate(over="ignore"):
                goal = (rate * beta) ** (1.0 / (1.0 - beta)) * known.effort_now
            goal = np.clip(goal, self.lower, self.upper)
            ends.append(np.where(fixed, goal, effort))
        return np.minimum(*ends), np.maximum(*ends)

    def describe(self, best, same, flat, visits):
        """Put the answers together."""
        problem, known = self.problem, self.calibration
        effort = best.effort
        parts = self._gain(effort)
        gain = parts.mean
        deviation = np.sqrt(parts.common**2 + parts.shape**2 + parts.alone**2)
        groups, totals = self._interval(parts)
        groups_same, totals_same = self._interval(self._gain(same.effort))
        low, high = self._factor_interval(effort, best.shadow_price)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = [
                np.where(self.today > 0, value / self.today, np.nan)
                for value in (effort, low, high)
            ]
        place = np.zeros(len(problem), dtype=int)
        place[self.cared] = np.round(visits.effort).astype(int)
        hours = problem.hours_per_visit
        point = np.where(self.selling, known.effort_now, self.today)
        with np.errstate(invalid="ignore"):
            value = problem.margin_rate * self.curves.slope(point) / hours
        return MonthPlan(
            effort_today=self.today,
            effort_optimal=effort,
            factor=ratio[0],
            factor_low=ratio[1],
            factor_high=ratio[2],
            visits=place,
            gain=gain,
            gain_low=gain - Z90 * deviation,
            gain_high=gain + Z90 * deviation,
            gain_common=parts.common,
            gain_alone=parts.alone,
            gain_shape=parts.shape,
            sales_today=known.sales_now,
            sales_expected=known.sales_expected,
            reason=self._reasons(effort, low, high),
            value_of_next_hour=np.where(np.isfinite(value), value, 0.0),
            elasticity=known.elasticity,
            sd=known.sd,
            origin=known.origin,
            sample_size=known.sample_size,
            never_visited=known.never_visited,
            hours_today=self.hours_today,
            hours_optimal=self.total(hours * effort),
            hours_month=self.total(hours * place),
            hours_flat=flat,
            shadow_price=self._price(best.shadow_price),
            group_gain=groups[0],
            group_gain_low=groups[1],
            group_gain_high=groups[2],
            group_gain_same_hours=groups_same[0],
            group_gain_same_hours_low=groups_same[1],
            group_gain_same_hours_high=groups_same[2],
            group_gain_more_hours=groups[0] - groups_same[0],
            total_gain=totals[0],
            total_gain_low=totals[1],
            total_gain_high=totals[2],
            total_gain_same_hours=totals_same[0],
            total_gain_same_hours_low=totals_same[1],
            total_gain_same_hours_high=totals_same[2],
            total_gain_more_hours=totals[0] - totals_same[0],
            profit_today=float((problem.margin_rate * known.sales_expected).sum()),
            profit=best.profit,
            bound=best.bound,
            gap=best.gap,
            visits_gap=visits.gap,
        )

    def _price(self, price):
        """Prices of an hour, finite also where a curve rises vertically from zero."""
        wild = ~np.isfinite(price)
        if not wild.any():
            return price
        problem = self.problem
        first = problem.margin_rate * self.curves.slope(self.lower)
        first = np.where(self.free, first / problem.hours_per_visit, 0.0)
        best = np.zeros(self.count)
        here = np.flatnonzero(self.cared & np.isfinite(first))
        np.maximum.at(best, problem.group[here], first[here])
        return np.where(wild, best, price)

    def _reasons(self, effort, low, high):
        problem, today = self.problem, self.today
        least, most = problem.visits_min, problem.visits_max
        near = np.abs(effort - today) <= _NEAR * np.maximum(today, effort)
        low, high = np.where(near, today, low), np.where(near, today, high)
        return reasons(
            today,
            effort,
            low,
            high,
            at_minimum=(least > 0) & (effort <= least * (1 + 1e-9)),
            at_maximum=effort >= most * (1 - 1e-9),
            special=(
                (Reason.NEW_OPPORTUNITY, self.opening),
                (Reason.NO_MARGIN, ~self.paying),
                (Reason.NO_SALES, ~self.selling & ~self.opening),
                (Reason.NOBODY, ~self.cared),
            ),
        )
