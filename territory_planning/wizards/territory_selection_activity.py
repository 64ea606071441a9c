from odoo import api, fields, models
from odoo.exceptions import UserError

MOST = 2_000  # nobody works off more; beyond, it is a campaign


class TerritorySelectionActivity(models.TransientModel):
    """Something to do for each of the selected accounts."""

    _name = "territory.selection.activity"
    _inherit = "territory.selection.mixin"
    _description = "Schedule Activities for Selected Accounts"

    activity_type_id = fields.Many2one(
        "mail.activity.type",
        required=True,
        domain="['|', ('res_model', '=', False), ('res_model', '=', 'res.partner')]",
        default=lambda self: self.env["mail.activity"]._default_activity_type_for_model(
            "res.partner"
        ),
    )
    date_deadline = fields.Date(
        string="Due Date",
        compute="_compute_date_deadline",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    summary = fields.Char()
    assign_to = fields.Selection(
        [("rep", "Each account's salesperson"), ("user", "One person")],
        required=True,
        default="rep",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Assigned To",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )

    @api.depends("activity_type_id")
    def _compute_date_deadline(self):
        for wizard in self:
            kind = wizard.activity_type_id
            wizard.date_deadline = (
                kind._get_date_deadline() if kind else fields.Date.context_today(wizard)
            )

    def action_schedule(self):
        self.ensure_one()
        accounts = self._accounts()
        if len(accounts) > MOST:
            raise UserError(
                self.env._(
                    "%(count)s activities at once are too many. Select at most "
                    "%(most)s accounts.",
                    count=len(accounts),
                    most=MOST,
                )
            )
        if self.assign_to == "user" and not self.user_id:
            raise UserError(self.env._("“Assigned To” is empty. Choose one."))
        model = self.env["ir.model"]._get_id("res.partner")
        # Nobody wants a mail for each: the map says how many there are.
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model,
                    "res_id": account.partner_id.id,
                    "activity_type_id": self.activity_type_id.id,
                    "date_deadline": self.date_deadline,
                    "summary": self.summary or self.activity_type_id.summary,
                    "note": self.activity_type_id.default_note,
                    "automated": False,
                    "user_id": self._assignee(account).id,
                }
                for account in accounts
            ]
        )
        count = len(accounts)
        return self._close(
            message=self.env._("1 activity scheduled.")
            if count == 1
            else self.env._("%(count)s activities scheduled.", count=count),
        )

    def _assignee(self, account):
        """Where nobody looks after an account, it is for who schedules it."""
        if self.assign_to == "user":
            return self.user_id
        return account.user_id.filtered("active") or self.env.user
