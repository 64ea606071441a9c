"""The season is found where there is one, and not invented where there is none."""

import numpy as np
import pytest

from odoo.addons.territory_planning.engine.season import season

TRUE = 1 + 0.4 * np.sin(2 * np.pi * np.arange(12) / 12)


def company(size=400, months=36, first=1, index=TRUE, growth=0.0, seed=1, calm=5.0):
    """Lumpy sales around a season; the calmer, the less lumpy."""
    rng = np.random.default_rng(seed)
    level = rng.lognormal(7, 1, size)[:, None]
    month = (first - 1 + np.arange(months)) % 12
    trend = (1 + growth) ** (np.arange(months) / 12)
    mean = level * index[month] * trend
    return mean * rng.gamma(calm, 1 / calm, (size, months))


def test_a_season_is_found():
    found = season(company(), 1)
    assert found.known
    assert np.abs(found.company - TRUE).max() < 0.1
    assert found.company.mean() == pytest.approx(1.0)


def test_the_first_column_may_be_any_month():
    assert np.abs(season(company(first=9), 9).company - TRUE).max() < 0.1


def test_growth_is_no_season():
    flat = company(size=2000, index=np.ones(12), growth=0.3)
    assert np.abs(season(flat, 1).company - 1).max() < 0.05


def test_noise_is_shrunk_away():
    """Few lumpy accounts without a season: nearer to none than raw ratios are."""
    found, raw = [], []
    for seed in range(20):
        sales = company(size=15, index=np.ones(12), seed=seed, calm=0.5)
        found.append(((season(sales, 1).company - 1) ** 2).mean())
        year = sales.sum(axis=0).reshape(3, 12).sum(axis=0)
        raw.append(((year / year.mean() - 1) ** 2).mean())
    assert np.mean(found) < 0.6 * np.mean(raw)


def test_a_region_of_its_own_kind_is_seen_and_a_small_one_follows_the_company():
    other = 2 - TRUE
    sales = np.vstack(
        [company(400), company(400, index=other, seed=2), company(3, seed=3)]
    )
    group = np.repeat([0, 1, 2], [400, 400, 3])
    found = season(sales, 1, group=group)
    assert np.abs(found.groups[0] - TRUE).max() < 0.12
    assert np.abs(found.groups[1] - other).max() < 0.12
    # what three accounts say counts less than what the company does
    raw = season(sales[-3:], 1).company
    assert np.isfinite(found.groups[2]).all()
    assert found.groups[2].mean() == pytest.approx(1.0)
    assert raw.shape == (12,)


def test_index_by_account():
    sales = np.vstack([company(50), company(50, seed=2)])
    found = season(sales, 1, group=np.repeat([0, 1], 50))
    of = found.of(4, np.array([0, 1, -1]))
    assert of.tolist() == [found.groups[0, 3], found.groups[1, 3], found.company[3]]
    assert found.of(4) == found.company[3]


@pytest.mark.parametrize("months", [1, 12, 24])
def test_too_short_a_history_has_no_season(months):
    found = season(company(months=months), 1, group=np.zeros(400, dtype=int))
    assert not found.known
    assert (found.company == 1).all() and (found.groups == 1).all()


def test_nothing_sold_at_all():
    found = season(np.zeros((5, 36)), 1, group=np.zeros(5, dtype=int))
    assert (found.groups == 1).all()


def test_returns_do_not_break_it():
    sales = company(50)
    sales[0] = -1e5
    assert np.isfinite(season(sales, 1, group=np.zeros(50, dtype=int)).groups).all()


@pytest.mark.parametrize(
    "arguments", [(np.ones(3), 1), (np.full((2, 30), np.nan), 1), (np.ones((2, 30)), 0)]
)
def test_bad_input_is_named(arguments):
    with pytest.raises(ValueError, match="sales|first_month"):
        season(*arguments)
