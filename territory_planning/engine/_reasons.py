"""Why an account gets more, less, or the same."""

from enum import IntEnum

import numpy as np


class Reason(IntEnum):
    """Code of the one reason shown with each account."""

    #: the interval of the allocation factor contains 1: no change worth making
    KEEP = 0
    #: an hour here brings more than elsewhere
    MORE_PAYS = 1
    #: an hour here brings less than elsewhere
    LESS_COSTS_LITTLE = 2
    #: held up by the fewest visits agreed
    AT_MINIMUM = 3
    #: held down by the most visits agreed
    AT_MAXIMUM = 4
    #: no rep looks after it
    NOBODY = 5
    #: neither sales nor open leads
    NO_SALES = 6
    #: no sales yet, but open leads
    NEW_OPPORTUNITY = 7
    #: sales without a margin: no visits beyond the minimum
    NO_MARGIN = 8


def reasons(today, optimal, low, high, *, at_minimum, at_maximum, special):
    """Return codes ``(n,)``.

    :param today, optimal: effort, ``(n,)``.
    :param low, high: interval of the optimal effort, ``(n,)``.
    :param at_minimum, at_maximum: whether an agreed bound holds, ``(n,)``.
    :param special: pairs of code and mask, the last one wins.
    """
    code = np.where(optimal > today, Reason.MORE_PAYS, Reason.LESS_COSTS_LITTLE)
    code = np.where((low <= today) & (today <= high), Reason.KEEP, code)
    code = np.where(at_maximum & (today >= optimal), Reason.AT_MAXIMUM, code)
    code = np.where(at_minimum & (today <= optimal), Reason.AT_MINIMUM, code)
    for number, mask in special:
        code = np.where(mask, number, code)
    return code.astype(np.int8)
