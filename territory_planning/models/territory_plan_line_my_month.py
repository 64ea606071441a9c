import numpy as np

from odoo import models

from ..engine.asking import value_of_asking
from . import _client_values as client


class TerritoryPlanLine(models.Model):
    """A rep's accounts of a month as the phone shows them."""

    _inherit = "territory.plan.line"

    def _asking_values(self):
        """What a rep's answer to the five questions is expected to bring a month.

        :return: ``(n,)``, 0 where they cannot be asked or the rep has answered
        """
        values = np.zeros(len(self))
        if not self:
            return values
        company = self.company_id
        answered = {
            (row["account_id"], row["user_id"])
            for row in self.env["territory.visit.answer"]._current(self.account_id)
        }
        asked = np.array(
            [
                line.visits_today > 0
                and line.revenue_month > 0
                and line.elasticity_sd > 0
                and line.hours_per_visit > 0
                and (line.account_id.id, line.user_id.id) not in answered
                for line in self
            ]
        )
        if not asked.any():
            return values
        chosen = self.browse(np.array(self.ids)[asked].tolist())
        # sudo: what an hour is worth to a rep is shown to that rep elsewhere too
        worth = {row.id: row.shadow_price for row in chosen.plan_region_id.sudo()}

        values[asked] = value_of_asking(
            np.maximum([line.revenue_expected for line in chosen], 0.0),
            np.array([line.visits_today for line in chosen]),
            np.array([line.elasticity for line in chosen]),
            np.array([line.elasticity_sd for line in chosen]),
            margin_rate=np.array([line.margin_rate for line in chosen]),
            hours_per_visit=np.array([line.hours_per_visit for line in chosen]),
            hour_worth=np.maximum(
                [worth.get(line.plan_region_id.id, 0.0) for line in chosen], 0.0
            ),
            damping=(company.territory_damping_low, company.territory_damping_high),
        )
        return values

    def _stakes(self, asking):
        """Money a month that hangs on what is decided for each line, ``(n,)``.

        What other visits would bring or cost, what may be lost of the account's
        contribution, and what an answer would bring.
        """
        stakes = []
        for line, value in zip(self, asking, strict=True):
            risk = line.risk_month * max(line.margin_rate, 0.0)
            stakes.append(abs(line.expected_gain) + risk + value)
        return np.array(stakes)

    def _my_month_rows(self, stakes, asking):
        labels = dict(self._fields["reason_code"]._description_selection(self.env))
        knowledge = self._my_month_knowledge()
        return [
            {
                "id": line.id,
                "version": line.version,
                "account_id": line.account_id.id,
                "partner_id": line.partner_id.id,
                "name": line.account_id.display_name,
                "city": line.account_id.city or "",
                "region": line.region_id.display_name or "",
                "segment": line.segment or "",
                "recommended": line.visits_recommended,
                "today": round(line.visits_today, 2),
                "hours_per_visit": round(line.hours_per_visit, 2),
                "last_visit": client.as_text(line.account_id.last_visit_date),
                "advice": line.advice or "none",
                "advice_label": labels.get(line.reason_code, ""),
                "reason": line.reason,
                "stake": round(float(stake), 2),
                "gain": line.expected_gain,
                "sales_model": line.sales_model,
                "visits": line.visits_rep if line.answered else None,
                "sales": line.sales_rep if line.sales_given else None,
                "knowledge": knowledge.get(line.id, []),
                "question_value": round(float(value), 2),
            }
            for line, stake, value in zip(self, stakes, asking, strict=True)
        ]

    def _my_month_knowledge(self):
        """What was said to be known of each line, the latest first."""
        entries = self.env["territory.plan.entry"].search(
            [("line_id", "in", self.ids), ("knowledge", "!=", False)]
        )
        found = {}
        for entry in entries:
            found.setdefault(entry.line_id.id, []).append(
                {
                    "kind": entry.knowledge,
                    "value": entry.knowledge_value,
                    "note": entry.note or "",
                    "date": client.as_text(entry.date),
                    "state": entry.state,
                }
            )
        return found

    def _my_month_progress(self, plan, user):
        """How far the rep is, and what it adds up to."""
        answered = self.filtered("answered")
        recommended = sum(
            line.visits_recommended * line.hours_per_visit for line in self
        )
        mine = sum(
            (line.visits_rep if line.answered else line.visits_recommended)
            * line.hours_per_visit
            for line in self
        )
        # sudo: the hours there are for this rep, who may see them on the rows of the plan
        regions = self.plan_region_id.sudo().filtered(lambda row: row.user_id == user)
        return {
            "lines": len(self),
            "answered": len(answered),
            "hours_available": round(sum(regions.mapped("hours_capacity")), 2),
            "hours_recommended": round(recommended, 2),
            "hours_mine": round(mine, 2),
            "sales_model": round(sum(self.mapped("sales_model")), 2),
            "sales_mine": round(
                sum(
                    line.sales_rep if line.sales_given else line.sales_model
                    for line in self
                ),
                2,
            ),
        }
