import {describe, expect, test} from "@odoo/hoot";
import {makeMockEnv} from "@web/../tests/web_test_helpers";
import {decode} from "@territory_planning/territory_map/codec";
import {CornerChoice} from "@territory_planning/territory_map/region_tools/corner_choice";
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

test("a region with parts is compared with none: mean and count are of the others", async () => {
    await makeMockEnv();
    const [a, b, c] = DATA.regions;
    const whole = {id: 4, complete_name: "W", rep: "", accounts: 60, parts: 3};
    const figures = new RegionFigures({...DATA, regions: [a, b, c, whole]});
    expect(figures.mean("accounts")).toBe(20);
    expect(figures.comparison(whole, "accounts")).toBe("");
    expect(figures.comparison(b, "accounts")).toBe("1.5 × the mean of 3 regions");
    const [first, second] = figures.ranked("accounts");
    expect(first.parts).toBe("with its 3 parts");
    expect(second.parts).toBe("");
});

// ------------------------------------------------------------------------ corners
/** What CornerChoice needs of a drawing, without a map. */
function makeDrawing(rings) {
    return {
        mode: "edit",
        rings,
        get corners() {
            return this.rings.flatMap((ring, id) =>
                ring.map((place, index) => ({id, index, place}))
            );
        },
        removeCorner({id, index}) {
            if (this.rings[id].length <= 3) {
                return false;
            }
            this.rings[id].splice(index, 1);
            return true;
        },
        moveCorner({id, index}, place) {
            this.rings[id][index] = place;
        },
    };
}

function makeChoice(rings) {
    const shown = [];
    const marks = {set: (items) => shown.push(items.map(({place}) => place))};
    const choice = new CornerChoice({
        ...engine,
        addElements: () => marks,
        reveal: () => {},
    });
    const drawing = makeDrawing(rings);
    choice.follow(drawing);
    return {choice, drawing, shown};
}

const TRIANGLE = () => square(8, 8, 1).slice(0, 3);
const SQUARE = () => square(0, 0, 4).slice(0, 4);

test("corners are gone through part by part, and round again", () => {
    const {choice, drawing, shown} = makeChoice([SQUARE(), TRIANGLE()]);
    const visited = [];
    for (let i = 0; i < 8; i++) {
        choice.step(1);
        visited.push(`${choice.corner.id}.${choice.corner.index}`);
    }
    expect(visited).toEqual(["0.0", "0.1", "0.2", "0.3", "1.0", "1.1", "1.2", "0.0"]);
    choice.step(-1);
    expect(choice.corner.place).toEqual([9, 9]);
    choice.follow(drawing);
    expect(shown.at(-1)).toEqual([[9, 9]]);
    choice.follow(null);
    expect(shown.at(-1)).toEqual([]);
    expect(choice.corner).toBe(null);
});

test("a corner is removed, unless the area would be none", async () => {
    await makeMockEnv();
    const {choice, drawing} = makeChoice([SQUARE()]);
    expect(choice.remove()).toMatch(/Tap a corner/);
    choice.choose(drawing.corners[1]);
    expect(choice.remove()).toBe("");
    expect(drawing.rings[0]).toEqual([
        [0, 0],
        [4, 4],
        [0, 4],
    ]);
    expect(choice.corner).toBe(null, {message: "the next one is not meant unasked"});
    choice.choose(drawing.corners[0]);
    expect(choice.remove()).toMatch(/three corners/);
    expect(drawing.rings[0]).toHaveLength(3);
});

test("arrow keys push the chosen corner, and only it", () => {
    const {choice, drawing} = makeChoice([SQUARE()]);
    expect(choice.push("arrowup", false)).toBe(false);
    choice.choose(drawing.corners[2]);
    expect(choice.push("arrowup", false)).toBe(true);
    expect(choice.push("arrowright", true)).toBe(true);
    expect(choice.push("x", false)).toBe(false);
    expect(drawing.rings[0]).toEqual([
        [0, 0],
        [4, 0],
        [4.2, 4.04],
        [0, 4],
    ]);
});
