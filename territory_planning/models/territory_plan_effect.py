from odoo import api, fields, models
from odoo.tools import format_amount


class TerritoryPlanEffect(models.Model):
    """What a closed month's changes of visits were to bring, and what they brought.

    Written when a month is closed, never by hand; see ``engine.learning``.
    """

    _name = "territory.plan.effect"
    _description = "Promised and Realised"
    _order = "date_from desc, scope, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    plan_id = fields.Many2one(
        "territory.plan", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="plan_id.currency_id")
    date_from = fields.Date(
        related="plan_id.date_from", store=True, precompute=True, string="Month"
    )
    scope = fields.Selection(
        [("company", "Company"), ("region", "Region"), ("segment", "Account group")],
        required=True,
        readonly=True,
    )
    region_id = fields.Many2one(
        "territory.region", index="btree_not_null", ondelete="set null", readonly=True
    )
    segment = fields.Selection(
        selection=lambda self: (
            self.env["territory.account"]._fields["segment"].selection
        ),
        readonly=True,
    )
    changed = fields.Integer(
        string="Accounts Changed",
        readonly=True,
        help="Accounts visited more or less than usual in this month.",
    )
    unchanged = fields.Integer(
        string="Accounts Unchanged",
        readonly=True,
        help="What the changed ones are compared with.",
    )
    known = fields.Boolean(
        string="Enough to Tell",
        readonly=True,
        help="Whether there were enough accounts on either side to compare.",
    )
    promised = fields.Monetary(
        readonly=True,
        help="What the month's change of visits was to bring by the response curves.",
    )
    realised = fields.Monetary(
        readonly=True,
        help="How much more the changed accounts bought than they would have, had "
        "they moved as the unchanged ones did.",
    )
    realised_low = fields.Monetary(
        string="Realised, at Least",
        readonly=True,
        help="With 95 % probability more than this was realised.",
    )
    realised_high = fields.Monetary(
        string="Realised, at Most",
        readonly=True,
        help="With 95 % probability less than this was realised.",
    )
    trend = fields.Float(
        string="Unchanged Moved By",
        readonly=True,
        aggregator=None,
        digits=(16, 4),
        help="How the sales of the unchanged accounts moved, as a share.",
    )
    elasticity = fields.Float(
        string="Effect of Visits",
        readonly=True,
        aggregator=None,
        digits=(16, 3),
        help="By how many percent sales rise with 1 % more visits, as this month alone "
        "says.",
    )
    elasticity_sd = fields.Float(
        string="Uncertainty of the Effect",
        readonly=True,
        aggregator=None,
        digits=(16, 3),
    )
    conclusion = fields.Text(string="What It Says", compute="_compute_conclusion")

    @api.depends("scope", "region_id.name", "segment", "company_id.name")
    def _compute_name(self):
        segments = dict(self._fields["segment"]._description_selection(self.env))
        for effect in self:
            effect.name = {
                "company": effect.company_id.name,
                "region": effect.region_id.name or self.env._("No region"),
                "segment": segments.get(effect.segment),
            }.get(effect.scope)

    @api.depends("known", "promised", "realised", "realised_low", "realised_high")
    def _compute_conclusion(self):
        for effect in self:
            effect.conclusion = effect._conclusion()

    def _conclusion(self):
        """What may be said of it, no surer than it is."""
        if not self.known:
            return self.env._(
                "Too few accounts to tell: %(changed)s were visited more or less than "
                "usual, %(unchanged)s as usual.",
                changed=self.changed,
                unchanged=self.unchanged,
            )
        figures = {
            "promised": self._money(self.promised),
            "realised": self._money(self.realised),
            "low": self._money(self.realised_low),
            "high": self._money(self.realised_high),
        }
        if self.realised_low <= self.promised <= self.realised_high:
            return self.env._(
                "%(realised)s came (%(low)s to %(high)s with 90 %% probability), "
                "%(promised)s was promised: no contradiction.",
                **figures,
            )
        if self.realised_high < self.promised:
            return self.env._(
                "Less came than was promised: %(realised)s (%(low)s to %(high)s with "
                "90 %% probability) instead of %(promised)s.",
                **figures,
            )
        return self.env._(
            "More came than was promised: %(realised)s (%(low)s to %(high)s with "
            "90 %% probability) instead of %(promised)s.",
            **figures,
        )

    def _money(self, amount):
        return format_amount(
            self.env, round(amount), self.currency_id, trailing_zeroes=False
        )
