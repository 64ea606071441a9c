"""Little's ADBUDG: concave or S-shaped, from a floor to a ceiling."""

import numpy as np

from .. import _check
from .base import Curves, parameters
from .window import SmoothWindow

#: Newton steps of the inverse slope; four to six are usual
_STEPS = 60


class Adbudg(Curves):
    """``base + (top−base)·x^shape/(half + x^shape)``, see :func:`..response.adbudg`."""

    FIELDS = ("base", "top", "shape", "half")

    def __init__(self, base, top, shape, half):
        base, top, shape, half = parameters(base=base, top=top, shape=shape, half=half)
        _check.require("base", base, base >= 0, "zero or more")
        _check.require("top", top, top >= base, "at least base")
        _check.require("shape", shape, shape > 0, "positive")
        _check.require("half", half, half > 0, "positive")
        self.base, self.top, self.shape, self.half = base, top, shape, half

    def __len__(self):
        return len(self.base)

    def _sales(self, effort):
        with np.errstate(divide="ignore", over="ignore"):
            share = effort**-self.shape
            share *= self.half
            share += 1.0
        return self.base + (self.top - self.base) / share

    def _slope(self, effort):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            odds = effort**self.shape
            odds /= self.half
            result = 1.0 / (1.0 + odds)
            result *= result
            result *= odds
            result /= effort
            result *= (self.top - self.base) * self.shape
        if np.isnan(result.sum()):
            result = self._repair(result, effort, odds)
        return result

    def _repair(self, result, effort, odds):
        """Limits at zero and infinity."""
        with np.errstate(invalid="ignore"):
            first = np.where(
                self.shape < 1,
                np.inf,
                np.where(self.shape == 1, (self.top - self.base) / self.half, 0.0),
            )
        first = np.where(self.top > self.base, first, 0.0)
        result = np.where(effort == 0, first, result)
        return np.where(np.isposinf(odds), 0.0, result)

    def _bend(self, effort):
        with np.errstate(divide="ignore", over="ignore"):
            share = 1.0 / (1.0 + self.half * effort**-self.shape)
        return self.shape - 1.0 - 2.0 * self.shape * share

    def _inflections(self):
        return self.inflection()[None]

    def inflection(self):
        """Return the effort at which the curve turns concave, ``(n,)``; 0 if it is."""
        bend = np.maximum(self.shape - 1.0, 0.0) / (self.shape + 1.0)
        return (self.half * bend) ** (1.0 / self.shape)

    def tangent(self):
        """Return where the ray from zero effort touches the curve, ``(n,)``."""
        return (self.half * np.maximum(self.shape - 1.0, 0.0)) ** (1.0 / self.shape)

    def window(self, lower, upper, sign):
        rising = (sign > 0) & (self.top > self.base)
        upper = np.where(rising, upper, lower)
        touch, log_jump = self._envelope(lower, upper, rising)
        inverse = self._inverse(rising, touch)
        knee = None if log_jump is None else self.inflection()
        return SmoothWindow(inverse, lower, touch, upper, log_jump, self._slope, knee)

    def _envelope(self, lower, upper, rising):
        """Tangent point and slope of the straight piece of S-shaped accounts."""
        curved = np.flatnonzero(rising & (self.shape > 1) & (upper > lower))
        if curved.size:
            curved = curved[lower[curved] < self.inflection()[curved]]
        if not curved.size:
            return lower, None
        part = self.take(curved)
        first, last = lower[curved], upper[curved]
        point = part.tangent()
        raised = np.flatnonzero(first > 0)
        if raised.size:
            point[raised] = part.take(raised)._tangent_from(first[raised])
        chord = point >= last
        point = np.minimum(point, last)
        with np.errstate(divide="ignore", invalid="ignore"):
            rise = np.where(
                chord,
                (part._sales(point) - part._sales(first)) / (point - first),
                part._slope(point),
            )
            rise = np.log(rise)
        touch, log_jump = lower.copy(), np.full(len(self), np.inf)
        touch[curved], log_jump[curved] = point, rise
        return touch, log_jump

    def _tangent_from(self, start):
        """Tangent points from ``start`` below the inflection, by bisection."""
        low, high = np.log(self.inflection()), np.log(self.tangent())
        level = self._sales(start)
        for _step in range(60):
            middle = 0.5 * (low + high)
            point = np.exp(middle)
            short = self._sales(point) - level < self._slope(point) * (point - start)
            low = np.where(short, middle, low)
            high = np.where(short, high, middle)
        return np.exp(high)

    def _inverse(self, rising, touch):
        with np.errstate(divide="ignore"):
            level = np.log((self.top - self.base) * self.shape)
        level -= np.log(self.half) / self.shape
        if not rising.all():
            level = np.where(rising, level, 0.0)
        return _InverseSlope(self.shape, self.half, level, touch, rising)


