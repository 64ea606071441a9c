"""The demo company as a generator: reproducible, believable, and true to its truth."""

import calendar
import dataclasses
from datetime import date

import numpy as np
import pytest

from odoo.addons.territory_planning.demo import _history, _people, company
from odoo.addons.territory_planning.engine import geo, response

TODAY = date(2026, 6, 15)
GERMANY = (47.2, 55.1, 5.8, 15.1)


@pytest.fixture(scope="module")
def demo():
    return company.generate(today=TODAY)


@pytest.fixture(scope="module")
def places():
    return _people.read_places()


def arrays(thing):
    """Every array in a dataclass of dataclasses."""
    for field in dataclasses.fields(thing):
        value = getattr(thing, field.name)
        if dataclasses.is_dataclass(value):
            yield from arrays(value)
        else:
            yield field.name, np.asarray(value)


class TestSeed:
    def test_same_seed_same_company(self, demo):
        again = company.generate(today=TODAY)
        for (name, one), (_name, other) in zip(
            arrays(demo), arrays(again), strict=True
        ):
            equal_nan = one.dtype.kind == "f"
            assert np.array_equal(one, other, equal_nan=equal_nan), name

    def test_another_seed_another_company(self, demo):
        other = company.generate(seed=20, today=TODAY)
        assert (demo.accounts.name != other.accounts.name).mean() > 0.9
        assert len(other.orders.account) != len(demo.orders.account)

    @pytest.mark.parametrize(
        "wrong",
        [{"accounts": 3}, {"reps": 0}, {"reps": 13}, {"teams": 4}, {"months": 2}],
    )
    def test_says_what_is_wrong(self, wrong):
        with pytest.raises(ValueError, match="give"):
            company.generate(**wrong)

    @pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 1, 1)])
    def test_any_day(self, today):
        small = company.generate(accounts=60, reps=3, months=13, today=today)
        assert small.first_month.day == 1
        assert small.orders.time.max() < np.datetime64(today)
        assert small.truth.effort.shape == (60, 13)


class TestPlaces:
    def test_in_germany_once(self, places):
        south, north, west, east = GERMANY
        assert ((places.lat > south) & (places.lat < north)).all()
        assert ((places.lon > west) & (places.lon < east)).all()
        assert len(set(places.zip.tolist())) == len(places.zip)
        assert all(len(code) == 5 and code.isdigit() for code in places.zip.tolist())
        assert 250 < len(places.name) < 500

    def test_every_postal_zone(self, places):
        never_used = {"05", "11", "43", "62"}
        zones = {f"{number:02d}" for number in range(1, 100)} - never_used
        assert set(places.zone.tolist()) == zones

    def test_postal_codes_fit_their_places(self, places):
        """Postal zones are areas: who has the same two digits lives close by."""
        far = geo.distance_km(
            places.lat[:, None], places.lon[:, None], places.lat, places.lon
        )
        same = places.zone[:, None] == places.zone
        assert far[same].max() < 120
        np.fill_diagonal(far, np.inf)
        nearest = np.argsort(far, axis=1)[:, :5]
        digit = places.zip.astype("U1")
        # (Celle lies among towns of 30, 31 and 38)
        assert (digit[nearest] == digit[:, None]).any(axis=1).sum() >= len(digit) - 1
        # 19 for Schwerin and its surroundings, 80 for Munich, and so on
        alike = (places.zone[nearest] == places.zone[:, None]).any(axis=1)
        assert alike.mean() > 0.95

    @pytest.mark.parametrize(
        ("name", "code", "lat", "lon"),
        [
            ("Flensburg", "24937", 54.78, 9.44),
            ("Görlitz", "02826", 51.15, 14.99),
            ("Aachen", "52062", 50.78, 6.08),
            ("Passau", "94032", 48.57, 13.46),
            ("Konstanz", "78462", 47.66, 9.18),
        ],
    )
    def test_corners_of_the_country(self, places, name, code, lat, lon):
        row = places.index(name)
        assert places.zip[row] == code
        assert geo.distance_km(lat, lon, places.lat[row], places.lon[row]) < 8


