from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .territory_assignment_work import OPEN

CLASHES = 20  # batches in a row that others' changes undo before a person is asked


class TerritoryRun(models.Model):
    """The run that changes many accounts: one for a company, assignment by assignment.

    It is made by the scheduled action itself when it finds assignments to do. So two
    people who assign at once do not compete for it, and none is forgotten that comes
    as a run is about to end.
    """

    _inherit = "territory.run"

    kind = fields.Selection(
        selection_add=[("assign", "Assignments")], ondelete={"assign": "cascade"}
    )

    @api.model
    def _steps(self):
        return super()._steps() | {"assign": ["_step_assign"]}

    @api.model
    def _under_way(self):
        for company, assignments in (
            self._open_assignments().grouped("company_id").items()
        ):
            self.with_user(assignments[0].user_id)._create_once("assign", company)
        return super()._under_way()

    @api.model
    def _open_assignments(self, company=None):
        domain = [("state", "in", OPEN)]
        if company:
            domain.append(("company_id", "=", company.id))
        # sudo: the run looks after everybody's; each is done under its asker's rights
        return self.env["territory.assignment"].sudo().search(domain, order="id")

    def _step_assign(self):
        assignment = self._open_assignments(self.company_id)[:1]
        if not assignment:
            return {}
        found = {"assignment": assignment.id, "clashes": 0, "again": True}
        clashes = (self.result or {}).get("clashes", 0)
        if clashes >= CLASHES:
            assignment._stop(
                self.env._(
                    "Others keep changing the same accounts. Press “Go On” in a while."
                )
            )
            assignment._tell()
            return found
        try:
            with self.env.cr.savepoint():
                assignment._next_batch()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody changed one of the accounts, or took the assignment back, since
            # this transaction began: the next one sees it.
            found["clashes"] = clashes + 1
        return found

    @api.depends("result")
    def _compute_progress(self):
        runs = self.filtered(lambda run: run.kind == "assign" and run.state != "done")
        result = super(TerritoryRun, self - runs)._compute_progress()
        for run in runs:
            number = (run.result or {}).get("assignment")
            # sudo: how far it is, for those who may see the run
            assignment = self.env["territory.assignment"].sudo().browse(number)
            run.progress = min(assignment.exists().progress, 0.99)
        return result

    # ----------------------------------------------------- ending, and going on
    def _tell(self):
        """Of assignments those hear who asked for them; see there."""
        return super(
            TerritoryRun, self.filtered(lambda run: run.kind != "assign")
        )._tell()

    def _fail(self, sentence):
        if self.kind == "assign":
            self._stop_assignments(
                self._open_assignments(self.company_id)[:1], sentence
            )
        return super()._fail(sentence)

    def _stop_assignments(self, assignments, sentence):
        for assignment in assignments:
            assignment._stop(sentence)
            assignment._tell()
            self.result = {**(self.result or {}), "assignment": assignment.id}

    def action_cancel(self):
        self.check_access("write")
        for run in self:
            if run.kind == "assign" and run.state in ("waiting", "running"):
                run._stop_assignments(
                    run._open_assignments(run.company_id),
                    self.env._("%(user)s cancelled it.", user=self.env.user.name),
                )
        return super().action_cancel()

    def action_retry(self):
        self.check_access("write")
        for run in self:
            if run.kind == "assign" and run.state in ("failed", "cancelled"):
                number = (run.result or {}).get("assignment")
                # sudo: see territory.assignment._begin
                assignment = self.env["territory.assignment"].sudo().browse(number)
                if assignment.exists().state == "stopped":
                    undo = bool(assignment.undone_by_id)
                    assignment.write(
                        {"state": "undoing" if undo else "waiting", "error": False}
                    )
        return super().action_retry()