class _InverseSlope:
    """Effort on the concave tail at which the slope is ``exp(log_price)``.

    With w = ln(x^shape/half), ln slope = level + h(w), h(w) = (1−1/shape)·w −
    2·ln(1+e^w): concave and, right of the inflection, falling in w. Halley's method,
    started from the answer to the last price. Above the slope at ``touch`` an S-shape
    has no answer; any point is given, and the window puts it at ``touch``.
    """

    #: a Halley step this small leaves an error of rounding size
    _SMALL = 3e-5

    def __init__(self, shape, half, level, touch, rising):
        self.power = 1.0 / shape
        self.log_half = np.log(half)
        self.level = level
        self.left = 1.0 - self.power
        self.right_inverse = -1.0 / (1.0 + self.power)
        bounded = self.left == 0
        self.bounded = bounded if bounded.any() else None
        self.w = self.target = self.rate = self.limit = None
        if (shape > 1).any():
            self._limits(shape, touch, rising)

    def _limits(self, shape, touch, rising):
        """Highest target an S-shape answers, and the one asked in its place."""
        with np.errstate(divide="ignore"):
            w = shape * np.log(touch) - self.log_half
        known = np.isfinite(w)
        w = np.where(known, w, 0.0)
        limit = self.left * w - 2.0 * np.log1p(np.exp(w))
        limit = np.where(rising & known, limit, -np.inf)
        self.limit = np.where(shape > 1, limit, np.inf)
        w = np.maximum(w, 0.0) + 1.0
        self.instead = self.left * w - 2.0 * np.log1p(np.exp(w))

    def __call__(self, log_price):
        target = np.clip(log_price - self.level, -1e6, 1e6)
        if self.limit is not None:
            np.copyto(target, self.instead, where=target >= self.limit)
        # the asymptote for many visits lies right of the answer
        most = target * self.right_inverse
        if self.w is None:
            w = self._first(target, most)
        else:
            w = target - self.target
            with np.errstate(divide="ignore", invalid="ignore"):
                w /= self.rate
            w += self.w
            np.fmin(w, most, out=w)
        np.clip(w, -700.0, 700.0, out=w)
        rate = np.empty_like(w)
        _halley(w, self.left, target, most, rate, self._SMALL)
        self.w, self.target, self.rate = w, target, rate
        effort = w + self.log_half
        effort *= self.power
        with np.errstate(over="ignore"):
            np.exp(effort, out=effort)
        change = effort * self.power
        change /= rate
        if self.bounded is not None:
            # a finite slope at zero: nothing pays above it
            beyond = self.bounded & (target >= 0)
            effort[beyond] = change[beyond] = 0.0
        if self.limit is not None:
            effort[log_price - self.level >= self.limit] = 0.0
        return effort, change

    def _first(self, target, most):
        """Start where both asymptotes, or the case shape = 1, say."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            few = target / self.left
            w = np.where((self.left < 0) & (target > 0), np.minimum(few, most), most)
            middle = np.log(np.expm1(np.maximum(-0.5 * target, 1e-300)))
        near = (np.abs(self.left) < 0.1) & (target < 0) & np.isfinite(middle)
        return np.where(near, middle, w)


def _halley(w, left, target, most, rate, small):
    """Solve h(w) = target in place; ``rate`` receives h'(w)."""
    for _step in range(_STEPS):
        odds = np.exp(w)
        value = np.log1p(odds)
        value *= -2.0
        value += left * w
        value -= target
        share = odds / (1.0 + odds)
        np.multiply(share, -2.0, out=rate)
        rate += left
        with np.errstate(divide="ignore", invalid="ignore"):
            value /= rate
            share *= 1.0 - share
            share *= value
            share /= rate
        share += 1.0
        np.maximum(share, 0.5, out=share)
        value /= share
        np.subtract(w, value, out=value)
        # a vanishing slope sends the step far out: the asymptote is nearer
        np.fmin(value, most, out=value)
        np.fmax(value, -700.0, out=value)
        np.fmin(value, 700.0, out=value)
        np.subtract(w, value, out=share)
        w[:] = value
        np.abs(share, out=value)
        if value.max(initial=0.0) < small:
            return
        slow = np.flatnonzero(value >= small)
        if slow.size < 0.2 * w.size:
            part, slope = w[slow], rate[slow]
            _halley(part, left[slow], target[slow], most[slow], slope, small)
            w[slow], rate[slow] = part, slope
            return
