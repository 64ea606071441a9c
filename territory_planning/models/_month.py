"""Between the records of a month's plan and the arrays of the engine."""

import numpy as np

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine.calibration import Prior
from ..engine.month import MonthProblem, Reason
from . import _bulk, _visit_hours

NOBODY = -1
SEGMENTS = ("a", "b", "c", "lapsed", "prospect")
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


class MonthArrays:
    """The accounts of one company as arrays, and the way back.

    Rows follow ``accounts``; ``reps`` are the budgets: the group of an account is
    the index of its rep there, or -1 where nobody looks after it.
    """

    def __init__(self, plan, accounts, table, reps, rep_of, capacity, problem):
        self.plan = plan
        self.accounts = accounts
        self.table = table
        self.reps = reps
        self.rep_of = rep_of
        self.capacity = capacity
        self.problem = problem

    # ------------------------------------------------------------------ gather
    @classmethod
    def gather(cls, plan):
        """Read the company's accounts and its reps' hours into a problem.

        :raises ValueError: an account's figure that cannot be planned with
        """
        company = plan.company_id
        # sudo: a plan is the whole company's, whoever presses the button
        accounts = (
            plan.env["territory.account"]
            .sudo()
            .search([("company_id", "=", company.id)], order="id")
        )
        table = cls._columns(accounts)
        rep_of = cls._reps(accounts, table)
        reps = sorted({rep for rep in rep_of if rep})
        index = {rep: group for group, rep in enumerate(reps)}
        capacity = cls._capacity(company, reps)
        revenue, visits = accounts._panel(accounts)
        names = table["name"]
        group = np.array([index.get(rep, NOBODY) for rep in rep_of], dtype=int)
        hours, table["drive_hours"] = _visit_hours.gather(
            company, table, visits, group, reps, capacity
        )
        rep_names = accounts.env["res.users"].browse(reps).mapped("name")
        cls._check_minimum(plan, table, hours, group, capacity, rep_names)
        problem = MonthProblem(
            sales=revenue,
            effort=visits,
            margin_rate=table["margin_rate"],
            # worth of the open leads, spread over the year they are expected in
            pipeline=table["pipeline"] / 12,
            hours_per_visit=hours,
            group=group,
            capacity=capacity,
            segment=np.array(
                [SEGMENTS.index(s or "prospect") for s in table["segment"]], dtype=int
            ),
            visits_min=table["visits_min"],
            visits_max=np.where(table["visits_max"] > 0, table["visits_max"], np.inf),
            judgement=plan.env["territory.visit.answer"]._judgement(accounts, visits),
            learnt=cls._learnt(plan, table),
            carry_over=company.territory_carry_over,
            damping=(company.territory_damping_low, company.territory_damping_high),
            prior=Prior(
                mean=company.territory_prior_elasticity,
                sd=company.territory_prior_sd,
            ),
            label=lambda row: names[row] or f"account {accounts.ids[row]}",
            group_labels=rep_names,
        )
        return cls(plan, accounts, table, reps, rep_of, capacity, problem)

    @staticmethod
    def _learnt(plan, table):
        """What closed months say of each account's group, or None without any."""
        known = plan._learnt(plan.company_id)
        if not known:
            return None
        nothing = (np.nan, np.nan)
        rows = [known.get(s or "prospect", nothing) for s in table["segment"]]
        mean, sd = np.array(rows, float).reshape(-1, 2).T
        return mean, sd

    @staticmethod
    def _check_minimum(plan, table, hours, group, capacity, rep_names):
        """Say whose agreed visits do not fit, before the engine says it in its words."""
        here = group != NOBODY
        needed = np.bincount(
            group[here],
            weights=(table["visits_min"] * hours)[here],
            minlength=len(capacity),
        )
        for rep in np.flatnonzero(needed > capacity * (1 + 1e-9))[:1]:
            largest = np.argmax(np.where(group == rep, table["visits_min"] * hours, 0))
            raise UserError(
                plan.env._(
                    "The visits set as “At Least” on the accounts of %(rep)s need "
                    "%(needed)s hours a month, but there are only %(capacity)s. Lower "
                    "them, first on “%(account)s”, or give %(rep)s more visiting hours "
                    "under Sales Teams.",
                    rep=rep_names[rep],
                    needed=f"{needed[rep]:g}",
                    capacity=f"{capacity[rep]:g}",
                    account=table["name"][largest],
                )
            )

    @staticmethod
    def _columns(accounts):
        """The fields a plan needs, in one read: numbers as arrays, the rest as lists."""
        numbers = (
            "margin_rate",
            "pipeline",
            "hours_per_visit",
            "visits_min",
            "visits_max",
            "latitude",
            "longitude",
        )
        others = ("name", "segment", "user_id", "region_id")
        rows = accounts.read([*numbers, *others], load=None)
        return {
            **{name: np.array([row[name] for row in rows], float) for name in numbers},
            **{name: [row[name] for row in rows] for name in others},
        }

    @staticmethod
    def _reps(accounts, table):
        """Whose hours each account draws on: its salesperson's, else its region's rep's.

        A salesperson who has left looks after nobody.
        """
        env = accounts.env
        regions = env["territory.region"].browse({r for r in table["region_id"] if r})
        region_rep = {region.id: region.user_id.id for region in regions}
        users = env["res.users"].browse({u for u in table["user_id"] if u})
        working = set((users | regions.user_id).filtered("active").ids)
        reps = []
        for user, region in zip(table["user_id"], table["region_id"], strict=True):
            candidates = (user, region_rep.get(region))
            reps.append(next((c for c in candidates if c in working), None))
        return reps

    @staticmethod
    def _capacity(company, reps):
        """Visiting hours a month of each rep: of all the teams the rep is in."""
        members = company.env["crm.team.member"].sudo()  # see gather
        hours = dict(
            members._read_group(
                [
                    ("user_id", "in", reps),
                    ("crm_team_id.company_id", "in", [company.id, False]),
                ],
                ["user_id"],
                ["territory_hours:sum"],
            )
        )
        known = {user.id: total for user, total in hours.items()}
        usual = company.territory_hours_per_month
        return np.array([known.get(rep, usual) for rep in reps], dtype=float)

    # ------------------------------------------------------------------- write
    def store(self, result, seed):
        """Replace the plan's regions, lines and totals by a result, in one batch.

        :param result: a :class:`~..engine.month.MonthPlan` for ``problem``
        :return: the summary that is kept with the computation
        """
        plan = self.plan.sudo()  # see gather; its lines are nobody's to type in
        plan.plan_region_ids.unlink()  # the database takes their lines along
        plan.sizing_ids.unlink()  # they tell of the figures that go
        pairs, row_of = self._pairs()
        regions = self._create_regions(plan, pairs, row_of, result)
        self._insert_lines(plan, row_of, regions, result)
        plan.write(self._totals(result, seed))
        if self._is_latest(plan):
            self._update_accounts(plan)
        return {
            "lines": len(self.accounts),
            "gap": float(result.gap),
            "expected_gain": float(result.total_gain),
        }

    def _pairs(self):
        """The distinct (region, rep) of the accounts, and which one each is in."""
        keys = [
            (region or 0, rep or 0)
            for region, rep in zip(self.table["region_id"], self.rep_of, strict=True)
        ]
        pairs = sorted(set(keys))
        index = {pair: row for row, pair in enumerate(pairs)}
        return pairs, np.array([index[key] for key in keys], dtype=int)

    def _create_regions(self, plan, pairs, row_of, result):
        """One record per region and rep; the sums come straight from the arrays."""
        n = len(pairs)
        hours = self.problem.hours_per_visit

        def total(values):
            return np.bincount(row_of, weights=values, minlength=n)

        today = total(result.effort_today * hours)
        optimal = total(result.effort_optimal * hours)
        gain, low, high = result.gain_by(row_of, n)
        factor = [np.nan_to_num(part, nan=0.0) for part in result.factor_by(row_of, n)]
        flat = result.hours_flat_by(row_of, n)
        columns = {
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
        teams = self._teams([rep for _region, rep in pairs])
        rows = zip(
            *(np.asarray(column).tolist() for column in columns.values()), strict=True
        )
        return plan.env["territory.plan.region"].create(
            [
                {
                    "plan_id": plan.id,
                    "region_id": region or False,
                    "user_id": rep or False,
                    "team_id": teams.get(rep, False),
                    **dict(zip(columns, row, strict=True)),
                }
                for (region, rep), row in zip(pairs, rows, strict=True)
            ]
        )

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

    def _teams(self, reps):
        """The sales team of each rep that may work for the plan's company."""
        company = self.plan.company_id
        users = self.plan.env["res.users"].sudo().browse({rep for rep in reps if rep})
        return {
            user.id: user.sale_team_id.id
            for user in users
            if user.sale_team_id.company_id in (company, company.browse())
        }

    def _insert_lines(self, plan, row_of, regions, result):
        n = len(self.accounts)
        if not n:
            return
        teams = self._teams(self.rep_of)
        region_ids = np.array(regions.ids)
        codes = np.array([reason.name.lower() for reason in Reason])
        advice = np.array([ADVICE.get(reason, "none") for reason in Reason])
        position = {reason.value: index for index, reason in enumerate(Reason)}
        reason = [position[code] for code in result.reason.tolist()]
        columns = {
            "plan_id": np.full(n, plan.id),
            "plan_region_id": region_ids[row_of],
            "company_id": np.full(n, plan.company_id.id),
            "date_from": [plan.date_from] * n,
            "account_id": np.array(self.accounts.ids),
            "region_id": [region or None for region in self.table["region_id"]],
            "user_id": self.rep_of,
            "team_id": [teams.get(rep) or None for rep in self.rep_of],
            "segment": self.table["segment"],
            "revenue_month": result.sales_today.round(2),
            "revenue_expected": result.sales_expected.round(2),
            "margin_rate": self.problem.margin_rate,
            "hours_per_visit": self.problem.hours_per_visit,
            "drive_hours": self.table["drive_hours"],
            "visits_today": result.effort_today,
            "visits_optimal": result.effort_optimal,
            "visits_flat_low": result.flat_low,
            "visits_flat_high": result.flat_high,
            "visits_recommended": result.visits,
            "hours_today": result.effort_today * self.problem.hours_per_visit,
            "hours_optimal": result.effort_optimal * self.problem.hours_per_visit,
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
        _bulk.insert(plan.env["territory.plan.line"], columns)

    def _totals(self, result, seed):
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

    @staticmethod
    def _is_latest(plan):
        return not plan.search_count(
            [
                ("company_id", "=", plan.company_id.id),
                ("date_from", ">", plan.date_from),
                ("computed_on", "!=", False),
            ],
            limit=1,
        )

    @staticmethod
    def _update_accounts(plan):
        """Show the latest plan's answers on the accounts themselves."""
        plan.env.execute_query(
            SQL(
                """
                UPDATE territory_account account
                   SET plan_line_id = line.id, visits_today = line.visits_today,
                       visits_optimal = line.visits_optimal,
                       visits_recommended = line.visits_recommended,
                       allocation_factor = line.allocation_factor,
                       factor_low = line.factor_low, factor_high = line.factor_high,
                       visits_flat_low = line.visits_flat_low,
                       visits_flat_high = line.visits_flat_high,
                       next_hour_value = line.next_hour_value,
                       expected_gain = line.expected_gain,
                       allocation_advice = line.advice,
                       curve_origin = line.curve_origin
                  FROM territory_plan_line line
                 WHERE line.account_id = account.id AND line.plan_id = %s
                """,
                plan.id,
            )
        )
        plan.env["territory.account"].invalidate_model()
