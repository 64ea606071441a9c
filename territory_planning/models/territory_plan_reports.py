from odoo import fields, models

from ._month_workbook import MonthWorkbook

TOLD = 15


class TerritoryPlan(models.Model):
    """The month on paper, as a spreadsheet, on the map, and month over month."""

    _inherit = "territory.plan"

    def action_month_workbook(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/territory_planning/month/{self.id}.xlsx",
            "target": "download",
        }

    def action_month_map(self):
        """The accounts of this plan with visits agreed, on the map."""
        self.ensure_one()
        self.check_access("read")
        return self.line_ids.filtered("visits_agreed")._action_map(self.name)

    def _month_filename(self):
        return self.env._(
            "month %(month)s.xlsx", month=fields.Date.to_string(self.date_from)[:7]
        )

    def _month_workbook(self):
        """The month as a spreadsheet, with what the user may see of it.

        :return: the bytes of an XLSX file
        """
        self.ensure_one()
        self.check_access("read")
        return MonthWorkbook(self).build()

    # -------------------------------------------------------------- on paper
    def _report_rows(self):
        """The ledger's rows, by team; under the rights of who prints."""
        rows = self.env["territory.plan.region"].search(
            [("plan_id", "=", self.id)], order="id"
        )
        rows = rows.sorted(
            lambda row: (row.team_id.name or "", row.region_id.name or "", row.id)
        )
        return [(team, part) for team, part in rows.grouped("team_id").items()]

    def _report_knowledge(self):
        """What reps know, the dearest first."""
        return self.env["territory.plan.entry"].search(
            [("plan_id", "=", self.id), ("knowledge", "!=", False)],
            order="knowledge_value desc, id desc",
            limit=TOLD,
        )

    def _report_lines(self):
        """The accounts where most hangs on what is agreed."""
        lines = self.env["territory.plan.line"].search([("plan_id", "=", self.id)])
        return lines.sorted(
            lambda line: -abs(line.sales_agreed - line.sales_last) - line.risk_month
        )[:TOLD]
