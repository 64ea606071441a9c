from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

CLASHES = (
    20  # times in a row that others' changes come between before a person is asked
)
KINDS = ("scenario_solve", "scenario_publish", "scenario_undo")
FRONTIER = "scenario_frontier"


class TerritoryRun(models.Model):
    """Runs of a scenario: solving, a few seconds a step; publishing and undoing, each
    one step, all or nothing."""

    _inherit = "territory.run"

    kind = fields.Selection(
        selection_add=[
            ("scenario_solve", "Solving of a scenario"),
            (FRONTIER, "More and less disruption in a scenario"),
            ("scenario_publish", "Publishing of a scenario"),
            ("scenario_undo", "Undoing of a scenario"),
        ],
        ondelete={kind: "cascade" for kind in (*KINDS, FRONTIER)},
    )
    scenario_id = fields.Many2one(
        "territory.scenario", readonly=True, index="btree_not_null", ondelete="cascade"
    )

    _one_at_a_time = models.UniqueIndex(
        "(kind, company_id, COALESCE(plan_id, 0), COALESCE(scenario_id, 0)) "
        "WHERE state IN ('waiting', 'running')",
        "This computation is already under way.",
    )

    @api.model
    def _steps(self):
        return super()._steps() | {
            "scenario_solve": [
                "_step_scenario_gather",
                "_step_scenario_home",
                "_step_scenario_solve",
                "_step_scenario_store",
            ],
            FRONTIER: ["_step_scenario_staffing", "_step_scenario_frontier"],
            "scenario_publish": ["_step_scenario_publish"],
            "scenario_undo": ["_step_scenario_undo"],
        }

    def _step_scenario_gather(self):
        return self._scenario_step(
            lambda: self.scenario_id._gather_inputs(self.user_id)
        )

    def _step_scenario_home(self):
        return self._scenario_step(self.scenario_id._settle_new_reps)

    def _step_scenario_solve(self):
        known = (self.result or {}).get("answer")
        found = self.scenario_id._solve_round(known or {})
        return {"again": found.pop("again"), "answer": found}

    def _step_scenario_store(self):
        found = self.result["answer"]

        def work():
            # the answer is the scenario's from now on
            return {**self.scenario_id._store_answer(found), "answer": None}

        return self._scenario_step(work)

    @api.depends("result")
    def _compute_progress(self):
        """Of solving: the share of the time it may take, once it has begun."""
        result = super()._compute_progress()
        for run in self.filtered(lambda run: run.kind == "scenario_solve"):
            answer = (run.result or {}).get("answer")
            if run.state != "done" and answer:
                # sudo: how far it is, for those who may see the run
                limit = run.scenario_id.sudo().time_limit or 1
                run.progress = min(0.1 + 0.85 * answer["seconds"] / limit, 0.95)
        return result

    def _step_scenario_staffing(self):
        return self._scenario_step(self.scenario_id._compute_staffing)

    def _step_scenario_frontier(self):
        known = (self.result or {}).get("frontier") or {}

        def work():
            found = self.scenario_id._frontier_round(known)
            again = found.pop("again")
            return {"again": again, "frontier": found if again else None}

        return self._scenario_step(work)

    @api.model
    def _start_frontier(self, scenario):
        """Begin to solve for other weights; one under way begins anew by itself."""
        under_way = self.sudo().search_count(  # sudo: see _create_once
            [
                ("kind", "=", FRONTIER),
                ("scenario_id", "=", scenario.id),
                ("state", "in", ("waiting", "running")),
            ]
        )
        if not under_way:
            self._start_scenario(FRONTIER, scenario)

    def _step_scenario_publish(self):
        return self._scenario_step(self.scenario_id._publish)

    def _step_scenario_undo(self):
        return self._scenario_step(self.scenario_id._undo)

    def _scenario_step(self, work):
        """Do it as a whole, and once more where somebody changed one of the records
        since this transaction began: the next one sees that."""
        clashes = (self.result or {}).get("clashes", 0)
        if clashes >= CLASHES:
            raise UserError(
                self.env._(
                    "Others keep changing the same records. Nothing has been changed; "
                    "try again in a while."
                )
            )
        try:
            with self.env.cr.savepoint():
                return work()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.invalidate_all()
            return {"clashes": clashes + 1, "again": True}

    @api.model
    def _start_scenario(self, kind, scenario):
        # sudo: who may is asked by the action that starts it, see _create_once
        run = self.sudo().create(
            {
                "kind": kind,
                "company_id": scenario.company_id.id,
                "scenario_id": scenario.id,
                "seed": scenario.seed,
                "user_id": self.env.uid,
            }
        )
        run._wake()
        return run

    def _tell(self):
        """Of a scenario also whose it is, so that its page shows what has come."""
        runs = self.filtered(lambda run: run.kind in (*KINDS, FRONTIER))
        for run in runs.filtered("user_id"):
            scenario = run.scenario_id
            run.user_id._bus_send(
                "territory_planning.run",
                {
                    "kind": run.kind,
                    "state": run.state,
                    "progress": run.progress,
                    "scenario_id": scenario.id,
                    "name": scenario.name,
                    "scenario_state": scenario.state,
                    "error": run.error or "",
                },
            )
        return super(TerritoryRun, self - runs)._tell()

    def _fail(self, sentence):
        if self.kind in KINDS and self.scenario_id:
            self.scenario_id._give_up(self.kind, sentence)
        return super()._fail(sentence)

    def action_cancel(self):
        self.check_access("write")
        for run in self:
            if run.kind in KINDS and run.state in ("waiting", "running"):
                run.scenario_id._give_up(
                    run.kind,
                    self.env._("%(user)s cancelled it.", user=self.env.user.name),
                )
        return super().action_cancel()

    def action_retry(self):
        """A scenario is begun again where it is decided, with all that is asked there."""
        return super(
            TerritoryRun, self.filtered(lambda run: run.kind not in KINDS)
        ).action_retry()
