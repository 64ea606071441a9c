from odoo import fields, models

from ..engine import alignment
from . import _scenario_figures
from ._scenario import ScenarioArrays
from .res_company import LEADERS

#: times the weight of handovers that was asked for
WEIGHTS = (0.0, 0.3, 3.0, 10.0, 30.0, 100.0)
SECONDS = 15.0


class TerritoryScenario(models.Model):
    """What less, or more, disruption would bring: answers for other weights of it."""

    _inherit = "territory.scenario"

    frontier = fields.Json(
        readonly=True,
        copy=False,
        groups=LEADERS,
        help="For several weights of handovers: how many accounts and how much revenue "
        "change hands, and what a year brings more than today.",
    )

    def _frontier_round(self, known):
        """Solve for the next weight; ``again`` until all are done.

        :param known: ``stamp`` and ``points`` of the rounds before; those of an earlier
            answer are thrown away
        """
        # sudo: what is solved is the run's to read and write
        scenario = self.sudo()
        stamp = fields.Datetime.to_string(scenario.solved_on)
        points = known.get("points", []) if known.get("stamp") == stamp else []
        if scenario.state == "draft" or not scenario.answer:
            return {"stamp": stamp, "points": [], "again": False}
        if len(points) < len(WEIGHTS):
            points = [*points, scenario._frontier_point(WEIGHTS[len(points)])]
        done = len(points) == len(WEIGHTS)
        if done:
            scenario.frontier = scenario._undominated(points)
        return {"stamp": stamp, "points": points, "again": not done}

    def _frontier_point(self, weight):
        inputs = self.inputs
        disruption = weight * (inputs["settings"]["disruption"] or 1.0)
        settings = {**inputs["settings"], "disruption": disruption}
        arrays = ScenarioArrays({**inputs, "settings": settings})
        # From scratch: from the answer at hand it would look around there only.
        found = alignment.align(
            arrays.problem, seed=settings["seed"], time_limit=SECONDS
        )
        then = _scenario_figures.figures(arrays, arrays.expand(found.rep), arrays.share)
        return {
            "weight": disruption,
            # one cut short before it had begun tells nothing
            "feasible": bool(found.feasible and (found.made or not found.stopped)),
            "handovers": then["handovers"],
            "handover_revenue": then["handover_revenue"],
            "gain": self._gain(self.figures["today"], then),
        }

    @staticmethod
    def _undominated(points):
        """Points that no other beats in both, fewest handovers first."""
        kept = []
        for point in sorted(points, key=lambda p: (p["handover_revenue"], -p["gain"])):
            if point["feasible"] and (not kept or point["gain"] > kept[-1]["gain"]):
                kept.append(point)
        return kept
