import numpy as np

from odoo import api, fields, models

from ..engine.insight import pricing
from ..engine.insight.status import Status
from . import _bulk, _price_lists, _prices


class TerritoryAccount(models.Model):
    """How an account's prices lie to everybody's, and which of them do not fit.

    Learned every night from the order lines of the last 365 days of all customers;
    price lists and quantity discounts in force are no issue. See docs/insight.md.
    """

    _inherit = "territory.account"

    price_issue_ids = fields.One2many("territory.price.issue", "account_id")
    price_leakage = fields.Monetary(
        string="Price Leakage a Year",
        readonly=True,
        help="What the open price issues of the account cost in the last 365 days, "
        "against the prices that would fit.",
    )
    price_issues = fields.Integer(
        string="Open Price Issues",
        readonly=True,
        help="Products whose price is too low and that nobody has accepted or fixed.",
    )
    price_level = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(16, 4),
        help="How far all prices of the account lie from what others pay, price lists "
        "and quantities taken into account. A decision, usually, and no mistake.",
    )
    price_level_low = fields.Float(
        string="Price Level, at Least",
        readonly=True,
        aggregator=None,
        digits=(16, 4),
        help="With 97.5 % probability the level is above this.",
    )
    price_level_high = fields.Float(
        string="Price Level, at Most",
        readonly=True,
        aggregator=None,
        digits=(16, 4),
        help="With 97.5 % probability the level is below this.",
    )
    price_level_money = fields.Monetary(
        string="Given by the Level",
        readonly=True,
        help="What prices at everybody's level would have brought more in 365 days; "
        "negative where the account pays more.",
    )
    price_products = fields.Integer(
        string="Products Compared",
        readonly=True,
        aggregator=None,
        help="Products of the account that at least 15 customers bought.",
    )
    price_lines = fields.Integer(
        string="Order Lines Compared", readonly=True, aggregator=None
    )
    price_status = fields.Selection(
        [
            ("scored", "Scored"),
            ("never", "Bought nothing in 365 days"),
            ("peers", "Too few customers buy the same"),
        ],
        string="Why No Price Comparison",
        readonly=True,
    )
    price_date = fields.Date(string="Prices As Of", readonly=True)

    # --------------------------------------------------------------- computing
    @api.model
    def _refresh_prices(self, company, today=None):
        """Compare all prices of a company; write issues and accounts in bulk.

        What people said of an issue (accepted, fixed, whose it is) is kept.

        :param today: the last day that counts, a date; default: today there
        :return: counts for the summary of the run
        """
        today = today or company._territory_today()
        lines = _prices.gather(company, today)
        expected, stepped = _price_lists.expected(company, lines)
        found = pricing.inconsistencies(
            lines.product,
            lines.partner,
            lines.price,
            lines.quantity,
            expected=expected,
            stepped=stepped,
            min_money=company.territory_price_min_money,
        )
        ids, partner, _revenue = self._insight_accounts(company)
        columns = self._price_columns(found, partner, today)
        _bulk.update(self, ids, columns, dated="price_date")
        issues = self.env["territory.price.issue"]
        count = issues._rewrite(company, found, lines, expected, today)
        return {
            "price_pairs": int((found.status == Status.SCORED).sum()),
            "price_issues": count,
        }

    @api.model
    def _price_columns(self, found, partner, today):
        """The stored columns, from a :class:`~..engine.insight.pricing.PriceCheck`."""
        size = len(found.customers)
        scored = found.status == Status.SCORED
        code = np.searchsorted(found.customers, found.customer)
        products = np.bincount(code[scored], minlength=size)
        lines = np.bincount(code[scored], found.lines[scored], minlength=size)
        row = np.minimum(np.searchsorted(found.customers, partner), max(size - 1, 0))
        known = (
            found.customers[row] == partner
            if size
            else np.zeros(len(partner), dtype=bool)
        )

        def spread(values):
            out = np.zeros(len(partner))
            out[known] = values[row[known]]
            return out

        compared = spread(products) > 0

        def judged(values):
            return np.where(compared, spread(values), np.nan)

        return {
            "price_level": judged(found.level).round(4),
            "price_level_low": judged(found.level_low).round(4),
            "price_level_high": judged(found.level_high).round(4),
            "price_level_money": judged(found.level_money).round(2),
            "price_products": spread(products).astype(int),
            "price_lines": spread(lines).astype(int),
            "price_status": np.select([compared, known], ["scored", "peers"], "never"),
            "price_date": [today] * len(partner),
        }
