import {describe, expect, test} from "@odoo/hoot";
import {makeMockEnv} from "@web/../tests/web_test_helpers";
import {NONE_COLOR} from "@territory_planning/territory_map/palette";
import {
    isRegionChoice,
    RegionColoring,
} from "@territory_planning/territory_map/region_tools/region_coloring";

describe.current.tags("headless");

const COMPARISON = {
    regions: [10, 20, 30, 40, null].map((hours, i) => ({id: i + 1, hours})),
    figures: [{name: "hours", unit: "h"}],
    currency_id: 1,
};

function makeModel(answer) {
    const model = {
        resModel: "territory.account",
        colorField: "region:hours",
        archInfo: {colors: ["user_id"]},
        notices: [],
        notify: () => {},
        setNotice: (sentence) => model.notices.push(sentence),
        setColorField: (name) => (model.colorField = name),
        orm: {silent: {call: answer}},
    };
    return model;
}

test("a region has the colour of its class; one without a figure has that of none", async () => {
    await makeMockEnv(); // numbers are written as the user's language writes them
    const part = new RegionColoring(makeModel(async () => COMPARISON));
    await part.load();
    const painted = part.paint([{id: 1}, {id: 4}, {id: 5}, {id: 99}]);
    const colors = painted.map(({color}) => color);
    expect(colors[0]).not.toBe(colors[1]);
    expect(colors[2]).toBe(NONE_COLOR);
    expect(colors[3]).toBe(NONE_COLOR);
    const counted = part.coloring.slots.reduce((sum, {count}) => sum + count, 0);
    expect(counted).toBe(5);
});

test("a region with parts takes no colour: theirs lie upon it", async () => {
    await makeMockEnv();
    const regions = [...COMPARISON.regions, {id: 9, hours: 100, parts: 4}];
    const part = new RegionColoring(makeModel(async () => ({...COMPARISON, regions})));
    await part.load();
    const [whole] = part.paint([{id: 9}]);
    expect(whole.color).toBe(NONE_COLOR);
});

test("regions keep their own colours while colours mean something else", async () => {
    await makeMockEnv();
    const model = makeModel(async () => COMPARISON);
    const part = new RegionColoring(model);
    await part.load();
    model.colorField = "user_id";
    const regions = [{id: 1, color: "#123456"}];
    expect(part.paint(regions)).toBe(regions);
    expect(part.coloring).toBe(null);
});

test("without an answer the colours are those of the view again, and it says so", async () => {
    const model = makeModel(() => Promise.reject(new Error("gone")));
    await new RegionColoring(model).load();
    expect(model.colorField).toBe("user_id");
    expect(model.notices).toHaveLength(1);
});

test("only known figures, and only on a map of accounts", () => {
    expect(isRegionChoice("territory.account", "region:revenue")).toBe(true);
    expect(isRegionChoice("territory.account", "region:constructor")).toBe(false);
    expect(isRegionChoice("territory.account", null)).toBe(false);
    expect(isRegionChoice("res.partner", "region:revenue")).toBe(false);
});
