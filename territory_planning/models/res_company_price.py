from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    territory_price_min_money = fields.Monetary(
        string="Smallest Price Issue",
        default=100.0,
        help="A price that does not fit is listed if it makes more than this in 12 "
        "months.",
    )

    @api.constrains("territory_price_min_money")
    def _check_territory_price_min_money(self):
        for company in self:
            if not 0 <= company.territory_price_min_money <= 1e9:
                raise ValidationError(
                    self.env._(
                        "%(company)s: “Smallest Price Issue” is %(value)s. Give an "
                        "amount between 0 and 1,000,000,000.",
                        company=company.display_name,
                        value=company.territory_price_min_money,
                    )
                )

    def _territory_utc(self, day):
        """When a day begins in this company, in UTC as Odoo keeps it."""
        zone = ZoneInfo(self._territory_timezone())
        begin = datetime.combine(day, time(), tzinfo=zone)
        return begin.astimezone(UTC).replace(tzinfo=None)
