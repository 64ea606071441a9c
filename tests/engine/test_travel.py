"""Travel times: every pair once, in the right place, however a provider cuts them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import travel
from odoo.addons.territory_planning.engine.geo import distance_km

MUNICH, HAMBURG = (48.1372, 11.5755), (53.5511, 9.9937)


class Roads:
    """A provider of roads that are longer one way, with limits; it notes what was asked."""

    name = "roads"

    def __init__(self, most_places=10**6, most_pairs=10**6, unknown=()):
        self.most_places, self.most_pairs = most_places, most_pairs
        self.unknown = {tuple(point) for point in unknown}
        self.asked = []

    def table(self, sources, targets):
        self.asked.append((len(sources), len(targets)))
        a, b = np.asarray(sources), np.asarray(targets)
        km = np.abs(a[:, None] - b[None]).sum(axis=-1) * 100
        km *= np.where(a[:, None, 0] > b[None, :, 0], 1.5, 1.0)
        for row, one in enumerate(a):
            for column, other in enumerate(b):
                if self.unknown & {tuple(one), tuple(other)}:
                    km[row, column] = np.nan
        return km * 60, km


def places(seed, size):
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.uniform(47, 54, size), rng.uniform(7, 14, size)])


def test_straight_lines_are_a_distance_a_speed_and_a_range():
    found = travel.matrix(
        [MUNICH, HAMBURG], travel.Beeline(circuity=1.5, speed_kmh=100)
    )
    km = distance_km(*MUNICH, *HAMBURG) * 1.5
    assert found.distance_km[0, 1] == pytest.approx(km)
    assert found.duration_s[1, 0] == pytest.approx(km / 100 * 3600)
    assert found.duration_s[0, 0] == 0
    assert found.source == "great circle"
    low, high = found.range_s()
    assert low[0, 1] < found.duration_s[0, 1] < high[0, 1]
    assert not found.estimated[0, 0] and found.estimated[0, 1]


def test_nobody_said_how_and_nowhere_to_go():
    assert travel.matrix([MUNICH, HAMBURG]).source == "great circle"
    assert travel.matrix(np.zeros((0, 2))).duration_s.shape == (0, 0)
    assert travel.matrix([MUNICH]).duration_s.tolist() == [[0.0]]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6), st.integers(1, 25), st.integers(2, 30), st.integers(1, 200)
)
def test_limits_of_a_request_change_nothing_but_the_number_of_requests(
    seed, size, most_places, most_pairs
):
    points = places(seed, size)
    provider = Roads(most_places, most_pairs)
    found = travel.matrix(points, provider)
    whole = travel.matrix(points, Roads())
    np.testing.assert_array_equal(found.duration_s, whole.duration_s)
    np.testing.assert_array_equal(found.distance_km, whole.distance_km)
    for rows, columns in provider.asked:
        assert rows + columns <= most_places
        assert rows * columns <= most_pairs
    assert found.source == "roads" and not found.estimated.any()
    assert found.range_s()[1].max(initial=0) == found.duration_s.max(initial=0)


def test_requests_are_few():
    """Three hundred places, a hundred a request: six by six and no more."""
    provider = Roads(100, 2500)
    travel.matrix(places(1, 300), provider)
    assert len(provider.asked) == 36


def test_one_place_is_asked_for_once():
    points = places(2, 4).round(5)
    points = np.vstack([points, points, points + 1e-7])
    provider = Roads()
    found = travel.matrix(points, provider)
    assert provider.asked == [(4, 4)]
    assert found.duration_s.shape == (12, 12)
    assert found.duration_s[0, 4] == 0
    np.testing.assert_array_equal(found.duration_s[:4, :4], found.duration_s[4:8, 8:])


def test_what_is_known_is_not_asked_for():
    points = places(3, 20)
    whole = travel.matrix(points, Roads())
    known = np.full((2, 20, 20), np.nan)
    known[:, :17, :17] = whole.duration_s[:17, :17], whole.distance_km[:17, :17]
    provider = Roads()
    found = travel.matrix(points, provider, known=known)
    np.testing.assert_array_equal(found.duration_s, whole.duration_s)
    assert sorted(provider.asked) == [(3, 20), (17, 3)]
    nothing = Roads()
    travel.matrix(points, nothing, known=(whole.duration_s, whole.distance_km))
    assert nothing.asked == []
    cannot = np.where(np.eye(20), 0.0, -1.0)
    found = travel.matrix(points, nothing, known=(cannot, cannot))
    assert nothing.asked == []
    assert found.estimated.sum() == 380 and found.source == "great circle"


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.floats(0, 1))
def test_gaps_are_covered(seed, share):
    rng = np.random.default_rng(seed)
    missing = rng.random((rng.integers(1, 12), rng.integers(1, 12))) < share
    covered = np.zeros_like(missing)
    for rows, columns in travel.gaps(missing):
        covered[np.ix_(rows, columns)] = True
    assert covered[missing].all()
    assert missing.any() or not covered.any()


def test_what_a_provider_cannot_say_is_estimated_and_said():
    points = places(4, 5)
    provider = Roads(unknown=[points[2]])
    estimate = travel.Beeline(2.0, 50, 0.5, 3.0)
    found = travel.matrix(points, provider, estimate=estimate)
    line = travel.matrix(points, estimate)
    assert found.estimated.sum() == 8
    assert found.duration_s[2, 0] == line.duration_s[2, 0]
    assert found.duration_s[0, 1] == travel.matrix(points, Roads()).duration_s[0, 1]
    assert found.source == "roads; great circle for 40 %"
    assert found.range_s()[1][0, 1] == found.duration_s[0, 1]
    assert found.range_s()[1][0, 2] == 3 * found.duration_s[0, 2]


def test_no_road_is_infinite_and_stays_so():
    class Island(Roads):
        def table(self, sources, targets):
            seconds, km = super().table(sources, targets)
            seconds[:, 0] = np.inf
            return seconds, km

    found = travel.matrix(places(5, 3), Island())
    assert np.isinf(found.duration_s).sum() == 2
    assert np.isfinite(np.diag(found.duration_s)).all()


def test_a_fit_finds_what_made_the_roads():
    rng = np.random.default_rng(6)
    line = rng.uniform(1, 100, 400)
    road = line * 1.42 * rng.lognormal(0, 0.1, 400)
    seconds = road / 71 * 3600 * rng.lognormal(0, 0.1, 400)
    road[:20], seconds[20:30] = np.inf, np.nan
    seconds[30:50] *= 30  # ferries
    found = travel.fit(line, road, seconds)
    assert found.circuity == pytest.approx(1.42, rel=0.03)
    assert found.speed_kmh == pytest.approx(71, rel=0.05)
    assert found.pairs == 370
    estimate = line[50:] * found.circuity / found.speed_kmh * 3600
    inside = (seconds[50:] >= found.low * estimate) & (
        seconds[50:] <= found.high * estimate
    )
    assert 0.7 < inside.mean() < 0.95


def test_a_fit_of_next_to_nothing_is_refused():
    with pytest.raises(ValueError, match="Only 3 of 5 pairs"):
        travel.fit([1, 2, 3, 0.1, 5], [2, 3, 4, 1, np.inf], 60)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([[91, 0]], r"points\[0\] is \[91.0, 0.0\]"),
        ([[0, 0], [0, np.nan]], r"points\[1\]"),
        ([1, 2], r"shape \(m, 2\)"),
    ],
)
def test_places_that_are_none_are_named(points, words):
    with pytest.raises(ValueError, match=words):
        travel.matrix(points)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"circuity": 0.9}, "circuity must be 1 or more"),
        ({"speed_kmh": 0}, "speed_kmh must be above zero"),
        ({"high": float("nan")}, "high must be 1 or more"),
    ],
)
def test_estimates_that_are_none_are_refused(values, words):
    with pytest.raises(ValueError, match=words):
        travel.Beeline(**values)


def test_answers_of_a_wrong_size_or_sign_are_refused():
    class Wrong(Roads):
        def table(self, sources, targets):
            return np.zeros((1, 1)), np.zeros((1, 1))

    class Negative(Roads):
        def table(self, sources, targets):
            return tuple(-values for values in super().table(sources, targets))

    with pytest.raises(ValueError, match=r"shape \(1, 1\), not \(3, 3\)"):
        travel.matrix(places(7, 3), Wrong())
    with pytest.raises(ValueError, match="below zero"):
        travel.matrix(places(7, 3), Negative())
