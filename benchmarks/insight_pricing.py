"""Planted price errors of 15 %, found and wrongly found, and time.

Peer: the usual report, deviation from each product's median in units of its MAD, which
knows neither quantities nor customers' levels.

Run: ``python -m benchmarks.insight_pricing [folder of sample data]``
"""

import sys

import numpy as np

from odoo.addons.territory_planning.engine.insight import _two_way, pricing

from benchmarks._insight import Goals, folder, resellers, seconds


def company(size, customers, products, planted, noise, seed=0):
    """Pairs sorted by product and customer, and which of them are wrong."""
    rng = np.random.default_rng(seed)
    code = np.sort(rng.choice(customers * products, size, replace=False))
    product, customer = code // customers, code % customers
    level = rng.normal(0, 0.05, customers)
    level[rng.random(customers) < 0.05] -= 0.12
    quantity = np.ceil(rng.lognormal(2, 1, size))
    log = (
        rng.normal(3, 1, products)[product] + level[customer] - 0.04 * np.log(quantity)
    )
    log += rng.normal(0, noise, size) * rng.uniform(0.5, 1.5, products)[product]
    wrong = rng.random(size) < planted
    log[wrong] += np.log(np.where(rng.random(wrong.sum()) < 0.5, 0.85, 1.15))
    return (product, customer, np.exp(log), quantity), wrong


def simulated(goals, runs=5):
    for name, shape, noise in (
        ("12,000 pairs", (12_000, 600, 300), 0.02),
        ("3,000 pairs", (3_000, 300, 100), 0.02),
        ("8,000 pairs, 5 per customer", (8_000, 1500, 400), 0.02),
    ):
        right = flags = planted = peer_right = peer_flags = 0
        for seed in range(runs):
            lines, wrong = company(*shape, 0.02, noise, seed)
            found = pricing.inconsistencies(*lines)
            wrong = wrong & (found.status == 0)
            right += (found.flag & wrong).sum()
            flags += found.flag.sum()
            planted += wrong.sum()
            usual = _report(lines[0], np.log(lines[2])) & (found.status == 0)
            peer_right += (usual & wrong).sum()
            peer_flags += usual.sum()
        goals.least(f"{name}, 2 % wrong: recall", right / planted, 0.75)
        goals.least("  precision", right / flags, 0.80)
        peers = f"{peer_right / planted:.2f}, {peer_right / max(peer_flags, 1):.2f}"
        goals.beside("  recall, precision of the usual report", peers)
        clean = []
        for seed in range(runs):
            found = pricing.inconsistencies(*company(*shape, 0.0, noise, seed)[0])
            clean.append(found.flag.sum() / (found.status == 0).sum())
        goals.most("  nothing wrong: share flagged", np.mean(clean), 0.005)


def _report(product, log):
    count = int(product.max()) + 1
    rest = log - _two_way.medians(product, log, count)[product]
    spread = 1.4826 * _two_way.medians(product, np.abs(rest), count)[product]
    return (np.abs(rest) > 3.5 * np.maximum(spread, 0.01)) & (np.abs(rest) > 0.05)


def adventureworks(goals, place):
    orders = resellers(place)
    if orders is None:
        return goals.skip("resellers", place / "aw_order_lines.csv.gz")
    rng = np.random.default_rng(0)
    paid = orders.price * (1 - orders.discount)
    cut = orders.day.max()
    last = (orders.day > cut - 365) & (paid > 0)
    key = orders.product * 1_000_000 + orders.customer
    pairs = np.unique(key[last])
    chosen = pairs[rng.random(len(pairs)) < 0.02]
    factor = np.where(np.isin(key, chosen), np.where(key % 2, 0.85, 1.15), 1.0)
    data = orders.product, orders.customer
    dates = {"day": orders.day, "cut": cut}
    for name, expected in (("price list known", paid), ("by data alone", None)):
        found = pricing.inconsistencies(
            *data, paid * factor, orders.quantity, expected=expected, **dates
        )
        wrong = np.isin(found.product * 1_000_000 + found.customer, chosen)
        wrong &= found.status == 0
        right = (found.flag & wrong).sum()
        recall, precision = right / wrong.sum(), right / max(found.flag.sum(), 1)
        clean = pricing.inconsistencies(
            *data, paid, orders.quantity, expected=expected, **dates
        )
        share = clean.flag.sum() / (clean.status == 0).sum()
        if expected is not None:
            goals.least(f"resellers, {name}: recall", recall, 0.75)
            goals.least("  precision", precision, 0.80)
            goals.most("  as they are: share flagged", share, 0.005)
            continue
        # steps of the quantity discount in force are then taken for mistakes
        goals.beside(f"resellers, {name}: recall", f"{recall:.3f}")
        goals.beside("  precision", f"{precision:.3f}")
        goals.beside("  as they are: share flagged", f"{share:.3f}")
        reduced = np.unique(key[last & (orders.discount > 0)])
        flagged = clean.product * 1_000_000 + clean.customer
        known = np.isin(flagged[clean.flag], reduced).mean()
        goals.beside("  of these with a discount in force", f"{known:.3f}")


def scale(goals):
    lines, _wrong = company(250_000, 5_000, 1_000, 0.01, 0.02)
    took, _found = seconds(lambda: pricing.inconsistencies(*lines), 5)
    goals.most("250,000 pairs: seconds", took, 1)


def main(argv=None):
    place, goals = folder(argv, __doc__), Goals()
    simulated(goals)
    adventureworks(goals, place)
    scale(goals)
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
