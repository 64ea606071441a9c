from geopy import geocoders

from .base import Service

HOUSE, STREET, TOWN = 30, 26, 13  # place_rank, from the finest to the coarsest


class Nominatim(Service):
    """OpenStreetMap's search, on a server of one's own or a hired one."""

    name = "nominatim"
    label = "Nominatim (own server)"
    needs_url = True
    attribution = "© OpenStreetMap contributors"
    terms = "https://operations.osmfoundation.org/policies/nominatim/"
    public_host = "nominatim.openstreetmap.org"

    def _connect(self):
        return geocoders.Nominatim(domain=self.domain, **self._options())

    def _ask(self, address):
        question = {
            "street": address.street,
            "postalcode": address.zip,
            "city": address.city,
            "state": address.state,
        }
        # a state beside a postal code only adds a way to be spelt differently
        if address.zip:
            question.pop("state")
        question = {name: value for name, value in question.items() if value}
        if address.free:
            question = address.free
        return self.client.geocode(
            question,
            exactly_one=False,
            limit=3,
            addressdetails=True,
            country_codes=address.country.lower() or None,
        )

    def _read(self, location):
        raw = location.raw
        rank = int(raw.get("place_rank") or 0)
        if "postcode" in (raw.get("type"), raw.get("addresstype")):
            precision = "postcode"
        elif rank >= HOUSE:
            precision = "rooftop"
        elif rank >= STREET:
            precision = "street"
        elif rank >= TOWN:
            precision = "city"
        else:
            precision = "country"
        country = (raw.get("address") or {}).get("country_code")
        return self._answer(location, precision, country)


class OpenStreetMap(Nominatim):
    """The public server, which all the world shares."""

    name = "openstreetmap"
    label = "OpenStreetMap"
    needs_url = False
    url = "https://nominatim.openstreetmap.org"
