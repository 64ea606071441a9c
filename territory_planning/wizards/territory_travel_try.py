from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import travel
from ..routers import Trouble


class TerritoryTravelTry(models.TransientModel):
    """One drive there and back, to see whether the road engine is set up."""

    _name = "territory.travel.try"
    _description = "Trial of the Road Engine"

    from_id = fields.Many2one("res.partner", required=True)
    to_id = fields.Many2one("res.partner", required=True)
    engine = fields.Char(compute="_compute_engine")
    there = fields.Char(readonly=True)
    back = fields.Char(readonly=True)
    estimate = fields.Char(string="From Straight Lines", readonly=True)
    note = fields.Char(readonly=True)

    @api.model
    def default_get(self, fields_list):
        """From the company to a customer, if both have a place."""
        known = [("partner_latitude", "!=", 0), ("partner_longitude", "!=", 0)]
        company = self.env.company.partner_id
        other = self.env["res.partner"].search(
            [*known, ("id", "!=", company.id), ("is_company", "=", True)], limit=2
        )
        first = company if company.partner_latitude else other[1:]
        return {
            "from_id": first.id,
            "to_id": other[:1].id,
            **super().default_get(fields_list),
        }

    @api.depends_context("uid")
    def _compute_engine(self):
        router = self.env["territory.travel"]._router()
        self.engine = router.label if router else self.env._("None is chosen.")

    def action_try(self):
        """Ask the engine, whatever is kept; nothing is written anywhere else."""
        self.ensure_one()
        self.check_access("write")
        points = [self._place(self.from_id), self._place(self.to_id)]
        service = self.env["territory.travel"]
        router = service._router()
        if router is None:
            raise UserError(
                self.env._(
                    "No road engine is chosen. Choose one in the settings of Territory, "
                    "under Travel Times, save, and try again."
                )
            )
        try:
            seconds, km = router.table(points, points)
        except Trouble as trouble:
            raise UserError(service._sentence(trouble, router)) from None
        line = travel.matrix(points, service._beeline(self.env.company))
        low, high = line.range_s()
        self.write(
            {
                "there": self._text(seconds[0, 1], km[0, 1]),
                "back": self._text(seconds[1, 0], km[1, 0]),
                "estimate": self.env._(
                    "%(drive)s, likely %(low)s to %(high)s min",
                    drive=self._text(line.duration_s[0, 1], line.distance_km[0, 1]),
                    low=round(low[0, 1] / 60),
                    high=round(high[0, 1] / 60),
                ),
                "note": router.attribution,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try the Road Engine"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _place(self, partner):
        place = partner.partner_latitude, partner.partner_longitude
        if place == (0.0, 0.0) or abs(place[0]) > 90 or abs(place[1]) > 180:
            raise UserError(
                self.env._(
                    "%(partner)s has no place on the map. Choose another contact, or "
                    "look up its address first.",
                    partner=partner.display_name,
                )
            )
        return place

    def _text(self, seconds, km):
        if seconds != seconds:
            return self.env._("Its map does not have one of the two places.")
        if seconds == float("inf"):
            return self.env._("No road between them.")
        return self.env._(
            "%(minutes)s min, %(km)s km", minutes=round(seconds / 60), km=round(km, 1)
        )
