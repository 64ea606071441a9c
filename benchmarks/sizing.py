"""The published sizing table: profit by number of reps, and the continuous optimum.

Beswick 1977: seven accounts, sales g·x^0.2, margin 0.1; a rep costs 1 and brings 100 units.
Also the time that sizing 100 regions of 1,000 accounts takes, beside one allocation of them.

Run: ``python -m benchmarks.sizing``
"""

import sys

import numpy as np

from odoo.addons.territory_planning.engine import allocation, response, sizing

from benchmarks._insight import Goals, seconds

SCALE = (75.36, 28.76, 36.21, 43.28, 56.65, 69.27, 63.04)
PROFIT = {
    1: 63.1717,
    2: 71.7140,
    3: 76.9407,
    4: 80.6751,
    5: 83.5397,
    10: 91.7054,
}
REPS = 24.2922


def table(goals):
    curves = response.power(0, SCALE, 0.2)
    reps = np.array(list(PROFIT), dtype=float)
    curve = allocation.profit_curve(curves, margin=0.1, budgets=100 * reps)
    for number, profit in zip(reps, curve.profit - reps, strict=True):
        goals.near(f"profit of {number:.0f} reps", profit, PROFIT[number], 6e-5)
    found = sizing.size(curves, margin=0.1, hours=100.0, cost=1.0)
    goals.near("continuous optimum", found.optimum[0], REPS, 6e-5)
    goals.beside(
        "whole reps, and where profit stays within 1 %", f"{found.reps[0]:.0f}"
    )
    goals.beside("  from, to", f"{found.flat_low[0]:.0f}, {found.flat_high[0]:.0f}")


def speed(goals):
    rng = np.random.default_rng(0)
    accounts, regions = 100_000, 100
    curves = response.power(0, rng.lognormal(8, 1, accounts), 0.3)
    group = np.arange(accounts) % regions
    given = dict(margin=0.3, time_per_visit=1.5, group=group)
    one, _plan = seconds(
        lambda: allocation.allocate(curves, budget=np.full(regions, 1500.0), **given)
    )
    # a rep costs what the last of five brings
    price = allocation.allocate(curves, budget=np.full(regions, 750.0), **given)
    cost = price.shadow_price * 150.0
    took, _sizes = seconds(
        lambda: sizing.size(curves, hours=150.0, cost=cost, **given), repeat=1
    )
    goals.beside("100 regions, 100,000 accounts: seconds", f"{took:.1f}")
    goals.beside("  as many allocations", f"{took / one:.0f}")


def main():
    goals = Goals()
    table(goals)
    speed(goals)
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
