"""Coverage of the potential in cross-validation, and time beside HiGHS.

Run: ``python -m benchmarks.insight_potential [folder of sample data]``
"""

import sys

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, identity

from odoo.addons.territory_planning.engine.insight import _quantile, potential

from benchmarks._insight import Goals, folder, resellers, rows, seconds

NUMBERS = "NumberEmployees", "AnnualSales", "sq", "YearOpened"
TEXTS = "BusinessType", "ProductLine", "EnglishCountryRegionName"


def adventureworks(goals, place):
    orders = resellers(place)
    if orders is None or not (place / "aw_customers.csv").exists():
        return goals.skip("resellers", place / "aw_order_lines.csv.gz")
    table = rows(place / "aw_customers.csv")
    keys = np.array([int(row["ResellerKey"]) for row in table])
    features = {n: np.array([float(row[n] or "nan") for row in table]) for n in NUMBERS}
    features |= {n: np.array([row[n] for row in table]) for n in TEXTS}
    last = orders.day.max() - orders.day <= np.timedelta64(364, "D")
    value = np.bincount(orders.customer[last], orders.amount[last], keys.max() + 1)[
        keys
    ]
    for name, chosen in (("all", value >= 0), ("active", value > 0)):
        part = {n: column[chosen] for n, column in features.items()}
        shares = [
            potential.coverage(part, value[chosen], seed=seed) for seed in range(5)
        ]
        what = f"{name} {chosen.sum()} resellers: share below, 10 folds"
        goals.near(what, np.mean(shares), 0.85, 0.03)
        goals.near("  the farthest of 5 divisions", _farthest(shares), 0.85, 0.03)


def _farthest(shares):
    return max(shares, key=lambda share: abs(share - 0.85))


def simulated(goals, count=10):
    shares = []
    for seed in range(count):
        rng = np.random.default_rng(seed)
        size = 1000
        employees, industry = (
            np.ceil(rng.lognormal(3, 1, size)),
            rng.integers(0, 5, size),
        )
        level = (2000 + 900 * np.log1p(employees)) * (1 + 0.3 * industry)
        value = level * rng.gamma(2, 0.5, size) * (rng.random(size) < 0.9)
        features = {"employees": employees, "industry": industry.astype(str)}
        shares.append(potential.coverage(features, value, seed=seed))
    goals.near(f"{count} simulated markets: share below", np.mean(shares), 0.85, 0.03)
    goals.near("  the farthest of them", _farthest(shares), 0.85, 0.03)


def scale(goals):
    rng = np.random.default_rng(0)
    x = np.column_stack([np.ones(100_000), rng.normal(size=(100_000, 19))])
    y = np.maximum(x @ rng.normal(size=20) * 100 + 800, 0) + rng.gamma(1, 500, len(x))
    took, theta = seconds(lambda: potential.fit(x[:, 1:], y))
    goals.most("100,000 customers, 20 coefficients: seconds", took, 5)
    part, own = x[:5000], y[:5000]
    took, theta = seconds(lambda: _quantile.solve(part, own, 0.85))
    peer, exact = seconds(lambda: _highs(part, own), 1)
    rest = own - part @ theta
    loss = np.maximum(0.85 * rest, -0.15 * rest).sum()
    goals.most("loss above that of HiGHS, relative, 5,000 rows", loss / exact - 1, 1e-6)
    goals.beside("  seconds here, HiGHS", f"{took:.2f}, {peer:.2f}")


def _highs(x, y):
    size, width = x.shape
    one = identity(size, format="csr")
    cost = np.r_[np.zeros(width), np.full(size, 0.85), np.full(size, 0.15)]
    bounds = [(None, None)] * width + [(0, None)] * (2 * size)
    return linprog(
        cost, A_eq=hstack([csr_matrix(x), one, -one]), b_eq=y, bounds=bounds
    ).fun


def main(argv=None):
    place, goals = folder(argv, __doc__), Goals()
    adventureworks(goals, place)
    simulated(goals)
    scale(goals)
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
