"""The data of one month, validated so that a message can name the account."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from . import _check
from ._judgement import judged_elasticity
from .calibration import Prior

_VECTORS = {
    "margin_rate": (-np.inf, np.inf),
    "pipeline": (0.0, np.inf),
    "hours_per_visit": (0.0, np.inf),
    "visits_min": (0.0, np.inf),
    "visits_max": (0.0, np.inf),
}


@dataclass(frozen=True, eq=False)
class MonthProblem:
    """``n`` accounts over ``t`` past periods, ``g`` reps.

    ``sales (n, t)`` money and ``effort (n, t)`` visits per period, oldest first;
    ``margin_rate (n,)`` contribution per unit of sales; ``pipeline (n,)`` weighted open
    leads of accounts without sales, money per period; ``hours_per_visit (n,)`` with
    travel; ``group (n,)`` whose hours, −1 if nobody looks after it; ``capacity (g,)``
    hours per period; ``segment (n,)`` accounts that respond alike; ``visits_min,
    visits_max (n,)`` visits per period, fractions allowed (¼ is one in four periods);
    ``judgement (n, 5)`` or ``(j, n, 5)``, NaN where there is none, see
    :func:`.calibration.from_judgement`; ``learnt`` as :func:`.calibration.calibrate`
    takes it. ``label(i)`` or ``labels[i]`` and
    ``group_labels[g]`` name accounts and reps in messages.

    :raises ValueError: naming the array, the account and the value.
    """

    sales: np.ndarray
    effort: np.ndarray
    margin_rate: np.ndarray
    pipeline: np.ndarray
    hours_per_visit: np.ndarray
    group: np.ndarray
    capacity: np.ndarray
    segment: np.ndarray | None = None
    visits_min: np.ndarray | float = 0.0
    visits_max: np.ndarray | float = np.inf
    carry_over: float = 0.75
    lag: int = 1
    prior: Prior = Prior()
    damping: tuple = (1 / 3, 3)
    judgement: np.ndarray | None = None
    learnt: tuple | None = None
    label: Callable | None = None
    labels: Sequence | None = None
    group_labels: Sequence | None = None

    def __post_init__(self):
        sales = self._store("sales", self.sales)
        if sales.ndim != 2:
            raise ValueError(f"sales must have shape (n, t), got {sales.shape}")
        size = sales.shape[0]
        effort = self._store("effort", self.effort)
        if effort.shape != sales.shape:
            raise ValueError(
                f"effort must have shape {sales.shape}, got {effort.shape}"
            )
        self._require("sales", sales, np.isfinite(sales), "a finite number")
        good = (effort >= 0) & (effort < np.inf)
        self._require("effort", effort, good, "zero or more and finite")
        for name in _VECTORS:
            self._vector(name, size)
        self._indices(size)
        self._judged(size)
        high, low = self.visits_max, self.visits_min
        self._require("visits_max", high, high >= low, "at least visits_min")
        capacity = self._store("capacity", np.atleast_1d(self.capacity))
        good = (capacity >= 0) & (capacity < np.inf)
        for index in np.flatnonzero(~good)[:1]:
            raise ValueError(
                f"capacity of {self.group_name(index)} must be zero or more hours and "
                f"finite, got {capacity[index]}"
            )
        good = (self.group >= -1) & (self.group < capacity.size)
        wanted = f"between -1 and {capacity.size - 1}"
        self._require("group", self.group, good, wanted)
        self._room(capacity)

    def __len__(self):
        return len(self.sales)

    def name(self, index):
        """Return how messages call account ``index``."""
        if self.label is not None:
            return f"{self.label(int(index))} (row {index})"
        if self.labels is not None:
            return f"{self.labels[int(index)]} (row {index})"
        return f"row {index}"

    def group_name(self, index):
        """Return how messages call group ``index``."""
        if self.group_labels is not None:
            return f"{self.group_labels[int(index)]} (group {index})"
        return f"group {index}"

    def _store(self, name, values, dtype=float):
        try:
            values = np.array(values, dtype=dtype)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name} must be numbers: {error}") from error
        object.__setattr__(self, name, values)
        return values

    def _require(self, name, values, good, wanted):
        if good.all():
            return
        index = np.unravel_index(int(np.argmin(good)), good.shape)
        period = f", period {index[1]}," if len(index) > 1 else ""
        raise ValueError(
            f"{name} of {self.name(index[0])}{period} must be {wanted}, "
            f"got {values[index]}"
        )

    def _vector(self, name, size):
        least, most = _VECTORS[name]
        values = np.array(_check.vector(name, getattr(self, name), size))
        object.__setattr__(self, name, values)
        if name == "visits_max":
            self._require(name, values, values >= least, "zero or more")
            return
        self._require(name, values, np.isfinite(values), "a finite number")
        if name == "hours_per_visit":
            self._require(name, values, values > 0, "positive")
        else:
            good = (values >= least) & (values <= most)
            self._require(name, values, good, "zero or more")

    def _indices(self, size):
        segment = np.zeros(size, int) if self.segment is None else self.segment
        object.__setattr__(self, "segment", segment)
        for name in ("group", "segment"):
            values = self._store(name, getattr(self, name))
            if values.shape != (size,):
                raise ValueError(
                    f"{name} must have shape ({size},), got {values.shape}"
                )
            whole = values == np.floor(values)
            self._require(name, values, whole, "a whole number")
            object.__setattr__(self, name, values.astype(int))
        segment = self.segment
        self._require("segment", segment, segment >= 0, "zero or more")

    def _judged(self, size):
        """Answers must make a curve; the message names account and question."""
        if self.judgement is None:
            return
        answers = self._store("judgement", self.judgement)
        try:
            judged_elasticity(answers, size=size)
        except ValueError as error:
            found = re.search(r"judgement\[(\d+), (\d+)\]", str(error))
            if not found:
                raise
            row, question = map(int, found.groups())
            where = f"judgement of {self.name(row)}, answer {question + 1} of 5,"
            text = str(error).replace(found.group(), where)
            raise ValueError(text) from None

    def _room(self, capacity):
        """The fewest visits agreed must fit into each rep's hours."""
        hours = np.where(self.group >= 0, self.hours_per_visit * self.visits_min, 0.0)
        owner = np.maximum(self.group, 0)
        needed = np.zeros(capacity.size)
        if capacity.size:
            needed = np.bincount(owner, hours, minlength=capacity.size)
        over = needed - capacity * (1 + 1e-9)
        for index in np.flatnonzero(over > 0)[:1]:
            raise ValueError(
                f"visits_min of {self.group_name(index)} need {needed[index]:.6g} "
                f"hours, {needed[index] - capacity[index]:.6g} more than its capacity "
                f"of {capacity[index]:.6g}"
            )
