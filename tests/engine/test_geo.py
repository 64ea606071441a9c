"""Geometry on the globe, against brute force and other people's formulas."""

import json
import math
import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from odoo.addons.territory_planning.engine import geo

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
places = st.tuples(latitudes, longitudes)
SQUARE = [[8, 50], [9, 50], [9, 51], [8, 51], [8, 50]]


def random_places(rng, count):
    """Evenly over the globe, some of them close to poles and date line."""
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, count)))
    lon = rng.uniform(-180, 180, count)
    lon[: count // 10] = 180 - np.abs(rng.normal(0, 2, count // 10))
    lon[: count // 20] *= -1
    lat[-count // 20 :] = 90 - np.abs(rng.normal(0, 2, len(lat[-count // 20 :])))
    return lat, lon


# ------------------------------------------------------------------- distance
class TestDistance:
    def test_published(self):
        # Nashville to Los Angeles airport, the example of Rosetta Code
        km = geo.distance_km(36.12, -86.67, 33.94, -118.40)
        assert km == pytest.approx(2886.4444 * geo.EARTH_RADIUS_KM / 6371, rel=1e-6)

    def test_quarter_and_half_of_the_globe(self):
        half = math.pi * geo.EARTH_RADIUS_KM
        assert geo.distance_km(90, 0, 0, 77) == pytest.approx(half / 2)
        assert geo.distance_km(0, 0, 0, 180) == pytest.approx(half)
        assert geo.distance_km(30, -180, 30, 180) == pytest.approx(0, abs=1e-9)

    def test_a_metre_is_a_metre(self):
        degree = 2 * math.pi * geo.EARTH_RADIUS_KM / 360
        assert geo.distance_km(50, 8, 50 + 1e-3 / degree, 8) == pytest.approx(1e-3)

    def test_broadcasts(self):
        lat, lon = np.array([50.0, 51.0, 52.0]), np.array([8.0, 9.0, 10.0])
        table = geo.distance_km(lat[:, None], lon[:, None], lat, lon)
        assert table.shape == (3, 3)
        assert np.diag(table) == pytest.approx(0)
        assert np.isnan(geo.distance_km(np.nan, 0, lat, lon)).all()

    @given(places, places, places)
    def test_is_a_metric(self, a, b, c):
        assert geo.distance_km(*a, *b) == pytest.approx(geo.distance_km(*b, *a))
        way = geo.distance_km(*a, *b) + geo.distance_km(*b, *c)
        assert geo.distance_km(*a, *c) <= way + 1e-6


# ------------------------------------------------------------------- corridor
class TestCorridor:
    @given(places, places, st.floats(0, 30_000), st.integers(0, 9))
    @settings(max_examples=300)
    def test_misses_nobody(self, start, end, detour, seed):
        lat, lon = random_places(np.random.default_rng(seed), 400)
        # some right beside the way
        lat[:50] = np.linspace(start[0], end[0], 50)
        lon[:50] = np.linspace(start[1], end[1], 50)
        index, km = geo.corridor(lat, lon, start, end, detour)
        whole = (
            geo.distance_km(*start, lat, lon)
            + geo.distance_km(lat, lon, *end)
            - geo.distance_km(*start, *end)
        )
        # Among doubles, a hair decides whether the very border is inside.
        assert set(np.flatnonzero(whole < detour - 1e-6)) <= set(index)
        assert set(index) <= set(np.flatnonzero(whole <= detour + 1e-6))
        assert km == pytest.approx(np.maximum(whole[index], 0), abs=1e-6)
        assert (np.diff(km) >= 0).all()

    def test_knows_no_place_for_the_lost(self):
        lat = np.array([np.nan, 50.0, 1000.0, 50.0, 50.0])
        lon = np.array([8.0, np.nan, 1000.0, 1000.0, 8.0])
        for detour in (10.0, 50_000.0):
            index, _km = geo.corridor(lat, lon, (50, 8), (50, 9), detour)
            assert index.tolist() == [4]

    def test_both_sides_of_the_date_line(self):
        index, _km = geo.corridor([0.0, 0.0], [180.0, -180.0], (0, 179), (0, -179), 1)
        assert sorted(index) == [0, 1]

    @pytest.mark.parametrize(
        "arguments",
        [
            ([1.0], [1.0, 2.0], (0, 0), (0, 1), 1),
            ([1.0], [1.0], (91, 0), (0, 1), 1),
            ([1.0], [1.0], (0, 0), (0, np.nan), 1),
            ([1.0], [1.0], (0, 0), (0, 1), -1),
            ([1.0], [1.0], (0, 0), (0, 1), np.nan),
        ],
    )
    def test_says_what_is_wrong(self, arguments):
        with pytest.raises(ValueError, match=r"give|must"):
            geo.corridor(*arguments)


# ----------------------------------------------------------------- parse_area
def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry):
    return {"type": "Feature", "properties": {"name": "x"}, "geometry": geometry}


class TestParseArea:
    @pytest.mark.parametrize(
        "geojson",
        [
            polygon(SQUARE),
            polygon([(*point, 120.5) for point in SQUARE]),
            {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
            feature(polygon(SQUARE)),
            {"type": "FeatureCollection", "features": [feature(polygon(SQUARE))]},
            {"type": "GeometryCollection", "geometries": [polygon(SQUARE)]},
            json.dumps(polygon(SQUARE)),
            json.dumps(polygon(SQUARE)).encode(),
        ],
    )
    def test_reads(self, geojson):
        area, repaired = geo.parse_area(geojson)
        assert area.equals(shapely.Polygon(SQUARE))
        assert not repaired

    def test_keeps_holes(self):
        hole = [[8.2, 50.2], [8.4, 50.2], [8.4, 50.4], [8.2, 50.2]]
        area, repaired = geo.parse_area(polygon(SQUARE, hole))
        assert area.area == pytest.approx(1 - 0.02)
        assert not repaired

    def test_neighbours_become_one(self):
        east = [[x + 1, y] for x, y in SQUARE]
        both = {
            "type": "FeatureCollection",
            "features": [feature(polygon(SQUARE)), feature(polygon(east))],
        }
        area, repaired = geo.parse_area(both)
        assert (area.geom_type, area.area) == ("Polygon", pytest.approx(2))
        assert not repaired

    @pytest.mark.parametrize(
        ("geojson", "size"),
        [
            (polygon(SQUARE[:-1]), 1),
            (polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]), 0.5),
            # a tail without an area
            (polygon([[0, 0], [1, 0], [1, 1], [2, 2], [1, 1], [0, 1], [0, 0]]), 1),
            (
                {
                    "type": "GeometryCollection",
                    "geometries": [
                        polygon(SQUARE),
                        {"type": "Point", "coordinates": [8, 50]},
                    ],
                },
                1,
            ),
        ],
    )
    def test_repairs(self, geojson, size):
        area, repaired = geo.parse_area(geojson)
        assert repaired
        assert area.is_valid
        assert area.area == pytest.approx(size)

    @pytest.mark.parametrize(
        ("geojson", "word"),
        [
            (None, "not GeoJSON"),
            ([], "not GeoJSON"),
            ("{", "not GeoJSON"),
            ("[" * 100_000, "nested|not GeoJSON"),
            (b"\xff\xfe", "not GeoJSON"),
            ({"type": ["Polygon"]}, "not GeoJSON"),
            ({"type": "Point", "coordinates": [8, 50]}, "Point, which has no area"),
            ({"type": "LineString", "coordinates": SQUARE}, "LineString"),
            ({"type": "FeatureCollection", "features": []}, "no area"),
            ({"type": "FeatureCollection"}, "must be a list"),
            (feature(None), "no area"),
            (polygon(), "no area"),
            (polygon([]), "0 different points"),
            (polygon([[8, 50], [9, 50], [8, 50]]), "2 different points"),
            (polygon([[8, 50], [9, 51], [10, 52], [8, 50]]), "encloses no area"),
            (polygon([[8, 50], [math.nan, 50], [9, 51], [8, 50]]), "not on earth"),
            (polygon([[8, 50], [math.inf, 50], [9, 51], [8, 50]]), "not on earth"),
            (polygon([[8, 50], [10**400, 50], [9, 51], [8, 50]]), "not on earth"),
            (polygon([[895000, 6440000], [895001, 6440000], [1, 2]]), "EPSG:4326"),
            (polygon([[8, 50], ["9", 50], [9, 51]]), "not two numbers"),
            (polygon([[8, 50], [True, 50], [9, 51]]), "not two numbers"),
            (polygon([[8, 50], [9], [9, 51]]), "a longitude and a latitude"),
            (polygon([8, 50]), "must be a list"),
            (polygon("abc"), "must be a list|list of points"),
            ({"type": "Polygon", "coordinates": {"a": 1}}, "must be a list"),
        ],
    )
    def test_refuses(self, geojson, word):
        with pytest.raises(ValueError, match=word) as caught:
            geo.parse_area(geojson)
        assert len(str(caught.value)) < 300

    def test_refuses_what_is_too_deep(self):
        nested = polygon(SQUARE)
        for _level in range(20):
            nested = {"type": "GeometryCollection", "geometries": [nested]}
        with pytest.raises(ValueError, match="levels deep"):
            geo.parse_area(nested)

    def test_refuses_what_is_too_large(self):
        circle = shapely.Point(8, 50).buffer(1, quad_segs=30).__geo_interface__
        assert geo.parse_area(circle)[0].area == pytest.approx(math.pi, rel=0.01)
        with pytest.raises(ValueError, match="more than 100 points"):
            geo.parse_area(circle, max_vertices=100)
        many = {"type": "GeometryCollection", "geometries": [polygon()] * 101}
        with pytest.raises(ValueError, match="more than 100 points"):
            geo.parse_area(many, max_vertices=100)
        with pytest.raises(ValueError, match="MB"):
            geo.parse_area(" " * 11_000_000)

    @pytest.mark.parametrize("kind", ["star", "comb", "stripes"])
    def test_is_not_kept_busy(self, kind):
        """What would take minutes to repair is refused, or it is quick."""
        count = 40_000
        rng = np.random.default_rng(1)
        if kind == "star":
            rings = [np.column_stack([rng.uniform(0, 9, count)] * 2)]
            rings[0][:, 1] = rng.uniform(0, 9, count)
        elif kind == "comb":
            odd = np.arange(count) % 2
            rings = [np.column_stack([np.arange(count) / count + 9 * odd, odd])]
        else:
            side = np.linspace(0, 9, count // 10)
            rings = [[(t, 0), (t + 1e-4, 0), (t, 9)] for t in side]
            rings += [[(0, t), (9, t), (0, t + 1e-4)] for t in side]
        lists = [[np.asarray(ring, dtype=float).tolist()] for ring in rings]
        begin = time.perf_counter()
        with pytest.raises(ValueError, match="too often"):
            geo.parse_area({"type": "MultiPolygon", "coordinates": lists})
        assert time.perf_counter() - begin < 20

    @given(
        st.lists(
            st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=12
        )
    )
    def test_any_scribble(self, points):
        """An area comes out valid, or a sentence does."""
        try:
            area, _repaired = geo.parse_area(polygon([list(point) for point in points]))
        except ValueError as error:
            assert str(error).endswith(".")
        else:
            assert area.is_valid
            assert area.area > 0
            assert area.geom_type in ("Polygon", "MultiPolygon")
            again, repaired = geo.parse_area(area.__geo_interface__)
            assert again.equals(area)
            assert not repaired

    json_like = st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["type", "coordinates", "features", "geometry"]),
                inner | st.sampled_from(["Polygon", "Feature", "FeatureCollection"]),
            )
        ),
        max_leaves=20,
    )

    @given(json_like)
    def test_any_nonsense(self, value):
        with pytest.raises(ValueError, match=r"\.$"):
            geo.parse_area(value)


