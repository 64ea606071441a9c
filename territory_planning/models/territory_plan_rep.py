from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class TerritoryPlanRep(models.Model):
    """One rep's part in a month's conversation: asked, and given or not."""

    _name = "territory.plan.rep"
    _description = "Rep in a Plan"
    _order = "plan_id desc, state, id"
    _rec_name = "user_id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "territory.plan", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    date_from = fields.Date(
        related="plan_id.date_from", store=True, precompute=True, string="Month"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Rep",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", index="btree_not_null", readonly=True
    )
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("given", "Given"),
            ("left", "Left"),
        ],
        default="asked",
        required=True,
        readonly=True,
        help="Asked: the rep's view is expected. Given: it is there. Left: the rep no "
        "longer works here, so nothing is expected.",
    )
    given_on = fields.Datetime(string="Given", readonly=True)
    given_by_id = fields.Many2one("res.users", readonly=True)
    reminded_on = fields.Date(string="Reminded", readonly=True)
    due_date = fields.Date(related="plan_id.due_date")
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )

    line_count = fields.Integer(
        string="Number of Accounts", compute="_compute_progress"
    )
    answered_count = fields.Integer(
        string="Accounts Answered", compute="_compute_progress"
    )
    progress = fields.Float(
        compute="_compute_progress", help="Share of the accounts answered, in percent."
    )

    _rep_uniq = models.UniqueIndex(
        "(plan_id, user_id)", "Each rep is asked once per plan."
    )

    @api.depends("state", "plan_id.state", "plan_id.due_date")
    def _compute_is_late(self):
        for rep in self:
            plan = rep.plan_id
            rep.is_late = (
                rep.state == "asked"
                and plan.state == "collecting"
                and bool(plan.due_date)
                and plan.due_date < plan.company_id._territory_today()
            )

    @api.depends("plan_id", "user_id")
    def _compute_progress(self):
        domain = [
            ("plan_id", "in", self.plan_id.ids),
            ("user_id", "in", self.user_id.ids),
        ]
        lines = self.env["territory.plan.line"]
        counts = {
            (plan, user): count
            for plan, user, count in lines._read_group(
                domain, ["plan_id", "user_id"], ["__count"]
            )
        }
        answered = {
            (plan, user): count
            for plan, user, count in lines._read_group(
                [*domain, ("answered", "=", True)], ["plan_id", "user_id"], ["__count"]
            )
        }
        for rep in self:
            key = (rep.plan_id, rep.user_id)
            rep.line_count = counts.get(key, 0)
            rep.answered_count = answered.get(key, 0)
            rep.progress = (
                100.0 * rep.answered_count / rep.line_count if rep.line_count else 0.0
            )

    def _search_is_late(self, operator, value):
        if operator != "in" or value != {True}:
            return NotImplemented
        # Companies have their own time zones, and there are few of them.
        domains = [
            [
                ("company_id", "=", company.id),
                ("plan_id.due_date", "<", company._territory_today()),
            ]
            for company in self.env.companies
        ]
        return fields.Domain.OR(domains) & fields.Domain(
            [("state", "=", "asked"), ("plan_id.state", "=", "collecting")]
        )

    # ------------------------------------------------------------------ actions
    def action_give(self):
        """“My view is complete”: the rep says so, or a leader for the rep."""
        self._check_own()
        for rep in self:
            if rep.plan_id.state != "collecting":
                raise UserError(
                    self.env._(
                        "The plan of %(month)s is not collecting views now.",
                        month=rep.plan_id.name,
                    )
                )
        # sudo: nobody writes these rows by hand; who may say so was asked above
        self.sudo().filtered(lambda rep: rep.state == "asked").write(
            {
                "state": "given",
                "given_on": fields.Datetime.now(),
                "given_by_id": self.env.uid,
            }
        )
        for plan in self.plan_id:
            plan.sudo()._reminders(self.user_id).action_done()
            plan._review_when_complete()

    def action_take_back(self):
        """Not complete after all, while views are still collected."""
        self._check_own()
        for rep in self:
            if rep.plan_id.state != "collecting":
                raise UserError(
                    self.env._(
                        "The views on %(month)s are under review already. Ask the "
                        "sales leader to open the plan again.",
                        month=rep.plan_id.name,
                    )
                )
        # sudo: see action_give
        self.sudo().filtered(lambda rep: rep.state == "given").write(
            {"state": "asked", "given_on": False, "given_by_id": False}
        )

    def _check_own(self):
        """A rep speaks for oneself, a leader for everybody."""
        self.check_access("read")
        if self.env.su or self.env.user.has_group(
            "sales_team.group_sale_salesman_all_leads"
        ):
            return
        if self.user_id - self.env.user:
            raise AccessError(self.env._("Only a leader may speak for another rep."))
