"""What one month's plan says: the answer of :func:`.month.plan_month`."""

from dataclasses import dataclass, field

import numpy as np

from . import _month_flat
from ._month_model import Month
from ._reasons import Reason
from .calibration import Z90, GainParts

__all__ = ["MonthPlan"]


@dataclass(frozen=True, eq=False)
class MonthPlan:
    """The plan of ``n`` accounts and ``g`` groups; money and hours per period.

    Per account: ``effort_today`` and ``effort_optimal`` visits per period;
    ``factor`` their ratio (NaN where never visited) with ``factor_low, factor_high``
    its 90 % interval; ``flat_low, flat_high`` visits per period between which it hardly
    matters how many (see ``_month_flat``); ``visits`` whole visits this period, within
    capacity; ``gain, gain_low, gain_high`` contribution against going on as today, 90 %
    interval; ``gain_same_hours`` the part of it that today's hours of its group bring;
    ``contribution_today`` of going on as today;
    ``reason`` codes of :class:`Reason`; ``value_of_next_hour`` contribution of one more
    hour at today's effort; ``gain_common, gain_alone, gain_shape, gain_twist`` the
    parts of its standard deviation, see :class:`.calibration.GainParts`;
    ``sales_today`` mean sales of the last
    twelve periods and ``sales_expected`` what today's effort is expected to bring, money
    per period; ``elasticity, sd, unjudged, unjudged_sd, origin, sample_size,
    never_visited`` of
    :class:`.calibration.Calibration`.

    Per group: ``hours_today``, ``hours_optimal``, ``hours_month`` of the whole visits,
    ``shadow_price`` contribution of one more hour of capacity (without any hours: of
    the first one, from the least effort at which curves are believed), ``gain`` and its parts
    ``group_gain_same_hours``, ``group_gain_more_hours`` with intervals, ``hours_flat``
    the fewest hours that still bring 99 % of the contribution; ``hours_flat_low,
    hours_flat_high`` the hours between which it hardly matters how many, each charged
    at the shadow price.

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
    flat_low: np.ndarray
    flat_high: np.ndarray
    visits: np.ndarray
    gain: np.ndarray
    gain_low: np.ndarray
    gain_high: np.ndarray
    gain_common: np.ndarray
    gain_alone: np.ndarray
    gain_shape: np.ndarray
    gain_twist: np.ndarray
    gain_same_hours: np.ndarray
    contribution_today: np.ndarray
    sales_today: np.ndarray
    sales_expected: np.ndarray
    reason: np.ndarray
    value_of_next_hour: np.ndarray
    elasticity: np.ndarray
    sd: np.ndarray
    unjudged: np.ndarray
    unjudged_sd: np.ndarray
    origin: np.ndarray
    sample_size: np.ndarray
    never_visited: np.ndarray
    hours_today: np.ndarray
    hours_optimal: np.ndarray
    hours_month: np.ndarray
    hours_flat: np.ndarray
    hours_flat_low: np.ndarray
    hours_flat_high: np.ndarray
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
    month: Month = field(repr=False)

    @property
    def keep(self):
        """Whether what is known does not tell more visits from fewer, ``(n,)``.

        The 90 % interval of the optimum holds today's effort and no agreed bound
        decides: :attr:`Reason.KEEP`.
        """
        return self.reason == Reason.KEEP

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
        parts = GainParts(
            self.gain,
            self.gain_common,
            self.gain_alone,
            self.gain_shape,
            self.gain_twist,
        )
        spread = Z90 * parts.spread(total)
        return mean, mean - spread, mean + spread

    def factor_by(self, place, count):
        """Optimal ÷ today's hours by any division of the accounts, 90 % interval.

        What is unknown of one account moves hours to or from the others of its group:
        a part that is a whole group has the hours it has, and no interval.

        :param place: ``(n,)`` integers from 0: which part an account belongs to.
        :param count: number of parts.
        :returns: mean, low and high, ``(count,)`` each, NaN without hours today.
        """
        problem = self.month.problem
        hours, own = problem.hours_per_visit, self.month.own
        today = np.bincount(place, hours * self.effort_today, minlength=count)
        optimal = np.bincount(place, hours * self.effort_optimal, minlength=count)
        with np.errstate(invalid="ignore"):
            wide = hours * self.effort_today * (self.factor_high - self.factor_low) / 2
        variance = np.where(own.inside, np.nan_to_num(wide) ** 2, 0.0)
        # within a group the hours are given: each part answers for its share of them
        key = np.where(own.inside, own.place, own.count) * count + place
        pair, where = np.unique(key, return_inverse=True)
        group, part = pair // max(count, 1), pair % max(count, 1)
        groups = own.count + 1

        def of_group(values):
            return np.bincount(group, values, minlength=groups)[group]

        alone = np.bincount(where, variance, minlength=pair.size)
        spent = np.bincount(where, hours * self.effort_optimal, minlength=pair.size)
        share = spent / np.maximum(of_group(spent), 1e-300)
        moved = (1 - share) ** 2 * alone
        moved += share**2 * np.maximum(of_group(alone) - alone, 0.0)
        spread = np.sqrt(np.bincount(part, moved, minlength=count))
        with np.errstate(divide="ignore", invalid="ignore"):
            return tuple(
                np.where(today > 0, np.maximum(value, 0.0) / today, np.nan)
                for value in (optimal, optimal - spread, optimal + spread)
            )

    def hours_flat_by(self, place, count):
        """Hours between which it hardly matters how many, by any division.

        :param place: ``(n,)`` integers from 0: which part an account belongs to.
        :param count: number of parts.
        :returns: fewest and most hours per period, ``(count,)`` each.
        """
        return _month_flat.hours(
            self.month, self.effort_optimal, self.shadow_price, place, count
        )
