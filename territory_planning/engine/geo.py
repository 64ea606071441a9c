"""Geometry on the globe: distances, corridors, areas from strangers, outlines.

Coordinates are WGS84 degrees, arrays ``lat, lon`` in that order, longitudes from
−180 to 180; GeoJSON keeps its own order (longitude first). Distances are
kilometres on a sphere of the earth's mean radius, which is within 0.6 % of the
ellipsoid.
"""

import json
import math

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, Voronoi, cKDTree

#: Mean radius R1 of the earth, km (Moritz 2000, Geodetic Reference System 1980).
EARTH_RADIUS_KM = 6371.0088

_MAX_DEPTH = 8  # collections within collections
_MAX_BYTES = 10_000_000
_MAX_PAIRS = 1_000_000  # pairs of segments whose boxes meet, each counted twice
_MAX_CROSSINGS = 10_000  # pairs of segments that cross, each counted twice
_MAX_SITES = 6_000  # outlines: more points than this are gathered on a grid
_MAX_LATITUDE = 85.0  # outlines: where web maps end
_ISLAND = 0.05  # outlines: parts smaller than this share of their label's largest
_LONE_ISLAND = 0.01  # the same, for parts with no neighbour to go to
_ALPHA = 1.2  # outlines: circumradius, in reaches, up to which a triangle is filled
_DECIMALS = 5  # outlines: of a degree, about a metre


# ------------------------------------------------------------------ distances
def distance_km(lat1, lon1, lat2, lon2):
    """Great-circle distance.

    The haversine formula (Sinnott 1984, "Virtues of the Haversine"), which keeps
    its precision for points that are close together.

    :param lat1: degrees, and so on; all four broadcast against each other
    :return: km, of the broadcast shape
    """
    lat1, lon1, lat2, lon2 = (
        np.radians(np.asarray(value, dtype=float)) for value in (lat1, lon1, lat2, lon2)
    )
    half = (
        np.sin((lat2 - lat1) / 2) ** 2
        + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))


def corridor(lat, lon, start, end, max_detour_km):
    """Who is on the way from ``start`` to ``end``.

    The detour by a point is start → point → end less start → end, so the points
    within a detour fill an ellipse on the globe. A cover of it, cut into bands of
    latitude, across the date line and round a pole if need be, leaves few points to
    compute exactly.

    :param lat: ``(n,)`` degrees; NaN and places that are not on earth are never
        on the way
    :param lon: ``(n,)`` degrees
    :param start: ``(lat, lon)``
    :param end: ``(lat, lon)``, may equal ``start``
    :param max_detour_km: the longest detour that is still on the way
    :return: ``index (k,)`` into the points, by rising detour, and
        ``detour_km (k,)``
    """
    lat, lon = _points(lat, lon)
    start, end = (_place(place) for place in (start, end))
    if not max_detour_km >= 0:
        raise ValueError(f"max_detour_km is {max_detour_km}; give 0 or more.")
    direct = float(distance_km(*start, *end))
    index = _near_ellipse(lat, lon, start, end, direct, max_detour_km)
    lat, lon = lat[index], lon[index]
    detour = distance_km(*start, lat, lon) + distance_km(lat, lon, *end) - direct
    # Rounding may make a point on the line a hair shorter than the line.
    detour = np.maximum(detour, 0.0)
    near = detour <= max_detour_km
    index, detour = index[near], detour[near]
    order = np.argsort(detour)
    return index[order], detour[order]


