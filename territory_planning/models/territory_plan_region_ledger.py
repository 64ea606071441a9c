from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

MANAGER = "sales_team.group_sale_manager"
#: what the sales leader asks of a region and rep, and the kind of change it is
TOP_DOWN = ("hours_target", "revenue_target")
LIMITS = {"hours_target": 10_000.0, "revenue_target": 1e12}
#: Odoo's own fields that come along when somebody comments
CHATTER = {"message_follower_ids", "message_ids", "message_main_attachment_id"}


class TerritoryPlanRegion(models.Model):
    """What the top asks of one rep in one region, what the rep says, what is agreed."""

    _name = "territory.plan.region"
    _inherit = ["territory.plan.region", "mail.thread"]
    _mail_post_access = "read"

    plan_state = fields.Selection(related="plan_id.state", string="State of the Plan")
    hours_target = fields.Float(
        string="Hours, Top-Down",
        help="Hours a month the sales leader wants here; the optimum to begin with.",
    )
    revenue_target = fields.Monetary(
        string="Sales, Top-Down",
        help="Sales the sales leader asks of this month; to begin with what the "
        "optimum brings, with the season of the month.",
    )
    sales_rep = fields.Monetary(
        string="Sales, Bottom-Up",
        readonly=True,
        help="What the rep expects; where the rep gave no amount, what the curves say "
        "of the rep's visits.",
    )
    sales_optimum = fields.Monetary(
        string="Sales, Optimum",
        readonly=True,
        help="What the optimal visits are expected to bring in this month.",
    )
    sales_last = fields.Monetary(
        string="Sales, Last Month",
        readonly=True,
        help="Realised in the last full month before the reps were asked.",
    )
    sales_agreed = fields.Monetary(string="Sales, Agreed", readonly=True)
    hours_rep = fields.Float(string="Hours, Bottom-Up", readonly=True)
    hours_agreed = fields.Float(string="Hours, Agreed", readonly=True)
    visits_agreed = fields.Integer(string="Visits, Agreed", readonly=True)
    answered_count = fields.Integer(string="Accounts Answered", readonly=True)
    gap = fields.Monetary(
        readonly=True,
        help="Top-down less bottom-up; the sum of the four parts beside it.",
    )
    gap_potential = fields.Monetary(
        string="Gap: Potential",
        readonly=True,
        help="More than the response curves know of: to be won, or not there. "
        "Negative: the rep sees more than the curves.",
    )
    gap_churn = fields.Monetary(
        string="Gap: Churn",
        readonly=True,
        help="The rep expects less, as far as revenue at risk explains it.",
    )
    gap_price = fields.Monetary(
        string="Gap: Price",
        readonly=True,
        help="The rep expects less, as far as price issues explain it.",
    )
    gap_capacity = fields.Monetary(
        string="Gap: Capacity",
        readonly=True,
        help="Other visits than the optimal ones, by the response curves.",
    )
    agreed = fields.Boolean(readonly=True)
    agreed_by_id = fields.Many2one("res.users", readonly=True)
    agreed_on = fields.Datetime(readonly=True)

    # -------------------------------------------------------------------- CRUD
    def write(self, vals):
        """The sales leader changes what is asked; every change is kept."""
        if self.env.su:
            return super().write(vals)
        closed = set(vals) - set(TOP_DOWN) - CHATTER
        if closed:
            raise AccessError(
                self.env._(
                    "%(fields)s of a region in a plan are added up or computed and "
                    "cannot be typed in. Change what is asked of it instead.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in sorted(closed)
                        if name in self._fields
                    ),
                )
            )
        asked = {name: vals[name] for name in TOP_DOWN if name in vals}
        if asked:
            self.check_access("write")
            self._check_open_for_targets()
            self._log_targets(asked)
        result = super().write(vals)
        if asked:
            for plan in self.plan_id:
                plan._refresh_ledger()
        return result

    def _check_open_for_targets(self):
        for plan in self.plan_id:
            if plan.state not in ("collecting", "review"):
                raise UserError(
                    self.env._(
                        "What is asked of the regions in %(month)s can be changed "
                        "while views are collected or reviewed, not now.",
                        month=plan.name,
                    )
                )
        self._check_not_agreed()

    def _check_not_agreed(self):
        for row in self.filtered("agreed"):
            raise UserError(
                self.env._(
                    "“%(row)s” is agreed. Take the agreement back first; then it can "
                    "be changed.",
                    row=row.display_name,
                )
            )

    def _log_targets(self, asked):
        self.env["territory.plan.change"]._log(
            [
                {
                    "plan_id": row.plan_id.id,
                    "plan_region_id": row.id,
                    "user_id": row.user_id.id,
                    "kind": name,
                    "value_before": row[name],
                    "value_after": value,
                }
                for row in self
                for name, value in asked.items()
                if row[name] != value
            ]
        )

    @api.constrains(*TOP_DOWN)
    def _check_targets(self):
        for row in self:
            for name, most in LIMITS.items():
                if not 0 <= row[name] <= most:
                    raise ValidationError(
                        self.env._(
                            "“%(row)s”: “%(field)s” is %(value)s. Give a number of "
                            "zero or more.",
                            row=row.display_name,
                            field=self._fields[name]._description_string(self.env),
                            value=row[name],
                        )
                    )

    @api.depends("region_id.name", "user_id.name", "plan_id.name")
    def _compute_display_name(self):
        for row in self:
            names = [row.region_id.name or self.env._("No region")]
            names.append(row.user_id.name or self.env._("nobody"))
            row.display_name = ", ".join(names)

    # ------------------------------------------------------------------ actions
    def action_agree_rows(self):
        """Agree on these, all at once: the sales leader, or the leader of the team."""
        self._check_may_agree()
        rows = self.filtered(lambda row: not row.agreed)
        # sudo: who may agree was asked; a row is nobody's to type in
        rows.sudo().write(
            {
                "agreed": True,
                "agreed_by_id": self.env.uid,
                "agreed_on": fields.Datetime.now(),
            }
        )
        rows._log_agreement(self.env._("Open"), self.env._("Agreed"))

    def action_disagree_rows(self):
        """Take the agreement back, so that figures can be changed."""
        self._check_may_agree()
        rows = self.filtered("agreed")
        # sudo: see action_agree_rows
        rows.sudo().write({"agreed": False, "agreed_by_id": False, "agreed_on": False})
        rows._log_agreement(self.env._("Agreed"), self.env._("Open"))

    def _check_may_agree(self):
        self.check_access("read")
        for plan in self.plan_id:
            plan._check_state("review")
        user = self.env.user
        if self.env.su or user.has_group(MANAGER):
            return
        for row in self:
            if row.team_id.user_id != user:
                raise AccessError(
                    self.env._(
                        "“%(row)s” can be agreed by the leader of its sales team or by "
                        "the sales leader.",
                        row=row.display_name,
                    )
                )

    def _log_agreement(self, before, after):
        self.env["territory.plan.change"]._log(
            [
                {
                    "plan_id": row.plan_id.id,
                    "plan_region_id": row.id,
                    "user_id": row.user_id.id,
                    "kind": "state",
                    "text_before": before,
                    "text_after": after,
                }
                for row in self
            ]
        )

    def action_row_lines(self):
        """Drill to the accounts of this row."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "territory_planning.territory_plan_line_review_action"
        ) | {
            "domain": [("plan_region_id", "=", self.id)],
            "display_name": self.display_name,
        }
