import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from ..engine.forecast import month_factor
from ..engine.season import season
from . import _bulk

DAYS_A_MONTH = 365 / 12


class TerritoryPlan(models.Model):
    """The month's sales as the plan expects them: response of visits, and the season."""

    _inherit = "territory.plan"

    season_known = fields.Boolean(
        readonly=True,
        copy=False,
        help="Whether there were two years of sales to learn the season from.",
    )

    def _forecast(self):
        """What each account is expected to buy with the visits recommended.

        Stored on the lines; done once, when the reps are asked, so that everybody
        compares with the same.
        """
        self.ensure_one()
        # sudo: computed for the whole company, whoever presses the button
        lines = (
            self.env["territory.plan.line"]
            .sudo()
            .search([("plan_id", "=", self.id)], order="id")
        )
        if not lines:
            return
        names = (
            "visits_today",
            "visits_recommended",
            "elasticity",
            "elasticity_sd",
            "revenue_expected",
            "visits_optimal",
        )
        rows = lines.read(names, load=None)
        table = {name: np.array([row[name] for row in rows], float) for name in names}
        sales, found, place = self._season(lines)
        index = found.of(self.date_from.month, place)
        usual = np.maximum(table["revenue_expected"], 0.0) * index
        forecast = {}
        for name, visits in (
            ("sales_model", "visits_recommended"),
            ("sales_optimum", "visits_optimal"),
        ):
            share = month_factor(
                table[visits],
                table["visits_today"],
                table["elasticity"],
                table["elasticity_sd"],
                carry_over=self.company_id.territory_carry_over,
            )
            forecast[name] = (usual * share).round(2)
        _bulk.update(
            lines,
            lines.ids,
            {
                **forecast,
                **self._insights_a_month(lines),
                "season": index.round(4),
                "sales_last": sales[:, -1].round(2),
            },
        )
        self.sudo().season_known = found.known

    @staticmethod
    def _insights_a_month(lines):
        """What the accounts are known to lose or give away, money a month."""
        risk, leak = [], []
        for account in lines.account_id:
            horizon = account.churn_horizon or 1
            risk.append(max(account.churn_money, 0.0) * DAYS_A_MONTH / horizon)
            leak.append(max(account.price_leakage, 0.0) / 12)
        return {"risk_month": np.round(risk, 2), "leak_month": np.round(leak, 2)}

    def _season(self, lines):
        """Sales by line, the season of their regions, and the region's row of each."""
        accounts = lines.account_id
        sales, _visits = accounts._panel(accounts)
        regions = sorted(accounts.region_id.ids)
        row = {region: number for number, region in enumerate(regions)}
        group = [row.get(account.region_id.id, -1) for account in accounts]
        months = sales.shape[1]
        until = self._this_month(self.company_id)
        first = (until - relativedelta(months=months)).month
        found = season(sales, first, group=group, count=len(regions))
        # each line has an account of its own, in the lines' order
        return sales, found, np.array(group, dtype=int)

    def _prefill_agreed(self):
        """What the rep says is what there is to agree on; else what is recommended.

        What a leader has set since the rep last spoke stays.
        """
        self.ensure_one()
        self.env["territory.plan.line"].flush_model()
        self.env.execute_query(
            SQL(
                """
                UPDATE territory_plan_line
                   SET visits_agreed = CASE WHEN answered THEN visits_rep
                                            ELSE visits_recommended END,
                       sales_agreed = CASE WHEN sales_given THEN sales_rep
                                           ELSE COALESCE(sales_model, 0) END
                 WHERE plan_id = %s AND NOT COALESCE(agreed_set, FALSE)
             RETURNING id
                """,
                self.id,
            )
        )
        self.env["territory.plan.line"].invalidate_model()