def _near_ellipse(lat, lon, start, end, direct, detour):
    """Indices of all points in the ellipse, and of few others.

    A point of the ellipse whose foci are ``direct`` apart is at most as far from
    the great circle through them as the end of the minor axis is, and at most half
    the detour beyond either focus. Circles round points along that stretch, a
    little wider than the minor axis, therefore cover it. That holds while
    everything lies on one half of the globe; beyond, any point may be near.
    """
    cover = _cover(start, end, direct, detour)
    if cover is None:
        return np.flatnonzero((np.abs(lat) <= 90) & (np.abs(lon) <= 180))
    centre, radius, south, north = cover
    low, high = math.degrees(south), math.degrees(north)
    inside = (lat >= low) & (lat <= high) & (np.abs(lon) <= 180)
    if max(north, -south) >= math.pi / 2:  # round a pole there are all longitudes
        return np.flatnonzero(inside)
    bands = 128
    west, east = _extent(np.linspace(south, north, bands + 1), *centre, radius)
    west, east = np.degrees(west), np.degrees(east)
    found = []
    for turn in (-360.0, 0.0, 360.0):  # the stretch may lie across the date line
        left, right = np.min(west) - turn, np.max(east) - turn
        if left <= 180 and right >= -180:
            index = np.flatnonzero(inside & (lon >= left) & (lon <= right))
            band = ((lat[index] - low) * (bands / (high - low))).astype(int)
            np.minimum(band, bands - 1, out=band)
            there = lon[index] + turn
            found.append(index[(there >= west[band]) & (there <= east[band])])
    return found[0] if len(found) == 1 else np.unique(np.concatenate(found))


def _cover(start, end, direct, detour):
    """Circles that cover an ellipse: middles, radius, southern and northern end.

    In radians; None beyond half of the globe, where any point may be near.
    """
    half = (direct + detour) / 2 / EARTH_RADIUS_KM
    focus = direct / 2 / EARTH_RADIUS_KM
    if half >= math.pi / 2 - 1e-6:
        return None
    minor = math.acos(min(math.cos(half) / math.cos(focus), 1.0))
    steps = 64
    radius = minor + half / steps + 1e-9
    along = np.linspace(-half, half, steps + 1)
    centre = _along_great_circle(start, end, focus, along)
    south = max(np.min(centre[0]) - radius, -math.pi / 2)
    north = min(np.max(centre[0]) + radius, math.pi / 2)
    return centre, radius, south, north


def corridor_boxes(start, end, max_detour_km):
    """Boxes that hold all of :func:`corridor`, for a database to look in first.

    :return: a list of one box, or two where the way crosses the date line: ``(west,
        south, east, north)``, degrees
    """
    start, end = (_place(place) for place in (start, end))
    if not max_detour_km >= 0:
        raise ValueError(f"max_detour_km is {max_detour_km}; give 0 or more.")
    direct = float(distance_km(*start, *end))
    cover = _cover(start, end, direct, max_detour_km)
    if cover is None:
        return [(-180.0, -90.0, 180.0, 90.0)]
    centre, radius, south, north = cover
    low, high = math.degrees(south), math.degrees(north)
    if max(north, -south) >= math.pi / 2:  # round a pole there are all longitudes
        return [(-180.0, low, 180.0, high)]
    west, east = _extent(np.linspace(south, north, 129), *centre, radius)
    west, east = math.degrees(np.min(west)), math.degrees(np.max(east))
    boxes = []
    for turn in (-360.0, 0.0, 360.0):
        left, right = max(west - turn, -180.0), min(east - turn, 180.0)
        if left <= right:
            boxes.append((left, low, right, high))
    return boxes


def _extent(edges, lat, lon, radius):
    """How far west and east circles on the globe reach within bands of latitude.

    A circle is widest where sin φ = sin lat / cos radius; within a band, as close
    to that as the band comes. All in radians.

    :param edges: ``(b + 1,)``; a hair is added on either side of each band
    :param lat: ``(c,)`` and ``lon (c,)``, the circles' centres
    :return: ``west (b,), east (b,)``
    """
    low, high = edges[:-1, None] - 1e-9, edges[1:, None] + 1e-9
    widest = np.arcsin(np.clip(np.sin(lat) / np.cos(radius), -1, 1))
    at = np.clip(np.clip(widest, low, high), lat - radius, lat + radius)
    cosine = (np.cos(radius) - np.sin(at) * np.sin(lat)) / (np.cos(at) * np.cos(lat))
    width = np.arccos(np.clip(cosine, -1, 1)) + 1e-9
    width[(high < lat - radius) | (low > lat + radius)] = -np.inf
    return np.min(lon - width, axis=1), np.max(lon + width, axis=1)


