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
            rep = self._chosen("user_id")
            assignment = assignments._assign_rep(accounts, rep)
            done = (
                self.env._("now looked after by %(target)s", target=rep.display_name)
                if rep
                else self.env._("now looked after by nobody")
            )
        elif self.kind == "region":
            region = self._chosen("region_id")
            assignment = assignments._assign_region(accounts, region)
            done = (
                self.env._("now in %(target)s", target=region.display_name)
                if region
                else self.env._("now placed by the regions' rules again")
            )
        else:
            tags = self._chosen("tag_ids")
            assignment = assignments._add_tags(accounts, tags)
            done = self.env._(
                "now tagged %(target)s", target=", ".join(tags.mapped("display_name"))
            )
        return self._close(
            assignment=assignment.id,
            changed=assignment.account_count,
            message=self._sentence(assignment, len(accounts), done),
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

    def _sentence(self, assignment, total, done):
        changed = assignment.account_count
        if not changed:
            return self.env._(
                "Nothing to change: all %(count)s are so already.", count=total
            )
        if changed < total:
            return self.env._(
                "%(changed)s accounts %(done)s; the other %(rest)s were already.",
                changed=changed,
                done=done,
                rest=total - changed,
            )
        if changed == 1:
            return self.env._("1 account %(done)s.", done=done)
        return self.env._("%(changed)s accounts %(done)s.", changed=changed, done=done)
