import numpy as np

from odoo import fields, models

from ..engine.forecast import month_factor
from ..engine.ledger import split_gap
from . import _bulk

KNOWN = {"competitor": "at_risk", "price": "given_away"}


class TerritoryPlan(models.Model):
    """The ledger: top-down, bottom-up, optimum and last month, by region and rep."""

    _inherit = "territory.plan"

    ledger_on = fields.Datetime(
        string="Ledger As Of",
        readonly=True,
        copy=False,
        help="When the reps' figures were last added up.",
    )

    def action_ledger(self):
        """One screen for the meeting: the ledger, added up now."""
        self.ensure_one()
        self.check_access("read")
        if self.state in ("collecting", "review"):
            self._refresh_ledger()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "territory_planning.territory_plan_ledger_action"
        ) | {
            "domain": [("plan_id", "=", self.id)],
            "display_name": self.env._("Review of %(month)s", month=self.name),
        }

    def _prefill_targets(self):
        """What the top asks, to begin with: the optimum, with the season in it."""
        self.ensure_one()
        for row in self.sudo().plan_region_ids:  # sudo: see _refresh_ledger
            row.write(
                {"hours_target": row.hours_optimal, "revenue_target": row.sales_optimum}
            )

    def _refresh_ledger(self):
        """Add up by region and rep what is said and agreed so far, in one batch."""
        self.ensure_one()
        # sudo: sums over all reps, shown to each only as far as the rules allow
        plan = self.sudo()
        rows = plan.plan_region_ids.sorted("id")
        lines = plan.env["territory.plan.line"].search(
            [("plan_id", "=", plan.id)], order="id"
        )
        if not rows:
            return
        place = {row.id: number for number, row in enumerate(rows)}
        table = plan._ledger_table(lines)
        group = np.array([place.get(row, -1) for row in table["plan_region_id"]], int)
        columns = plan._ledger_columns(table, group, rows)
        _bulk.update(rows, rows.ids, columns)
        plan.ledger_on = fields.Datetime.now()

    def _ledger_table(self, lines):
        """The lines as arrays, with what is attainable with the reps' visits."""
        numbers = (
            "visits_today",
            "visits_recommended",
            "visits_rep",
            "elasticity",
            "elasticity_sd",
            "revenue_expected",
            "season",
            "sales_optimum",
            "sales_last",
            "sales_rep",
            "risk_month",
            "leak_month",
            "hours_per_visit",
            "visits_agreed",
            "sales_agreed",
        )
        others = ("plan_region_id", "answered", "sales_given")
        rows = lines.read([*numbers, *others], load=None)
        table = {name: np.array([row[name] for row in rows], float) for name in numbers}
        for name in ("answered", "sales_given"):
            table[name] = np.array([row[name] for row in rows], bool)
        table["plan_region_id"] = [row["plan_region_id"] for row in rows]
        table["visits"] = np.where(
            table["answered"], table["visits_rep"], table["visits_recommended"]
        )
        share = month_factor(
            table["visits"],
            table["visits_today"],
            table["elasticity"],
            table["elasticity_sd"],
            carry_over=self.company_id.territory_carry_over,
        )
        usual = np.maximum(table["revenue_expected"], 0.0) * table["season"]
        table["attainable"] = usual * share
        table["expected"] = np.where(
            table["sales_given"], table["sales_rep"], table["attainable"]
        )
        known = self._known_by_reps(lines)
        for name, stored in (("at_risk", "risk_month"), ("given_away", "leak_month")):
            said = np.array([known.get((line, name), 0.0) for line in lines.ids])
            # the rep and the insight may mean the same money: the larger one counts
            table[name] = np.maximum(np.maximum(table[stored], 0.0), said)
        return table

    def _known_by_reps(self, lines):
        """Money a month that reps know of, unless a leader has set it aside."""
        rows = self.env["territory.plan.entry"]._read_group(
            [
                ("plan_id", "=", self.id),
                ("knowledge", "in", list(KNOWN)),
                ("state", "!=", "set_aside"),
            ],
            ["line_id", "knowledge"],
            ["knowledge_value:max"],
        )
        return {(line.id, KNOWN[kind]): value for line, kind, value in rows}

    def _ledger_columns(self, table, group, rows):
        count = len(rows)
        inside = group >= 0

        def total(values):
            values = np.asarray(values, float)
            return np.bincount(group[inside], values[inside], minlength=count)

        digits = self.currency_id.decimal_places
        gap = split_gap(
            np.array(rows.mapped("revenue_target"), float),
            optimum=table["sales_optimum"],
            attainable=table["attainable"],
            expected=table["expected"],
            at_risk=table["at_risk"],
            given_away=table["given_away"],
            group=group,
            digits=digits,
        )
        hours = table["hours_per_visit"]
        money = {
            "sales_optimum": table["sales_optimum"],
            "sales_last": table["sales_last"],
            "sales_rep": table["expected"],
            "sales_agreed": table["sales_agreed"],
        }
        return {
            **{name: total(values).round(digits) for name, values in money.items()},
            "hours_rep": total(table["visits"] * hours),
            "hours_agreed": total(table["visits_agreed"] * hours),
            "visits_agreed": total(table["visits_agreed"]).astype(int),
            "answered_count": total(table["answered"]).astype(int),
            "gap": gap.total,
            "gap_potential": gap.potential,
            "gap_churn": gap.churn,
            "gap_price": gap.price,
            "gap_capacity": gap.capacity,
        }
