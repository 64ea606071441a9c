from odoo import models


class TerritoryRun(models.Model):
    """Where accounts or plans change, so do the figures regions are compared by."""

    _inherit = "territory.run"

    def _step_regions(self):
        found = super()._step_regions()
        self.env["territory.region"]._store_figures(self.company_id)
        return found

    def _step_plan(self):
        found = super()._step_plan()
        self.env["territory.region"]._store_figures(self.company_id)
        return found
