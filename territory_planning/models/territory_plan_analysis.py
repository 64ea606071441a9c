import numpy as np

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine.month import ranked
from ._analysis_figures import PART_FIGURES, SIZING_FIGURES, TOTALS
from ._analysis_workbook import AnalysisWorkbook
from ._client_values import ID_MAX, number, record_id

PAGE = 40
MOST_ROWS = 200
MOVES = 6
LEAST_HOURS = 0.05  # of a move worth telling
PLANS = 24

#: What the table of accounts may be sorted by: fixed, since it comes from a browser.
ORDERS = {
    "gain": "expected_gain desc, id",
    "revenue": "revenue_month desc, id",
    "today": "visits_today desc, id",
    "optimal": "visits_optimal desc, id",
    "factor": "allocation_factor desc, id",
    "hour": "next_hour_value desc, id",
}


class TerritoryPlan(models.Model):
    """What the Analysis window shows of a month, and its spreadsheet.

    All of it under the rights of who asks: a rep sees own rows and no totals.
    """

    _inherit = "territory.plan"

    @api.model
    @api.readonly
    def get_territory_analysis(self, plan_id=False):
        """Answer with a month by region and rep, and how many reps would pay.

        :param plan_id: which month; the latest computed one of the company if False
        :return: plain values; ``plan`` is False while no month has been computed
        """
        plan = self._analysis_plan(plan_id)
        if not plan:
            return {"plan": False, "can_open": self.has_access("create")}
        return {
            "plan": plan._analysis_head(),
            "plans": plan._analysis_months(),
            "parts": plan._analysis_parts(),
            "sizing": plan._analysis_sizing(),
        }

    @api.readonly
    def get_territory_analysis_accounts(
        self, part_id=False, domain=None, order="gain", offset=0, limit=PAGE
    ):
        """Answer with one page of the month's accounts.

        :param part_id: only those of one region and rep, a ``territory.plan.region``
        :param domain: only those a search of ``territory.account`` finds
        :param order: a key of ``ORDERS``, with a ``-`` before it for the other way round
        :return: ``total`` number of accounts and the ``rows`` asked for
        """
        self.ensure_one()
        found = self._analysis_domain(part_id, domain)
        lines = self.env["territory.plan.line"]
        page = lines.search(
            found,
            order=self._analysis_order(order),
            offset=int(number(self.env, offset, self.env._("First row"), 0, ID_MAX)),
            limit=min(
                int(number(self.env, limit, self.env._("Rows"), 1, ID_MAX)), MOST_ROWS
            ),
        )
        return {"total": lines.search_count(found), "rows": page._analysis_rows()}

    @api.readonly
    def get_territory_analysis_moves(self, part_id):
        """Answer with the accounts that give most hours and those that take most.

        Hours move only between the accounts of one rep, in whatever region they are.

        :param part_id: a ``territory.plan.region``: whose hours
        :return: ``gives`` and ``takes``, at most six accounts each, and the sums
        """
        self.ensure_one()
        part = self.env["territory.plan.region"].search(
            [
                ("id", "=", record_id(self.env, part_id, self.env._("Region and rep"))),
                ("plan_id", "=", self.id),
            ]
        )
        lines = self.env["territory.plan.line"]
        if part:
            lines = lines.search(
                [("plan_id", "=", self.id), ("user_id", "=", part.user_id.id)],
                order="id",
            )
        rows = lines.read(["hours_today", "hours_optimal"], load=None)
        change = np.array(
            [row["hours_optimal"] - row["hours_today"] for row in rows], float
        )
        less, more = np.maximum(-change, 0.0), np.maximum(change, 0.0)
        return {
            "gives": self._analysis_largest(lines, less),
            "takes": self._analysis_largest(lines, more),
            "given": float(less.sum()),
            "taken": float(more.sum()),
        }

    @api.model
    def _analysis_largest(self, lines, hours):
        """The accounts of the most hours, as the window shows them."""
        group = np.zeros(len(lines), dtype=int)
        (rows,) = ranked(hours, group, 1, MOVES, least=LEAST_HOURS)
        rows = rows[rows >= 0].tolist()
        return lines.browse([lines.ids[row] for row in rows])._analysis_moves(
            hours[rows]
        )

    # ------------------------------------------------------------------ pieces
    @api.model
    def _analysis_plan(self, plan_id):
        """The plan asked for, else the latest computed one of the company."""
        domain = Domain("computed_on", "!=", False)
        if plan_id:
            plan_id = record_id(self.env, plan_id, self.env._("Month"))
            plan = self.search(domain & Domain("id", "=", plan_id))
            if not plan:
                raise UserError(
                    self.env._(
                        "This month's plan is no longer there, or you have no access to "
                        "it. Choose another month."
                    )
                )
            return plan
        own = domain & Domain("company_id", "=", self.env.company.id)
        return self.search(own, order="date_from desc", limit=1)

    def _analysis_head(self):
        (facts,) = self.read(["name", "state", "computed_on", "run_state"], load=None)
        totals = {}
        if self._has_field_access(self._fields["gap"], "read"):
            (totals,) = self.read(TOTALS, load=None)
        return {
            **facts,
            "company": self.company_id.display_name,
            "currency_id": self.currency_id.id,
            "totals": totals or False,
            "can_compute": self.has_access("write"),
        }

    def _analysis_months(self):
        """The months one can look at, the latest first."""
        plans = self.search(
            [("company_id", "=", self.company_id.id), ("computed_on", "!=", False)],
            order="date_from desc",
            limit=PLANS,
        )
        return [{"id": plan.id, "name": plan.name} for plan in plans]

    def _analysis_parts(self):
        parts = self.env["territory.plan.region"].search(
            [("plan_id", "=", self.id)], order="expected_gain desc, id"
        )
        rows = parts.read(["region_id", "user_id", "team_id", *PART_FIGURES])
        for row in rows:
            for name in ("region_id", "user_id", "team_id"):
                row[name.removesuffix("_id")] = row.pop(name) or False
        return rows

    def _analysis_sizing(self):
        sizing = self.env["territory.plan.sizing"]
        if not sizing.has_access("read"):
            return False
        return sizing.search_read(
            [("plan_id", "=", self.id)],
            ["scope", *SIZING_FIGURES, "curve"],
            load=None,
        )

    def _analysis_domain(self, part_id, domain):
        found = Domain("plan_id", "=", self.id)
        if part_id:
            part_id = record_id(self.env, part_id, self.env._("Region and rep"))
            found &= Domain("plan_region_id", "=", part_id)
        if domain:
            try:
                accounts = Domain(domain)
                accounts.validate(self.env["territory.account"])
            except (ValueError, TypeError) as error:
                raise UserError(
                    self.env._("This search cannot be run on the month's accounts.")
                ) from error
            found &= Domain("account_id", "any", accounts)
        return found

    @api.model
    def _analysis_order(self, order):
        name = str(order)
        backwards = name.startswith("-")
        terms = ORDERS.get(name.lstrip("-"), ORDERS["gain"])
        if not backwards:
            return terms
        first, rest = terms.split(",", 1)
        column, _space, direction = first.partition(" ")
        return f"{column} {'asc' if direction else 'desc'},{rest}"

    # ------------------------------------------------------------- spreadsheet
    @api.readonly
    def action_export_analysis(self):
        """The button: this month as a spreadsheet."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/territory_planning/analysis/{self.id}.xlsx",
            "target": "download",
        }

    def _analysis_filename(self):
        return self.env._(
            "allocation %(month)s.xlsx",
            month=fields.Date.to_string(self.date_from)[:7],
        )

    def _analysis_workbook(self):
        """The month as a spreadsheet, with what the user may see of it.

        :return: the bytes of an XLSX file
        """
        self.ensure_one()
        self.check_access("read")
        return AnalysisWorkbook(self).build()
