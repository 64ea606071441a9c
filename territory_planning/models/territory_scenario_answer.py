from odoo import api, fields, models

from .res_company import LEADERS


class TerritoryScenario(models.Model):
    """What solving a scenario has found, with the figures of today beside it."""

    _inherit = "territory.scenario"

    move_ids = fields.One2many(
        "territory.scenario.move", "scenario_id", string="Handovers", readonly=True
    )
    run_ids = fields.One2many("territory.run", "scenario_id", string="Computations")
    run_progress = fields.Float(string="Progress", compute="_compute_run")
    solved_on = fields.Datetime(string="Solved", readonly=True, copy=False)
    inputs = fields.Json(
        readonly=True,
        copy=False,
        prefetch=False,
        groups=LEADERS,
        help="What was solved: accounts, loads, places, costs and conditions.",
    )
    answer = fields.Json(
        readonly=True,
        copy=False,
        prefetch=False,
        groups=LEADERS,
        help="For each account that took part the rep it would have.",
    )
    figures = fields.Json(
        readonly=True,
        copy=False,
        groups=LEADERS,
        help="Today's alignment and the answer in the same figures.",
    )
    cost = fields.Monetary(
        readonly=True,
        copy=False,
        aggregator=None,
        help="What the answer costs a year: driving and handovers, less what it earns "
        "more. The lower the better.",
    )
    cost_bound = fields.Monetary(
        string="No Answer Costs Less Than", readonly=True, copy=False, aggregator=None
    )
    gap = fields.Float(
        string="Proven Distance to the Best",
        readonly=True,
        copy=False,
        digits=(16, 6),
        aggregator=None,
        help="How far, at most, the answer is from the best possible one.",
    )
    moved_count = fields.Integer(
        string="Accounts Handed Over", readonly=True, copy=False, aggregator=None
    )
    moved_revenue = fields.Monetary(
        string="Revenue Handed Over", readonly=True, copy=False, aggregator=None
    )
    account_count = fields.Integer(
        string="Accounts That Took Part", readonly=True, copy=False, aggregator=None
    )
    left_out_count = fields.Integer(
        string="Could Not Take Part",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Accounts without a place, or of a rep who is not in the scenario. They "
        "stay with whoever looks after them.",
    )
    notes = fields.Text(string="Worth Knowing", readonly=True, copy=False)
    clashes = fields.Text(
        string="What Cannot Be Had Together", readonly=True, copy=False
    )

    @api.depends("run_ids.state", "run_ids.progress")
    def _compute_run(self):
        for scenario in self:
            # sudo: how far it is, for those who may read the scenario
            run = scenario.sudo().run_ids.sorted("id")[-1:]
            scenario.run_progress = run.progress if run else 0.0

    def action_open_moves(self):
        """Every account that changes hands, with its reason."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "territory_planning.territory_scenario_move_action"
        )
        return {
            **action,
            "name": self.env._("Handovers of “%s”", self.name),
            "domain": [("scenario_id", "=", self.id)],
            "context": {},
        }
