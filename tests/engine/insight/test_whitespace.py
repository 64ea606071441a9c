"""Where customers are missing: planted holes are found, chance is not."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from odoo.addons.territory_planning.engine import geo
from odoo.addons.territory_planning.engine.insight import _grid, whitespace
from odoo.addons.territory_planning.engine.insight.status import Status

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")


def market(seed=0, size=4000):
    """Places in about Germany with weights as uneven as those of towns."""
    rng = np.random.default_rng(seed)
    return (
        rng.uniform(47.5, 54.5, size),
        rng.uniform(6.5, 14.5, size),
        rng.lognormal(0, 1.2, size),
    )


def customers(places, size, seed=0, factor=1.0):
    """Drawn in proportion to the market, times ``factor``."""
    lat, lon, weight = places
    share = weight * factor
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(lat), size, p=share / share.sum())
    return lat[chosen], lon[chosen]


def within(lat, lon):
    return (np.abs(lat - 51) < 0.9) & (np.abs(lon - 10.5) < 1.2)


class TestGoals:
    @pytest.mark.parametrize(("size", "cell"), [(600, 10), (3000, 25), (20_000, 15)])
    def test_no_flag_on_null_maps(self, size, cell):
        """Twenty maps each on which customers are where the market is."""
        for seed in range(20):
            places = market(seed)
            own = customers(places, size, seed + 100)
            found = whitespace.excess(*own, *places, cell_km=cell)
            assert found.enough and len(found.flag) > 500
            assert not found.flag.any()

    def test_a_hole_is_found(self):
        """A fifth of the usual share around one place: flagged there, nowhere else."""
        places = market()
        factor = np.where(within(*places[:2]), 0.2, 1.0)
        own = customers(places, 6000, factor=factor)
        found = whitespace.excess(*own, *places, cell_km=25, customer_value=1000)
        hole = within(found.lat, found.lon)
        assert found.white[hole].mean() > 0.5
        far = np.hypot(found.lat - 51, 0.63 * (found.lon - 10.5)) > 1.2 + 5 * 25 / 111
        assert not found.white[far].any()
        assert found.ratio[hole].mean() < 0.6 < 0.9 < found.ratio[far].mean()
        assert found.gi[found.white].max() < 0
        assert found.money == pytest.approx(found.missing * 1000)
        assert found.missing[hole].sum() > 50

    def test_a_cluster_is_found(self):
        places = market()
        own = customers(places, 6000, factor=np.where(within(*places[:2]), 3.0, 1.0))
        found = whitespace.excess(*own, *places, cell_km=25)
        full = within(found.lat, found.lon)
        assert found.flag[full].mean() > 0.7
        assert not found.white[full].any()
        assert found.ratio[full].mean() > 2

    def test_scale(self):
        """100,000 points in at most 2 s."""
        places = market(size=60_000)
        own = customers(places, 40_000)
        begin = time.process_time()
        whitespace.excess(*own, *places)
        assert time.process_time() - begin < 2


class TestFigures:
    def test_counts_add_up(self):
        places = market()
        own = customers(places, 5000)
        found = whitespace.excess(*own, *places, cell_km=25)
        assert found.observed.sum() == found.customers == 5000
        assert found.expected.sum() == pytest.approx(5000)
        assert found.missing.sum() == pytest.approx(0, abs=1e-6)
        assert found.market.sum() == pytest.approx(places[2].sum())
        assert (found.ratio_low <= found.ratio).all()
        assert (found.ratio <= found.ratio_high).all()

    def test_p_value_is_binomial(self):
        """Of a neighbourhood counted by brute force, as scipy's own test has it."""
        places = market(size=800)
        found = whitespace.excess(*customers(places, 2000), *places, cell_km=50)
        for cell in (0, 17, 60):
            distance = geo.distance_km(
                found.lat[cell], found.lon[cell], found.lat, found.lon
            )
            near = distance <= found.near_km[cell]
            count, share = found.observed[near].sum(), found.expected[near].sum() / 2000
            assert found.near_observed[cell] == count
            tails = [
                binomtest(int(count), 2000, share, alternative=side).pvalue
                for side in ("less", "greater")
            ]
            assert found.p_value[cell] == pytest.approx(min(1, 3 * 2 * min(tails)))

    def test_ratio_is_drawn_in_where_little_is_expected(self):
        """Nobody where one was expected is no hole."""
        places = market()
        found = whitespace.excess(*customers(places, 800), *places)
        empty = (found.observed == 0) & (found.expected < 1)
        assert empty.sum() > 100
        assert found.ratio[empty].min() > 0.6

    def test_discoveries_by_hand(self):
        p = np.array([0.5, 0.0001, 0.0005, 0.00059, 0.9])
        # limits in order of p: .0002, .0004, .0006, .0008, .001. The second is above
        # its own, and counts because the third is not
        wanted = [False, True, True, True, False]
        assert whitespace._discoveries(p).tolist() == wanted
        assert not whitespace._discoveries(np.array([0.002, 0.5])).any()

    def test_outside_the_market(self):
        places = market()
        lat, lon = customers(places, 1000)
        found = whitespace.excess(
            np.r_[lat, [0, 0]], np.r_[lon, [0, 100]], *places, cell_km=25
        )
        assert (found.customers, found.outside) == (1000, 2)


