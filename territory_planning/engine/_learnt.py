"""What closed months say of the effect of visits joins what is known."""

import numpy as np

from . import _check


def join(mean, common, segment, learnt):
    """Move each segment towards what closed months say of it, by precision.

    Only what all accounts of a segment share is moved and becomes surer: an account's
    own deviation is nothing that a comparison of many accounts tells.

    :param mean, common: elasticity and the sd that moves accounts together, ``(n,)``.
    :param segment: ``(n,)`` integers without gaps.
    :param learnt: pair of mean and sd, ``(n,)`` each, the same within a segment, NaN
        where nothing was learnt; or None.
    :raises ValueError: naming the array and the row.
    :returns: mean, common sd and the weight of what was learnt, ``(n,)`` each.
    """
    weight = np.zeros_like(mean)
    if learnt is None or not mean.size:
        return mean, common, weight
    said = np.asarray(learnt[0], dtype=float)
    sd = np.asarray(learnt[1], dtype=float)
    for name, values in (("learnt mean", said), ("learnt sd", sd)):
        if values.shape != mean.shape:
            raise ValueError(f"{name} must have shape {mean.shape}, got {values.shape}")
    there = np.isfinite(said) & np.isfinite(sd)
    _check.require("learnt sd", sd, ~there | (sd > 0), "positive")
    number = np.maximum(np.bincount(segment), 1)
    middle = (np.bincount(segment, mean) / number)[segment]
    variance = np.where(there, sd, 1.0) ** 2
    weight = np.where(there, common**2 / (common**2 + variance), 0.0)
    mean = mean + weight * (np.where(there, said, middle) - middle)
    return mean, common * np.sqrt(1 - weight), weight
