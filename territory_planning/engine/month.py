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

import numpy as np

from . import _month_flat
from ._month_model import Month
from ._month_moves import Moves, moves, ranked
from ._month_plan import MonthPlan
from ._month_problem import MonthProblem
from ._month_visits import whole_visits
from ._reasons import Reason, reasons
from .calibration import Z90

__all__ = [
    "Month",
    "MonthPlan",
    "MonthProblem",
    "Moves",
    "Reason",
    "moves",
    "plan_month",
    "ranked",
]

#: an optimum nearer to today than this share is no change
_NEAR = 0.05


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
    month = Month(problem)
    tell(0.4, "allocate")
    best = month.optimum(problem.capacity)
    same = month.optimum(month.hours_today)
    tell(0.6, "visits")
    visits = whole_visits(month, best.effort)
    tell(0.8, "compare")
    plan = _Answer(month).describe(best, same, visits)
    tell(1.0, "done")
    return plan


class _Answer:
    """The answers of a month, put together."""

    def __init__(self, month):
        self.month, self.problem, self.own = month, month.problem, month.own

    def _interval(self, parts):
        """Mean, low and high per group and in total."""
        total = self.own.total
        mean, spread = total(parts.mean), Z90 * parts.spread(total)
        all_ = float(mean.sum())
        wide = Z90 * parts.spread(lambda values: total(values).sum())
        return (
            (mean, mean - spread, mean + spread),
            (all_, float(all_ - wide), float(all_ + wide)),
        )

    def _factor_interval(self, effort, price):
        """90 % interval of the optimal effort at the group's price of an hour.

        At a price λ a power curve asks for (m·S·β/(λ·t·x₀))^(1/(1−β)) times today's
        effort x₀; the part of β's uncertainty that all share shifts λ, not shares.
        """
        problem, own, known = self.problem, self.own, self.month.calibration
        alone = np.sqrt(np.maximum(known.sd**2 - known.sd_common**2, 0.0))
        hours = problem.hours_per_visit
        price = own.of(price, 0.0)
        fixed = own.free & self.month.selling & (price > 0) & np.isfinite(price)
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = problem.margin_rate * known.sales_expected
            rate = rate / (hours * known.effort_now)
            rate = np.where(fixed, rate / price, 1.0)
        ends = []
        for sign in (-1, 1):
            beta = np.clip(known.elasticity + sign * Z90 * alone, 0.01, 0.95)
            with np.errstate(over="ignore"):
                goal = (rate * beta) ** (1.0 / (1.0 - beta)) * known.effort_now
            goal = np.clip(goal, own.lower, own.upper)
            ends.append(np.where(fixed, goal, effort))
        # at a bound the best lies beyond it, and its doubt may still reach inside
        return np.minimum.reduce([*ends, effort]), np.maximum.reduce([*ends, effort])

    def describe(self, best, same, visits):
        """Put the answers together."""
        month, problem, known = self.month, self.problem, self.month.calibration
        today, effort = month.today, best.effort
        parts, parts_same = month.gain(effort), month.gain(same.effort)
        gain = parts.mean
        deviation = parts.spread()
        groups, totals = self._interval(parts)
        groups_same, totals_same = self._interval(parts_same)
        low, high = self._factor_interval(effort, best.shadow_price)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = [
                np.where(today > 0, value / today, np.nan)
                for value in (effort, low, high)
            ]
        place = np.zeros(len(problem), dtype=int)
        place[self.own.inside] = np.round(visits.effort).astype(int)
        hours = problem.hours_per_visit
        point = np.where(month.selling, known.effort_now, today)
        with np.errstate(invalid="ignore"):
            value = problem.margin_rate * month.curves.slope(point) / hours
        price = month.price(best.shadow_price)
        flat = _month_flat.visits(month, effort, price)
        flat_hours = self._flat_hours(effort, price)
        contribution = month.contribution()
        return MonthPlan(
            effort_today=today,
            effort_optimal=effort,
            factor=ratio[0],
            factor_low=ratio[1],
            factor_high=ratio[2],
            flat_low=flat[0],
            flat_high=flat[1],
            visits=place,
            gain=gain,
            gain_low=gain - Z90 * deviation,
            gain_high=gain + Z90 * deviation,
            gain_common=parts.common,
            gain_alone=parts.alone,
            gain_shape=parts.shape,
            gain_twist=parts.twist,
            gain_same_hours=parts_same.mean,
            contribution_today=contribution,
            sales_today=known.sales_now,
            sales_expected=known.sales_expected,
            reason=self._reasons(effort, low, high),
            value_of_next_hour=np.where(np.isfinite(value), value, 0.0),
            elasticity=known.elasticity,
            sd=known.sd,
            unjudged=known.unjudged,
            unjudged_sd=known.unjudged_sd,
            origin=known.origin,
            sample_size=known.sample_size,
            never_visited=known.never_visited,
            hours_today=month.hours_today,
            hours_optimal=self.own.total(hours * effort),
            hours_month=self.own.total(hours * place),
            hours_flat=_month_flat.fewest_hours(month, best),
            hours_flat_low=flat_hours[0],
            hours_flat_high=flat_hours[1],
            shadow_price=price,
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
            profit_today=float(contribution.sum()),
            profit=best.profit,
            bound=best.bound,
            gap=best.gap,
            visits_gap=visits.gap,
            month=month,
        )

    def _flat_hours(self, effort, price):
        """Flat zone of each group's hours; accounts of nobody stand apart."""
        count = self.own.count
        place = np.where(self.own.inside, self.own.place, count)
        both = _month_flat.hours(self.month, effort, price, place, count + 1)
        return [ends[:count] for ends in both]

    def _reasons(self, effort, low, high):
        month, problem, today = self.month, self.problem, self.month.today
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
                (Reason.NEW_OPPORTUNITY, month.opening),
                (Reason.NO_MARGIN, ~month.paying),
                (Reason.NO_SALES, ~month.selling & ~month.opening),
                (Reason.NOBODY, ~self.own.inside),
            ),
        )
