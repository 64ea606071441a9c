import math

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..engine.accuracy import accuracy
from ..engine.learning import learn, pool
from ._month import SEGMENTS

MONTHS = 24  # what was learnt longer ago no longer counts
NUMBERS = (
    "revenue_expected",
    "season",
    "visits_today",
    "visits_done",
    "elasticity",
    "elasticity_sd",
    "sales_realised",
    "sales_model",
    "sales_rep",
    "sales_agreed",
)


class TerritoryPlan(models.Model):
    """At the end of a month: what was promised and what came, and who saw it coming."""

    _inherit = "territory.plan"

    effect_ids = fields.One2many("territory.plan.effect", "plan_id", string="Effects")
    accuracy_ids = fields.One2many(
        "territory.plan.accuracy", "plan_id", string="Forecasts"
    )

    def _learn(self):
        """Hold the month's figures against what it promised, in one batch.

        :return: the summary that is kept on the run
        """
        self.ensure_one()
        # sudo: learned from the whole company's accounts by a scheduled action
        plan = self.sudo().with_company(self.company_id)
        plan.effect_ids.unlink()
        plan.accuracy_ids.unlink()
        lines = plan.env["territory.plan.line"].search(
            [("plan_id", "=", plan.id)], order="id"
        )
        if not lines:
            return {"learnt": 0}
        rows = lines.read(
            [*NUMBERS, "region_id", "segment", "user_id", "sales_given"], load=None
        )
        table = {name: np.array([row[name] for row in rows], float) for name in NUMBERS}
        for name in ("region_id", "segment", "user_id", "sales_given"):
            table[name] = [row[name] for row in rows]
        # a plan that was never talked about has no season on its lines
        season = np.where(table["season"] > 0, table["season"], 1.0)
        table["usual"] = np.maximum(table["revenue_expected"], 0.0) * season
        effects = plan._effect_rows(table)
        plan.env["territory.plan.effect"].create(effects)
        plan.env["territory.plan.accuracy"].create(plan._accuracy_rows(table))
        return {"learnt": sum(effect["known"] for effect in effects)}

    def _effect_rows(self, table):
        regions = sorted({region for region in table["region_id"] if region})
        place = {region: number for number, region in enumerate(regions)}
        scopes = {
            "company": ([0] * len(table["usual"]), [{}]),
            "region": (
                [place.get(region, -1) for region in table["region_id"]],
                [{"region_id": region} for region in regions],
            ),
            "segment": (
                [SEGMENTS.index(s) if s else -1 for s in table["segment"]],
                [{"segment": segment} for segment in SEGMENTS],
            ),
        }
        found = []
        for scope, (group, keys) in scopes.items():
            effects = learn(
                table["usual"],
                table["sales_realised"],
                np.maximum(table["visits_today"], 0.0),
                table["visits_done"],
                elasticity=table["elasticity"],
                sd=np.maximum(table["elasticity_sd"], 0.0),
                carry_over=self.company_id.territory_carry_over,
                group=np.array(group, int),
                count=len(keys),
            )
            for number, key in enumerate(keys):
                if effects.changed[number] + effects.unchanged[number]:
                    found.append(
                        {
                            "plan_id": self.id,
                            "scope": scope,
                            **key,
                            **self._effect_values(effects, number),
                        }
                    )
        return found

    @staticmethod
    def _effect_values(effects, number):
        names = {
            "realised": effects.realised,
            "realised_low": effects.low,
            "realised_high": effects.high,
            "trend": effects.trend,
            "elasticity": effects.elasticity,
            "elasticity_sd": effects.sd,
        }
        values = {name: float(column[number]) for name, column in names.items()}
        return {
            "changed": int(effects.changed[number]),
            "unchanged": int(effects.unchanged[number]),
            "promised": float(effects.promised[number]),
            "known": math.isfinite(values["realised"]),
            **{name: v if math.isfinite(v) else 0.0 for name, v in values.items()},
        }

    def _accuracy_rows(self, table):
        """Of the company and of each rep's accounts: plan, rep, and what was agreed."""
        users = sorted({user for user in table["user_id"] if user})
        place = {user: number for number, user in enumerate(users)}
        own = np.array([place.get(user, -1) for user in table["user_id"]], int)
        everybody = np.zeros(len(own), int)
        given = np.array(table["sales_given"], bool)
        forecasts = {
            "model": table["sales_model"],
            "rep": np.where(given, table["sales_rep"], np.nan),
        }
        if self.agreed_on:
            forecasts["leader"] = table["sales_agreed"]
        found = []
        for forecaster, forecast in forecasts.items():
            for group, keys in ((everybody, [False]), (own, users)):
                result = accuracy(
                    forecast,
                    table["sales_realised"],
                    table["usual"],
                    group=group,
                    count=len(keys),
                )
                found += [
                    self._accuracy_values(result, number, user, forecaster)
                    for number, user in enumerate(keys)
                    if result.count[number]
                ]
        return found

    def _accuracy_values(self, result, number, user, forecaster):
        known = bool(np.isfinite(result.error[number]))
        columns = {
            "error": result.error,
            "error_low": result.low,
            "error_high": result.high,
            "bias": result.bias,
            "usual_error": result.usual,
        }
        return {
            "plan_id": self.id,
            "user_id": user,
            "forecaster": forecaster,
            "accounts": int(result.count[number]),
            "known": known,
            **{
                name: float(column[number]) if known else 0.0
                for name, column in columns.items()
            },
        }

    # -------------------------------------------------------------- recalibrating
    @api.model
    def _learnt(self, company):
        """What closed months say of the effect of visits, by account group.

        :return: ``{segment: (mean, sd)}``; only of groups of which something is known
        """
        since = self._this_month(company) - relativedelta(months=MONTHS)
        # sudo: part of the company's plan, whoever computes it
        effects = (
            self.env["territory.plan.effect"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("scope", "=", "segment"),
                    ("known", "=", True),
                    ("elasticity_sd", ">", 0),
                    ("date_from", ">=", since),
                    ("plan_id.state", "=", "closed"),
                ]
            )
        )
        found = {}
        for segment, months in effects.grouped("segment").items():
            mean, sd = pool(months.mapped("elasticity"), months.mapped("elasticity_sd"))
            if math.isfinite(mean):
                found[segment] = (mean, sd)
        return found
