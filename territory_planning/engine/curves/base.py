"""What every family of response functions offers."""

from abc import ABC, abstractmethod

import numpy as np

from .. import _check


class Curves(ABC):
    """``n`` response functions: sales (money per period) of effort (visits).

    Public: :meth:`sales`, :meth:`slope`, ``len()``, :meth:`take`. What the
    optimiser needs on top is :meth:`window`, the concave envelope between bounds.
    """

    def sales(self, effort):
        """Return sales at ``effort``.

        :param effort: visits per period, a scalar, ``(n,)`` or ``(..., n)``.
        :returns: money per period, ``(n,)`` or ``(..., n)``.
        :raises ValueError: on NaN, negative effort or a shape that does not fit.
        """
        return self._sales(self._effort(effort))

    def slope(self, effort):
        """Return the derivative of sales at ``effort`` (money per visit).

        Infinite at zero where the curve rises vertically; at a kink the
        derivative to the right, which is what one more visit brings.

        :param effort: visits per period, a scalar, ``(n,)`` or ``(..., n)``.
        :raises ValueError: on NaN, negative effort or a shape that does not fit.
        """
        return self._slope(self._effort(effort))

    def _effort(self, effort):
        array = np.asarray(effort, dtype=float)
        if array.ndim == 0:
            array = np.full(len(self), array)
        if array.shape[-1] != len(self):
            raise ValueError(
                f"effort has shape {array.shape}, {len(self)} curves need "
                f"(..., {len(self)})"
            )
        if array.size and not array.min() >= 0:
            _check.require("effort", array, array >= 0, "zero or more")
        return array

    @abstractmethod
    def __len__(self): ...

    @abstractmethod
    def _sales(self, effort):
        """Sales without checks."""

    @abstractmethod
    def _slope(self, effort):
        """Slope without checks."""

    def _bend(self, effort):
        """Elasticity of the slope to effort: effort·slope′/slope, without checks."""
        raise NotImplementedError(f"{type(self).__name__} curves do not bend")

    def _inflections(self):
        """Efforts at which a curve may turn concave, ``(k, n)``; zero where none is."""
        return np.zeros((0, len(self)))

    #: names of the ``(n,)`` arrays that make up a family
    FIELDS = ()

    def take(self, index):
        """Return the curves at ``index``, an integer array ``(m,)`` or a slice."""
        taken = object.__new__(type(self))
        for name in self.FIELDS:
            setattr(taken, name, getattr(self, name)[index])
        return taken

    @abstractmethod
    def window(self, lower, upper, sign):
        """Return the concave envelope of ``sign·sales`` on ``[lower, upper]``.

        :param sign: ``(n,)`` of −1, 0 or 1, the sign of the margin.
        :rtype: odoo.addons.territory_planning.engine.curves.window.Window
        """


def parameters(**given):
    """Broadcast named parameters to one length and check they are finite.

    :returns: a list of contiguous float arrays ``(n,)`` in the order given.
    :raises ValueError: naming parameter, index and value.
    """
    arrays = {name: _check.vector(name, values) for name, values in given.items()}
    sizes = {array.shape[0] for array in arrays.values() if array.ndim}
    if len(sizes) > 1:
        lengths = ", ".join(f"{k}: {v.size}" for k, v in arrays.items())
        raise ValueError(f"parameters differ in length ({lengths})")
    size = sizes.pop() if sizes else 1
    result = []
    for name, array in arrays.items():
        array = np.array(np.broadcast_to(array, (size,)))
        _check.finite(name, array)
        result.append(array)
    return result
