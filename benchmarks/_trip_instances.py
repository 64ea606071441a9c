"""Public orienteering instances with the best prizes known, and random days."""

import json
import os
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[2] / "shared/data"
FILE = Path(os.environ.get("TERRITORY_DATA", FOLDER)) / "orienteering.json"
ROUNDING = {"round": lambda v: np.floor(v + 0.5), "ceil": np.ceil, "floor": np.floor}


def public():
    """Each instance as (name, duration, prize, arguments of ``trip.plan``, best known)."""
    if not FILE.exists():
        return []
    return [_read(case) for case in json.loads(FILE.read_text())]


def _read(case):
    xy = np.array(case["xy"])
    way = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) * case["scale"]
    windows = None
    if "open" in case:
        windows = np.column_stack([case["open"], case["close"]])
    asked = dict(
        service=case.get("service", 0),
        windows=windows,
        start=case["start"],
        end=case["end"],
        max_duration=case["max_duration"],
        days=case["days"],
    )
    duration = ROUNDING[case["rounding"]](way)
    return case["name"], duration, np.array(case["prize"]), asked, case["reference"]


def week(seed, size=300, days=5):
    """A rep's candidates for some days: minutes, euros, opening hours, an hour's visit."""
    rng = np.random.default_rng(seed)
    towns = rng.normal(0, 60, (12, 2))
    xy = towns[rng.integers(0, len(towns), size)] + rng.normal(0, 8, (size, 2))
    xy[0] = 0.0
    km = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) * 1.3
    prize = rng.lognormal(4, 1, size).round()
    prize[0] = 0.0
    opens = rng.choice([0.0, 60.0, 120.0], size)
    asked = dict(
        service=rng.choice([30.0, 45.0, 60.0], size),
        windows=np.column_stack([opens, rng.choice([420.0, 480.0, 600.0], size)]),
        max_duration=540.0,
        days=days,
    )
    return km / 70 * 60, prize, asked
