import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .territory_run import UNDER_WAY

_logger = logging.getLogger(__name__)


class TerritoryPlan(models.Model):
    """The month's conversation by the clock.

    The scheduled action looks once a day: it closes months that are over in their
    order, opens the month that is due, asks the reps when its figures are there,
    reminds who is late, and goes to review when everybody has answered. Whatever it
    missed it makes good the next time; a month that went by without a plan gets none,
    since its figures would tell what nobody could know then.
    """

    _inherit = "territory.plan"

    @api.model
    def _cron_open_month(self):
        """Every day: whatever is due in the cycle of every company that sells."""
        for company in self.env["res.company"].search([]):
            if not self.env["territory.account"]._has_data(company):
                continue
            try:
                with self.env.cr.savepoint():
                    self.with_company(company)._turn(company)
            except Exception:
                # One company's trouble is not the others'; tried again tomorrow.
                _logger.exception("The monthly cycle of %s failed", company.name)

    @api.model
    def _turn(self, company):
        """Close what is over, open what is due, ask, remind: in this order."""
        today = company._territory_today()
        self._close_over(company, today)
        self._open_due(company, today)
        plans = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("draft", "collecting")),
                ("computed_on", "!=", False),
            ],
            order="date_from",
        )
        for plan in plans.filtered(lambda plan: plan.date_to >= today):
            plan._go_on(today)
        for plan in self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("collecting", "review", "agreed")),
                ("date_from", "<=", today),
            ]
        ):
            self.env["territory.run"]._start("follow", company, plan=plan)

    @api.model
    def _close_over(self, company, today):
        """Close the plans of months that are over, oldest first."""
        plans = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "!=", "closed"),
                ("date_from", "<", today.replace(day=1)),
            ],
            order="date_from",
        )
        for plan in plans:
            plan._close()

    def _close(self):
        """Close a month; what was never agreed is closed without agreement."""
        self.ensure_one()
        if self.state != "agreed":
            self.message_post(
                body=self.env._(
                    "The month is over. It is closed without having been agreed."
                )
            )
        self._reminders().unlink()
        self._set_state("closed", closed_on=fields.Datetime.now())
        if self.computed_on:
            self.env["territory.run"]._start("close", self.company_id, plan=self)

    @api.model
    def _open_due(self, company, today):
        """Open this month, and the next one if its day has come."""
        month = today.replace(day=1)
        following = month + relativedelta(months=1)
        due = [month]
        if today >= company._territory_open_day(following):
            due.append(following)
        for first in due:
            plan = self._open(company, first)
            if plan.state == "draft" and not plan.computed_on:
                plan._compute_in_background()

    def _go_on(self, today):
        """The next thing of a month under way."""
        self.ensure_one()
        if self.state == "draft" and self.run_state not in UNDER_WAY:
            self._collect()
        elif self.state == "collecting":
            self._leave_out_gone()
            self._refresh_ledger()
            self._review_when_complete()
            late = self.rep_ids.filtered(
                lambda rep: rep.is_late and not rep.reminded_on
            )
            if late:
                self._reminders(late.user_id).unlink()
                self._remind(late, late=True)
                late.reminded_on = today

    def _leave_out_gone(self):
        """Expect nothing of reps who have left."""
        gone = self.rep_ids.filtered(
            lambda rep: rep.state == "asked" and not rep.user_id.active
        )
        if gone:
            self._reminders(gone.user_id).unlink()
            gone.state = "left"
