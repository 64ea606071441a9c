"""This month's whole visits, given what was just visited.

A visit works for months. Goodwill before this period is G = Σ visits·δ^age (age 0 is
the last period); a steady effort x keeps (1−δ)·G at x, so the response curve is read at
(1−δ)·G. With k visits this period the long-run sales they add are
(1/(1−δ))·[s((1−δ)(δG+k)) − s((1−δ)δG)]: an account visited last week ranks below its
twin that has not been seen for a quarter.

Source: Nerlove, M. and Arrow, K. J. (1962), Optimal advertising policy under dynamic
conditions, Economica 29, 129–142. Its steady state is the optimum of
:mod:`.allocation`.
"""

import numpy as np

from . import _check, response

__all__ = ["goodwill", "month_curves"]


def goodwill(effort, *, carry_over):
    """Return the stock of past visits before the coming period.

    :param effort: ``(n, t)`` visits per period, oldest first.
    :param carry_over: share of goodwill left after a period, in [0, 1).
    :returns: Σ visits·carry_over^age in visits, ``(n,)``.
    :raises ValueError: naming row and value.
    """
    effort = np.asarray(effort, dtype=float)
    if effort.ndim != 2:
        raise ValueError(f"effort must have shape (n, t), got {effort.shape}")
    _check.finite("effort", effort)
    _check.require("effort", effort, effort >= 0, "zero or more")
    _check_carry_over(carry_over)
    age = np.arange(effort.shape[1])[::-1]
    return effort @ np.power(float(carry_over), age)


def month_curves(curves, stock, *, carry_over, most, floor=None, ceiling=None):
    """Return what k = 0, 1, … visits this period add in the long run.

    :param curves: ``n`` response functions of steady effort, visits per period.
    :param stock: ``(n,)`` goodwill before this period, see :func:`goodwill`.
    :param carry_over: share of goodwill left after a period, in [0, 1).
    :param most: tabulate up to this many visits, ≥ 0.
    :param floor: ``(n,)`` effort below which curves are continued by their tangent, so
        that a long pause does not count as all sales lost; None to take them as they
        are.
    :param ceiling: ``(n,)`` effort above which nothing more is believed; None for none.
    :returns: tabulated curves of money over visits, for
        :func:`.allocation.allocate_visits`.
    :raises ValueError: naming argument, index and value.
    :rtype: odoo.addons.territory_planning.engine.response.Curves
    """
    size = len(curves)
    stock = _check.vector("stock", stock, size)
    _check.finite("stock", stock)
    _check.require("stock", stock, stock >= 0, "zero or more")
    _check_carry_over(carry_over)
    _check.require("most", most, most >= 0, "zero or more")
    visits = np.arange(int(most) + 1)
    keep = 1.0 - carry_over
    steady = keep * (carry_over * stock + visits[:, None])
    if ceiling is not None:
        ceiling = _check.vector("ceiling", ceiling, size)
        _check.require("ceiling", ceiling, ceiling >= 0, "zero or more")
        # who is above it already has nothing to gain, and nothing to lose by it
        steady = np.minimum(steady, np.maximum(ceiling, steady[0]))
    if floor is None:
        sales = curves.sales(steady)
    else:
        floor = _check.vector("floor", floor, size)
        _check.require("floor", floor, floor > 0, "positive")
        sales = curves.sales(np.maximum(steady, floor))
        sales -= np.maximum(floor - steady, 0.0) * curves.slope(floor)
    return response.tabulated(visits, ((sales - sales[0]) / keep).T)


def _check_carry_over(carry_over):
    good = 0 <= carry_over < 1
    _check.require("carry_over", carry_over, good, "at least 0 and below 1")
