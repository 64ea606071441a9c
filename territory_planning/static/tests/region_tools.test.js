import {describe, expect, test} from "@odoo/hoot";
import {makeMockEnv} from "@web/../tests/web_test_helpers";
import {decode} from "@territory_planning/territory_map/codec";
import {
    areaKm2,
    makeInside,
    measureInside,
} from "@territory_planning/territory_map/region_tools/inside";
import {RegionFigures} from "@territory_planning/territory_map/region_tools/region_figures";
import {snapPlace} from "@territory_planning/territory_map/region_tools/snapping";
import {makePoints} from "./map_test_helpers";

describe.current.tags("headless");

const square = (west, south, size) => [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
];
const RING = {
    type: "MultiPolygon",
    coordinates: [[square(0, 0, 4), square(1, 1, 2)], [square(6, 0, 1)]],
};

/** Even-odd without bands: the peer to be equal to. */
function slowInside(area, x, y) {
    let inside = false;
    for (const ring of area.coordinates.flat()) {
        for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
            const [ax, ay] = ring[i];
            const [bx, by] = ring[j];
            if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) {
                inside = !inside;
            }
        }
    }
    return inside;
}

/** The same numbers every time. */
function* numbers(seed = 1) {
    let state = seed;
    while (true) {
        state = (state * 48_271) % 2_147_483_647;
        yield state / 2_147_483_647;
    }
}

test("holes are outside, other parts inside", () => {
    const inside = makeInside(RING);
    expect(inside(0.5, 0.5)).toBe(true);
    expect(inside(2, 2)).toBe(false);
    expect(inside(6.5, 0.5)).toBe(true);
    expect(inside(5, 0.5)).toBe(false);
    expect(inside(NaN, 1)).toBe(false);
});

test("membership equals brute force on a spiky outline", () => {
    const random = numbers();
    const next = () => random.next().value;
    const ring = Array.from({length: 300}, (_, i) => {
        const angle = (2 * Math.PI * i) / 300;
        const radius = 0.3 + next();
        return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
    const area = {type: "MultiPolygon", coordinates: [[ring]]};
    const inside = makeInside(area);
    let wrong = 0;
    let within = 0;
    for (let i = 0; i < 5_000; i++) {
        const [x, y] = [3 * next() - 1.5, 3 * next() - 1.5];
        wrong += inside(x, y) !== slowInside(area, x, y) ? 1 : 0;
        within += inside(x, y) ? 1 : 0;
    }
    expect(wrong).toBe(0);
    expect(within).toBeGreaterThan(500);
});

test("accounts inside are counted and their values added", () => {
    const points = makePoints(decode, [
        {id: 1, lon: 0.5, lat: 0.5, value: 10},
        {id: 2, lon: 2, lat: 2, value: 100},
        {id: 3, lon: 6.5, lat: 0.5, value: 5},
    ]);
    expect(measureInside(points, RING)).toEqual({count: 2, value: 15});
});

test("the size of a degree square at the equator and farther north", () => {
    const at = (south) =>
        areaKm2({type: "Polygon", coordinates: [square(0, south, 1)]});
    expect(Math.round(at(0))).toBe(12_364);
    expect(Math.round(at(60))).toBe(6_088);
    expect(Math.round(areaKm2(RING) / at(0))).toBe(13);
});

// A map on which a degree is a hundred pixels.
const engine = {
    point: ([x, y]) => [100 * x, -100 * y],
    place: ([x, y]) => [x / 100, -y / 100],
};
const neighbour = {
    area: {type: "MultiPolygon", coordinates: [[square(0, 0, 4)]]},
    bounds: [0, 0, 4, 4],
};

test("a corner goes onto a neighbour's corner, else its edge, else nowhere", () => {
    expect(snapPlace([4.05, 4.05], [neighbour], engine)).toEqual([4, 4]);
    expect(snapPlace([4.1, 2], [neighbour], engine)).toEqual([4, 2]);
    expect(snapPlace([4.15, 2], [neighbour], engine)).toBe(undefined);
    expect(snapPlace([4.15, 2], [neighbour], engine, true)).toEqual([4, 2]);
    expect(snapPlace([4, 2], [], engine)).toBe(undefined);
});

const DATA = {
    currency_id: 1,
    figures: [
        {name: "accounts", label: "Accounts", unit: "", per_hour: true},
        {name: "hours", label: "Hours", unit: "h", per_hour: true},
    ],
    regions: [
        {id: 1, complete_name: "A", rep: "", accounts: 10, hours: 30, capacity: 10},
        {id: 2, complete_name: "B", rep: "", accounts: 30, hours: null, capacity: 60},
        {id: 3, complete_name: "C", rep: "", accounts: 20, hours: 10, capacity: null},
    ],
};

test("regions by a figure: the largest first, the unknown last", async () => {
    await makeMockEnv();
    const figures = new RegionFigures(DATA);
    const ranked = (...args) => figures.ranked(...args).map(({name}) => name);
    expect(ranked("accounts")).toEqual(["B", "C", "A"]);
    expect(ranked("accounts", true)).toEqual(["A", "B", "C"]);
    expect(figures.ranked("hours").at(-1).text).toBe("not known");
    expect(figures.ranked("accounts").map(({share}) => share)).toEqual([
        1,
        2 / 3,
        1 / 3,
    ]);
    expect(figures.format(30, "hours")).toBe("30.0 h");
    expect(figures.comparison(DATA.regions[1], "accounts")).toBe(
        "1.5 × the mean of 3 regions"
    );
});
