from datetime import timedelta

from odoo import api, fields, models

LISTED = 8


class TerritoryPlan(models.Model):
    """Every Monday a short mail: where the agreed month stands."""

    _inherit = "territory.plan"

    digest_on = fields.Date(string="Last Weekly Mail", readonly=True, copy=False)

    @api.model
    def _turn(self, company):
        super()._turn(company)
        today = company._territory_today()
        if not company.territory_digest:
            return
        plan = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "agreed"),
                ("date_from", "<=", today),
            ],
            order="date_from desc",
            limit=1,
        )
        if plan and plan.date_to >= today and plan._digest_due(today):
            plan._send_digest()
            plan.digest_on = today

    def _digest_due(self, today):
        """Once a week, on Monday, or the first day after it that the server is up."""
        monday = today - timedelta(days=today.weekday())
        last = self.digest_on or (self.agreed_on or fields.Datetime.now()).date()
        return last < monday or (not self.digest_on and today == monday)

    def _send_digest(self):
        """A mail to each rep on the own accounts, to each team's leader on the team's.

        :return: the mails, waiting to be sent by the mail queue
        """
        self.ensure_one()
        company = self.company_id
        rows = []
        for user, members in self._digest_readers().items():
            if user.active and user.email and company in user.company_ids:
                lines = self.line_ids.filtered(lambda ln, m=members: ln.user_id in m)
                if lines:
                    rows.append(self._digest_values(user, members, lines))
        # sudo: mails are written by the scheduled action, in the company's name
        return self.env["mail.mail"].sudo().create(rows)

    def _digest_readers(self):
        """Who gets a mail, and whose accounts it tells of."""
        reps = self.line_ids.user_id
        readers = {rep: rep for rep in reps}
        for rep in reps:
            leader = self._team_of(rep).user_id
            if leader:
                readers[leader] = readers.get(leader, leader.browse()) | rep
        return readers

    def _digest_values(self, user, members, lines):
        plan = self.with_context(lang=user.lang, tz=user.tz)
        overdue = lines.filtered("visits_overdue").sorted(
            lambda line: (-line.visits_overdue, -line.expected_gain)
        )
        body = plan.env["ir.qweb"]._render(
            "territory_planning.month_digest",
            {
                "plan": plan,
                "user": user,
                "team": bool(members - user),
                "agreed": sum(lines.mapped("visits_agreed")),
                "planned": sum(lines.mapped("visits_planned")),
                "done": sum(lines.mapped("visits_done")),
                "reactive": sum(lines.mapped("visits_reactive")),
                "overdue": overdue.with_context(lang=user.lang),
                "listed": LISTED,
                "sales": sum(lines.mapped("sales_realised")),
                "sales_agreed": sum(lines.mapped("sales_agreed")),
                "money": lambda amount: lines[:1]._money(amount),
                "url": f"{self.get_base_url()}/odoo/territory-month-visits",
            },
        )
        return {
            "subject": plan.env._("Your visits in %(month)s", month=plan.name),
            "body_html": body,
            "email_from": self.company_id.email_formatted or user.email_formatted,
            "email_to": user.email_formatted,
            "auto_delete": True,
        }