def _along_great_circle(start, end, focus, along):
    """Points at angles ``along`` from the middle of start and end, in radians;
    longitudes without a jump at the date line."""
    first, last = _xyz(*np.transpose([start, end]))
    middle = first + last
    middle /= np.linalg.norm(middle)
    ahead = last - first
    if focus < 1e-9:  # a circle: any direction will do
        ahead = np.cross(middle, np.eye(3)[np.argmin(np.abs(middle))])
    ahead /= np.linalg.norm(ahead)
    x, y, z = np.outer(middle, np.cos(along)) + np.outer(ahead, np.sin(along))
    return np.arctan2(z, np.hypot(x, y)), np.unwrap(np.arctan2(y, x))


def _points(lat, lon):
    lat = np.asarray(lat, dtype=float)
    lon = np.asarray(lon, dtype=float)
    if lat.shape != lon.shape or lat.ndim != 1:
        raise ValueError(
            "lat and lon must be two lists of the same length, not of shapes "
            f"{lat.shape} and {lon.shape}."
        )
    return lat, lon


def _place(place):
    lat, lon = (float(value) for value in place)
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise ValueError(
            f"({lat}, {lon}) is not a place on earth: give a latitude from −90 to 90 "
            "and a longitude from −180 to 180."
        )
    return lat, lon


# ------------------------------------------------------- areas from strangers
def parse_area(geojson, *, max_vertices=50_000):
    """Read an area that a user drew or imported, trusting nothing in it.

    Accepts a Polygon or MultiPolygon, and Features, FeatureCollections and
    GeometryCollections of them, as a dict or as JSON text. Several areas become one.
    Rings that are not closed are closed; an outline that crosses itself is repaired
    (``shapely.make_valid``), keeping what has an area; a third coordinate is
    ignored; lines and points beside areas are left out.

    :param max_vertices: a larger area is refused
    :return: ``(geometry, repaired)``: a valid, non-empty ``shapely`` Polygon or
        MultiPolygon, and whether anything in it had to be changed
    :raises ValueError: with a sentence for the user about what is wrong and what
        to do
    """
    reader = _Reader(max_vertices)
    reader.read(_decode(geojson))
    return reader.area()


def _decode(geojson):
    if isinstance(geojson, bytes | bytearray | str):
        if len(geojson) > _MAX_BYTES:
            raise ValueError(
                f"The file has {len(geojson) / 1e6:.0f} MB; at most "
                f"{_MAX_BYTES / 1e6:.0f} MB can be read. Simplify the area first, for "
                "example with mapshaper.org."
            )
        try:
            geojson = json.loads(geojson)
        except RecursionError:
            raise ValueError(_TOO_DEEP) from None
        except ValueError:
            raise ValueError(
                "This is not GeoJSON: it cannot be read as JSON. Export the area "
                "again as GeoJSON."
            ) from None
    return geojson


_TOO_DEEP = (
    f"The areas are nested more than {_MAX_DEPTH} levels deep. Export them again as a "
    "plain FeatureCollection."
)
_NOTHING = "There is no area in it. Draw or import a polygon."
_MEMBERS = {"FeatureCollection": "features", "GeometryCollection": "geometries"}