class TestAccounts:
    def test_who_they_are(self, demo):
        accounts = demo.accounts
        assert len(accounts) == 1500
        assert len(set(accounts.name.tolist())) == 1500
        share = {
            kind: np.mean(accounts.kind == kind) for kind in np.unique(accounts.kind)
        }
        assert share["customer"] == pytest.approx(0.76, abs=0.04)
        assert share["prospect"] == pytest.approx(0.17, abs=0.04)
        assert share["lost"] == pytest.approx(0.07, abs=0.03)

    def test_where_they_are(self, demo, places):
        accounts = demo.accounts
        right = accounts.wrong == ""
        assert np.sum(~right) == 10
        assert set(accounts.wrong.tolist()) == {
            "", "missing", "zero", "impossible", "abroad",
        }  # fmt: skip
        place = np.array([np.flatnonzero(places.zip == z)[0] for z in accounts.zip])
        far = geo.distance_km(
            accounts.lat, accounts.lon, places.lat[place], places.lon[place]
        )
        assert far[right].max() < 20
        assert np.unique(accounts.lat[right]).size == right.sum()
        abroad = accounts.wrong == "abroad"
        assert far[abroad].min() > 300

    def test_zones_are_shared_out(self, demo, places):
        zones = [zone for rep in demo.reps for zone in rep.zones]
        assert sorted(zones) == sorted(set(places.zone.tolist()))
        assert all(rep.zones for rep in demo.reps)
        for rep in demo.reps:
            assert places.zone[places.index(rep.town)] in rep.zones
        accounts = demo.accounts
        of = {zone: row for row, rep in enumerate(demo.reps) for zone in rep.zones}
        assert [of[code[:2]] for code in accounts.zip.tolist()] == (
            accounts.territory.tolist()
        )
        assert 0.005 < np.mean(accounts.rep == -1) < 0.04

    def test_reps_have_unequal_loads(self, demo):
        count = np.bincount(demo.accounts.territory)
        assert count.max() > 2 * count.min()
        assert {rep.team for rep in demo.reps} == {0, 1, 2}

    @pytest.mark.parametrize("reps", [1, 3, 7])
    def test_fewer_reps_cover_the_country(self, reps, places):
        small = company.generate(accounts=100, reps=reps, today=TODAY)
        assert len(small.reps) == reps
        assert sum(len(rep.zones) for rep in small.reps) == len(np.unique(places.zone))


