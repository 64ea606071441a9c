import json

import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.insight import potential
from ..engine.insight.potential import Confidence
from ..engine.insight.status import Status
from . import _bulk

LOOKALIKES = 5
#: A gap below this share of the potential is none, from this on it is much.
SOME, MUCH = 0.05, 0.5
STATUS = {
    Status.SCORED: "scored",
    Status.TOO_FEW_CUSTOMERS: "customers",
    Status.NO_PURCHASES: "purchases",
    Status.NOT_CONVERGED: "unstable",
}
CONFIDENCE = {
    Confidence.LOW: "low",
    Confidence.MEDIUM: "medium",
    Confidence.HIGH: "high",
}
#: Features that say how large a company is; without any confidence is low.
SIZE = ("employees", "turnover")


class TerritoryAccount(models.Model):
    """What comparable customers buy, and what is missing to it.

    Learned every night from all customers of the company by what is known of them:
    size, industry, place, how long they have been customers. See docs/insight.md.
    """

    _inherit = "territory.account"

    industry_id = fields.Many2one(related="partner_id.industry_id", store=True)
    employees = fields.Integer(
        related="partner_id.territory_employees", store=True, aggregator=None
    )
    turnover_class = fields.Selection(
        related="partner_id.territory_turnover_class", store=True
    )
    customer_since = fields.Date(readonly=True, help="The day of its first order.")
    potential = fields.Monetary(
        string="Potential a Year",
        readonly=True,
        help="What the best 15 % of comparable customers buy at least in 12 months: "
        "comparable by size, industry, place and how long they have been customers.",
    )
    potential_low = fields.Monetary(
        string="Potential, at Least",
        readonly=True,
        aggregator=None,
        help="With 95 % probability the potential is above this.",
    )
    potential_high = fields.Monetary(
        string="Potential, at Most",
        readonly=True,
        aggregator=None,
        help="With 95 % probability the potential is below this.",
    )
    potential_gap = fields.Monetary(
        string="Gap to Potential",
        readonly=True,
        help="The potential less the revenue of the last 12 months; 0 for who buys more.",
    )
    potential_band = fields.Selection(
        [
            ("much", "Much room"),
            ("some", "Some room"),
            ("reached", "Reached"),
            ("new", "Buys nothing yet"),
            ("none", "No score"),
        ],
        string="Room to Grow",
        readonly=True,
        index="btree_not_null",
        help="Much room: at least half of the potential is missing; some: 5 % and more; "
        "reached: less. Buys nothing yet: no revenue in the last 12 months.",
    )
    potential_confidence = fields.Selection(
        [("high", "High"), ("medium", "Medium"), ("low", "Low")],
        string="Potential, Confidence",
        readonly=True,
        help="Low where neither employees nor annual revenue are known, for who buys "
        "nothing yet, and where the range is wide.",
    )
    potential_status = fields.Selection(
        [
            ("scored", "Scored"),
            ("customers", "Too few customers"),
            ("purchases", "Nobody bought anything"),
            ("unstable", "No stable answer"),
        ],
        string="Why No Potential",
        readonly=True,
    )
    potential_parts = fields.Json(
        string="Potential Made Up Of",
        readonly=True,
        help="Money by what is known; “common” is what everybody has. They sum to the "
        "potential.",
    )
    potential_lookalikes = fields.Json(
        string="Most Similar Customers", readonly=True, help="Ids of accounts."
    )
    potential_customers = fields.Integer(
        string="Potential Learned From",
        readonly=True,
        aggregator=None,
        help="Number of customers with revenue in the last 12 months.",
    )
    potential_date = fields.Date(string="Potential As Of", readonly=True)

    # --------------------------------------------------------------- computing
    @api.model
    def _refresh_potential(self, company, today=None):
        """Learn what customers buy by what is known of them; write it in bulk.

        :param today: the day tenure is counted to, a date; default: today there
        :return: counts for the summary of the run
        """
        today = today or company._territory_today()
        ids, revenue, since, features = self._potential_features(company, today)
        if not len(ids):
            return {"potential_scored": 0}
        buys = np.flatnonzero(revenue > 0)
        known = {name: column[buys] for name, column in features.items()}
        model = potential.fit(known, revenue[buys], size=SIZE)
        found = model.gap(features, revenue)
        columns = self._potential_columns(found, revenue)
        scored = model.status == Status.SCORED
        columns["potential_parts"] = (
            self._potential_parts(model, features, columns["potential"])
            if scored
            else [None] * len(ids)
        )
        itself = np.full(len(ids), -1)
        itself[buys] = np.arange(len(buys))
        near = model.nearest(features, LOOKALIKES, itself=itself)
        columns["potential_lookalikes"] = _id_lists(ids[buys], near, scored)
        columns["potential_customers"] = np.full(len(ids), model.evidence)
        columns["customer_since"] = since
        columns["potential_date"] = [today] * len(ids)
        _bulk.update(self, ids, columns, dated="potential_date")
        return {"potential_scored": len(ids) if scored else 0}

    @api.model
    def _potential_features(self, company, today):
        """Ids, revenue of 12 months and what is known of a company's accounts.

        :return: ``ids (n,)``, ``revenue (n,)``, day of the first order ``(n,)`` or None,
            mapping of names to columns ``(n,)``
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id, COALESCE(a.revenue_12m, 0)::float8,
                       NULLIF(p.territory_employees, 0)::float8,
                       p.territory_turnover_class::float8,
                       CASE WHEN first.day IS NOT NULL
                            THEN GREATEST(%(today)s::date - first.day, 0) / 365.25
                        END::float8,
                       p.industry_id, p.country_id, p.state_id,
                       CASE WHEN p.is_company THEN 'company' ELSE 'person' END,
                       first.day
                  FROM territory_account a
                  JOIN res_partner p ON p.id = a.partner_id
             LEFT JOIN (%(first)s) first ON first.partner = a.partner_id
                 WHERE a.company_id = %(company)s
              ORDER BY a.id
                """,
                today=today,
                first=self._first_orders(company),
                company=company.id,
            )
        )
        columns = list(zip(*rows, strict=True)) or [()] * 10

        def number(column):
            return np.array(column, dtype=float)  # None becomes NaN

        def key(column):
            return np.array([value and str(value) for value in column], dtype=object)

        names = ("employees", "turnover", "tenure")
        features = dict(zip(names, map(number, columns[2:5]), strict=True))
        names = ("industry", "country", "state", "kind")
        features |= dict(zip(names, map(key, columns[5:9]), strict=True))
        ids, revenue = np.array(columns[0], dtype=int), number(columns[1])
        return ids, revenue, list(columns[9]), features

    @api.model
    def _first_orders(self, company):
        """SQL of the day each customer bought first."""
        if company.territory_revenue_source == "invoice":
            return SQL(
                """
                SELECT commercial_partner_id AS partner, MIN(invoice_date) AS day
                  FROM account_move
                 WHERE company_id = %s AND state = 'posted'
                   AND move_type IN ('out_invoice', 'out_receipt')
              GROUP BY commercial_partner_id
                """,
                company.id,
            )
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner, MIN(o.date_order)::date AS day
              FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
             WHERE o.company_id = %s AND o.state = 'sale'
          GROUP BY p.commercial_partner_id
            """,
            company.id,
        )

    @api.model
    def _potential_columns(self, found, revenue):
        """The stored columns, from a :class:`~..engine.insight.potential.Gap`."""
        scored = found.status == Status.SCORED
        share = np.divide(
            found.gap,
            found.potential,
            out=np.zeros(len(revenue)),
            where=scored & (found.potential > 0),
        )
        band = np.select(
            [~scored, revenue <= 0, share >= MUCH, share >= SOME],
            ["none", "new", "much", "some"],
            "reached",
        )
        confidence = np.array([CONFIDENCE[code] for code in Confidence])
        # what a customer who buys nothing could buy, nobody has seen
        code = np.where(revenue > 0, found.confidence, Confidence.LOW)
        return {
            "potential": found.potential.round(2),
            "potential_low": found.low.round(2),
            "potential_high": found.high.round(2),
            "potential_gap": found.gap.round(2),
            "potential_band": band,
            "potential_confidence": np.where(scored, confidence[code], None),
            "potential_status": [
                STATUS[Status(code)] for code in found.status.tolist()
            ],
        }

    @api.model
    def _potential_parts(self, model, features, shown):
        """Money by what is known, rounded so that it sums to what is shown."""
        names, parts = model.parts(features)
        parts = parts.round(2)
        # what everybody has in common takes up the rounding
        parts[:, 0] = (shown - parts[:, 1:].sum(axis=1)).round(2)
        names = ["common", *names[1:]]
        return [
            json.dumps(dict(zip(names, row, strict=True))) for row in parts.tolist()
        ]


def _id_lists(ids, near, scored):
    """Lists of account ids from rows of the fit, none where there is no score."""
    if not scored:
        return [None] * len(near)
    named = np.where(near >= 0, ids[near], 0).tolist()
    return [json.dumps([account for account in row if account]) for row in named]
