from odoo import Command, fields, models
from odoo.exceptions import UserError

from . import _scenario_staffing
from ._scenario import ScenarioArrays
from .res_company import LEADERS


class TerritoryScenario(models.Model):
    """Is each territory staffed right? What one rep more or less would be worth."""

    _inherit = "territory.scenario"

    sizing = fields.Json(
        readonly=True,
        copy=False,
        prefetch=False,
        groups=LEADERS,
        help="For the whole and each territory: contribution after cost by number of "
        "reps, by the response functions of the latest monthly plan.",
    )
    sizing_note = fields.Char(readonly=True, copy=False)

    def _compute_staffing(self):
        """Work out the curves of the answer, or say why there are none."""
        # sudo: results are written by what they record
        scenario = self.sudo()
        plan = scenario.env["territory.plan"].search(
            [("company_id", "=", self.company_id.id), ("computed_on", "!=", False)],
            order="date_from desc",
            limit=1,
        )
        if not plan or not scenario.answer:
            scenario.write(
                {
                    "sizing": False,
                    "sizing_note": self.env._(
                        "No monthly plan has been computed yet: it is where the "
                        "response of the accounts to visits is known from."
                    ),
                }
            )
            return {"pools": 0}
        arrays = ScenarioArrays(scenario.inputs)
        pools = _scenario_staffing.staffing(scenario, arrays, plan)
        scenario.write(
            {
                "sizing": pools,
                "sizing_note": self.env._(
                    "By the response functions of %(month)s, of %(date)s.",
                    month=plan.name,
                    date=fields.Date.to_string(plan.computed_on),
                ),
            }
        )
        return {"pools": len(pools)}

    def action_with_new_rep(self):
        """The same scenario with one rep more, ready to be solved beside it.

        In one piece: else the new rep would be given what costs least to hand over,
        all over the country.
        """
        return self._variant(
            self.env._("%s, one more rep", self.name),
            {
                "rep_ids": [Command.create({"name": self.env._("New rep")})],
                "contiguous": True,
            },
        )

    def _variant(self, name, values):
        self.ensure_one()
        self.check_access("write")
        variant = self.copy({"name": name})
        variant.write(values)
        return {
            "type": "ir.actions.act_window",
            "res_model": "territory.scenario",
            "res_id": variant.id,
            "views": [(False, "form")],
        }


class TerritoryScenarioRep(models.Model):
    _inherit = "territory.scenario.rep"

    def action_without(self):
        """The same scenario without this rep, ready to be solved beside it."""
        self.ensure_one()
        scenario = self.scenario_id
        if not self.user_id:
            raise UserError(
                self.env._(
                    "%s is still to be hired: delete the line instead.", self.name
                )
            )
        action = scenario._variant(
            self.env._(
                "%(scenario)s, without %(rep)s", scenario=scenario.name, rep=self.name
            ),
            {},
        )
        variant = scenario.browse(action["res_id"])
        variant.rep_ids.filtered(lambda rep: rep.user_id == self.user_id).leaving = True
        return action
