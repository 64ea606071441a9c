"""How fast accounts find their region, beside brute force, and how fast areas are worked.

Goals (medians of one run):

- 100,000 accounts × 500 drawn regions: everyone placed within seconds, in less than a
  tenth of the time of asking each region about all accounts one by one, with the same
  answer for every account;
- overlaps and gaps of 500 regions, splitting, merging and fitting one of them: shown as
  times, because a person waits for them.

The regions are the cells of a Voronoi diagram over Germany whose borders wander, about
100 corners each, and some of them lie on others, as drawn ones do.

Run: ``python -m benchmarks.regions``
"""

import statistics
import sys
import time

import numpy as np
import shapely

from odoo.addons.territory_planning.engine import geo, regions

ACCOUNTS = 100_000
REGIONS = 500
MOST_SHARE = 0.1
REPETITIONS = 5
BOX = (6.0, 47.3, 15.0, 55.0)


def country(seed=0):
    """Return 500 areas side by side, every tenth a little too large."""
    rng = np.random.default_rng(seed)
    west, south, east, north = BOX
    sites = np.column_stack(
        [rng.uniform(west, east, REGIONS), rng.uniform(south, north, REGIONS)]
    )
    cells = shapely.voronoi_polygons(shapely.MultiPoint(sites), extend_to=None)
    cells = shapely.intersection(shapely.get_parts(cells), shapely.box(*BOX))
    cells = shapely.segmentize(cells, 0.02)
    areas = []
    for number, cell in enumerate(cells):
        # the same shift for the same point, so that neighbours keep their border
        wandering = shapely.transform(
            cell, lambda xy: xy + 0.01 * np.sin(90 * xy[:, ::-1] + xy)
        )
        wandering = shapely.make_valid(wandering)
        areas.append(wandering.buffer(0.05) if number % 10 == 0 else wandering)
    return areas


def brute_force(lat, lon, areas):
    """Ask every region about every account; the first that holds it has it."""
    found = np.full(len(lat), -1)
    for number, area in enumerate(areas):
        shapely.prepare(area)
        inside = shapely.intersects_xy(area, lon, lat) & (found < 0)
        found[inside] = number
    return found


def median_time(function, repetitions=REPETITIONS):
    """Return seconds and the answer."""
    times = []
    for _ in range(repetitions):
        begin = time.perf_counter()
        answer = function()
        times.append(time.perf_counter() - begin)
    return statistics.median(times), answer


def main():
    """Print the figures; fail if a goal is missed."""
    areas = country()
    rng = np.random.default_rng(1)
    west, south, east, north = BOX
    lon = rng.uniform(west, east, ACCOUNTS)
    lat = rng.uniform(south, north, ACCOUNTS)
    corners = int(np.mean(shapely.get_num_coordinates(areas)))
    print(f"{ACCOUNTS:,} accounts, {REGIONS} regions of {corners} corners on average")
    ours, found = median_time(lambda: geo.locate(lat, lon, areas))
    peer, expected = median_time(lambda: brute_force(lat, lon, areas), 1)
    same = int(np.sum(found == expected))
    print(f"  placing            {ours:8.3f} s")
    print(f"  brute force        {peer:8.3f} s   {ours / peer:.3f} of it is ours")
    print(f"  same answer        {same:8,} of {ACCOUNTS:,}")
    timed("overlaps", lambda: regions.overlaps(areas))
    timed("gaps", lambda: regions.gaps(areas))
    one = areas[REGIONS // 2]
    box = shapely.box(*one.bounds)
    line = shapely.LineString(
        [
            (box.bounds[0] - 1, one.centroid.y),
            (box.bounds[2] + 1, one.centroid.y + 0.01),
        ]
    )
    timed("split one", lambda: regions.split(one, line))
    timed("merge 50", lambda: regions.merge(areas[:50], tolerance_km=0.2))
    others = [area for area in areas if area is not one]
    timed("fit one to 499", lambda: regions.snap(one, others, tolerance_km=1))
    if same != ACCOUNTS or ours > MOST_SHARE * peer:
        print("  ✗ a goal is missed")
        sys.exit(1)
    print("  ✓ goals kept")


def timed(name, function):
    """Print how long something takes."""
    seconds, _answer = median_time(function, 3)
    print(f"  {name:<18} {seconds:8.3f} s")


if __name__ == "__main__":
    main()
