import {expect, getFixture, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {patchWithCleanup, preloadBundle} from "@web/../tests/web_test_helpers";
import {LeafletEngine} from "@territory_planning/territory_map/engines/leaflet_engine";

preloadBundle("territory_planning.map_lib");

const SQUARE = {
    type: "Polygon",
    coordinates: [
        [
            [9, 49],
            [11, 49],
            [11, 51],
            [9, 51],
            [9, 49],
        ],
    ],
};

test("areas are painted anew when something beyond the canvas is seen, and at a zoom", async () => {
    const L = window.territoryLeaflet;
    let painted = 0;
    patchWithCleanup(L.Canvas.prototype, {
        _updatePoly(layer, closed) {
            painted += layer.options.pane === "areas";
            return super._updatePoly(layer, closed);
        },
    });
    const el = document.createElement("div");
    el.style.cssText = "width: 400px; height: 300px";
    getFixture().append(el);
    const engine = new LeafletEngine(el, {
        L,
        view: {center: [10, 50], zoom: 6},
        onMove: () => {},
        onClick: () => {},
        onHover: () => null,
    });
    const areas = engine.addAreas("areas");
    areas.set([{geometry: SQUARE, style: {color: "#0072B2"}}]);
    await animationFrame();
    const paints = async (act) => {
        const before = painted;
        act();
        await animationFrame();
        return painted - before;
    };
    expect(painted).toBeGreaterThan(0);
    const pan = (x) => engine.map.panBy([x, 0], {animate: false});
    expect(await paints(() => pan(150))).toBe(0);
    expect(await paints(() => pan(-300))).toBe(0);
    expect(await paints(() => pan(-60))).toBeGreaterThan(0);
    expect(
        await paints(() => engine.setView({center: [10, 50], zoom: 7}))
    ).toBeGreaterThan(0);
    // The same place and zoom by way of another: other pixels, the canvas must follow.
    engine.setView({center: [60, 50], zoom: 7});
    expect(
        await paints(() => engine.setView({center: [10, 50], zoom: 7}))
    ).toBeGreaterThan(0);
    const canvas = el.querySelector(".leaflet-areas-pane canvas");
    const [x, y] = engine.point([10, 50]);
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    const at = [
        x + el.getBoundingClientRect().left - box.left,
        y + el.getBoundingClientRect().top - box.top,
    ].map((value) => Math.round(value * scale));
    const {data} = canvas.getContext("2d").getImageData(...at, 1, 1);
    expect(data[3]).toBeGreaterThan(0);
    areas.remove();
    engine.destroy();
});
