"""How much effort each account should get, with a certificate.

Inside one time budget the optimum equalises the contribution of the last hour over
all accounts that are neither at a bound nor out. Across budgets it does not: hours of
one rep cannot be spent by another (Skiera and Albers 1998).
"""

from dataclasses import dataclass

import numpy as np

from . import _branching, _whole
from ._problem import AllocationProblem

__all__ = ["Allocation", "ProfitCurve", "allocate", "allocate_visits", "profit_curve"]


@dataclass(frozen=True, eq=False)
class Allocation:
    """A plan and the proof of how good it is.

    ``effort (n,)``: visits per period. ``shadow_price (g,)``: what one more hour of
    each budget would bring, money per hour; 0 where hours are left over. With
    S-shaped curves the price is an interval: ``price_low, price_high (g,)`` hold the
    price at the plan and the price of the envelope, in rising order. ``marginal (n,)``:
    contribution of each account's last hour, money per hour. ``hours (g,)``: used.
    ``group_profit, group_bound (g,)``. ``profit``: Σ margin·sales. ``bound``: no plan
    earns more. ``passes``: evaluations of all accounts it took.
    """

    effort: np.ndarray
    shadow_price: np.ndarray
    price_low: np.ndarray
    price_high: np.ndarray
    marginal: np.ndarray
    hours: np.ndarray
    group_profit: np.ndarray
    group_bound: np.ndarray
    passes: int

    @property
    def profit(self):
        """Contribution of the plan, money per period."""
        return float(self.group_profit.sum())

    @property
    def bound(self):
        """Upper bound on the contribution of any plan, money per period."""
        return float(self.group_bound.sum())

    @property
    def gap(self):
        """(bound − profit)/bound: the plan is within this share of the best one."""
        missing = self.bound - self.profit
        return missing / abs(self.bound) if missing > 0 and self.bound else 0.0


@dataclass(frozen=True, eq=False)
class ProfitCurve:
    """Optimal contribution as a function of the budget.

    ``budgets``: hours per period as given. ``profit, bound, shadow_price``: ``(k,)``
    for one group, else ``(k, g)``.
    """

    budgets: np.ndarray
    profit: np.ndarray
    bound: np.ndarray
    shadow_price: np.ndarray


def allocate(
    curves,
    *,
    margin,
    time_per_visit=1.0,
    lower=0.0,
    upper=np.inf,
    budget,
    group=None,
    price=None,
):
    """Return the effort that maximises contribution within each time budget.

    Maximises Σ marginᵢ·salesᵢ(xᵢ) subject to Σ_{i in g} timeᵢ·xᵢ ≤ budget_g and
    lower ≤ x ≤ upper. Concave curves: exact, by Newton's method on the price of an
    hour. S-shaped ones: concave envelope, diving, and branch and bound for groups of
    up to 400 accounts; ``gap`` says what is left. The bound is, for the price λ found,
    Σᵢ max over [l, u] of (marginᵢ·salesᵢ(x) − λ·timeᵢ·x) + Σ λ_g·budget_g, or the
    bound of the branching where that is tighter.

    An account with a margin of zero or less stays at its lower bound. A group whose
    lower bounds use up its budget has one plan; its price is what the first hour more
    would bring, infinite where a curve rises vertically from zero.

    Sources: Zoltners and Sinha 1980 (Management Science 26, 242–260) for formulation
    and envelope; Bretthauer and Shetty 1995 (Operations Research 43, 670–683) for the
    search over multipliers.

    :param curves: ``n`` response functions of :mod:`.response`.
    :param margin: contribution per unit of sales, ``(n,)`` or scalar.
    :param time_per_visit: hours, travel included, > 0, ``(n,)`` or scalar.
    :param lower: visits per period, ``(n,)`` or scalar.
    :param upper: visits per period, may be infinite where the budget is finite.
    :param budget: hours per period, ``(g,)``, or a scalar for every group.
    :param group: ``(n,)`` integers: whose budget an account draws on; None for one.
        Groups without accounts are fine.
    :param price: shadow prices to begin the search at, ``(g,)``, as of a like problem;
        they change how long it takes, not what it finds.
    :raises ValueError: naming argument, index and value; for lower bounds that do not
        fit, the group and the hours missing.
    :rtype: Allocation
    """
    problem = AllocationProblem.build(
        curves,
        margin=margin,
        time_per_visit=time_per_visit,
        lower=lower,
        upper=upper,
        budget=budget,
        group=group,
    )
    return _describe(problem, _branching.solve(problem, price))


def allocate_visits(
    curves,
    *,
    margin,
    time_per_visit=1.0,
    lower=0.0,
    upper=np.inf,
    budget,
    group=None,
):
    """Return the best plan in whole visits.

    The same arguments and errors as :func:`allocate`; ``lower`` and ``upper`` are
    rounded inwards. A multiple-choice knapsack per budget: Lagrangian bound, marginal
    greedy, then exact dynamic programming over the choices whose reduced cost is
    below the remaining gap (Pisinger 1995, European Journal of Operational Research
    83, 394–410). Exact per budget for any curves up to a few hundred accounts; beyond
    the limits of work the answer comes with its gap.

    :rtype: Allocation
    """
    problem = AllocationProblem.build(
        curves,
        margin=margin,
        time_per_visit=time_per_visit,
        lower=_whole.ceiling("lower", lower),
        upper=_whole.floor("upper", upper),
        budget=budget,
        group=group,
    )
    return _describe(problem, _whole.solve(problem))


def _describe(problem, plan):
    marginal = problem.curves._slope(plan.effort)
    with np.errstate(invalid="ignore"):
        marginal *= problem.margin
    marginal /= problem.time
    # no margin on a curve that rises vertically
    np.copyto(marginal, 0.0, where=np.isnan(marginal))
    return Allocation(
        effort=plan.effort,
        shadow_price=plan.price,
        price_low=np.minimum(plan.price, plan.dual),
        price_high=np.maximum(plan.price, plan.dual),
        marginal=marginal,
        hours=problem.total(problem.time * plan.effort),
        group_profit=plan.profit,
        group_bound=plan.bound,
        passes=plan.steps,
    )


def profit_curve(
    curves,
    *,
    margin,
    time_per_visit=1.0,
    lower=0.0,
    upper=np.inf,
    budgets,
    group=None,
):
    """Return optimal profit and shadow price for each of ``k`` budgets.

    :param budgets: hours per period, ``(k,)`` (each for every group) or ``(k, g)``.
    :returns: profit and price ``(k,)`` without ``group``, else ``(k, g)``.
    :rtype: ProfitCurve

    The other arguments and errors are those of :func:`allocate`.
    """
    budgets = np.asarray(budgets, dtype=float)
    if budgets.ndim not in (1, 2):
        raise ValueError(f"budgets must have shape (k,) or (k, g), got {budgets.shape}")
    rows = []
    for budget in budgets:
        found = allocate(
            curves,
            margin=margin,
            time_per_visit=time_per_visit,
            lower=lower,
            upper=upper,
            budget=budget,
            group=group,
        )
        rows.append((found.group_profit, found.group_bound, found.shadow_price))
    if not rows:
        empty = np.empty(budgets.shape)
        return ProfitCurve(budgets, empty, empty, empty)
    profit, bound, price = (np.array(column) for column in zip(*rows, strict=True))
    if group is None and budgets.ndim == 1:
        profit, bound, price = profit[:, 0], bound[:, 0], price[:, 0]
    return ProfitCurve(budgets, profit, bound, price)
