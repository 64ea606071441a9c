from odoo import api, fields, models

from ..engine import places


class TerritoryPostcode(models.Model):
    """Where a postal code is, from a list an administrator has imported."""

    _name = "territory.postcode"
    _description = "Postal Code"
    _rec_name = "name"
    _order = "country, name"

    country = fields.Char(string="Country Code", required=True, readonly=True, size=2)
    name = fields.Char(string="Postal Code", required=True, readonly=True)
    code = fields.Char(
        required=True, readonly=True, help="The postal code as it is compared."
    )
    city = fields.Char(string="Town", readonly=True)
    latitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    longitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)

    _code_uniq = models.UniqueIndex(
        "(country, code)", "A postal code is kept once per country."
    )

    @api.model
    def _lookup(self, keys):
        """Where postal codes are, in one query.

        :param keys: pairs of country code and postal code
        :return: (country code, postal code as compared) -> (latitude, longitude)
        """
        wanted = {(country, places.normal(code)) for country, code in keys}
        wanted = {(country, code) for country, code in wanted if country and code}
        rows = self.search_fetch(
            [
                ("country", "in", list({country for country, _code in wanted})),
                ("code", "in", list({code for _country, code in wanted})),
            ],
            ["country", "code", "latitude", "longitude"],
        )
        return {
            (row.country, row.code): (row.latitude, row.longitude)
            for row in rows
            if (row.country, row.code) in wanted
        }
