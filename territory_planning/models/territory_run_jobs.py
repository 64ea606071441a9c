from odoo import SUPERUSER_ID, api, models

from .territory_run import ATTEMPTS, UNDER_WAY


class TerritoryRun(models.Model):
    """Steps as jobs of OCA's ``queue_job``, where that module is installed.

    Odoo's scheduled actions take one run after the other on one server. Jobs are spread
    over all servers of a database, so that the runs of several companies and kinds go on
    side by side, and a server that dies gives its step to another. What a step is, and
    that it is one transaction, is the same; without ``queue_job`` nothing here is used.

    ``queue_job`` allows no commit within a job. It also counts the attempts of a job
    whose server died and gives it up after ``ATTEMPTS``; the run then says so when the
    scheduled action looks after the runs, once an hour.
    """

    _inherit = "territory.run"

    @api.model
    def _by_jobs(self):
        return "queue.job" in self.env.registry

    @api.model
    def _wake(self):
        if not self._by_jobs():
            return super()._wake()
        # A job works as the scheduled action does: for the company, as nobody in
        # particular. Who may start a run was asked before it was made.
        runs = self.with_user(SUPERUSER_ID)
        runs.with_delay(
            identity_key="territory.run",
            max_retries=ATTEMPTS,
            description=self.env._("Territory: look for computations"),
        )._job_look()
        return None

    @api.model
    def _cron_process(self):
        """With jobs: take up runs whose job is gone, and tell of those given up."""
        if not self._by_jobs():
            return super()._cron_process()
        for run in self._under_way():
            if run._last_job().state == "failed":
                run._fail(
                    self.env._(
                        "This computation was interrupted %(times)s times and is not tried "
                        "again by itself. Look at its job in the job queue, then press "
                        "Retry.",
                        times=ATTEMPTS,
                    )
                )
            else:
                run._delay_step()
        return None

    @api.model
    def _job_look(self):
        self._under_way()._delay_step()

    def _delay_step(self):
        """Queue the next step of each run; one that waits already is enough."""
        for run in self.with_user(SUPERUSER_ID):
            run.with_delay(
                identity_key=run._job_key(),
                max_retries=ATTEMPTS,
                # those that wait for a service outside take hours and let others go first
                priority=20 if run.kind in ("geocode", "lookup") else 10,
                description=self.env._(
                    "Territory: %(kind)s, step %(step)s",
                    kind=dict(run._fields["kind"]._description_selection(self.env))[
                        run.kind
                    ],
                    step=run.step + 1,
                ),
            )._job_step()

    def _job_key(self):
        return f"territory.run,{self.id}"

    def _last_job(self):
        return (
            self.env["queue.job"]
            .sudo()  # the queue's own record, read for its state alone
            .search([("identity_key", "=", self._job_key())], order="id desc", limit=1)
        )

    def _job_step(self):
        """The next step, in the job's own transaction: all of it or nothing."""
        self.ensure_one()
        if self.state not in UNDER_WAY or not self.try_lock_for_update():
            return
        self.write({"state": "running", "date_start": self._began()})
        self._try_step()
        if self.state in UNDER_WAY:
            self._delay_step()
