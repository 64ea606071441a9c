"""From the engine's answer for a month to the records of its plan."""

import numpy as np

from odoo import fields
from odoo.tools import SQL

from ..engine.month import Reason
from . import _bulk
from ._month import NOBODY

#: what a reason comes down to; all others are no advice
ADVICE = {
    Reason.MORE_PAYS: "more",
    Reason.NEW_OPPORTUNITY: "more",
    Reason.AT_MAXIMUM: "more",
    Reason.LESS_COSTS_LITTLE: "less",
    Reason.AT_MINIMUM: "less",
    Reason.NO_MARGIN: "less",
    Reason.KEEP: "keep",
}
ORIGINS = {
    "prior only": "prior",
    "history": "history",
    "judgement": "judgement",
    "mixed": "mixed",
    "learnt": "learnt",
}


class MonthAnswer:
    """A month's result as records: regions with their reps, lines, totals.

    Records that the plan has already keep their ids: what people wrote about them, and
    what accounts point to, stays; a row in which nothing has changed is not written.

    :param arrays: the plan's ``_month.MonthArrays``
    :param result: a :class:`~..engine.month.MonthPlan` for ``arrays.problem``
    """

    def __init__(self, arrays, result):
        self.arrays, self.result = arrays, result
        self.plan = arrays.plan.sudo()  # see MonthArrays.gather; nobody types lines in
        self.problem, self.table = arrays.problem, arrays.table
        self.reps, self.capacity = arrays.reps, arrays.capacity

    def store(self, seed):
        """Bring the plan's regions, lines and totals to the result, in one batch.

        :return: the summary that is kept with the computation
        """
        plan, result = self.plan, self.result
        plan.sizing_ids.unlink()  # they tell of the figures that go
        # a result is no message to anybody
        before = plan.plan_region_ids.with_context(tracking_disable=True)
        pairs, row_of = self._pairs()
        regions = self._write_regions(before, pairs, row_of)
        self._write_lines(row_of, regions)
        (before - regions).unlink()
        plan.write(self._totals(seed))
        if self._is_latest():
            self._update_accounts()
        return {
            "lines": len(self.arrays.accounts),
            "gap": float(result.gap),
            "expected_gain": float(result.total_gain),
        }

    def _pairs(self):
        """The distinct (region, rep) of the accounts, and which one each is in."""
        keys = [
            (region or 0, rep or 0)
            for region, rep in zip(
                self.table["region_id"], self.arrays.rep_of, strict=True
            )
        ]
        pairs = sorted(set(keys))
        index = {pair: row for row, pair in enumerate(pairs)}
        return pairs, np.array([index[key] for key in keys], dtype=int)

    def _write_regions(self, before, pairs, row_of):
        """One record per region and rep, in the order of ``pairs``."""
        columns = self._region_columns(pairs, row_of)
        teams = self.arrays.teams([rep for _region, rep in pairs])
        rows = zip(
            *(np.asarray(column).tolist() for column in columns.values()), strict=True
        )
        known = {
            (region.region_id.id or 0, region.user_id.id or 0): region
            for region in before
        }
        new = []
        for (region, rep), row in zip(pairs, rows, strict=True):
            values = dict(zip(columns, row, strict=True))
            values["team_id"] = teams.get(rep, False)
            if (region, rep) in known:
                known[region, rep].write(values)
                continue
            values["plan_id"] = self.plan.id
            values["region_id"] = region or False
            values["user_id"] = rep or False
            new.append(values)
        created = iter(before.create(new))
        return before.browse([(known.get(pair) or next(created)).id for pair in pairs])

    def _region_columns(self, pairs, row_of):
        """The sums of each region and rep, straight from the arrays."""
        result = self.result
        n = len(pairs)
        hours = self.problem.hours_per_visit

        def total(values):
            return np.bincount(row_of, weights=values, minlength=n)

        today = total(result.effort_today * hours)
        optimal = total(result.effort_optimal * hours)
        gain, low, high = result.gain_by(row_of, n)
        factor = [np.nan_to_num(part, nan=0.0) for part in result.factor_by(row_of, n)]
        flat = result.hours_flat_by(row_of, n)
        return {
            "account_count": np.bincount(row_of, minlength=n),
            "revenue_month": total(result.sales_today),
            "hours_capacity": self._share_capacity(pairs, optimal),
            "hours_today": today,
            "hours_optimal": optimal,
            "visits_today": total(result.effort_today),
            "visits_optimal": total(result.effort_optimal),
            "visits_recommended": total(result.visits),
            "hours_flat_low": flat[0],
            "hours_flat_high": flat[1],
            "allocation_factor": factor[0],
            "factor_low": factor[1],
            "factor_high": factor[2],
            "shadow_price": [
                float(result.shadow_price[self.reps.index(rep)]) if rep else 0.0
                for _region, rep in pairs
            ],
            "expected_gain": gain,
            "gain_low": low,
            "gain_high": high,
            "gain_same_hours": total(result.gain_same_hours),
            "contribution_today": total(result.contribution_today),
        }

    def _share_capacity(self, pairs, optimal):
        """A rep's hours, shown in each region in proportion to where they are spent."""
        spent = np.zeros(len(self.reps))
        regions = np.zeros(len(self.reps))
        group = [self.reps.index(rep) if rep else NOBODY for _region, rep in pairs]
        for row, rep in enumerate(group):
            if rep != NOBODY:
                spent[rep] += optimal[row]
                regions[rep] += 1
        return [
            0.0
            if rep == NOBODY
            else self.capacity[rep]
            * (optimal[row] / spent[rep] if spent[rep] else 1 / regions[rep])
            for row, rep in enumerate(group)
        ]

    def _write_lines(self, row_of, regions):
        """One line per account; those that are there already are updated."""
        accounts, lines = self.arrays.accounts, self.plan.env["territory.plan.line"]
        lines.flush_model()
        known = dict(
            lines.env.execute_query(
                SQL(
                    "SELECT account_id, id FROM territory_plan_line WHERE plan_id = %s",
                    self.plan.id,
                )
            )
        )
        line = np.array([known.pop(account, 0) for account in accounts.ids], dtype=int)
        lines.browse(known.values()).unlink()
        columns = self._line_columns(row_of, regions)
        there, new = np.flatnonzero(line), np.flatnonzero(line == 0)
        if there.size:
            _bulk.update(lines, line[there], _rows(columns, there))
        if new.size:
            _bulk.insert(
                lines,
                {**_rows(columns, new), "account_id": np.array(accounts.ids)[new]},
                constants={
                    "plan_id": self.plan.id,
                    "company_id": self.plan.company_id.id,
                    "date_from": self.plan.date_from,
                },
            )

    def _line_columns(self, row_of, regions):
        result, problem = self.result, self.problem
        teams = self.arrays.teams(self.arrays.rep_of)
        region_ids = np.array(regions.ids)
        codes = np.array([reason.name.lower() for reason in Reason])
        advice = np.array([ADVICE.get(reason, "none") for reason in Reason])
        position = {reason.value: index for index, reason in enumerate(Reason)}
        reason = [position[code] for code in result.reason.tolist()]
        return {
            "plan_region_id": region_ids[row_of],
            "region_id": [region or None for region in self.table["region_id"]],
            "user_id": self.arrays.rep_of,
            "team_id": [teams.get(rep) or None for rep in self.arrays.rep_of],
            "segment": self.table["segment"],
            "revenue_month": result.sales_today.round(2),
            "revenue_expected": result.sales_expected.round(2),
            "margin_rate": problem.margin_rate,
            "hours_per_visit": problem.hours_per_visit,
            "drive_hours": self.table["drive_hours"],
            "visits_today": result.effort_today,
            "visits_optimal": result.effort_optimal,
            "visits_flat_low": result.flat_low,
            "visits_flat_high": result.flat_high,
            "visits_recommended": result.visits,
            "hours_today": result.effort_today * problem.hours_per_visit,
            "hours_optimal": result.effort_optimal * problem.hours_per_visit,
            "allocation_factor": np.nan_to_num(result.factor, nan=0.0),
            "factor_low": np.nan_to_num(result.factor_low, nan=0.0),
            "factor_high": np.nan_to_num(result.factor_high, nan=0.0),
            "expected_gain": result.gain.round(2),
            "gain_low": result.gain_low.round(2),
            "gain_high": result.gain_high.round(2),
            "next_hour_value": result.value_of_next_hour.round(2),
            "elasticity": result.elasticity,
            "elasticity_sd": result.sd,
            "elasticity_unjudged": result.unjudged,
            "elasticity_unjudged_sd": result.unjudged_sd,
            "curve_origin": [ORIGINS[origin] for origin in result.origin.tolist()],
            "sample_size": result.sample_size,
            "reason_code": codes[reason],
            "advice": advice[reason],
        }

    def _totals(self, seed):
        result = self.result
        company = self.plan.company_id
        return {
            "computed_on": fields.Datetime.now(),
            "hours_capacity": float(self.capacity.sum()),
            "hours_today": float(result.hours_today.sum()),
            "hours_optimal": float(result.hours_optimal.sum()),
            "expected_gain": float(result.total_gain),
            "gain_low": float(result.total_gain_low),
            "gain_high": float(result.total_gain_high),
            "gain_same_hours": float(result.total_gain_same_hours),
            "contribution": float(result.profit),
            "contribution_bound": float(result.bound),
            "gap": float(result.gap),
            "seed": seed,
            "parameters": {
                name: company[name]
                for name in company._fields
                if name.startswith("territory_") and company._fields[name].store
            },
        }

    def _is_latest(self):
        plan = self.plan
        return not plan.search_count(
            [
                ("company_id", "=", plan.company_id.id),
                ("date_from", ">", plan.date_from),
                ("computed_on", "!=", False),
            ],
            limit=1,
        )

    def _update_accounts(self):
        """Show the latest plan's answers on the accounts themselves."""
        shown = {
            "plan_line_id": "id",
            "allocation_advice": "advice",
            **{
                name: name
                for name in (
                    "visits_today",
                    "visits_optimal",
                    "visits_recommended",
                    "allocation_factor",
                    "factor_low",
                    "factor_high",
                    "visits_flat_low",
                    "visits_flat_high",
                    "next_hour_value",
                    "expected_gain",
                    "curve_origin",
                )
            },
        }
        mine, theirs = (
            SQL(", ").join(SQL.identifier(table, name) for name in names)
            for table, names in (("account", shown), ("line", shown.values()))
        )
        self.plan.env.execute_query(
            SQL(
                """
                UPDATE territory_account account SET (%s) = ROW(%s)
                  FROM territory_plan_line line
                 WHERE line.account_id = account.id AND line.plan_id = %s
                   AND (%s) IS DISTINCT FROM (%s)
                """,
                SQL(", ").join(SQL.identifier(name) for name in shown),
                theirs,
                self.plan.id,
                mine,
                theirs,
            )
        )
        self.plan.env["territory.account"].invalidate_model()


def _rows(columns, rows):
    """The given rows of columns that are arrays or lists."""
    return {
        name: values[rows]
        if isinstance(values, np.ndarray)
        else [values[row] for row in rows.tolist()]
        for name, values in columns.items()
    }
