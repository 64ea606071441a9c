import numpy as np

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.insight import visits
from ..engine.insight.status import Status
from . import _bulk, _visit_weeks

#: Weeks after a visit in which it may sell.
REACH = 4
SEGMENTS = ("a", "b", "c", "lapsed")
STATUS = {
    Status.SCORED: "scored",
    Status.TOO_FEW_CUSTOMERS: "customers",
    Status.TOO_FEW_ORDERS: "orders",
    Status.NO_VARIATION: "variation",
    Status.NOT_CONVERGED: "unstable",
}


class TerritoryVisitEffect(models.Model):
    """How much more often customers order in the weeks after a visit, by segment.

    Each customer is compared with itself at other times; visits that merely follow
    demand are taken off. Learned every night; see docs/insight.md.
    """

    _name = "territory.visit.effect"
    _description = "Effect of Visits"
    _order = "company_id, sequence"
    _rec_name = "segment"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(readonly=True, aggregator=None)
    segment = fields.Selection(
        [
            ("all", "All"),
            ("a", "A"),
            ("b", "B"),
            ("c", "C"),
            ("lapsed", "Lapsed"),
        ],
        required=True,
        readonly=True,
    )
    status = fields.Selection(
        [
            ("scored", "Learned"),
            ("customers", "Too few customers"),
            ("orders", "Too few orders"),
            ("variation", "Visits do not vary"),
            ("unstable", "No stable answer"),
        ],
        readonly=True,
        help="An effect needs 20 customers who were visited and ordered, and 100 orders.",
    )
    ratio = fields.Float(
        string="Orders After a Visit, Times",
        readonly=True,
        aggregator=None,
        digits=(16, 3),
        help="Orders a week in the weeks after a visit, divided by those at other times.",
    )
    ratio_low = fields.Float(
        string="Times, at Least",
        readonly=True,
        aggregator=None,
        digits=(16, 3),
        help="With 97.5 % probability it is above this.",
    )
    ratio_high = fields.Float(
        string="Times, at Most", readonly=True, aggregator=None, digits=(16, 3)
    )
    chasing = fields.Float(
        string="Visits Follow Demand, Times",
        readonly=True,
        aggregator=None,
        digits=(16, 3),
        help="The same for visits still to come, which cannot have sold anything yet: "
        "what was taken off.",
    )
    extra_orders = fields.Float(
        string="More Orders per Visit", readonly=True, aggregator=None, digits=(16, 3)
    )
    extra_low = fields.Float(
        string="More Orders, at Least", readonly=True, aggregator=None, digits=(16, 3)
    )
    extra_high = fields.Float(
        string="More Orders, at Most", readonly=True, aggregator=None, digits=(16, 3)
    )
    money = fields.Monetary(
        string="Revenue per Visit",
        readonly=True,
        aggregator=None,
        help="More orders per visit times an average order of the last 12 months.",
    )
    money_low = fields.Monetary(
        string="Revenue, at Least", readonly=True, aggregator=None
    )
    money_high = fields.Monetary(
        string="Revenue, at Most", readonly=True, aggregator=None
    )
    order_value = fields.Monetary(
        string="Average Order", readonly=True, aggregator=None
    )
    customers = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Who ordered and whose visits vary: those it was learned from.",
    )
    orders = fields.Integer(readonly=True, aggregator=None)
    visits = fields.Integer(readonly=True, aggregator=None)
    reach = fields.Integer(string="Weeks After a Visit", readonly=True, aggregator=None)
    date = fields.Date(string="As Of", readonly=True, help="The last day that counts.")

    _segment_unique = models.Constraint(
        "UNIQUE (company_id, segment)", "Each segment is kept once per company."
    )

    # --------------------------------------------------------------- computing
    @api.model
    def _refresh(self, company, today=None):
        """Learn what visits do, for all customers and by segment, and write it.

        :param today: a date; weeks that are over by then count; default: today there
        :return: counts for the summary of the run
        """
        found = _visit_weeks.gather(company, today or company._territory_today())
        table = self._accounts(company)
        spot = np.minimum(
            np.searchsorted(table[:, 1], found.partner), max(len(table) - 1, 0)
        )
        known = np.zeros(len(found.partner), bool)
        if len(table):
            known = table[spot, 1] == found.partner
        orders, met = found.orders[known], found.visits[known]
        segment = table[spot[known], 2].astype(int)
        values = self._order_values(table)
        whole = visits.effect(orders, met, reach=REACH, order_value=values[0])
        count = int(segment.max(initial=0)) + 1
        parts = visits.effect(
            orders, met, segment=segment, reach=REACH, order_value=values[1 : count + 1]
        )
        columns = self._columns(company, whole, parts, values)
        columns["date"] = [found.last] * len(columns["segment"])
        _bulk.insert(self, columns, conflict=("company_id", "segment"))
        self._write_evidence(company, table, spot[known], whole)
        self._write_accounts(company)
        return {"visit_effects": columns["status"].count("scored")}

    @api.model
    def _accounts(self, company):
        """Id, partner, number of the segment, revenue and orders, by partner."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, partner_id,
                       COALESCE(array_position(%s, segment::text), %s) - 1,
                       COALESCE(revenue_12m, 0)::float8, COALESCE(orders_12m, 0)
                  FROM territory_account WHERE company_id = %s ORDER BY partner_id
                """,
                list(SEGMENTS),
                len(SEGMENTS),
                company.id,
            )
        )
        return np.array(rows, dtype=float).reshape(-1, 5)

    @api.model
    def _order_values(self, table):
        """What an average order is worth: of all, and of each segment."""
        number = table[:, 2].astype(int)
        size = len(SEGMENTS)
        money = np.bincount(number, np.maximum(table[:, 3], 0), size)[:size]
        orders = np.bincount(number, table[:, 4], size)[:size]
        money, orders = (np.append(c.sum(), c) for c in (money, orders))
        return np.divide(money, orders, out=np.full(size + 1, np.nan), where=orders > 0)

    @api.model
    def _columns(self, company, whole, parts, values):
        """A row for all and one per segment; a segment nobody is in has none scored."""
        names = {
            "ratio": "ratio",
            "ratio_low": "low",
            "ratio_high": "high",
            "chasing": "chasing",
            "extra_orders": "extra_orders",
            "extra_low": "extra_low",
            "extra_high": "extra_high",
            "money": "money",
            "money_low": "money_low",
            "money_high": "money_high",
        }
        size = len(SEGMENTS)

        def column(name, missing):
            part = getattr(parts, name)
            rest = [missing] * (size - len(part))
            return np.concatenate([getattr(whole, name), part, rest])

        status = column("status", Status.TOO_FEW_CUSTOMERS).astype(int).tolist()
        return {
            "company_id": [company.id] * (size + 1),
            "sequence": list(range(size + 1)),
            "segment": ["all", *SEGMENTS],
            "status": [STATUS[Status(code)] for code in status],
            **{ours: column(theirs, np.nan).round(3) for ours, theirs in names.items()},
            **{
                name: column(name, 0).astype(int)
                for name in ("customers", "orders", "visits")
            },
            "order_value": values.round(2),
            "reach": [REACH] * (size + 1),
        }

    @api.model
    def _write_evidence(self, company, table, spot, found):
        """Each account's own counts, none for who was not visited or did not order."""
        self.env.cr.execute(
            SQL(
                "UPDATE territory_account SET visit_evidence = NULL "
                "WHERE company_id = %s AND visit_evidence IS NOT NULL "
                "AND NOT id = ANY(%s)",
                company.id,
                table[spot, 0].astype(int).tolist(),
            )
        )
        names = ("orders_after", "periods_after", "orders_else", "periods_else")
        counts = zip(
            *(getattr(found, name).astype(int).tolist() for name in names), strict=True
        )
        _bulk.update(
            self.env["territory.account"],
            table[spot, 0].astype(int),
            {"visit_evidence": [dict(zip(names, row, strict=True)) for row in counts]},
        )

    @api.model
    def _write_accounts(self, company):
        """On each account the effect in its segment; where none was learned, of all."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE territory_account a
                   SET visit_band = found.band, visit_money = found.money
                  FROM (SELECT account.id, effect.money,
                               CASE WHEN effect.status IS DISTINCT FROM 'scored' THEN NULL
                                    WHEN effect.ratio_low > 1 THEN 'sells'
                                    WHEN effect.ratio_high < 1 THEN 'fewer'
                                    ELSE 'open' END AS band
                          FROM territory_account account
                     LEFT JOIN territory_visit_effect own
                            ON own.company_id = account.company_id
                           AND own.segment = account.segment
                           AND own.status = 'scored'
                     LEFT JOIN territory_visit_effect effect
                            ON effect.company_id = account.company_id
                           AND effect.segment = COALESCE(own.segment, 'all')
                         WHERE account.company_id = %s) found
                 WHERE a.id = found.id
                   AND (a.visit_band, a.visit_money)
                       IS DISTINCT FROM (found.band, found.money)
                """,
                company.id,
            )
        )
        self.env["territory.account"].invalidate_model()