class _Reader:
    """Collects rings as arrays; shapely sees numbers that were checked only."""

    def __init__(self, max_vertices):
        self.max_vertices = max_vertices
        self.vertices = 0
        self.members = 0
        self.polygons = []  # each a list of rings (k, 2), the first being the outer
        self.repaired = False
        self.others = set()

    # ---------------------------------------------------------------- reading
    def read(self, item, depth=0):
        """Read an object and what is in it."""
        if depth > _MAX_DEPTH:
            raise ValueError(_TOO_DEEP)
        self._count(members=1)
        if not isinstance(item, dict) or not isinstance(item.get("type"), str):
            raise ValueError(
                "This is not GeoJSON: an object with a “type”, such as Polygon or "
                "FeatureCollection, was expected. Export the area again as GeoJSON."
            )
        kind = item["type"]
        if kind == "Feature":
            if item.get("geometry") is not None:
                self.read(item["geometry"], depth + 1)
        elif kind in _MEMBERS:
            for member in self._list(item.get(_MEMBERS[kind]), f"“{_MEMBERS[kind]}”"):
                self.read(member, depth + 1)
        elif kind == "Polygon":
            self._polygon(item.get("coordinates"))
        elif kind == "MultiPolygon":
            for polygon in self._list(item.get("coordinates"), "“coordinates”"):
                self._count(members=1)
                self._polygon(polygon)
        else:
            self.others.add(kind[:40])

    def _polygon(self, rings):
        rings = [self._ring(ring) for ring in self._list(rings, "“coordinates”")]
        if rings:
            self.polygons.append(rings)

    def _ring(self, ring):
        ring = self._list(ring, "An outline")
        self._count(members=1, vertices=len(ring))
        for point in ring:
            if not isinstance(point, list | tuple) or not 2 <= len(point) <= 10:
                raise ValueError(
                    "An outline must be a list of points, each a longitude and a "
                    f"latitude; found {_shorten(point)}. Export the area again as "
                    "GeoJSON."
                )
            if not all(_is_number(value) for value in point[:2]):
                raise ValueError(
                    f"The point {_shorten(point)} is not two numbers. Correct it or "
                    "export the area again."
                )
        points = np.array([_floats(point) for point in ring]).reshape(-1, 2)
        self._check_range(points)
        if len(np.unique(points, axis=0)) < 3:
            raise ValueError(
                f"An outline has {len(np.unique(points, axis=0))} different points; an "
                "area needs at least 3. Draw it again."
            )
        if (points[0] != points[-1]).any():
            self.repaired = True
            points = np.vstack([points, points[:1]])
        return points

    def _check_range(self, points):
        lon, lat = points.T
        wrong = ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
        if not wrong.any():
            return
        lon, lat = points[wrong][0]
        raise ValueError(
            f"The point (longitude {lon:g}, latitude {lat:g}) is not on earth. "
            "Coordinates must be in degrees, longitude before latitude; if they are in "
            "metres, export the area in WGS84 (EPSG:4326)."
        )

    def _list(self, value, what):
        if not isinstance(value, list | tuple):
            raise ValueError(
                f"{what} must be a list; found {_shorten(value)}. Export the area "
                "again as GeoJSON."
            )
        return value

    def _count(self, members=0, vertices=0):
        self.members += members
        self.vertices += vertices
        if max(self.members, self.vertices) > self.max_vertices:
            raise ValueError(
                f"The area has more than {self.max_vertices:,} points. Simplify it "
                "first, for example with mapshaper.org."
            )

    # --------------------------------------------------------------- building
    def area(self):
        """The union of what was read."""
        if not self.polygons:
            if self.others:
                raise ValueError(
                    f"It holds {', '.join(sorted(self.others)[:5])}, which has no "
                    "area. Draw or import a polygon."
                )
            raise ValueError(_NOTHING)
        self.repaired |= bool(self.others)
        self._check_crossings()
        parts = np.array(
            [shapely.Polygon(rings[0], rings[1:]) for rings in self.polygons]
        )
        wrong = ~shapely.is_valid(parts)
        if wrong.any():
            self.repaired = True
            # The other method, "linework", takes a minute for 300 scribbled points.
            parts[wrong] = shapely.make_valid(
                parts[wrong], method="structure", keep_collapsed=False
            )
        area = _polygonal(shapely.union_all(parts) if len(parts) > 1 else parts[0])
        if area.is_empty or not area.area > 0:
            raise ValueError("The outline encloses no area. Draw it again.")
        return area, self.repaired

    def _check_crossings(self):
        """Refuse lines so entangled that repairing them would take forever.

        The work and the points that come out grow with the pairs of segments that
        meet, which may be as many as the square of their number.
        """
        rings = [ring for rings in self.polygons for ring in rings]
        first = np.concatenate([ring[:-1] for ring in rings])
        last = np.concatenate([ring[1:] for ring in rings])
        if len(first) ** 2 <= _MAX_CROSSINGS:
            return
        segments = shapely.linestrings(np.stack([first, last], axis=1))
        tree = shapely.STRtree(segments)
        pairs = crossings = 0
        for begin in range(0, len(segments), 20):
            one, other = tree.query(segments[begin : begin + 20])
            pairs += len(one)
            if pairs <= _MAX_PAIRS:
                one, other = segments[begin + one], segments[other]
                crossings += np.count_nonzero(shapely.crosses(one, other))
            if pairs > _MAX_PAIRS or crossings > _MAX_CROSSINGS:
                raise ValueError(
                    "The outlines cross or overlap each other too often to be made "
                    "into one area. Simplify or draw it again."
                )