class TestOrders:
    def test_totals(self, demo):
        revenue = demo.revenue()
        year = revenue[:, -13:-1].sum()
        assert 25e6 < year < 45e6
        margin = 1 - (demo.orders.cost * demo.orders.quantity).sum() / revenue.sum()
        assert 0.2 < margin < 0.35
        customers = demo.accounts.kind == "customer"
        ranked = np.sort(revenue[customers, -13:-1].sum(axis=1))[::-1]
        top_fifth = ranked[: len(ranked) // 5].sum() / ranked.sum()
        assert 0.55 < top_fifth < 0.85
        assert ranked[0] / ranked.sum() < 0.08

    def test_only_customers_buy(self, demo):
        revenue, kind = demo.revenue(), demo.accounts.kind
        assert revenue[kind == "prospect"].sum() == 0
        assert (revenue[kind == "customer"].sum(axis=1) > 0).mean() > 0.98
        assert revenue[kind == "lost", -8:].sum() == 0
        assert revenue[kind == "lost"].sum() > 0

    def test_on_working_days_until_yesterday(self, demo):
        orders = demo.orders
        assert (np.diff(orders.time) >= np.timedelta64(0)).all()
        assert np.is_busday(orders.time.astype("datetime64[D]")).all()
        assert orders.time.max() < np.datetime64(TODAY)
        assert orders.time.max() > np.datetime64(TODAY) - np.timedelta64(7, "D")
        assert np.unique(orders.order).size == len(orders.account)

    def test_come_at_intervals(self, demo):
        """Lumpy, but more regular than chance, as business orders are."""
        orders, spread = demo.orders, []
        for account in np.unique(orders.account):
            days = orders.time[orders.account == account].astype("datetime64[D]")
            gaps = np.diff(days).astype(int)
            if len(gaps) > 8:
                spread.append(gaps.std() / gaps.mean())
        assert 0.5 < np.median(spread) < 0.9

    def test_season(self, demo):
        monthly = demo.truth.expected.sum(axis=0)[:36].reshape(3, 12)
        december = (11 - (demo.first_month.month - 1)) % 12
        assert (monthly.argmin(axis=1) == december).all()

    def test_prices(self, demo):
        orders = demo.orders
        assert (orders.quantity >= 1).all()
        assert ((orders.discount >= 0) & (orders.discount <= 60)).all()
        assert (orders.price > 0).all()
        assert (orders.cost < orders.price).all()
        more = orders.discount[orders.quantity >= 50].mean()
        assert more > orders.discount[orders.quantity < 10].mean() + 4

    def test_leaks_stand_out(self, demo):
        orders, leaks = demo.orders, demo.truth.leaks
        assert 8 <= len(leaks) <= 12
        buyer = orders.account[orders.order]
        usual = np.array([0.0, 6.0, 12.0])[demo.accounts.pricelist[buyer]]
        usual += np.select(
            [orders.quantity >= q for q in (50, 25, 10)], [8.0, 5.0, 3.0], 0.0
        )
        excess = orders.discount - usual
        leaking = np.zeros(len(excess), dtype=bool)
        for account, product, _percent in leaks:
            leaking |= (buyer == account) & (orders.product == product)
        assert excess[leaking].min() > 10
        assert excess[~leaking].max() < 6


class TestVisits:
    def test_are_meetings(self, demo):
        visits = demo.visits
        assert np.is_busday(visits.start.astype("datetime64[D]")).all()
        hour = visits.start.astype("datetime64[h]").astype(int) % 24
        assert ((hour >= 8) & (hour <= 16)).all()
        ahead = visits.start >= np.datetime64(TODAY)
        assert 100 < ahead.sum() < 400
        assert visits.start.max() < np.datetime64(TODAY) + np.timedelta64(25, "D")
        at_once = np.stack([visits.rep, visits.start.astype(int)])
        assert np.unique(at_once, axis=1).shape[1] > 0.99 * len(visits.rep)

    def test_fill_the_reps_time(self, demo):
        effort = demo.truth.effort[:, -13:-1].sum(axis=1) / 12
        for number, rep in enumerate(demo.reps):
            hours = 2.0 * effort[demo.accounts.territory == number].sum()
            assert 0.6 < hours / rep.hours < 1.05

    def test_agree_with_the_calendar(self, demo):
        visits = demo.visits
        past = visits.start < np.datetime64(TODAY)
        effort = demo.truth.effort[:, :-1].sum()
        before = visits.start < np.datetime64(TODAY.replace(day=1))
        # weekends are brought forward, a few into the month before
        assert np.sum(past & before) == pytest.approx(effort, rel=0.01)

    def test_chase_what_is_to_come(self, demo):
        """Visits follow an account's private ups and downs."""
        truth = demo.truth
        seen = (demo.accounts.kind == "customer") & (truth.effort.mean(axis=1) > 0.3)
        factor = np.log(truth.factor[seen])
        effort = truth.effort[seen]
        factor = factor - factor.mean(axis=1, keepdims=True)
        effort = effort / effort.mean(axis=1, keepdims=True) - 1
        assert np.corrcoef(factor.ravel(), effort.ravel())[0, 1] > 0.05


class TestTruth:
    def test_what_is_sold_is_what_is_expected(self, demo):
        revenue, expected = demo.revenue(), demo.truth.expected
        assert revenue[:, :-1].sum() == pytest.approx(expected[:, :-1].sum(), rel=0.04)
        length = calendar.monthrange(TODAY.year, TODAY.month)[1]
        passed = expected[:, -1].sum() * (TODAY.day - 1) / length
        assert revenue[:, -1].sum() == pytest.approx(passed, rel=0.25)

    def test_visits_raise_sales(self):
        """What is bought, season and luck apart, follows the goodwill of visits."""
        demo = company.generate(accounts=6000, today=TODAY, seed=3)
        truth, customers = demo.truth, demo.accounts.kind == "customer"
        bought = demo.revenue()[customers, :-1] / truth.factor[customers, :-1]
        told = (truth.expected / np.maximum(truth.factor, 1e-9))[customers, :-1]
        stock = truth.stock[customers, :-1]
        high = stock > np.median(stock, axis=1, keepdims=True)
        really = bought[high].sum() / bought[~high].sum()
        meant = told[high].sum() / told[~high].sum()
        assert meant > 1.08
        assert really == pytest.approx(meant, abs=0.05)

    def test_is_a_curve_of_the_engine(self, demo):
        truth = demo.truth
        curves = response.adbudg(truth.base, truth.top, truth.shape, truth.half)
        effort = np.linspace(0, 4, len(demo.accounts))
        assert truth.sales(effort) == pytest.approx(curves.sales(effort))

    def test_elasticities_are_like_the_published_ones(self, demo):
        truth, customers = demo.truth, demo.accounts.kind == "customer"
        effort = truth.effort[:, -13:-1].mean(axis=1)
        slope = (truth.sales(effort * 1.01) - truth.sales(effort)) / 0.01
        sales = truth.sales(effort)
        elasticity = slope[customers].sum() / sales[customers].sum()
        assert 0.2 < elasticity < 0.42

    def test_effort_could_be_spent_better(self, demo):
        """Marginal sales differ: there is something to find."""
        truth = demo.truth
        active = (demo.accounts.kind == "customer") & (truth.effort.sum(axis=1) > 6)
        effort = truth.effort[:, -13:-1].mean(axis=1) + 0.02
        slope = ((truth.sales(effort + 1e-4) - truth.sales(effort)) / 1e-4)[active]
        low, high = np.percentile(slope, [10, 90])
        assert high > 4 * low

    def test_stock_is_that_of_the_visits(self, demo):
        truth = demo.truth
        follow = truth.carry_over * truth.stock[:, :-1]
        follow += (1 - truth.carry_over) * truth.effort[:, :-1]
        assert truth.stock[:, 1:] == pytest.approx(follow)
        assert truth.carry_over == _history.CARRY_OVER


class TestLeads:
    def test_are_open_with_money(self, demo):
        leads, kind = demo.leads, demo.accounts.kind
        still = leads.outcome == "open"
        assert 100 < still.sum() < 400
        assert ((leads.probability[still] > 0) & (leads.probability[still] < 100)).all()
        assert (leads.revenue > 0).all()
        assert 60 < np.sum(kind[leads.account[still]] == "prospect") < 200
        assert np.sum(kind[leads.account[still]] == "customer") > 50
        assert (leads.created < np.datetime64(TODAY)).all()
        assert (kind[leads.account[leads.outcome == "won"]] == "customer").all()
