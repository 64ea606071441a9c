"""Who looks after whom: bands, certificate, reasons, overrides, clashes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine import alignment, allocation, response

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


def test_start_from_today_ends_within_caps_and_bands_too():
    today = alignment.align(towns()).rep
    turned = np.where(np.arange(150) % 5 == 0, (today + 1) % 6, today)
    problem = towns(current=turned, max_moves=70, handover_cost=5.0)
    found = alignment.align(problem, start=turned)
    assert found.feasible and len(found.moved) <= 70


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


def costa(seed=0, units=120, reps=5, **changes):
    """Territories that earn: profit only, no band."""
    rng = np.random.default_rng(seed)
    data = dict(
        load=np.ones(units),
        lower=0,
        upper=np.inf,
        cost=np.zeros((units, reps)),
        travel_weight=0,
        profit=alignment.Costa(
            size=rng.lognormal(3, 0.7, units),
            elasticity=0.3,
            hours=rng.uniform(80, 160, reps),
            travel_ratio=rng.uniform(0, 3, (units, reps)),
        ),
    )
    return alignment.Problem(**{**data, **changes})


class TestProfit:
    def test_territory_earns_what_the_best_split_of_its_hours_earns(self):
        """The collapsed formula is the optimum of the allocation engine."""
        problem = costa()
        rep = np.arange(120) % 5
        given = problem.profit
        ratio = given.travel_ratio[np.arange(120), rep]
        worth = given.size * (1 + ratio) ** -given.elasticity
        found = allocation.allocate(
            response.power(0, worth, given.elasticity),
            margin=1.0,
            budget=given.hours,
            group=rep,
        )
        assert problem.parts(rep)[2] == pytest.approx(found.profit, rel=1e-9)

    def test_small_gap(self):
        found = alignment.align(costa())
        assert found.bound <= found.objective
        assert found.gap < 5e-4
        assert found.objective == pytest.approx(-found.profit)

    def test_as_good_as_any_of_all(self):
        problem = costa(units=6, reps=3)
        plans = np.stack(np.unravel_index(np.arange(3**6), (3,) * 6), axis=1)
        best = max(problem.parts(plan)[2] for plan in plans)
        found = alignment.align(problem)
        assert found.profit == pytest.approx(best)

    def test_price_and_reasons_hold_the_profit(self):
        current = np.arange(120) % 5
        found = alignment.align(costa(current=current, handover_cost=0.1))
        reasons = found.reasons
        for number in range(0, len(reasons), 9):
            unit, origin = reasons.unit[number], reasons.origin[number]
            back = found.rep.copy()
            back[unit] = origin
            lost = found.profit - found.problem.parts(back)[2]
            assert reasons.profit[number] == pytest.approx(lost)
            price = found.price_of(unit, origin)
            assert price.profit == pytest.approx(lost)
            assert price.relation == -0.1

    def test_mix_lies_between_travel_and_profit(self):
        cost = np.random.default_rng(1).uniform(0, 50, (120, 5))
        plans = [
            alignment.align(costa(cost=cost, travel_weight=a, profit_weight=b))
            for a, b in ((1, 0), (1, 1), (0, 1))
        ]
        travel = [cost[np.arange(120), plan.rep].sum() for plan in plans]
        earned = [costa().parts(plan.rep)[2] for plan in plans]
        assert travel[0] < travel[1] < travel[2]
        assert earned[0] < earned[1] < earned[2]


class TestPareto:
    def test_more_weight_moves_less_and_costs_more(self):
        found = alignment.pareto(
            bricks(lower=0.7, upper=1.7, current=TODAY, handover_cost=1.0),
            [0, 0.5, 2, 5, 1000],
        )
        assert (np.diff(found.moved) <= 0).all()
        assert (np.diff(found.cost) >= -1e-9).all()
        assert found.moved[-1] == 0 and found.gain[-1] == pytest.approx(0)
        assert found.best[[0, -1]].all()

    def test_a_weight_below_zero_is_refused(self):
        with pytest.raises(ValueError, match="zero or more"):
            alignment.pareto(bricks(current=TODAY), [-1.0])


def test_best_home_is_the_candidate_whose_alignment_costs_least():
    problem = towns(contiguous=False)
    places = np.array([[48.2, 7.3], [50.5, 10.0], [52.8, 12.7]])
    found = alignment.best_home(problem, places, rep=5, most=3)
    single = []
    for lat, lon in places:
        homes = problem.home_lat.copy(), problem.home_lon.copy()
        homes[0][5], homes[1][5] = lat, lon
        moved = towns(contiguous=False, home_lat=homes[0], home_lon=homes[1])
        single.append(alignment.align(moved).objective)
    assert found.candidate[0] == np.argmin(single)
    assert found.objective[0] == pytest.approx(min(single))
    assert (found.bound <= np.array(single)[found.candidate]).all()


def test_progress_ends_the_search():
    shares = []

    def progress(share, best):
        shares.append(share)
        return len(shares) > 20

    found = alignment.align(towns(), progress=progress, enough=0.0)
    assert found.stopped and len(shares) == 21 and found.feasible
    assert shares == sorted(shares)


def test_time_limit_ends_a_search_that_would_take_hours():
    found = alignment.align(towns(), time_limit=0.5, iterations=10**11, enough=0.0)
    assert found.stopped and found.feasible


def test_an_override_names_the_band_that_it_breaks():
    problem = towns()
    found = alignment.align(problem)
    heavy = np.flatnonzero(found.rep == 0)
    price = found.price_of(heavy, 1)
    kinds = {(clash.kind, clash.rep): clash for clash in price.clashes}
    assert kinds["below", 0].amount == pytest.approx(problem.lower[0, 0])
    assert ("above", 1) in kinds


def test_adjacency_that_is_given_is_what_counts():
    """Three units in a row: the middle one cannot be left out."""
    line = dict(
        load=np.ones(3),
        lower=0,
        upper=2,
        contiguous=True,
        adjacency=[(0, 1), (1, 2)],
        cost=[[0, 9], [9, 0], [0, 9]],
    )
    free = alignment.align(alignment.Problem(**{**line, "contiguous": False}))
    assert list(free.rep) == [0, 1, 0]
    found = alignment.align(alignment.Problem(**line))
    assert not len(found.disconnected)
    assert found.objective == 9 and found.bound <= 9


# ------------------------------------------------------------------------ properties
@st.composite
def problems(draw):
    """Small alignments of all kinds, most of them feasible."""
    units, reps = draw(st.integers(2, 14)), draw(st.integers(2, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    measures = draw(st.integers(1, 2))
    load = rng.lognormal(0, 0.5, (units, measures))
    lower, upper = alignment.band(load, reps, draw(st.floats(0.4, 2.0)))
    current = rng.integers(-1, reps, units)
    data = dict(
        load=load,
        lower=lower,
        upper=upper,
        cost=rng.uniform(0, 10, (units, reps)),
        current=current,
        handover_cost=rng.uniform(0, 3, units),
        locked=(rng.random(units) < 0.1) & (current >= 0),
        forbidden=rng.random((units, reps)) < 0.1,
        lat=rng.uniform(48, 52, units),
        lon=rng.uniform(8, 12, units),
        contiguous=draw(st.booleans()),
    )
    if draw(st.booleans()):
        data["max_moves"] = draw(st.integers(0, units))
    if draw(st.booleans()):
        size, ratio = rng.lognormal(1, 1, units), rng.uniform(0, 2, (units, reps))
        data["profit"] = alignment.Costa(size, 0.4, 10.0, ratio)
    return data


def quick(problem, **given):
    return alignment.align(problem, iterations=20_000, **given)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_no_plan_beats_the_bound(data):
    problem = alignment.Problem(**data)
    found = quick(problem)
    if not found.feasible:
        return
    assert found.bound <= found.objective + 1e-9 * abs(found.objective)
    over, beyond = problem.excess(found.rep)
    assert not over.any() and not beyond.any()
    assert problem.allowed[np.arange(problem.units), found.rep].all()
    travel, relation, earned = problem.parts(found.rep)
    assert found.objective == pytest.approx(travel + relation - earned)


@settings(max_examples=40, deadline=None)
@given(problems())
def test_as_good_as_the_best_of_random_plans(data):
    problem = alignment.Problem(**{**data, "contiguous": False})
    found = quick(problem)
    rng = np.random.default_rng(0)
    rows = np.arange(problem.units)
    for _draw in range(300):
        rep = rng.integers(0, problem.reps, problem.units)
        over, beyond = problem.excess(rep)
        if over.any() or beyond.any() or not problem.allowed[rows, rep].all():
            continue
        assert found.feasible, "a random plan keeps what the search could not"
        travel, relation, earned = problem.parts(rep)
        assert found.objective <= travel + relation - earned + 1e-9
        assert found.bound <= travel + relation - earned + 1e-9


@settings(max_examples=30, deadline=None)
@given(problems(), st.integers(0, 1000))
def test_the_order_of_units_does_not_matter(data, seed):
    data = {**data, "contiguous": False}
    order = np.random.default_rng(seed).permutation(len(data["load"]))
    turned = dict(data)
    for name in ("load", "cost", "current", "handover_cost", "locked", "forbidden"):
        turned[name] = data[name][order]
    turned["lat"], turned["lon"] = data["lat"][order], data["lon"][order]
    if "profit" in data:
        old = data["profit"]
        turned["profit"] = alignment.Costa(
            old.size[order], old.elasticity, old.hours, old.travel_ratio[order]
        )
    one, two = (quick(alignment.Problem(**given)) for given in (data, turned))
    assert one.feasible == two.feasible
    if one.feasible:
        assert one.objective == pytest.approx(two.objective, rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(problems())
def test_dear_handovers_return_a_feasible_today(data):
    problem = alignment.Problem(**{**data, "contiguous": False})
    current = problem.current
    over, beyond = problem.excess(np.maximum(current, 0))
    fine = problem.allowed[np.arange(problem.units), np.maximum(current, 0)]
    if (current < 0).any() or over.any() or beyond.any() or not fine.all():
        return
    cost = np.full(problem.units, 1.0)
    again = {**data, "contiguous": False, "handover_cost": cost, "disruption": 1e7}
    assert not len(quick(alignment.Problem(**again)).moved)


@settings(max_examples=40, deadline=None)
@given(problems())
def test_infeasible_input_names_a_clash_by_its_amount(data):
    found = quick(alignment.Problem(**data))
    for clash in found.clashes:
        assert clash.amount > 0 and str(clash)
    assert found.feasible == (not found.clashes)
    assert np.isnan(found.gap) != found.feasible
