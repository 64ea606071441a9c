"""The same figures of today's alignment and of an answer, so that they can be compared."""

import numpy as np

from ..engine.geo import distance_km

NOBODY = -1


def figures(arrays, rep, hours):
    """What an alignment is like, a year, as plain values.

    :param arrays: a ``_scenario.ScenarioArrays``
    :param rep: ``(n,)`` who looks after each account, −1 for nobody
    :param hours: ``(k,)`` visiting hours a month of each rep, 0 for who is not there
    :return: ``travel_hours``; ``profit``, contribution if each rep's hours are spent where
        they pay best; ``balance_cv``, standard deviation of the reps' load per hour as a
        share of its mean; ``outliers``, reps outside the band; ``compactness``, km from
        an account to the middle of its territory on average; ``handovers``,
        ``handover_revenue``, ``relation_cost``
    """
    rep = np.asarray(rep, dtype=int)
    k = len(arrays.reps)
    known = np.flatnonzero(rep >= 0)
    load = np.bincount(rep[known], weights=arrays.load[known], minlength=k)
    moved = (arrays.current >= 0) & (rep != arrays.current)
    return {
        "travel_hours": float(arrays.travel[known, rep[known]].sum()),
        "profit": _profit(arrays, rep, known, hours),
        "balance_cv": _unevenness(load, hours),
        "outliers": _outliers(load, hours, arrays.settings["band"]),
        "compactness": _compactness(arrays, rep, known),
        "handovers": int(moved.sum()),
        "handover_revenue": float(arrays.revenue[moved].sum()),
        "relation_cost": float(arrays.relation[moved].sum()),
    }


def by_rep(arrays, rep):
    """Load, number of accounts, revenue and driving hours a year of each rep."""
    rep = np.asarray(rep, dtype=int)
    known = np.flatnonzero(rep >= 0)
    k = len(arrays.reps)

    def total(values):
        return np.bincount(rep[known], weights=values, minlength=k)

    return {
        "load": total(arrays.load[known]),
        "account_count": np.bincount(rep[known], minlength=k),
        "revenue": total(arrays.revenue[known]),
        "travel": total(arrays.travel[known, rep[known]]),
    }


def _profit(arrays, rep, known, hours):
    s, worth = arrays.costa_for(hours).attraction(arrays.size, len(arrays.reps))
    pull = np.bincount(
        rep[known], weights=s[known, rep[known]], minlength=len(arrays.reps)
    )
    return float((worth * pull ** (1 - arrays.inputs["elasticity"])).sum())


def _unevenness(load, hours):
    there = hours > 0
    if there.sum() < 2 or load[there].sum() <= 0:
        return 0.0
    rate = load[there] / hours[there]
    return float(rate.std() / rate.mean())


def _outliers(load, hours, band):
    there = hours > 0
    fair = load.sum() * hours / max(hours.sum(), 1e-300)
    return int((np.abs(load - fair)[there] > band * fair[there] * (1 + 1e-9)).sum())


def _compactness(arrays, rep, known):
    if not known.size:
        return 0.0
    k = len(arrays.reps)
    weight = np.maximum(arrays.load, 1e-9)[known]
    owner = rep[known]
    phi, theta = np.radians(arrays.lat[known]), np.radians(arrays.lon[known])
    axes = (np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi))
    x, y, z = (np.bincount(owner, weights=weight * axis, minlength=k) for axis in axes)
    lat = np.degrees(np.arctan2(z, np.hypot(x, y)))
    lon = np.degrees(np.arctan2(y, x))
    km = distance_km(arrays.lat[known], arrays.lon[known], lat[owner], lon[owner])
    return float(np.average(km, weights=weight))
