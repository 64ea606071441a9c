"""The curves and bounds of a month, and the questions asked of them."""

from dataclasses import dataclass, replace

import numpy as np

from . import response
from .allocation import allocate
from .calibration import GainParts, calibrate, prospects

#: effort that an open lead normally gets where nobody has been visited yet
_NORMAL = 1.0


@dataclass(frozen=True, eq=False)
class Division:
    """Accounts divided into ``count`` parts, each with hours of its own.

    ``place (n,)``: which part, −1 for none. ``inside (n,)``: in one of them; ``free
    (n,)``: its effort may change. ``least (n,)``: visits agreed; ``lower, upper (n,)``:
    visits between which its curve is believed and agreed to be used. ``spare
    (count,)``: hours given on top, for visits that stand for none.
    """

    place: np.ndarray
    count: int
    inside: np.ndarray
    free: np.ndarray
    least: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    spare: np.ndarray | float = 0.0

    def total(self, values):
        """Sum ``values (n,)`` per part, those in none left out."""
        here = self.inside
        return np.bincount(self.place[here], values[here], minlength=self.count)

    def of(self, values, outside):
        """Spread ``values (count,)`` over the accounts, ``outside`` where in none."""
        if not self.count:
            return np.full(self.place.size, outside)
        return np.where(self.inside, values[self.place], outside)


class Month:
    """One :class:`._month_problem.MonthProblem`, calibrated.

    ``own``: the division into groups the problem itself makes; ``today (n,)`` visits
    per period; ``selling``: with sales, ``opening``: with open leads only, ``paying``:
    with a margin, ``(n,)`` each; ``curves``: sales of steady effort.
    """

    def __init__(self, problem):
        self.problem = problem
        self.calibration = calibrate(
            problem.sales,
            problem.effort,
            segment=problem.segment,
            judgement=problem.judgement,
            learnt=problem.learnt,
            prior=problem.prior,
            carry_over=problem.carry_over,
            lag=problem.lag,
            damping=problem.damping,
        )
        known = self.calibration
        self.selling = known.sales_now > 0
        self.opening = ~self.selling & (problem.pipeline > 0)
        self.paying = problem.margin_rate > 0
        self.today = np.where(known.never_visited, 0.0, known.effort_now)
        self._curves()
        self._asked = (None, None, None)
        self._price = None
        self.own = self.divide(problem.group, problem.capacity.size)
        self.hours_today = self.own.total(problem.hours_per_visit * self.today)

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

    def divide(self, place, count, *, floor=True):
        """Divide the accounts, ``place (n,)`` from −1; bounds as if all were cared for.

        Damped bounds within the agreed ones; outside them nothing is believed. Without
        the ``floor`` they hold upwards only: a plan leaves no account, but how many
        reps there should be is asked from none on, and bounds that nobody would keep
        with few hours would make the first reps look useless.

        :rtype: Division
        """
        problem, known = self.problem, self.calibration
        inside = place >= 0
        free = inside & self.paying & (self.selling | self.opening)
        agreed, most = problem.visits_min, problem.visits_max
        # an account never visited cannot be visited less than today
        damped = known.lower if floor else 0.0
        low = np.where(known.never_visited, known.effort_now, damped)
        low = np.where(self.opening, 0.0, low)
        high = np.where(self.opening, self.normal * problem.damping[1], known.upper)
        least = np.where(inside, agreed, 0.0)
        low = np.where(free, np.clip(low, agreed, most), least)
        high = np.where(free, np.clip(high, agreed, most), least)
        high = np.maximum(high, low)
        division = Division(place, count, inside, free, least, low, high)
        if floor:
            return division
        none = free & known.never_visited & (agreed <= 0)
        spare = division.total(np.where(none, problem.hours_per_visit * low, 0.0))
        return replace(division, spare=spare)

    def optimum(self, hours, division=None, *, yielding=False):
        """Return the allocation of ``hours``, damping giving way where it must.

        :param hours: per part of the division, ``(g,)``.
        :param division: the month's own if None.
        :param yielding: whether agreed visits give way too; else they get their hours
            whatever ``hours`` says.
        :rtype: .allocation.Allocation
        """
        division = division or self.own
        time = self.problem.hours_per_visit
        least, lower = division.least, division.lower
        needed, agreed = division.total(time * lower), division.total(time * least)
        if yielding and (agreed > hours).any():
            share = np.where(agreed > hours, hours / np.maximum(agreed, 1e-300), 1.0)
            least = least * division.of(share * (1 - 1e-12), 1.0)
            agreed = division.total(time * least)
        hours = np.maximum(hours, agreed) + division.spare
        room = np.where(needed > agreed, needed - agreed, 1.0)
        share = np.clip((hours - agreed) / room, 0.0, 1.0)
        share = np.where(needed > hours, share * (1 - 1e-12), 1.0)
        lower = least + (lower - least) * division.of(share, 1.0)
        here, curves = self._members(division)
        found = allocate(
            curves,
            margin=self.problem.margin_rate[here],
            time_per_visit=time[here],
            lower=lower[here],
            upper=np.maximum(division.upper, lower)[here],
            budget=hours,
            group=division.place[here],
            # hours are mostly asked for one after the other, each near the last
            price=self._price,
        )
        self._price = found.shadow_price
        effort = self.today.copy()
        effort[here] = found.effort
        # half a visit a year stands for none
        nothing = self.calibration.never_visited & (division.least <= 0)
        nothing &= effort <= division.lower * (1 + 1e-9)
        effort[nothing] = 0.0
        return replace(found, effort=effort)

    def _members(self, division):
        """Rows and curves of the accounts inside, kept while one division is asked."""
        if self._asked[0] is not division:
            here = np.flatnonzero(division.inside)
            whole = here.size == division.inside.size
            curves = self.curves if whole else self.curves.take(here)
            self._asked = division, here, curves
            self._price = None
        return self._asked[1:]

    def price(self, price):
        """Prices of an hour, finite also where a curve rises vertically from zero."""
        own, wild = self.own, ~np.isfinite(price)
        if not wild.any():
            return price
        with np.errstate(invalid="ignore"):
            # no margin on a curve that rises vertically: left out below
            first = self.problem.margin_rate * self.curves.slope(own.lower)
        first = np.where(own.free, first / self.problem.hours_per_visit, 0.0)
        best = np.zeros(own.count)
        here = np.flatnonzero(own.inside & np.isfinite(first))
        np.maximum.at(best, own.place[here], first[here])
        return np.where(wild, best, price)

    def gain(self, effort, division=None):
        """Mean gain and the parts of its standard deviation, ``(n,)`` each.

        :rtype: .calibration.GainParts
        """
        problem, known = self.problem, self.calibration
        moved = (division or self.own).free & (effort != self.today)
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
            twist=chosen(parts.twist, 0.0),
        )

    def contribution(self):
        """Contribution of going on as today, money per period, ``(n,)``."""
        return self.problem.margin_rate * self.calibration.sales_expected
