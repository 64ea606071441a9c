"""What lookalikes buy: hidden purchases are found again, reasons can be counted."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.territory_planning.engine.insight import crosssell
from odoo.addons.territory_planning.engine.insight.status import Status

settings.register_profile("engine", derandomize=True, deadline=None)
settings.load_profile("engine")


def company(size=300, items=60, seed=0):
    """Three kinds of customers who each buy mostly their own third of the items.

    :returns: customer, item of each line; kind of each customer.
    """
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, size)
    chance = np.full((size, items), 0.03)
    own = np.arange(items) % 3 == kind[:, None]
    chance[own] = 0.35
    chance[:, :3] = 0.6  # what everybody buys
    bought = rng.random((size, items)) < chance
    bought[np.arange(size), rng.integers(0, items, size)] = True
    return *np.nonzero(bought), kind


def hidden(customer, item, seed=0):
    """One line of each customer with at least four taken away: rows left, lines taken."""
    rng = np.random.default_rng(seed)
    turn = rng.permutation(len(customer))
    _keys, first = np.unique(customer[turn], return_index=True)
    taken = turn[first]
    taken = taken[np.bincount(customer)[customer[taken]] >= 4]
    return np.setdiff1d(np.arange(len(customer)), taken), taken


class TestGoals:
    def test_better_than_popularity(self):
        """Hit rate of a hidden purchase among ten at least 1.3 times popularity's."""
        hits = popular = 0
        for seed in range(3):
            customer, item, _kind = company(seed=seed)
            left, taken = hidden(customer, item, seed)
            found = crosssell.suggest(customer[left], item[left])
            count = np.bincount(item[left], minlength=60)
            for key, wanted in zip(customer[taken], item[taken], strict=True):
                hits += wanted in found.item[found.customer == key][0]
                own = item[left][customer[left] == key]
                rest = np.setdiff1d(np.arange(60), own)
                popular += wanted in rest[np.argsort(-count[rest])][:10]
        assert hits >= 1.3 * popular
        assert popular > 100

    def test_scale(self):
        """12,000 customers and 200 categories: time of the table of lookalikes."""
        rng = np.random.default_rng(0)
        customer, item = rng.integers(0, 12_000, 150_000), rng.integers(0, 200, 150_000)
        begin = time.process_time()
        found = crosssell.suggest(customer, item)
        assert time.process_time() - begin < 30
        assert len(found.customer) == 12_000
        assert (found.lookalikes == 50).all()