def _polygonal(geometry):
    """The parts of a geometry that have an area, as one valid geometry."""
    parts = shapely.get_parts(geometry)
    while (shapely.get_type_id(parts) > 3).any():  # a collection within a collection
        parts = shapely.get_parts(parts)
    parts = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 0)]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def _floats(point):
    try:
        return [float(point[0]), float(point[1])]
    except OverflowError:
        return [math.inf, math.inf]


def _shorten(value):
    """How a value is quoted in a message, whatever its size."""
    if isinstance(value, list | tuple | dict):
        return f"a list of {len(value)}" if len(value) > 3 else repr(value)[:60]
    return repr(value)[:60] if not isinstance(value, int) else "a number"


def locate(lat, lon, areas):
    """Which area each point lies in.

    :param lat: ``(n,)`` degrees; NaN lies nowhere
    :param lon: ``(n,)`` degrees
    :param areas: shapely Polygons or MultiPolygons in longitude and latitude; None
        and empty ones hold nothing
    :return: ``(n,)`` int: the index of the first area that holds the point, its
        boundary included; −1 for none
    """
    lat, lon = _points(lat, lon)
    areas = np.array(list(areas), dtype=object)
    found = np.full(len(lat), -1)
    known = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
    if not len(areas) or not len(known):
        return found
    tree = shapely.STRtree(shapely.points(lon[known], lat[known]))
    # The tree prepares what it is asked about, so it is asked about the areas.
    # Last ones first, so that an earlier area overwrites a later one; a few at a
    # time, because in the worst case every one holds every point.
    chunk = 64
    for begin in range((len(areas) - 1) // chunk * chunk, -1, -chunk):
        area, point = tree.query(areas[begin : begin + chunk], predicate="intersects")
        order = np.argsort(-area, kind="stable")
        found[known[point[order]]] = area[order] + begin
    return found


# ------------------------------------------------------------------- outlines
def outlines(lat, lon, label, *, reach_km=25):
    """The areas that points with labels make on a map, side by side.

    Each place within reach of a point belongs to the label of the nearest point:
    the Voronoi cells of the points, merged by label and clipped to a buffer of all
    points. A part with less than 5 % of the points of its label's largest part goes
    to the neighbour it lies in; one that lies alone is left out below 1 %. Borders
    are made as lines, once for the two sides, and simplified and rounded as such,
    so that neighbours touch and never overlap.

    Many points are gathered on a grid first, as fine as 6,000 sites allow. Groups
    of points that are too far apart to touch are treated by themselves, each in an
    azimuthal equidistant projection round its middle.

    :param lat: ``(n,)`` degrees; NaN, impossible places and latitudes beyond ±85
        are ignored
    :param lon: ``(n,)`` degrees
    :param label: ``(n,)`` integers or strings
    :param reach_km: how far the area goes beyond a point, at most 300 km
    :return: dict of label → GeoJSON Polygon or MultiPolygon, coordinates rounded
        to 5 decimals (1 m); a label without a usable point is not in it
    """
    if not 0 < reach_km <= 300:
        raise ValueError(f"reach_km is {reach_km}; give a distance up to 300 km.")
    lat, lon = _points(lat, lon)
    label = np.asarray(label)
    if label.shape != lat.shape:
        raise ValueError(f"There are {len(lat)} points but {label.size} labels.")
    with np.errstate(invalid="ignore"):
        usable = (np.abs(lat) <= _MAX_LATITUDE) & (np.abs(lon) <= 180)
    names, label = np.unique(label[usable], return_inverse=True)
    if not len(names):
        return {}
    sites = _Sites.gather(lat[usable], lon[usable], label, reach_km)
    sites.assign_islands()
    faces, owner = sites.faces()
    return {
        name: _geojson(faces[owner == number])
        for number, name in enumerate(names.tolist())
        if (owner == number).any()
    }


class _Sites:
    """Points that stand for many: one for each grid cell and label.

    ``xyz (n, 3)`` km from the earth's centre; ``label (n,)``, −1 for what is left
    out; ``weight (n,)`` the number of points it stands for; ``groups``: the sites
    that may touch each other.
    """

    def __init__(self, xyz, label, weight, reach):
        self.xyz, self.label, self.weight, self.reach = xyz, label, weight, reach
        pairs = cKDTree(xyz).query_pairs(3.2 * reach, output_type="ndarray")
        group = _components(len(xyz), pairs)
        order = np.argsort(group, kind="stable")
        starts = np.flatnonzero(np.diff(group[order])) + 1
        self.groups = [_Group(xyz, index) for index in np.split(order, starts)]

    @classmethod
    def gather(cls, lat, lon, label, reach):
        xyz = EARTH_RADIUS_KM * _xyz(lat, lon)
        cell = reach / 16
        while True:
            key = np.column_stack([np.floor(xyz / cell), label])
            _, which = np.unique(key, axis=0, return_inverse=True)
            which = which.ravel()
            if which.max() < _MAX_SITES or cell > reach:
                break
            cell *= 1.4
        weight = np.bincount(which)
        # The mean of a cell's points lies metres under the ground at most.
        mean = np.column_stack([np.bincount(which, axis) for axis in xyz.T])
        mean /= weight[:, None]
        owner = np.zeros(len(weight), dtype=int)
        owner[which] = label
        return cls(_spread(mean, cell / 10), owner, weight, reach)

    def assign_islands(self):
        """Give small parts to the neighbour they lie in; leave lone ones out."""
        pairs = np.concatenate([group.neighbours() for group in self.groups])
        length = np.linalg.norm(self.xyz[pairs[:, 0]] - self.xyz[pairs[:, 1]], axis=1)
        pairs = pairs[length <= 3 * self.reach]
        for _round in range(4):  # an island may lie between islands
            part, share = self._parts(pairs)
            small = share[part] < _ISLAND
            across = np.concatenate([pairs, pairs[:, ::-1]])
            across = across[small[across[:, 0]] & ~small[across[:, 1]]]
            if not len(across):
                break
            votes = coo_array(
                (self.weight[across[:, 1]], (part[across[:, 0]], across[:, 1])),
                shape=(len(share), len(part)),
            )
            owner = coo_array(
                (np.ones(len(part)), (np.arange(len(part)), self.label)),
                shape=(len(part), self.label.max() + 1),
            )
            votes = (votes.tocsr() @ owner.tocsr()).tocsr()
            heir = votes.argmax(axis=1).ravel()
            moved = small & (votes.sum(axis=1).ravel()[part] > 0)
            self.label[moved] = heir[part[moved]]
        part, share = self._parts(pairs)
        self.label[share[part] < _LONE_ISLAND] = -1

    def _parts(self, pairs):
        """The connected part each site is in, and each part's weight as a share of
        its label's largest."""
        same = self.label[pairs[:, 0]] == self.label[pairs[:, 1]]
        part = _components(len(self.xyz), pairs[same])
        weight = np.bincount(part, self.weight)
        label = np.zeros(len(weight), dtype=int)
        label[part] = self.label
        largest = np.zeros(label.max() + 1)
        np.maximum.at(largest, label, weight)
        return part, weight / largest[label]

    def faces(self):
        """``faces (f,)`` polygons in longitude and latitude; ``label (f,)``."""
        faces, owner = [np.array([], dtype=object)], [np.array([], dtype=int)]
        for group in self.groups:
            if (self.label[group.index] >= 0).any():
                polygons, site = group.faces(self.label[group.index], self.reach)
                faces.append(polygons)
                owner.append(self.label[site])
        faces, owner = np.concatenate(faces), np.concatenate(owner)
        return faces[owner >= 0], owner[owner >= 0]


class _Group:
    """Sites near each other, on a plane of their own.

    ``index (m,)`` into all sites; ``plane (m, 2)`` km in an azimuthal equidistant
    projection (Snyder 1987, Map Projections, p. 191) round their middle.
    """

    def __init__(self, xyz, index):
        self.index = index
        middle = xyz[index].mean(axis=0)
        self.up = middle / np.linalg.norm(middle)
        east = np.array([-self.up[1], self.up[0], 0.0])
        self.east = east / np.linalg.norm(east)
        self.north = np.cross(self.up, self.east)
        self.plane = self._to_plane(xyz[index])
        self.ridges, self.edges = self._voronoi()

    def _voronoi(self):
        """``ridges (r, 2)`` the two sites a border lies between, and ``edges
        (r, 2, 2)`` its two ends."""
        count = len(self.plane)
        if count == 1:
            return np.zeros((0, 2), dtype=int), np.zeros((0, 2, 2))
        voronoi = Voronoi(self._framed())
        ends = np.array(voronoi.ridge_vertices)
        inside = (voronoi.ridge_points < count).all(axis=1) & (ends >= 0).all(axis=1)
        return voronoi.ridge_points[inside], voronoi.vertices[ends[inside]]

    def _framed(self):
        """The plane and, behind, points far outside, who give every cell an end
        and sites in a row a triangle."""
        low, high = self.plane.min(axis=0), self.plane.max(axis=0)
        middle, far = (low + high) / 2, 4 * np.max(high - low) + 4_000.0
        angle = np.arange(8) * np.pi / 4
        frame = middle + far * np.column_stack([np.cos(angle), np.sin(angle)])
        return np.vstack([self.plane, frame])

    def neighbours(self):
        return self.index[self.ridges]

    def faces(self, label, reach):
        """Polygons in longitude and latitude, and the site each belongs to."""
        hull = shapely.buffer(self._skeleton(reach), reach)
        lines = self._borders(label, hull)
        lines = shapely.simplify(lines, reach / 25)
        lines = shapely.transform(lines, self._to_degrees)
        # Noded on the grid of the rounded coordinates: whatever rounding does to a
        # line, it does to both its sides.
        lines = shapely.union_all(lines, grid_size=10.0**-_DECIMALS)
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
        inner = shapely.get_coordinates(shapely.point_on_surface(faces))
        inner = self._to_plane(_xyz(inner[:, 1], inner[:, 0]))
        kept = shapely.contains_xy(hull, inner)
        _, nearest = cKDTree(self.plane).query(inner[kept])
        return faces[kept], self.index[nearest]

    def _skeleton(self, reach):
        """Sites with the triangles and lines between those that are close.

        An alpha shape (Edelsbrunner, Kirkpatrick & Seidel 1983) without what lies
        inside: buffered, it has no notches, and it takes a hundredth of the time
        that as many overlapping circles do.
        """
        rest = np.arange(len(self.plane))
        if len(rest) < 2:
            return shapely.MultiPoint(self.plane)
        triangles = Delaunay(self._framed()).simplices
        triangles = np.sort(triangles[(triangles < len(rest)).all(axis=1)], axis=1)
        corner = self.plane[triangles]
        side = np.linalg.norm(corner - np.roll(corner, 1, axis=1), axis=2)
        shapes = shapely.polygons(corner)
        area = np.maximum(shapely.area(shapes), 1e-12)
        kept = np.prod(side, axis=1) / (4 * area) <= _ALPHA * reach
        rest = np.setdiff1d(rest, triangles[kept])
        length = np.linalg.norm(np.diff(self.plane[self.ridges], axis=1), axis=2)[:, 0]
        edges = self.ridges[length <= 2 * reach]
        edges = edges[np.isin(edges, rest).any(axis=1)]
        rest = np.setdiff1d(rest, edges)
        return shapely.GeometryCollection(
            [
                shapely.coverage_union_all(shapes[kept]),
                shapely.MultiLineString(list(self.plane[edges])),
                shapely.MultiPoint(self.plane[rest]),
            ]
        )

    def _borders(self, label, hull):
        """The outer border and the borders between labels, as lines that meet in
        their ends only."""
        shapely.prepare(hull)
        between = self.edges[label[self.ridges[:, 0]] != label[self.ridges[:, 1]]]
        between = shapely.linestrings(between)
        between = between[shapely.intersects(hull, between)]
        lines = shapely.union_all([shapely.boundary(hull), *between])
        lines = shapely.get_parts(lines)
        middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
        # What sticks out of the hull ends nowhere and encloses nothing, but a
        # border may leave the hull and come back.
        lines = lines[shapely.dwithin(hull, middle, 1e-6)]
        return shapely.line_merge(shapely.multilinestrings(lines))

    def _to_degrees(self, plane):
        angle = np.hypot(*plane.T) / EARTH_RADIUS_KM
        direction = plane @ np.array([self.east, self.north])
        length = np.maximum(np.linalg.norm(direction, axis=1), 1e-300)
        direction *= (np.sin(angle) / length)[:, None]
        x, y, z = (np.outer(np.cos(angle), self.up) + direction).T
        middle = math.atan2(self.up[1], self.up[0])
        # Longitudes near the middle's: the date line is cut at the end.
        lon = np.arctan2(y, x) - middle
        lon = middle + (lon + np.pi) % (2 * np.pi) - np.pi
        return np.degrees(np.column_stack([lon, np.arctan2(z, np.hypot(x, y))]))

    def _to_plane(self, xyz):
        x, y, z = (xyz @ axis for axis in (self.east, self.north, self.up))
        across = np.hypot(x, y)
        scale = np.arctan2(across, z) / np.maximum(across, 1e-300)
        return EARTH_RADIUS_KM * scale[:, None] * np.column_stack([x, y])


def _xyz(lat, lon):
    """Points ``(n, 3)`` on the unit sphere."""
    lat, lon = np.radians(lat), np.radians(lon)
    return np.column_stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    )


