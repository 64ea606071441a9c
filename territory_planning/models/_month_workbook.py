"""A month's conversation as a spreadsheet: ledger, accounts, what was said and learnt."""

from ._analysis_workbook import AnalysisWorkbook

LEDGER = (
    "region_id",
    "user_id",
    "team_id",
    "hours_target",
    "hours_rep",
    "hours_optimal",
    "hours_agreed",
    "revenue_target",
    "sales_rep",
    "sales_optimum",
    "sales_last",
    "sales_agreed",
    "gap",
    "gap_potential",
    "gap_churn",
    "gap_price",
    "gap_capacity",
    "visits_agreed",
    "visits_planned",
    "visits_done",
    "visits_overdue",
    "visits_reactive",
    "sales_realised",
)
LINES = (
    "account_id",
    "region_id",
    "user_id",
    "segment",
    "visits_today",
    "visits_recommended",
    "visits_rep",
    "visits_agreed",
    "visits_planned",
    "visits_done",
    "visits_overdue",
    "visits_reactive",
    "sales_last",
    "sales_model",
    "sales_rep",
    "sales_agreed",
    "sales_realised",
    "risk_month",
    "leak_month",
    "reason_code",
)
KNOWLEDGE = (
    "account_id",
    "author_id",
    "date",
    "knowledge",
    "knowledge_value",
    "note",
    "state",
)
CHANGES = (
    "kind",
    "account_id",
    "plan_region_id",
    "user_id",
    "author_id",
    "date",
    "value_before",
    "value_after",
    "text_before",
    "text_after",
    "reason",
)
EFFECTS = (
    "name",
    "scope",
    "changed",
    "unchanged",
    "promised",
    "realised",
    "realised_low",
    "realised_high",
    "elasticity",
    "elasticity_sd",
    "conclusion",
)
ACCURACY = (
    "forecaster",
    "user_id",
    "accounts",
    "error",
    "error_low",
    "error_high",
    "bias",
    "usual_error",
)
MONTHS = ("date_from", *LEDGER)
COMPARED = 13  # months side by side: the same month of last year among them


class MonthWorkbook(AnalysisWorkbook):
    """The spreadsheet of one month, under the rights of the plan's environment."""

    def build(self):
        """:return: the bytes of the file"""
        env, here = self.env, [("plan_id", "=", self.plan.id)]
        self._table(
            env._("Review"),
            env["territory.plan.region"].search(here, order="team_id, region_id, id"),
            LEDGER,
        )
        self._table(
            env._("Accounts"),
            env["territory.plan.line"].search(here, order="sales_model desc, id"),
            LINES,
        )
        self._table(
            env._("What Reps Know"),
            env["territory.plan.entry"].search([*here, ("knowledge", "!=", False)]),
            KNOWLEDGE,
        )
        self._table(
            env._("Changes"), env["territory.plan.change"].search(here), CHANGES
        )
        if env["territory.plan.effect"].has_access("read"):
            self._table(
                env._("Promised and Realised"),
                env["territory.plan.effect"].search([*here, ("known", "=", True)]),
                EFFECTS,
            )
        self._table(
            env._("Forecasts"),
            env["territory.plan.accuracy"].search([*here, ("known", "=", True)]),
            ACCURACY,
        )
        plans = self.plan.search(
            [
                ("company_id", "=", self.plan.company_id.id),
                ("date_from", "<=", self.plan.date_from),
                ("ledger_on", "!=", False),
                # amounts of different currencies do not stand in one column
                ("currency_id", "=", self.plan.currency_id.id),
            ],
            limit=COMPARED,
        )
        self._table(
            env._("Month over Month"),
            env["territory.plan.region"].search(
                [("plan_id", "in", plans.ids)],
                order="region_id, user_id, date_from, id",
            ),
            MONTHS,
        )
        self.book.close()
        return self.output.getvalue()
