"""The validated data of an allocation."""

from dataclasses import InitVar, dataclass, field

import numpy as np

from . import _check
from .curves import Curves

#: relative overdraft of a budget by lower bounds that is taken for rounding
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class AllocationProblem:
    """Maximise Σ marginᵢ·salesᵢ(xᵢ) with Σ_{i in g} timeᵢ·xᵢ ≤ budget_g, l ≤ x ≤ u.

    Arrays are over ``n`` accounts, ``budget`` and ``slack`` (hours beyond the lower
    bounds) over ``g`` groups; ``group`` is None for a single one. With ``spare (g,)``
    given, the budget is what the lower bounds need and that on top.
    """

    curves: Curves
    margin: np.ndarray
    time: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    budget: np.ndarray
    group: np.ndarray | None
    slack: np.ndarray = field(init=False)
    spare: InitVar[np.ndarray | None] = None

    @classmethod
    def build(cls, curves, *, margin, time_per_visit, lower, upper, budget, group):
        """Broadcast scalars; see :func:`.allocation.allocate` for the arguments."""
        if not isinstance(curves, Curves):
            raise ValueError(f"curves must come from response.py, got {curves!r}")
        size = len(curves)
        group, budget = _groups(group, budget, size)
        return cls(
            curves,
            _check.vector("margin", margin, size),
            _check.vector("time_per_visit", time_per_visit, size),
            _check.vector("lower", lower, size),
            _check.vector("upper", upper, size),
            budget,
            group,
        )

    def __post_init__(self, spare):
        time, lower, upper, budget = self.time, self.lower, self.upper, self.budget
        _check.finite("margin", self.margin)
        good = (time > 0) & (time < np.inf)
        _check.require("time_per_visit", time, good, "positive and finite")
        good = (lower >= 0) & (lower < np.inf)
        _check.require("lower", lower, good, "zero or more and finite")
        _check.require("upper", upper, upper >= lower, "at least lower")
        _check.require("budget", budget, budget >= 0, "zero or more")
        needed = self.total(time * lower) if lower.any() else np.zeros(budget.size)
        if spare is not None:
            budget = needed + spare
            object.__setattr__(self, "budget", budget)
        over = needed - budget
        bad = over > ROUNDING * np.maximum(needed, budget)
        if bad.any():
            group = int(np.argmax(bad))
            raise ValueError(
                f"lower bounds of group {group} need {needed[group]:.10g} hours, "
                f"{over[group]:.10g} more than its budget of {budget[group]:.10g}"
            )
        slack = np.maximum(-over, 0.0)
        slack[(slack <= 1e-15 * budget) & np.isfinite(slack)] = 0.0
        object.__setattr__(self, "slack", slack)
        if np.isinf(budget).any():
            free = np.isinf(self.affordable()) & (self.margin > 0)
            _check.require("upper", upper, ~free, "finite where the budget is not")

    def total(self, values):
        """Sum ``values (n,)`` per group."""
        if self.group is None:
            return np.array([values.sum()])
        return np.bincount(self.group, weights=values, minlength=len(self.budget))

    def of(self, values):
        """Spread ``values (g,)`` over the accounts, ``(n,)`` or a scalar."""
        return values[0] if self.group is None else values[self.group]

    def members(self, group):
        """Return the indices of the accounts of one group."""
        if self.group is None:
            return np.arange(len(self.curves))
        return np.flatnonzero(self.group == group)

    def affordable(self):
        """Return ``upper``, tightened to what the budget can pay for, ``(n,)``."""
        limit = self.of(self.slack) / self.time
        limit += self.lower
        return np.minimum(limit, self.upper, out=limit)


def _groups(group, budget, size):
    """Check group indices against budgets; a scalar budget is for every group."""
    budget = _check.vector("budget", budget)
    if group is None:
        if budget.ndim and budget.size != 1:
            raise ValueError(
                f"group must be given with {budget.size} budgets, got None"
            )
        return None, np.array(budget.reshape(1))
    group = np.asarray(group)
    if group.shape != (size,):
        raise ValueError(f"group must have shape ({size},), got {group.shape}")
    if not np.issubdtype(group.dtype, np.integer):
        whole = group == np.floor(group)
        _check.require("group", group, whole, "a whole number")
    group = group.astype(np.intp, copy=False)
    if budget.ndim == 0:
        count = int(group.max(initial=0)) + 1
        budget = np.full(count, float(budget))
    if size and (group.min() < 0 or group.max() >= budget.size):
        good = (group >= 0) & (group < budget.size)
        _check.require("group", group, good, f"between 0 and {budget.size - 1}")
    return (None if budget.size == 1 else group), np.array(budget)
