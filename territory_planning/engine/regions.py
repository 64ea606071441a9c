"""What is done to the areas of regions: cut, join, fit to neighbours, compare.

Areas are shapely Polygons or MultiPolygons in WGS84 degrees, longitude first, as
:func:`.geo.parse_area` gives them. Set operations are done in degrees, on the very
coordinates that are stored, so that neighbours share their border exactly; lengths are
measured on a plane that is true to scale in the middle of what is looked at.
"""

import math

import numpy as np
import shapely

from .geo import EARTH_RADIUS_KM, _polygonal

#: km of a degree of latitude.
_KM = math.radians(1) * EARTH_RADIUS_KM
_MOST_VERTICES = 5_000  # of the line a region is cut by
_DUST_KM2 = 1e-6  # a square metre: smaller ones come from rounding


# -------------------------------------------------------------------- measures
def area_km2(area):
    """The size of an area on a sphere of the earth's mean radius.

    The exact area between meridians and the chords' linear interpolation in the sine of
    latitude (Chamberlain & Duquette 2007, "Some Algorithms for Polygons on a Sphere",
    eq. 4), which for outlines as people draw them is within 0.1 %.

    :return: km²
    """
    total = 0.0
    for polygon in shapely.get_parts(area):
        rings = [polygon.exterior, *polygon.interiors]
        sizes = [_ring_km2(shapely.get_coordinates(ring)) for ring in rings]
        total += sizes[0] - sum(sizes[1:])
    return float(total)


def _ring_km2(points):
    lon, lat = np.radians(points).T
    sine = np.sin(lat)
    return abs(np.sum(np.diff(lon) * (sine[1:] + sine[:-1]))) / 2 * EARTH_RADIUS_KM**2


class _Plane:
    """A plane in km, true to scale in the middle of some areas."""

    def __init__(self, *areas):
        bounds = np.array([area.bounds for area in areas if not area.is_empty])
        middle = math.radians((bounds[:, 1].min() + bounds[:, 3].max()) / 2)
        self.scale = np.array([_KM * max(math.cos(middle), 0.01), _KM])

    def enter(self, area):
        return shapely.transform(area, lambda xy: xy * self.scale)

    def leave(self, area):
        return shapely.transform(area, lambda xy: xy / self.scale)

    def opened(self, area, width):
        """What of an area is wider than ``width`` km."""
        return self._twice(area, -width / 2, width / 2)

    def closed(self, area, width):
        """An area with what is narrower than ``width`` km between its parts."""
        return self._twice(area, width / 2, -width / 2)

    def _twice(self, area, first, second):
        plane = self.enter(area)
        for distance in (first, second):
            plane = shapely.buffer(plane, distance, join_style="mitre")
        return self.leave(plane)


# ---------------------------------------------------------------- cut and join
def split(area, line):
    """Cut an area in two along a line.

    What lies left of the line (looking along it) is one part, what lies right of it the
    other; pieces of the area that the line does not touch go with the part they are
    nearest to. The union of the parts is the area.

    :param line: shapely LineString
    :return: ``(part, part)``, the larger one first
    :raises ValueError: with a sentence for the user, if the line does not cut
    """
    if len(line.coords) > _MOST_VERTICES:
        raise ValueError(
            f"The line has more than {_MOST_VERTICES:,} points. Draw a simpler one."
        )
    if not line.is_simple:
        raise ValueError("The line crosses itself. Draw it again without a loop.")
    border = shapely.boundary(area)
    lines = shapely.union_all([border, line])
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    shapely.prepare(area)
    pieces = pieces[shapely.intersects(area, shapely.point_on_surface(pieces))]
    side = np.array([_side(piece, border, line) for piece in pieces])
    if not ((side > 0).any() and (side < 0).any()):
        raise ValueError(
            "The line does not cut the region in two. Begin it outside the region, "
            "draw it right through and end it outside."
        )
    for lone in np.flatnonzero(side == 0):
        near = np.flatnonzero(side)
        distance = shapely.distance(pieces[lone], pieces[near])
        side[lone] = side[near[np.argmin(distance)]]
    left = _polygonal(shapely.union_all(pieces[side > 0]))
    # Not the union of the others: so nothing is lost and nothing is in both.
    right = _polygonal(shapely.difference(area, left))
    return tuple(sorted((left, right), key=lambda part: -part.area))


