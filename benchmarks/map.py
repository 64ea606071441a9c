"""The map with 100,000 accounts, beside its peers, in a real Odoo and a real browser.

    python3 -m dev bench map

Makes a database of its own (``tp_bench_map``; with BENCH_KEEP=1 takes the one of the last
run), fills it with accounts in SQL, opens the
map in headless Chromium and prints each goal, the figure and whether it is met. Goals
are ratios to peers in the same run, because times depend on the machine:

- Leaflet + markercluster, and 100,000 circle markers on a canvas, with the same points
  from the same endpoint (their libraries are loaded before the clock starts);
- ``search_read`` with names, which is what other maps ask the server for.

Then, in browsers of their own: the endpoint as a salesperson, whose record rules count; a
browser without WebGL; and a phone of 390 × 844 whose processor is four times slower,
where an area is drawn, a corner dragged and removed, and a lasso thrown with real fingers.
A selection is held against brute force, and a request to outside is a missed goal.
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path

from dev import database, javascript, paths, postgres, say, server, venv

from . import _map_phone
from ._goals import Goals
from ._map_session import DATABASE, session

HERE = Path(__file__).parent / "map"
ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "100000"))
REGIONS = 3200
FEW = 1000
REPEATS = 3
TAPS = 100
TRIES = 400
#: A salesperson who sees own accounts only: a fourth of them, and nobody's.
REP = "bench-rep"
WITHOUT_WEBGL = ("--disable-software-rasterizer", "--disable-3d-apis")
#: Opening the map once before the clock starts compiles bundles and fills caches.
WARM = "bench.openMap()"


def main():
    """Run all measurements; a missed goal is an error."""
    venv.environment()
    javascript.prepare()
    goals = Goals()
    with postgres.running():
        _make_database()
        port = server.free_port(int(os.environ.get("BENCH_PORT", "8074")))
        with server.serving(DATABASE, port, "--max-cron-threads=0"):
            with session(port) as page:
                _measure(page, goals)
                _measure_lasso(page, goals)
                goals.at_most("errors of the page", len(page.errors), 0)
                goals.at_most("requests to outside", len(page.outside), 0)
                _make_rep(page)
            with session(port, login=REP) as page:
                _measure_endpoint(page, goals, "as a rep: ")
            with session(port, *WITHOUT_WEBGL) as page:
                _measure_without_webgl(page, goals)
            with session(port, phone=True) as page:
                _map_phone.measure(page, goals)
    if goals.missed:
        print(f"{goals.missed} goals missed")
        sys.exit(1)


def _make_database():
    if os.environ.get("BENCH_KEEP") and database.exists(DATABASE):
        return
    with say.step(f"Making {ACCOUNTS:,} accounts"):
        database.drop(DATABASE)
        database.copy(database.template(), DATABASE)
        database.run_odoo(
            ["-d", DATABASE, "-i", paths.NAME, "--stop-after-init", "--no-http"],
            "Installing the addon",
        )
        text = (HERE / "accounts.sql").read_text()
        text = text.replace("{accounts}", str(ACCOUNTS))
        _psql(text.replace("{regions}", str(REGIONS)))


def _psql(text):
    env = {**os.environ, **postgres.environment()}
    program = postgres.program("psql")
    subprocess.run(
        [program, "-q", "-1", "-v", "ON_ERROR_STOP=1", "-d", DATABASE],
        input=text,
        text=True,
        env=env,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _make_rep(page):
    """Have a salesperson, and let a fourth of the accounts be hers."""
    user = page.run(f"bench.makeRep({REP!r})")
    _psql(
        f"UPDATE territory_account SET user_id = {user} WHERE id % 4 = 0;"
        f"UPDATE res_partner p SET user_id = {user} FROM territory_account a"
        f" WHERE a.partner_id = p.id AND a.user_id = {user};"
        "ANALYZE territory_account;"
    )


def _median(page, expression, repeats=REPEATS):
    return statistics.median(page.run(expression) for _ in range(repeats))


def _measure(page, goals):
    page.run(WARM)
    ours = _median(page, "bench.openMap()")
    few = _median(page, f"bench.openMap([['id', '<=', {_id_of(FEW)}]])")
    before = page.run("bench.leave()") or page.heap()
    page.run("bench.openMap()")
    heap = page.heap() - before
    peers, heaps = {}, {}
    page.run("bench.leave()")
    for kind in ("markercluster", "circles"):
        before = page.heap()
        peers[kind] = page.run(f"bench.openPeer('{kind}')")
        heaps[kind] = page.heap() - before
        page.run("bench.closePeer(); 0")
    note = f"{ours:.0f} ms; "
    goals.at_most(
        "to usable, of markercluster's time",
        ours / peers["markercluster"],
        0.25,
        note=f"{note}peer {peers['markercluster']:.0f} ms",
    )
    goals.at_most(
        "to usable, of circle markers' time",
        ours / peers["circles"],
        0.6,
        note=f"{note}peer {peers['circles']:.0f} ms",
    )
    goals.at_most(
        f"{ACCOUNTS:,} accounts, of {FEW:,} accounts' time",
        ours / few,
        2.5,
        note=f"{note}{FEW:,}: {few:.0f} ms",
    )
    goals.at_most(
        "memory, of markercluster's",
        heap / heaps["markercluster"],
        0.5,
        note=f"{heap / 1e6:.0f} MB; peers {heaps['markercluster'] / 1e6:.0f}, "
        f"{heaps['circles'] / 1e6:.0f} MB",
    )
    _measure_endpoint(page, goals)
    _measure_pan(page, goals)
    page.run("bench.openMap()")
    goals.at_most("heat", _median(page, "bench.heat()", 1), 150, " ms")
    page.run("bench.renderer().model.setColorField('user_id'); 0")
    _measure_taps(page, goals)
    library = page.run("bench.library()")
    goals.at_most("library with drawing", library["bytes"] / 1024, 110, " KB gz")
    goals.at_most(
        "bundles of other pages with any of it",
        int(library["inBackend"]),
        0,
        note=f"{library['bundles']} looked at",
    )


def _id_of(n):
    return int(
        postgres.sql(
            f"SELECT id FROM territory_account ORDER BY id OFFSET {n - 1} LIMIT 1",
            DATABASE,
        )[0]
    )


def _measure_endpoint(page, goals, who=""):
    page.run("bench.endpoint()")
    answers = [page.run("bench.endpoint()") for _ in range(REPEATS)]
    took = statistics.median(answer["took"] for answer in answers)
    peer = page.run("bench.searchRead()")
    goals.at_most(
        f"{who}records of the map that are not the list's",
        abs(answers[0]["records"] - peer["records"]),
        0,
        note=f"{peer['records']:,}",
    )
    goals.at_most(
        f"{who}endpoint, of search_read's time",
        took / peer["took"],
        0.08,
        note=f"{took:.0f} ms; peer {peer['took']:.0f} ms",
    )
    goals.at_most(
        f"{who}endpoint, of search_read's bytes (gz)",
        answers[0]["bytes"] / peer["bytes"],
        0.5,
        note=f"{answers[0]['bytes'] / 1e6:.2f} MB; peer {peer['bytes'] / 1e6:.2f} MB",
    )


def _measure_pan(page, goals):
    """Drag to and fro; frames of the full map beside those of an empty one."""
    p95 = {}
    tasks = {}
    for name, domain in (("empty", "[['id', '=', 0]]"), ("full", "[]")):
        page.run(f"bench.openMap({domain})")
        page.run(
            "bench.renderer().model.setAllRegions("
            f"{'true' if name == 'full' else 'false'});"
            "bench.renderer().engine.setView({center: [10.5, 51], zoom: 7}); 0"
        )
        _drag(page, 2)
        page.run("bench.watch()")
        _drag(page, 12)
        watched = page.run("bench.unwatch()")
        frames = sorted(watched["frames"])
        p95[name] = frames[int(len(frames) * 0.95)]
        tasks[name] = max(watched["tasks"], default=0)
    goals.at_most(
        "pan, 95th percentile of a frame, of the empty map's",
        p95["full"] / p95["empty"],
        1.5,
        note=f"{p95['full']:.1f} ms; empty {p95['empty']:.1f} ms",
    )
    goals.at_most(
        f"pan with {REGIONS:,} polygons, longest task", tasks["full"], 100, " ms"
    )


def _drag(page, times):
    for i in range(times):
        step = 12 if i % 2 else -12
        x, y = 700, 500
        page.mouse("mousePressed", x, y, button="left", clickCount=1)
        for _ in range(15):
            x += step
            y += step / 3
            page.mouse("mouseMoved", x, y, button="left", buttons=1)
            page.run("new Promise(requestAnimationFrame).then(() => 0)")
        page.mouse("mouseReleased", x, y, button="left", clickCount=1)
        page.run("new Promise((resolve) => setTimeout(resolve, 60)).then(() => 0)")


def _measure_lasso(page, goals):
    """A hand's loop that crosses itself, around a third of the accounts."""
    answer = page.run("bench.lasso(7)")
    goals.at_most(
        "records in a lasso that brute force has not, or the reverse",
        answer["wrong"],
        0,
        note=f"{answer['found']:,} found",
    )
    goals.at_most(f"lasso of {ACCOUNTS:,}", answer["took"], 20, " ms")


