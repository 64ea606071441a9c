"""Flags on maps without a pattern and with one, and time.

Market: the places of WideWorldImporters' list of US towns with their inhabitants.

Run: ``python -m benchmarks.insight_whitespace [folder of sample data]``
"""

import sys

import numpy as np

from odoo.addons.territory_planning.engine.insight import whitespace

from benchmarks._insight import Goals, folder, rows, seconds


def towns(place):
    path = place / "wwi_us_cities.csv"
    if not path.exists():
        return None
    table = [row for row in rows(path) if row["population"]]
    columns = ([float(row[c]) for row in table] for c in ("lat", "lon", "population"))
    return tuple(np.array(column) for column in columns)


def uneven(size=20_000):
    rng = np.random.default_rng(0)
    place = rng.uniform(47.5, 54.5, size), rng.uniform(6.5, 14.5, size)
    return *place, rng.lognormal(0, 1.5, size)


def draw(market, size, seed, factor=1.0):
    lat, lon, weight = market
    share = weight * factor
    chosen = np.random.default_rng(seed).choice(len(lat), size, p=share / share.sum())
    return lat[chosen], lon[chosen]


def maps(goals, name, market, cell_km, runs=50):
    flagged = 0
    for seed in range(runs):
        size = (500, 2000, 10_000)[seed % 3]
        own = draw(market, size, seed)
        flagged += whitespace.excess(*own, *market, cell_km=cell_km).flag.any()
    goals.most(f"{name}: null maps with a flag, of {runs}", flagged, 0)
    lat, lon, weight = market
    # the hole lies around the market's middle and holds a twentieth of it
    middle = np.average(lat, weights=weight), np.average(lon, weights=weight)
    reach = np.hypot(lat - middle[0], (lon - middle[1]) * np.cos(np.radians(lat)))
    order = np.argsort(reach)
    inside = np.zeros(len(lat), bool)
    inside[order[: np.searchsorted(np.cumsum(weight[order]), 0.05 * weight.sum())]] = (
        True
    )
    edge = reach[inside].max()
    for share in (0.2, 0.5):
        own = draw(market, 5000, 1, np.where(inside, share, 1.0))
        found = whitespace.excess(*own, *market, cell_km=cell_km)
        off = np.hypot(
            found.lat - middle[0],
            (found.lon - middle[1]) * np.cos(np.radians(found.lat)),
        )
        hole, far = off < edge, off > edge + 5 * cell_km / 111
        expected = found.expected[hole].sum()
        seen = found.expected[hole & found.white].sum() / expected
        goals.beside(f"  hole of {share:.0%}: share of it flagged", f"{seen:.2f}")
        goals.most("  cells flagged elsewhere", found.flag[far].sum(), 0)


def main(argv=None):
    place, goals = folder(argv, __doc__), Goals()
    maps(goals, "simulated market", uneven(), 25)
    market = towns(place)
    if market is None:
        goals.skip("US towns", place / "wwi_us_cities.csv")
    else:
        maps(goals, "US towns", market, 50)
    many = uneven(60_000)
    own = draw(many, 40_000, 0)
    took, found = seconds(lambda: whitespace.excess(*own, *many))
    goals.most(f"100,000 points, {len(found.lat):,} cells: seconds", took, 2)
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
