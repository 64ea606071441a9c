from odoo import api, fields, models

from ..engine import trip


class TerritoryRun(models.Model):
    """Weeks that wait, one rep after the other."""

    _inherit = "territory.run"

    kind = fields.Selection(
        selection_add=[("week", "Weeks of reps")], ondelete={"week": "cascade"}
    )

    @api.model
    def _steps(self):
        steps = super()._steps()
        return steps | {
            "week": ["_step_week"],
            "month": [*steps["month"], "_step_warm_up"],
        }

    def _step_warm_up(self):
        """The search of trips is compiled once, so that nobody waits for it on the map."""
        trip.warm_up()

    def _step_week(self):
        more = self.env["territory.trip.week"]._plan_next(self.company_id)
        return {"again": more}
