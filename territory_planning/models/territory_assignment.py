from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from .res_company import LEADERS

TRACKED = 200  # up to so many customers each gets a note in its chatter


class TerritoryAssignment(models.Model):
    """A change made to many accounts at once, and what was before it.

    ``before`` lists, for each record that was changed, its id and what it said:

    - rep: ``[partner, user]``, 0 for nobody
    - region: ``[account, region by hand, region]``, 0 for none
    - tag: ``[partner, [tags it did not have]]``

    Undoing puts exactly that back, except where somebody has changed the record
    since: those stay as they are and are listed.
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
    before = fields.Json(readonly=True, required=True)
    account_count = fields.Integer(
        string="Accounts Changed",
        readonly=True,
        help="Accounts that already were as wanted are not counted.",
    )
    state = fields.Selection(
        [("done", "Done"), ("undone", "Undone")],
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

    @api.depends("kind", "rep_id", "region_id", "tag_ids", "cleared", "account_count")
    def _compute_name(self):
        for assignment in self:
            target = (
                assignment.rep_id.display_name
                or assignment.region_id.display_name
                or ", ".join(assignment.tag_ids.mapped("display_name"))
            )
            if assignment.cleared:
                target = (
                    self.env._("nobody")
                    if assignment.kind == "rep"
                    else self.env._("by the rules")
                )
            assignment.name = self.env._(
                "%(count)s accounts: %(target)s",
                count=assignment.account_count,
                target=target or self.env._("something that has been deleted"),
            )

    # -------------------------------------------------------------- assigning
    @api.model
    def _assign_rep(self, accounts, rep):
        """Give the customers of accounts to a salesperson, or to nobody.

        One write, whatever their number. A single notification tells the new
        salesperson, not one per customer; beyond ``TRACKED`` customers the note in
        each chatter is left out, too: this record is the trace.
        """
        company = self._one_company(accounts)
        self._check_leader()
        if rep and (rep.share or not rep.active or company not in rep.company_ids):
            raise UserError(
                self.env._(
                    "%(rep)s cannot look after accounts of %(company)s: choose an "
                    "active internal user of that company.",
                    rep=rep.display_name,
                    company=company.display_name,
                )
            )
        partners = accounts.partner_id
        changed = partners.filtered(lambda partner: partner.user_id != rep)
        changed.check_access("write")
        before = [[partner.id, partner.user_id.id or 0] for partner in changed]
        self._quiet(changed).write({"user_id": rep.id})
        return self._record(
            "rep", company, before, {"rep_id": rep.id, "cleared": not rep}
        )

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
        changed = accounts.filtered(lambda account: account.region_manual_id != region)
        before = [
            [account.id, account.region_manual_id.id or 0, account.region_id.id or 0]
            for account in changed
        ]
        changed.write({"region_manual_id": region.id})
        return self._record(
            "region", company, before, {"region_id": region.id, "cleared": not region}
        )

    @api.model
    def _add_tags(self, accounts, tags):
        """Give the customers of accounts tags, those they have not got yet."""
        company = self._one_company(accounts)
        before, missing = [], defaultdict(lambda: self.env["res.partner"])
        for partner in accounts.partner_id:
            new = tags - partner.category_id
            if new:
                before.append([partner.id, new.ids])
                missing[new] |= partner
        for new, partners in missing.items():
            partners.check_access("write")
            self._quiet(partners).write(
                {"category_id": [Command.link(tag.id) for tag in new]}
            )
        return self._record(
            "tag", company, before, {"tag_ids": [Command.set(tags.ids)]}
        )

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
    def _check_leader(self):
        if not (self.env.su or self.env.user.has_group(LEADERS)):
            raise AccessError(
                self.env._(
                    "Assigning accounts is for those who lead a sales team. Ask your "
                    "team leader."
                )
            )

    @api.model
    def _quiet(self, partners):
        return partners.with_context(
            mail_auto_subscribe_no_notify=True,
            mail_notrack=len(partners) > TRACKED,
        )

    @api.model
    def _record(self, kind, company, before, values):
        # sudo: these records are written by what they record, never by hand
        assignment = self.sudo().create(
            {
                "kind": kind,
                "company_id": company.id,
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
                "before": before,
                "account_count": len(before),
                **values,
            }
        )
        return assignment.sudo(self.env.su)

    # ----------------------------------------------------------------- undoing
    def action_undo(self):
        """Put back what was before, except where it has been changed since.

        :return: a sentence for the user
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: locking asks for the right to write, which nobody has
        self.sudo().lock_for_update()
        if self.state == "undone":
            raise UserError(self.env._("This has been undone already."))
        if self.kind != "tag":
            self._check_leader()
        restored, kept = getattr(self, f"_undo_{self.kind}")()
        gone = len(self.before) - restored - len(kept)
        # sudo: see _record
        self.sudo().write(
            {
                "state": "undone",
                "undone_by_id": self.env.uid,
                "undone_date": fields.Datetime.now(),
                "restored_count": restored,
                "kept_count": len(kept) + gone,
                "kept_partner_ids": [Command.set(kept.ids)],
            }
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if kept or gone else "success",
                "message": self._undo_sentence(),
                "sticky": bool(kept or gone),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def undo_from_map(self):
        """Undo, for a caller that reloads by itself.

        :return: ``message``, and ``kept``: how many were left alone
        """
        self.action_undo()
        return {"message": self._undo_sentence(), "kept": self.kept_count}

    def _undo_sentence(self):
        if not self.kept_count:
            return self.env._(
                "%(count)s accounts are as they were before.", count=self.restored_count
            )
        names = self.kept_partner_ids[:5].mapped("display_name")
        if not names:
            return self.env._(
                "%(count)s accounts are as they were before. %(kept)s have been "
                "deleted or closed to you since and were left alone.",
                count=self.restored_count,
                kept=self.kept_count,
            )
        return self.env._(
            "%(count)s accounts are as they were before. %(kept)s have been changed "
            "since and were left alone: %(names)s",
            count=self.restored_count,
            kept=self.kept_count,
            names=", ".join(names) + ("…" if self.kept_count > len(names) else ""),
        )

    def _open(self, model, ids):
        """Those of the records that exist and are open to the user."""
        return (
            self.env[model].with_context(active_test=False).search([("id", "in", ids)])
        )

    def _undo_rep(self):
        before = dict(self.before)
        partners = self._open("res.partner", list(before))
        same = partners.filtered(lambda partner: partner.user_id == self.rep_id)
        known = self.env["res.users"].browse(filter(None, set(before.values())))
        known = set(known.sudo().exists().ids)  # sudo: only whether they exist
        same = same.filtered(lambda p: not before[p.id] or before[p.id] in known)
        for user_id, group in same.grouped(lambda p: before[p.id]).items():
            self._quiet(group).write({"user_id": user_id or False})
        return len(same), partners - same

    def _undo_tag(self):
        before = dict(self.before)
        partners = self._open("res.partner", list(before))
        kept = self.env["res.partner"]
        groups = defaultdict(lambda: self.env["res.partner"])
        for partner in partners:
            added = set(before[partner.id])
            still = added & set(partner.category_id.ids)
            if still != added & set(self.tag_ids.ids):
                kept |= partner  # a tag that was given has been taken away since
            groups[frozenset(still)] |= partner
        for tags, group in groups.items():
            self._quiet(group).write(
                {"category_id": [Command.unlink(tag) for tag in tags]}
            )
        return len(partners) - len(kept), kept

    def _undo_region(self):
        before = {account: rest for account, *rest in self.before}
        accounts = self._open("territory.account", list(before))
        same = accounts.filtered(lambda a: a.region_manual_id == self.region_id)
        regions = {region for rest in before.values() for region in rest if region}
        known = set(self._open("territory.region", list(regions)).ids)
        pairs = same.grouped(
            lambda account: tuple(
                region if region in known else False for region in before[account.id]
            )
        )
        for (manual, region), group in pairs.items():
            group.write({"region_manual_id": manual})
            # sudo: a result, closed to typing; the background run checks it anyway
            group.sudo().write({"region_id": region})
        return len(same), (accounts - same).partner_id

    def action_open_accounts(self):
        """The accounts that were changed."""
        self.ensure_one()
        ids = [row[0] for row in self.before]
        name = "id" if self.kind == "region" else "partner_id"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accounts Changed"),
            "res_model": "territory.account",
            "views": [(False, "list"), (False, "form")],
            "domain": [(name, "in", ids), ("company_id", "=", self.company_id.id)],
            "context": {"active_test": False},
        }
