"""The map on a phone: 390 × 844, fingers, a processor four times slower."""

import math
import statistics

#: Below the bar of drawing, in pixels of the window.
CORNERS = ((60, 420), (330, 420), (330, 760), (60, 760))
DRAGGED = (110, 520)
VIEW = "JSON.stringify(bench.renderer().engine.view)"
SETTLED = "new Promise((resolve) => setTimeout(resolve, 700)).then(() => 0)"


def measure(page, goals):
    """Open the map, draw an area, drag a corner of it and go round some accounts."""
    page.run("bench.openMap()")
    ours = statistics.median(page.run("bench.openMap()") for _ in range(3))
    peer = page.run("bench.openPeer('markercluster')")
    page.run("bench.closePeer(); 0")
    goals.at_most(
        "phone, 4 times slower: to usable, of markercluster's",
        ours / peer,
        0.25,
        note=f"{ours:.0f} ms; peer {peer:.0f} ms",
    )
    page.run("bench.openMap()")
    _measure_tap(page, goals)
    _draw_an_area(page, goals)
    _go_round(page, goals)
    goals.at_most("phone: errors of the page", len(page.errors), 0)


def _measure_tap(page, goals):
    """One finger on one account, as fast as a slow phone can."""
    times = []
    for account in page.run("bench.someAlone(12)"):
        place = page.run(f"bench.aim({account})")
        if place:
            page.run("bench.card()")
            page.finger(place)
            took, name = page.run("window.tapped")
            if name != "no card":
                times.append(took)
    page.run("bench.renderer().model.closePanel(); 0")
    goals.at_most("phone: taps without a card", int(len(times) < 3), 0)
    if times:
        took = statistics.median(times)
        print(f"         phone, 4 times slower: tap to card {took:.0f} ms", flush=True)


def _draw_an_area(page, goals):
    page.run("bench.renderer().model.parts.regions.draw().then(() => 0)")
    page.run("bench.until(() => bench.drawing(), 'drawing')")
    before = page.run(VIEW)
    for corner in (*CORNERS, CORNERS[-1]):
        page.finger(corner)
        page.run(SETTLED)
    corners = page.run("bench.drawing().corners.length")
    goals.at_most("phone: corners tapped and not there", abs(corners - len(CORNERS)), 0)
    goals.at_most(
        "phone: outlines that do not close",
        int(page.run("bench.drawing().mode !== 'edit'")),
        0,
    )
    page.finger(CORNERS[0], DRAGGED)
    page.run(SETTLED)
    off = page.run(f"bench.cornerDistance({DRAGGED[0]}, {DRAGGED[1]})")
    goals.at_most("phone: corner dragged, pixels from the finger", off, 12, " px")
    page.finger(CORNERS[1])
    page.run(SETTLED)
    page.run("document.querySelector('.o_territory_draw_remove_corner').click(); 0")
    left = page.run("bench.drawing().corners.length")
    goals.at_most("phone: corners that cannot be removed", abs(left - 3), 0)
    goals.at_most("phone: map moved while drawing", int(page.run(VIEW) != before), 0)
    page.run("bench.renderer().model.parts.regions.cancel(); 0")


def _go_round(page, goals):
    page.run("bench.renderer().model.parts.selection.start('lasso'); 0")
    page.run(
        "bench.until(() => document.querySelector('.o_territory_map_drawing'), 'drawing')"
    )
    before = page.run(VIEW)
    loop = [
        (
            195 + 120 * math.cos(step / 16 * math.tau),
            560 + 160 * math.sin(step / 16 * math.tau),
        )
        for step in range(16)
    ]
    page.finger(*loop, steps=3)
    page.run(SETTLED)
    found = page.run("bench.renderer().model.parts.selection.ids.size")
    goals.at_most(
        "phone: lassos that find nothing", int(not found), 0, note=f"{found:,} found"
    )
    goals.at_most("phone: map moved under the lasso", int(page.run(VIEW) != before), 0)
    page.run("bench.renderer().model.parts.selection.stop(); 0")
