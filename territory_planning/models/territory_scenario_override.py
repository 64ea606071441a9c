from dataclasses import asdict

import numpy as np

from odoo import api, fields, models
from odoo.exceptions import UserError

from . import _client_values as client
from ._scenario import ScenarioArrays

AT_ONCE = 10_000


class TerritoryScenario(models.Model):
    """Changing an answer by hand: accounts given to another rep, at a price."""

    _inherit = "territory.scenario"

    hand_cost = fields.Monetary(
        string="Price of the Changes by Hand",
        readonly=True,
        copy=False,
        aggregator=None,
        help="What the changes made by hand cost a year against the answer that solving "
        "found; less than zero: they bring something.",
    )

    @api.readonly
    def price_of_move(self, account_ids, rep_id):
        """What it would cost to give accounts to a rep of this scenario.

        :return: ``count``: accounts that would move; ``price`` a year and its parts
            ``travel``, ``profit``, ``relation``; ``allowed``; ``warnings``: what would
            not be kept then, in sentences
        """
        self.ensure_one()
        self.check_access("read")
        arrays, plan, rows, rep = self._asked_move(account_ids, rep_id)
        return self._price_values(arrays, plan, rows, rep)

    def give_to(self, account_ids, rep_id):
        """Give accounts to a rep of this scenario; answers like ``price_of_move``."""
        self._expect("solved")
        arrays, plan, rows, rep = self._asked_move(account_ids, rep_id)
        values = self._price_values(arrays, plan, rows, rep)
        if not values["allowed"]:
            raise UserError("\n".join(values["warnings"]))
        if values["count"]:
            self._change_answer(arrays, plan, rows, rep)
            self.message_post(
                body=self.env._(
                    "%(count)s accounts given to %(rep)s by hand: %(price)s a year.",
                    count=values["count"],
                    rep=arrays.reps[rep]["name"],
                    price=self._money_text(values["price"]),
                )
            )
        return values

    # -------------------------------------------------------------------- asking
    def _asked_move(self, account_ids, rep_id):
        """The arrays, the plan as it is, rows of the accounts and the rep's index."""
        env = self.env
        asked = client.record_ids(env, account_ids, env._("Accounts"), AT_ONCE)
        line = client.record_id(env, rep_id, env._("Rep"))
        # sudo: of what was solved only prices and names are told
        secret = self.sudo()
        if not secret.answer or self.state == "draft":
            raise UserError(
                env._("“%s” has no answer that could be changed.", self.name)
            )
        arrays = ScenarioArrays(secret.inputs)
        places = {rep["id"]: number for number, rep in enumerate(arrays.reps)}
        if line not in places or arrays.reps[places[line]]["leaving"]:
            raise UserError(
                env._("Choose a rep of “%s” who does not leave.", self.name)
            )
        index = {account: row for row, account in enumerate(secret.inputs["account"])}
        rows = np.array([index[a] for a in asked if a in index], dtype=int)
        answer = secret.answer
        plan = arrays.evaluated(answer["rep"], answer["prices"], answer["bound"])
        return arrays, plan, rows, places[line]

    def _price_values(self, arrays, plan, rows, rep):
        rows = rows[plan.rep[rows] != rep]
        if not rows.size:
            return {
                "count": 0,
                "price": 0.0,
                "travel": 0.0,
                "profit": 0.0,
                "relation": 0.0,
                "allowed": True,
                "warnings": [],
            }
        found = plan.price_of(rows, rep)
        # an area that is locked or forbidden says so once for each of its accounts
        clashes = [asdict(clash) for clash in found.clashes]
        warnings = [self._clash_sentence(arrays, clash) for clash in clashes[:5]]
        if not found.allowed and not warnings:
            warnings = [
                self.env._(
                    "Some of these accounts are to stay where they are, or %(rep)s must "
                    "not look after them.",
                    rep=arrays.reps[rep]["name"],
                )
            ]
        return {
            "count": int(rows.size),
            "price": found.price,
            "travel": found.travel,
            "profit": found.profit,
            "relation": found.relation,
            "allowed": found.allowed,
            "warnings": warnings,
        }

    # ------------------------------------------------------------------ changing
    def _change_answer(self, arrays, plan, rows, rep):
        """Write the answer anew, with the price of each account that moves."""
        # sudo: results are written by what they record
        scenario = self.sudo()
        answer = scenario.answer
        hand = {int(row): price for row, price in answer.get("hand", {}).items()}
        rows = rows[plan.rep[rows] != rep]
        for row, price in zip(
            rows.tolist(), self._single_prices(plan, rows, rep), strict=True
        ):
            hand[row] = hand.get(row, 0.0) + price
        changed = plan.rep.copy()
        changed[rows] = rep
        found = {"prices": answer["prices"], "bound": answer["bound"]}
        after = arrays.evaluated(changed, **found)
        scenario._replace_moves(arrays, changed, found, hand)
        scenario._store_reps(arrays, changed)
        solved = scenario.cost - scenario.hand_cost
        scenario.write(
            {
                "answer": {
                    **answer,
                    "rep": changed.tolist(),
                    "hand": {str(row): price for row, price in hand.items()},
                },
                "cost": after.objective,
                "hand_cost": after.objective - solved,
                "gap": after.gap,
                **scenario._figure_values(arrays, changed),
            }
        )

    @staticmethod
    def _single_prices(plan, rows, rep):
        """The price of each account; they add up to that of all together.

        What the territories earn is theirs as a whole: its change is shared out by load.
        """
        problem = plan.problem
        travel = problem.travel_weight * (
            problem.cost[rows, rep] - problem.cost[rows, plan.rep[rows]]
        )
        away = problem.current[rows]
        known = away >= 0
        relation = problem.relation[rows] * (
            (known & (away != rep)).astype(float)
            - (known & (away != plan.rep[rows])).astype(float)
        )
        load = np.maximum(problem.load[rows, 0], 1e-12)
        profit = plan.price_of(rows, rep).profit * load / load.sum()
        return (travel + relation + profit).tolist()
