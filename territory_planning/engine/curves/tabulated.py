"""Judged points joined by straight lines, CALLPLAN's own input."""

import numpy as np

from .. import _check
from .base import Curves
from .window import Window


class Tabulated(Curves):
    """Straight lines through judged points, see :func:`..response.tabulated`."""

    def __init__(self, effort, sales):
        effort = np.array(_check.vector("effort", effort))
        if effort.ndim != 1 or effort.size < 1:
            raise ValueError("effort must hold at least one point")
        _check.finite("effort", effort)
        _check.require("effort", effort, effort >= 0, "zero or more")
        rising = np.ones(effort.size, bool)
        rising[1:] = np.diff(effort) > 0
        _check.require("effort", effort, rising, "above the point before it")
        sales = np.array(sales, dtype=float)
        if sales.ndim != 2 or sales.shape[1] != effort.size:
            raise ValueError(
                f"sales must have shape (n, {effort.size}), got {sales.shape}"
            )
        _check.finite("sales", sales)
        self.effort, self.points = effort, sales

    def __len__(self):
        return len(self.points)

    def take(self, index):
        taken = object.__new__(Tabulated)
        taken.effort, taken.points = self.effort, self.points[index]
        return taken

    def _locate(self, effort):
        right = np.searchsorted(self.effort, effort, side="right")
        return right, np.broadcast_to(np.arange(len(self)), effort.shape)

    def _sales(self, effort):
        right, row = self._locate(effort)
        last = self.effort.size - 1
        left = np.clip(right - 1, 0, last)
        right = np.minimum(right, last)
        low, high = self.points[row, left], self.points[row, right]
        run = self.effort[right] - self.effort[left]
        share = (effort - self.effort[left]) / np.where(run > 0, run, 1.0)
        return low + (high - low) * np.where(run > 0, share, 0.0)

    def _slope(self, effort):
        right, row = self._locate(effort)
        inside = (right > 0) & (right < self.effort.size)
        right = np.clip(right, 1, max(self.effort.size - 1, 1))
        if self.effort.size == 1:
            return np.zeros(effort.shape)
        rise = self.points[row, right] - self.points[row, right - 1]
        run = self.effort[right] - self.effort[right - 1]
        return np.where(inside, rise / run, 0.0)

    def window(self, lower, upper, sign):
        return TabulatedWindow(self, lower, upper, sign)


class TabulatedWindow(Window):
    """Upper concave hull of ``sign·sales`` through the points in ``[lower, upper]``.

    Only the rising part is kept: no price makes anyone go beyond the summit.
    """

    def __init__(self, curves, lower, upper, sign):
        end = np.minimum(upper, np.maximum(curves.effort[-1], lower))
        inner = np.clip(curves.effort[:, None], lower, end)
        efforts = np.concatenate([lower[None], inner, end[None]])
        heights = curves._sales(efforts) * sign
        self.points, self.heights = efforts, heights
        self.vertices, self.slopes = _hull(efforts, heights)
        self.lengths = np.diff(self.vertices, axis=0)
        self.jumping = self.lengths.size > 0
        with np.errstate(divide="ignore"):
            self.log_slopes = np.log(self.slopes)

    def respond(self, log_price):
        taken = self.log_slopes > log_price
        effort = self.vertices[0] + (self.lengths * taken).sum(axis=0)
        return effort, np.zeros_like(effort)

    def start(self):
        if not len(self.log_slopes):
            return np.full(self.vertices.shape[1], -np.inf)
        return self.log_slopes[0].copy()

    def end(self):
        return self.vertices[-1].copy()

    def segment(self, effort):
        last = len(self.vertices) - 1
        right = np.minimum((self.vertices <= effort).sum(axis=0), last)
        row = np.arange(self.vertices.shape[1])
        left = np.maximum(right - 1, 0)
        low, high = self.vertices[left, row], self.vertices[right, row]
        inside = (effort > low) & (effort < high)
        # the judged point inside the piece that lies deepest below it
        rise = self.slopes[np.minimum(left, len(self.slopes) - 1), row] if last else 0.0
        depth = rise * (self.points - low) - (self.heights - self._height(low))
        depth = np.where((self.points > low) & (self.points < high), depth, 0.0)
        deepest = np.argmax(depth, axis=0)
        scale = np.abs(self.heights).max(axis=0, initial=0.0)
        inside &= depth[deepest, row] > 1e-13 * scale
        return (
            np.where(inside, low, effort),
            np.where(inside, high, effort),
            np.where(inside, self.points[deepest, row], effort),
        )

    def jumps(self):
        who = np.broadcast_to(np.arange(self.lengths.shape[1]), self.lengths.shape)
        some = self.lengths > 0
        return self.log_slopes[some], who[some], self.lengths[some]

    def knees(self):
        return np.full(self.points.shape[1], np.inf)

    def _height(self, vertex):
        """Height at a vertex, which is one of the points."""
        row = np.arange(self.points.shape[1])
        return self.heights[np.argmax(self.points == vertex, axis=0), row]


def _hull(efforts, heights):
    """Rising part of the upper concave hull, by Andrew's scan of all columns at once.

    :param efforts: ``(k, n)`` rising along the first axis, repeats allowed.
    :returns: vertices ``(v, n)`` padded with their last, slopes ``(v−1, n)`` padded
        with zero.
    """
    size, count = efforts.shape
    column = np.arange(count)
    x, y = np.zeros((2, size, count))
    x[0], y[0] = efforts[0], heights[0]
    top = np.zeros(count, dtype=int)
    for point, height in zip(efforts[1:], heights[1:], strict=True):
        fresh = column[point > x[top, column]]
        who = fresh[top[fresh] > 0]
        while who.size:
            last, before = top[who], top[who] - 1
            rise = (y[last, who] - y[before, who]) * (point[who] - x[last, who])
            ahead = (height[who] - y[last, who]) * (x[last, who] - x[before, who])
            who = who[rise <= ahead]
            top[who] -= 1
            who = who[top[who] > 0]
        top[fresh] += 1
        x[top[fresh], fresh], y[top[fresh], fresh] = point[fresh], height[fresh]
    depth = int(top.max(initial=0)) + 1
    x, y = x[:depth], y[:depth]
    run = np.diff(x, axis=0)
    slopes = np.diff(y, axis=0) / np.where(run > 0, run, 1.0)
    rising = (np.arange(1, depth)[:, None] <= top) & (slopes > 0)
    last = np.minimum(np.arange(depth)[:, None], rising.sum(axis=0))
    return x[last, column], np.where(rising, slopes, 0.0)
