from odoo import api, fields, models


class TerritoryRun(models.Model):
    """The steps of following a month and of closing it."""

    _inherit = "territory.run"

    kind = fields.Selection(
        selection_add=[("follow", "Month followed"), ("close", "Month closed")],
        ondelete={"follow": "cascade", "close": "cascade"},
    )

    @api.model
    def _steps(self):
        return super()._steps() | {
            "follow": ["_step_follow"],
            "close": ["_step_facts", "_step_follow", "_step_learn"],
        }

    def _step_follow(self):
        return self.plan_id._follow()

    def _step_learn(self):
        return self.plan_id._learn()
