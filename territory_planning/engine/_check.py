"""Checks shared by every public function: the message names index and value."""

import numpy as np


def vector(name, values, size=None):
    """Return ``values`` as a float array ``(size,)``, broadcasting a scalar.

    :raises ValueError: on a wrong shape or NaN, naming the index.
    """
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers: {error}") from error
    if array.ndim > 1:
        raise ValueError(f"{name} must be one number per account, got {array.shape}")
    if size is not None:
        if array.ndim == 1 and array.shape != (size,):
            raise ValueError(f"{name} must have length {size}, got {array.shape[0]}")
        array = np.broadcast_to(array, (size,))
    return array


def require(name, values, good, wanted):
    """Raise for the first entry of ``values`` where ``good`` is false.

    :param wanted: what the value must be, as words for the message.
    """
    if np.all(good):
        return
    values, good = np.broadcast_arrays(values, good)
    index = np.unravel_index(int(np.argmin(good)), good.shape)
    where = ", ".join(str(int(part)) for part in index)
    place = f"{name}[{where}]" if where else name
    raise ValueError(f"{place} must be {wanted}, got {values[index]!s}")


def finite(name, values):
    """Raise for the first NaN or infinite entry."""
    require(name, values, np.isfinite(values), "a finite number")
