"""Where a rep who is still to be hired had best live."""

from dataclasses import replace

import numpy as np

from ..engine import alignment
from ._scenario import ScenarioArrays

TOWNS = 16  # so many towns are tried: those with the most to do
SOLVED = 2  # alignments solved at most, the promising ones first
SECONDS = 8.0


def settle(inputs):
    """Give each rep without a home the town where the answer costs least.

    One after the other; bounds rule most towns out before anything is solved.

    :param inputs: of ``_scenario.gather``
    :return: the same with homes, and ``[(id of the scenario's rep, town, lat, lon)]``
    """
    found = []
    for number, rep in enumerate(inputs["reps"]):
        if not rep.get("homeless"):
            continue
        arrays = ScenarioArrays(inputs)
        towns = _towns(arrays)
        places = [place for _town, place in towns]
        cost = arrays.travel_from(places) * arrays.settings["hour_cost"]
        # in one piece it would take long, and hardly changes where a home is good
        best = alignment.best_home(
            replace(arrays.detail, contiguous=False),
            rep=number,
            cost=cost,
            most=SOLVED,
            seed=arrays.settings["seed"],
            time_limit=SECONDS,
        )
        town, (lat, lon) = towns[int(best.candidate[0])]
        settled = {**rep, "lat": lat, "lon": lon, "homeless": False}
        reps = [*inputs["reps"][:number], settled, *inputs["reps"][number + 1 :]]
        inputs = {**inputs, "reps": reps}
        found.append((rep["id"], town, lat, lon))
    return inputs, found


def _towns(arrays):
    """Towns with the most load, each in the middle of its accounts."""
    names = np.array([name or "" for name in arrays.inputs["city"]])
    known, place = np.unique(names, return_inverse=True)
    weight = np.maximum(arrays.load, 1e-9)
    total = np.bincount(place, weights=weight)
    lat = np.bincount(place, weights=arrays.lat * weight) / total
    lon = np.bincount(place, weights=arrays.lon * weight) / total
    order = [row for row in np.argsort(-total, kind="stable") if known[row]]
    order = order or [int(np.argmax(total))]
    return [
        (str(known[row]), (float(lat[row]), float(lon[row]))) for row in order[:TOWNS]
    ]
