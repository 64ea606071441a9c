from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import places
from ..geocoders import Answer

DAYS_NOT_FOUND = 14


class TerritoryGeocodeCache(models.Model):
    """What a geocoding service has answered, so that nothing is asked twice.

    Answers are kept in a transaction of their own: a computation that is cut off
    finds them when it goes on.
    """

    _name = "territory.geocode.cache"
    _description = "Answer of a Geocoding Service"
    _rec_name = "question"
    _order = "id desc"

    provider = fields.Char(required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    question = fields.Char(string="Address", readonly=True)
    found = fields.Boolean(readonly=True)
    latitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    longitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    precision = fields.Char(readonly=True)
    country = fields.Char(readonly=True)
    label = fields.Char(string="Answer", readonly=True)
    expiry = fields.Datetime(string="Kept Until", readonly=True, index=True)

    _key_uniq = models.UniqueIndex(
        "(provider, key)", "An answer is kept once per address."
    )

    @api.model
    def _key(self, address):
        return places.fingerprint(
            address.free or address.street,
            address.zip,
            address.city,
            address.state,
            address.country,
        )

    @api.model
    def _known(self, provider, addresses):
        """Answers that are kept, in one query.

        :return: key -> ``Answer``, or None where the service knows of no such place
        """
        # sudo: addresses of every company; only what was asked for is used
        kept = self.sudo().search(
            [
                ("provider", "=", provider),
                ("key", "in", list({self._key(address) for address in addresses})),
                ("expiry", ">", fields.Datetime.now()),
            ]
        )
        return {
            row.key: Answer(
                row.latitude, row.longitude, row.precision, row.country, row.label
            )
            if row.found
            else None
            for row in kept
        }

    @api.model
    def _keep(self, service, address, answer):
        days = service.cache_days if answer else DAYS_NOT_FOUND
        values = {
            "provider": service.name,
            "key": self._key(address),
            "question": address.text,
            "found": bool(answer),
            "latitude": answer.latitude if answer else 0.0,
            "longitude": answer.longitude if answer else 0.0,
            "precision": answer.precision if answer else "",
            "country": answer.country if answer else "",
            "label": answer.label if answer else "",
            "expiry": fields.Datetime.now() + timedelta(days=days),
        }
        names = [SQL.identifier(name) for name in values]
        self.env["territory.geocode.throttle"]._alone(
            SQL(
                "INSERT INTO territory_geocode_cache (%s) VALUES %s "
                "ON CONFLICT (provider, key) DO UPDATE SET %s RETURNING id",
                SQL(", ").join(names),
                tuple(values.values()),
                SQL(", ").join(SQL("%s = EXCLUDED.%s", n, n) for n in names),
            )
        )

    @api.autovacuum
    def _gc_expired(self):
        self.search([("expiry", "<", fields.Datetime.now())], limit=10_000).unlink()