class TestMinimum:
    @pytest.mark.parametrize(
        ("size", "weight", "status"),
        [
            (499, 1, Status.TOO_FEW_CUSTOMERS),
            (500, 1, Status.SCORED),
            (600, 0, Status.NO_MARKET),
        ],
    )
    def test_not_enough_data(self, size, weight, status):
        lat, lon, weights = market()
        own = customers((lat, lon, weights), size)
        found = whitespace.excess(*own, lat, lon, weights * weight, cell_km=25)
        assert found.status == status
        assert found.enough == (status == Status.SCORED)
        assert (len(found.lat) > 0) == found.enough

    def test_no_market(self):
        found = whitespace.excess([50] * 600, [9] * 600, [], [], [])
        assert found.status == Status.NO_MARKET
        assert not found.white.any()

    def test_a_market_of_next_to_nothing_is_none(self):
        lat, lon = [50] * 600, [9] * 600
        found = whitespace.excess(lat, lon, [50, 51, 52], [9, 9, 9], [1, 1, 1e-300])
        assert len(found.lat) == 2

    def test_nobody(self):
        found = whitespace.excess([], [], *market())
        assert found.status == Status.TOO_FEW_CUSTOMERS

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"lat": [np.nan]}, r"lat\[0\] .*got nan"),
            ({"lat": [91]}, r"lat\[0\] must be a latitude, got 91.0"),
            ({"market_lon": [181]}, r"market_lon\[0\] must be a longitude"),
            ({"market_weight": [-1]}, r"market_weight\[0\] .*got -1.0"),
            ({"market_weight": [np.inf]}, r"market_weight\[0\] .*got inf"),
            ({"lon": [1, 2]}, "lon must have length 1"),
            ({"cell_km": 0}, "cell_km must be between"),
        ],
    )
    def test_wrong_input_is_named(self, change, words):
        data = {
            "lat": [50],
            "lon": [9],
            "market_lat": [50],
            "market_lon": [9],
            "market_weight": [1],
        }
        with pytest.raises(ValueError, match=words):
            whitespace.excess(**{**data, **change})


class TestProperties:
    @given(st.floats(1e-6, 1e6))
    @settings(max_examples=10)
    def test_unit_of_the_market_does_not_matter(self, factor):
        places = market(size=1000)
        own = customers(places, 1000)
        one = whitespace.excess(*own, *places, cell_km=50)
        two = whitespace.excess(*own, *places[:2], places[2] * factor, cell_km=50)
        assert two.p_value == pytest.approx(one.p_value, rel=1e-6)
        assert two.ratio == pytest.approx(one.ratio, rel=1e-6)

    def test_order_does_not_matter(self):
        places = market(size=1000)
        lat, lon = customers(places, 1000)
        turn = np.random.default_rng(1).permutation(1000)
        one = whitespace.excess(lat, lon, *places)
        two = whitespace.excess(lat[turn], lon[turn], *[part[turn] for part in places])
        assert two.ratio == pytest.approx(one.ratio)

    @given(st.floats(-90, 90), st.floats(-180, 180), st.sampled_from([1, 10, 100]))
    def test_a_point_lies_in_its_cell(self, lat, lon, cell):
        grid = _grid.Grid(cell)
        centre = grid.centre(grid.number(np.array([lat]), np.array([lon])))
        assert geo.distance_km(lat, lon, *centre)[0] <= 0.8 * cell

    @pytest.mark.parametrize("lat", [0, 45, 60, -75])
    def test_cells_are_equally_large(self, lat):
        grid = _grid.Grid(20)
        cell = grid.number(np.array([lat]), np.array([10.0]))
        here, beside = grid.centre(cell), grid.centre(cell + 1)
        assert geo.distance_km(*here, *beside)[0] == pytest.approx(20, rel=0.02)

    def test_neighbours_across_the_date_line(self):
        one, other = _grid.neighbours(np.zeros(2), np.array([179.99, -179.99]), 5)
        assert sorted([*one, *other]) == [0, 1]
