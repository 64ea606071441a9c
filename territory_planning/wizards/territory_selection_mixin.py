from odoo import api, fields, models


class TerritorySelectionMixin(models.AbstractModel):
    """A dialog about accounts selected on the map.

    The selection is a plain list of ids, not a relation: ten thousand of them are
    nothing to load or to link, and each step checks anew what the user may see.
    """

    _name = "territory.selection.mixin"
    _description = "Dialog About Selected Accounts"

    selection = fields.Json(
        default=lambda self: self.env.context.get("territory_selection") or []
    )
    account_count = fields.Integer(
        string="Selected Accounts", compute="_compute_account_count"
    )

    @api.depends("selection")
    def _compute_account_count(self):
        for wizard in self:
            selection = wizard.selection
            wizard.account_count = len(selection) if isinstance(selection, list) else 0

    def _accounts(self):
        self.ensure_one()
        return self.env["territory.account"]._selected(self.selection or [])

    @api.model
    def _close(self, **infos):
        """Close the dialog and tell the map what to say."""
        return {"type": "ir.actions.act_window_close", "infos": infos}
