from odoo import api, models


class TerritoryAssignment(models.Model):
    """An assignment, and what has become of it, in words."""

    _inherit = "territory.assignment"

    @api.depends(
        "kind",
        "rep_id",
        "region_id",
        "tag_ids",
        "cleared",
        "state",
        "account_count",
        "chosen_count",
    )
    def _compute_name(self):
        for assignment in self:
            target = assignment._target()
            if assignment.cleared:
                target = (
                    self.env._("nobody")
                    if assignment.kind == "rep"
                    else self.env._("by the rules")
                )
            assignment.name = self.env._(
                "%(count)s accounts: %(target)s",
                count=assignment.chosen_count
                if assignment.state in ("waiting", "stopped")
                else assignment.account_count,
                target=target or self.env._("something that has been deleted"),
            )

    def _target(self):
        """What the accounts are given, in words."""
        return (
            self.rep_id.display_name
            or self.region_id.display_name
            or ", ".join(self.tag_ids.mapped("display_name"))
        )

    def _sentence(self):
        """What has become of it, for whoever asked."""
        self.ensure_one()
        if self.state == "waiting":
            return self.env._(
                "%(count)s accounts are being changed in the background. You are told "
                "when it is done; you can close this page meanwhile.",
                count=self.chosen_count,
            )
        if self.state == "undoing":
            return self.env._(
                "%(count)s accounts are being put back in the background.",
                count=self.account_count,
            )
        if self.state == "stopped":
            return self.env._(
                "It stopped after %(done)s of %(count)s accounts. %(error)s",
                done=self.taken_count,
                count=self.chosen_count,
                error=self.error,
            )
        if self.state == "undone":
            return self._undo_sentence()
        return self._done_sentence()

    def _done_sentence(self):
        changed, rest = self.account_count, self.chosen_count - self.account_count
        target = self._target()
        if not changed:
            said = self.env._(
                "Nothing to change: all %(count)s are so already.",
                count=rest - self.closed_count,
            )
        else:
            said = {
                "rep": self.env._(
                    "%(count)s accounts now looked after by %(target)s.",
                    count=changed,
                    target=target or self.env._("nobody"),
                ),
                "region": self.env._(
                    "%(count)s accounts now in %(target)s.",
                    count=changed,
                    target=target,
                )
                if target
                else self.env._(
                    "%(count)s accounts now placed by the regions' rules again.",
                    count=changed,
                ),
                "tag": self.env._(
                    "%(count)s accounts now tagged %(target)s.",
                    count=changed,
                    target=target,
                ),
            }[self.kind]
            if rest > self.closed_count:
                said += " " + self.env._(
                    "The other %(rest)s were already.", rest=rest - self.closed_count
                )
        if self.closed_count:
            said += " " + self.env._(
                "%(count)s were gone or not open to you any more and were left alone.",
                count=self.closed_count,
            )
        return said

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
