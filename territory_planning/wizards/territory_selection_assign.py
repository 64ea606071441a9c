from odoo import fields, models
from odoo.exceptions import UserError


class TerritorySelectionAssign(models.TransientModel):
    """Give the selected accounts to a salesperson, put them into a region, tag them."""

    _name = "territory.selection.assign"
    _inherit = "territory.selection.mixin"
    _description = "Assign Selected Accounts"

    kind = fields.Selection(
        [("rep", "Salesperson"), ("region", "Region"), ("tag", "Tags")],
        required=True,
        default="rep",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    clear = fields.Boolean(string="Take away instead")
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    region_id = fields.Many2one(
        "territory.region", domain="[('company_id', '=', company_id)]"
    )
    tag_ids = fields.Many2many("res.partner.category", string="Tags")

    def action_assign(self):
        self.ensure_one()
        accounts = self._accounts()
        assignments = self.env["territory.assignment"]
        if self.kind == "rep":
            assignment = assignments._assign_rep(accounts, self._chosen("user_id"))
        elif self.kind == "region":
            assignment = assignments._assign_region(accounts, self._chosen("region_id"))
        else:
            assignment = assignments._add_tags(accounts, self._chosen("tag_ids"))
        return self._close(
            assignment=assignment.id,
            changed=assignment.account_count,
            state=assignment.state,
            message=assignment._sentence(),
        )

    def _chosen(self, name):
        """What was chosen; nothing only where the user said to take away."""
        if self.clear and self.kind != "tag":
            return self[name].browse()
        if not self[name]:
            raise UserError(
                self.env._(
                    "“%(field)s” is empty. Choose one.",
                    field=self._fields[name]._description_string(self.env),
                )
            )
        return self[name]
