from odoo import api, models

# White space weighs the market by potential, so it comes after it.
STEPS = [
    "_step_churn",
    "_step_potential",
    "_step_prices",
    "_step_crosssell",
    "_step_visit_effect",
    "_step_whitespace",
]


class TerritoryRun(models.Model):
    """What is learned from all customers together: each insight is a step of its own.

    Every night after the facts, and at the end of the month's computation, so that an
    insight that fails takes no plan along.
    """

    _inherit = "territory.run"

    @api.model
    def _steps(self):
        steps = super()._steps()
        return steps | {"insights": STEPS, "month": [*steps["month"], *STEPS]}

    def _step_churn(self):
        return self.env["territory.account"]._refresh_churn(self.company_id)

    def _step_potential(self):
        return self.env["territory.account"]._refresh_potential(self.company_id)

    def _step_prices(self):
        return self.env["territory.account"]._refresh_prices(self.company_id)

    def _step_crosssell(self):
        return self.env["territory.account"]._refresh_crosssell(self.company_id)

    def _step_visit_effect(self):
        return self.env["territory.visit.effect"]._refresh(self.company_id)

    def _step_whitespace(self):
        return self.env["territory.white.space"]._refresh(self.company_id)
