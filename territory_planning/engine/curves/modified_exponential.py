"""Modified exponential response: concave with a ceiling."""

import numpy as np

from .. import _check
from .base import Curves, parameters
from .window import SmoothWindow


class ModifiedExponential(Curves):
    """``base + potential·(1−e^(−rate·x))``, see
    :func:`..response.modified_exponential`."""

    FIELDS = ("base", "potential", "rate")

    def __init__(self, base, potential, rate):
        base, potential, rate = parameters(base=base, potential=potential, rate=rate)
        _check.require("base", base, base >= 0, "zero or more")
        _check.require("potential", potential, potential >= 0, "zero or more")
        _check.require("rate", rate, rate > 0, "positive")
        self.base, self.potential, self.rate = base, potential, rate

    def __len__(self):
        return len(self.base)

    def _sales(self, effort):
        return self.base - self.potential * np.expm1(-self.rate * effort)

    def _slope(self, effort):
        result = -self.rate * effort
        np.exp(result, out=result)
        result *= self.potential * self.rate
        return result

    def _bend(self, effort):
        return -self.rate * effort

    def window(self, lower, upper, sign):
        rising = (sign > 0) & (self.potential > 0)
        upper = np.where(rising, upper, lower)
        with np.errstate(divide="ignore"):
            log_first = np.log(self.potential * self.rate)
        if not rising.all():
            log_first = np.where(rising, log_first, 0.0)
        change = -1.0 / self.rate

        def inverse(log_price):
            effort = log_price - log_first
            effort *= change
            return effort, change.copy()

        window = SmoothWindow(inverse, lower, lower, upper, None, self._slope)
        window.power_like = False
        return window
