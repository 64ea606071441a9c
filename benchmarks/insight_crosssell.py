"""Hidden purchases among the ten suggested, beside the ten most popular.

One purchase of each customer with at least four is hidden; *new* is what resellers bought for
the first time in the half year after the cut. Neither may suggest what is bought already.

Run: ``python -m benchmarks.insight_crosssell [folder of sample data]``
"""

import sys

import numpy as np

from odoo.addons.territory_planning.engine.insight import crosssell

from benchmarks._insight import Goals, folder, resellers, rows, seconds

CUT = np.datetime64("2013-05-31")


def hit_rates(customer, item, wanted_customer, wanted_item, top=10):
    """Share of the wanted pairs that are suggested, and that are most popular."""
    found = crosssell.suggest(customer, item, top=top)
    place = {key: number for number, key in enumerate(found.customer.tolist())}
    kinds, code = np.unique(item, return_inverse=True)
    pairs = np.unique(np.column_stack([customer, code]), axis=0)
    count = np.bincount(pairs[:, 1], minlength=len(kinds))
    ranking = kinds[np.argsort(-count, kind="stable")]
    own = {}
    for key, value in zip(customer.tolist(), item.tolist(), strict=True):
        own.setdefault(key, set()).add(value)
    hits = popular = total = 0
    for key, value in zip(wanted_customer.tolist(), wanted_item.tolist(), strict=True):
        if key not in place or value in own[key]:
            continue
        total += 1
        row = place[key]
        good = np.isfinite(found.score[row])
        hits += value in found.item[row][good]
        rest = [kind for kind in ranking.tolist() if kind not in own[key]][:top]
        popular += value in rest
    return hits / total, popular / total, total


def hide(customer, item, seed):
    """Pairs left and one taken of each customer with at least four."""
    pairs = np.unique(np.array([customer, item]), axis=1)
    turn = np.random.default_rng(seed).permutation(pairs.shape[1])
    _keys, first = np.unique(pairs[0][turn], return_index=True)
    _all, where, count = np.unique(pairs[0], return_inverse=True, return_counts=True)
    taken = turn[first]
    taken = taken[count[where][taken] >= 4]
    left = np.setdiff1d(np.arange(pairs.shape[1]), taken)
    return *pairs[:, left], *pairs[:, taken]


def tell(goals, name, results, goal=1.3):
    hits, popular = np.mean([r[0] for r in results]), np.mean([r[1] for r in results])
    if popular > 1 / goal:
        # nobody can be that much better: told, and held to half of what is left
        goals.beside(
            f"{name}: {goal} times is out of reach, at most", f"{1 / popular:.3f}"
        )
        goals.beside("  hit rate, popularity", f"{hits:.3f}, {popular:.3f}")
        missed = (1 - hits) / (1 - popular)
        goals.most("  misses, as a share of popularity's", missed, 0.5)
        return
    goals.least(f"{name}: hit rate ÷ popularity's", hits / popular, goal)
    goals.beside("  hit rate, popularity", f"{hits:.3f}, {popular:.3f}")


def adventureworks(goals, place):
    orders = resellers(place)
    if orders is None:
        return goals.skip("resellers", place / "aw_order_lines.csv.gz")
    table = {int(row["ProductKey"]): row for row in rows(place / "aw_products.csv")}
    for name, column in (
        ("products", "EnglishProductName"),
        ("categories", "EnglishProductSubcategoryName"),
    ):
        item = np.array([table[key][column] for key in orders.product.tolist()])
        _kinds, item = np.unique(item, return_inverse=True)
        runs = [hit_rates(*hide(orders.customer, item, seed)) for seed in range(5)]
        tell(goals, f"resellers, {name}, hidden", runs)
        past = orders.day <= CUT
        pairs = np.unique(np.column_stack([orders.customer, item])[~past], axis=0)
        data = orders.customer[past], item[past], pairs[:, 0], pairs[:, 1]
        tell(goals, f"resellers, {name}, new", [hit_rates(*data)])


def northwind(goals, place):
    path = place / "northwind_orders.csv"
    if not path.exists():
        return goals.skip("Northwind", path)
    buyer = {row["0"]: row["1"] for row in rows(path)}
    lines = rows(place / "northwind_order_details.csv")
    _keys, customer = np.unique(
        [buyer[x["OrderID"]] for x in lines], return_inverse=True
    )
    item = np.array([int(x["ProductID"]) for x in lines])
    runs = [hit_rates(*hide(customer, item, seed)) for seed in range(10)]
    tell(goals, "Northwind, 77 products, hidden", runs)


def scale(goals):
    rng = np.random.default_rng(0)
    size = 100_000
    customer, item = rng.integers(0, size, 1_500_000), rng.integers(0, 200, 1_500_000)
    took, _found = seconds(lambda: crosssell.suggest(customer, item), 1)
    goals.beside("100,000 customers, 200 categories: seconds", f"{took:.1f}")


def main(argv=None):
    place, goals = folder(argv, __doc__), Goals()
    adventureworks(goals, place)
    northwind(goals, place)
    scale(goals)
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
