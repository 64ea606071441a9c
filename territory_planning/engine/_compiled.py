"""Inner loops compiled where numba is there; without it slower, the same answers."""

try:
    import numba
except ImportError:
    numba = None

#: whether the inner loops are compiled
COMPILED = numba is not None


def compiled(function):
    """Compile a function where numba is there, and keep the result where that may be."""
    if numba is None:
        return function
    try:
        return numba.njit(cache=True)(function)
    except RuntimeError:  # nowhere to keep it: compiled again by each process
        return numba.njit(function)
