from collections import defaultdict

from odoo import Command, models

TRACKED = 200  # up to so many customers each gets a note in its chatter


class TerritoryAssignment(models.Model):
    """What an assignment changes in some accounts, and how that is taken back.

    Under the rights of whoever asks, in grouped writes: a few queries a batch.
    """

    _inherit = "territory.assignment"

    # ---------------------------------------------------------------- changing
    def _apply(self, accounts):
        """Change accounts as this assignment says.

        :return: the rows of ``before`` of those that were not so already
        """
        self.ensure_one()
        return getattr(self, f"_apply_{self.kind}")(accounts)

    def _apply_rep(self, accounts):
        rep = self.rep_id
        changed = accounts.partner_id.filtered(lambda partner: partner.user_id != rep)
        before = [[partner.id, partner.user_id.id or 0] for partner in changed]
        self._quiet(changed).write({"user_id": rep.id})
        return before

    def _apply_region(self, accounts):
        region = self.region_id
        changed = accounts.filtered(lambda account: account.region_manual_id != region)
        before = [
            [account.id, account.region_manual_id.id or 0, account.region_id.id or 0]
            for account in changed
        ]
        changed.write({"region_manual_id": region.id})
        return before

    def _apply_tag(self, accounts):
        tags = self.tag_ids
        before, missing = [], defaultdict(lambda: self.env["res.partner"])
        for partner in accounts.partner_id:
            new = tags - partner.category_id
            if new:
                before.append([partner.id, new.ids])
                missing[new] |= partner
        for new, partners in missing.items():
            self._quiet(partners).write(
                {"category_id": [Command.link(tag.id) for tag in new]}
            )
        return before

    def _quiet(self, partners):
        """No mail for each customer and, beyond ``TRACKED`` of them in all, no note
        in each chatter either: the assignment is the trace."""
        return partners.with_context(
            mail_auto_subscribe_no_notify=True,
            mail_notrack=self.chosen_count > TRACKED,
        )

    # ------------------------------------------------------------- taking back
    def _put_back(self, rows):
        """Put back what some rows of ``before`` say, except what changed since.

        :return: how many were put back, and the customers left alone
        """
        self.ensure_one()
        return getattr(self, f"_undo_{self.kind}")(rows)

    def _open(self, model, ids):
        """Those of the records that exist and are open to the user."""
        return (
            self.env[model].with_context(active_test=False).search([("id", "in", ids)])
        )

    def _undo_rep(self, rows):
        before = dict(rows)
        partners = self._open("res.partner", list(before))
        same = partners.filtered(lambda partner: partner.user_id == self.rep_id)
        known = self.env["res.users"].browse(filter(None, set(before.values())))
        known = set(known.sudo().exists().ids)  # sudo: only whether they exist
        same = same.filtered(lambda p: not before[p.id] or before[p.id] in known)
        for user_id, group in same.grouped(lambda p: before[p.id]).items():
            self._quiet(group).write({"user_id": user_id or False})
        return len(same), partners - same

    def _undo_tag(self, rows):
        before = dict(rows)
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

    def _undo_region(self, rows):
        before = {account: rest for account, *rest in rows}
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
