"""Orders as histories: how many, since when, until when, how regular."""

from dataclasses import dataclass

import numpy as np

from .. import _check
from . import _codes

#: a company this sure to have had orders since its last one has stopped recording them
_MISSED_ORDERS = 30.0


@dataclass(frozen=True, eq=False)
class Histories:
    """What is known of each customer at the cut, ``(n,)`` each.

    ``customer``: sorted keys. ``frequency``: repeat orders, that is days with an order
    less one. ``recency``: from the first to the last order. ``age``: from the first order
    to the cut. ``log_gaps``: sum of the logarithms of the times between orders. ``stale``:
    nobody at all has ordered for so long that orders must be missing from the data.
    """

    customer: np.ndarray
    frequency: np.ndarray
    recency: np.ndarray
    age: np.ndarray
    log_gaps: np.ndarray
    stale: bool

    @property
    def usual_gap(self):
        """Average time between two orders, NaN after a single one."""
        once = self.frequency == 0
        return np.where(once, np.nan, self.recency / np.maximum(self.frequency, 1))

    @property
    def silence(self):
        """Time since the last order."""
        return self.age - self.recency

    def in_unit(self, days):
        """The same with time counted in units of ``days`` of the present ones."""
        return Histories(
            self.customer,
            self.frequency,
            self.recency / days,
            self.age / days,
            self.log_gaps - self.frequency * np.log(days),
            self.stale,
        )


def histories(customer, day, cut):
    """Return the history of each customer who ordered until ``cut``.

    Several orders of one day are one. Orders after the cut are left out, which is how a
    back-test is made. Leave out yourself what is no order of its own: returns, credit
    notes, free samples, single projects; give customers merged since one key.

    :param customer: ``(m,)`` keys, one per order or order line.
    :param day: ``(m,)`` when: numbers in any unit, or ``datetime64``, then in days.
    :param cut: the day the data end, in the same form.
    :raises ValueError: on a day that is missing or no number, naming the index.
    :rtype: Histories
    """
    day, cut = days(day), float(days(cut, "cut"))
    keys, code = _codes.codes("customer", customer)
    if len(code) != len(day):
        raise ValueError(f"day must have length {len(code)}, got {len(day)}")
    kept = day <= cut
    code, day = code[kept], day[kept]
    order = np.lexsort((day, code))
    code, day = code[order], day[order]
    fresh = np.ones(len(day), bool)
    fresh[1:] = (code[1:] != code[:-1]) | (day[1:] != day[:-1])
    code, day = code[fresh], day[fresh]
    present, first, count = np.unique(code, return_index=True, return_counts=True)
    last = first + count - 1
    same = code[1:] == code[:-1]
    gaps = np.log(np.diff(day)[same])
    log_gaps = np.bincount(code[1:][same], gaps, minlength=len(keys))[present]
    return Histories(
        customer=keys[present],
        frequency=count - 1,
        recency=day[last] - day[first],
        age=cut - day[first],
        log_gaps=log_gaps,
        stale=_stale(day, cut),
    )


def days(values, name="day"):
    """Return days as numbers: of dates those since 1970.

    :raises ValueError: on one that is missing, naming the index.
    """
    array = np.asarray(values)
    if array.dtype.kind == "M":
        _check.require(name, array, ~np.isnat(array), "a date")
        array = array.astype("datetime64[D]").astype(np.int64)
    array = _check.vector(name, array)
    _check.finite(name, array)
    return array


def _stale(day, cut):
    """Whether the company's silence before the cut cannot be chance.

    Told by its own longest silence before, so that holidays do not count.
    """
    if len(day) < 2:
        return False
    when = np.unique(day)
    pause, earlier = cut - when[-1], np.diff(when).max(initial=0.0)
    span = when[-1] - when[0]
    missed = len(day) * pause / span if span > 0 else 0.0
    return bool(pause > 3 * earlier and missed > _MISSED_ORDERS)
