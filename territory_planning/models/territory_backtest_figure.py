from odoo import api, fields, models
from odoo.tools import format_date

from ..engine.insight.status import Status

STATUS = {
    Status.SCORED: "scored",
    Status.TOO_FEW_CUSTOMERS: "customers",
    Status.TOO_FEW_ORDERS: "orders",
    Status.STALE_DATA: "stale",
    Status.NO_PURCHASES: "orders",
    Status.NO_VARIATION: "variation",
    Status.NOT_CONVERGED: "unstable",
}


class TerritoryBacktestFigure(models.Model):
    """One figure of a back-test: of one cut, or of all cuts together."""

    _name = "territory.backtest.figure"
    _description = "Figure of a Back-Test"
    _order = "backtest_id, insight, measure, cut_date desc, id"
    _rec_name = "measure"

    backtest_id = fields.Many2one(
        "territory.backtest",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="backtest_id.company_id", store=True, index=True
    )
    insight = fields.Selection(
        [
            ("churn", "Risk"),
            ("potential", "Potential"),
            ("crosssell", "Next purchases"),
            ("visits", "Effect of visits"),
        ],
        required=True,
        readonly=True,
    )
    measure = fields.Selection(
        [
            ("auc", "Ranked right (AUC)"),
            ("brier", "Squared error (Brier score)"),
            ("auc_all", "Ranked right, with those lapsed"),
            ("unseen", "Below the potential: customers not learned from"),
            ("next", "Below the potential: the next 12 months"),
            ("hits", "First purchases among the three suggested"),
            ("gain", "Hits, times those of the best sellers"),
            ("before", "Orders after a visit, times: learned before the cut"),
            ("after", "Orders after a visit, times: after the cut"),
            ("agree", "Both agree within chance"),
        ],
        required=True,
        readonly=True,
    )
    cut_date = fields.Date(
        string="Cut",
        readonly=True,
        help="The last day that was learned from. Empty: all cuts together.",
    )
    cut_name = fields.Char(string="Cut At", compute="_compute_cut_name")
    status = fields.Selection(
        [
            ("scored", "Measured"),
            ("customers", "Too few customers"),
            ("orders", "Too few orders"),
            ("stale", "Orders before the cut are missing"),
            ("variation", "Visits do not vary"),
            ("unstable", "No stable answer"),
            ("same", "All did the same"),
            ("young", "The data do not go back that far"),
        ],
        required=True,
        readonly=True,
    )
    value = fields.Float(readonly=True, aggregator="avg", digits=(16, 3))
    value_low = fields.Float(
        string="At Least",
        readonly=True,
        aggregator=None,
        digits=(16, 3),
        help="With 95 % probability it is above this.",
    )
    value_high = fields.Float(
        string="At Most",
        readonly=True,
        aggregator=None,
        digits=(16, 3),
        help="With 95 % probability it is below this.",
    )
    reference = fields.Float(
        string="To Compare",
        readonly=True,
        aggregator="avg",
        digits=(16, 3),
        help="Ranked right: what the time since the last order alone reaches. Squared "
        "error: that of telling everybody the average. Potential: the share that is "
        "meant. First purchases: what suggesting the best sellers reaches.",
    )
    count = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Customers looked at; of next purchases, first purchases; of agreement, "
        "cuts.",
    )
    happened = fields.Integer(
        string="Of Them",
        readonly=True,
        aggregator=None,
        help="Who stopped; who bought less; what was among the suggestions.",
    )

    @api.depends("cut_date")
    def _compute_cut_name(self):
        for figure in self:
            figure.cut_name = (
                format_date(self.env, figure.cut_date)
                if figure.cut_date
                else self.env._("All cuts")
            )
