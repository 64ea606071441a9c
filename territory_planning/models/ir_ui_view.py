from odoo import fields, models


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=[("territory_map", "Territory Map")])

    def _get_view_info(self):
        return {"territory_map": {"icon": "fa fa-map-o"}} | super()._get_view_info()
