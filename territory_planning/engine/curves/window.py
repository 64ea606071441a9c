"""Concave envelopes of response functions between bounds.

The Lagrangian of an allocation asks every account the same question: at this
price of a visit, how many? :class:`Window` answers for all accounts at once. A
smooth curve is ``flat start, straight line, concave tail``: below a price
``exp(log_jump)`` the answer leaves ``lower`` for ``touch`` in one jump (the tangent
point of an S-shape) and then follows the curve up to ``upper``.
"""

from abc import ABC, abstractmethod

import numpy as np


class Window(ABC):
    """Best responses to a price of effort on ``[lower, upper]``, ``(n,)`` each."""

    #: whether effort is closer to a power of the price than to its logarithm
    power_like = True
    #: whether any answer jumps at some price
    jumping = False

    @abstractmethod
    def respond(self, log_price):
        """Answer a price.

        :param log_price: ``(n,)`` natural logarithm of money per visit.
        :returns: the effort that maximises envelope − price·effort, ``(n,)``, and
            its derivative with respect to ``log_price`` (zero at bounds).
        """

    @abstractmethod
    def start(self):
        """Return the logarithm of the envelope's slope at ``lower``, ``(n,)``."""

    @abstractmethod
    def end(self):
        """Return the effort answered at a price of zero, ``(n,)``."""

    @abstractmethod
    def segment(self, effort):
        """Return the ends of the straight piece of the envelope around ``effort``.

        Both equal ``effort`` where the envelope is the curve itself.

        :returns: start, end and a point between them to branch at, ``(n,)`` each.
        """

    def jumps(self):
        """Return where answers jump: log price, account and effort, ``(m,)`` each.

        None if no answer ever jumps.
        """
        return None

    def knees(self):
        """Return from where each curve itself is concave, ``(n,)``; None if all are.

        Infinite for curves of straight pieces, which do not bend.
        """
        return None


class SmoothWindow(Window):
    """Envelope of a curve that is convex up to a point and concave after it.

    :param inverse: function of ``log_price`` giving the effort on the concave tail
        at which the slope equals the price, and its derivative; ``(n,)`` each.
    :param touch: ``(n,)`` where the concave tail of the envelope begins.
    :param log_jump: ``(n,)`` logarithm of the slope of the straight piece from
        ``lower`` to ``touch``; None if no account has one.
    :param slope: the curves' slope, for :meth:`start`.
    :param knee: ``(n,)`` where the curve itself turns concave; None if no curve is
        convex anywhere.
    """

    def __init__(self, inverse, lower, touch, upper, log_jump, slope, knee=None):
        self.inverse = inverse
        self.lower = lower
        self.touch = touch
        self.upper = upper
        self.log_jump = log_jump
        self.slope = slope
        self.knee = knee
        self.jumping = log_jump is not None

    def respond(self, log_price):
        with np.errstate(invalid="ignore"):
            effort, change = self.inverse(log_price)
            change *= (effort > self.touch) & (effort < self.upper)
        np.maximum(effort, self.touch, out=effort)
        np.minimum(effort, self.upper, out=effort)
        if self.log_jump is not None:
            out = log_price >= self.log_jump
            np.copyto(effort, self.lower, where=out)
            change[out] = 0.0
        return effort, change

    def start(self):
        with np.errstate(divide="ignore"):
            first = np.log(self.slope(self.lower))
        if self.log_jump is not None:
            straight = np.isfinite(self.log_jump) & (self.touch > self.lower)
            first = np.where(straight, self.log_jump, first)
        return np.where(self.upper > self.lower, first, -np.inf)

    def end(self):
        return self.upper.copy()

    def jumps(self):
        if self.log_jump is None:
            return None
        who = np.flatnonzero(np.isfinite(self.log_jump) & (self.touch > self.lower))
        return self.log_jump[who], who, self.touch[who] - self.lower[who]

    def knees(self):
        return self.knee

    def segment(self, effort):
        if self.knee is None:
            return effort, effort, effort
        inside = (effort > self.lower) & (effort < self.touch)
        inside &= self.knee > self.lower
        bend = (self.knee > self.lower) & (self.knee < self.upper)
        return (
            np.where(inside, self.lower, effort),
            np.where(inside, self.touch, effort),
            np.where(inside & bend, self.knee, effort),
        )
