import numpy as np

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from . import _client_values as client
from .territory_plan_entries import LEADER

QUESTIONS_MAX = 10  # more than that nobody answers in one sitting


class TerritoryPlan(models.Model):
    """“My month”: what one rep needs to give a view in minutes."""

    _inherit = "territory.plan"

    @api.model
    @api.readonly
    def get_territory_my_month(self, plan_id=None, user_id=None):
        """Answer with a rep's accounts of a month, what matters most first.

        The contract is told in docs/month.md.

        :param plan_id: a plan the user may read; the one collecting views, else the
            latest, if None
        :param user_id: for leaders: whose month; the user's own if None
        :return: ``plan``, ``progress``, ``lines`` and ``questions``; ``plan`` is False
            where there is none
        """
        user = self._month_user(user_id)
        plan = self._month_plan(plan_id)
        if not plan:
            return {"plan": False, "progress": False, "lines": [], "questions": []}
        lines = self.env["territory.plan.line"].search(
            [("plan_id", "=", plan.id), ("user_id", "=", user.id)]
        )
        asking = lines._asking_values()
        stakes = lines._stakes(asking)
        rows = lines._my_month_rows(stakes, asking)
        order = np.argsort([-row["stake"] for row in rows], kind="stable")
        rows = [rows[place] for place in order]
        questions = sorted(
            (row for row in rows if row["question_value"] > 0),
            key=lambda row: -row["question_value"],
        )
        return {
            "plan": plan._my_month_head(user),
            "progress": lines._my_month_progress(plan, user),
            "lines": rows,
            "questions": [row["account_id"] for row in questions[:QUESTIONS_MAX]],
        }

    def _month_user(self, user_id):
        if user_id is None:
            return self.env.user
        user_id = client.record_id(self.env, user_id, self.env._("Rep"))
        if user_id != self.env.uid and not self.env.user.has_group(LEADER):
            raise AccessError(self.env._("Only a leader may look at another's month."))
        return self.env["res.users"].browse(user_id)

    def _month_plan(self, plan_id):
        if plan_id is not None:
            plan_id = client.record_id(self.env, plan_id, self.env._("Plan"))
            plan = self.search([("id", "=", plan_id)])
            if not plan:
                raise UserError(self.env._("This plan is gone, or of another company."))
            return plan
        mine = [("company_id", "=", self.env.company.id), ("computed_on", "!=", False)]
        order = "date_from desc"
        return self.search(
            [*mine, ("state", "=", "collecting")], order=order, limit=1
        ) or self.search(mine, order=order, limit=1)

    def _my_month_head(self, user):
        row = self.env["territory.plan.rep"].search(
            [("plan_id", "=", self.id), ("user_id", "=", user.id)], limit=1
        )
        currency = self.currency_id
        return {
            "id": self.id,
            "name": self.name,
            "month": fields.Date.to_string(self.date_from),
            "state": self.state,
            "open": self.state == "collecting",
            "due_date": client.as_text(self.due_date),
            "computed_on": client.as_text(self.computed_on),
            "rep_id": row.id,
            "given": row.state == "given",
            "late": row.is_late,
            "user": {"id": user.id, "name": user.display_name},
            "currency": {
                "id": currency.id,
                "symbol": currency.symbol,
                "position": currency.position,
                "digits": currency.decimal_places,
            },
        }