def _measure_without_webgl(page, goals):
    webgl = page.run(
        "Boolean(document.createElement('canvas').getContext('webgl')"
        " || document.createElement('canvas').getContext('webgl2'))"
    )
    goals.at_most("without WebGL: browser that has it yet", int(webgl), 0)
    page.run(WARM)
    page.run("bench.openMap()")
    clusters = page.run("document.querySelectorAll('.o_territory_cluster').length")
    goals.at_most("without WebGL: maps without clusters", int(not clusters), 0)
    goals.at_most("without WebGL: errors of the page", len(page.errors), 0)


def _measure_taps(page, goals):
    """Tap accounts and see whose card comes, and when."""
    accounts = [
        line.split("|")
        for line in postgres.sql(
            "SELECT id || '|' || name FROM territory_account WHERE id % 211 = 7 "
            f"ORDER BY id LIMIT {TRIES}",
            DATABASE,
        )
    ]
    times, right = [], 0
    for account, name in accounts:
        place = page.run(f"bench.aim({account})")
        if not place:
            continue
        page.run("bench.card()")
        x, y = place
        page.mouse("mousePressed", x, y, button="left", clickCount=1)
        page.mouse("mouseReleased", x, y, button="left", clickCount=1)
        took, shown = page.run("window.tapped")
        times.append(took)
        right += shown.startswith(name)
        if len(times) == TAPS:
            break
    goals.at_most(f"wrong accounts of {len(times)} tapped", len(times) - right, 0)
    goals.at_most("accounts tapped too few", TAPS - len(times), 0)
    if times:
        goals.at_most("tap to card, median", statistics.median(times), 150, " ms")


if __name__ == "__main__":
    main()
