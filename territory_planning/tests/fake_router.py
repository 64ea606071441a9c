"""Road engines on 127.0.0.1 that speak like the real ones, on good days and bad.

Real HTTP and nothing else of Odoo's: the tests without a database use it, too. Roads run
along the grid at 60 km/h, so that every answer can be worked out.
"""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

#: km per degree, either way
GRID = 100.0
#: north of this is off the map, south of that an island without a bridge
OFF_MAP, ISLAND = 60.0, 40.0
KEY = "s3cret-key"


def road_km(one, other):
    """Length of the road from one place to the other, None without one."""
    if (one[0] < ISLAND) != (other[0] < ISLAND):
        return None
    return (abs(one[0] - other[0]) + abs(one[1] - other[1])) * GRID


class FakeRouter:
    """``mode`` says how it behaves; ``requests`` what it was asked.

    ``after``: how many requests it answers well before ``mode`` begins.
    """

    def __init__(self):
        self.mode = "ok"
        self.after = 0
        self.requests = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                fake._serve(self, {})

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                fake._serve(self, json.loads(self.rfile.read(length)))

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
    def _serve(self, handler, body):
        parts = urlsplit(handler.path)
        self.requests.append((handler.path, body, dict(handler.headers)))
        mode = "ok" if len(self.requests) <= self.after else self.mode
        code, extra, content = 200, {}, None
        if mode == "slow":
            time.sleep(1.0)
        elif mode == "html":
            content = b"<html><h1>Please log in</h1></html>"
        elif mode == "moved":
            code, extra, content = 302, {"Location": self.url + "/elsewhere"}, b"{}"
        elif mode == "huge":
            extra, content = {"Content-Length": "3000000000"}, b"{"
        elif mode == "endless":
            extra, content = {"Transfer-Encoding": "identity"}, b"[" * 30_000_000
        elif mode == "packed":
            extra, content = {"Content-Encoding": "gzip"}, b"\x1f\x8b"
        elif mode == "once":
            self.mode = "ok"
            code, content = 503, b"{}"
        elif mode.isdigit():
            code, content = int(mode), b"{}"
        if content is None:
            code, answer = self._answer(parts, body)
            content = self._spoil(mode, json.dumps(answer)).encode()
        try:
            handler.send_response(code)
            handler.send_header("Content-Type", "application/json")
            for name, value in ({"Content-Length": str(len(content))} | extra).items():
                handler.send_header(name, value)
            handler.end_headers()
            if mode == "trickle":
                for number in range(len(content)):
                    handler.wfile.write(content[number : number + 1])
                    time.sleep(0.05)
            else:
                handler.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True  # whoever asked has given up

    def _spoil(self, mode, text):
        """An answer that looks right and is not."""
        answer = json.loads(text)
        table = answer.get("durations") if isinstance(answer, dict) else None
        if table is None and isinstance(answer, dict):
            table = answer.get("sources_to_targets")
        if not table:
            return text
        valhalla = isinstance(table[0][0], dict)

        def put(value):
            if valhalla:
                table[0][0]["time"] = value
            else:
                table[0][0] = value

        if mode == "short":
            table.pop()
        elif mode == "wide":
            table[0].append(table[0][0])
        elif mode == "negative":
            put(-1)
        elif mode == "words":
            put("12")
        elif mode == "true":
            put(True)
        elif mode == "forever":
            put(1e300)
        elif mode == "nan":
            put("§")
            return json.dumps(answer).replace('"\\u00a7"', "NaN")
        else:
            return text
        return json.dumps(answer)

    def _answer(self, parts, body):
        if parts.path.startswith("/table/v1/driving/"):
            return self._osrm(parts)
        if parts.path == "/sources_to_targets":
            return self._valhalla(body)
        if parts.path == "/locate":
            return 200, [
                {"edges": [{}] if place["lat"] < OFF_MAP else None}
                for place in body["locations"]
            ]
        if parts.path.startswith("/v2/matrix/driving-car"):
            return self._openrouteservice(body)
        return 404, {}

    # ----------------------------------------------------------------- tongues
    def _osrm(self, parts):
        points = [
            tuple(map(float, reversed(pair.split(","))))
            for pair in parts.path.rsplit("/", 1)[1].split(";")
        ]
        asked = parse_qs(parts.query)
        assert asked["annotations"] == ["duration,distance"]
        rows, columns = (
            [points[int(index)] for index in asked[name][0].split(";")]
            for name in ("sources", "destinations")
        )
        if len(points) > 100:
            return 400, {"code": "TooBig", "message": "Too many table coordinates"}
        km = [[road_km(one, other) for other in columns] for one in rows]
        return 200, {
            "code": "Ok",
            "durations": [[v if v is None else v * 60 for v in row] for row in km],
            "distances": [[v if v is None else v * 1000 for v in row] for row in km],
            "sources": [self._waypoint(place) for place in rows],
            "destinations": [self._waypoint(place) for place in columns],
        }

    def _waypoint(self, place):
        return {"distance": max(place[0] - OFF_MAP, 0) * 111_000 + 3, "name": ""}

    def _valhalla(self, body):
        rows, columns = (
            [(place["lat"], place["lon"]) for place in body[name]]
            for name in ("sources", "targets")
        )
        if len(rows) * len(columns) > 2500:
            return 400, {"error_code": 150, "error": "Exceeded max locations"}
        if any(lat > OFF_MAP for lat, _lon in rows + columns):
            return 400, {"error_code": 171, "error": "No suitable edges near location"}
        km = [[road_km(one, other) for other in columns] for one in rows]
        if any(length is not None and length > 1000 for row in km for length in row):
            return 400, {"error_code": 154, "error": "Path distance exceeds the limit"}
        return 200, {
            "units": "kilometers",
            "sources_to_targets": [
                [{"time": v if v is None else v * 60, "distance": v} for v in row]
                for row in km
            ],
        }

    def _openrouteservice(self, body):
        points = [(lat, lon) for lon, lat in body["locations"]]
        rows, columns = (
            [points[index] for index in body[name]]
            for name in ("sources", "destinations")
        )
        assert (body["metrics"], body["units"]) == (["duration", "distance"], "km")
        off = [[p[0] > OFF_MAP for p in places] for places in (rows, columns)]
        km = [
            [
                None if a or b else road_km(one, two)
                for two, b in zip(columns, off[1], strict=True)
            ]
            for one, a in zip(rows, off[0], strict=True)
        ]
        sides = [
            [None if flag else {"snapped_distance": 3} for flag in flags]
            for flags in off
        ]
        return 200, {
            "durations": [[v if v is None else v * 60 for v in row] for row in km],
            "distances": km,
            "sources": sides[0],
            "destinations": sides[1],
        }


@contextmanager
def fake_router():
    fake = FakeRouter()
    try:
        yield fake
    finally:
        fake.close()
