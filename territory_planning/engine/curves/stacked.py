"""Several families side by side."""

import numpy as np

from .base import Curves
from .window import Window


class Stacked(Curves):
    """Curves of several families as one, see :func:`..response.stack`.

    ``places[j]`` says where the curves of ``parts[j]`` stand: a slice or an integer
    array.
    """

    def __init__(self, parts, places, size):
        self.parts, self.places, self.size = parts, places, size

    def __len__(self):
        return self.size

    def take(self, index):
        index = np.arange(self.size)[index]
        parts, places = [], []
        where = np.empty((2, self.size), dtype=int)
        for number, (part, place) in enumerate(
            zip(self.parts, self.places, strict=True)
        ):
            where[0, place] = number
            where[1, place] = np.arange(len(part))
        owner, local = where[:, index]
        for number, part in enumerate(self.parts):
            here = np.flatnonzero(owner == number)
            if here.size:
                parts.append(part.take(local[here]))
                places.append(here)
        return Stacked(parts, places, index.size)

    def _each(self, method, effort):
        result = np.empty(effort.shape)
        for part, place in zip(self.parts, self.places, strict=True):
            result[..., place] = getattr(part, method)(effort[..., place])
        return result

    def _sales(self, effort):
        return self._each("_sales", effort)

    def _slope(self, effort):
        return self._each("_slope", effort)

    def _bend(self, effort):
        return self._each("_bend", effort)

    def _inflections(self):
        found = [part._inflections() for part in self.parts]
        result = np.zeros((max([0, *map(len, found)]), self.size))
        for place, points in zip(self.places, found, strict=True):
            result[: len(points), place] = points
        return result

    def window(self, lower, upper, sign):
        windows = [
            part.window(lower[place], upper[place], sign[place])
            for part, place in zip(self.parts, self.places, strict=True)
        ]
        return StackedWindow(windows, self.places, self.size)


class StackedWindow(Window):
    """Envelopes of several families as one."""

    def __init__(self, windows, places, size):
        self.windows, self.places, self.size = windows, places, size
        self.power_like = any(window.power_like for window in windows)
        self.jumping = any(window.jumping for window in windows)

    def respond(self, log_price):
        effort, change = np.empty((2, self.size))
        for window, place in zip(self.windows, self.places, strict=True):
            effort[place], change[place] = window.respond(log_price[place])
        return effort, change

    def start(self):
        result = np.empty(self.size)
        for window, place in zip(self.windows, self.places, strict=True):
            result[place] = window.start()
        return result

    def end(self):
        result = np.empty(self.size)
        for window, place in zip(self.windows, self.places, strict=True):
            result[place] = window.end()
        return result

    def jumps(self):
        numbers = np.arange(self.size)
        found = []
        for window, place in zip(self.windows, self.places, strict=True):
            jumps = window.jumps()
            if jumps is not None:
                found.append((jumps[0], numbers[place][jumps[1]], jumps[2]))
        if not found:
            return None
        return tuple(np.concatenate(column) for column in zip(*found, strict=True))

    def knees(self):
        result = np.zeros(self.size)
        for window, place in zip(self.windows, self.places, strict=True):
            knee = window.knees()
            result[place] = 0.0 if knee is None else knee
        return result

    def segment(self, effort):
        result = np.empty((3, self.size))
        for window, place in zip(self.windows, self.places, strict=True):
            result[:, place] = window.segment(effort[place])
        return tuple(result)
