from odoo import fields, models


class TerritoryWhiteCell(models.Model):
    """A square of the map with a market: how many customers there are, and should be.

    Written in bulk with its map, see ``territory.white.space``. Sums only: leaders see
    all squares, a rep those of own regions and those where most accounts are own ones.
    """

    _name = "territory.white.cell"
    _description = "Square of White Space"
    _order = "missing desc, id"
    _rec_name = "town"

    space_id = fields.Many2one(
        "territory.white.space",
        string="Map",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    town = fields.Char(
        readonly=True, help="Where most known companies of the square are."
    )
    region_id = fields.Many2one(
        "territory.region", readonly=True, index="btree_not_null", ondelete="set null"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Who looks after most of the accounts in the square.",
    )
    latitude = fields.Float(readonly=True, digits=(10, 7), aggregator=None)
    longitude = fields.Float(readonly=True, digits=(10, 7), aggregator=None)
    market = fields.Float(
        readonly=True,
        digits=(16, 2),
        help="Known companies there, one of twice the usual potential counting twice.",
    )
    observed = fields.Integer(string="Customers", readonly=True)
    expected = fields.Float(string="Customers Expected", readonly=True, digits=(16, 2))
    missing = fields.Float(string="Customers Missing", readonly=True, digits=(16, 2))
    money = fields.Monetary(
        string="Worth a Year",
        readonly=True,
        help="Customers missing times what a usual customer buys in 12 months.",
    )
    ratio = fields.Float(
        string="Customers ÷ Expected",
        readonly=True,
        aggregator=None,
        digits=(16, 3),
        help="Drawn towards the surroundings where little is expected.",
    )
    ratio_low = fields.Float(
        string="Ratio, at Least", readonly=True, aggregator=None, digits=(16, 3)
    )
    ratio_high = fields.Float(
        string="Ratio, at Most", readonly=True, aggregator=None, digits=(16, 3)
    )
    p_value = fields.Float(
        string="Chance of This by Luck",
        readonly=True,
        aggregator=None,
        digits=(16, 6),
        help="Of so few or so many customers in the surroundings, if customers were "
        "where the market is.",
    )
    flag = fields.Selection(
        [("white", "Too few"), ("full", "Many"), ("none", "As chance has it")],
        string="Verdict",
        readonly=True,
    )
