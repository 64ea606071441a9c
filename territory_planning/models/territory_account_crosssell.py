import numpy as np

from odoo import api, fields, models

from ..engine.insight import crosssell
from ..engine.insight.status import Status
from . import _bulk, _purchases

YEAR = 365
#: Days of purchases that are compared: twice a year's seasons.
DAYS = 2 * YEAR
TOP = 3
STATUS = {
    Status.SCORED: "scored",
    Status.TOO_FEW_CUSTOMERS: "customers",
    Status.NO_PURCHASES: "alone",
}


class TerritoryAccount(models.Model):
    """What an account might buy next: what most customers like it buy and it does not.

    Learned every night from the product categories all customers bought in the last
    two years; see docs/insight.md.
    """

    _inherit = "territory.account"

    crosssell = fields.Json(
        string="Next Purchases",
        readonly=True,
        help="Up to three product categories, most likely first: id, how many of the "
        "most similar customers buy it, their share with its range, and what those who "
        "buy it spend on it in 12 months.",
    )
    crosssell_category_id = fields.Many2one(
        "product.category",
        string="Next Purchase",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The product category it most likely buys next.",
    )
    # Ids of customers that may be closed to who reads the account: never sent.
    crosssell_peers = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    crosssell_lookalikes = fields.Integer(
        string="Similar Customers",
        readonly=True,
        aggregator=None,
        help="Those the first of the next purchases was told from, 50 at most: customers "
        "who buy the same but for that category.",
    )
    crosssell_bought = fields.Integer(
        string="Categories Bought",
        readonly=True,
        aggregator=None,
        help="Different product categories bought in the last two years.",
    )
    crosssell_money = fields.Monetary(
        string="Next Purchases, Worth a Year",
        readonly=True,
        help="What similar customers spend on these categories in 12 months, times the "
        "share of them who buy them.",
    )
    crosssell_status = fields.Selection(
        [
            ("scored", "Scored"),
            ("never", "Bought nothing yet"),
            ("customers", "Too few customers"),
            ("alone", "Nobody buys alike"),
            ("all", "Buys all of it"),
        ],
        string="Why No Next Purchase",
        readonly=True,
    )
    crosssell_date = fields.Date(string="Next Purchases As Of", readonly=True)

    # --------------------------------------------------------------- computing
    @api.model
    def _refresh_crosssell(self, company, today=None):
        """Suggest next purchases to all accounts of a company and write them in bulk.

        :param today: the last day whose purchases count; default: today there
        :return: counts for the summary of the run
        """
        today = today or company._territory_today()
        ids, partner, _revenue = self._insight_accounts(company)
        bought = _purchases.gather(company, today, DAYS)
        found = crosssell.suggest(
            bought.partner, bought.category, amount=bought.amount, top=TOP
        )
        columns = self._crosssell_columns(partner, found)
        columns["crosssell_date"] = [today] * len(partner)
        _bulk.update(self, ids, columns, dated="crosssell_date")
        return {"crosssell_scored": columns["crosssell_status"].count("scored")}

    @api.model
    def _crosssell_columns(self, partner, found):
        """The stored columns, from :class:`~..engine.insight.crosssell.Suggestions`."""
        row_of = {key: row for row, key in enumerate(found.customer.tolist())}
        columns = {
            name: []
            for name in (
                "crosssell",
                "crosssell_category_id",
                "crosssell_peers",
                "crosssell_lookalikes",
                "crosssell_bought",
                "crosssell_money",
                "crosssell_status",
            )
        }
        for key in partner.tolist():
            for name, value in self._crosssell_values(found, row_of.get(key)).items():
                columns[name].append(value)
        return columns

    @api.model
    def _crosssell_values(self, found, row):
        items = [] if row is None else self._crosssell_items(found, row)
        status = "never" if row is None else STATUS[Status(found.status[row])]
        if status == "scored" and not items:
            status = "all"
        ranks = np.flatnonzero(~np.isnan(found.score[row])) if items else []
        peers = [found.neighbours[row, rank] for rank in ranks]
        return {
            "crosssell": {"items": items},
            "crosssell_category_id": items[0]["category"] if items else None,
            "crosssell_peers": {
                "by_rank": [found.customer[near[near >= 0]].tolist() for near in peers]
            },
            "crosssell_lookalikes": items[0]["lookalikes"] if items else 0,
            "crosssell_bought": 0 if row is None else int(found.bought[row]),
            "crosssell_money": round(
                sum(item["money"] * item["share"] for item in items), 2
            ),
            "crosssell_status": status,
        }

    @api.model
    def _crosssell_items(self, found, row):
        """The suggestions of one customer; money a year."""
        return [
            {
                "category": int(found.item[row, rank]),
                "count": int(found.count[row, rank]),
                "lookalikes": int(found.lookalikes[row, rank]),
                "share": round(float(found.score[row, rank]), 4),
                "low": round(float(found.low[row, rank]), 4),
                "high": round(float(found.high[row, rank]), 4),
                "money": round(float(found.money[row, rank]) * YEAR / DAYS, 2),
            }
            for rank in np.flatnonzero(~np.isnan(found.score[row])).tolist()
        ]
