"""Decision calculus: curves from what reps say, and least squares on points."""

import numpy as np
from scipy import optimize

from . import _check
from .curves import Adbudg

#: efforts the five questions ask about, relative to now
ASKED = (0.0, 0.5, 1.0, 1.5, np.inf)
#: an answer counts until visits have become so many times more or fewer
FAR = 3.0


class FittedAdbudg(Adbudg):
    """ADBUDG curves with the sum of squared errors of their fit, ``sse (n,)``."""

    sse: np.ndarray


def from_judgement(points, *, effort=1.0, sales=1.0):
    """Return the ADBUDG curves through five judged points, in closed form.

    With y the sales relative to now at 0, ½, 1, 1½ and endless effort:
    d = (y∞−1)/(1−y₀) and c = ⅓·ln(d(y½−y₀)/(y∞−y½))/ln ½ +
    ⅔·ln(d(y1½−y₀)/(y∞−y1½))/ln 1½. Exact for points of such a curve.

    Source: Little 1970; Lodish 1971 (Management Science 18, P25–P40) for the
    questions.

    :param points: ``(n, 5)``, or ``(j, n, 5)`` of several judges, whose median counts;
        NaN where a judge has no answer, at least one answer per account.
    :param effort: visits per period now, ``(n,)``; 1 for relative effort.
    :param sales: money per period now, ``(n,)``; 1 for relative sales.
    :returns: curves whose ``shape`` is c and, at relative effort, ``half`` is d.
    :raises ValueError: naming row and question if answers do not rise or are NaN.
    :rtype: Adbudg
    """
    points = _pooled(points)
    size = len(points)
    effort = _check.vector("effort", effort, size)
    sales = _check.vector("sales", sales, size)
    _check.require("effort", effort, effort > 0, "positive")
    _check.finite("points", points)
    shape, half = _closed_form(points)
    with np.errstate(over="ignore"):
        half = half * effort**shape
    return Adbudg(sales * points[:, 0], sales * points[:, 4], shape, half)


def _pooled(points):
    points = np.asarray(points, dtype=float)
    if points.ndim not in (2, 3) or points.shape[-1] != len(ASKED):
        raise ValueError(f"points must have shape (n, 5), got {points.shape}")
    if points.ndim == 2:
        return points
    answered = np.isfinite(points).all(axis=2)
    result = np.full(points.shape[1:], np.nan)
    some = answered.any(axis=0)
    seen = np.where(answered[:, some, None], points[:, some], np.nan)
    result[some] = np.nanmedian(seen, axis=0)
    return result


def _closed_form(points):
    """Return c and d, ``(n,)`` each."""
    _check.require("points", points, points >= 0, "zero or more")
    now = np.abs(points[:, 2] - 1) <= 1e-9
    _check.require("points[:, 2]", points[:, 2], now, "1, which is sales now")
    rising = np.ones(points.shape, dtype=bool)
    rising[:, 1:] = np.diff(points, axis=1) > 0
    _check.require("points", points, rising, "above the answer before it")
    none, less, _now, more, most = points.T
    half = (most - 1) / (1 - none)
    below = np.log(half * (less - none) / (most - less)) / np.log(0.5)
    above = np.log(half * (more - none) / (most - more)) / np.log(1.5)
    shape = below / 3 + 2 * above / 3
    return shape, half


def judged_elasticity(points, *, size=None):
    """Return elasticity at today's effort as judged, and the spread of the judges.

    c·(1−y₀)(y∞−1)/(y∞−y₀) of each judge; the median of the judges, and the standard
    error of it from their spread (0 with one judge).

    :param points: ``(n, 5)`` or ``(j, n, 5)``; NaN where there is no answer.
    :raises ValueError: naming row and question if answers do not rise.
    :returns: elasticity, NaN without an answer, and spread, ``(n,)`` each.
    """
    points = np.asarray(points, dtype=float)
    if points.ndim == 2:
        points = points[None]
    if points.ndim != 3 or points.shape[-1] != len(ASKED):
        raise ValueError(f"points must have shape (n, 5), got {points.shape}")
    judges, count = points.shape[:2]
    if size is not None and count != size:
        raise ValueError(f"judgement must have {size} rows, got {count}")
    said = np.full((judges, count), np.nan)
    partly = np.isfinite(points).any(axis=2)
    for judge in range(judges):
        rows = np.flatnonzero(partly[judge])
        answers = points[judge, rows]
        if not np.isfinite(answers).all():
            bad = np.argwhere(~np.isfinite(answers))[0]
            raise ValueError(
                f"judgement[{rows[bad[0]]}, {bad[1]}] must be a finite number, "
                f"got {answers[tuple(bad)]}"
            )
        try:
            shape, _half = _closed_form(answers)
        except ValueError as error:
            raise _renumber(error, answers, rows) from None
        none, most = answers[:, 0], answers[:, 4]
        said[judge, rows] = shape * (1 - none) * (most - 1) / (most - none)
    answered = np.isfinite(said).sum(axis=0)
    some = answered > 0
    middle, spread = np.full(count, np.nan), np.zeros(count)
    middle[some] = np.nanmedian(said[:, some], axis=0)
    several = answered > 1
    spread[several] = np.nanstd(said[:, several], axis=0, ddof=1)
    return middle, spread / np.sqrt(np.maximum(answered, 1))


