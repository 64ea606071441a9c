from odoo import api, fields, models


class TerritoryRun(models.Model):
    """Weeks that wait, one rep after the other."""

    _inherit = "territory.run"

    kind = fields.Selection(
        selection_add=[("week", "Weeks of reps")], ondelete={"week": "cascade"}
    )

    @api.model
    def _steps(self):
        return super()._steps() | {"week": ["_step_week"]}

    def _step_week(self):
        more = self.env["territory.trip.week"]._plan_next(self.company_id)
        return {"again": more}
