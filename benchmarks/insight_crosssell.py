"""Hidden purchases among the ten suggested, beside the ten most popular.

The ratio comes with a 90 % range by the bootstrap over customers. Where the goal is missed the
data are asked whether anybody could reach it: if purchases go together no more than by
chance, given how much each customer buys and how often each thing is bought, then nothing
but popularity can be learned from them.

One purchase of each customer with at least four is hidden; *new* is what resellers bought for
the first time in the half year after the cut. Neither may suggest what is bought already.

Run: ``python -m benchmarks.insight_crosssell [folder of sample data]``
"""

import sys

import numpy as np

from odoo.addons.territory_planning.engine.insight import crosssell
from odoo.addons.territory_planning.engine.insight._shares import ratio_of_sums

from benchmarks._insight import Goals, folder, resellers, rows, seconds

CUT = np.datetime64("2013-05-31")


def hits(customer, item, wanted_customer, wanted_item, top=10):
    """Of the wanted pairs: customer, whether it is suggested, whether it is most popular."""
    found = crosssell.suggest(customer, item, top=top)
    place = {key: number for number, key in enumerate(found.customer.tolist())}
    kinds, code = np.unique(item, return_inverse=True)
    pairs = np.unique(np.column_stack([customer, code]), axis=0)
    count = np.bincount(pairs[:, 1], minlength=len(kinds))
    ranking = kinds[np.argsort(-count, kind="stable")]
    own = {}
    for key, value in zip(customer.tolist(), item.tolist(), strict=True):
        own.setdefault(key, set()).add(value)
    found_pairs = []
    for key, value in zip(wanted_customer.tolist(), wanted_item.tolist(), strict=True):
        if key not in place or value in own[key]:
            continue
        row = place[key]
        good = np.isfinite(found.score[row])
        rest = [kind for kind in ranking.tolist() if kind not in own[key]][:top]
        found_pairs.append((key, value in found.item[row][good], value in rest))
    return np.array(found_pairs)


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


def tell(goals, name, runs, goal=1.3):
    """Hit rates over some runs, and their ratio with its range."""
    who, hit, popular = np.concatenate(runs).T
    rate, usual = hit.mean(), popular.mean()
    keys, number = np.unique(who, return_inverse=True)
    by_customer = (np.bincount(number, values) for values in (hit, popular))
    ratio, low, high = ratio_of_sums(*by_customer)
    if usual > 1 / goal:
        # nobody can be that much better: told, and held to half of what is left
        goals.beside(
            f"{name}: {goal} times is out of reach, at most", f"{1 / usual:.3f}"
        )
        goals.beside("  hit rate, popularity", f"{rate:.3f}, {usual:.3f}")
        missed = (1 - rate) / (1 - usual)
        goals.most("  misses, as a share of popularity's", missed, 0.5)
    else:
        goals.least(f"{name}: hit rate ÷ popularity's", ratio, goal)
        goals.beside("  hit rate, popularity", f"{rate:.3f}, {usual:.3f}")
    goals.beside(
        f"  range of the ratio, {len(keys)} customers", f"{low:.2f}–{high:.2f}"
    )
    return ratio


def structure(customer, item, shuffles=200, seed=0):
    """How much more purchases go together than by chance, in standard deviations.

    The variance of the numbers of customers any two things have in common, beside that of
    tables shuffled so that every customer buys as many things and every thing is bought as
    often as it was (Gotelli 2000, Ecology 81, 2606–2621; trades after Strona et al. 2014,
    Nature Communications 5, 4114).
    """
    rng = np.random.default_rng(seed)
    keys, row = np.unique(customer, return_inverse=True)
    kinds, column = np.unique(item, return_inverse=True)
    table = np.zeros((len(keys), len(kinds)), bool)
    table[row, column] = True

    def together(table):
        common = table.T.astype(float) @ table
        return common[np.triu_indices(len(kinds), 1)].var()

    real, drawn = together(table), []
    for turn in range(shuffles + 20):
        for _trade in range(5 * len(keys)):
            one, other = rng.choice(len(keys), 2, replace=False)
            only = np.flatnonzero(table[one] & ~table[other])
            swap = np.flatnonzero(table[other] & ~table[one])
            both = rng.permutation(np.r_[only, swap])
            table[one, both], table[other, both] = False, False
            table[one, both[: len(only)]] = True
            table[other, both[len(only) :]] = True
        if turn >= 20:  # until then it is still like the real one
            drawn.append(together(table))
    return (real - np.mean(drawn)) / np.std(drawn)


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
        runs = [hits(*hide(orders.customer, item, seed)) for seed in range(5)]
        tell(goals, f"resellers, {name}, hidden", runs)
        past = orders.day <= CUT
        pairs = np.unique(np.column_stack([orders.customer, item])[~past], axis=0)
        data = orders.customer[past], item[past], pairs[:, 0], pairs[:, 1]
        tell(goals, f"resellers, {name}, new", [hits(*data)])


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
    runs = [hits(*hide(customer, item, seed)) for seed in range(10)]
    if tell(goals, "Northwind, 77 products, hidden", runs) < 1.3:
        alike = structure(customer, item)
        goals.beside("  purchases go together, in σ of chance", f"{alike:.1f}")


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
