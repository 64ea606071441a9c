import numpy as np

from odoo import api, models
from odoo.tools import SQL

from . import _bulk

UNTOUCHED = """
    state = 'open' AND assigned_id IS NULL AND COALESCE(TRIM(note), '') = ''
    AND COALESCE(TRIM(reason), '') = ''
"""


class TerritoryPriceIssue(models.Model):
    """How issues get there, and what of them stays."""

    _inherit = "territory.price.issue"

    @api.model
    def _rewrite(self, company, found, lines, expected, today):
        """Bring a company's issues to what was found, in bulk.

        :param found: :class:`~..engine.insight.pricing.PriceCheck` of the lines
        :param lines: :class:`~._prices.PriceLines`, none of which ``found`` dropped
        :param expected: ``(m,)`` price of each line by its price list, NaN unknown
        :return: how many are flagged
        """
        self.env.flush_all()
        account = self._accounts_of(company, found.customer)
        flagged = np.flatnonzero(found.flag & (account > 0))
        known = self._known(company)
        keys = list(
            zip(account[flagged].tolist(), found.product[flagged].tolist(), strict=True)
        )
        columns = self._columns(found, lines, expected, flagged, today)
        columns["relapsed"] = self._relapsed(found, lines, flagged, keys, known)
        old = np.array([key in known for key in keys], dtype=bool)
        seen = [known[key][0] for key in keys if key in known]
        self._forget(company, seen, today)
        if old.any():
            _bulk.update(self, seen, _rows(columns, old))
        if (~old).any():
            new = _rows(columns, ~old)
            new["company_id"] = [company.id] * len(new["price"])
            new["account_id"], new["product_id"] = (
                np.array([keys[row][part] for row in np.flatnonzero(~old)])
                for part in (0, 1)
            )
            new["state"] = ["open"] * len(new["price"])
            _bulk.insert(self, new)
        self._write_related(company)
        self._sum_up(company)
        return len(flagged)

    @api.model
    def _accounts_of(self, company, partner):
        """Ids of the accounts ``(n,)`` of partners, 0 for who is none."""
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, id FROM territory_account "
                "WHERE company_id = %s ORDER BY partner_id",
                company.id,
            )
        )
        table = np.array(rows, dtype=np.int64).reshape(-1, 2)
        if not len(table):
            return np.zeros(len(partner), dtype=np.int64)
        row = np.minimum(np.searchsorted(table[:, 0], partner), len(table) - 1)
        return np.where(table[row, 0] == partner, table[row, 1], 0)

    @api.model
    def _known(self, company):
        """(account, product) -> (id, day it was marked as fixed, or None)."""
        rows = self.env.execute_query(
            SQL(
                "SELECT account_id, product_id, id, "
                "CASE WHEN state = 'fixed' THEN fixed_date END "
                "FROM territory_price_issue WHERE company_id = %s",
                company.id,
            )
        )
        return {(row[0], row[1]): (row[2], row[3]) for row in rows}

    @api.model
    def _columns(self, found, lines, expected, flagged, today):
        pair = _pairs(lines)
        size = len(found.price)
        # what the price list asked, over the lines of which that is known
        listed = np.where(np.isfinite(expected), lines.quantity, 0.0)
        asked = np.bincount(
            pair, np.nan_to_num(expected) * listed, minlength=size
        ) / np.maximum(np.bincount(pair, listed, minlength=size), 1e-12)
        last = np.full(size, np.datetime64("0001-01-01", "D"))
        np.maximum.at(last, pair, lines.day)
        reference = found.reference[flagged]
        base, level = found.base[flagged], found.level_part[flagged]
        return {
            "date": [today] * len(flagged),
            "flagged": np.ones(len(flagged), dtype=bool),
            "direction": np.where(found.deviation[flagged] < 0, "low", "high"),
            "price": found.price[flagged],
            "reference": reference,
            "reference_low": found.reference_low[flagged],
            "reference_high": found.reference_high[flagged],
            "base": base,
            "level_part": level,
            "quantity_part": reference - base - level,
            "list_price": asked[flagged],
            "deviation": found.deviation[flagged].round(4),
            "leakage": found.leakage[flagged].round(2),
            "quantity": found.quantity[flagged],
            "order_lines": found.lines[flagged],
            "peers": found.peers[flagged],
            "last_date": last[flagged].tolist(),
        }

    @api.model
    def _relapsed(self, found, lines, flagged, keys, known):
        """Whether orders since the day an issue was fixed are still off."""
        fixed = [known[key][1] if key in known else None for key in keys]
        since = np.full(len(found.price), np.datetime64("9999-12-31", "D"))
        since[flagged] = [day or np.datetime64("9999-12-31", "D") for day in fixed]
        pair = _pairs(lines)
        later = lines.day > since[pair]
        bought = np.bincount(pair[later], lines.quantity[later], minlength=len(since))
        paid = np.bincount(
            pair[later], (lines.price * lines.quantity)[later], minlength=len(since)
        ) / np.maximum(bought, 1e-12)
        off = (paid < found.reference_low) | (paid > found.reference_high)
        return ((bought > 0) & off)[flagged]

    @api.model
    def _forget(self, company, seen, today):
        """What is not found any more: rows nobody touched go, the others stay as such."""
        params = {"company": company.id, "seen": seen, "today": today}
        gone = SQL("company_id = %(company)s AND NOT id = ANY(%(seen)s)", **params)
        self.env.cr.execute(
            SQL(
                "DELETE FROM territory_price_issue WHERE %s AND %s",
                gone,
                SQL(UNTOUCHED),
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE territory_price_issue "
                "SET flagged = FALSE, relapsed = FALSE, date = %s WHERE %s AND flagged",
                today,
                gone,
            )
        )
        self.invalidate_model()

    @api.model
    def _write_related(self, company):
        """Fill the stored related fields of rows the ORM did not create."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE territory_price_issue issue
                   SET user_id = a.user_id, categ_id = t.categ_id
                  FROM territory_account a, product_product p, product_template t
                 WHERE issue.company_id = %s AND a.id = issue.account_id
                   AND p.id = issue.product_id AND t.id = p.product_tmpl_id
                   AND (issue.user_id, issue.categ_id)
                       IS DISTINCT FROM (a.user_id, t.categ_id)
                """,
                company.id,
            )
        )
        self.invalidate_model()


def _pairs(lines):
    """Number of each line's pair of product and customer ``(m,)``, in the order of
    first lines, as the engine answers."""
    if not len(lines):
        return np.zeros(0, dtype=np.int64)
    key = lines.product * (int(lines.partner.max()) + 1) + lines.partner
    _keys, first, pair = np.unique(key, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[pair]


def _rows(columns, chosen):
    """The chosen rows of columns, lists or arrays."""
    rows = np.flatnonzero(chosen)
    return {
        name: values[rows]
        if isinstance(values, np.ndarray)
        else [values[row] for row in rows]
        for name, values in columns.items()
    }
