"""P(no order within the horizon) against the published figures, the resellers, and time.

Peers: BG/NBD's P(alive), and silence ÷ usual gap, the rule of thumb that reps use.

Run: ``python -m benchmarks.insight_churn [folder of sample data]``
"""

import sys

import numpy as np

from odoo.addons.territory_planning.engine.insight import backtest, churn

from benchmarks._insight import Goals, folder, resellers, rows, seconds

CUT, HORIZON = np.datetime64("2013-05-31"), 182
REFERENCE = {
    "bg/nbd": ([0.2426, 4.4135, 0.7929, 2.4258], -9582.43),
    "mbg/cnbd-k": ([0.5248, 6.1830, 0.8914, 1.6140], -9582.13),
}


def cdnow(goals, place):
    path = place / "cdnow_customers_summary.csv"
    if not path.exists():
        return goals.skip("CDNOW", path)
    table = rows(path)
    data = [[float(row[c]) for row in table] for c in ("frequency", "recency", "T")]
    for family, (params, log_likelihood) in REFERENCE.items():
        model = churn.fit(*data, family=family)
        for name, found, wanted in zip(
            ("r", "alpha", "a", "b"), model.params, params, strict=True
        ):
            goals.near(f"CDNOW {family} {name}", found, wanted, 2e-4)
        goals.near(f"CDNOW {family} LL", model.log_likelihood, log_likelihood, 5e-3)
        if family == "bg/nbd":
            example = 2, 30.43, 38.86
            goals.near("CDNOW P(alive) of x = 2", model.p_alive(*example), 0.7266, 1e-4)
            orders = model.expected_orders(39, *example)
            goals.near("CDNOW E[Y(39)] of x = 2", orders, 1.2259, 1e-3)


def adventureworks(goals, place):
    orders = resellers(place)
    if orders is None:
        return goals.skip("resellers", place / "aw_order_lines.csv.gz")
    found, risk = backtest.churn_backtest(orders.customer, orders.day, CUT, HORIZON)
    goals.least(f"resellers, {found.count}, {HORIZON} days: AUC", found.auc, 0.94)
    goals.most("resellers: Brier score", found.brier, 0.08)
    goals.beside("  of telling everybody the average", f"{found.brier_base:.3f}")
    goals.beside(
        "  mean distance from the calibration curve", f"{found.calibration_error:.3f}"
    )
    goals.beside("  k chosen", risk.model.k)
    past = churn.histories(orders.customer, orders.day, CUT)
    inside = (orders.day > CUT) & (orders.day <= CUT + HORIZON)
    stopped = ~np.isin(past.customer, orders.customer[inside])
    data = past.frequency, past.recency, past.age
    peer = 1 - churn.fit(*data, family="bg/nbd").p_alive(*data)
    gap = np.where(past.frequency > 0, past.usual_gap, np.nanmedian(past.usual_gap))
    rule = past.silence / np.maximum(gap, 1)
    rule = np.clip(rule / rule.max(), 0, 1)
    for name, score in (("BG/NBD, 1 − P(alive)", peer), ("silence ÷ usual gap", rule)):
        goals.beside(f"  AUC of {name}", f"{backtest.score(score, stopped).auc:.3f}")


def scale(goals, size=100_000):
    rng = np.random.default_rng(0)
    rate, p, age = (
        rng.gamma(1.5, 1 / 6, size),
        rng.beta(1, 6, size),
        rng.uniform(10, 104, size),
    )
    x, last, log_gaps = np.zeros(size), np.zeros(size), np.zeros(size)
    active = np.flatnonzero(rng.random(size) > p)
    while len(active):
        gap = rng.gamma(2, 1 / (2 * rate[active]))
        good = last[active] + gap <= age[active]
        active, gap = active[good], gap[good]
        last[active] += gap
        x[active] += 1
        log_gaps[active] += np.log(gap)
        active = active[rng.random(len(active)) > p[active]]
    found = churn.Histories(np.arange(size), x, last, age, log_gaps, False)
    took, risk = seconds(lambda: churn.assess(found, 13), 1)
    goals.most(f"{size:,} customers, k = {risk.model.k}: seconds", took, 15)


def main(argv=None):
    place, goals = folder(argv, __doc__), Goals()
    cdnow(goals, place)
    adventureworks(goals, place)
    scale(goals)
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
