"""Cells become places: those near each other are one, nothing is lost or counted twice."""

import numpy as np
import pytest
from scipy.stats import gamma

from odoo.addons.territory_planning.engine.insight import _grid, white_places


def block(rows, columns, lat=51.0, lon=10.0, cell_km=10):
    """Middles of a block of neighbouring cells."""
    grid = _grid.Grid(cell_km)
    step = 90 / 10008 * cell_km
    y, x = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    lat = lat + y.ravel() * step
    lon = lon + x.ravel() * step / np.cos(np.radians(lat))
    return grid.centre(np.unique(grid.number(lat, lon)))


def test_cells_near_each_other_are_one_place_and_sums_are_kept():
    one, other = block(3, 2), block(2, 2, lat=53.0)
    lat, lon = (np.concatenate(pair) for pair in zip(one, other, strict=True))
    rng = np.random.default_rng(1)
    mix = rng.permutation(len(lat))
    lat, lon = lat[mix], lon[mix]
    observed = rng.integers(0, 3, len(lat)).astype(float)
    expected = observed + rng.uniform(1, 4, len(lat))
    found = white_places.group(lat, lon, observed, expected, cell_km=10)
    assert sorted(found.cells) == sorted([len(one[0]), len(other[0])])
    assert found.expected.sum() == pytest.approx(expected.sum())
    assert found.observed.sum() == observed.sum()
    assert (np.diff(found.missing) <= 0).all()
    for place in range(2):
        mine = np.flatnonzero(found.number == place)
        assert len(set(lat[mine] > 52)) == 1
        assert found.main[place] == mine[np.argmax((expected - observed)[mine])]


def test_range_holds_what_is_missing_and_is_jeffreys():
    found = white_places.group([51.0], [10.0], [3.0], [18.0], cell_km=10)
    assert found.missing == 15
    assert found.missing_low < 15 < found.missing_high < 18
    assert found.missing_high == pytest.approx(18 - gamma.ppf(0.05, 3.5))


def test_nothing_is_no_place():
    found = white_places.group([], [], [], [], cell_km=10)
    assert not len(found.missing) and not len(found.number)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="expected"):
        white_places.group([51.0], [10.0], [1.0], [np.nan], cell_km=10)
    with pytest.raises(ValueError, match="lon"):
        white_places.group([51.0, 52.0], [10.0], [1.0], [2.0], cell_km=10)


def test_points_find_their_cells():
    lat, lon = block(4, 4)
    shift = 0.02
    found = white_places.cell_of(lat + shift, lon - shift, lat, lon, cell_km=10)
    assert (found == np.arange(len(lat))).all()
    assert white_places.cell_of([40.0], [0.0], lat, lon, cell_km=10) == [-1]
    assert white_places.cell_of([40.0], [0.0], [], [], cell_km=10) == [-1]


def test_the_heaviest_key_prevails():
    cell = np.array([0, 0, 0, 1, -1, 2])
    key = np.array([7, 8, 8, 9, 9, -1])
    weight = np.array([3.0, 1.0, 1.0, 1.0, 9.0, 5.0])
    assert white_places.prevailing(cell, key, weight, 3).tolist() == [7, 9, -1]
