from geopy import geocoders

from .base import Service

PRECISION = {
    "venue": "rooftop",
    "address": "rooftop",
    "street": "street",
    "intersection": "street",
    "postalcode": "postcode",
    "locality": "city",
    "localadmin": "city",
    "borough": "city",
    "neighbourhood": "city",
}


class Pelias(Service):
    """Pelias, on a server of one's own or a hired one (openrouteservice, say)."""

    name = "pelias"
    label = "Pelias"
    needs_url = True
    attribution = "© OpenStreetMap contributors, Pelias"
    terms = "https://pelias.io"

    def _connect(self):
        return geocoders.Pelias(self.domain, self.key or None, **self._options())

    def _ask(self, address):
        countries = [address.country] if address.country else None
        return self.client.geocode(address.text, exactly_one=False, countries=countries)

    def _read(self, location):
        about = location.raw["properties"]
        precision = PRECISION.get(about.get("layer"), "country")
        if precision == "rooftop" and about.get("accuracy") == "centroid":
            precision = "street"
        country = about.get("country_code") or about.get("country_a")
        return self._answer(location, precision, country)
