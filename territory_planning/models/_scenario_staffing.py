"""How many reps a scenario's territories can pay for: the month's curves, by territory."""

import numpy as np

from ..engine.month import Month
from ..engine.sizing import size_month
from ._month import MonthArrays
from ._month_sizing import NOBODY, POINTS, SizingArrays, rep_costs, sizing_columns


def staffing(scenario, arrays, plan):
    """Curves of profit against reps for the whole scenario and each territory.

    :param scenario: with its answer, readable as a whole
    :param arrays: its ``_scenario.ScenarioArrays``
    :param plan: the plan whose response functions are used
    :return: a list of dictionaries, the whole first; ``rep_id`` 0 for the whole
    """
    month_arrays = MonthArrays.gather(plan)
    month = Month(month_arrays.problem)
    whose = dict(zip(arrays.inputs["account"], scenario.answer["rep"], strict=True))
    by_rep = np.array(
        [whose.get(account, NOBODY) for account in month_arrays.accounts.ids], dtype=int
    )
    cost = _costs(scenario, arrays)
    stays = arrays.share > 0
    whole = size_month(
        month,
        np.where(by_rep >= 0, 0, NOBODY),
        1,
        hours=np.array([arrays.share[stays].mean()]),
        cost=np.array([cost[stays].mean()]),
        now=np.array([float(stays.sum())]),
        points=POINTS,
    )
    index = np.cumsum(stays) - 1  # who leaves has no territory
    single = size_month(
        month,
        np.where(by_rep >= 0, index[by_rep], NOBODY),
        int(stays.sum()),
        hours=arrays.share[stays],
        cost=cost[stays],
        now=np.ones(int(stays.sum())),
        points=POINTS,
    )
    lines = np.flatnonzero(stays).tolist()
    return [
        _values(whole, 0, rep_id=0, name=scenario.name),
        *(
            _values(
                single,
                pool,
                rep_id=arrays.reps[line]["id"],
                name=arrays.reps[line]["name"],
            )
            for pool, line in enumerate(lines)
        ),
    ]


def _costs(scenario, arrays):
    """Loaded cost a month of each rep, the company's usual where none is entered."""
    company = scenario.company_id
    users = [rep["user"] for rep in arrays.reps if rep["user"]]
    known = rep_costs(scenario.env, users, company)
    usual = company.territory_rep_cost
    return np.array([known.get(rep["user"], usual) for rep in arrays.reps], dtype=float)


def _values(found, pool, **who):
    values = {
        name: float(column[pool]) for name, column in sizing_columns(found).items()
    }
    curve = SizingArrays._curve(found.of(pool))
    return {**who, **values, "curve": curve}
