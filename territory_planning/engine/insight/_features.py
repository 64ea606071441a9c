"""Firmographics as numbers: mixed columns into a standardised matrix."""

from dataclasses import dataclass

import numpy as np

#: levels of a category that fewer customers than this share are taken together
_MIN_LEVEL = 10
_MAX_LEVELS = 30
#: numbers spread over more than this ratio are compared by their logarithms
_WIDE = 20.0


@dataclass(frozen=True, eq=False)
class Encoding:
    """How columns become numbers; made by :func:`learn`, applied by :meth:`matrix`.

    ``names``: of the columns; ``parts``: per column its kind and what it needs.
    """

    names: tuple
    parts: tuple

    @property
    def starts(self):
        """First column of the matrix of each feature, and the end, ``(p + 1,)``."""
        return np.cumsum([0, *(part.width for part in self.parts)])

    def matrix(self, features):
        """Return the standardised matrix ``(n, q)`` and which values are missing ``(n, p)``.

        :raises ValueError: where a column is missing, has another length or kind.
        """
        columns = named(features, self.names)
        if tuple(columns) != self.names:
            missing = set(self.names) - set(columns)
            raise ValueError(
                f"features must hold {', '.join(map(str, self.names))}, "
                f"missing: {', '.join(map(str, sorted(missing, key=str))) or 'none'}"
            )
        built = [
            part.apply(name, column)
            for (name, column), part in zip(columns.items(), self.parts, strict=True)
        ]
        size = len(next(iter(columns.values()))) if columns else 0
        matrix = [block for blocks, _gone in built for block in blocks]
        gone = [gone for _blocks, gone in built]
        empty = np.empty((size, 0))
        return (
            np.column_stack(matrix) if matrix else empty,
            np.column_stack(gone) if gone else empty.astype(bool),
        )


@dataclass(frozen=True)
class _Number:
    logarithm: bool
    middle: float
    scale: float
    sometimes: bool
    kind = "number"

    @property
    def width(self):
        return 1 + self.sometimes

    def apply(self, name, column):
        values, gone = numbers(name, column)
        filled = np.where(gone, 0.0, values)
        if self.logarithm:
            filled = np.log1p(np.maximum(filled, 0.0) / self.middle)
            centre = np.log1p(1.0)
        else:
            centre = self.middle
        # beyond four spreads a number is large, no more is known
        standard = np.clip((filled - centre) / self.scale, -4, 4)
        blocks = [np.where(gone, 0.0, standard)]
        if self.sometimes:
            blocks.append(gone.astype(float))
        return blocks, gone


@dataclass(frozen=True)
class _Category:
    levels: tuple
    kind = "category"

    @property
    def width(self):
        return len(self.levels)

    def apply(self, name, column):
        texts = _texts(column)
        gone = texts == ""
        # two customers of different levels are one standard deviation apart
        blocks = [(texts == level) / np.sqrt(2) for level in self.levels]
        return blocks, gone


def named(features, names=None):
    """Columns by name, from a mapping or a two-dimensional array."""
    if hasattr(features, "items"):
        columns = {name: np.asarray(column) for name, column in features.items()}
        if names is not None:
            columns = {name: columns[name] for name in names if name in columns}
    else:
        array = np.asarray(features)
        if array.ndim != 2:
            raise ValueError(
                f"features must be columns by name or have shape (n, p), got {array.shape}"
            )
        columns = {number: array[:, number] for number in range(array.shape[1])}
    sizes = {name: column.shape for name, column in columns.items()}
    for name, shape in sizes.items():
        if len(shape) != 1:
            raise ValueError(f"features[{name}] must have shape (n,), got {shape}")
        first = next(iter(sizes.values()))
        if shape != first:
            raise ValueError(
                f"features[{name}] must have length {first[0]}, got {shape[0]}"
            )
    return columns


def numbers(name, column):
    """The column as floats, and where it is missing (NaN)."""
    try:
        values = np.asarray(column, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"features[{name}] must be numbers: {error}") from error
    if np.isinf(values).any():
        index = int(np.argmax(np.isinf(values)))
        raise ValueError(
            f"features[{name}][{index}] must be a finite number or NaN, got {values[index]}"
        )
    return values, np.isnan(values)


def _texts(column):
    """The column as texts, empty where missing."""
    return np.array(
        [
            "" if value is None or value is False or value != value else str(value)
            for value in column.tolist()
        ],
        dtype=object,
    )


def learn(features):
    """Return the :class:`Encoding` of columns of numbers, texts and booleans.

    Wide positive numbers (employees, turnover) by logarithm, rare levels taken together,
    missing numbers marked by a column of their own.
    """
    columns = named(features)
    parts = []
    for name, column in columns.items():
        if column.dtype.kind in "iuf" or (
            column.dtype == object
            and len(column)
            and all(isinstance(v, int | float) and v is not False for v in column)
        ):
            parts.append(_number(*numbers(name, column)))
        else:
            parts.append(_category(_texts(column)))
    return Encoding(tuple(columns), tuple(parts))


def _number(values, gone):
    known = values[~gone]
    sometimes = bool(_MIN_LEVEL <= gone.sum() <= len(values) - _MIN_LEVEL)
    if not len(known):
        return _Number(False, 0.0, 1.0, False)
    positive = known[known > 0]
    low, middle, high = np.percentile(known, [5, 50, 95])
    logarithm = bool(
        known.min() >= 0
        and len(positive)
        and middle > 0
        and high > _WIDE * max(low, middle / _WIDE)
    )
    if logarithm:
        spread = np.log1p(known / middle)
        return _Number(True, float(middle), float(spread.std()) or 1.0, sometimes)
    return _Number(False, float(known.mean()), float(known.std()) or 1.0, sometimes)


def _category(texts):
    levels, count = np.unique(texts.astype(str), return_counts=True)
    order = np.argsort(-count, kind="stable")
    # the most frequent one is what the others are compared with
    kept = [levels[i] for i in order if count[i] >= _MIN_LEVEL][1:_MAX_LEVELS]
    return _Category(tuple(kept))