def _components(count, pairs):
    graph = coo_array(
        (np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count)
    )
    return connected_components(graph, directed=False)[1]


def _spread(xyz, step):
    """Move sites that share a place to a circle round it, or one would hide the
    other."""
    pairs = cKDTree(xyz).query_pairs(step / 4, output_type="ndarray")
    cluster = _components(len(xyz), pairs)
    size = np.bincount(cluster)
    crowded = np.flatnonzero(size[cluster] > 1)
    if not len(crowded):
        return xyz
    crowded = crowded[np.argsort(cluster[crowded], kind="stable")]
    first = np.concatenate([[0], np.cumsum(size[size > 1])[:-1]])
    rank = np.arange(len(crowded)) - np.repeat(first, size[size > 1])
    angle = 2 * np.pi * rank / size[cluster[crowded]]
    up = xyz[crowded] / np.linalg.norm(xyz[crowded], axis=1, keepdims=True)
    east = np.column_stack([-up[:, 1], up[:, 0], np.zeros(len(up))])
    east /= np.linalg.norm(east, axis=1, keepdims=True)
    move = np.cos(angle)[:, None] * east + np.sin(angle)[:, None] * np.cross(up, east)
    xyz = xyz.copy()
    xyz[crowded] += step * move
    return xyz


def _geojson(polygons):
    """GeoJSON of polygons that touch in points at most, cut at the date line."""
    west, _south, east, _north = shapely.bounds(polygons).T
    parts = [polygons[(west >= -180) & (east <= 180)]]
    for shift in (-360.0, 0.0, 360.0):
        beyond = polygons[(west < -180) | (east > 180)]
        if len(beyond):
            moved = shapely.transform(beyond, lambda xy, s=shift: xy + [s, 0.0])
            cut = shapely.get_parts(shapely.intersection(moved, _GLOBE))
            parts.append(cut[shapely.get_type_id(cut) == 3])
    rings = [
        [_ring(shapely.get_exterior_ring(part))]
        + [_ring(ring) for ring in part.interiors]
        for part in np.concatenate(parts)
    ]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings[0]}
    return {"type": "MultiPolygon", "coordinates": rings}


_GLOBE = shapely.box(-180.0, -90.0, 180.0, 90.0)


def _ring(ring):
    return np.round(shapely.get_coordinates(ring), _DECIMALS).tolist()
