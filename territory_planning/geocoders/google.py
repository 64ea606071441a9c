from geopy import exc, geocoders

from .base import Service, Trouble

TYPES = (
    ({"street_address", "premise", "subpremise", "establishment"}, "rooftop"),
    ({"route", "intersection"}, "street"),
    ({"postal_code"}, "postcode"),
    ({"locality", "sublocality", "neighborhood", "postal_town"}, "city"),
)


class Google(Service):
    """Google's geocoder, with a key; its rules let an answer be kept for 30 days."""

    name = "googlemap"
    label = "Google"
    url = "https://maps.googleapis.com"
    needs_key = True
    attribution = "© Google"
    terms = "https://cloud.google.com/maps-platform/terms"
    cache_days = 30

    def _connect(self):
        return geocoders.GoogleV3(self.key, domain=self.domain, **self._options())

    def _ask(self, address):
        components = {"country": address.country} if address.country else None
        try:
            return self.client.geocode(
                address.text, exactly_one=False, components=components
            )
        except exc.GeocoderQueryError:
            # what geopy makes of REQUEST_DENIED: a key without the right to this API
            raise Trouble("refused") from None

    def _read(self, location):
        raw = location.raw
        kinds = set(raw.get("types") or ())
        precision = next((name for types, name in TYPES if types & kinds), "country")
        exact = raw["geometry"].get("location_type") == "ROOFTOP"
        if precision == "rooftop" and not exact:
            precision = "street"
        country = next(
            (
                part["short_name"]
                for part in raw.get("address_components", ())
                if "country" in part["types"]
            ),
            "",
        )
        return self._answer(location, precision, country)
