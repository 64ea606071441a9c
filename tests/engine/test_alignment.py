"""Who looks after whom: bands, certificate, reasons, overrides, clashes."""

import numpy as np
import pytest

from odoo.addons.territory_planning.engine import alignment

# workload of 22 bricks; km to the offices of four reps (published example)
WORK = (
    ".1609 .1164 .1026 .1516 .0939 .1320 .0687 .0930 .2116 .2529 .0868 .0828 .0975 "
    ".8177 .4115 .3795 .0710 .0427 .1043 .0997 .1698 .2531"
)
KM = """
16.16 24.08 24.32 21.12  19 26.47 27.24 17.33  25.29 32.49 33.42 12.25  0 7.93 8.31 36.12
3.07 6.44 7.56 37.37  1.22 7.51 8.19 36.29  2.80 10.31 10.95 33.50  2.87 5.07 5.67 38.80
3.80 8.01 7.41 38.16  12.35 4.52 4.35 48.27  11.11 3.48 2.97 47.14
21.99 22.02 24.07 39.86  8.82 3.3 5.36 43.31  7.93 0 2.07 43.75  9.34 2.25 1.11 45.43
8.31 2.07 0 44.43  7.31 2.44 1.11 43.43  7.55 .75 1.53 43.52  11.13 18.41 19.26 25.40
17.49 23.44 24.76 23.21  11.03 18.93 19.28 25.43  36.12 43.75 44.43 0
"""
TODAY = np.array([3, 3, 3, 0, 0, 0, 0, 0, 2, 1, 1, 1, 1, 1, 0, 2, 2, 2, 3, 3, 3, 3])


def bricks(lower=0.8, upper=1.2, **changes):
    data = dict(
        load=np.array(WORK.split(), float),
        cost=np.array(KM.split(), float).reshape(22, 4),
        lower=lower,
        upper=upper,
    )
    return alignment.Problem(**{**data, **changes})


def towns(units=150, reps=6, seed=0, **changes):
    """Units strewn around reps' homes, within 10 %, each territory in one piece."""
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(48, 53, units), rng.uniform(7, 13, units)
    load = rng.lognormal(0, 0.4, units)
    lower, upper = alignment.band(load, reps, 0.1)
    data = dict(
        load=load,
        lower=lower,
        upper=upper,
        lat=lat,
        lon=lon,
        home_lat=lat[:reps],
        home_lon=lon[:reps],
        trips=load,
        contiguous=True,
        current=rng.integers(0, reps, units),
    )
    return alignment.Problem(**{**data, **changes})


class TestBricks:
    def test_distance_today(self):
        problem = bricks()
        assert problem.parts(TODAY)[0] == pytest.approx(187.41)

    @pytest.mark.parametrize(
        ("lower", "upper", "least"), [(0.8, 1.2, 154.60), (0.9, 1.1, 162.43)]
    )
    def test_least_distance(self, lower, upper, least):
        found = alignment.align(bricks(lower, upper))
        assert found.feasible
        assert found.objective == pytest.approx(least, abs=1e-9)
        assert found.bound <= found.objective
        assert (found.load >= lower).all() and (found.load <= upper).all()

    def test_reasons_add_up_to_what_is_saved(self):
        found = alignment.align(bricks(current=TODAY, handover_cost=0.5))
        reasons = found.reasons
        assert list(reasons.unit) == list(found.moved)
        before = bricks(current=TODAY).parts(TODAY)[0]
        assert reasons.travel.sum() == pytest.approx(before - found.travel)
        assert (reasons.relation == -0.5).all()

    def test_dear_handovers_leave_all_as_it_is(self):
        found = alignment.align(
            bricks(current=TODAY, handover_cost=1e6, lower=0.7, upper=1.7)
        )
        assert (found.rep == TODAY).all()

    def test_price_of_an_override_is_the_difference_of_the_objectives(self):
        found = alignment.align(bricks(current=TODAY, handover_cost=0.5))
        for unit in (0, 13, 21):
            for rep in range(4):
                after = found.rep.copy()
                after[unit] = rep
                travel, relation, _none = found.problem.parts(after)
                price = travel + relation - found.objective
                assert found.price_of(unit, rep).price == pytest.approx(price)


def test_territories_are_in_one_piece_and_within_the_band():
    problem = towns()
    found = alignment.align(problem)
    assert found.feasible and not len(found.disconnected)
    assert (found.load >= problem.lower[:, 0]).all()
    assert (found.load <= problem.upper[:, 0]).all()
    assert 0 <= found.gap < 0.03


def test_same_seed_same_answer():
    first, second = (alignment.align(towns(), seed=3) for _time in range(2))
    assert (first.rep == second.rep).all() and first.bound == second.bound


def test_leaving_rep_gets_nothing():
    load = towns().load
    lower, upper = alignment.band(load, 6, 0.1, share=[1, 1, 1, 0, 1, 1])
    found = alignment.align(towns(lower=lower, upper=upper))
    assert found.feasible and found.load[3] == 0


def test_caps_on_handovers_are_kept():
    problem = bricks(current=TODAY, upper=1.7, max_moves=2)
    found = alignment.align(problem)
    assert found.feasible and len(found.moved) == 2
    revenue = np.linspace(1, 3, 22)
    problem = bricks(
        current=TODAY, upper=1.7, lower=0.5, revenue=revenue, max_revenue=4.0
    )
    found = alignment.align(problem)
    assert found.feasible and revenue[found.moved].sum() <= 4.0


class TestClashes:
    def test_bands_that_do_not_fit_the_load(self):
        found = alignment.align(bricks(lower=1.1, upper=1.2))
        assert not found.feasible
        clash = found.clashes[0]
        assert clash.kind == "total_low" and clash.proven
        assert clash.amount == pytest.approx(4.4 - np.array(WORK.split(), float).sum())

    def test_locks_that_pass_a_band(self):
        found = alignment.align(bricks(current=TODAY, locked=[9, 10, 11, 12, 13]))
        kinds = {clash.kind: clash for clash in found.clashes}
        assert kinds["locks"].rep == 1
        assert kinds["locks"].amount == pytest.approx(1.3377 - 1.2)

    def test_nobody_may(self):
        found = alignment.align(bricks(forbidden=[(5, rep) for rep in range(4)]))
        assert [clash.unit for clash in found.clashes if clash.kind == "unit"] == [5]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (dict(load=np.zeros(22)), "load of measure 0 is zero"),
        (dict(lower=2.0), r"upper\[0, 0\] must be at least lower"),
        (dict(current=np.full(22, 4)), r"current\[0\] must be a rep"),
        (dict(locked=[3]), r"current\[3\] must be a rep"),
        (dict(cost=None), "cost must be given"),
        (dict(lat=np.full(22, 91.0), lon=np.zeros(22)), r"lat\[0\]"),
        (dict(handover_cost=-1.0), "handover_cost"),
    ],
)
def test_bad_input_is_named(changes, words):
    with pytest.raises(ValueError, match=words):
        bricks(**changes)
