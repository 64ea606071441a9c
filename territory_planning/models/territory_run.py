import logging

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ._once import once_more_if_taken

_logger = logging.getLogger(__name__)

#: What says that somebody else was at it at the same moment: to be begun anew.
AT_ONCE = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)
ATTEMPTS = 5
UNDER_WAY = ("waiting", "running")
SECONDS_LEFT = 15  # no new step is begun with less left in the scheduled action


class TerritoryRun(models.Model):
    """A computation in the background: a few steps, each its own transaction.

    The step reached is stored with the step's own results, so a run that was cut
    off at any moment goes on with the step it was in. A step may be done twice
    and gives the same the second time.
    """

    _name = "territory.run"
    _description = "Computation"
    _order = "id desc"

    kind = fields.Selection(
        [
            ("geocode", "Places of all addresses"),
            ("lookup", "Places asked for"),
            ("places", "Check of places"),
            ("month", "Monthly plan"),
            ("refresh", "Facts and regions"),
            ("insights", "Insights"),
            ("regions", "Regions"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    plan_id = fields.Many2one(
        "territory.plan",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    user_id = fields.Many2one("res.users", string="Started By", readonly=True)
    step = fields.Integer(readonly=True, help="How many steps are done.")
    progress = fields.Float(compute="_compute_progress", help="Share of steps done.")
    attempts = fields.Integer(readonly=True)
    seed = fields.Integer(readonly=True, aggregator=None)
    result = fields.Json(readonly=True)
    error = fields.Text(string="What Went Wrong", readonly=True)
    date_start = fields.Datetime(string="Started", readonly=True)
    date_end = fields.Datetime(string="Ended", readonly=True)

    _one_at_a_time = models.UniqueIndex(
        "(kind, company_id, COALESCE(plan_id, 0)) "
        "WHERE state IN ('waiting', 'running')",
        "This computation is already under way.",
    )

    # ------------------------------------------------------------------- steps
    @api.model
    def _steps(self):
        """The steps of each kind of run: method names on this model.

        A step whose answer has ``again`` true is done once more: one that takes its
        work a batch at a time.
        """
        return {
            "month": ["_step_facts", "_step_regions", "_step_plan", "_step_sizing"],
            "refresh": ["_step_facts", "_step_regions"],
            "regions": ["_step_regions"],
        }

    def _step_facts(self):
        return {"accounts": self.env["territory.account"]._refresh(self.company_id)}

    def _step_regions(self):
        return {"in_regions": self.env["territory.region"]._assign(self.company_id)}

    def _step_plan(self):
        return self.plan_id._compute_plan(seed=self.seed)

    def _step_sizing(self):
        return self.plan_id._compute_sizing()

    @api.depends("kind", "state", "step")
    def _compute_progress(self):
        for run in self:
            steps = len(self._steps().get(run.kind, ())) or 1
            run.progress = 1.0 if run.state == "done" else run.step / steps

    # ---------------------------------------------------------------- starting
    @api.model
    def _create_once(self, kind, company, plan=None):
        """Find the run of this kind that is under way, or create it."""
        # sudo: who may start a run is asked by the action that starts it; a run
        # belongs to the company, not to the person
        runs = self.sudo()
        running = runs.search(
            [
                ("kind", "=", kind),
                ("company_id", "=", company.id),
                ("plan_id", "=", plan.id if plan else False),
                ("state", "in", UNDER_WAY),
            ],
            limit=1,
        )
        if running:
            return running
        with once_more_if_taken():
            return runs.create(
                {
                    "kind": kind,
                    "company_id": company.id,
                    "plan_id": plan.id if plan else False,
                    "user_id": self.env.uid,
                }
            )

    @api.model
    def _start(self, kind, company, plan=None):
        """Have a run done in the background, soon."""
        run = self._create_once(kind, company, plan=plan)
        run._wake()
        return run

    @api.model
    def _wake(self):
        """Have whoever does the work look for it, once this transaction is kept."""
        # sudo: a scheduled action is nobody's to read, and this only wakes it up
        self.env.ref("territory_planning.cron_run").sudo()._trigger()

    def action_retry(self):
        self.check_access("write")
        for run in self.filtered(lambda run: run.state in ("failed", "cancelled")):
            run.write({"state": "waiting", "attempts": 0, "error": False})
        self._wake()

    def action_cancel(self):
        self.check_access("write")
        self.filtered(lambda run: run.state in UNDER_WAY).write(
            {"state": "cancelled", "date_end": fields.Datetime.now()}
        )

    # -------------------------------------------------------------- performing
    @api.model
    def _under_way(self):
        """The runs there is something to do for, made where nobody made them yet."""
        return self.search([("state", "in", UNDER_WAY)])

    @api.model
    def _cron_process(self):
        """Take the waiting runs one step at a time until the time is used up."""
        remaining = len(self._under_way())
        while remaining and (run := self._next()):
            run._perform_step()
            remaining = len(self._under_way())
            if (
                self.env["ir.cron"]._commit_progress(1, remaining=remaining)
                < SECONDS_LEFT
            ):
                return

    @api.model
    def _next(self):
        """The oldest run under way that no other worker holds.

        Those that wait for a service outside take hours and let the others go first.
        """
        self.flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM territory_run
                 WHERE state IN ('waiting', 'running')
              ORDER BY kind IN ('geocode', 'lookup'), id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
                """
            )
        )
        return self.browse(rows[0]) if rows else self.browse()

    def _perform_step(self):
        """Do the next step; a failure undoes the step alone and is kept as a sentence."""
        self.ensure_one()
        if self.attempts >= ATTEMPTS:
            self._fail(
                self.env._(
                    "This computation was interrupted %(times)s times and is not tried "
                    "again by itself. Look at the server's log, then press Retry.",
                    times=self.attempts,
                )
            )
            return
        # Counted before the step and kept whatever happens to it: a step that kills
        # its server must not do so for ever.
        self.write(
            {
                "attempts": self.attempts + 1,
                "state": "running",
                "date_start": self._began(),
            }
        )
        self.env["ir.cron"]._commit_progress()
        if not self.try_lock_for_update():
            return  # the commit let another worker take it
        try:
            self._try_step()
        except AT_ONCE as error:
            _logger.info(
                "Step %s of computation %s anew: %s", self.step, self.id, error
            )
            self._begin_anew()

    def _begin_anew(self):
        """Leave a step undone that somebody's change came into; it is tried once more.

        All of the transaction goes, for what it has seen of the database is out of date.
        """
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)

    def _began(self):
        return self.date_start or fields.Datetime.now()

    def _try_step(self):
        """Do the next step, or keep why it cannot be done; undone as a whole then.

        :raise Exception: one of ``AT_ONCE``: somebody wrote the same rows at the same
            moment; the step is to be done in a new transaction
        """
        try:
            with self.env.cr.savepoint():
                self._do_step()
        except AT_ONCE:
            raise
        except UserError as error:
            self._fail(str(error))
        except Exception:
            # Kept for the administrator; the person who waits gets a sentence.
            _logger.exception("Step %s of computation %s failed", self.step, self.id)
            self._fail(
                self.env._(
                    "Something went wrong that this module did not expect. Nothing "
                    "was changed. The details are in the server's log, as "
                    "computation %(id)s.",
                    id=self.id,
                )
            )

    def _do_step(self):
        self.ensure_one()
        steps = self._steps()[self.kind]
        run = self.with_company(self.company_id)
        found = getattr(run, steps[self.step])() or {}
        step = self.step + (not found.pop("again", False))
        values = {
            "step": step,
            "attempts": 0,
            "result": {**(self.result or {}), **found},
        }
        if step == len(steps):
            values |= {"state": "done", "date_end": fields.Datetime.now()}
        self.write(values)
        self._tell()

    def _finish_now(self):
        """Do all remaining steps in the current transaction; errors are raised."""
        for run in self:
            run.write({"state": "running", "date_start": fields.Datetime.now()})
            while run.state == "running":
                run._do_step()

    def _fail(self, sentence):
        self.write(
            {"state": "failed", "error": sentence, "date_end": fields.Datetime.now()}
        )
        self._tell()

    def _tell(self):
        """Tell whoever started the run how far it is; sent when the step is kept."""
        for run in self.filtered("user_id"):
            run.user_id._bus_send(
                "territory_planning.run",
                {
                    "id": run.id,
                    "kind": run.kind,
                    "state": run.state,
                    "progress": run.progress,
                    "plan_id": run.plan_id.id,
                    "error": run.error or "",
                },
            )

    @api.autovacuum
    def _gc_runs(self):
        """Runs are kept for half a year."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), months=6)
        self.search(
            [
                ("create_date", "<", limit),
                ("state", "not in", UNDER_WAY),
            ]
        ).unlink()
