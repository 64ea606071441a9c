from odoo import api, fields, models


class TerritoryRun(models.Model):
    """The run of a back-test: each cut of each insight is a step of its own."""

    _inherit = "territory.run"

    kind = fields.Selection(
        selection_add=[("backtest", "Back-test of insights")],
        ondelete={"backtest": "cascade"},
    )

    @api.model
    def _steps(self):
        return super()._steps() | {
            "backtest": ["_step_backtest_cut", "_step_backtest_end"]
        }

    @api.depends("result")
    def _compute_progress(self):
        tests = self.filtered(
            lambda run: run.kind == "backtest" and run.state != "done"
        )
        result = super(TerritoryRun, self - tests)._compute_progress()
        for run in tests:
            found = run.result or {}
            run.progress = found.get("cuts_done", 0) / (found.get("cuts", 0) + 1)
        return result

    def _backtest(self):
        # sudo: of the company's own run, whoever started it
        tests = self.env["territory.backtest"].sudo()
        return tests.search([("run_id", "=", self.id)], limit=1)

    def _step_backtest_cut(self):
        """Measure the next cut; which that is the run's result says."""
        test = self._backtest()
        days = test._cut_dates() if test else {}
        cuts = [(insight, day) for insight in days for day in days[insight]]
        done = (self.result or {}).get("cuts_done", 0)
        if done < len(cuts):
            test._measure(*cuts[done])
            done += 1
        return {
            "cuts": len(cuts),
            "cuts_done": done,
            "again": done < len(cuts),
        }

    def _step_backtest_end(self):
        if test := self._backtest():
            test._finish()
        return {}
