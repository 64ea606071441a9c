from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

BATCH = 500  # accounts a step changes: a second or less
OPEN = ("waiting", "undoing")


class TerritoryAssignment(models.Model):
    """Many accounts at once: changed, and taken back, a batch at a time.

    Each batch is a step of the company's run of kind ``assign``: one transaction that
    changes the accounts and notes what was before them, so that a server that dies
    loses nothing and does nothing twice. One assignment after the other, in the order
    in which they were asked for; all under the rights of whoever asked.
    """

    _inherit = "territory.assignment"

    @api.depends("state", "taken_count", "chosen_count", "account_count")
    def _compute_progress(self):
        for assignment in self:
            undo = assignment.state in ("undoing", "undone")
            total = assignment.account_count if undo else assignment.chosen_count
            ended = assignment.state in ("done", "undone")
            assignment.progress = (
                1.0 if ended or not total else assignment.taken_count / total
            )

    # ----------------------------------------------------------------- batches
    def _as_asked(self):
        """This assignment with the rights, company and language of whoever asked."""
        user = self.undone_by_id if self.state == "undoing" else self.user_id
        if not user.active or self.company_id not in user.company_ids:
            raise AccessError(
                self.env._(
                    "%(user)s, who asked for this, has no access to %(company)s any "
                    "more.",
                    user=user.display_name,
                    company=self.company_id.display_name,
                )
            )
        return self.with_user(user).with_context(
            allowed_company_ids=self.company_id.ids, lang=user.lang
        )

    def _check_target(self):
        """What was chosen may have been archived or deleted meanwhile."""
        if self.kind != "tag":
            self._check_leader()
        if self.kind == "rep":
            self._check_rep(self.rep_id, self.company_id)
        if not (self.cleared or self.rep_id or self.region_id or self.tag_ids):
            raise UserError(
                self.env._("What the accounts were to be given has been deleted.")
            )

    def _next_batch(self):
        """Change, or take back, the next accounts; tell whoever asked."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                if self.state == "undoing":
                    self._undo_batch()
                else:
                    self._change_batch()
        except UserError as error:
            self._stop(str(error))
        self._tell()

    def _change_batch(self):
        asked = self._as_asked()
        asked._check_target()
        ids = self.todo[self.taken_count : self.taken_count + BATCH]
        accounts = asked.env["territory.account"]._visible(ids)
        rows = asked._apply(accounts)
        taken = self.taken_count + len(ids)
        self.write(
            {
                "before": [*(self.before or []), *rows],
                "account_count": self.account_count + len(rows),
                "closed_count": self.closed_count + len(ids) - len(accounts),
                "taken_count": taken,
                "state": "done" if taken >= len(self.todo) else "waiting",
            }
        )

    def _undo_batch(self):
        asked = self._as_asked()
        if self.kind != "tag":
            asked._check_leader()
        rows = (self.before or [])[self.taken_count : self.taken_count + BATCH]
        restored, kept = asked._put_back(rows)
        taken = self.taken_count + len(rows)
        self.write(
            {
                "restored_count": self.restored_count + restored,
                "kept_count": self.kept_count + len(rows) - restored,
                "kept_partner_ids": [Command.link(number) for number in kept.ids],
                "taken_count": taken,
                "state": "undone" if taken >= len(self.before or []) else "undoing",
            }
        )

    def _stop(self, sentence):
        self.write({"state": "stopped", "error": sentence})

    def _tell(self):
        """Tell whoever asked how far it is; sent when the batch is kept."""
        for assignment in self:
            undone_by = assignment.undone_by_id
            user = undone_by or assignment.user_id
            ended = assignment.state not in OPEN
            user._bus_send(
                "territory_planning.run",
                {
                    "kind": "assign",
                    "state": "done" if ended else "running",
                    "progress": assignment.progress,
                    "assignment": assignment.id,
                    "undo": bool(undone_by),
                    "stopped": assignment.state == "stopped",
                    "count": assignment.taken_count,
                    "total": assignment.account_count
                    if undone_by
                    else assignment.chosen_count,
                    "changed": assignment.account_count,
                    "message": assignment.with_context(lang=user.lang)._sentence()
                    if ended
                    else "",
                },
            )

    def action_continue(self):
        """Go on with what has stopped, under the rights of whoever asked for it.

        Taking back may be taken over by another leader: it is theirs from then on.
        """
        self.ensure_one()
        self.check_access("read")
        values = {"state": "waiting", "error": False}
        if self.undone_by_id:
            if self.kind != "tag":
                self._check_leader()
            values |= {"state": "undoing", "undone_by_id": self.env.uid}
        elif self.env.user != self.user_id:
            raise AccessError(
                self.env._(
                    "Only %(user)s, who asked for it, can go on with this.",
                    user=self.user_id.display_name,
                )
            )
        if self.state == "stopped":
            self.sudo().write(values)  # sudo: see _begin
            self.env["territory.run"]._wake()

    # ----------------------------------------------------------------- undoing
    def action_undo(self):
        """Put back what was before, except where it has been changed since.

        :return: a sentence for the user
        """
        message = self.undo_from_map()["message"]
        left = bool(self.kept_count)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": message,
                "sticky": left,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def undo_from_map(self):
        """Undo, for a caller that reloads by itself.

        :return: ``message``; ``kept``: how many were left alone; ``state``:
            ``undoing`` if there are many, which is done in the background
        """
        self.ensure_one()
        self.check_access("read")
        if self.state in ("undoing", "undone"):
            raise UserError(self.env._("This has been undone already."))
        if self.state == "stopped" and self.undone_by_id:
            raise UserError(
                self.env._("Some of it has been undone. Press “Go On” for the rest.")
            )
        if self.kind != "tag":
            self._check_leader()
        if self.todo:
            self._undo_later()
        else:
            self._undo_now()
        return {
            "message": self._sentence(),
            "kept": self.kept_count,
            "state": self.state,
        }

    def _undo_now(self):
        # sudo: locking asks for the right to write, which nobody has
        self.sudo().lock_for_update()
        restored, kept = self._put_back(self.before or [])
        # sudo: see _begin
        self.sudo().write(
            {
                "state": "undone",
                "undone_by_id": self.env.uid,
                "undone_date": fields.Datetime.now(),
                "restored_count": restored,
                "kept_count": len(self.before or []) - restored,
                "kept_partner_ids": [Command.set(kept.ids)],
            }
        )

    def _undo_later(self):
        """A batch under way meanwhile is given up: it finds this record changed."""
        # sudo: see _begin
        self.sudo().write(
            {
                "state": "undoing" if self.before else "undone",
                "undone_by_id": self.env.uid,
                "undone_date": fields.Datetime.now(),
                "taken_count": 0,
                "error": False,
            }
        )
        self.env["territory.run"]._wake()
