from contextlib import contextmanager

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from ..engine.month import plan_month
from ._month import MonthArrays
from ._month_answer import MonthAnswer
from ._month_sizing import SizingArrays
from ._once import once_more_if_taken

LEADERS = "sales_team.group_sale_salesman_all_leads"


class TerritoryPlan(models.Model):
    """One month of one company: today's effort against the effort that pays best.

    Opened by a scheduled action, or by a button. The numbers come from
    ``engine.month.plan_month``; this model gathers its arrays, calls it once and
    writes the answer back in one batch, so a plan is either whole or untouched.
    """

    _name = "territory.plan"
    _description = "Monthly Plan"
    _inherit = ["mail.thread"]
    _order = "date_from desc, company_id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        help="The company's currency when the plan was computed: figures of a month stay "
        "in it whatever the company changes to.",
    )
    date_from = fields.Date(
        string="Month",
        required=True,
        readonly=True,
        default=lambda self: self._this_month(self.env.company),
    )
    date_to = fields.Date(string="Last Day", compute="_compute_date_to")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("collecting", "Collecting"),
            ("review", "Review"),
            ("agreed", "Agreed"),
            ("closed", "Closed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
    )
    run_ids = fields.One2many("territory.run", "plan_id", string="Computations")
    run_state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        string="Computation",
        compute="_compute_run",
    )
    run_error = fields.Text(string="What Went Wrong", compute="_compute_run")
    run_progress = fields.Float(string="Progress", compute="_compute_run")
    computed_on = fields.Datetime(string="Computed", readonly=True, copy=False)
    plan_region_ids = fields.One2many(
        "territory.plan.region", "plan_id", string="Regions and Reps"
    )
    line_ids = fields.One2many("territory.plan.line", "plan_id", string="Accounts")
    sizing_ids = fields.One2many(
        "territory.plan.sizing", "plan_id", string="How Many Reps", groups=LEADERS
    )
    line_count = fields.Integer(
        string="Number of Accounts", compute="_compute_line_count"
    )

    # Totals go over every rep's accounts, so a rep with own documents only does not
    # see them.
    hours_capacity = fields.Float(
        string="Hours Available", readonly=True, groups=LEADERS
    )
    hours_today = fields.Float(readonly=True, groups=LEADERS)
    hours_optimal = fields.Float(string="Hours, Optimal", readonly=True, groups=LEADERS)
    expected_gain = fields.Monetary(
        string="Expected Gain a Month", readonly=True, groups=LEADERS
    )
    gain_low = fields.Monetary(string="Gain, at Least", readonly=True, groups=LEADERS)
    gain_high = fields.Monetary(string="Gain, at Most", readonly=True, groups=LEADERS)
    gain_same_hours = fields.Monetary(
        string="Of It, Same Hours Used Differently", readonly=True, groups=LEADERS
    )
    contribution = fields.Monetary(
        string="Contribution of the Optimum", readonly=True, groups=LEADERS
    )
    contribution_bound = fields.Monetary(
        string="No Plan Can Reach More Than", readonly=True, groups=LEADERS
    )
    gap = fields.Float(
        string="Proven Distance to the Best",
        readonly=True,
        groups=LEADERS,
        digits=(16, 12),
        aggregator=None,
        help="How far, at most, the plan's contribution is from the best possible "
        "one, as a share of it.",
    )
    seed = fields.Integer(readonly=True, groups=LEADERS, aggregator=None)
    parameters = fields.Json(
        readonly=True,
        groups=LEADERS,
        help="The settings this plan was computed with.",
    )

    _month_uniq = models.UniqueIndex(
        "(company_id, date_from)", "Each company has one plan per month."
    )

    # ---------------------------------------------------------------- computed
    @api.depends("company_id")
    def _compute_currency_id(self):
        for plan in self:
            plan.currency_id = plan.company_id.currency_id

    @api.depends("date_from")
    def _compute_name(self):
        for plan in self:
            plan.name = (
                format_date(self.env, plan.date_from, date_format="LLLL y")
                if plan.date_from
                else False
            )

    @api.depends("date_from")
    def _compute_date_to(self):
        for plan in self:
            plan.date_to = plan.date_from and plan.date_from + relativedelta(day=31)

    @api.depends("run_ids.kind", "run_ids.state", "run_ids.progress", "run_ids.error")
    def _compute_run(self):
        # Whether the plan is being computed is no secret; the run's record is.
        for plan in self:
            runs = plan.sudo().run_ids.filtered(lambda run: run.kind == "month")
            run = runs.sorted("id", reverse=True)[:1]
            plan.run_state = run.state
            plan.run_error = run.error
            plan.run_progress = run.progress

    def _compute_line_count(self):
        counts = dict(
            self.env["territory.plan.line"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.line_count = counts.get(plan, 0)

    @api.constrains("date_from")
    def _check_date_from(self):
        for plan in self:
            if plan.date_from.day != 1:
                raise ValidationError(
                    self.env._(
                        "A plan covers a whole month: “Month” must be the first day "
                        "of one, not %(date)s.",
                        date=format_date(self.env, plan.date_from),
                    )
                )

    # ------------------------------------------------------------------ opening
    @api.model
    def _this_month(self, company):
        """The first day of the month it is now in this company's time zone."""
        local = self.with_context(tz=company._territory_timezone())
        return fields.Date.context_today(local).replace(day=1)

    @api.model
    def _open(self, company, date_from=None):
        """Find or create the plan of a company's month.

        :return: the one plan of that month; asking twice gives the same
        """
        date_from = date_from or self._this_month(company)
        plan = self.search(
            [("company_id", "=", company.id), ("date_from", "=", date_from)], limit=1
        )
        if plan:
            return plan
        with once_more_if_taken():
            return self.create({"company_id": company.id, "date_from": date_from})

    @api.model
    def _open_month(self, company=None, date_from=None):
        """Open a month and compute it at once, in the current transaction.

        For scripts, imports and tests; people and the scheduled action use
        :meth:`action_compute`, which works in the background.
        """
        company = company or self.env.company
        plan = self.with_company(company)._open(company, date_from)
        run = self.env["territory.run"]._create_once("month", company, plan=plan)
        run._finish_now()
        return plan

    # ------------------------------------------------------------------ actions
    @api.model
    def action_open_this_month(self):
        """The button over the list: this month's plan, opened and computed."""
        self.check_access("create")
        plan = self._open(self.env.company)
        if plan.state == "draft":
            plan._compute_in_background()
        return plan._action_form()

    def action_compute(self):
        """Compute again with today's data; the figures change when it is done."""
        self.check_access("write")
        for plan in self:
            plan._check_open()
            plan._compute_in_background()

    def action_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "territory_planning.territory_plan_line_action"
        )
        return action | {"domain": [("plan_id", "=", self.id)], "context": {}}

    def _action_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _check_open(self):
        self.ensure_one()
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "The plan of %(month)s is being talked about or agreed, so its "
                    "figures stay. Only a draft can be computed again.",
                    month=self.name,
                )
            )

        if self.date_from < self._this_month(self.company_id):
            raise UserError(
                self.env._(
                    "%(month)s is over. Computing its plan from today's data would "
                    "tell what nobody could know then, so its figures stay.",
                    month=self.name,
                )
            )

    def _check_computed(self):
        for plan in self:
            if not plan.computed_on:
                raise UserError(
                    self.env._(
                        "The plan of %(month)s has no figures yet. Compute it first.",
                        month=plan.name,
                    )
                )

    # -------------------------------------------------------------- computation
    def _compute_in_background(self):
        self.ensure_one()
        self.env["territory.run"]._start("month", self.company_id, plan=self)

    def _compute_plan(self, seed=0):
        """Compute this plan from the accounts' stored facts and replace its lines.

        :return: the summary that is kept on the run
        """
        self.ensure_one()
        self._check_open()
        plan = self.with_company(self.company_id)
        with plan._sentences():
            arrays = MonthArrays.gather(plan)
            result = plan_month(arrays.problem, seed=seed)
        plan.sudo().currency_id = plan.company_id.currency_id  # sudo: see _compute_run
        return MonthAnswer(arrays, result).store(seed)

    def _compute_sizing(self):
        """Compute how many reps this plan's regions, teams and company can pay for.

        A step of its own after :meth:`_compute_plan`, which takes the old figures
        away: the two never tell of different data for longer than a run takes.

        :return: the summary that is kept on the run
        """
        self.ensure_one()
        self._check_open()
        self._check_computed()
        plan = self.with_company(self.company_id)
        with plan._sentences():
            return SizingArrays(MonthArrays.gather(plan)).store()

    @contextmanager
    def _sentences(self):
        """Turn what the engine cannot compute with into a sentence for people."""
        try:
            yield
        except ValueError as error:
            # The engine names the account and the figure; it knows no language.
            raise UserError(
                self.env._(
                    "The plan of %(month)s cannot be computed: %(reason)s",
                    month=self.name,
                    reason=error,
                )
            ) from error
