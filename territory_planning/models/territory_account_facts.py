import json

import numpy as np

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from . import _bulk, _facts

YEAR = 12


class TerritoryAccount(models.Model):
    """How an account's facts get there."""

    _inherit = "territory.account"

    def init(self):
        done = super().init()
        # With each month most rows are written anew. Where a page has room for its rows'
        # next versions PostgreSQL leaves the fifteen indexes alone: half the work.
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s SET (fillfactor = 50)",
                SQL.identifier(self._table),
            )
        )
        return done

    @api.model
    def _has_data(self, company):
        """Whether there is anything to plan with in this company."""
        return bool(
            # sudo: asked by the scheduled action about a company as a whole
            self.sudo().search_count([("company_id", "=", company.id)], limit=1)
            or self.env["sale.order"]
            .sudo()
            .search_count(
                [("company_id", "=", company.id), ("state", "=", "sale")], limit=1
            )
        )

    @api.model
    def _cron_refresh(self):
        """Every night: the facts of every company that sells."""
        for company in self.env["res.company"].search([]):
            if self._has_data(company):
                self.env["territory.run"]._start("refresh", company)
                self.env["territory.run"]._start("insights", company)

    @api.model
    def _refresh(self, company, until=None):
        """Gather the facts of a company's accounts and write them in bulk.

        Accounts that no longer have any facts keep their row, with zeros; a row is
        only taken away with its partner.

        :param until: first day of the month after the last one that counts;
            default: the current month, so that only full months count
        :return: how many accounts were written
        """
        until = until or self.env["territory.plan"]._this_month(company)
        facts = _facts.gather(company, until, company.territory_history_months)
        self._forget_others(company, facts.partner)
        if len(facts):
            self._write_facts(company, facts)
        return len(facts)

    @api.model
    def _forget_others(self, company, partner):
        """Zero the facts of accounts that have none any more."""
        self.env.execute_query(
            SQL(
                """
                UPDATE territory_account
                   SET revenue_12m = 0, revenue_previous = 0, revenue_change = 0,
                       margin_12m = 0,
                       orders_12m = 0, visits_12m = 0, open_leads = 0, pipeline = 0,
                       history = NULL, data_date = %s
                 WHERE company_id = %s AND NOT partner_id = ANY(%s)
                """,
                fields.Datetime.now(),
                company.id,
                partner.tolist(),
            )
        )

    @api.model
    def _write_facts(self, company, facts):
        now = fields.Datetime.now()
        last, before = facts.revenue[:, -YEAR:], facts.revenue[:, -2 * YEAR : -YEAR]
        now_12m, before_12m = (part.sum(axis=1).round(2) for part in (last, before))
        rate, known = self._margin_rates(company, facts)
        columns = {
            "partner_id": facts.partner,
            "revenue_12m": now_12m,
            "revenue_previous": before_12m,
            "revenue_change": np.divide(
                now_12m - before_12m,
                before_12m,
                out=np.zeros(len(facts)),
                where=before_12m > 0,
            ),
            "margin_12m": (last.sum(axis=1) * rate).round(2),
            "margin_rate": rate,
            "margin_known": known,
            "orders_12m": facts.orders[:, -YEAR:].sum(axis=1),
            "visits_12m": facts.visits[:, -YEAR:].sum(axis=1),
            "last_order_date": facts.last_order,
            "last_visit_date": facts.last_visit,
            "next_visit_date": facts.next_visit,
            "open_leads": facts.open_leads,
            "pipeline": facts.pipeline.round(2),
            "segment": self._segments(facts),
            "history": self._histories(facts),
        }
        _bulk.insert(
            self,
            columns,
            conflict=("company_id", "partner_id"),
            constants={"company_id": company.id, "data_date": now},
        )
        self._write_date(company, facts.partner, now)
        self._write_partner_columns(company)

    @api.model
    def _write_date(self, company, partner, now):
        """Date the facts of those too for whom nothing has changed since."""
        self.env.execute_query(
            SQL(
                """
                UPDATE territory_account SET data_date = %s
                 WHERE company_id = %s AND partner_id = ANY(%s)
                   AND data_date IS DISTINCT FROM %s
                """,
                now,
                company.id,
                partner.tolist(),
                now,
            )
        )

    @api.model
    def _margin_rates(self, company, facts):
        """Margin as a share of revenue, and whether it is the account's own.

        Where no line of an account has a cost, the company's rate over the lines
        that have one; where no line at all has one, the company's setting.
        """
        costed, margin = facts.costed.sum(axis=1), facts.margin.sum(axis=1)
        known = costed > 0
        total = costed[known].sum()
        usual = (
            margin[known].sum() / total
            if total > 0
            else company.territory_default_margin
        )
        rate = np.where(known, margin / np.where(known, costed, 1.0), usual)
        return np.clip(rate, -1.0, 1.0).round(4), known

    @api.model
    def _segments(self, facts):
        """A, B and C by revenue of the last year (80 %, 95 %, 100 %), and the rest."""
        revenue = np.maximum(facts.revenue[:, -YEAR:].sum(axis=1), 0.0)
        order = np.argsort(-revenue, kind="stable")
        before = np.cumsum(revenue[order]) - revenue[order]
        share = np.empty(len(facts))
        share[order] = before / max(revenue.sum(), 1e-9)
        bought = np.array([day is not None for day in facts.last_order], dtype=bool)
        return np.select(
            [revenue > 0, bought],
            [np.select([share < 0.8, share < 0.95], ["a", "b"], "c"), "lapsed"],
            "prospect",
        )

    @api.model
    def _histories(self, facts):
        """The months as the card and the plan read them, newest last: texts in JSON."""
        columns = {
            "revenue": facts.revenue.round(2),
            "margin": facts.margin.round(2),
            "costed": facts.costed.round(2),
            "orders": facts.orders,
            "visits": facts.visits,
        }
        pattern = json.dumps({"from": facts.first_month.isoformat()})[:-1]
        pattern += "".join(f', "{name}": [%s]' for name in columns) + "}"
        # all rows of a column as one text, cut up: a tenth of the time of row by row
        texts = [
            json.dumps(values.tolist())[2:-2].split("], [")
            for values in columns.values()
        ]
        return [pattern % months for months in zip(*texts, strict=True)]

    @api.model
    def _write_partner_columns(self, company):
        """Fill the stored computed fields of rows the ORM did not create.

        Only rows that differ are touched: after the first night, hardly any.
        """
        computed = {
            "name": "p.name",
            "active": "p.active",
            "user_id": "p.user_id",
            "team_id": "team.id",
            "country_id": "p.country_id",
            "state_id": "p.state_id",
            "zip": "p.zip",
            "city": "p.city",
            "latitude": "p.partner_latitude",
            "longitude": "p.partner_longitude",
            "industry_id": "p.industry_id",
            "employees": "p.territory_employees",
            "turnover_class": "p.territory_turnover_class",
            "location_quality": """CASE
                WHEN COALESCE(p.partner_latitude, 0) = 0
                     AND COALESCE(p.partner_longitude, 0) = 0 THEN 'none'
                WHEN ABS(p.partner_latitude) > 90
                     OR ABS(p.partner_longitude) > 180 THEN 'invalid'
                ELSE 'given' END""",
            "place_status": "p.territory_place_status",
            "place_precision": "p.territory_place_precision",
            "place_reason": "p.territory_place_reason",
            "place_skip_date": "p.territory_place_skip_date",
        }
        names = SQL(", ").join(SQL.identifier(name) for name in computed)
        self.env.execute_query(
            SQL(
                """
                WITH right_ones AS (
                    SELECT a.id, %(values)s
                      FROM territory_account a
                      JOIN res_partner p ON p.id = a.partner_id
                 LEFT JOIN res_users u ON u.id = p.user_id
                 LEFT JOIN crm_team team ON team.id = u.sale_team_id
                           AND (team.company_id IS NULL
                                OR team.company_id = %(company)s)
                     WHERE a.company_id = %(company)s
                )
                UPDATE territory_account a SET (%(names)s) = (%(right)s)
                  FROM right_ones r
                 WHERE r.id = a.id AND (%(mine)s) IS DISTINCT FROM (%(right)s)
                """,
                values=SQL(", ").join(
                    SQL("%s AS %s", SQL(value), SQL.identifier(name))
                    for name, value in computed.items()
                ),
                names=names,
                mine=SQL(", ").join(SQL.identifier("a", name) for name in computed),
                right=SQL(", ").join(SQL.identifier("r", name) for name in computed),
                company=company.id,
            )
        )
        self.invalidate_model()

    @api.model
    def _panel(self, accounts, months=None):
        """Revenue and visits per month of accounts, as arrays.

        :param months: how many; default: as many as the accounts' company looks back
        :return: ``revenue (n, t)``, ``visits (n, t)``; zeros for an account whose
            facts have not been gathered
        :raises UserError: a history that is no numbers, naming its account
        """
        if months is None:
            months = accounts[:1].company_id.territory_history_months
        # Past the ORM, which hands out a deep copy of each history
        accounts.flush_model(["history"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT (history -> 'revenue')::text, (history -> 'visits')::text,
                       history IS NOT NULL
                  FROM unnest(%s::int[]) WITH ORDINALITY wanted(id, place)
             LEFT JOIN territory_account account ON account.id = wanted.id
              ORDER BY wanted.place
                """,
                accounts.ids,
            )
        )
        gathered = np.array([row[2] for row in rows], dtype=bool)
        revenue, known = self._months([row[0] for row in rows], months)
        visits, counted = self._months([row[1] for row in rows], months)
        revenue[known != counted] = np.nan  # told below, with the name
        revenue[gathered & (known < 0)] = np.nan
        sound = np.isfinite(revenue).all(axis=1) & np.isfinite(visits).all(axis=1)
        sound &= (visits >= 0).all(axis=1)
        for row in np.flatnonzero(~sound)[:1]:
            raise UserError(
                self.env._(
                    "“Monthly History” of “%(account)s” holds something that is no "
                    "number, or visits below zero. It is gathered anew every night; to "
                    "do it now, compute the month again.",
                    account=accounts[int(row)].display_name,
                )
            )
        return revenue, visits

    @api.model
    def _months(self, texts, months):
        """The last months of lists of numbers in JSON, NaN where one is none.

        :param texts: a text or None for each account
        :return: ``(n, months)``, zeros before a list begins and where there is none, and
            the lengths of the lists, -1 where there is none
        """
        panel, lengths = np.zeros((len(texts), months)), np.full(len(texts), -1)
        for begin in range(0, len(texts), _bulk.CHUNK):
            joined = ",".join(text or "[]" for text in texts[begin:][: _bulk.CHUNK])
            for row, numbers in enumerate(json.loads(f"[{joined}]"), begin):
                if texts[row] is None:
                    continue
                try:
                    lengths[row] = len(numbers)
                    known = min(months, len(numbers))
                    panel[row, months - known :] = numbers[len(numbers) - known :]
                except (TypeError, ValueError):
                    panel[row] = np.nan
        return panel, lengths
