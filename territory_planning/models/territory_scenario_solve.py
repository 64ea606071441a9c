import time
from dataclasses import asdict

import numpy as np

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import alignment
from . import _bulk, _scenario, _scenario_figures, _scenario_home
from ._scenario import ScenarioArrays

ROUND = 10.0  # seconds of one step: after each, “Good enough” is heard
ENOUGH = 1e-4  # a round that betters the answer by less, as a share, is the last one
CLOSE = 1e-4  # proven distance to the best at which nobody looks further


class TerritoryScenario(models.Model):
    """Solving a scenario in the background, and keeping what was found."""

    _inherit = "territory.scenario"

    stop_asked = fields.Boolean(readonly=True, copy=False)

    # ------------------------------------------------------------------- starting
    def action_solve(self):
        self._expect("draft")
        self._set(
            {"state": "solving", "error": False, "clashes": False, "stop_asked": False}
        )
        self.env["territory.run"]._start_scenario("scenario_solve", self)

    def action_stop(self):
        """Good enough: the best so far becomes the answer when the round is over."""
        self._expect("solving")
        self._set({"stop_asked": True})

    # ---------------------------------------------------------------------- steps
    def _gather_inputs(self, user):
        """Read once what is solved, under the rights of whoever asked."""
        asked = self.with_user(user).with_company(self.company_id)
        asked = asked.with_context(allowed_company_ids=self.company_id.ids)
        inputs = _scenario.gather(asked)
        self._set({"inputs": inputs})
        return {"accounts": len(inputs["account"])}

    def _settle_new_reps(self):
        """Find a home for reps who are still to be hired and have none yet."""
        # sudo: results are written by what they record
        scenario = self.sudo()
        inputs, found = _scenario_home.settle(scenario.inputs)
        for number, town, lat, lon in found:
            scenario.rep_ids.browse(number).exists().write(
                {"home_name": town, "home_latitude": lat, "home_longitude": lon}
            )
        if found:
            scenario.inputs = inputs
        return {"homes": len(found)}

    def _solve_round(self, known):
        """Better the answer for some seconds.

        :param known: what the rounds before have found, or an empty dictionary
        :return: the same with this round; ``again`` unless it was the last one
        """
        # sudo: what is solved is the run's to read
        arrays = ScenarioArrays(self.sudo().inputs)
        number, spent = known.get("round", 0), known.get("seconds", 0.0)
        limit = arrays.settings["time_limit"]
        began = time.monotonic()
        try:
            found = alignment.align(
                arrays.problem,
                seed=arrays.settings["seed"] + number,
                time_limit=min(ROUND, max(limit - spent, 0.1)),
                start=np.array(known["rep"]) if known.get("rep") else None,
            )
        except ValueError as error:
            raise self._unsound(error) from error
        spent += time.monotonic() - began
        first = known.get("objective")
        worse = (
            first is not None
            and known["feasible"]
            and (not found.feasible or found.objective >= first)
        )
        answer = known if worse else self._plain(found)
        gain = np.inf if first is None else first - answer["objective"]
        last = (
            self.stop_asked
            or spent >= limit
            or any(clash["proven"] for clash in answer["clashes"])
            or answer["gap"] <= CLOSE
            or (answer["feasible"] and gain <= ENOUGH * abs(answer["objective"]))
        )
        return {**answer, "round": number + 1, "seconds": spent, "again": not last}

    @staticmethod
    def _plain(found):
        return {
            "rep": found.rep.tolist(),
            "objective": float(found.objective),
            "bound": float(found.bound),
            # of a plan that keeps not everything there is none
            "gap": float(found.gap) if found.feasible else 1.0,
            "prices": np.asarray(found.prices).reshape(-1).tolist(),
            "feasible": bool(found.feasible),
            "clashes": [asdict(clash) for clash in found.clashes],
            "disconnected": len(found.disconnected),
        }

    def _unsound(self, error):
        return UserError(
            self.env._(
                "“%(scenario)s” cannot be solved as it is: %(reason)s",
                scenario=self.name,
                reason=str(error),
            )
        )

    # -------------------------------------------------------------------- storing
    def _store_answer(self, found):
        """Keep what was found: moves, figures and certificate, or what clashes."""
        # sudo: results are written by solving alone
        scenario = self.sudo()
        scenario.lock_for_update()
        arrays = ScenarioArrays(scenario.inputs)
        if found["clashes"]:
            scenario.write(
                {"state": "draft", "clashes": scenario._clash_text(arrays, found)}
            )
            return {"moves": 0}
        rep = arrays.expand(found["rep"])
        count = scenario._replace_moves(arrays, rep, found)
        scenario._store_reps(arrays, rep)
        scenario.write(
            {
                "state": "solved",
                "clashes": False,
                "solved_on": fields.Datetime.now(),
                "answer": {
                    "rep": rep.tolist(),
                    "prices": found["prices"],
                    "bound": found["bound"],
                    "unit_rep": found["rep"],
                },
                "cost": found["objective"],
                "hand_cost": 0.0,
                "frontier": False,
                "cost_bound": found["bound"],
                "gap": found["gap"],
                "account_count": arrays.size,
                "left_out_count": sum(map(len, arrays.inputs["left_out"].values())),
                "notes": scenario._note_text(arrays, found),
                **scenario._figure_values(arrays, rep),
            }
        )
        self.env["territory.run"]._start_frontier(scenario)
        return {"moves": count}

    @api.model
    def _figure_values(self, arrays, rep):
        today = _scenario_figures.figures(arrays, arrays.current, arrays.hours_today)
        then = _scenario_figures.figures(arrays, rep, arrays.share)
        return {
            "figures": {"today": today, "answer": then},
            "moved_count": then["handovers"],
            "moved_revenue": then["handover_revenue"],
        }

    def _replace_moves(self, arrays, rep, found, hand=None):
        """Write a row for every account that changes hands, or that somebody gets.

        :param hand: price by row of those that were decided by hand
        """
        hand = hand or {}
        self.move_ids.unlink()
        rows = np.flatnonzero(rep != arrays.current)
        if not rows.size:
            return 0
        parts = self._parts(arrays, rep, found, rows)
        accounts = np.array(arrays.inputs["account"])[rows]
        known = self.env["territory.account"].with_context(active_test=False)
        known = known.search([("id", "in", accounts.tolist())])
        partner = {
            row["id"]: row["partner_id"]
            for row in known.read(["partner_id"], load=None)
        }
        lines = self._lines_by_index(arrays)
        users = [rep["user"] or None for rep in arrays.reps]
        digits = self.currency_id.decimal_places
        columns = {
            "scenario_id": np.full(rows.size, self.id),
            "company_id": np.full(rows.size, self.company_id.id),
            "account_id": [a if a in partner else None for a in accounts.tolist()],
            "partner_id": [partner.get(account) for account in accounts.tolist()],
            "name": [arrays.inputs["name"][row] or "?" for row in rows],
            "from_user_id": [
                users[owner] if owner >= 0 else None
                for owner in arrays.current[rows].tolist()
            ],
            "to_rep_id": [lines[owner] for owner in rep[rows].tolist()],
            "to_user_id": [users[owner] for owner in rep[rows].tolist()],
            "revenue": arrays.revenue[rows].round(digits),
            "load": arrays.load[rows],
            **{name: values.round(digits) for name, values in parts.items()},
            "by_hand": np.array([row in hand for row in rows.tolist()]),
            "price": np.array([hand.get(row, 0.0) for row in rows.tolist()]),
            "left_out": np.zeros(rows.size, bool),
        }
        _bulk.insert(self.env["territory.scenario.move"], columns)
        return int(rows.size)

    def _parts(self, arrays, rep, found, rows):
        """The reason of each row in money a year, and what it comes to."""
        plan = arrays.evaluated(rep, found["prices"], found["bound"])
        reasons = plan.reasons
        place = np.full(arrays.size, -1)
        place[reasons.unit] = np.arange(len(reasons))
        known = place[rows] >= 0  # not: nobody looks after it today

        def part(values):
            return np.where(known, values[place[rows]] if len(values) else 0.0, 0.0)

        return {
            "travel_saved": part(reasons.travel),
            "profit_gain": part(reasons.profit),
            "relation_cost": part(-reasons.relation),
            "balance_gain": part(reasons.balance),
            "total": part(reasons.total),
        }

    def _lines_by_index(self, arrays):
        """The ids of the scenario's reps in the order of the arrays."""
        known = set(self.rep_ids.ids)
        return [rep["id"] if rep["id"] in known else None for rep in arrays.reps]

    def _store_reps(self, arrays, rep):
        before = _scenario_figures.by_rep(arrays, arrays.current)
        after = _scenario_figures.by_rep(arrays, rep)
        low, high = arrays.band
        for number, line in enumerate(self._lines_by_index(arrays)):
            if line:
                self.env["territory.scenario.rep"].browse(line).write(
                    {
                        "low": low[number],
                        "high": high[number],
                        **{f"{n}_before": v[number] for n, v in before.items()},
                        **{f"{n}_after": v[number] for n, v in after.items()},
                    }
                )
