from odoo import models

from ._analysis_figures import LINE_FIGURES


class TerritoryPlanLine(models.Model):
    """One account's row in the Analysis window."""

    _inherit = "territory.plan.line"

    def _analysis_rows(self):
        """Rows of the table of accounts, in the order of the records."""
        rows = self.read([*LINE_FIGURES, "sample_size"], load=None)
        origins = dict(self._fields["curve_origin"]._description_selection(self.env))
        labels = dict(self._fields["reason_code"]._description_selection(self.env))
        for line, row in zip(self, rows, strict=True):
            row.update(
                account_id=line.account_id.id,
                name=line.account_id.display_name,
                place=line.account_id.city or "",
                rep=line.user_id.display_name,
                region=line.region_id.display_name,
                advice=line.advice or "none",
                advice_label=labels.get(line.reason_code, ""),
                reason=line.reason,
                origin=origins.get(line.curve_origin, ""),
            )
        return rows

    def _analysis_moves(self, hours):
        """How many hours a month go to or from each account, and what it is worth.

        :param hours: ``(n,)``, of each record
        """
        return [
            {
                "account_id": line.account_id.id,
                "name": line.account_id.display_name,
                "hours": float(moved),
                "gain": line.expected_gain,
                "hour": line.next_hour_value,
            }
            for line, moved in zip(self, hours, strict=True)
        ]
