import numpy as np

from odoo import fields, models
from odoo.tools import SQL

from . import _bulk, _follow
from ._month import MonthArrays

FOLLOWED = ("collecting", "review", "agreed")


class TerritoryPlan(models.Model):
    """During the month: what of it is planned, done, overdue, and what came unasked."""

    _inherit = "territory.plan"

    followed_on = fields.Datetime(
        string="Visits As Of",
        readonly=True,
        copy=False,
        help="When visits were counted.",
    )

    overdue_count = fields.Integer(
        string="Accounts Overdue", compute="_compute_overdue_count"
    )

    def _compute_overdue_count(self):
        counts = dict(
            self.env["territory.plan.line"]._read_group(
                [("plan_id", "in", self.ids), ("visits_overdue", ">", 0)],
                ["plan_id"],
                ["__count"],
            )
        )
        for plan in self:
            plan.overdue_count = counts.get(plan, 0)

    def action_overdue(self):
        """Accounts whose agreed visits are behind."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "territory_planning.territory_plan_line_follow_action"
        ) | {
            "domain": [("plan_id", "=", self.id)],
            "context": {"search_default_overdue": 1},
        }

    def _follow(self):
        """Count visits and sales of this month so far, in one batch.

        :return: the summary that is kept on the run
        """
        self.ensure_one()
        # sudo: counted for the whole company by a scheduled action
        plan = self.sudo().with_company(self.company_id)
        lines = plan.env["territory.plan.line"].search(
            [("plan_id", "=", plan.id)], order="id"
        )
        moved = plan._hand_over(lines) if plan.state in FOLLOWED else 0
        figures = plan._follow_columns(lines)
        if lines:
            _bulk.update(lines, lines.ids, figures)
        plan._sum_regions(
            "visits_planned", "visits_done", "visits_reactive", "visits_overdue"
        )
        plan._sum_regions("sales_realised")
        if plan._is_current():
            plan._show_on_accounts()
        plan.followed_on = fields.Datetime.now()
        return {"followed": len(lines), "handed_over": moved}

    def _is_current(self):
        today = self.company_id._territory_today()
        return self.date_from <= today <= self.date_to

    def _follow_columns(self, lines):
        """Columns of the lines; nothing is overdue before the plan is agreed."""
        facts = _follow.gather(self.company_id, self.date_from)
        done, planned, sales = facts.columns(lines.partner_id.ids)
        agreed = np.array([line.visits_agreed for line in lines], int)
        settled = self.state in ("agreed", "closed")
        due = np.floor(agreed * self._month_gone() + 1e-9).astype(int)
        overdue = np.maximum(due - done, 0) if settled else np.zeros_like(done)
        reactive = np.maximum(done - agreed, 0) if settled else np.zeros_like(done)
        rate = self._to_plan_currency()
        return {
            "visits_done": done,
            "visits_planned": planned,
            "visits_overdue": overdue,
            "visits_reactive": reactive,
            "sales_realised": (sales * rate).round(2),
        }

    def _month_gone(self):
        """The share of the month's working days that have gone by, from 0 to 1."""
        company = self.company_id
        today = company._territory_today()
        if today > self.date_to:
            return 1.0
        days = company._territory_working_days(self.date_from, self.date_to)
        return sum(day < today for day in days) / len(days) if days else 0.0

    def _to_plan_currency(self):
        """What an amount in the company's currency is in the plan's, at its month's end."""
        company, currency = self.company_id, self.currency_id
        if not currency or currency == company.currency_id:
            return 1.0
        return self.env["res.currency"]._get_conversion_rate(
            company.currency_id, currency, company, self.date_to
        )

    def _sum_regions(self, *names):
        """Add figures of the lines up by region and rep."""
        self.env["territory.plan.line"].flush_model()
        self.env["territory.plan.region"].flush_model()
        columns = SQL(", ").join(
            SQL("%s = COALESCE(line.%s, 0)", SQL.identifier(name), SQL.identifier(name))
            for name in names
        )
        sums = SQL(", ").join(
            SQL("SUM(%s) AS %s", SQL.identifier(name), SQL.identifier(name))
            for name in names
        )
        self.env.execute_query(
            SQL(
                """
                UPDATE territory_plan_region region SET %s
                  FROM (SELECT plan_region_id, %s FROM territory_plan_line
                         WHERE plan_id = %s GROUP BY plan_region_id) line
                 WHERE region.id = line.plan_region_id
             RETURNING region.id
                """,
                columns,
                sums,
                self.id,
            )
        )
        self.env["territory.plan.region"].invalidate_model()

    def _show_on_accounts(self):
        """Accounts show what is left of the month, so that trips can be made of it."""
        self.env["territory.account"].flush_model(
            ["visits_agreed", "visits_open", "visits_overdue"]
        )
        self.env.execute_query(
            SQL(
                """
                UPDATE territory_account account
                   SET visits_agreed = COALESCE(line.visits_agreed, 0),
                       visits_open = CASE WHEN %(settled)s THEN GREATEST(
                           COALESCE(line.visits_agreed, 0) - line.visits_done
                           - line.visits_planned, 0) ELSE 0 END,
                       visits_overdue = COALESCE(line.visits_overdue, 0)
                  FROM territory_plan_line line
                 WHERE line.account_id = account.id AND line.plan_id = %(plan)s
             RETURNING account.id
                """,
                settled=self.state == "agreed",
                plan=self.id,
            )
        )
        self.env["territory.account"].invalidate_model()

    # -------------------------------------------------------------- handing over
    def _hand_over(self, lines):
        """Accounts that have changed hands, or whose rep has left: the line follows.

        Region and row of the ledger stay what they were when the plan was made; only
        who is asked, and who does the visits, changes. Each change is kept.

        :return: how many lines changed hands
        """
        accounts = lines.account_id
        table = {
            "user_id": [account.user_id.id for account in accounts],
            "region_id": [account.region_id.id for account in accounts],
        }
        reps = dict(zip(accounts.ids, MonthArrays._reps(accounts, table), strict=True))
        moved = lines.filtered(
            lambda line: (line.user_id.id or None) != reps[line.account_id.id]
        )
        if not moved:
            return 0
        users = self.env["res.users"].browse({rep for rep in reps.values() if rep})
        users = {user.id: user for user in users}
        nobody = self.env["res.users"].browse()
        changes = []
        for line in moved:
            user = users.get(reps[line.account_id.id], nobody)
            changes.append(
                {
                    **line._change("rep", 0.0, 0.0, line.version + 1),
                    "user_id": user.id,
                    "text_before": line.user_id.name or self.env._("nobody"),
                    "text_after": user.name or self.env._("nobody"),
                }
            )
            line.write(
                {
                    "user_id": user.id,
                    "team_id": self._team_of(user).id,
                    "version": line.version + 1,
                }
            )
        self.env["territory.plan.change"]._log(changes)
        if self.state == "collecting":
            self._ask_missing()
        return len(moved)
