"""Robust regression on two sets of effects and one slope, by weighted backfitting."""

import numpy as np

#: Tukey's biweight at 95 % efficiency, and the factor from MAD to standard deviation
_TUKEY, _MAD = 4.685, 1.4826
_ROUNDS, _SWEEPS = 8, 3


class TwoWay:
    """y = product + slope·x + customer + rest.

    After :meth:`solve`: ``product (p,)``, ``slope``, ``customer (c,)`` shrunken towards 0,
    ``customer_sd (c,)``, ``rest (n,)``.

    :param row, column: ``(n,)`` codes of product and customer, sorted by ``row``.
    :param y, x: ``(n,)``.
    """

    def __init__(self, row, column, rows, columns, y, x):
        self.row, self.column, self.rows, self.columns = row, column, rows, columns
        self.y, self.x = y, x
        self.count = np.bincount(row, minlength=rows)
        self.live = np.flatnonzero(self.count)
        self.first = (np.cumsum(self.count) - self.count)[self.live]
        self.slope = 0.0
        self.product = np.zeros(rows)
        self.customer = np.zeros(columns)
        self.customer_sd = np.zeros(columns)
        self.noise = 0.0
        self.weight = np.ones(len(y))
        self.rest = y.copy()

    def solve(self, max_slope):
        if not len(self.y):
            return
        self.product = medians(self.row, self.y, self.rows)
        self.rest = self.y - self._spread_out(self.product)
        for turn in range(_ROUNDS):
            scale = max(_MAD * float(np.median(np.abs(self.rest))), 1e-9)
            limit = np.maximum(self._scales(scale), 0.003) * _TUKEY
            weight = self.rest / self._spread_out(limit)
            weight *= weight
            np.subtract(1.0, weight, out=weight)
            np.maximum(weight, 1e-6, out=weight)
            weight *= weight
            self.weight, before = weight, self.rest
            self._backfit(weight, max_slope, 3 if turn < 2 else 1)
            if turn > 2 and np.abs(self.rest - before).max() < 2e-3 * np.median(limit):
                break

    def _over_rows(self, values):
        """Sum over each product, ``(p,)``."""
        result = np.zeros(self.rows)
        result[self.live] = np.add.reduceat(values, self.first)
        return result

    def _spread_out(self, values):
        """The product's value for each pair, ``(n,)``."""
        return np.repeat(values, self.count)

    def _scales(self, scale):
        """Rough spread per product: between its own and that of all."""
        own = self._over_rows(np.minimum(np.abs(self.rest), 4 * scale))
        return 1.25 * (own + 8 * 0.8 * scale) / (self.count + 8)

    def _backfit(self, weight, max_slope, sweeps):
        per_row = np.maximum(self._over_rows(weight), 1e-12)
        per_column = np.bincount(self.column, weight, minlength=self.columns)
        steep = weight * (
            self.x - self._spread_out(self._over_rows(weight * self.x) / per_row)
        )
        info = float(steep @ self.x)
        for _sweep in range(sweeps):
            if info > 1e-9:
                step = float(steep @ self.rest) / info
                step = np.clip(self.slope + step, -max_slope, max_slope) - self.slope
                self.slope += float(step)
                self.rest = self.rest - step * self.x
            part = self._over_rows(weight * self.rest) / per_row
            self.product += part
            self.rest = self.rest - self._spread_out(part)
            self._customers(weight, per_column)

    def _customers(self, weight, per_column):
        """Customers' levels: averages, shrunken by how much they really differ."""
        rest = self.rest + self.customer[self.column]
        mean = np.bincount(self.column, weight * rest, minlength=self.columns)
        mean /= np.maximum(per_column, 1e-12)
        clean = float(weight @ (rest - mean[self.column]) ** 2)
        freedom = per_column.sum() - (per_column > 0.5).sum()
        noise = max(clean / max(freedom, 1.0), 1e-12)
        enough = per_column > 1.5
        between = 0.0
        if enough.any():
            # robust: a few customers with special terms are not how customers differ
            error = noise / per_column[enough]
            usual = _MAD * np.median(np.abs(mean[enough]))
            between = max(usual**2 - np.median(error), 0.0)
            wide = np.mean(np.minimum(mean[enough] ** 2, 9 * usual**2))
            between = max(between, wide - error.mean())
        precision = per_column / noise + 1 / max(between, 0.003**2)
        self.noise = noise
        self.customer = mean * per_column / noise / precision
        self.customer_sd = np.sqrt(1 / precision)
        self.rest = rest - self.customer[self.column]

    def spread(self, least, min_peers):
        """Standard deviation of each pair's rest ``(n,)``, by MAD around its product.

        Few peers say little about a spread: the logarithm of each product's is
        shrunken towards that of all by its sampling variance, 1.36/n. A pair that
        helped to fit its own product and customer has a smaller rest for that, one that
        was not believed a larger one.
        """
        share = self._spread_out(1 / np.maximum(self.count, 1))
        share += (self.customer_sd**2 / max(self.noise, 1e-12))[self.column]
        share = np.minimum(share, 0.9)
        believed = np.clip(self.weight, 0, 1)
        factor = np.sqrt(np.maximum(1 + share * (1 - 2 * believed), 0.1))
        own = _MAD * medians(self.row, np.abs(self.rest) / factor, self.rows)
        judged = (self.count >= min_peers) & (own > least)
        result = np.maximum(own, least)
        if judged.sum() > 4:
            log, error = np.log(own[judged]), 1.36 / self.count[judged]
            centre = np.median(log)
            differ = max(np.mean((log - centre) ** 2) - error.mean(), 0.0)
            result[judged] = np.exp(centre + (log - centre) * differ / (differ + error))
        # sampling error of the spread itself: small groups need a wider margin
        result = np.maximum(result * (1 + 1.36 / np.maximum(self.count, 1)), least)
        return self._spread_out(result) * factor


def medians(group, values, count):
    """Median of each group ``(count,)``, 0 for an empty one.

    :param group: ``(n,)`` codes, sorted.
    """
    if not len(values):
        return np.zeros(count)
    # one sort for all groups: each keeps to its own interval of length 1/2
    reach = 4 * max(float(np.abs(values).max()), 1e-300)
    ordered = np.sort(group + values / reach)
    ordered = (ordered - group) * reach
    size = np.bincount(group, minlength=count)
    start, last = np.cumsum(size) - size, len(values) - 1
    low = np.minimum(start + np.maximum(size - 1, 0) // 2, last)
    high = np.minimum(start + size // 2, last)
    return np.where(size > 0, (ordered[low] + ordered[high]) / 2, 0.0)
