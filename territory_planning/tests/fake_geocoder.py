"""A geocoding service on 127.0.0.1 that speaks like the real ones, good days and bad.

Real HTTP and nothing else of Odoo's: the tests without a database use it, too.
"""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

#: town -> latitude, longitude, country
TOWNS = {
    "münchen": (48.1372, 11.5755, "DE"),
    "nürnberg": (49.4521, 11.0767, "DE"),
    "hamburg": (53.5511, 9.9937, "DE"),
    "toledo": (39.8628, -4.0273, "ES"),
}
STREETS = {"marienplatz": "house", "rathausmarkt": "street"}
ALPHA3 = {"DE": "DEU", "ES": "ESP"}


class FakeGeocoder:
    """``mode`` says how it behaves; ``requests`` what it was asked, and when."""

    def __init__(self):
        self.mode = "ok"
        self.slowness = 1.0
        self.requests = []
        self.times = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                fake._serve(self)

            def log_message(self, *args):
                """Silence: the tests look at ``requests``."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(
            target=self.server.serve_forever, args=(0.02,), daemon=True
        )
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    # ----------------------------------------------------------------- serving
    def _serve(self, handler):
        parts = urlsplit(handler.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.times.append(time.monotonic())
        self.requests.append((parts.path, asked, dict(handler.headers)))
        code, kind, body, extra = 200, "application/json", None, {}
        if self.mode == "slow":
            time.sleep(self.slowness)
        elif self.mode == "html":
            kind, body = "text/html", b"<html><h1>Please log in</h1></html>"
        elif self.mode == "shape":
            body = b'["not", "what", {"anybody": "expects"}]'
        elif self.mode == "limit":
            code, body, extra = 429, b"{}", {"Retry-After": "120"}
        elif self.mode.isdigit():
            code, body = int(self.mode), b"{}"
        if body is None:
            body = json.dumps(self._answer(parts.path, asked)).encode()
        try:
            handler.send_response(code)
            handler.send_header("Content-Type", kind)
            handler.send_header("Content-Length", str(len(body)))
            for name, value in extra.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True  # whoever asked has given up

    def _answer(self, path, asked):
        speak = {
            "/search": self._nominatim,
            "/api": self._photon,
            "/v1/search": self._pelias,
            "/geocode/v1/json": self._opencage,
            "/v1/geocode": self._here,
            "/maps/api/geocode/json": self._google,
        }[path]
        return speak(self._find(asked))

    def _find(self, asked):
        """(precision, latitude, longitude, country, label) or None."""
        text = " ".join(asked.values()).casefold()
        town = next((name for name in TOWNS if name in text), None)
        if town is None or self.mode == "empty" or "nowhere" in text:
            return None
        latitude, longitude, country = TOWNS[town]
        if self.mode == "abroad":
            latitude, longitude, country = 40.4168, -3.7038, "ES"
        if self.mode == "coarse":
            return "country", latitude, longitude, country, "Somewhere"
        precision = next((p for s, p in STREETS.items() if s in text), "city")
        return precision, latitude, longitude, country, f"{town.title()}, {country}"

    # ----------------------------------------------------------------- tongues
    def _nominatim(self, found):
        if found is None:
            return []
        precision, latitude, longitude, country, label = found
        rank = {"house": 30, "street": 26, "city": 16, "country": 4}[precision]
        return [
            {
                "lat": str(latitude),
                "lon": str(longitude),
                "display_name": label,
                "place_rank": rank,
                "type": "x",
                "address": {"country_code": country.lower()},
            }
        ]

    def _photon(self, found):
        features = [self._feature(("city", 10.0, 10.0, "NG", "A namesake"))]
        if found is None:
            features = []
        else:
            features.append(self._feature(found))
        return {"features": features}

    def _feature(self, found):
        precision, latitude, longitude, country, label = found
        return {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
            "properties": {
                "name": label,
                "type": precision,
                "countrycode": country,
                "country": country,
            },
        }

    def _pelias(self, found):
        if found is None:
            return {"features": []}
        precision, latitude, longitude, country, label = found
        layer = {"house": "address", "street": "street", "city": "locality"}
        return {
            "features": [
                {
                    "geometry": {"coordinates": [longitude, latitude]},
                    "properties": {
                        "name": label,
                        "label": label,
                        "layer": layer.get(precision, "country"),
                        "country_a": ALPHA3[country],
                    },
                }
            ]
        }

    def _opencage(self, found):
        if found is None:
            return {"status": {"code": 200, "message": "OK"}, "results": []}
        precision, latitude, longitude, country, label = found
        kind = {"house": "building", "street": "road", "city": "city"}
        return {
            "status": {"code": 200, "message": "OK"},
            "results": [
                {
                    "formatted": label,
                    "geometry": {"lat": latitude, "lng": longitude},
                    "components": {
                        "_type": kind.get(precision, "country"),
                        "country_code": country.lower(),
                    },
                }
            ],
        }

    def _here(self, found):
        if found is None:
            return {"items": []}
        precision, latitude, longitude, country, label = found
        kind = {"house": "houseNumber", "street": "street", "city": "locality"}
        return {
            "items": [
                {
                    "title": label,
                    "resultType": kind.get(precision, "administrativeArea"),
                    "position": {"lat": latitude, "lng": longitude},
                    "address": {"label": label, "countryCode": ALPHA3[country]},
                }
            ]
        }

    def _google(self, found):
        if self.mode == "denied":
            return {"status": "REQUEST_DENIED", "results": []}
        if found is None:
            return {"status": "ZERO_RESULTS", "results": []}
        precision, latitude, longitude, country, label = found
        kind = {"house": "street_address", "street": "route", "city": "locality"}
        return {
            "status": "OK",
            "results": [
                {
                    "formatted_address": label,
                    "types": [kind.get(precision, "country")],
                    "geometry": {
                        "location": {"lat": latitude, "lng": longitude},
                        "location_type": "ROOFTOP"
                        if precision == "house"
                        else "APPROXIMATE",
                    },
                    "address_components": [
                        {"short_name": country, "types": ["country", "political"]}
                    ],
                }
            ],
        }


@contextmanager
def fake_geocoder():
    fake = FakeGeocoder()
    try:
        yield fake
    finally:
        fake.close()
