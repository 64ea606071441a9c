from datetime import timedelta

import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.insight import churn
from ..engine.insight.status import Status
from . import _bulk, _orders

WEEK = 7  # days; the engine fits best with times of this size
YEAR = 365
# From which probability of no order on an account is watched, and at risk.
WATCH, RISK = 0.25, 0.5
STATUS = {
    Status.SCORED: "scored",
    Status.TOO_FEW_CUSTOMERS: "customers",
    Status.TOO_FEW_ORDERS: "orders",
    Status.STALE_DATA: "stale",
}


class TerritoryAccount(models.Model):
    """Who may stop ordering: the probability of no order within the horizon.

    Learned every night from the days on which all customers of the company ordered;
    see docs/insight.md. Where it cannot be learned there is a reason and no score.
    """

    _inherit = "territory.account"

    churn_risk = fields.Float(
        string="Risk of No Order",
        readonly=True,
        aggregator="avg",
        digits=(16, 4),
        help="Probability that the account orders nothing within the horizon set under "
        "Settings. It is the sum of “Gone Already” and “Only Late”.",
    )
    churn_low = fields.Float(
        string="Risk, at Least",
        readonly=True,
        aggregator=None,
        digits=(16, 4),
        help="With 95 % probability the risk is above this.",
    )
    churn_high = fields.Float(
        string="Risk, at Most",
        readonly=True,
        aggregator=None,
        digits=(16, 4),
        help="With 95 % probability the risk is below this.",
    )
    churn_dropped = fields.Float(
        string="Gone Already",
        readonly=True,
        aggregator=None,
        digits=(16, 4),
        help="Part of the risk: the probability of having stopped ordering already.",
    )
    churn_silent = fields.Float(
        string="Only Late",
        readonly=True,
        aggregator=None,
        digits=(16, 4),
        help="Part of the risk: the probability of still being a customer and yet not "
        "ordering within the horizon.",
    )
    churn_band = fields.Selection(
        [
            ("safe", "Safe"),
            ("watch", "Watch"),
            ("risk", "At risk"),
            ("lapsed", "Lapsed"),
            ("none", "No score"),
        ],
        string="Risk Band",
        readonly=True,
        index="btree_not_null",
        help="Safe: the risk of no order is below 25 %; watch: 25 % to 50 %; at risk: "
        "50 % and more. Lapsed: no order in the last 365 days.",
    )
    churn_status = fields.Selection(
        [
            ("scored", "Scored"),
            ("never", "Never ordered"),
            ("customers", "Too few customers"),
            ("orders", "Too few repeat orders"),
            ("stale", "Recent orders missing"),
        ],
        string="Why No Risk",
        readonly=True,
    )
    churn_money = fields.Monetary(
        string="Revenue at Risk",
        readonly=True,
        help="Revenue of the last 12 months, of as many days as the horizon has, times "
        "the risk of no order.",
    )
    churn_previous = fields.Float(
        string="Risk, Month Before",
        readonly=True,
        aggregator=None,
        digits=(16, 4),
        help="The last risk stored before the current month.",
    )
    churn_previous_date = fields.Date(string="Risk Before As Of", readonly=True)
    churn_change = fields.Float(
        string="Risk Trend",
        readonly=True,
        aggregator=None,
        digits=(16, 4),
        help="The risk less that of the month before. 0 without one.",
    )
    churn_gap = fields.Float(
        string="Usual Days Between Orders",
        readonly=True,
        aggregator=None,
        digits=(16, 1),
        help="Average over all its orders. 0 after a single one.",
    )
    churn_days = fields.Integer(
        string="Days with an Order",
        readonly=True,
        aggregator=None,
        help="Several orders of one day count as one. Returns, free samples and orders "
        "credited in full do not count.",
    )
    churn_last_date = fields.Date(string="Last Counted Order", readonly=True)
    churn_horizon = fields.Integer(
        string="Risk Horizon", readonly=True, aggregator=None, help="In days."
    )
    churn_date = fields.Date(string="Risk As Of", readonly=True)

    # --------------------------------------------------------------- computing
    @api.model
    def _refresh_churn(self, company, today=None):
        """Learn the risk of all accounts of a company and write it in bulk.

        :param today: the day the orders end, a date; default: today where the company is
        :return: counts for the summary of the run
        """
        today = today or company._territory_today()
        ids, partner, revenue = self._insight_accounts(company)
        days = _orders.gather(company)
        horizon = company.territory_churn_days
        found = churn.histories(days.partner, days.day, np.datetime64(today))
        risk = churn.assess(found.in_unit(WEEK), horizon / WEEK)
        columns = self._churn_columns(partner, revenue, risk, today, horizon)
        self._keep_last_month(company, today)
        _bulk.update(self, ids, columns, dated="churn_date")
        self._write_churn_change(company)
        return {"risk_scored": int((columns["churn_status"] == "scored").sum())}

    @api.model
    def _insight_accounts(self, company):
        """Ids, partners and revenue of a company's accounts, in one query."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id, partner_id, COALESCE(revenue_12m, 0)::float8 "
                "FROM territory_account WHERE company_id = %s ORDER BY id",
                company.id,
            )
        )
        table = np.array(rows, dtype=float).reshape(-1, 3)
        return table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2]

    @api.model
    def _churn_columns(self, partner, revenue, risk, today, horizon):
        """The stored columns, from a :class:`~..engine.insight.churn.Risk` in weeks."""
        size = len(risk.customer)
        row = np.minimum(np.searchsorted(risk.customer, partner), max(size - 1, 0))
        known = (
            risk.customer[row] == partner
            if size
            else np.zeros(len(partner), dtype=bool)
        )

        def spread(values, missing=np.nan):
            out = np.full(len(partner), missing)
            out[known] = np.asarray(values, dtype=float)[row[known]]
            return out

        mean, silence = spread(risk.mean), spread(risk.silence) * WEEK
        scored = ~np.isnan(mean)
        names = np.array([STATUS[Status(code)] for code in risk.status.tolist()])
        status = np.full(len(partner), "never", dtype=object)
        status[known] = names[row[known]] if size else "never"
        band = np.select(
            [~scored, silence > YEAR, mean >= RISK, mean >= WATCH],
            ["none", "lapsed", "risk", "watch"],
            "safe",
        )
        money = np.where(scored, mean, 0.0) * np.maximum(revenue, 0) * horizon / YEAR
        return {
            "churn_risk": mean.round(4),
            "churn_low": spread(risk.low).round(4),
            "churn_high": spread(risk.high).round(4),
            # the second part is what is left, so that rounded parts sum to the score
            "churn_dropped": spread(risk.dropped).round(4),
            "churn_silent": (mean.round(4) - spread(risk.dropped).round(4)).round(4),
            "churn_band": band,
            "churn_status": status,
            "churn_money": money.round(2),
            "churn_gap": (spread(risk.usual_gap) * WEEK).round(1),
            "churn_days": spread(risk.orders, 0).astype(int),
            "churn_last_date": [
                today - timedelta(days=round(days)) if days == days else None
                for days in silence.tolist()
            ],
            "churn_horizon": np.full(len(partner), horizon),
            "churn_date": [today] * len(partner),
        }

    @api.model
    def _keep_last_month(self, company, today):
        """Before this month's first risk is written, keep the one it is compared with.

        A risk over another horizon is another figure and no comparison.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE territory_account
                   SET churn_previous = CASE WHEN same THEN churn_risk END,
                       churn_previous_date = CASE WHEN same THEN churn_date END
                  FROM (SELECT id AS row,
                               churn_risk IS NOT NULL AND churn_horizon = %(horizon)s
                                   AS same
                          FROM territory_account
                         WHERE company_id = %(company)s
                           AND (churn_date < %(month)s
                                OR churn_horizon <> %(horizon)s)) old
                 WHERE old.row = territory_account.id
                """,
                company=company.id,
                horizon=company.territory_churn_days,
                month=today.replace(day=1),
            )
        )

    @api.model
    def _write_churn_change(self, company):
        self.env.cr.execute(
            SQL(
                "UPDATE territory_account "
                "SET churn_change = COALESCE(churn_risk - churn_previous, 0) "
                "WHERE company_id = %s AND COALESCE(churn_change, 0) "
                "<> COALESCE(churn_risk - churn_previous, 0)",
                company.id,
            )
        )
        self.invalidate_model()
