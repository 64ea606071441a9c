import {describe, expect, test} from "@odoo/hoot";
import {
    areaBounds,
    cleanArea,
    labelPlace,
} from "@territory_planning/territory_map/geometry";

describe.current.tags("headless");

const RING = [
    [0, 0],
    [4, 0],
    [4, 2],
    [0, 2],
    [0, 0],
];

test("polygons become multipolygons, with box and middle", () => {
    const area = cleanArea({type: "Polygon", coordinates: [RING]});
    expect(area).toEqual({type: "MultiPolygon", coordinates: [[RING]]});
    expect(areaBounds(area)).toEqual([0, 0, 4, 2]);
    expect(labelPlace(area)).toEqual([2, 1]);
});

test("the text of an area is one, too", () => {
    const text = JSON.stringify({type: "Polygon", coordinates: [RING]});
    expect(cleanArea(text)).toEqual({type: "MultiPolygon", coordinates: [[RING]]});
    expect(cleanArea(text.slice(1))).toBe(null);
});

test("the name is written on the largest part", () => {
    const islet = RING.map(([x, y]) => [50 + x / 10, 50 + y / 10]);
    const area = cleanArea({type: "MultiPolygon", coordinates: [[islet], [RING]]});
    expect(labelPlace(area)).toEqual([2, 1]);
});

test("what is not an area is nothing", () => {
    for (const geometry of [
        null,
        false,
        "POLYGON",
        {type: "Point", coordinates: [1, 2]},
        {type: "Polygon", coordinates: null},
        {type: "Polygon", coordinates: []},
        {
            type: "Polygon",
            coordinates: [
                [
                    ["<b>", 1],
                    [2, 2],
                    [3, 3],
                ],
            ],
        },
        {
            type: "Polygon",
            coordinates: [
                [
                    [1, NaN],
                    [2, 2],
                    [3, 3],
                ],
            ],
        },
        {
            type: "Polygon",
            coordinates: [
                [
                    [1, 100],
                    [2, 2],
                    [3, 3],
                ],
            ],
        },
        {type: "MultiPolygon", coordinates: [[[[1, 1]]]]},
        {type: "MultiPolygon", coordinates: ["nonsense"]},
    ]) {
        expect(cleanArea(geometry)).toBe(null);
    }
});

test("a broken part does not take the whole region away", () => {
    const area = cleanArea({type: "MultiPolygon", coordinates: ["nonsense", [RING]]});
    expect(area.coordinates.length).toBe(1);
});
