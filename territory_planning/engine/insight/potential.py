"""What comparable customers buy: the amount that the best 15 % of them exceed.

A linear quantile regression at 85 % on firmographics (industry, employees, place, …) gives
each customer the purchases that 85 % of its likes stay below; what is missing to them
is the gap. The customers most like it are named, so that a rep can judge the comparison.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from scipy.spatial import cKDTree

from .. import _check
from . import _features, _nearest, _quantile
from .status import Status

__all__ = ["Confidence", "Gap", "Lookalikes", "PotentialModel", "coverage", "fit"]

#: fewest customers, and customers per column, for a potential to be shown
MIN_CUSTOMERS, MIN_PER_COLUMN = 50, 8


class Confidence(IntEnum):
    """How far a potential may be relied on."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2


@dataclass(frozen=True, eq=False)
class Lookalikes:
    """The ``m`` most similar customers: ``row (m,)`` of the fit, ``distance (m,)`` in
    standard deviations over all features, ``value (m,)`` what they buy."""

    row: np.ndarray
    distance: np.ndarray
    value: np.ndarray

    def __len__(self):
        return len(self.row)

    def __iter__(self):
        return iter(self.row.tolist())


@dataclass(frozen=True, eq=False)
class Gap:
    """Potential and gap, ``(n,)`` each, in money per period of the values.

    ``low, potential, high``: 90 % range of the potential; ``gap_low, gap, gap_high``:
    what is missing to it, never negative; ``confidence``: codes of :class:`Confidence`;
    ``status``: codes of :class:`.status.Status`.
    """

    low: np.ndarray
    potential: np.ndarray
    high: np.ndarray
    gap_low: np.ndarray
    gap: np.ndarray
    gap_high: np.ndarray
    confidence: np.ndarray
    status: np.ndarray


def fit(features, value, *, quantile=0.85, size=None):
    """Fit what comparable customers buy.

    Negative values (more returned than bought) count as zero. A single project is not a
    customer's potential: leave its revenue out.

    :param features: mapping of names to columns ``(n,)``, or an array ``(n, p)``: numbers
        with NaN where unknown, or texts.
    :param value: ``(n,)`` purchases of a period, 12 months say.
    :param quantile: share of comparable customers who buy less, in (0, 1).
    :param size: names of the columns that say how large a customer is; where none of
        them is known confidence is low. None: all columns of numbers.
    :raises ValueError: naming array, index and value.
    :rtype: PotentialModel
    """
    good = 0 < quantile < 1
    _check.require("quantile", quantile, good, "between 0 and 1")
    value = np.atleast_1d(_check.vector("value", value))
    _check.finite("value", value)
    _check.require("value", value, np.abs(value) < 1e100, "an amount of money")
    value = np.maximum(value, 0.0)
    encoding = _features.learn(features)
    matrix, gone = encoding.matrix(features)
    if len(matrix) != len(value):
        raise ValueError(f"features must have length {len(value)}, got {len(matrix)}")
    sizes = _size_columns(encoding, size)
    keep = _independent(matrix)
    design = np.column_stack([np.ones(len(value)), matrix[:, keep]])
    status = Status.SCORED
    theta, cover = np.zeros(design.shape[1]), np.zeros((design.shape[1],) * 2)
    if len(value) < max(MIN_CUSTOMERS, MIN_PER_COLUMN * design.shape[1]):
        status = Status.TOO_FEW_CUSTOMERS
    elif not (value > 0).any():
        status = Status.NO_PURCHASES
    else:
        try:
            theta = _quantile.solve(design, value, quantile)
            cover = _quantile.covariance(design, value - design @ theta, quantile)
        except (ArithmeticError, np.linalg.LinAlgError):
            status = Status.NOT_CONVERGED
    return PotentialModel(
        quantile, encoding, sizes, keep, theta, cover, matrix, value, status
    )


