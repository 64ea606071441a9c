"""A browser that is logged in to the benchmark's database, with what measures inside it."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from dev import paths

from .browser import Page, chromium

DATABASE = "tp_bench_map"
PAGE = Path(__file__).parent / "map" / "page.js"
PEERS = (
    "leaflet/dist/leaflet.js",
    "leaflet.markercluster/dist/leaflet.markercluster.js",
)


@contextlib.contextmanager
def session(port: int, *options: str, login="admin", phone=False) -> Iterator[Page]:
    """Start a browser, log in (the password is the login) and load what measures."""
    with chromium(*options) as page:
        if phone:
            page.be_a_phone()
        address = f"http://127.0.0.1:{port}"
        page.home = address
        page.open(f"{address}/web/login", "document.querySelector('.oe_login_form')")
        credentials = {"db": DATABASE, "login": login, "password": login}
        page.run(
            "fetch('/web/session/authenticate', {method: 'POST',"
            "headers: {'Content-Type': 'application/json'},"
            f"body: JSON.stringify({{params: {json.dumps(credentials)}}})}})"
            ".then(() => 0)"
        )
        page.open(f"{address}/odoo?debug=1", "document.querySelector('.o_main_navbar')")
        page.run(PAGE.read_text())
        for script in PEERS:
            page.run((paths.ROOT / "node_modules" / script).read_text() + ";0")
        page.run("window.peerLeaflet = L; 0")
        yield page
