"""Power response: constant elasticity."""

import numpy as np

from .. import _check
from .base import Curves, parameters
from .window import SmoothWindow


class Power(Curves):
    """``base + scale·x^elasticity``, see :func:`..response.power`."""

    FIELDS = ("base", "scale", "elasticity")

    def __init__(self, base, scale, elasticity):
        base, scale, elasticity = parameters(
            base=base, scale=scale, elasticity=elasticity
        )
        _check.require("base", base, base >= 0, "zero or more")
        _check.require("scale", scale, scale >= 0, "zero or more")
        _check.require(
            "elasticity",
            elasticity,
            (elasticity >= 0) & (elasticity <= 1),
            "between 0 and 1",
        )
        self.base, self.scale, self.elasticity = base, scale, elasticity

    def __len__(self):
        return len(self.base)

    def _sales(self, effort):
        return self.base + self.scale * effort**self.elasticity

    def _slope(self, effort):
        with np.errstate(divide="ignore", invalid="ignore"):
            result = effort ** (self.elasticity - 1.0)
            result *= self.scale * self.elasticity
        # 0·inf: a curve that never rises has no slope at zero either
        if np.isnan(result.sum()):
            np.nan_to_num(result, copy=False, nan=0.0, posinf=np.inf)
        return result

    def _bend(self, effort):
        return np.broadcast_to(self.elasticity - 1.0, effort.shape)

    def window(self, lower, upper, sign):
        rising = (sign > 0) & (self.scale > 0) & (self.elasticity > 0)
        upper = np.where(rising, upper, lower)
        straight = rising & (self.elasticity == 1)
        touch, log_jump = lower, None
        with np.errstate(divide="ignore"):
            log_first = np.log(self.scale * self.elasticity)
            power = -1.0 / (1.0 - self.elasticity)
        if straight.any():
            touch = np.where(straight, upper, lower)
            log_jump = np.where(straight, log_first, np.inf)
            power = np.where(straight, -1.0, power)
        if not rising.all():
            log_first = np.where(rising, log_first, 0.0)

        def inverse(log_price):
            effort = log_price - log_first
            effort *= power
            # at a price near nothing; what is beyond the bounds is cut off anyway
            with np.errstate(over="ignore"):
                np.exp(effort, out=effort)
                return effort, effort * power

        return SmoothWindow(inverse, lower, touch, upper, log_jump, self._slope)