def _size_columns(encoding, size):
    """Which columns say how large a customer is, as numbers."""
    if size is None:
        kinds = [part.kind == "number" for part in encoding.parts]
        return np.flatnonzero(kinds)
    names = [size] if isinstance(size, str | int) else list(size)
    unknown = [name for name in names if name not in encoding.names]
    if unknown:
        raise ValueError(f"size must name columns of features, got {unknown[0]!r}")
    return np.array([encoding.names.index(name) for name in names], dtype=int)


def _independent(matrix):
    """Columns that are no combination of those before them and the constant."""
    if not matrix.shape[1] or not len(matrix):
        return np.arange(matrix.shape[1])
    centred = matrix - matrix.mean(axis=0)
    gram = centred.T @ centred / len(matrix)
    kept = []
    for column in range(gram.shape[0]):
        own = gram[column, column]
        if kept:
            cross = gram[np.ix_(kept, [column])]
            inner = gram[np.ix_(kept, kept)]
            own = own - float((cross.T @ np.linalg.solve(inner, cross))[0, 0])
        if own > 1e-6 * max(gram[column, column], 1e-9) and own > 1e-9:
            kept.append(column)
    return np.array(kept, dtype=int)


@dataclass(frozen=True, eq=False)
class PotentialModel:
    """A fitted model. ``status``: why it gives no score, if it gives none;
    ``value (n,)``: the purchases it was learned from; ``matrix (n, q)``: features as
    standardised numbers; ``theta``: coefficients, the constant first."""

    quantile: float
    encoding: _features.Encoding
    size_columns: np.ndarray
    kept: np.ndarray
    theta: np.ndarray
    covariance: np.ndarray
    matrix: np.ndarray
    value: np.ndarray
    status: Status

    @property
    def evidence(self):
        """Number of customers it was learned from."""
        return len(self.value)

    def predict(self, features):
        """Potential of each row ``(n,)``, never negative; NaN where none is shown."""
        matrix, _gone = self.encoding.matrix(features)
        return self._predict(self._design(matrix))

    def parts(self, features):
        """Return what each column adds to the potential, in money.

        :returns: names, the first of them None for what everybody has in common, and
            an array ``(n, 1 + p)`` whose rows sum to :meth:`predict`; where that would be
            negative the common part is what makes it zero.
        """
        matrix, _gone = self.encoding.matrix(features)
        theta = np.zeros(self.matrix.shape[1])
        theta[self.kept] = self.theta[1:]
        centre = self.matrix.mean(axis=0) if len(self.matrix) else 0.0
        # against the average customer, so that the common part is one's potential
        single = (matrix - centre) * theta
        # a last column of zeros, for features of no column to begin at
        single = np.pad(single, ((0, 0), (0, 1)))
        start = self.encoding.starts[:-1]
        grouped = (
            np.add.reduceat(single, start, axis=1) if len(start) else single[:, :0]
        )
        grouped[:, np.diff(self.encoding.starts) == 0] = 0.0
        common = self._predict(self._design(matrix)) - grouped.sum(axis=1)
        if self.status != Status.SCORED:
            grouped = np.full(grouped.shape, np.nan)
        return (None, *self.encoding.names), np.column_stack([common, grouped])

    def _design(self, matrix):
        return np.column_stack([np.ones(len(matrix)), matrix[:, self.kept]])

    def _predict(self, design):
        if self.status != Status.SCORED:
            return np.full(len(design), np.nan)
        return np.maximum(design @ self.theta, 0.0)

    def gap(self, features, value):
        """Compare what customers buy with what the best of their likes buy.

        :param value: ``(n,)`` their purchases, as in the fit.
        :rtype: Gap
        """
        matrix, gone = self.encoding.matrix(features)
        value = _check.vector("value", value, len(matrix))
        _check.finite("value", value)
        value = np.maximum(value, 0.0)
        design = self._design(matrix)
        found = self._predict(design)
        error = np.einsum("ij,jk,ik->i", design, self.covariance, design)
        error = 1.6449 * np.sqrt(np.maximum(error, 0.0))
        low, high = np.maximum(found - error, 0.0), found + error
        sized = len(self.size_columns) > 0
        unknown = gone[:, self.size_columns].all(axis=1) if sized else True
        relative = np.where(found > 0, error / np.maximum(found, 1e-300), np.inf)
        confidence = np.where(relative > 0.3, Confidence.MEDIUM, Confidence.HIGH)
        confidence = np.where(unknown | (relative > 0.75), Confidence.LOW, confidence)
        if self.status != Status.SCORED:
            confidence = np.zeros(len(matrix))
        return Gap(
            low,
            found,
            high,
            *(np.maximum(bound - value, 0.0) for bound in (low, found, high)),
            confidence=confidence.astype(np.int8),
            status=np.full(len(matrix), self.status, np.int8),
        )

    def lookalikes(self, row, n=5):
        """Return the ``n`` customers of the fit most like one.

        :param row: number of a customer of the fit, who is not its own lookalike, or
            features of one customer, in the form of the fit.
        :raises ValueError: where ``row`` is out of range or is not one customer.
        :rtype: Lookalikes
        """
        itself = isinstance(row, int | np.integer) and not isinstance(row, bool)
        if itself:
            good = 0 <= row < len(self.matrix)
            _check.require("row", row, good, f"from 0 to {len(self.matrix) - 1}")
            point = self.matrix[row]
        else:
            point = self._point(row)
        _check.require("n", n, n >= 1, "at least 1")
        most = min(int(n) + itself, len(self.matrix))
        distance, found = self._tree().query(point, k=np.arange(1, most + 1))
        if itself:
            # of several alike in everything any may come first, itself or not
            other = found != row
            drop = len(found) - 1 if other.all() else int(np.argmin(other))
            distance, found = np.delete(distance, drop), np.delete(found, drop)
        return Lookalikes(found, distance, self.value[found])

    def nearest(self, features, n=5, itself=None):
        """Return the ``n`` customers of the fit most like each of many.

        :param itself: ``(m,)`` rows of the fit that they are themselves, −1 for none;
            None: none is.
        :returns: ``(m, n)`` rows of the fit, the most similar first, −1 where it has fewer.
        """
        matrix, _gone = self.encoding.matrix(features)
        _check.require("n", n, n >= 1, "at least 1")
        if itself is None:
            itself = np.full(len(matrix), -1)
        return _nearest.nearest(self.matrix, matrix, int(n), itself)

    def _point(self, row):
        if hasattr(row, "items"):
            row = {name: np.atleast_1d(np.asarray(v)) for name, v in row.items()}
        elif np.ndim(row) == 1:
            row = np.asarray(row)[None, :]
        matrix, _gone = self.encoding.matrix(row)
        if len(matrix) != 1:
            raise ValueError(f"row must be one customer, got {len(matrix)}")
        return matrix[0]

    def _tree(self):
        """Index of the customers, made once."""
        if "_index" not in self.__dict__:
            object.__setattr__(
                self, "_index", cKDTree(self.matrix, balanced_tree=False)
            )
        return self.__dict__["_index"]


def coverage(features, value, *, quantile=0.85, folds=10, seed=0):
    """Share of customers below the potential learned from the others.

    :param folds: number of parts, each in turn predicted from the rest.
    :returns: near ``quantile`` if the potential is what it says; NaN below the minimum.
    """
    columns = _features.named(features)
    value = np.atleast_1d(_check.vector("value", value))
    part = np.random.default_rng(seed).permutation(len(value)) % folds
    below = []
    for fold in range(folds):
        rest, own = part != fold, part == fold
        model = fit(
            {name: column[rest] for name, column in columns.items()},
            value[rest],
            quantile=quantile,
        )
        if model.status != Status.SCORED:
            return float("nan")
        found = model.predict({name: column[own] for name, column in columns.items()})
        below.append(np.maximum(value[own], 0.0) <= found)
    return float(np.concatenate(below).mean())
