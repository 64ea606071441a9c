"""Sales response functions: money per period as a function of visits per period.

Each constructor takes numbers or arrays ``(n,)`` and returns :class:`Curves`, a
vector of ``n`` functions with ``sales(effort)``, ``slope(effort)`` and ``len()``.
A parameter that could not have been meant raises :class:`ValueError` naming the
parameter, the index and the value.
"""

from itertools import pairwise

import numpy as np

from . import _check
from .curves import (
    Adbudg,
    Curves,
    ModifiedExponential,
    Power,
    Products,
    Stacked,
    Tabulated,
)

__all__ = [
    "Curves",
    "adbudg",
    "modified_exponential",
    "power",
    "products",
    "stack",
    "tabulated",
]


def adbudg(base, top, shape, half):
    """Return Little's curves ``base + (top−base)·x^shape/(half + x^shape)``.

    Concave for ``shape`` ≤ 1, S-shaped above it: inflection at
    ``(half·(shape−1)/(shape+1))^(1/shape)``, the ray from zero effort touches at
    ``(half·(shape−1))^(1/shape)``.

    Source: Little, J. D. C. (1970), Models and managers: the concept of a decision
    calculus, Management Science 16 (8), B466–B485.

    :param base: sales without a visit, money per period, ≥ 0, ``(n,)`` or scalar.
    :param top: sales with as many visits as one likes, ≥ ``base``.
    :param shape: dimensionless, > 0.
    :param half: ``x^shape`` at which half the way from base to top is gone, > 0.
    :raises ValueError: naming parameter, index and value.
    :rtype: Curves
    """
    return Adbudg(base, top, shape, half)


def modified_exponential(base, potential, rate):
    """Return concave curves ``base + potential·(1−e^(−rate·x))``.

    Source: Mantrala, M. K., Sinha, P. and Zoltners, A. A. (1992), Impact of resource
    allocation rules on marketing investment-level decisions and profitability,
    Journal of Marketing Research 29 (2), 162–175.

    :param base: sales without a visit, money per period, ≥ 0, ``(n,)`` or scalar.
    :param potential: what visits can add at most, money per period, ≥ 0.
    :param rate: per visit, > 0.
    :raises ValueError: naming parameter, index and value.
    :rtype: Curves
    """
    return ModifiedExponential(base, potential, rate)


def power(base, scale, elasticity):
    """Return curves ``base + scale·x^elasticity``.

    Sources: Beswick, C. A. (1977), Allocating selling effort via dynamic
    programming, Management Science 23 (7), 667–678; Skiera, B. and Albers, S. (1998),
    COSTA: contribution optimizing sales territory alignment, Marketing Science
    17 (3), 196–213.

    :param base: sales without a visit, money per period, ≥ 0, ``(n,)`` or scalar.
    :param scale: what the first visit adds, money per period, ≥ 0.
    :param elasticity: of the added sales to effort, between 0 and 1.
    :raises ValueError: naming parameter, index and value.
    :rtype: Curves
    """
    return Power(base, scale, elasticity)


def tabulated(effort, sales):
    """Return curves of straight lines through judged points.

    They need not be concave, nor rise. Outside the points sales stay at the first
    and the last. A plan in whole visits on whole-numbered points is exact.

    Source: Lodish, L. M. (1971), CALLPLAN: an interactive salesman's call planning
    system, Management Science 18 (4-II), P25–P40.

    :param effort: ``(k,)`` visits per period, rising, shared by all accounts.
    :param sales: ``(n, k)`` money per period.
    :raises ValueError: naming array, index and value.
    :rtype: Curves
    """
    return Tabulated(effort, sales)