# --------------------------------------------------------------------- locate
class TestLocate:
    def test_like_one_by_one(self):
        rng = np.random.default_rng(3)
        centres = rng.uniform([46, 5], [55, 16], (150, 2))
        areas = [shapely.Point(x, y).buffer(rng.uniform(0.1, 1)) for y, x in centres]
        areas[7] = None
        areas[9] = shapely.Polygon()
        lat, lon = rng.uniform(45, 56, 3000), rng.uniform(4, 17, 3000)
        lat[5], lon[6] = np.nan, np.nan
        found = geo.locate(lat, lon, areas)
        expected = np.full(3000, -1)
        for number in reversed(range(len(areas))):
            if areas[number] is not None:
                inside = shapely.intersects_xy(areas[number], lon, lat)
                expected[inside] = number
        assert (found == expected).all()

    def test_boundary_belongs_to_the_first(self):
        west, east = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
        lat, lon = np.array([0.5, 0.0, 1.0]), np.array([1.0, 0.0, 2.0])
        assert geo.locate(lat, lon, [west, east]).tolist() == [0, 0, 1]
        assert geo.locate(lat, lon, [east, west]).tolist() == [0, 1, 0]

    def test_nothing(self):
        assert geo.locate([], [], [shapely.box(0, 0, 1, 1)]).tolist() == []
        assert geo.locate([1.0], [1.0], []).tolist() == [-1]
        assert geo.locate([np.nan], [1.0], [shapely.box(0, 0, 1, 1)]).tolist() == [-1]


