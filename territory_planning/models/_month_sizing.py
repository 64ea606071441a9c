"""Between the number of reps of a plan's regions, teams and company and the engine."""

from dataclasses import dataclass, field

import numpy as np

from ..engine.month import Month
from ..engine.sizing import size_month

NOBODY = -1
POINTS = 40  # of a curve, more than a chart can show


@dataclass
class Pools:
    """Accounts divided by one scope: whose reps are counted together.

    ``place (n,)``: the pool of each account; ``keys``: the record id of each pool;
    ``share``: for each rep of a pool, which part of the rep's hours is there.
    """

    scope: str
    keys: list
    place: np.ndarray
    share: list = field(default_factory=list)


def rep_costs(env, users, company):
    """Loaded cost a month of those of some reps whose own is known.

    Who is in several teams costs what the highest entry says, not their sum: the same
    salary may have been typed in twice.

    :param users: ids of users
    :return: a cost by id
    """
    return {
        user.id: cost
        for user, cost in env["crm.team.member"]._read_group(
            [
                ("user_id", "in", users),
                ("crm_team_id.company_id", "in", [company.id, False]),
                ("territory_rep_cost", ">", 0),
            ],
            ["user_id"],
            ["territory_rep_cost:max"],
        )
    }


def sizing_columns(found):
    """The figures of an ``engine.sizing`` answer by the names of their fields, by pool."""
    return {
        "reps_now": found.now,
        "reps_optimal": found.reps,
        "reps_flat_low": found.flat_low,
        "reps_flat_high": found.flat_high,
        "next_rep_value": found.next_rep,
        "next_rep_low": found.next_rep_low,
        "next_rep_high": found.next_rep_high,
        "last_rep_value": found.last_rep,
        "shadow_price": found.shadow_price,
        "profit_now": found.profit_now,
        "profit_optimal": found.profit,
    }


class SizingArrays:
    """What a plan's sizing needs beyond the month's arrays, and the way back.

    :param arrays: the plan's ``_month.MonthArrays``
    """

    def __init__(self, arrays):
        self.arrays = arrays
        self.plan = arrays.plan.sudo()  # see MonthArrays.gather
        self.company = self.plan.company_id
        self.hours = dict(zip(arrays.reps, arrays.capacity.tolist(), strict=True))
        self.costs = self._costs()

    def _costs(self):
        """Loaded cost a month of each rep whose own is known."""
        return rep_costs(self.plan.env, self.arrays.reps, self.company)

    def pools(self):
        """The three ways to count: by region, by team and all together."""
        arrays = self.arrays
        whole = [(rep, 1.0) for rep in arrays.reps]
        teams = arrays.teams(arrays.rep_of)
        by_team = self._divide("team", [teams.get(rep) for rep in arrays.rep_of])
        by_team.share = [
            [(rep, 1.0) for rep in arrays.reps if teams.get(rep) == team]
            for team in by_team.keys
        ]
        by_region = self._divide("region", arrays.table["region_id"])
        shares = self._region_shares()
        by_region.share = [shares.get(region, []) for region in by_region.keys]
        everyone = Pools(
            "company", [self.company.id], np.zeros(len(arrays.accounts), int), [whole]
        )
        return [everyone, by_team, by_region]

    @staticmethod
    def _divide(scope, ids):
        keys = sorted({key for key in ids if key})
        index = {key: pool for pool, key in enumerate(keys)}
        place = np.array([index.get(key, NOBODY) for key in ids], dtype=int)
        return Pools(scope, keys, place)

    def _region_shares(self):
        """Region id -> its reps and which part of their hours the plan spends there."""
        rows = self.plan.plan_region_ids.filtered("user_id")
        shares = {}
        for row in rows:
            hours = self.hours.get(row.user_id.id, 0.0)
            if hours:
                share = min(row.hours_capacity / hours, 1.0)
                shares.setdefault(row.region_id.id, []).append((row.user_id.id, share))
        return shares

    def _rep(self, share):
        """Reps there are in a pool, and hours and cost of one of them on average."""
        working = [(rep, part) for rep, part in share if self.hours[rep] > 0 < part]
        usual_cost = self.company.territory_rep_cost
        if not working:
            return 0.0, self.company.territory_hours_per_month, usual_cost
        reps = sum(part for _rep, part in working)
        hours = sum(self.hours[rep] * part for rep, part in working) / reps
        cost = sum(self.costs.get(rep, usual_cost) * part for rep, part in working)
        return reps, hours, cost / reps

    def store(self):
        """Compute and write one record per pool.

        A pool without reps counts in reps with the company's usual hours; where those
        are none either there is nothing to count in, and no record.

        :return: the summary that is kept with the computation
        """
        month = Month(self.arrays.problem)
        values = []
        for pools in self.pools():
            table = np.array([self._rep(share) for share in pools.share])
            table = table.reshape(-1, 3)
            possible = np.flatnonzero(table[:, 1] > 0)
            moved = np.full(len(pools.keys) + 1, NOBODY)  # the last one: in no pool
            moved[possible] = np.arange(possible.size)
            place = moved[pools.place]
            now, hours, cost = table[possible].T
            found = size_month(
                month,
                place,
                possible.size,
                hours=hours,
                cost=cost,
                now=now,
                points=POINTS,
            )
            count = np.bincount(place[place >= 0], minlength=possible.size)
            columns = {
                "account_count": count,
                "hours_per_rep": hours,
                "rep_cost": cost,
                **sizing_columns(found),
            }
            rows = zip(*(column.tolist() for column in columns.values()), strict=True)
            values += [
                {
                    **self._who(pools.scope, pools.keys[pool]),
                    **dict(zip(columns, row, strict=True)),
                    "curve": self._curve(found.of(index)),
                }
                for index, (pool, row) in enumerate(zip(possible, rows, strict=True))
            ]
        self.plan.sizing_ids.unlink()
        self.plan.env["territory.plan.sizing"].create(values)
        return {"sizing": len(values)}

    def _who(self, scope, key):
        return {
            "plan_id": self.plan.id,
            "company_id": self.company.id,
            "date_from": self.plan.date_from,
            "scope": scope,
            "region_id": key if scope == "region" else False,
            "team_id": key if scope == "team" else False,
        }

    @staticmethod
    def _curve(curve):
        """Plain numbers for the browser: whole reps, money to the unit of account."""
        digits = {"reps": 0, "hour": 2}
        return {
            name: column.round(digits.get(name, 0)).tolist()
            for name, column in curve.items()
        }
