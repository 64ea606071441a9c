"""Sales response functions: money per period as a function of visits per period.

Each constructor takes numbers or arrays ``(n,)`` and returns :class:`Curves`, a
vector of ``n`` functions with ``sales(effort)``, ``slope(effort)`` and ``len()``.
A parameter that could not have been meant raises :class:`ValueError` naming the
parameter, the index and the value.
"""

from itertools import pairwise

from .curves import Adbudg, Curves, ModifiedExponential, Power, Stacked, Tabulated

__all__ = [
    "Curves",
    "adbudg",
    "modified_exponential",
    "power",
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