def _side(piece, border, line):
    """Which side of the line a piece is on: its sign; 0 if it does not touch it.

    A piece lies left of its outer ring when that runs anticlockwise, so it lies left of
    the line where ring and line run the same way.
    """
    total = 0.0
    piece = shapely.orient_polygons(piece)
    for ring in (piece.exterior, *piece.interiors):
        points = shapely.get_coordinates(ring)
        edges = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
        middle = shapely.line_interpolate_point(edges, 0.5, normalized=True)
        inner = shapely.distance(middle, border) > 1e-9
        inner &= shapely.distance(middle, line) < 1e-7
        begin = shapely.line_locate_point(line, shapely.points(points[:-1][inner]))
        end = shapely.line_locate_point(line, shapely.points(points[1:][inner]))
        total += np.sum(end - begin)
    return total


def merge(areas, *, tolerance_km=0.0):
    """Join areas, and close what is narrower than the tolerance between them.

    :param areas: at least two
    :return: their union; areas that are not neighbours become parts of one
    """
    areas = list(areas)
    joined = shapely.union_all(areas)
    if tolerance_km > 0:
        slits = _slits(joined, tolerance_km)
        touched = sum(shapely.intersects(slits, area).astype(int) for area in areas)
        joined = shapely.union_all([joined, *slits[touched > 1]])
    return _polygonal(joined)


def snap(area, neighbours, *, tolerance_km=0.5):
    """Fit the border of an area to its neighbours'.

    Overlaps with neighbours that are narrower than the tolerance are cut off, gaps
    between it and them that are narrower are filled. Wider ones are meant and stay.

    :param neighbours: areas; those out of reach do not matter
    :return: ``(area, changed)``: whether anything was fitted
    """
    reach = tolerance_km / _KM / max(math.cos(math.radians(_furthest(area))), 0.01)
    tree = shapely.STRtree(list(neighbours))
    near = tree.geometries[tree.query(area, predicate="dwithin", distance=reach)]
    if not len(near):
        return area, False
    others = shapely.union_all(near)
    plane = _Plane(area)
    overlap = _polygonal(shapely.intersection(area, others))
    thin = _thin(overlap, plane, tolerance_km, reach)
    kept = _polygonal(shapely.difference(area, thin)) if len(thin.geoms) else area
    fitted = area if kept.is_empty else kept
    slits = _slits(shapely.union_all([fitted, others]), tolerance_km)
    both = shapely.intersects(slits, fitted) & shapely.intersects(slits, others)
    fitted = _polygonal(shapely.union_all([fitted, *slits[both]]))
    changed = not fitted.equals(area)
    return (fitted if changed else area), changed


def _thin(overlap, plane, width, reach):
    """The parts of an overlap that are narrower than ``width`` km.

    Acute corners of a wide overlap are narrow, too, but short: they stay with it, or
    the corners of whatever crosses a neighbour on purpose would be cut off.
    """
    if overlap.is_empty:
        return shapely.MultiPolygon()
    wide = plane.opened(overlap, width)
    rest = shapely.difference(overlap, shapely.buffer(wide, reach / 1e3))
    parts = shapely.get_parts(rest)
    parts = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 0)]
    alone = ~shapely.dwithin(parts, wide, reach / 100) if not wide.is_empty else True
    long = shapely.area(plane.enter(parts)) > (2 * width) ** 2
    return shapely.MultiPolygon(parts[alone | long].tolist())


def _furthest(area):
    _west, south, _east, north = area.bounds
    return max(abs(south), abs(north))


def _slits(area, width):
    """What is narrower than ``width`` km between parts of an area, part by part."""
    closed = _Plane(area).closed(area, width)
    return shapely.get_parts(_polygonal(shapely.difference(closed, area)))


def simplify(area, most):
    """An area with at most about ``most`` corners, to be edited by hand.

    Visvalingam & Whyatt 1993, which keeps neighbouring parts apart, with the smallest
    tolerance of a few tried that is enough.

    :return: ``(area, off_km)``: how far the new border is from the old one at most
    """
    if shapely.get_num_coordinates(area) <= most:
        return area, 0.0
    tolerance = math.sqrt(area.area) * 1e-4
    for _ in range(40):
        simpler = shapely.coverage_simplify([area], tolerance)[0]
        simpler = _polygonal(shapely.make_valid(simpler))
        if shapely.get_num_coordinates(simpler) <= most:
            break
        if tolerance > math.sqrt(area.area):  # many small parts: the largest are kept
            parts = shapely.get_parts(simpler)
            order = np.argsort(-shapely.area(parts), kind="stable")
            size = np.cumsum(shapely.get_num_coordinates(parts[order]))
            simpler = shapely.union_all(parts[order[: max(np.sum(size <= most), 1)]])
            break
        tolerance *= 1.5
    plane = _Plane(area)
    off = shapely.hausdorff_distance(
        plane.enter(shapely.boundary(simpler)), plane.enter(shapely.boundary(area))
    )
    return simpler, float(off)


