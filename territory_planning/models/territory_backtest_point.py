from odoo import fields, models


class TerritoryBacktestPoint(models.Model):
    """One point of the calibration curve: customers of similar risk, and who stopped."""

    _name = "territory.backtest.point"
    _description = "Point of a Calibration Curve"
    _order = "backtest_id, cut_date, tenth"
    _rec_name = "tenth"

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
    cut_date = fields.Date(
        string="Cut", readonly=True, help="Empty: all cuts together."
    )
    tenth = fields.Integer(
        readonly=True,
        aggregator=None,
        help="1: the tenth of the customers with the lowest risk.",
    )
    forecast = fields.Float(
        string="Risk Told", readonly=True, aggregator="avg", digits=(16, 4)
    )
    share = fields.Float(
        string="Share That Stopped", readonly=True, aggregator="avg", digits=(16, 4)
    )
    share_low = fields.Float(readonly=True, aggregator=None, digits=(16, 4))
    share_high = fields.Float(readonly=True, aggregator=None, digits=(16, 4))
    count = fields.Integer(string="Customers", readonly=True)