def products(curves, margin, *, share=1.0):
    """Return what visits that sell several products earn: Σ_p margin_p·sales_p(x).

    One visit works on all products at once, each with its own curve and its own margin,
    so an account has one effort and the sum of the contributions. The result is
    contribution already: pass it on with ``margin=1.0``. Its optimum is no average of
    the products' optima, and a sum of S-shapes may have several bends; the envelope
    follows all of them.

    Source: Lodish, L. M., Curtis, E., Ness, M. and Simpson, M. K. (1988), Sales force
    sizing and deployment using a decision calculus model at Syntex Laboratories,
    Interfaces 18 (1), 5–20.

    :param curves: ``p`` :class:`Curves` over the same ``n`` accounts, all of smooth
        families or all tabulated.
    :param margin: contribution per unit of sales, ≥ 0, ``(p,)`` or ``(p, n)``.
    :param share: part of each visit that a product gets, so that its effort is
        ``share·x``; ≥ 0, ``(p,)``, ``(p, n)`` or a scalar; 1 where a visit is for all
        products alike, the same for all accounts where curves are tabulated.
    :raises ValueError: naming argument, index and value.
    :rtype: Curves
    """
    parts = list(curves)
    if not parts:
        raise ValueError("curves must hold at least one product")
    for index, part in enumerate(parts):
        if not isinstance(part, Curves):
            raise ValueError(f"curves[{index}] must be Curves, got {part!r}")
        if len(part) != len(parts[0]):
            raise ValueError(
                f"curves[{index}] must have {len(parts[0])} accounts, got {len(part)}"
            )
    shape = (len(parts), len(parts[0]))
    margin, share = (
        _by_product("margin", margin, shape),
        _by_product("share", share, shape),
    )
    judged = [_is_judged(part) for part in parts]
    if not any(judged):
        return Products(parts, margin, share)
    if not all(isinstance(part, Tabulated) for part in parts):
        raise ValueError(
            f"curves[{judged.index(True)}] must not be tabulated unless all products are"
        )
    return _sum_of_tables(parts, margin, share)


def _is_judged(part):
    if isinstance(part, Stacked | Products):
        return any(map(_is_judged, part.parts))
    return isinstance(part, Tabulated)


def _by_product(name, values, shape):
    try:
        values = np.asarray(values, dtype=float)
        if values.ndim == 1:
            values = values[:, None]
        values = np.array(np.broadcast_to(values, shape))
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{name} must be a number, ({shape[0]},) or {shape}: {error}"
        ) from error
    good = (values >= 0) & np.isfinite(values)
    _check.require(name, values, good, "zero or more and finite")
    return values


def _sum_of_tables(parts, margin, share):
    """Straight lines add up to straight lines, with the points of all."""
    same = (share == share[:, :1]).all(axis=1)
    for index in np.flatnonzero(~same)[:1]:
        raise ValueError(
            f"share[{index}] must be one number where curves are tabulated"
        )
    worth = [
        (part, weight, part_share[0])
        for part, weight, part_share in zip(parts, margin, share, strict=True)
        if part_share.size and part_share[0] > 0
    ]
    points = [part.effort / factor for part, _weight, factor in worth]
    effort = np.unique(np.concatenate(points)) if points else np.zeros(1)
    total = np.zeros((len(parts[0]), effort.size))
    for part, weight, factor in zip(parts, margin, share[:, :1], strict=True):
        at = effort[:, None] * (factor if factor.size else 1.0)
        at = np.broadcast_to(at, (effort.size, len(part)))
        total += weight[:, None] * part._sales(at).T
    return Tabulated(effort, total)


def stack(curves):
    """Return several :class:`Curves`, of any families, as one, in their order.

    :param curves: an iterable of :class:`Curves`, possibly none.
    :raises ValueError: if something else is among them.
    :rtype: Curves
    """
    curves = list(curves)
    for index, part in enumerate(curves):
        if not isinstance(part, Curves):
            raise ValueError(f"curves[{index}] must be Curves, got {part!r}")
    ends = [0]
    for part in curves:
        ends.append(ends[-1] + len(part))
    if len(curves) == 1:
        return curves[0]
    places = [slice(first, last) for first, last in pairwise(ends)]
    return Stacked(curves, places, ends[-1])
