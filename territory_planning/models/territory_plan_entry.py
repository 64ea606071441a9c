from odoo import fields, models
from odoo.exceptions import AccessError

KNOWLEDGE = [
    ("potential", "New potential"),
    ("competitor", "Competitor"),
    ("price", "Price problem"),
]


class TerritoryPlanEntry(models.Model):
    """What somebody once said of one account's month, as it was sent.

    Each has the name its sender made up for it, so that what a bad connection sends
    twice is kept once. The line shows the latest; here is all of it.
    """

    _name = "territory.plan.entry"
    _description = "Entry in a Plan"
    _order = "id desc"
    _rec_name = "account_id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "territory.plan", required=True, index=True, ondelete="cascade", readonly=True
    )
    line_id = fields.Many2one(
        "territory.plan.line",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    account_id = fields.Many2one(
        related="line_id.account_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="plan_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Rep",
        index="btree_not_null",
        readonly=True,
        help="Whose account it was then.",
    )
    author_id = fields.Many2one(
        "res.users",
        string="Said By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    uuid = fields.Char(
        string="Sender's Number", required=True, readonly=True, copy=False
    )
    version = fields.Integer(readonly=True, aggregator=None)
    date = fields.Datetime(
        string="Received", required=True, readonly=True, default=fields.Datetime.now
    )
    visits_given = fields.Boolean(readonly=True)
    visits = fields.Integer(readonly=True)
    sales_given = fields.Boolean(readonly=True)
    sales = fields.Monetary(string="Expected Sales", readonly=True)
    knowledge = fields.Selection(
        KNOWLEDGE, string="I Know Something", readonly=True, index="btree_not_null"
    )
    knowledge_value = fields.Monetary(
        string="Worth a Month",
        readonly=True,
        help="What it is about in money a month, as the rep sees it: to win, to lose, "
        "or given away.",
    )
    note = fields.Char(readonly=True)
    state = fields.Selection(
        [("new", "New"), ("used", "Taken in"), ("set_aside", "Set aside")],
        default="new",
        required=True,
        readonly=True,
        help="What the review made of what the rep knows.",
    )

    _uuid_uniq = models.UniqueIndex(
        "(author_id, uuid)", "This entry has been received already."
    )

    def action_use(self):
        self._settle("used")

    def action_set_aside(self):
        self._settle("set_aside")

    def _settle(self, state):
        """A leader decides what becomes of what a rep knows; entries stay as sent."""
        self.check_access("write")
        self.sudo().state = state  # sudo: only this way, see write

    def write(self, vals):
        if not self.env.su:
            raise AccessError(
                self.env._("An entry stays as it was sent. Send a new one instead.")
            )
        return super().write(vals)
