"""From the records of a company to the arrays of the engine's month."""

import numpy as np

from odoo.exceptions import UserError

from ..engine.calibration import Prior
from ..engine.month import MonthProblem
from . import _bulk, _visit_hours

NOBODY = -1
SEGMENTS = ("a", "b", "c", "lapsed", "prospect")


class MonthArrays:
    """The accounts of one company as arrays; ``_month_answer`` is the way back.

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
        revenue, visits = accounts._panel(accounts, company.territory_history_months)
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
        """The fields a plan needs, in one query: numbers as arrays, the rest as lists."""
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
        return _bulk.read(accounts, numbers, others)

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

    def teams(self, reps):
        """The sales team of each rep that may work for the plan's company."""
        company = self.plan.company_id
        users = self.plan.env["res.users"].sudo().browse({rep for rep in reps if rep})
        return {
            user.id: user.sale_team_id.id
            for user in users
            if user.sale_team_id.company_id in (company, company.browse())
        }
