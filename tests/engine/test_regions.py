"""Cutting, joining and fitting regions: the parts make the whole, nothing is lost."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import geo, regions

BOX = shapely.box(10, 48, 12, 50)


def star(seed, corners=12, middle=(11.0, 49.0), size=1.0):
    """A star-shaped outline: any number of corners, never crossing itself."""
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radius = size * rng.uniform(0.4, 1, corners)
    points = np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
    area = shapely.Polygon(points + np.array(middle))
    return area if area.is_valid else shapely.make_valid(area).convex_hull


def same(one, other, tolerance=1e-9):
    return shapely.symmetric_difference(one, other).area <= tolerance


# ----------------------------------------------------------------------- split
@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000), angle=st.floats(0, math.pi))
def test_parts_make_the_whole_and_share_no_place(seed, angle):
    area = star(seed)
    middle = np.array(area.representative_point().coords[0])
    way = 3 * np.array([math.cos(angle), math.sin(angle)])
    one, other = regions.split(area, shapely.LineString([middle - way, middle + way]))
    assert same(shapely.union(one, other), area)
    assert shapely.intersection(one, other).area < 1e-9
    assert one.area >= other.area > 0


def test_a_bent_line_cuts_an_arm_off_and_holes_stay_holes():
    area = BOX.difference(shapely.box(10.5, 48.5, 10.7, 48.7))
    one, other = regions.split(
        area, shapely.LineString([(11.5, 51), (11.2, 49.5), (11.5, 47)])
    )
    assert same(shapely.union(one, other), area)
    assert not other.contains(shapely.Point(10.6, 48.6))
    assert not one.contains(shapely.Point(10.6, 48.6))


def test_a_line_through_a_hole_and_through_both_arms_of_a_u():
    ring = BOX.difference(shapely.box(10.5, 48.5, 11.5, 49.5))
    one, other = regions.split(ring, shapely.LineString([(9, 49), (13, 49)]))
    assert one.area == pytest.approx(other.area)
    u = BOX.difference(shapely.box(10.5, 48.5, 11.5, 50.5))
    one, other = regions.split(u, shapely.LineString([(9, 49), (13, 49)]))
    assert {one.geom_type, other.geom_type} == {"Polygon", "MultiPolygon"}


def test_islands_go_with_the_nearer_part():
    islands = shapely.union_all([BOX, shapely.box(12.1, 49, 12.2, 49.1)])
    one, other = regions.split(islands, shapely.LineString([(11.5, 47), (11.5, 51)]))
    assert same(shapely.union(one, other), islands)
    assert other.covers(shapely.Point(12.15, 49.05))


@pytest.mark.parametrize(
    "points",
    [
        [(9, 49), (11, 49)],  # ends inside
        [(9, 47), (9, 51)],  # passes by
        [(10, 47), (10, 51)],  # runs along the border
        [(9, 49), (13, 49), (13, 50.5), (11, 50.5), (11, 47)],  # crosses itself
    ],
)
def test_a_line_that_does_not_cut_is_refused_with_a_sentence(points):
    with pytest.raises(ValueError, match="line"):
        regions.split(BOX, shapely.LineString(points))


# ----------------------------------------------------------------------- merge
@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_what_was_split_merges_to_what_it_was(seed):
    area = star(seed)
    x, y = area.representative_point().coords[0]
    parts = regions.split(area, shapely.LineString([(x - 3, y), (x + 3, y + 0.1)]))
    assert same(regions.merge(parts), area)


def test_merging_closes_slits_but_not_bays():
    left, right = shapely.box(10, 48, 11, 49), shapely.box(11.002, 48, 12, 49)
    assert regions.merge([left, right]).geom_type == "MultiPolygon"
    joined = regions.merge([left, right], tolerance_km=0.5)
    assert joined.geom_type == "Polygon"
    assert same(joined, shapely.box(10, 48, 12, 49), 1e-6)
    far = shapely.box(11.2, 48, 12, 49)
    assert same(regions.merge([left, far], tolerance_km=0.5), left | far)


# ------------------------------------------------------------------------ snap
@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000), offset=st.floats(-0.9, 0.9))
def test_snapping_leaves_no_sliver_below_the_tolerance(seed, offset):
    """A border drawn beside a neighbour's, wobbling by less than the tolerance."""
    tolerance = 0.5
    rng = np.random.default_rng(seed)
    wobble = (offset * tolerance * rng.uniform(0.2, 1, 15)) / 75.0  # km → degrees
    y = np.linspace(48, 49, 15)
    border = np.column_stack([11 + wobble, y])
    area = shapely.Polygon([(10, 48), *border, (10, 49)])
    neighbour = shapely.box(11, 47.5, 12, 49.5)
    fitted, _changed = regions.snap(area, [neighbour], tolerance_km=tolerance)
    assert shapely.intersection(fitted, neighbour).area < 1e-9
    gap = shapely.difference(shapely.box(10.5, 48.02, 11, 48.98), fitted)
    assert gap.area < 1e-9
    assert same(fitted, shapely.box(10, 48, 11, 49), 1e-3)


def test_snapping_keeps_wide_overlaps_and_far_neighbours():
    wide = shapely.box(11.5, 48, 13, 50)
    fitted, changed = regions.snap(BOX, [wide], tolerance_km=0.5)
    assert not changed
    assert fitted.equals(BOX)
    assert regions.snap(BOX, [shapely.box(20, 48, 21, 50)]) == (BOX, False)
    assert regions.snap(BOX, []) == (BOX, False)


