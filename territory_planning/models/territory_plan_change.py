from odoo import api, fields, models
from odoo.exceptions import UserError


class TerritoryPlanChange(models.Model):
    """One figure of a plan that somebody changed: who, when, from what, to what, why.

    Only ever added to. It goes with its plan, never by itself.
    """

    _name = "territory.plan.change"
    _description = "Change in a Plan"
    _order = "id desc"
    _rec_name = "account_id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "territory.plan", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="plan_id.currency_id")
    line_id = fields.Many2one(
        "territory.plan.line",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
    )
    account_id = fields.Many2one(
        "territory.account",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    plan_region_id = fields.Many2one(
        "territory.plan.region",
        string="Region and Rep",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Rep",
        index="btree_not_null",
        readonly=True,
        help="Whose figure it is.",
    )
    author_id = fields.Many2one(
        "res.users",
        string="Changed By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    date = fields.Datetime(
        string="Changed", required=True, readonly=True, default=fields.Datetime.now
    )
    kind = fields.Selection(
        [
            ("visits", "Visits"),
            ("sales", "Expected sales"),
            ("visits_agreed", "Agreed visits"),
            ("sales_agreed", "Agreed sales"),
            ("hours_target", "Hours from the top"),
            ("revenue_target", "Revenue from the top"),
            ("rep", "Rep"),
            ("state", "State"),
        ],
        string="What",
        required=True,
        readonly=True,
    )
    value_before = fields.Float(string="From", readonly=True, aggregator=None)
    value_after = fields.Float(string="To", readonly=True, aggregator=None)
    text_before = fields.Char(string="From What", readonly=True)
    text_after = fields.Char(string="To What", readonly=True)
    reason = fields.Char(readonly=True)
    version = fields.Integer(
        readonly=True,
        aggregator=None,
        help="The number of the line's state that this change made.",
    )

    def write(self, vals):
        if vals:
            raise UserError(
                self.env._(
                    "What was changed in a plan is kept as it was. Change the figure "
                    "again instead: that is kept as well."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "What was changed in a plan stays known. It goes only with the plan."
            )
        )

    @api.model
    def _log(self, rows):
        """Keep changes, all in one batch.

        :param rows: values of changes; the author is whoever acts
        """
        # sudo: nobody may type a change in; it is kept for whoever made it
        return self.sudo().create([{"author_id": self.env.uid, **row} for row in rows])
