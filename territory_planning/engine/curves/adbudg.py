"""Little's ADBUDG: concave or S-shaped, from a floor to a ceiling."""

import numpy as np

from .. import _check
from .base import Curves, parameters
from .window import SmoothWindow

#: Newton steps of the inverse slope; four to six are usual
_STEPS = 60


class Adbudg(Curves):
    """``base + (top−base)·x^shape/(half + x^shape)``, see :func:`..response.adbudg`."""

    def __init__(self, base, top, shape, half):
        base, top, shape, half = parameters(base=base, top=top, shape=shape, half=half)
        _check.require("base", base, base >= 0, "zero or more")
        _check.require("top", top, top >= base, "at least base")
        _check.require("shape", shape, shape > 0, "positive")
        _check.require("half", half, half > 0, "positive")
        self.base, self.top, self.shape, self.half = base, top, shape, half

    def __len__(self):
        return len(self.base)

    def take(self, index):
        return Adbudg(
            self.base[index], self.top[index], self.shape[index], self.half[index]
        )

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
        inverse = self._inverse(rising, log_jump)
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

    def _inverse(self, rising, log_jump):
        """Inverse slope on the concave tail.

        With w = ln(x^shape/half), ln slope = constant + (1−1/shape)·w −
        2·ln(1+e^w): concave and, right of the inflection, falling in w. Newton from
        the asymptotes, which lie right of the root, descends to it monotonically.
        """
        inverse_shape = 1.0 / self.shape
        log_half = np.log(self.half)
        left, right = 1.0 - inverse_shape, -1.0 - inverse_shape
        with np.errstate(divide="ignore"):
            level = np.log((self.top - self.base) * self.shape)
        level -= log_half * inverse_shape
        if not rising.all():
            level = np.where(rising, level, 0.0)
        steep = left < 0
        bounded = left == 0
        bounded = bounded if bounded.any() else None
        with np.errstate(divide="ignore"):
            left_inverse = np.where(steep, 1.0 / np.where(steep, left, -1.0), 0.0)
        right_inverse = 1.0 / right

        def inverse(log_price):
            if log_jump is not None:
                log_price = np.minimum(log_price, log_jump)
            target = log_price - level
            w = target * right_inverse
            if steep.any():
                first = np.where(steep & (target > 0), target * left_inverse, np.inf)
                np.minimum(w, first, out=w)
            np.clip(w, -700.0, 700.0, out=w)
            for _step in range(_STEPS):
                small = np.exp(-np.abs(w))
                soft = np.maximum(w, 0.0) + np.log1p(small)
                logistic = np.where(w > 0, 1.0, small) / (1.0 + small)
                rate = left - 2.0 * logistic
                with np.errstate(divide="ignore", invalid="ignore"):
                    move = (left * w - 2.0 * soft - target) / rate
                np.copyto(move, 0.0, where=~(np.abs(move) < 1e3))
                w -= move
                np.clip(w, -700.0, 700.0, out=w)
                if np.abs(move).max(initial=0.0) < 1e-12:
                    break
            with np.errstate(over="ignore", divide="ignore"):
                effort = np.exp((w + log_half) * inverse_shape)
                rate = left - 2.0 / (1.0 + np.exp(-w))
            change = effort * inverse_shape / rate
            if bounded is not None:
                # a finite slope at zero: nothing pays above it
                beyond = bounded & (target >= 0)
                effort[beyond] = change[beyond] = 0.0
            return effort, change

        return inverse
