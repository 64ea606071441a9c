"""Keys of records as consecutive numbers."""

import numpy as np

from .. import _check


def codes(name, keys):
    """Return the distinct keys, sorted, and for each entry its number ``(n,)``.

    :param keys: ``(n,)`` identifiers: integers or texts.
    :raises ValueError: on another shape or a missing key, naming the index.
    """
    array = np.asarray(keys)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one key per row, got shape {array.shape}")
    if array.dtype.kind == "f":
        _check.finite(name, array)
    elif array.dtype == object:
        missing = [key is None or key is False or key != key for key in array]
        _check.require(name, array, ~np.array(missing, bool), "a key")
    if array.dtype.kind in "iu" and array.size and array.min() >= 0:
        if array.max() < 4 * array.size + 1024:  # dense ids need no sorting
            seen = np.zeros(array.max() + 1, bool)
            seen[array] = True
            return np.flatnonzero(seen), (np.cumsum(seen) - 1)[array]
    return np.unique(array, return_inverse=True)


def column(name, values, size):
    """Return ``values`` as finite floats ``(size,)``."""
    array = _check.vector(name, values, size)
    _check.finite(name, array)
    return array
