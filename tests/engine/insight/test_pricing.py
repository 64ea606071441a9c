"""Prices that do not fit: planted ones are found, terms in force are not."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine.insight import _two_way, pricing
from odoo.addons.territory_planning.engine.insight.status import Status

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")


def company(size=12_000, customers=600, products=300, planted=0.02, seed=0, noise=0.02):
    """Pairs sorted as the answer is, which of them are 15 % off, and true levels."""
    rng = np.random.default_rng(seed)
    code = np.sort(rng.choice(customers * products, size, replace=False))
    product, customer = code // customers, code % customers
    level = rng.normal(0, 0.04, customers)
    spread = noise * rng.uniform(0.5, 1.5, products)
    quantity = np.ceil(rng.lognormal(2, 1, size))
    log = rng.normal(3, 1, products)[product] + level[customer]
    log += rng.normal(0, 1, size) * spread[product] - 0.04 * np.log(quantity)
    wrong = rng.random(size) < planted
    log[wrong] += np.log(np.where(rng.random(wrong.sum()) < 0.5, 0.85, 1.15))
    return (product, customer, np.exp(log), quantity), wrong, level


class TestGoals:
    @pytest.mark.parametrize("seed", range(4))
    def test_planted_prices_are_found(self, seed):
        lines, wrong, level = company(seed=seed)
        found = pricing.inconsistencies(*lines)
        right = (found.flag & wrong).sum()
        assert right >= 0.75 * wrong.sum()
        assert right >= 0.80 * found.flag.sum()
        assert found.quantity_slope == pytest.approx(-0.04, abs=0.005)
        level = level - np.median(level)  # against everybody's
        off = np.log1p(found.level) - level[found.customers]
        assert off.std() < 0.01
        inside = (found.level_low <= np.expm1(level)) & (
            np.expm1(level) <= found.level_high
        )
        assert inside.mean() > 0.9

    @pytest.mark.parametrize(
        ("size", "customers", "products", "noise"),
        [(12_000, 600, 300, 0.03), (3_000, 300, 100, 0.03), (8_000, 1500, 400, 0.02)],
    )
    def test_clean_prices_are_left_alone(self, size, customers, products, noise):
        """Also where a product has hardly 20 customers and a customer 5 products."""
        lines, *_rest = company(size, customers, products, 0.0, noise=noise)
        found = pricing.inconsistencies(*lines)
        assert found.flag.sum() <= 0.005 * (found.status == Status.SCORED).sum()

    def test_scale(self):
        """250,000 pairs in at most 1 s."""
        lines, *_rest = company(250_000, 5_000, 1_000)
        pricing.inconsistencies(*lines)
        begin = time.process_time()
        found = pricing.inconsistencies(*lines)
        assert time.process_time() - begin < 1
        assert len(found.z) == 250_000


class TestTerms:
    def test_level_is_not_an_outlier(self):
        """Who pays 12 % less for everything has a level, and no single flag."""
        (product, customer, price, quantity), *_rest = company(planted=0, noise=0.01)
        mine = customer == 7
        price = np.where(mine, price * 0.88, price)
        found = pricing.inconsistencies(product, customer, price, quantity)
        assert not found.flag[found.customer == 7].any()
        before = pricing.inconsistencies(
            product, customer, price / (1 - 0.12 * mine), quantity
        )
        ratio = (1 + found.level[7]) / (1 + before.level[7])
        assert ratio == pytest.approx(0.88, abs=0.01)
        assert found.level_money[7] > 0

    def test_outlier_is_told_apart_from_the_level(self):
        (product, customer, price, quantity), *_rest = company(planted=0, noise=0.01)
        mine = np.flatnonzero(customer == 7)
        price = price.copy()
        price[mine] *= 0.88
        price[mine[3]] *= 0.85
        found = pricing.inconsistencies(product, customer, price, quantity)
        assert np.flatnonzero(found.flag & (customer == 7)).tolist() == [mine[3]]
        assert found.deviation[mine[3]] == pytest.approx(-0.15, abs=0.03)
        lost = (found.reference - price)[mine[3]] * quantity[mine[3]]
        assert found.leakage[mine[3]] == pytest.approx(lost)

    def test_a_price_list_in_force_is_no_leak(self):
        """The same odd prices: flagged while unknown, not as terms that were agreed."""
        (product, customer, price, quantity), *_rest = company(planted=0, noise=0.01)
        agreed = np.random.default_rng(1).random(len(price)) < 0.02
        price = np.where(agreed, price * 0.8, price) * quantity**0.04
        unknown = pricing.inconsistencies(product, customer, price, quantity)
        assert unknown.flag[agreed].mean() > 0.95
        usual = np.exp(_two_way.medians(product, np.log(price), 300))
        listed = usual[product] * np.where(agreed, 0.8, 1.0)
        known = pricing.inconsistencies(
            product, customer, price, quantity, expected=listed
        )
        assert not known.flag[agreed].any()
        # known for the agreed ones only: the others of the product still compare
        some = np.where(agreed | (customer % 2 == 0), listed, np.nan)
        partly = pricing.inconsistencies(
            product, customer, price, quantity, expected=some
        )
        assert partly.flag.mean() < 0.005

    def test_a_forgotten_price_list_is_a_leak(self):
        """Paid 15 % below what the list in force says."""
        (product, customer, price, quantity), *_rest = company(planted=0, noise=0.01)
        listed = price.copy()
        price = price.copy()
        price[100] *= 0.85
        found = pricing.inconsistencies(
            product, customer, price, quantity, expected=listed
        )
        assert np.flatnonzero(found.flag).tolist() == [100]

    def test_quantity_discounts_agreed_are_not_looked_for_twice(self):
        (product, customer, price, quantity), *_rest = company(planted=0, noise=0.005)
        steps = np.where(quantity > 20, 0.8, np.where(quantity > 8, 0.9, 1.0))
        found = pricing.inconsistencies(
            product, customer, price * steps, quantity, expected=10 * steps
        )
        assert found.flag.mean() < 0.002
        assert found.quantity_slope == 0

    def test_a_list_without_steps_leaves_quantities_to_be_learned(self):
        """Customers on a list with 10 % off, and 4 % less for ten times the quantity."""
        lines, _wrong, _level = company(planted=0.0)
        product, customer, price, quantity = lines
        base = np.exp(np.random.default_rng(0).normal(3, 1, 300))[product]
        off = np.where(customer % 3 == 0, 0.9, 1.0)
        expected = base * off
        flat = np.zeros(len(price), dtype=bool)
        found = pricing.inconsistencies(
            product, customer, price * off, quantity, expected=expected, stepped=flat
        )
        assert found.quantity_slope == pytest.approx(-0.04, abs=0.005)
        told = pricing.inconsistencies(
            product, customer, price * off, quantity, expected=expected, stepped=~flat
        )
        assert told.quantity_slope == 0

    def test_stepped_is_truth_values(self):
        lines, *_rest = company(100, 20, 10)
        with pytest.raises(ValueError, match="stepped must be truth values"):
            pricing.inconsistencies(*lines, stepped=np.ones(100))


class TestMinimum:
    @pytest.mark.parametrize(("peers", "status"), [(14, 4), (15, 0)])
    def test_peers(self, peers, status):
        found = pricing.inconsistencies(
            np.zeros(peers, int), np.arange(peers), np.full(peers, 5.0), np.ones(peers)
        )
        assert (found.status == status).all()
        assert np.isnan(found.z).all() == (status != 0)
        assert (found.peers == peers).all()
        assert not found.flag.any()

    def test_equal_prices_and_one_other(self):
        """No spread at all is no division by zero, and a cent is no outlier."""
        price = np.full(40, 2.0)
        price[3], price[9] = 2.01, 1.7
        found = pricing.inconsistencies(
            ["p"] * 40, [f"c{i:02}" for i in range(40)], price, np.ones(40)
        )
        assert found.customer[found.flag].tolist() == ["c09"]
        assert found.leakage[found.flag] == pytest.approx([0.3], abs=0.02)

    def test_money(self):
        (product, customer, price, quantity), *_rest = company()
        every = pricing.inconsistencies(product, customer, price, quantity)
        large = pricing.inconsistencies(
            product, customer, price, quantity, min_money=50
        )
        assert (large.flag == (every.flag & (np.abs(every.leakage) > 50))).all()
        assert 0 < large.flag.sum() < every.flag.sum()

    def test_lines_of_one_pair_are_one(self):
        """Average price by quantity; what it is told from can be recomputed."""
        product = [1] * 21
        customer = [*range(20), 0]
        price = [10.0] * 20 + [7.0]
        found = pricing.inconsistencies(product, customer, price, [1] * 20 + [2])
        assert found.price[0] == pytest.approx(8)
        assert (found.quantity[0], found.lines[0]) == (3, 2)
        assert found.peers[0] == 20

    def test_returns_samples_and_old_lines_are_left_out(self):
        price = np.array([5.0] * 20 + [-5, 0, 5, 5, 5])
        quantity = np.array([1.0] * 20 + [1, 1, -1, 1, 1])
        day = np.array([100] * 23 + [101, -300])
        found = pricing.inconsistencies(
            np.zeros(25, int), np.arange(25), price, quantity, day=day, cut=100
        )
        assert found.dropped == 5
        assert len(found.z) == 20

    def test_parts_sum_to_the_price(self):
        (product, customer, price, quantity), *_rest = company()
        found = pricing.inconsistencies(product, customer, price, quantity)
        total = found.base + found.quantity_part + found.level_part
        assert total == pytest.approx(found.reference)
        paid = found.price * found.quantity
        assert total * found.quantity - found.leakage == pytest.approx(paid)
        assert (found.quantity_part[quantity > 50] < 0).all()
        low = found.level[customer] < -0.02
        assert (found.level_part[low] < 0).all()

    def test_nothing(self):
        found = pricing.inconsistencies([], [], [], [])
        assert len(found.z) == len(found.level) == 0

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"price": [1, np.nan]}, r"price\[1\] .*got nan"),
            ({"quantity": [np.inf, 1]}, r"quantity\[0\] .*got inf"),
            ({"expected": [1, -2]}, r"expected\[1\] .*got -2.0"),
            ({"expected": [1]}, "expected must have shape"),
            ({"customer": [1, None]}, r"customer\[1\] .*got None"),
            ({"product": [1]}, "product must have length 2"),
            ({"min_peers": 1}, "min_peers must be at least 2"),
            ({"day": [1, 2]}, "cut must be given"),
        ],
    )
    def test_wrong_input_is_named(self, change, words):
        data = {
            "product": [1, 1],
            "customer": [1, 2],
            "price": [1, 1],
            "quantity": [1, 1],
        }
        with pytest.raises(ValueError, match=words):
            pricing.inconsistencies(**{**data, **change})


class TestProperties:
    @given(st.floats(0.001, 1000), st.floats(0.01, 100))
    @settings(max_examples=15)
    def test_currency_and_unit_do_not_matter(self, money, unit):
        lines, *_rest = company(1500, 100, 40)
        product, customer, price, quantity = lines
        one = pricing.inconsistencies(*lines)
        two = pricing.inconsistencies(product, customer, price * money, quantity * unit)
        assert two.z == pytest.approx(one.z, abs=1e-3)
        assert two.leakage == pytest.approx(
            one.leakage * money * unit, rel=1e-3, abs=1e-6
        )

    @given(st.integers(0, 1000))
    @settings(max_examples=10)
    def test_order_of_lines_does_not_matter(self, seed):
        lines, *_rest = company(1500, 100, 40)
        turn = np.random.default_rng(seed).permutation(1500)
        one = pricing.inconsistencies(*lines)
        two = pricing.inconsistencies(*[part[turn] for part in lines])
        # answered in the order of the lines
        assert two.z == pytest.approx(one.z[turn])
        assert (two.customer == lines[1][turn]).all()
        assert two.level == pytest.approx(one.level)

    def test_medians(self):
        rng = np.random.default_rng(0)
        group = np.sort(rng.integers(0, 50, 400))
        values = rng.normal(0, 3, 400)
        found = _two_way.medians(group, values, 51)
        wanted = [np.median(values[group == g]) for g in range(50)]
        assert found[:50] == pytest.approx(wanted)
        assert found[50] == 0