class TestSuggestions:
    def test_reason_can_be_counted(self):
        """Count and share by brute force: similar but for what is asked about."""
        customer, item, _kind = company(120)
        found = crosssell.suggest(customer, item, neighbours=20, top=4)
        table = np.zeros((120, 60))
        table[customer, item] = 1
        share = table.mean(axis=0)
        rare = np.log(121 / (table.sum(axis=0) + 1))
        for one in (0, 50, 119):
            for place in range(4):
                best = found.item[one, place]
                assert not table[one, best]
                rest = table * rare
                rest[:, best] = 0
                rest /= np.linalg.norm(rest, axis=1, keepdims=True)
                similar = rest @ rest[one]
                similar[one] = -1
                near = np.argsort(-similar)[:20]
                weight = similar[near] ** 4
                prior = 5 * weight.mean()
                score = (weight @ table[near, best] + prior * share[best]) / (
                    weight.sum() + prior
                )
                assert found.score[one, place] == pytest.approx(score, rel=1e-3)
                assert found.count[one, place] == table[near, best].sum()
        assert (found.lookalikes == 20).all()
        assert (found.bought == table.sum(axis=1)).all()

    def test_customers_who_buy_the_same_do_not_hide_the_next_purchase(self):
        """A hundred buy one thing, sixty two: the second is suggested to the hundred.

        The fifty most similar of the hundred are among themselves and buy nothing more.
        """
        customer = np.r_[np.arange(160), np.arange(100, 160), np.arange(160, 200)]
        item = np.r_[np.zeros(160, int), np.ones(60, int), np.full(40, 2)]
        found = crosssell.suggest(customer, item, top=1)
        assert (found.item[:100, 0] == 1).all()
        assert (found.count[:100, 0] > 0).all()
        assert found.score[:100, 0].mean() == pytest.approx(60 / 160, abs=0.15)

    def test_never_what_is_bought_already(self):
        customer, item, _kind = company()
        found = crosssell.suggest(customer, item)
        own = set(zip(customer.tolist(), item.tolist(), strict=True))
        for key, row, score in zip(
            found.customer, found.item, found.score, strict=True
        ):
            good = row[np.isfinite(score)]
            assert not own & {(int(key), int(i)) for i in good}
            assert len(set(good.tolist())) == len(good)

    def test_range_holds_the_share(self):
        found = crosssell.suggest(*company()[:2])
        good = np.isfinite(found.score)
        assert good.mean() > 0.9
        assert (found.low[good] <= found.score[good]).all()
        assert (found.score[good] <= found.high[good]).all()
        assert np.isnan(found.low[~good]).all()
        assert (np.diff(np.where(good, found.score, -1), axis=1) <= 1e-9).all()

    def test_many_customers_and_many_items_the_same(self, monkeypatch):
        """Full and sparse tables, one part or many: the same answer. Fewer peers: fewer."""
        customer, item, _kind = company()
        one = crosssell.suggest(customer, item)
        monkeypatch.setattr(crosssell, "_FULL", 10)
        monkeypatch.setattr(crosssell, "_CHUNK", 3000)
        two = crosssell.suggest(customer, item)
        assert two.score == pytest.approx(one.score, nan_ok=True, rel=1e-4)
        assert (two.lookalikes == one.lookalikes).all()
        monkeypatch.setattr(crosssell, "MAX_PEERS", 40)
        few = crosssell.suggest(customer, item)
        assert 0 < few.lookalikes.max() <= 39
        assert few.count.max() <= 39

    def test_nobody_bought(self):
        lines = np.arange(60), np.arange(60)
        found = crosssell.suggest(*lines, amount=np.zeros(60), customers=np.arange(60))
        assert (found.status == Status.NO_PURCHASES).all()

    def test_money_is_what_buyers_spend(self):
        customer, item, _kind = company()
        found = crosssell.suggest(customer, item, amount=np.full(len(item), 40.0))
        assert found.money[np.isfinite(found.score)] == pytest.approx(40.0)
        assert np.isnan(crosssell.suggest(customer, item).money).all()

    def test_returns_and_samples_are_no_purchases(self):
        customer, item, _kind = company()
        amount = np.ones(len(item))
        more = np.r_[customer, [0, 0]], np.r_[item, [58, 59]]
        found = crosssell.suggest(*more, amount=np.r_[amount, [-1, 0]])
        without = crosssell.suggest(customer, item, amount=amount)
        assert found.bought[0] == without.bought[0]
        assert (found.score == without.score)[np.isfinite(without.score)].all()

    def test_prospects_by_firmographics(self):
        """Who bought nothing is offered what its kind buys."""
        customer, item, kind = company()
        new = np.isin(customer, np.arange(30))
        features = {"kind": np.array(["a", "b", "c"])[kind]}
        found = crosssell.suggest(
            customer[~new], item[~new], customers=np.arange(300), features=features
        )
        assert (found.bought[:30] == 0).all()
        assert (found.status == Status.SCORED).all()
        own = found.item[:30] % 3 == kind[:30, None]
        assert (own | (found.item[:30] < 3)).mean() > 0.9

    def test_permuting_customers_permutes_the_answer(self):
        customer, item, _kind = company(100)
        turn = np.random.default_rng(1).permutation(100)
        one = crosssell.suggest(customer, item, customers=np.arange(100))
        two = crosssell.suggest(customer, item, customers=turn)
        assert (two.customer == turn).all()
        assert (two.bought == one.bought[turn]).all()
        assert two.score[:, 0] == pytest.approx(
            one.score[turn, 0], nan_ok=True, rel=1e-3
        )

    @given(st.integers(0, 1000))
    @settings(max_examples=10)
    def test_order_and_repetition_of_lines_do_not_matter(self, seed):
        customer, item, _kind = company(80)
        turn = np.random.default_rng(seed).integers(0, len(item), len(item))
        turn = np.r_[np.arange(len(item)), turn][::-1]
        one = crosssell.suggest(customer, item)
        two = crosssell.suggest(customer[turn], item[turn])
        assert two.score == pytest.approx(one.score, nan_ok=True)


class TestMinimum:
    @pytest.mark.parametrize(("size", "status"), [(49, 1), (50, 0)])
    def test_customers(self, size, status):
        found = crosssell.suggest(*company(size)[:2])
        assert (found.status == status).all()
        assert np.isnan(found.score).all() == (status != 0)

    def test_nothing(self):
        assert len(crosssell.suggest([], []).customer) == 0

    def test_nothing_bought_and_nothing_known(self):
        customer, item, _kind = company(60)
        found = crosssell.suggest(customer, item, customers=np.arange(61))
        assert found.status[60] == Status.NO_PURCHASES
        assert np.isnan(found.score[60]).all()
        assert (found.status[:60] == Status.SCORED).all()

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"item": [1]}, "item must have length 2, got 1"),
            ({"customer": [1, None]}, r"customer\[1\] .*got None"),
            ({"amount": [1, np.nan]}, r"amount\[1\] .*got nan"),
            ({"customers": [1, 2, 1]}, r"customers\[0\] must be each named once"),
            ({"features": {"a": [1]}}, "customers must be given"),
            ({"customers": [1, 2], "features": [[1]]}, "features must have length 2"),
            ({"neighbours": 0}, "neighbours must be at least 1"),
            ({"top": 0}, "top must be at least 1"),
        ],
    )
    def test_wrong_input_is_named(self, change, words):
        with pytest.raises(ValueError, match=words):
            crosssell.suggest(**{"customer": [1, 2], "item": [1, 2], **change})


def test_neighbours_are_those_counted():
    """Who they are fits how many they are and how many of them bought what is suggested."""
    rng = np.random.default_rng(3)
    customer, item = rng.integers(0, 80, 600), rng.integers(0, 12, 600)
    found = crosssell.suggest(customer, item, neighbours=20, top=2)
    bought = {(c, i) for c, i in zip(customer.tolist(), item.tolist(), strict=True)}
    for row, nearest in enumerate(found.neighbours):
        for rank, near in enumerate(nearest):
            near = near[near >= 0]
            assert len(near) == found.lookalikes[row, rank] and row not in near
            if not np.isnan(found.score[row, rank]):
                keys = found.customer[near].tolist()
                who = [key for key in keys if (key, found.item[row, rank]) in bought]
                assert len(who) == found.count[row, rank]