def test_corners_of_a_wide_overlap_are_not_cut_off():
    """A pointed area laid across a neighbour on purpose keeps every corner."""
    wedge = shapely.Polygon([(11, 48.5), (13, 48.3), (13, 48.9)])
    neighbour = shapely.Polygon([(10.5, 48), (12, 48.2), (12.2, 49), (10.5, 49.2)])
    fitted, _changed = regions.snap(wedge, [neighbour], tolerance_km=2)
    assert shapely.difference(wedge, fitted).area < 1e-12


def test_an_area_as_thin_as_the_tolerance_does_not_vanish():
    thin = shapely.box(11, 48, 11.001, 49)
    fitted, _changed = regions.snap(thin, [BOX], tolerance_km=5)
    assert not fitted.is_empty


# ------------------------------------------------------------ overlaps and gaps
@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_overlaps_equal_brute_force(seed):
    rng = np.random.default_rng(seed)
    areas = [
        star(int(rng.integers(1e6)), middle=rng.uniform((9, 47), (13, 51)), size=0.7)
        for _ in range(12)
    ]
    found = {(i, j): geometry.area for i, j, geometry, _size in regions.overlaps(areas)}
    for i in range(12):
        for j in range(i + 1, 12):
            exact = areas[i].intersection(areas[j]).area
            if exact > 1e-4:
                assert found[i, j] == pytest.approx(exact)
            else:
                assert found.get((i, j), 0.0) <= 1e-3


def test_gaps_are_holes_and_slits_and_not_the_world_around():
    tiles = [
        shapely.box(10 + x, 48 + y, 11 + x, 49 + y)
        for x in range(3)
        for y in range(3)
        if (x, y) != (1, 1)
    ]
    tiles.append(shapely.box(13.01, 48, 14, 51))  # 740 m away
    found = [geometry for geometry, _size in regions.gaps(tiles)]
    assert len(found) == 2
    assert same(found[0], shapely.box(11, 49, 12, 50))
    assert found[1].covers(shapely.Point(13.005, 49.5))
    assert regions.gaps([]) == []
    assert regions.gaps([BOX]) == []


# -------------------------------------------------------------------- measures
def test_sizes_on_the_globe():
    whole = regions.area_km2(shapely.box(-180, -90, 180, 90))
    assert whole == pytest.approx(4 * math.pi * geo.EARTH_RADIUS_KM**2)
    hole = shapely.Polygon(
        BOX.exterior.coords, [shapely.box(11, 49, 11.5, 49.5).exterior.coords]
    )
    cut = regions.area_km2(BOX) - regions.area_km2(shapely.box(11, 49, 11.5, 49.5))
    assert regions.area_km2(hole) == pytest.approx(cut)
    # a degree square at the equator, from the formula R² Δλ (sin φ2 − sin φ1)
    assert regions.area_km2(shapely.box(0, 0, 1, 1)) == pytest.approx(
        12_363.7, rel=1e-4
    )


def test_simplifying_keeps_to_the_number_and_tells_how_far_off():
    angle = np.linspace(0, 2 * np.pi, 5_000, endpoint=False)
    circle = shapely.Polygon(np.column_stack([11 + np.cos(angle), 49 + np.sin(angle)]))
    simple, off = regions.simplify(circle, 200)
    assert shapely.get_num_coordinates(simple) <= 200
    assert 0 < off < 5
    assert regions.simplify(BOX, 200) == (BOX, 0.0)


def test_balance():
    even = regions.balance([4.0] * 6)
    assert (even["cv"], even["high"], even["low"]) == (0.0, [], [])
    uneven = regions.balance([10, 11, 9, 10, 12, 40, np.nan])
    assert uneven["n"] == 6
    assert uneven["high"] == [5]
    assert uneven["cv"] == pytest.approx(np.std([10, 11, 9, 10, 12, 40]) / (92 / 6))
    assert regions.balance([])["cv"] is None
    assert regions.balance([0, 0])["cv"] is None


# ------------------------------------------------------------------ membership
def test_membership_equals_brute_force():
    rng = np.random.default_rng(7)
    areas = [
        star(i, middle=rng.uniform((9, 47), (13, 51)), size=0.6) for i in range(40)
    ]
    lon, lat = rng.uniform((8, 46), (14, 52), (2_000, 2)).T
    found = geo.locate(lat, lon, areas)
    for row in range(len(lat)):
        point = shapely.Point(lon[row], lat[row])
        first = next((i for i, area in enumerate(areas) if area.intersects(point)), -1)
        assert found[row] == first


# ----------------------------------------------------------------------- parts
def test_roll_up_equals_the_sum_over_all_below():
    rng = np.random.default_rng(3)
    n = 40
    parents = np.array([-1 if i < 3 else rng.integers(0, i) for i in range(n)])
    values = rng.uniform(0, 10, n)
    values[rng.random(n) < 0.2] = np.nan
    weights = rng.uniform(0, 3, n)

    def below(row):
        found = [row]
        for other in range(n):
            if parents[other] == row:
                found += below(other)
        return found

    got = regions.roll_up(parents, values)
    mean = regions.roll_up(parents, values, weights)
    for row in range(n):
        rows = [r for r in below(row) if np.isfinite(values[r])]
        if rows:
            assert got[row] == pytest.approx(values[rows].sum())
            expected = np.average(values[rows], weights=weights[rows])
            assert mean[row] == pytest.approx(expected)
        else:
            assert np.isnan(got[row])
            assert np.isnan(mean[row])


def test_roll_up_at_the_edges():
    assert regions.roll_up([], []).tolist() == []
    chain = regions.roll_up([-1, 0, 1, 2], [1, 2, 3, 4])
    assert chain.tolist() == [10, 9, 7, 4]
    with pytest.raises(ValueError, match="part of itself"):
        regions.roll_up([1, 0], [1, 1])
    assert regions.roll_up([-1, 0], [5, 7], [np.nan, np.nan]).tolist() == [5, 7]
