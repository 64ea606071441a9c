from geopy import geocoders

from .base import Service

PRECISION = {
    "house": "rooftop",
    "street": "street",
    "locality": "city",
    "district": "city",
    "city": "city",
}


class Photon(Service):
    """Photon, by Komoot or on a server of one's own.

    It cannot be told the country: several answers are asked for, and the first in the
    country of the address is taken.
    """

    name = "photon"
    label = "Photon"
    url = "https://photon.komoot.io"
    attribution = "© OpenStreetMap contributors"
    terms = "https://photon.komoot.io"
    public_host = "photon.komoot.io"

    def _connect(self):
        return geocoders.Photon(domain=self.domain, **self._options())

    def _ask(self, address):
        return self.client.geocode(address.text, exactly_one=False, limit=10)

    def _read(self, location):
        about = location.raw["properties"]
        if about.get("osm_value") == "postcode":
            precision = "postcode"
        else:
            precision = PRECISION.get(about.get("type"), "country")
        return self._answer(location, precision, about.get("countrycode"))
