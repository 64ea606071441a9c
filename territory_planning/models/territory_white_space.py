import numpy as np

from odoo import api, fields, models

from ..engine.insight import white_places, whitespace
from ..engine.insight.status import Status
from . import _bulk, _market

#: Edge of a square: a rep's morning, and small enough to tell towns apart.
CELL_KM = 10.0
#: Fewest known companies that are no customers: without them the market is not known.
MIN_OTHERS = 100
STATUS = {
    Status.SCORED: "scored",
    Status.TOO_FEW_CUSTOMERS: "customers",
    Status.NO_MARKET: "market",
}


class TerritoryWhiteSpace(models.Model):
    """Where customers are missing: one map per company, made every night.

    The market is every company that is known with a place: customers, prospects and
    open leads, weighed by potential. See docs/insight.md.
    """

    _name = "territory.white.space"
    _description = "White Space"
    _order = "company_id"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="As Of", readonly=True)
    status = fields.Selection(
        [
            ("scored", "Made"),
            ("customers", "Too few customers"),
            ("market", "Market not known"),
        ],
        readonly=True,
    )
    customers = fields.Integer(
        readonly=True, help="With a place and an order in the last 12 months."
    )
    others = fields.Integer(
        string="Known Companies Besides",
        readonly=True,
        help="Prospects, lapsed customers and open leads with a place.",
    )
    rough = fields.Integer(
        string="Placed Roughly",
        readonly=True,
        help="Of all these, those at the centre of their postal code or town.",
    )
    placeless = fields.Integer(
        string="Without a Place", readonly=True, help="Left out of the map."
    )
    cell_km = fields.Float(string="Edge of a Square, km", readonly=True)
    customer_value = fields.Monetary(
        string="Usual Customer",
        readonly=True,
        help="What the middle one of all customers bought in the last 12 months.",
    )
    cell_ids = fields.One2many("territory.white.cell", "space_id", string="Squares")

    _company_uniq = models.UniqueIndex("(company_id)", "A company has one such map.")

    # --------------------------------------------------------------- computing
    @api.model
    def _refresh(self, company, today=None):
        """Make the map of a company anew, in bulk.

        :param today: the day it is of, a date; default: today where the company is
        :return: counts for the summary of the run
        """
        market = _market.gather(company)
        others = int((~market.customer).sum())
        bought = market.revenue[market.customer]
        value = float(np.median(bought)) if len(bought) else 0.0
        found = whitespace.excess(
            market.lat[market.customer],
            market.lon[market.customer],
            market.lat,
            market.lon,
            market.weight,
            cell_km=CELL_KM,
            customer_value=value,
        )
        status = STATUS[found.status]
        if status == "scored" and others < MIN_OTHERS:
            status = "market"
        space = self._keep(
            company,
            {
                "date": today or company._territory_today(),
                "status": status,
                "customers": int(market.customer.sum()),
                "others": others,
                "rough": int(market.rough.sum()),
                "placeless": market.placeless,
                "cell_km": CELL_KM,
                "customer_value": value,
            },
        )
        if status == "scored":
            space._write_cells(market, found)
        return {"white_cells": int(found.white.sum()) if status == "scored" else 0}

    @api.model
    def _keep(self, company, values):
        """The map of a company with these values and no squares yet."""
        # sudo: nobody writes it by hand; who may see it is decided when it is read
        spaces = self.sudo()
        space = spaces.search([("company_id", "=", company.id)])
        if space:
            space.write(values)
        else:
            space = spaces.create({"company_id": company.id, **values})
        self.env.cr.execute(
            "DELETE FROM territory_white_cell WHERE space_id = %s", [space.id]
        )
        space.invalidate_recordset(["cell_ids"])
        return space

    def _write_cells(self, market, found):
        size = len(found.lat)
        cell = white_places.cell_of(
            market.lat, market.lon, found.lat, found.lon, cell_km=CELL_KM
        )

        def prevailing(key):
            return white_places.prevailing(cell, key, market.weight, size)

        def ids(key):
            best = prevailing(key)
            return [number if number >= 0 else None for number in best.tolist()]

        names, code = np.unique(
            np.array([town or "" for town in market.town]), return_inverse=True
        )
        code = np.where(names[code] == "", -1, code)
        town = prevailing(code)
        full = found.flag & ~found.white
        _bulk.insert(
            self.env["territory.white.cell"],
            {
                "space_id": np.full(size, self.id),
                "company_id": np.full(size, self.company_id.id),
                "town": np.where(town < 0, None, names[town].astype(object)),
                "region_id": ids(market.region),
                "user_id": ids(market.rep),
                "latitude": found.lat,
                "longitude": found.lon,
                "market": found.market.round(2),
                "observed": found.observed.astype(int),
                "expected": found.expected.round(2),
                "missing": found.missing.round(2),
                "money": found.money.round(2),
                "ratio": found.ratio.round(3),
                "ratio_low": found.ratio_low.round(3),
                "ratio_high": found.ratio_high.round(3),
                "p_value": found.p_value.round(6),
                "flag": np.select([found.white, full], ["white", "full"], "none"),
            },
        )
