"""What comparable customers buy: the exact quantile, on any mixture of features."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from odoo.addons.territory_planning.engine.insight import _quantile, potential
from odoo.addons.territory_planning.engine.insight.potential import Confidence
from odoo.addons.territory_planning.engine.insight.status import Status

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")


def market(size=800, seed=0):
    """Customers whose purchases spread the more the larger they are."""
    rng = np.random.default_rng(seed)
    employees = np.ceil(rng.lognormal(3, 1, size))
    industry = rng.choice(["machines", "food", "chemicals"], size, p=[0.5, 0.3, 0.2])
    age = rng.uniform(0, 60, size)
    level = 2000 + 900 * np.log1p(employees) * (1 + (industry == "food"))
    value = level * rng.gamma(4, 1 / 4, size)
    return {"employees": employees, "industry": industry, "age": age}, value


def rows(features, chosen):
    return {name: column[chosen] for name, column in features.items()}


class TestQuantileRegression:
    @pytest.mark.parametrize("quantile", [0.1, 0.5, 0.85])
    def test_optimum_of_the_linear_programme(self, quantile):
        """The same loss as HiGHS finds, to 1e-6."""
        rng = np.random.default_rng(3)
        x = np.column_stack([np.ones(150), rng.normal(size=(150, 4))])
        y = x @ [10, 1, 2, 0, 3] + rng.gamma(1, 5, 150) * (1 + 0.2 * x[:, 1])
        n, p = x.shape
        cost = np.r_[np.zeros(p), np.full(n, quantile), np.full(n, 1 - quantile)]
        exact = linprog(
            cost,
            A_eq=np.hstack([x, np.eye(n), -np.eye(n)]),
            b_eq=y,
            bounds=[(None, None)] * p + [(0, None)] * (2 * n),
        )
        rest = y - x @ _quantile.solve(x, y, quantile)
        loss = np.maximum(quantile * rest, (quantile - 1) * rest).sum()
        assert loss == pytest.approx(exact.fun, rel=1e-6)

    def test_many_zeros(self):
        """Where most bought nothing the optimum is degenerate, and is still found."""
        rng = np.random.default_rng(4)
        x = np.column_stack([np.ones(2000), rng.normal(size=2000)])
        y = np.where(rng.random(2000) < 0.7, 0.0, rng.gamma(2, 100, 2000))
        found = _quantile.solve(x, y, 0.85)
        assert (y <= x @ found + 1e-6).mean() == pytest.approx(0.85, abs=0.002)

    def test_range_covers_the_truth(self):
        """90 % ranges of a potential whose truth is known, over 60 markets."""
        inside = []
        for seed in range(60):
            rng = np.random.default_rng(seed)
            size = rng.uniform(0, 1, 400)
            value = (1000 + 2000 * size) * rng.uniform(0, 1, 400)
            model = potential.fit(size[:, None], value)
            at = np.array([[0.2], [0.5], [0.8]])
            gap = model.gap(at, np.zeros(3))
            truth = 0.85 * (1000 + 2000 * at[:, 0])
            inside.append((gap.low <= truth) & (truth <= gap.high))
        assert 0.8 < np.mean(inside) < 0.98


class TestPotential:
    @pytest.mark.parametrize("seed", range(3))
    def test_coverage(self, seed):
        """.85 ± .03 of customers below the potential learned from the others."""
        features, value = market(seed=seed)
        found = potential.coverage(features, value, folds=5)
        assert found == pytest.approx(0.85, abs=0.03)

    def test_gap(self):
        features, value = market()
        model = potential.fit(features, value)
        gap = model.gap(features, value)
        assert (gap.low <= gap.potential).all() and (gap.potential <= gap.high).all()
        wanted = np.maximum(model.predict(features) - value, 0)
        assert gap.gap == pytest.approx(wanted)
        assert (gap.gap_low <= gap.gap).all() and (gap.gap <= gap.gap_high).all()
        assert model.evidence == 800
        food = model.predict({"employees": [20], "industry": ["food"], "age": [10]})
        other = model.predict(
            {"employees": [20], "industry": ["chemicals"], "age": [10]}
        )
        assert food > 1.3 * other

    def test_what_is_the_same_for_all_is_no_part(self):
        """Wherever it stands among the features, the last place included."""
        features, value = market()
        same = np.array(["DE"] * len(value))
        features = {"first": same, **features, "state": same}
        model = potential.fit(features, value)
        _names, parts = model.parts(features)
        assert parts.sum(axis=1) == pytest.approx(model.predict(features))
        assert (parts[:, [1, -1]] == 0).all()

    def test_parts_sum_to_the_potential(self):
        features, value = market()
        model = potential.fit(features, value)
        names, parts = model.parts(features)
        assert names == (None, "employees", "industry", "age")
        assert parts.sum(axis=1) == pytest.approx(model.predict(features))
        food = features["industry"] == "food"
        assert parts[food, 2].min() > parts[~food, 2].max()
        large = features["employees"] > 60
        assert parts[large, 1].min() > 0 > parts[features["employees"] < 10, 1].max()
        assert np.ptp(parts[:, 0]) < 1e-6 * parts[:, 0].max()

    def test_unknown_size_means_low_confidence(self):
        features, value = market()
        features["employees"][:100] = np.nan
        model = potential.fit(features, value, size="employees")
        gap = model.gap(features, value)
        assert (gap.confidence[:100] == Confidence.LOW).all()
        assert (gap.confidence[100:] > Confidence.LOW).mean() > 0.9
        assert np.isfinite(gap.potential).all()
        assert (
            potential.fit(rows(features, slice(None)), value, size=())
            .gap(features, value)
            .confidence.max()
            == Confidence.LOW
        )

    def test_level_never_seen_before(self):
        """Compared as the most frequent level; no failure."""
        model = potential.fit(*market())
        new = {"employees": [20], "industry": ["mining"], "age": [10]}
        old = {"employees": [20], "industry": ["machines"], "age": [10]}
        assert model.predict(new) == pytest.approx(model.predict(old))

    def test_a_column_that_says_nothing_new(self):
        features, value = market()
        twice = {**features, "copy": features["employees"] * 2, "one": np.ones(800)}
        one, two = potential.fit(features, value), potential.fit(twice, value)
        assert two.predict(twice) == pytest.approx(one.predict(features), rel=1e-4)

    def test_a_huge_customer_moves_nobody(self):
        features, value = market()
        before = potential.fit(features, value).predict(features)
        value = value.copy()
        top = int(np.argmax(value / before))
        value[top] *= 1e6
        after = potential.fit(features, value).predict(features)
        assert after == pytest.approx(before, rel=1e-4)

    def test_under_the_minimum_no_score(self):
        features, value = market(40)
        model = potential.fit(features, value)
        assert model.status == Status.TOO_FEW_CUSTOMERS
        gap = model.gap(features, value)
        assert np.isnan([gap.low, gap.potential, gap.gap]).all()
        assert (gap.status == Status.TOO_FEW_CUSTOMERS).all()
        assert np.isnan(potential.coverage(features, value))

    def test_nobody_bought(self):
        features, value = market()
        model = potential.fit(features, -value)  # more returned than bought
        assert model.status == Status.NO_PURCHASES

    def test_scale(self):
        """100,000 customers with 20 columns in a few seconds."""
        rng = np.random.default_rng(0)
        x = rng.normal(size=(100_000, 20))
        value = np.maximum(x @ rng.normal(size=20) * 100 + 800, 0)
        value += rng.gamma(1, 500, 100_000)
        begin = time.process_time()
        model = potential.fit(x, value)
        found = model.predict(x)
        # processor time: threads that wait for each other count as well
        assert time.process_time() - begin < 15
        assert (value <= found).mean() == pytest.approx(0.85, abs=0.002)

    @pytest.mark.parametrize(
        ("features", "value", "words"),
        [
            ([[1], [np.inf]], [1, 2], r"features\[0\]\[1\] .*got inf"),
            ([[1], [2]], [1, np.nan], r"value\[1\] .*got nan"),
            ([[1], [2]], [1, 1e200], r"value\[1\] .*an amount of money"),
            ([1, 2], [1, 2], "shape"),
            ({"a": [1, 2], "b": [1]}, [1, 2], r"features\[b\] must have length 2"),
            ([[1], [2], [3]], [1, 2], "features must have length 2, got 3"),
        ],
    )
    def test_wrong_input_is_named(self, features, value, words):
        with pytest.raises(ValueError, match=words):
            potential.fit(features, value)

    def test_wrong_arguments(self):
        features, value = market()
        with pytest.raises(ValueError, match="quantile must be between"):
            potential.fit(features, value, quantile=1)
        with pytest.raises(ValueError, match="size must name columns .*'turnover'"):
            potential.fit(features, value, size="turnover")
        model = potential.fit(features, value)
        with pytest.raises(ValueError, match="missing: industry"):
            model.predict({"employees": [1], "age": [1]})


class TestLookalikes:
    def test_against_brute_force(self):
        features, value = market()
        model = potential.fit(features, value)
        found = model.lookalikes(7, 10)
        distance = np.linalg.norm(model.matrix - model.matrix[7], axis=1)
        distance[7] = np.inf
        assert found.row.tolist() == np.argsort(distance)[:10].tolist()
        assert found.distance == pytest.approx(np.sort(distance)[:10])
        assert found.value == pytest.approx(value[found.row])

    def test_of_somebody_new(self):
        features, value = market()
        model = potential.fit(features, value)
        new = {name: column[7] for name, column in features.items()}
        assert model.lookalikes(new, 1).row.tolist() == [7]

    def test_twins_are_lookalikes_and_oneself_is_not(self):
        model = potential.fit(np.zeros((60, 2)), np.arange(60.0))
        found = model.lookalikes(3, 59)
        assert sorted(found.row) == [i for i in range(60) if i != 3]

    @pytest.mark.parametrize(("row", "n"), [(800, 5), (-1, 5), (3, 0)])
    def test_wrong_input(self, row, n):
        with pytest.raises(ValueError, match="must be"):
            potential.fit(*market()).lookalikes(row, n)


class TestProperties:
    @given(st.floats(1e-3, 1e5))
    @settings(max_examples=15)
    def test_currency_does_not_matter(self, money):
        features, value = market(300)
        one = potential.fit(features, value).gap(features, value)
        two = potential.fit(features, value * money).gap(features, value * money)
        assert two.potential == pytest.approx(one.potential * money, rel=1e-4)
        assert two.high == pytest.approx(one.high * money, rel=1e-3)

    @given(st.integers(0, 1000))
    @settings(max_examples=15)
    def test_permuting_customers_permutes_the_answer(self, seed):
        features, value = market(300)
        turn = np.random.default_rng(seed).permutation(300)
        one = potential.fit(features, value).predict(features)
        two = potential.fit(rows(features, turn), value[turn]).predict(features)
        assert two == pytest.approx(one, rel=1e-4)

    def test_more_data_narrower_range(self):
        widths = []
        for size in (100, 10_000):
            features, value = market(size)
            one = rows(features, slice(0, 1))
            gap = potential.fit(features, value).gap(one, value[:1])
            widths.append(((gap.high - gap.low) / gap.potential)[0])
        assert widths[1] < 0.4 * widths[0]

    @given(st.floats(0.05, 0.9), st.floats(0.01, 0.09))
    @settings(max_examples=15)
    def test_higher_quantile_is_more(self, quantile, more):
        features, value = market(400)
        means = [
            potential.fit(features, value, quantile=q).predict(features).mean()
            for q in (quantile, quantile + more)
        ]
        assert means[0] <= means[1] + 1e-6


class TestNobody:
    def test_learned_from_nobody_nothing_is_said(self):
        features = {"size": np.array([1.0]), "kind": np.array(["a"], dtype=object)}
        model = potential.fit({n: c[:0] for n, c in features.items()}, np.array([]))
        found = model.gap(features, np.array([0.0]))
        assert model.status == Status.TOO_FEW_CUSTOMERS
        assert np.isnan(found.potential).all()
        assert (model.nearest(features, 2) == -1).all()


class TestNearest:
    """Many at once: what one by one would find, ties or not."""

    def test_as_one_by_one(self):
        features, value = market(300)
        model = potential.fit(features, value)
        found = model.nearest(features, 4, itself=np.arange(300))
        for row in range(0, 300, 7):
            single = model.lookalikes(row, 4)
            distance = np.linalg.norm(
                model.matrix[found[row]] - model.matrix[row], axis=1
            )
            assert distance == pytest.approx(single.distance)
            assert row not in found[row]

    def test_of_many_who_are_the_same_others_are_named(self):
        features = {"employees": np.array([10.0] * 200 + [500.0] * 100)}
        model = potential.fit(features, np.arange(300.0))
        found = model.nearest(features, 3, itself=np.arange(300))
        assert (found[:200] < 200).all() and (found[200:] >= 200).all()
        assert (found != np.arange(300)[:, None]).all()
        assert all(len(set(row)) == 3 for row in found.tolist())

    def test_fewer_than_asked_for(self):
        model = potential.fit({"a": np.array([1.0, 2.0])}, np.array([1.0, 2.0]))
        found = model.nearest({"a": np.array([1.0, 2.0, 5.0])}, 3, itself=[0, 1, -1])
        assert found.tolist() == [[1, -1, -1], [0, -1, -1], [1, 0, -1]]

    def test_nothing_that_tells_them_apart(self):
        model = potential.fit({"country": np.array(["DE"] * 60)}, np.ones(60))
        found = model.nearest({"country": np.array(["DE", "FR"])}, 2, itself=[0, -1])
        assert found.tolist() == [[1, 2], [0, 1]]

    def test_hundred_thousand_of_whom_half_are_unknown(self):
        rng = np.random.default_rng(0)
        size = 100_000
        employees = np.where(rng.random(size) < 0.5, np.nan, rng.lognormal(3, 1, size))
        industry = rng.integers(0, 25, size).astype(str)
        features = {"employees": employees, "industry": industry}
        begin = time.perf_counter()
        model = potential.fit(features, rng.gamma(2, 1000, size))
        fitted = time.perf_counter() - begin
        model.nearest(features, 5, itself=np.arange(size))
        assert time.perf_counter() - begin < 6 * fitted + 5