# ------------------------------------------------------------------- outlines
def shapes(outlines):
    return {key: shapely.from_geojson(json.dumps(o)) for key, o in outlines.items()}


def check_side_by_side(areas):
    areas = list(areas)
    assert all(area.is_valid and area.area > 0 for area in areas)
    tree = shapely.STRtree(areas)
    for one, other in tree.query(areas, predicate="intersects").T:
        if one < other:
            assert areas[one].intersection(areas[other]).area == 0
    for area in areas:
        xy = shapely.get_coordinates(area)
        assert (np.round(xy, 5) == xy).all()
        assert (np.abs(xy) <= [180, 90]).all()


def country(rng, count, regions):
    """Points of regions that are the neighbourhoods of a few centres."""
    lat, lon = rng.uniform(47.5, 54.5, count), rng.uniform(6.5, 14.5, count)
    centres = rng.uniform([47.5, 6.5], [54.5, 14.5], (regions, 2))
    far = (lat[:, None] - centres[:, 0]) ** 2 + (lon[:, None] - centres[:, 1]) ** 2 / 2
    return lat, lon, np.argmin(far, axis=1)


class TestOutlines:
    def test_territory_map(self):
        rng = np.random.default_rng(5)
        lat, lon, label = country(rng, 1500, 12)
        areas = shapes(geo.outlines(lat, lon, label))
        check_side_by_side(areas.values())
        assert sorted(areas) == list(range(12))
        # points lie in their own area, but for the few that simplified borders pass
        found = geo.locate(lat, lon, [areas[name] for name in range(12)])
        assert (found == label).mean() > 0.97
        assert (found >= 0).mean() > 0.999
        # neighbours touch: together they are the country, without gaps
        whole = shapely.union_all(list(areas.values()))
        assert whole.geom_type == "Polygon"
        assert sum(len(shapely.get_coordinates(a)) for a in areas.values()) < 3000

    def test_nearest_point_decides(self):
        rng = np.random.default_rng(6)
        lat, lon, label = country(rng, 800, 5)
        areas = shapes(geo.outlines(lat, lon, label, reach_km=30))
        some = rng.uniform([48, 7], [54, 14], (4000, 2))
        found = geo.locate(*some.T, [areas[name] for name in range(5)])
        plane = np.column_stack([lat, lon * math.cos(math.radians(51))])
        tree = cKDTree(plane)
        _far, nearest = tree.query(some * [1, math.cos(math.radians(51))])
        inside = found >= 0
        assert (found[inside] == label[nearest[inside]]).mean() > 0.96

    def test_stray_points_make_no_islands(self):
        rng = np.random.default_rng(7)
        lat, lon, label = country(rng, 1500, 4)
        stray = rng.random(1500) < 0.02
        label[stray] = rng.integers(0, 4, stray.sum())
        areas = shapes(geo.outlines(lat, lon, label))
        check_side_by_side(areas.values())
        assert all(area.geom_type == "Polygon" for area in areas.values())
        assert not any(len(area.interiors) for area in areas.values())

    @pytest.mark.parametrize(
        ("points", "labels"),
        [
            ([(50, 8)], ["a"]),
            ([(50, 8), (50, 8.1)], ["a", "b"]),
            ([(50, 8), (50, 8.1)], ["a", "a"]),
            ([(50, 8), (50, 12)], ["a", "b"]),
            ([(50, 8 + i / 10) for i in range(9)], list("aabbccaab")),
            ([(48 + i / 10, 8 + i / 10) for i in range(9)], list("aaaabbbbb")),
            ([(50, 8)] * 5, list("aaaaa")),
            ([(50, 8)] * 5, list("abcab")),
            ([(50, 8), (50, 8), (50.0000001, 8)], list("abc")),
            ([(0, 179.9), (0, -179.9), (1, 180), (1, -180)], list("aabb")),
            ([(84.9, 0), (84.9, 120)], list("ab")),
            ([(-33.9, 151.2), (51.5, 0), (40.7, -74)], list("abc")),
        ],
    )
    def test_few_points(self, points, labels):
        lat, lon = np.array(points, dtype=float).T
        areas = shapes(geo.outlines(lat, lon, np.array(labels)))
        assert set(areas) == set(labels)
        check_side_by_side(areas.values())
        found = geo.locate(lat, lon, list(areas.values()))
        assert (found >= 0).all()

    def test_size_of_one(self):
        area = shapes(geo.outlines([50.0], [8.0], [1]))[1]
        edge = shapely.get_coordinates(area)
        km = geo.distance_km(50, 8, edge[:, 1], edge[:, 0])
        assert km.min() > 24
        assert km.max() < 26

    def test_date_line_is_cut(self):
        area = shapes(geo.outlines([0.0, 0.0], [179.95, -179.95], [1, 1]))[1]
        assert area.geom_type == "MultiPolygon"
        west, _south, east, _north = area.bounds
        assert (west, east) == (-180, 180)
        assert area.area < 0.5

    def test_leaves_out_what_is_nowhere(self):
        lat = np.array([50.0, np.nan, 1000.0, 90.0])
        lon = np.array([8.0, 8.0, 1000.0, 0.0])
        assert list(geo.outlines(lat, lon, np.array([3, 4, 5, 6]))) == [3]
        assert geo.outlines([], [], []) == {}

    @pytest.mark.parametrize("reach", [0, -1, np.nan, 301])
    def test_says_what_is_wrong(self, reach):
        with pytest.raises(ValueError, match="distance up to 300 km"):
            geo.outlines([50.0], [8.0], [1], reach_km=reach)

    def test_labels_of_another_length(self):
        with pytest.raises(ValueError, match="2 labels"):
            geo.outlines([50.0], [8.0], [1, 2])

    @given(st.integers(0, 10_000), st.integers(1, 60), st.floats(0.001, 20))
    @settings(max_examples=60)
    def test_any_points(self, seed, count, spread):
        rng = np.random.default_rng(seed)
        lat = np.clip(rng.normal(rng.uniform(-70, 70), spread, count), -84, 84)
        lon = (rng.normal(rng.uniform(-180, 180), spread, count) + 180) % 360 - 180
        # often on top of each other
        lat, lon = np.round(lat, seed % 4), np.round(lon, seed % 4)
        label = rng.integers(0, 1 + seed % 5, count)
        reach = (5, 25, 100)[seed % 3]
        areas = shapes(geo.outlines(lat, lon, label, reach_km=reach))
        assert set(areas) == set(label.tolist())
        check_side_by_side(areas.values())

    def test_same_points_same_answer(self):
        lat, lon, label = country(np.random.default_rng(8), 300, 4)
        assert geo.outlines(lat, lon, label) == geo.outlines(lat, lon, label)


@pytest.mark.parametrize(
    ("start", "end", "detour"),
    [
        ((53.5, 10.0), (48.1, 11.6), 30),
        ((53.5, 10.0), (53.5, 10.0), 50),
        ((-16.5, 179.0), (-17.8, -179.2), 80),
        ((88.0, 10.0), (87.0, -150.0), 100),
        ((0.0, 0.0), (1.0, 179.0), 300),
    ],
)
def test_boxes_hold_the_whole_corridor(start, end, detour):
    """A database that looks in the boxes misses nobody: at the date line, at a pole."""
    rng = np.random.default_rng(3)
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, 100_000)))
    lon = rng.uniform(-180, 180, 100_000)
    near = rng.normal(0, 3, (20_000, 2)) + np.array(start)
    lat = np.concatenate([lat, near[:, 0].clip(-90, 90)])
    lon = np.concatenate([lon, (near[:, 1] + 180) % 360 - 180])
    index, _detour = geo.corridor(lat, lon, start, end, detour)
    held = np.zeros(len(lat), bool)
    for west, south, east, north in geo.corridor_boxes(start, end, detour):
        held |= (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    assert held[index].all()
    assert held.sum() < len(lat) or detour > 200
