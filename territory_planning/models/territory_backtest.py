from odoo import api, fields, models
from odoo.exceptions import AccessError

from .territory_run import UNDER_WAY


class TerritoryBacktest(models.Model):
    """How good the insights were: told from the past, held to what came after it.

    The company's own data are cut at several days of the last 12 months. Everything is
    learned from what was before the cut and looked at with what came after; see
    docs/insight.md. Where the data do not suffice there is a reason and no figure.
    """

    _name = "territory.backtest"
    _description = "Back-Test of Insights"
    _order = "date desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    run_id = fields.Many2one(
        "territory.run", readonly=True, index="btree_not_null", ondelete="set null"
    )
    date = fields.Date(
        string="Data Until",
        required=True,
        readonly=True,
        help="The last day looked at.",
    )
    horizon = fields.Integer(
        string="Days Ahead",
        readonly=True,
        aggregator=None,
        help="How many days after each cut were looked at: the risk horizon set under "
        "Settings on the day of the test.",
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        store=True,
    )
    progress = fields.Float(compute="_compute_run")
    error = fields.Text(compute="_compute_run")
    date_done = fields.Datetime(string="Computed", readonly=True)
    figure_ids = fields.One2many("territory.backtest.figure", "backtest_id")
    churn_figure_ids = fields.One2many(
        "territory.backtest.figure",
        "backtest_id",
        string="Figures on the Risk",
        domain=[("insight", "=", "churn")],
    )
    potential_figure_ids = fields.One2many(
        "territory.backtest.figure",
        "backtest_id",
        string="Figures on the Potential",
        domain=[("insight", "=", "potential")],
    )
    crosssell_figure_ids = fields.One2many(
        "territory.backtest.figure",
        "backtest_id",
        string="Figures on Next Purchases",
        domain=[("insight", "=", "crosssell")],
    )
    visits_figure_ids = fields.One2many(
        "territory.backtest.figure",
        "backtest_id",
        string="Figures on Visits",
        domain=[("insight", "=", "visits")],
    )
    point_ids = fields.One2many("territory.backtest.point", "backtest_id")
    # Rank and accuracy of all cuts together, for the list.
    auc = fields.Float(
        string="Risk, Ranked Right",
        readonly=True,
        aggregator=None,
        digits=(16, 3),
        help="Of a customer who stopped and one who did not, how often the risk was "
        "higher for the one who stopped. 0.5 is a guess, 1 is perfect.",
    )
    brier = fields.Float(
        string="Risk, Squared Error", readonly=True, aggregator=None, digits=(16, 3)
    )
    coverage = fields.Float(
        string="Below Potential",
        readonly=True,
        aggregator=None,
        digits=(16, 3),
        help="Share of customers who bought less than a potential that was learned "
        "without them. 0.85 is meant.",
    )
    hits = fields.Float(
        string="Next Purchases, Hits",
        readonly=True,
        aggregator=None,
        digits=(16, 3),
        help="Share of first purchases in a category that were among the three "
        "suggested.",
    )
    price_open = fields.Integer(string="Prices Open", readonly=True)
    price_accepted = fields.Integer(string="Prices Accepted", readonly=True)
    price_fixed = fields.Integer(string="Prices Fixed", readonly=True)
    calibration = fields.Json(compute="_compute_charts")
    cuts = fields.Json(compute="_compute_charts")

    @api.depends("date")
    def _compute_display_name(self):
        for test in self:
            test.display_name = self.env._(
                "Back-test of %(date)s", date=test.date and test.date.isoformat()
            )

    @api.depends("run_id.state")
    def _compute_state(self):
        """That of its computation, which is thrown away after half a year."""
        for test in self:
            test.state = test.run_id.state or test.state or "cancelled"

    @api.depends("run_id.progress", "run_id.error", "state")
    def _compute_run(self):
        for test in self:
            test.progress = 1.0 if test.state == "done" else test.run_id.progress
            test.error = test.run_id.error

    @api.depends("point_ids", "figure_ids")
    def _compute_charts(self):
        """The curves as the pictures read them: all cuts together, and cut by cut."""
        for test in self:
            test.calibration = [
                {
                    "forecast": point.forecast,
                    "share": point.share,
                    "low": point.share_low,
                    "high": point.share_high,
                    "count": point.count,
                }
                for point in test.point_ids
                if not point.cut_date
            ]
            test.cuts = [
                {
                    "date": figure.cut_date.isoformat(),
                    "value": figure.value,
                    "low": figure.value_low,
                    "high": figure.value_high,
                    "reference": figure.reference,
                    "count": figure.count,
                }
                for figure in test.churn_figure_ids.sorted("cut_date")
                if figure.cut_date
                and figure.measure == "auc"
                and figure.status == "scored"
            ]

    # ------------------------------------------------------------------ actions
    @api.model
    def action_start(self):
        """The button over the list: test today's company, in the background."""
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._(
                    "Only an administrator of Sales may start a back-test. Ask one of "
                    "them to."
                )
            )
        return self._start(self.env.company)._action_form()

    @api.model
    def _start(self, company):
        """Find the back-test that is under way, or begin one."""
        runs = self.env["territory.run"]
        run = runs._create_once("backtest", company)
        # sudo: whoever may start one asked before; nobody types its figures
        tests = self.sudo()
        found = tests.search([("run_id", "=", run.id), ("state", "in", UNDER_WAY)])
        if not found:
            found = tests.create(
                {
                    "company_id": company.id,
                    "run_id": run.id,
                    "date": company._territory_today(),
                    "horizon": company.territory_churn_days,
                }
            )
        runs._wake()
        return found.with_env(self.env)

    def _action_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_figures(self):
        """All figures, cut by cut, as a graph and a list."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "territory_planning.territory_backtest_figure_action"
        )
        return action | {"domain": [("backtest_id", "=", self.id)]}
