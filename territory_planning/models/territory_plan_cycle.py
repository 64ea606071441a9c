from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from .territory_plan import LEADERS
from .territory_run import UNDER_WAY

REMINDER = "territory_planning.activity_type_month"


class TerritoryPlan(models.Model):
    """The month's conversation: asked, given, reviewed, agreed, closed.

    Here is what people do; ``territory_plan_clock.py`` is what the clock does.
    """

    _name = "territory.plan"
    _inherit = ["territory.plan", "mail.activity.mixin"]

    due_date = fields.Date(
        string="Views Until",
        readonly=True,
        copy=False,
        help="The last day for the reps' views.",
    )
    agreed_on = fields.Datetime(string="Agreed", readonly=True, copy=False)
    closed_on = fields.Datetime(string="Closed", readonly=True, copy=False)
    rep_ids = fields.One2many("territory.plan.rep", "plan_id", string="Reps")
    change_ids = fields.One2many("territory.plan.change", "plan_id", string="Changes")
    rep_count = fields.Integer(
        string="Reps Asked", compute="_compute_rep_counts", groups=LEADERS
    )
    given_count = fields.Integer(
        string="Views Given", compute="_compute_rep_counts", groups=LEADERS
    )
    late_count = fields.Integer(
        string="Reps Late", compute="_compute_rep_counts", groups=LEADERS
    )
    change_count = fields.Integer(
        string="Number of Changes", compute="_compute_change_count", groups=LEADERS
    )

    @api.depends("rep_ids.state", "state", "due_date")
    def _compute_rep_counts(self):
        counts = {
            (plan, state): count
            for plan, state, count in self.env["territory.plan.rep"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id", "state"], ["__count"]
            )
        }
        for plan in self:
            asked, given = (
                counts.get((plan, "asked"), 0),
                counts.get((plan, "given"), 0),
            )
            plan.rep_count = asked + given
            plan.given_count = given
            late = (
                plan.state == "collecting"
                and plan.due_date
                and plan.due_date < plan.company_id._territory_today()
            )
            plan.late_count = asked if late else 0

    def _compute_change_count(self):
        counts = dict(
            self.env["territory.plan.change"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.change_count = counts.get(plan, 0)

    def write(self, vals):
        if "state" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "“State” of a plan changes by its buttons, which keep who did it "
                    "and why."
                )
            )
        return super().write(vals)

    def _set_state(self, state, **values):
        # sudo: whoever may press the button was asked by its method; see write
        self.sudo().write({"state": state, **values})

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for plan in self:
            if plan.state not in states:
                raise UserError(
                    self.env._(
                        "The plan of %(month)s is in state “%(state)s”; this needs "
                        "“%(needed)s”.",
                        month=plan.name,
                        state=labels[plan.state],
                        needed="”, “".join(labels[state] for state in states),
                    )
                )

    # ------------------------------------------------------------------ actions
    def action_collect(self):
        """Ask the reps for their views; from now on the figures stay."""
        self.check_access("write")
        self._check_state("draft")
        self._check_computed()
        for plan in self:
            if plan.run_state in UNDER_WAY:
                raise UserError(
                    self.env._(
                        "The plan of %(month)s is being computed. Ask the reps when "
                        "that is done.",
                        month=plan.name,
                    )
                )
            plan._collect()

    def action_review(self):
        """Go to review; whoever has not answered is left as late."""
        self.check_access("write")
        self._check_state("collecting")
        for plan in self:
            plan._to_review()

    def action_agree(self):
        self.check_access("write")
        self._check_state("draft", "collecting", "review")
        self._check_computed()
        for plan in self:
            if plan.state == "draft":
                plan._prepare()
            if plan.state != "review":
                plan._prefill_agreed()
            plan._refresh_ledger()
            rows = plan.sudo().plan_region_ids.filtered(lambda row: not row.agreed)
            rows.write(
                {
                    "agreed": True,
                    "agreed_by_id": self.env.uid,
                    "agreed_on": fields.Datetime.now(),
                }
            )
            plan.sudo()._reminders().unlink()
        self._set_state("agreed", agreed_on=fields.Datetime.now())
        for plan in self.filtered(
            lambda plan: plan.date_from <= plan.company_id._territory_today()
        ):
            self.env["territory.run"]._start("follow", plan.company_id, plan=plan)

    def action_draft(self):
        """Back to draft, as long as nobody has said anything that would be lost."""
        self.check_access("write")
        self._check_state("collecting")
        for plan in self:
            if plan.change_count or plan.given_count:
                raise UserError(
                    self.env._(
                        "Reps have given their views on %(month)s already; computing "
                        "it again would lose them. Go on with the plan as it is.",
                        month=plan.name,
                    )
                )
            plan.sudo()._reminders().unlink()
            plan.sudo().rep_ids.unlink()
        self._set_state("draft", due_date=False)

    def action_reopen(self):
        """Ask for the reason, then open again."""
        self.ensure_one()
        self.check_access("write")
        self._check_state("agreed", "review")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "territory_planning.territory_plan_reopen_action"
        ) | {"context": {"default_plan_id": self.id}}

    def action_changes(self):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "territory_planning.territory_plan_change_action"
        ) | {"domain": [("plan_id", "=", self.id)], "context": {}}

    def _reopen(self, state, reason):
        """Open an agreed plan, or one in review, again; the reason is kept."""
        self.ensure_one()
        self.check_access("write")
        self._check_state("agreed", "review")
        labels = dict(self._fields["state"]._description_selection(self.env))
        self.env["territory.plan.change"]._log(
            [
                {
                    "plan_id": self.id,
                    "kind": "state",
                    "text_before": labels[self.state],
                    "text_after": labels[state],
                    "reason": reason,
                }
            ]
        )
        self._set_state(state, agreed_on=False)
        self.sudo().plan_region_ids.write(
            {"agreed": False, "agreed_by_id": False, "agreed_on": False}
        )
        self.message_post(
            body=self.env._("Opened again: %(reason)s", reason=reason),
        )
        if state == "collecting":
            today = self.company_id._territory_today()
            self.sudo().due_date = self.company_id._territory_due_day(today)
            # sudo: see TerritoryPlanRep.action_give
            self.sudo().rep_ids.filtered(lambda rep: rep.state == "given").write(
                {"state": "asked", "given_on": False, "given_by_id": False}
            )
            self.sudo()._remind(self.sudo().rep_ids)

    # --------------------------------------------------------------- collecting
    def _collect(self):
        """Ask each rep with accounts in the plan; once per rep."""
        self.ensure_one()
        # sudo: rows and reminders are made for others, by whoever may start it
        plan = self.sudo()
        plan._set_state(
            "collecting",
            due_date=plan.company_id._territory_due_day(
                plan.company_id._territory_today()
            ),
        )
        plan._prepare()
        plan._ask_missing()

    def _ask_missing(self):
        """Ask the reps of the plan's accounts who have not been asked yet."""
        self.ensure_one()
        users = self.line_ids.user_id.filtered("active") - self.rep_ids.user_id
        reps = self.env["territory.plan.rep"].create(
            [
                {
                    "plan_id": self.id,
                    "user_id": user.id,
                    "team_id": self._team_of(user).id,
                }
                for user in users.sorted("id")
            ]
        )
        self._remind(reps)

    def _prepare(self):
        """What everybody compares with: forecast, targets to begin with, ledger."""
        self._forecast()
        self._refresh_ledger()
        self._prefill_targets()
        self._refresh_ledger()

    def _team_of(self, user):
        team = user.sale_team_id
        companies = (self.company_id, self.company_id.browse())
        return team if team.company_id in companies else team.browse()

    def _reminders(self, users=None):
        """The open reminders of this plan, of all or of some people."""
        kind = self.env.ref(REMINDER, raise_if_not_found=False)
        activities = self.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )
        if users is None:
            return activities
        return activities.filtered(lambda activity: activity.user_id in users)

    def _remind(self, reps, late=False):
        """One reminder to each rep who can see the plan and has none yet."""
        self.ensure_one()
        company = self.company_id
        for rep in reps:
            user = rep.user_id
            if company not in user.company_ids or self._reminders(user):
                continue
            user_plan = self.with_context(lang=user.lang)
            due = format_date(user_plan.env, self.due_date)
            summary = (
                user_plan.env._(
                    "Late: your view of %(month)s was due on %(due)s",
                    month=user_plan.name,
                    due=due,
                )
                if late
                else user_plan.env._(
                    "Your view of %(month)s, until %(due)s",
                    month=user_plan.name,
                    due=due,
                )
            )
            self.activity_schedule(
                REMINDER,
                date_deadline=self.due_date,
                summary=summary,
                user_id=user.id,
            )

    def _review_when_complete(self):
        """Go to review as soon as nobody's view is missing."""
        self.ensure_one()
        # sudo: the last rep to answer may not see the others' rows
        plan = self.sudo()
        states = set(plan.rep_ids.mapped("state"))
        if plan.state == "collecting" and "given" in states and "asked" not in states:
            plan._to_review()

    def _to_review(self):
        self.ensure_one()
        self._prefill_agreed()
        self._refresh_ledger()
        self.sudo()._reminders().unlink()
        self._set_state("review")