# ------------------------------------------------------------ overlaps and gaps
def overlaps(areas, *, least_km2=0.01):
    """Where areas lie on each other.

    :return: list of ``(i, j, geometry, km2)`` with i < j, the largest first
    """
    areas = np.array(list(areas), dtype=object)
    if len(areas) < 2:
        return []
    tree = shapely.STRtree(areas)
    one, other = tree.query(areas, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    both = shapely.intersection(areas[one], areas[other])
    found = []
    for i, j, geometry in zip(one.tolist(), other.tolist(), both, strict=True):
        if geometry.area > 0:
            geometry = _polygonal(geometry)
            size = area_km2(geometry)
            if size >= least_km2:
                found.append((i, j, geometry, size))
    return sorted(found, key=lambda row: (-row[3], row[0], row[1]))


def gaps(areas, *, width_km=5.0, least_km2=0.01):
    """What areas leave out between them: holes in their union, and slits.

    A hole is enclosed on all sides; a slit is open but narrower than ``width_km``.

    :return: list of ``(geometry, km2)``, the largest first
    """
    areas = list(areas)
    if not areas:
        return []
    whole = shapely.union_all(areas)
    holes = [
        shapely.Polygon(ring)
        for part in shapely.get_parts(whole)
        for ring in part.interiors
    ]
    # What one area leaves out in itself is meant, but for other areas' sake.
    missing = shapely.union_all([*holes, *_slits_between(areas, whole, width_km)])
    missing = shapely.get_parts(_polygonal(shapely.difference(missing, whole)))
    found = [(part, area_km2(part)) for part in missing]
    found = [row for row in found if row[1] >= max(least_km2, _DUST_KM2)]
    return sorted(found, key=lambda row: -row[1])


def _slits_between(areas, whole, width):
    slits = _slits(whole, width)
    if not len(slits):
        return []
    tree = shapely.STRtree(areas)
    slit, _area = tree.query(slits, predicate="intersects")
    return slits[np.bincount(slit, minlength=len(slits)) > 1]


# --------------------------------------------------------------------- balance
def balance(values):
    """How evenly a figure is spread over regions.

    :param values: ``(n,)`` not negative; NaN is left out
    :return: dict with ``n``, ``mean``, ``median``, ``cv`` (standard deviation of the regions as a
        share of the mean; None below two regions or with nothing to spread), and
        ``high`` and ``low``: indices beyond Tukey's fences (1977, *Exploratory Data
        Analysis*: 1.5 quartile ranges beyond the quartiles), none below five regions
    """
    values = np.asarray(values, dtype=float)
    known = np.isfinite(values)
    some = values[known]
    mean = float(some.mean()) if len(some) else 0.0
    median = float(np.median(some)) if len(some) else 0.0
    answer = {"n": len(some), "mean": mean, "median": median}
    answer |= {"cv": None, "high": [], "low": []}
    if len(some) > 1 and mean > 0:
        answer["cv"] = float(some.std() / mean)
    if len(some) >= 5:
        low, high = np.quantile(some, (0.25, 0.75))
        fence = 1.5 * (high - low)
        answer["high"] = np.flatnonzero(known & (values > high + fence)).tolist()
        answer["low"] = np.flatnonzero(known & (values < low - fence)).tolist()
    return answer


def roll_up(parents, values, weights=None):
    """What each region comes to together with all its parts, each counted once.

    :param parents: ``(n,)``, the row of the region each is part of, -1 for none; no
        region is part of itself by way of others
    :param values: ``(n,)``, of each without its parts; NaN where not known
    :param weights: ``(n,)`` or None; then the mean by weight instead of the sum
    :return: ``(n,)``; NaN where neither the region nor a part of it is known
    """
    parents = np.asarray(parents, dtype=int)
    values = np.asarray(values, dtype=float)
    known = np.isfinite(values)
    weight = np.ones(len(values))
    if weights is not None:
        weights = np.asarray(weights, dtype=float)
        weight = np.where(np.isfinite(weights) & (weights > 0), weights, 0.0)
        known &= weight > 0
    amount = np.where(known, values, 0.0) * weight
    weight = np.where(known, weight, 0.0)
    total, heaviness = amount.copy(), weight.copy()
    above = parents
    for _level in range(len(parents)):
        rows = above >= 0
        if not rows.any():
            break
        np.add.at(total, above[rows], amount[rows])
        np.add.at(heaviness, above[rows], weight[rows])
        above = np.where(rows, parents[above], -1)
    else:
        if len(parents):
            raise ValueError("a region is part of itself")
    unknown = heaviness <= 0
    if weights is not None:
        total = total / np.where(unknown, 1.0, heaviness)
        # without hours to weigh by, what the region itself is known to be stays
        return np.where(unknown, values, total)
    return np.where(unknown, np.nan, total)
