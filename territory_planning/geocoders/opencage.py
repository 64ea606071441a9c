from geopy import geocoders

from .base import Service

PRECISION = {
    "building": "rooftop",
    "house": "rooftop",
    "road": "street",
    "postcode": "postcode",
    "city": "city",
    "town": "city",
    "village": "city",
    "hamlet": "city",
    "suburb": "city",
    "neighbourhood": "city",
    "municipality": "city",
}


class OpenCage(Service):
    """OpenCage, with a key."""

    name = "opencage"
    label = "OpenCage"
    url = "https://api.opencagedata.com"
    needs_key = True
    attribution = "© OpenStreetMap contributors, OpenCage"
    terms = "https://opencagedata.com/terms"

    def _connect(self):
        return geocoders.OpenCage(self.key, domain=self.domain, **self._options())

    def _ask(self, address):
        return self.client.geocode(
            address.text,
            exactly_one=False,
            country=address.country.lower() or None,
            annotations=False,
        )

    def _read(self, location):
        parts = location.raw["components"]
        precision = PRECISION.get(parts.get("_type"), "country")
        return self._answer(location, precision, parts.get("country_code"))
