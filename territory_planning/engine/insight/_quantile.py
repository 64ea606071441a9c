"""Linear quantile regression by the Frisch–Newton interior point method.

The dual is the linear programme max y'd, X'd = (1−τ)X'1, 0 ≤ d ≤ 1, whose normal equations
are as large as there are columns, so rows cost next to nothing.

Source: Portnoy & Koenker 1997 (Statistical Science 12, 279–300); Koenker 2005, Quantile
Regression, ch. 3 (errors, with Hall & Sheather's bandwidth) and ch. 6 (method).
"""

import numpy as np
from scipy.special import ndtri

_ROUNDS, _DAMP = 100, 0.99995


def solve(matrix, value, quantile):
    """Return coefficients ``(p,)`` that minimise the sum of quantile losses.

    :param matrix: ``(n, p)`` of full column rank.
    :param value: ``(n,)``.
    :raises ArithmeticError: where the method does not converge.
    """
    size = len(value)
    scale = float(np.abs(value - np.median(value)).mean()) or 1.0
    cost, columns = -value / scale, np.ascontiguousarray(matrix.T)
    rhs = (1 - quantile) * matrix.sum(axis=0)
    d = np.full(size, 1 - quantile)
    slack = 1 - d
    y = np.linalg.lstsq(matrix, cost, rcond=None)[0]
    rest = cost - matrix @ y
    rest = np.where(np.abs(rest) < 1e-6, 1e-3, rest)
    z, w = np.maximum(rest, 0) + 1e-3, np.maximum(-rest, 0) + 1e-3
    for _round in range(_ROUNDS):
        gap = z @ d + w @ slack
        if gap < 1e-9 * size:
            return -y * scale
        primal = rhs - columns @ d
        dual = cost - matrix @ y - z + w
        weight = 1.0 / (z / d + w / slack)
        root = _factor((columns * weight) @ matrix)
        # predictor: straight for the optimum
        r = dual + z - w
        step_y = root(primal + columns @ (weight * r))
        step_d = weight * (matrix @ step_y - r)
        step_z = -z - z * step_d / d
        step_w = -w + w * step_d / slack
        along = _reach(d, step_d, slack, -step_d)
        across = _reach(z, step_z, w, step_w)
        # corrector: towards the centre, second order
        after = (z + across * step_z) @ (d + along * step_d)
        after += (w + across * step_w) @ (slack - along * step_d)
        mu = (after / gap) ** 3 * gap / (2 * size)
        first = (mu - step_d * step_z) / d
        second = (mu + step_d * step_w) / slack
        r = dual + z - first - w + second
        step_y = root(primal + columns @ (weight * r))
        step_d = weight * (matrix @ step_y - r)
        step_z = first - z - z * step_d / d
        step_w = second - w + w * step_d / slack
        along = _reach(d, step_d, slack, -step_d)
        across = _reach(z, step_z, w, step_w)
        d, slack = d + along * step_d, slack - along * step_d
        y, z, w = y + across * step_y, z + across * step_z, w + across * step_w
    raise ArithmeticError(f"no optimum after {_ROUNDS} rounds, gap {gap:.1e}")


def _factor(square):
    square = square + np.eye(len(square)) * (1e-13 * np.trace(square) + 1e-300)
    lower = np.linalg.cholesky(square)
    return lambda b: np.linalg.solve(lower.T, np.linalg.solve(lower, b))


def _reach(first, step, second, other):
    """Longest step, up to 1, that keeps both positive."""
    longest = 1.0
    for values, change in ((first, step), (second, other)):
        down = change < 0
        if down.any():
            longest = min(longest, _DAMP * float((values[down] / -change[down]).min()))
    return longest


def covariance(matrix, rest, quantile):
    """Sandwich covariance ``(p, p)`` of the coefficients, by a kernel estimate of the
    density at the quantile (Powell), so that spread may differ between rows."""
    size = len(rest)
    normal = ndtri(quantile)
    density = np.exp(-(normal**2) / 2) / np.sqrt(2 * np.pi)
    width = size ** (-1 / 3) * ndtri(0.975) ** (2 / 3)
    width *= (1.5 * density**2 / (2 * normal**2 + 1)) ** (1 / 3)
    low, high = max(quantile - width, 0.02), min(quantile + width, 0.98)
    middle = np.percentile(rest, [25, 75])
    spread = min(rest.std(), (middle[1] - middle[0]) / 1.34) or rest.std() or 1.0
    band = spread * (ndtri(high) - ndtri(low)) / 2
    near = np.exp(-((rest / band) ** 2) / 2) / (band * np.sqrt(2 * np.pi))
    bread = (matrix.T * near) @ matrix
    meat = quantile * (1 - quantile) * matrix.T @ matrix
    bread += np.eye(len(bread)) * 1e-9 * np.trace(bread)
    inverse = np.linalg.pinv(bread)
    return inverse @ meat @ inverse
