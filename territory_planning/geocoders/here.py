from geopy import geocoders

from .base import Service

PRECISION = {
    "place": "rooftop",
    "houseNumber": "rooftop",
    "street": "street",
    "intersection": "street",
    "postalCodePoint": "postcode",
    "addressBlock": "street",
}


class Here(Service):
    """HERE, with a key."""

    name = "here"
    label = "HERE"
    url = "https://geocode.search.hereapi.com"
    needs_key = True
    attribution = "© HERE"
    terms = "https://legal.here.com/terms"
    cache_days = 30

    def _connect(self):
        client = geocoders.HereV7(self.key, **self._options())
        client.api = (
            f"{self.address}{client.geocode_path}"  # geopy adds a host of its own
        )
        return client

    def _ask(self, address):
        return self.client.geocode(address.text, exactly_one=False, limit=5)

    def _read(self, location):
        raw = location.raw
        kind = raw.get("resultType")
        precision = PRECISION.get(kind, "country")
        if kind == "houseNumber" and raw.get("houseNumberType") == "interpolated":
            precision = "street"
        elif kind == "locality":
            coarse = raw.get("localityType") == "postalCode"
            precision = "postcode" if coarse else "city"
        return self._answer(location, precision, raw["address"].get("countryCode"))
