import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {allowTranslations} from "@web/../tests/web_test_helpers";
import {decode} from "@territory_planning/territory_map/codec";
import {Coloring} from "@territory_planning/territory_map/coloring";
import {
    CATEGORY_COLORS,
    NONE_COLOR,
    OTHER_COLOR,
} from "@territory_planning/territory_map/palette";
import {makePoints} from "./map_test_helpers";

describe.current.tags("headless");
beforeEach(allowTranslations);

function points(codes, names) {
    return makePoints(
        decode,
        codes.map((user_id, i) => ({id: i + 1, lon: 1, lat: 1, user_id})),
        {categories: {user_id: names.map((name, i) => [i + 101, name])}}
    );
}

test("the largest first, none last, each with its count", () => {
    const coloring = new Coloring(points([2, 2, 1, 0], ["Anna", "Ben"]), "user_id");
    expect(coloring.slots.map(({label, count}) => [label, count])).toEqual([
        ["Ben", 2],
        ["Anna", 1],
        ["None", 1],
    ]);
    expect(coloring.color(0)).toBe(CATEGORY_COLORS[0]);
    expect(coloring.color(3)).toBe(NONE_COLOR);
});

test("no two categories share a colour; what is beyond the palette is others", () => {
    const n = CATEGORY_COLORS.length + 3;
    const codes = Array.from({length: n}, (_unused, i) => i + 1);
    const names = codes.map((code) => `Rep ${code}`);
    const {slots} = new Coloring(points(codes, names), "user_id");
    expect(slots.length).toBe(CATEGORY_COLORS.length + 1);
    expect(new Set(slots.map(({color}) => color)).size).toBe(slots.length);
    expect(slots.at(-1)).toEqual({
        key: "others",
        label: "3 others",
        color: OTHER_COLOR,
        count: 3,
    });
});

test("a category keeps its colour when the search changes", () => {
    const kept = new Map();
    const before = new Coloring(points([1, 1, 2], ["Anna", "Ben"]), "user_id", kept);
    const ben = before.color(2);
    const after = new Coloring(points([2, 2, 2], ["Anna", "Ben"]), "user_id", kept);
    expect(after.color(0)).toBe(ben);
});

test("without a field all have one colour", () => {
    const coloring = new Coloring(points([1, 2], ["Anna", "Ben"]), null);
    expect(coloring.slots.length).toBe(1);
    expect(coloring.slots[0].count).toBe(2);
    expect(coloring.color(1)).toBe(CATEGORY_COLORS[0]);
});
