from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    territory_account_ids = fields.One2many("territory.account", "partner_id")
    territory_account_id = fields.Many2one(
        "territory.account",
        string="Planning Account",
        compute="_compute_territory_account_id",
        help="What the current company knows of this customer, for planning.",
    )
    territory_region_id = fields.Many2one(
        "territory.region",
        string="Region",
        compute="_compute_territory_account_id",
        search="_search_territory_region_id",
    )

    @api.depends("commercial_partner_id", "territory_account_ids.region_id")
    @api.depends_context("company", "uid")
    def _compute_territory_account_id(self):
        accounts = self.env["territory.account"]
        if accounts.has_access("read"):
            accounts = accounts.search(
                [
                    ("company_id", "=", self.env.company.id),
                    ("partner_id", "in", self.commercial_partner_id.ids),
                ]
            )
        account_of = {account.partner_id: account for account in accounts}
        for partner in self:
            account = account_of.get(partner.commercial_partner_id, accounts.browse())
            partner.territory_account_id = account
            partner.territory_region_id = account.region_id

    @api.model
    def _search_territory_region_id(self, operator, value):
        accounts = self.env["territory.account"]._search(
            [
                ("company_id", "=", self.env.company.id),
                ("region_id", operator, value),
            ]
        )
        return [
            ("commercial_partner_id", "in", accounts.subselect("partner_id")),
        ]

    def action_open_territory_account(self):
        """The button on a customer: its figures and its visits."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "territory.account",
            "res_id": self.territory_account_id.id,
            "views": [(False, "form")],
        }