def rebase_judgement(points, then, now):
    """Return answers given at other efforts, put as relative to today's.

    A judge speaks of the visits there were when asked; later the same curve is read
    around today's visits. Beyond :data:`FAR` times fewer or more it was asked about
    another situation, and nothing is made of it.

    :param points: ``(m, 5)`` complete answers, relative to sales at ``then``.
    :param then: ``(m,)`` visits per period the answers were relative to, positive.
    :param now: ``(m,)`` today's visits per period, positive.
    :returns: ``(m, 5)``, NaN where ``now`` is too far from ``then``.
    :raises ValueError: naming row and question if answers do not rise.
    """
    points = np.array(points, dtype=float)
    if points.ndim != 2 or points.shape[1] != len(ASKED):
        raise ValueError(f"points must have shape (m, 5), got {points.shape}")
    then = _check.vector("then", then, len(points))
    now = _check.vector("now", now, len(points))
    for name, effort in (("then", then), ("now", now)):
        good = (effort > 0) & np.isfinite(effort)
        _check.require(name, effort, good, "positive and finite")
    if not len(points):
        return points
    curves = from_judgement(points)
    ratio = now / then
    moved = np.abs(ratio - 1) > 1e-9
    if moved.any():
        asked = curves.sales(ratio * np.array(ASKED[:4])[:, None]).T
        asked = np.column_stack([asked, points[:, 4]]) / asked[:, 2:3]
        asked[:, 2] = 1.0
        points = np.where(moved[:, None], asked, points)
    points[(ratio > FAR) | (ratio * FAR < 1)] = np.nan
    return points


def _renumber(error, answers, rows):
    """Name the account's row instead of its place among those answered."""
    for place, row in enumerate(rows):
        try:
            _closed_form(answers[place : place + 1])
        except ValueError as single:
            text = str(single).replace("points[0", f"judgement[{row}", 1)
            text = text.replace("points[:, 2][0]", f"judgement[{row}, 2]", 1)
            return ValueError(text)
    return error


def fit_adbudg(effort, sales):
    """Return the least-squares ADBUDG curves through points.

    Base and top are linear given shape and half (variable projection, Golub and
    Pereyra 1973, SIAM Journal on Numerical Analysis 10, 413–432), which leaves a
    search in two dimensions from several starts.

    :param effort: ``(k,)`` visits or any unit, ≥ 0, at least four different ones.
    :param sales: ``(k,)`` or ``(n, k)``.
    :raises ValueError: naming array, index and value.
    :returns: curves with ``sse (n,)``.
    :rtype: FittedAdbudg
    """
    effort = np.asarray(effort, dtype=float)
    sales = np.atleast_2d(np.asarray(sales, dtype=float))
    if effort.ndim != 1 or sales.ndim != 2 or sales.shape[1] != effort.size:
        raise ValueError(f"effort {effort.shape} and sales {sales.shape} do not fit")
    _check.finite("effort", effort)
    _check.finite("sales", sales)
    _check.require("effort", effort, effort >= 0, "zero or more")
    if np.unique(effort).size < 4:
        raise ValueError("effort must hold at least four different values")
    unit = np.median(effort[effort > 0])
    found = np.array([_fit_one(effort / unit, row) for row in sales])
    base, top, shape, half, sse = found.reshape(-1, 5).T
    result = FittedAdbudg(base, top, shape, half * unit**shape)
    result.sse = sse
    return result


def _fit_one(effort, sales):
    """Return base, top, shape, half and the sum of squares of one curve."""
    size = max(np.abs(sales).max(), 1e-300)
    target = sales / size

    def project(log):
        shape, half = np.exp(log)
        share = effort**shape / (half + effort**shape)
        best = None
        design = np.column_stack([1 - share, share])
        weights = np.linalg.lstsq(design, target, rcond=None)[0]
        base, top = weights
        if base < 0:
            base, top = 0.0, (share @ target) / max(share @ share, 1e-300)
        if top < base:
            base = top = target.mean()
        best = base + (top - base) * share - target
        return best, base, top

    starts = [(np.log(c), np.log(d)) for c in (0.6, 1.5, 4.0) for d in (0.1, 1.0, 10.0)]
    results = [
        optimize.least_squares(
            lambda log: project(log)[0],
            start,
            bounds=([-4.0, -12.0], [4.0, 12.0]),
            xtol=1e-14,
            ftol=1e-14,
            gtol=1e-14,
        )
        for start in starts
    ]
    best = min(results, key=lambda result: result.cost)
    rest, base, top = project(best.x)
    shape, half = np.exp(best.x)
    return base * size, top * size, shape, half, (rest @ rest) * size**2


def saturation(elasticity):
    """Return z with z/(e^z − 1) = ``elasticity``, a number between 0 and 1."""
    return optimize.brentq(
        lambda z: z / np.expm1(z) - elasticity, 1e-12, 200.0, xtol=1e-14
    )
