from odoo import fields, models
from odoo.exceptions import UserError


class TerritoryPlanReopen(models.TransientModel):
    """Why a plan is opened again: the reason is kept with the plan."""

    _name = "territory.plan.reopen"
    _description = "Open a Plan Again"

    plan_id = fields.Many2one("territory.plan", required=True, ondelete="cascade")
    state = fields.Selection(
        [("review", "Review"), ("collecting", "Collecting views again")],
        string="Back To",
        default="review",
        required=True,
    )
    reason = fields.Char(required=True, size=500)

    def action_reopen(self):
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("“Reason” is empty. Say why the plan is opened again.")
            )
        self.plan_id._reopen(self.state, reason)
        return {"type": "ir.actions.act_window_close"}
