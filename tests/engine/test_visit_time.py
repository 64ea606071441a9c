"""Time on the road: against tours that were really built, and what must not matter."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import visit_time

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")

KM = 111.195  # of a degree of latitude
LAT, LON = 50.0, 10.0
PACE = 1.3 / 60  # hours per km as the crow flies


def place(points):
    """Degrees of ``points (n, 2)``, km east and north of the origin."""
    points = np.atleast_2d(points)
    lat = LAT + points[:, 1] / KM
    return lat, LON + points[:, 0] / (KM * np.cos(np.radians(LAT)))


def disc(rng, n, radius):
    angle = rng.uniform(0, 2 * np.pi, n)
    reach = radius * np.sqrt(rng.random(n))
    return np.column_stack([reach * np.cos(angle), reach * np.sin(angle)])


def tour(points):
    """Length of a round trip: nearest neighbour, then 2-opt until nothing helps."""
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    order, left = [0], set(range(1, len(points)))
    while left:
        order.append(min(left, key=lambda k: apart[order[-1], k]))
        left.remove(order[-1])
    better = True
    while better:
        better = False
        for i in range(len(order) - 1):
            for j in range(i + 2, len(order)):
                a, b, c, d = (order[k % len(order)] for k in (i, i + 1, j, j + 1))
                if apart[a, c] + apart[b, d] < apart[a, b] + apart[c, d] - 1e-9:
                    order[i + 1 : j + 1] = order[i + 1 : j + 1][::-1]
                    better = True
    return sum(apart[a, b] for a, b in zip(order, order[1:] + order[:1], strict=True))


def tours(home, points, service=1.0, day=8.0, most=5):
    """Hours of driving of tours as a rep would plan them, one after the other.

    The farthest customer first, then its neighbours as long as the day allows.
    """
    left, total = list(range(len(points))), 0.0
    while left:
        reach = np.hypot(*(points[left] - home).T)
        seed = points[left[int(np.argmax(reach))]]
        hours = np.clip(4 * reach.max() * PACE, day, most * day)
        near = sorted(left, key=lambda i, seed=seed: np.hypot(*(points[i] - seed)))
        taken, length = [], 0.0
        for who in near:
            longer = tour(np.vstack([home, points[[*taken, who]]]))
            if taken and longer * PACE + service * (len(taken) + 1) > hours:
                break
            taken, length = [*taken, who], longer
        total += length * PACE
        left = [who for who in left if who not in taken]
    return total


@pytest.mark.parametrize(
    ("n", "radius", "away", "tolerance"),
    [
        (30, 15, 0, 0.20),
        (30, 40, 1, 0.20),
        (100, 15, 2.5, 0.15),
        (100, 40, 0, 0.15),
        (100, 40, 1, 0.15),
        (100, 40, 2.5, 0.15),  # nights on the road begin
        (100, 120, 1, 0.30),  # two or three days each
    ],
)
def test_driving_is_that_of_real_tours(n, radius, away, tolerance):
    """Sum over all accounts against tours built by nearest neighbour and 2-opt."""
    ours, real = 0.0, 0.0
    for seed in range(2):
        points = disc(np.random.default_rng(seed), n, radius)
        home = np.array([away * radius, 0.0])
        start = place(home)
        found = visit_time.estimate(
            *place(points), np.ones(n), start_lat=start[0], start_lon=start[1]
        )
        ours += found.drive.sum()
        real += tours(home, points)
    assert ours == pytest.approx(real, rel=tolerance)


def test_spacing_of_even_accounts():
    """1/√density, without bias, whatever the number of neighbours."""
    points = np.random.default_rng(0).uniform(0, 100, (4000, 2))
    inner = ((points > 10) & (points < 90)).all(axis=1)
    for neighbours in (1, 5, 20):
        gap = visit_time.spacing(*place(points), neighbours=neighbours)[inner]
        assert gap.mean() == pytest.approx(np.sqrt(100 * 100 / 4000), rel=0.03)


def test_density_is_local():
    """A town and the country: short ways in one, long ones in the other."""
    rng = np.random.default_rng(0)
    town, country = disc(rng, 100, 5), disc(rng, 100, 80) + [100, 0]
    found = visit_time.estimate(*place(np.vstack([town, country])), np.ones(200))
    assert found.local[100:].mean() > 5 * found.local[:100].mean()


def test_reps_do_not_share_tours():
    """Two reps in one place drive as each would alone."""
    rng = np.random.default_rng(0)
    points = disc(rng, 60, 30)
    group = np.arange(60) % 2
    both = visit_time.estimate(*place(points), np.ones(60), group=group)
    for rep in (0, 1):
        own = points[group == rep]
        alone = visit_time.estimate(*place(own), np.ones(30))
        assert both.drive[group == rep] == pytest.approx(alone.drive)


def test_more_visits_are_nearer_to_each_other():
    """Rare visits are strewn thinly: the fewer, the more driving each."""
    points = disc(np.random.default_rng(0), 80, 40)
    drive = [
        visit_time.estimate(*place(points), np.full(80, visits)).drive.mean()
        for visits in (0.1, 0.3, 1.0)
    ]
    assert drive[0] > 1.1 * drive[1] > 1.1**2 * drive[2]
    # the second visit of a month is met in a tour of its own
    often = visit_time.estimate(*place(points), np.full(80, 4.0))
    assert often.drive.mean() == pytest.approx(drive[2])


def test_visits_are_scaled_to_the_hours_there_are():
    """The hours of the visits it was computed for fill the capacity."""
    rng = np.random.default_rng(0)
    points, effort = disc(rng, 80, 40), rng.gamma(1, 0.3, 80)
    free = visit_time.estimate(*place(points), effort)
    assert (free.visits == effort).all()
    found = visit_time.estimate(*place(points), effort, capacity=100.0)
    assert (found.visits * (1 + found.drive)).sum() == pytest.approx(100, rel=0.05)
    known = visit_time.estimate(*place(points), effort, capacity=100.0, fixed=2.5)
    assert (known.visits * 2.5).sum() == pytest.approx(100)


@given(seed=st.integers(0, 10_000), n=st.integers(1, 40), reps=st.integers(1, 4))
@settings(max_examples=80)
def test_never_more_than_there_and_back(seed, n, reps):
    """Finite, not negative, no longer than a trip for the visit alone; parts add up."""
    rng = np.random.default_rng(seed)
    lat, lon = place(disc(rng, n, rng.choice([0, 1, 30, 400])))
    lat[rng.random(n) < 0.2] = np.nan
    group = rng.integers(-1, reps, n)
    effort = rng.gamma(0.5, 1, n) * (rng.random(n) < 0.8)
    start = rng.uniform(45, 55, reps)
    start[rng.random(reps) < 0.5] = np.nan
    found = visit_time.estimate(
        lat,
        lon,
        effort,
        group=group,
        start_lat=start,
        start_lon=LON,
        capacity=rng.choice([0.0, 40.0, np.nan], reps),
        service=rng.choice([0.0, 1.0]),
    )
    there = np.isfinite(lat) & (group >= 0)
    there &= 2 * np.nan_to_num(found.distance) * PACE <= 40
    assert (np.isfinite(found.drive) == there).all()
    drive = found.drive[there]
    assert (drive >= 0).all()
    assert (drive <= 2 * found.distance[there] * PACE + 1e-9).all()
    assert drive == pytest.approx(found.haul[there] + found.local[there])
    assert (found.stops[there] >= 1).all()


def test_order_of_accounts_does_not_matter():
    rng = np.random.default_rng(0)
    lat, lon = place(disc(rng, 50, 40))
    effort, group = rng.gamma(1, 1, 50), rng.integers(0, 3, 50)
    order = rng.permutation(50)
    one = visit_time.estimate(lat, lon, effort, group=group)
    two = visit_time.estimate(lat[order], lon[order], effort[order], group=group[order])
    assert two.drive == pytest.approx(one.drive[order])


def test_across_the_date_line():
    """Fiji: longitudes of 179.9 and −179.9 are neighbours."""
    points = disc(np.random.default_rng(0), 30, 30)
    lon = points[:, 0] / KM
    here = visit_time.estimate(points[:, 1] / KM, lon, np.ones(30))
    there = visit_time.estimate(points[:, 1] / KM, (lon + 360) % 360 - 180, np.ones(30))
    assert there.drive == pytest.approx(here.drive, rel=1e-6)


def test_nobody_drives_to_another_continent():
    """Farther than five days on the road: a flight or a wrong address, not a drive."""
    points = np.vstack([disc(np.random.default_rng(0), 30, 30), [4000.0, 0.0]])
    start = place([0.0, 0.0])
    found = visit_time.estimate(
        *place(points), np.ones(31), start_lat=start[0], start_lon=start[1]
    )
    assert np.isnan(found.drive[30])
    assert np.isfinite(found.drive[:30]).all()


def test_one_address_for_all():
    """Accounts at one place: out and back is shared, and so is a short way on foot."""
    lat, lon = place(np.tile([50.0, 0.0], (6, 1)))
    start = place([0.0, 0.0])
    found = visit_time.estimate(
        lat, lon, np.ones(6), start_lat=start[0], start_lon=start[1]
    )
    assert found.haul == pytest.approx(np.full(6, 2 * 50 * PACE / found.stops[0]), 1e-4)
    assert (found.local <= visit_time.NEAREST_KM * PACE).all()


def test_nothing_to_go_by():
    assert not visit_time.estimate([], [], []).drive.size
    nobody = visit_time.estimate([LAT], [LON], [1.0], group=[-1])
    assert np.isnan(nobody.drive).all()
    # one account of a rep without a start: its centre is the account
    assert visit_time.estimate([LAT], [LON], [0.0]).drive.tolist() == [0]


def test_quick():
    """10⁵ accounts of 100 reps, passes included."""
    rng = np.random.default_rng(0)
    n = 100_000
    data = rng.uniform(47, 55, n), rng.uniform(6, 15, n), rng.gamma(1, 0.5, n)
    group = rng.integers(0, 100, n)
    times = []
    for _repetition in range(3):
        begin = time.process_time()
        visit_time.estimate(*data, group=group, capacity=80.0)
        times.append(time.process_time() - begin)
    assert min(times) < 1.0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lat": [91, 50]}, r"lat\[0\] .*got 91"),
        ({"lon": [10, 200]}, r"lon\[1\] .*got 200"),
        ({"effort": [1, -1]}, r"effort\[1\] .*got -1"),
        ({"effort": [1, np.inf]}, r"effort\[1\] .*got inf"),
        ({"service": -1}, r"service\[0\] .*got -1"),
        ({"fixed": [-2, 1]}, r"fixed\[0\] .*got -2"),
        ({"speed": 0}, "speed .*got 0"),
        ({"circuity": 0.5}, "circuity .*got 0.5"),
        ({"day": np.nan}, "day .*got nan"),
        ({"group": [0, -2]}, r"group\[1\] .*got -2"),
        ({"group": [0]}, "group must have shape"),
        ({"capacity": -1.0}, r"capacity\[0\] .*got -1"),
    ],
)
def test_refused(changes, words):
    data = {"lat": [50, 51], "lon": [10, 11], "effort": [1, 1], **changes}
    with pytest.raises(ValueError, match=words):
        visit_time.estimate(
            data.pop("lat"), data.pop("lon"), data.pop("effort"), **data
        )


def test_from_several_starts_is_the_estimate_of_each():
    rng = np.random.default_rng(5)
    lat, lon = 47 + 8 * rng.random(60), 6 + 9 * rng.random(60)
    effort = rng.random(60) * 3
    starts = np.array([[48.1, 11.6], [53.5, 10.0], [np.nan, np.nan]])
    drive, distance = visit_time.from_starts(
        lat, lon, effort, start_lat=starts[:, 0], start_lon=starts[:, 1], speed=50.0
    )
    for number, (start_lat, start_lon) in enumerate(starts):
        alone = visit_time.estimate(
            lat, lon, effort, start_lat=start_lat, start_lon=start_lon, speed=50.0
        )
        np.testing.assert_allclose(drive[:, number], alone.drive)
        np.testing.assert_allclose(distance[:, number], alone.distance)


def test_several_starts_name_what_is_wrong():
    with pytest.raises(ValueError, match="start_lon"):
        visit_time.from_starts(
            [48.0], [11.0], [1.0], start_lat=[48.0, 49.0], start_lon=[11.0]
        )
    with pytest.raises(ValueError, match="speed"):
        visit_time.from_starts(
            [48.0], [11.0], [1.0], start_lat=[48.0], start_lon=[11.0], speed=0.0
        )
