import numpy as np

from odoo import api, models

from . import _client_values as client
from ._scenario import NOBODY

MOST = 4  # scenarios beside today
OFFERED = 50


class TerritoryScenario(models.Model):
    """Scenarios and today beside each other: figures, and who has whom on a map."""

    _inherit = "territory.scenario"

    def action_compare(self):
        """Open these scenarios, up to four, beside today."""
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "territory_scenario_compare",
            "name": self.env._("Scenarios Compared"),
            "params": {"scenario_ids": self[:MOST].ids},
        }

    @api.model
    @api.readonly
    def compare_scenarios(self, scenario_ids):
        """Everything the page of comparison shows, in one call.

        :param scenario_ids: up to four ids; those without an answer are left out
        :return: ``currency_id``, ``may_edit``; ``offered``: the scenarios one may
            choose; ``today`` and ``columns``: a dictionary of figures each; ``people``:
            names; ``account``, ``name``, ``lat``, ``lon``: lists over the accounts of all
            scenarios; each column's ``rep``: an index into ``people`` per account, −1 for
            nobody, −2 for an account that does not take part
        """
        self.check_access("read")
        label = self.env._("Scenarios")
        ids = client.record_ids(self.env, scenario_ids, label, MOST)
        solved = [("solved_on", "!=", False), ("state", "!=", "draft")]
        offered = self.search(solved, limit=OFFERED)
        chosen = self.search([("id", "in", ids), *solved])
        chosen = chosen.sorted(lambda scenario: ids.index(scenario.id))
        accounts = _Accounts()
        known = [(scenario, accounts.add(scenario)) for scenario in chosen]
        columns = [
            {**scenario._compare_figures(), "rep": accounts.column(rows, reps)}
            for scenario, (rows, reps, _today) in known
        ]
        today = {}
        if known:
            first = chosen[0]
            today = {
                **first._compare_today(),
                "rep": accounts.today([(rows, now) for _s, (rows, _r, now) in known]),
            }
        return {
            "currency_id": self.env.company.currency_id.id,
            "may_edit": self.has_access("write"),
            "offered": [
                {"id": scenario.id, "name": scenario.name} for scenario in offered
            ],
            "today": today,
            "columns": columns,
            "same_accounts": len({len(rows) for _s, (rows, _r, _t) in known}) <= 1
            and all(len(rows) == accounts.count for _s, (rows, _r, _t) in known),
            **accounts.values(),
        }

    def _compare_figures(self):
        today, then = self.figures["today"], self.figures["answer"]
        return {
            **then,
            "id": self.id,
            "name": self.name,
            "state": self._state_label(),
            "editable": self.state == "solved",
            "gap": self.gap,
            "gain": self._gain(today, then),
            "frontier": self.frontier or [],
            "sizing": self.sizing or [],
            "sizing_note": self.sizing_note or "",
            "reps": [{"id": rep.id, "name": rep.name} for rep in self.rep_ids],
        }

    def _compare_today(self):
        return {
            **self.figures["today"],
            "id": 0,
            "name": self.env._("Today"),
            "gain": 0.0,
            "of": self.name,
        }

    @api.model
    def _gain(self, today, then):
        """What a year brings more: contribution gained, and driving saved at its cost."""
        # sudo: the inputs' settings are read for one figure
        cost = self.sudo().inputs["settings"]["hour_cost"]
        saved = (today["travel_hours"] - then["travel_hours"]) * cost
        return then["profit"] - today["profit"] + saved


class _Accounts:
    """The accounts of several scenarios, each once, and the people they are with."""

    def __init__(self):
        self.index, self.people = {}, {}
        self.names, self.lat, self.lon = [], [], []

    @property
    def count(self):
        return len(self.index)

    def add(self, scenario):
        """Rows of a scenario's accounts, and whose they would be and are."""
        inputs = scenario.inputs
        rows = []
        for account, name, lat, lon in zip(
            *(inputs[key] for key in ("account", "name", "lat", "lon")), strict=True
        ):
            if account not in self.index:
                self.index[account] = len(self.index)
                self.names.append(name)
                self.lat.append(round(lat, 5))
                self.lon.append(round(lon, 5))
            rows.append(self.index[account])
        lines = {line.id: line for line in scenario.rep_ids}
        people = [self._person(scenario, rep, lines) for rep in inputs["reps"]]
        people.append(NOBODY)  # what -1 finds
        return (
            rows,
            [people[rep] for rep in scenario.answer["rep"]],
            [people[rep] for rep in inputs["current"]],
        )

    def _person(self, scenario, rep, lines):
        """A rep to be hired is another person in each scenario."""
        line = lines.get(rep["id"])
        user = line.user_id.id if line else rep["user"]
        key = ("user", user) if user else ("new", rep["id"])
        name = line.name if line else rep["name"]
        return self.people.setdefault(key, (len(self.people), name))[0]

    def column(self, rows, reps):
        whose = np.full(self.count, -2)
        whose[rows] = reps
        return whose.tolist()

    def today(self, columns):
        whose = np.full(self.count, -2)
        for rows, now in reversed(columns):
            whose[rows] = now
        return whose.tolist()

    def values(self):
        return {
            "people": [name for _number, name in self.people.values()],
            "account": list(self.index),
            "name": self.names,
            "lat": self.lat,
            "lon": self.lon,
        }
