from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from .res_company import LEADERS

AT_ONCE = 300  # more accounts than that are changed in the background


class TerritoryAssignment(models.Model):
    """A change made to many accounts at once, and what was before it.

    ``before`` lists, for each record that was changed, its id and what it said:

    - rep: ``[partner, user]``, 0 for nobody
    - region: ``[account, region by hand, region]``, 0 for none
    - tag: ``[partner, [tags it did not have]]``

    Undoing puts exactly that back, except where somebody has changed the record
    since: those stay as they are and are listed.

    Here is what was asked for, and whether it may be; what a change does and takes
    back is in ``territory_assignment_change``, the work in the background in
    ``territory_assignment_work``.
    """

    _name = "territory.assignment"
    _description = "Assignment"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    kind = fields.Selection(
        [("rep", "Salesperson"), ("region", "Region"), ("tag", "Tags")],
        string="What",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", string="Done By", required=True, readonly=True, index=True
    )
    date = fields.Datetime(required=True, readonly=True)
    rep_id = fields.Many2one("res.users", string="New Salesperson", readonly=True)
    region_id = fields.Many2one(
        "territory.region", string="New Region", readonly=True, ondelete="set null"
    )
    tag_ids = fields.Many2many("res.partner.category", string="Tags", readonly=True)
    cleared = fields.Boolean(
        readonly=True, help="Taken away, rather than given: nobody, or no region."
    )
    before = fields.Json(readonly=True)
    todo = fields.Json(
        readonly=True, help="Ids of the accounts that are changed in the background."
    )
    chosen_count = fields.Integer(string="Accounts Chosen", readonly=True)
    taken_count = fields.Integer(
        readonly=True,
        help="How many have been looked at, or taken back, so far.",
    )
    progress = fields.Float(
        compute="_compute_progress", help="Share of the accounts that are done."
    )
    error = fields.Text(string="Why It Stopped", readonly=True)
    closed_count = fields.Integer(
        string="Not Open Any More",
        readonly=True,
        help="Accounts that were gone, or closed to whoever asked, when it was "
        "their turn.",
    )
    account_count = fields.Integer(
        string="Accounts Changed",
        readonly=True,
        help="Accounts that already were as wanted are not counted.",
    )
    state = fields.Selection(
        [
            ("waiting", "Under Way"),
            ("stopped", "Stopped"),
            ("done", "Done"),
            ("undoing", "Being Undone"),
            ("undone", "Undone"),
        ],
        default="done",
        required=True,
        readonly=True,
    )
    undone_by_id = fields.Many2one("res.users", readonly=True)
    undone_date = fields.Datetime(string="Undone On", readonly=True)
    restored_count = fields.Integer(
        string="Put Back", readonly=True, help="Accounts that are as they were before."
    )
    kept_count = fields.Integer(
        string="Left Alone",
        readonly=True,
        help="Accounts that somebody changed after the assignment, or that are gone.",
    )
    kept_partner_ids = fields.Many2many(
        "res.partner", string="Changed Since, Left Alone", readonly=True
    )

    # -------------------------------------------------------------- assigning
    @api.model
    def _assign_rep(self, accounts, rep):
        """Give the customers of accounts to a salesperson, or to nobody.

        :return: the assignment, ``done`` or, where there are many, ``waiting``
        """
        company = self._one_company(accounts)
        self._check_leader()
        self._check_rep(rep, company)
        accounts.partner_id.check_access("write")
        return self._begin("rep", accounts, {"rep_id": rep.id, "cleared": not rep})

    @api.model
    def _assign_region(self, accounts, region):
        """Put accounts into a region by hand; no region: the rules decide again."""
        company = self._one_company(accounts)
        accounts.check_access("write")
        if region and region.company_id != company:
            raise UserError(
                self.env._(
                    "Region “%(region)s” belongs to %(owner)s, the accounts to "
                    "%(company)s. Choose a region of %(company)s.",
                    region=region.display_name,
                    owner=region.company_id.display_name,
                    company=company.display_name,
                )
            )
        return self._begin(
            "region", accounts, {"region_id": region.id, "cleared": not region}
        )

    @api.model
    def _add_tags(self, accounts, tags):
        """Give the customers of accounts tags, those they have not got yet."""
        self._one_company(accounts)
        accounts.partner_id.check_access("write")
        return self._begin("tag", accounts, {"tag_ids": [Command.set(tags.ids)]})

    @api.model
    def _one_company(self, accounts):
        if len(accounts.company_id) != 1:
            raise UserError(
                self.env._(
                    "The chosen accounts belong to several companies: %(companies)s. "
                    "Choose one company at the top right and select again.",
                    companies=", ".join(accounts.company_id.mapped("display_name")),
                )
            )
        return accounts.company_id

    @api.model
    def _check_rep(self, rep, company):
        if rep and (rep.share or not rep.active or company not in rep.company_ids):
            raise UserError(
                self.env._(
                    "%(rep)s cannot look after accounts of %(company)s: choose an "
                    "active internal user of that company.",
                    rep=rep.display_name,
                    company=company.display_name,
                )
            )

    @api.model
    def _check_leader(self):
        if not (self.env.su or self.env.user.has_group(LEADERS)):
            raise AccessError(
                self.env._(
                    "Assigning accounts is for those who lead a sales team. Ask your "
                    "team leader."
                )
            )

    @api.model
    def _begin(self, kind, accounts, values):
        """Change a few accounts at once; many have it done in the background."""
        many = len(accounts) > AT_ONCE
        # sudo: these records are written by what they record, never by hand
        assignment = self.sudo().create(
            {
                "kind": kind,
                "company_id": accounts.company_id.id,
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
                "chosen_count": len(accounts),
                "todo": accounts.ids if many else False,
                "state": "waiting" if many else "done",
                **values,
            }
        )
        if many:
            self.env["territory.run"]._wake()
        else:
            before = assignment.sudo(self.env.su)._apply(accounts)
            assignment.write({"before": before, "account_count": len(before)})
        return assignment.sudo(self.env.su)

    def action_open_accounts(self):
        """The accounts that were changed."""
        self.ensure_one()
        ids = [row[0] for row in self.before or []]
        name = "id" if self.kind == "region" else "partner_id"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accounts Changed"),
            "res_model": "territory.account",
            "views": [(False, "list"), (False, "form")],
            "domain": [(name, "in", ids), ("company_id", "=", self.company_id.id)],
            "context": {"active_test": False},
        }
