from odoo import models


class TerritoryPlanLine(models.Model):
    """The accounts of a plan on the map."""

    _inherit = "territory.plan.line"

    def _action_map(self, title):
        """The map with the accounts of these lines."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "territory_planning.territory_plan_map_action"
        ) | {
            "domain": [("id", "in", self.account_id.ids)],
            "display_name": title,
        }
