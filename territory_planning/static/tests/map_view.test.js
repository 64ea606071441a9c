import {beforeEach, expect, test} from "@odoo/hoot";
import {
    click,
    press,
    queryAllTexts,
    queryOne,
    waitFor,
    waitForNone,
} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    patchWithCleanup,
    preloadBundle,
    toggleMenuItem,
    toggleSearchBarMenu,
} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {answerMap, binary, CARD, pointsBuffer} from "./map_test_helpers";

preloadBundle("territory_planning.map_lib");

class Account extends models.Model {
    _name = "territory.account";

    name = fields.Char();
    latitude = fields.Float();
    longitude = fields.Float();
    revenue_12m = fields.Float({string: "Revenue"});
    user_id = fields.Many2one({string: "Rep", relation: "res.users"});
    segment = fields.Selection({selection: [["a", "A"]], string: "Segment"});

    _records = [
        {id: 1, name: "Alpha"},
        {id: 2, name: "Beta"},
        {id: 3, name: "<b>Gamma</b>"},
    ];
    _views = {
        territory_map: `
            <territory_map latitude="latitude" longitude="longitude" color="user_id"
                value="revenue_12m" owner="user_id" card="get_territory_card"
                doubt="{'segment': ['a']}">
                <field name="segment"/>
            </territory_map>`,
        search: `
            <search>
                <filter name="large" string="Large" domain="[('revenue_12m', '>', 10)]"/>
            </search>`,
    };
}

// The web client of an installation with mail asks for mail's models.
defineMailModels();
defineModels([Account]);

const HEADER = {
    placeless: 2,
    categories: {
        user_id: [
            [11, "Anna"],
            [12, "<i>Ben</i>"],
        ],
        segment: [["a", "A"]],
    },
};
const MUNICH = {lon: 11.5, lat: 48.1};
const RECORDS = [
    {id: 1, ...MUNICH, value: 100, user_id: 1, segment: 1, mine: true},
    {id: 2, lon: 13.4, lat: 52.5, value: 50, user_id: 2},
];
const REGION = {
    id: 5,
    name: "South",
    complete_name: "South",
    color: 8,
    accounts: 1,
    rep: "Anna",
    geometry: {
        type: "Polygon",
        coordinates: [
            [
                [11, 47.6],
                [12, 47.6],
                [12, 48.6],
                [11, 48.6],
                [11, 47.6],
            ],
        ],
    },
};

let asked = [];

const bytes = (records, header = HEADER) => binary(pointsBuffer(records, header));

const usual = {
    points: () => bytes(RECORDS),
    layers: () => ({regions: [REGION], tiles: false}),
    card: () => CARD,
};

beforeEach(() => {
    asked = [];
});

async function mountMap(changes = {}, options = {}) {
    const {points, ...others} = {...usual, ...changes};
    answerMap({
        points: (params) => {
            asked.push(Object.fromEntries(params));
            return points(params);
        },
        ...others,
    });
    await mountView({type: "territory_map", resModel: "territory.account", ...options});
    await waitFor(".o_territory_map_canvas[data-ready]");
    await animationFrame();
}

/** Click the map in the middle, where a single account has been fitted to. */
async function clickMiddle() {
    const map = queryOne(".o_territory_map_canvas");
    const {width, height} = map.getBoundingClientRect();
    await click(map, {position: {x: width / 2, y: height / 2}, relative: true});
    await animationFrame();
}

test("accounts, status and legend", async () => {
    await mountMap();
    expect(".o_territory_status_count").toHaveText("2 accounts");
    expect(".o_territory_status_total").toHaveText("150 Revenue");
    expect(".o_territory_status_placeless").toHaveText("2 without a place");
    expect(asked.length).toBe(1);
    expect(asked[0].model).toBe("territory.account");
    expect(asked[0].color).toBe("user_id,segment");
    expect(JSON.parse(asked[0].domain)).toEqual([]);
    expect(JSON.parse(asked[0].context).allowed_company_ids).toEqual([1]);
});

test.tags("desktop");
test("the legend names colours, also hostile ones, and follows the choice", async () => {
    await mountMap();
    expect(queryAllTexts(".o_territory_legend_entry")).toEqual([
        "Anna\n1",
        "<i>Ben</i>\n1",
    ]);
    expect(".o_territory_legend i i").toHaveCount(0);
    await contains(".o_territory_legend_choice").select("segment");
    await animationFrame();
    expect(queryAllTexts(".o_territory_legend_entry")).toEqual(["A\n1", "None\n1"]);
    expect(asked.length).toBe(1, {message: "no need to ask the server again"});
    await contains(".o_territory_legend_entry:first").click();
    expect(".o_territory_legend_entry:first").toHaveAttribute("aria-pressed", "true");
    expect(".o_territory_legend_faded").toHaveCount(1);
});

test.tags("desktop");
test("places in doubt are hollow, counted in the legend, and can be looked at", async () => {
    const dots = [];
    patchWithCleanup(window.territoryLeaflet, {
        circleMarker(...args) {
            dots.push(super.circleMarker(...args));
            return dots.at(-1);
        },
    });
    await mountMap({
        points: () => bytes([RECORDS[0], {...RECORDS[1], doubt: true}]),
    });
    expect(JSON.parse(asked[0].doubt)).toEqual({segment: ["a"]});
    expect(".o_territory_legend_doubt").toHaveText(/Place not certain\s+1/);
    const hollow = dots.filter(({options}) => options.dashArray);
    const sure = dots.filter(({options}) => !options.dashArray);
    expect(hollow.length).toBeGreaterThan(0);
    expect(sure.length).toBeGreaterThan(0);
    expect(hollow.every(({options}) => options.fillColor === "#ffffff")).toBe(true);
    await contains(".o_territory_legend_doubt").click();
    expect(".o_territory_legend_doubt").toHaveAttribute("aria-pressed", "true");
    expect(hollow.at(-1).options.opacity).toBe(1);
    expect(sure.at(-1).options.opacity).toBeLessThan(1);
});

test("without a doubt the legend says nothing of it", async () => {
    await mountMap();
    expect(".o_territory_legend_doubt").toHaveCount(0);
});

test("clusters are buttons with names", async () => {
    const place = {lon: 9, lat: 50};
    await mountMap({
        points: () =>
            bytes([
                {id: 1, ...place},
                {id: 2, ...place},
                {id: 3, ...place},
            ]),
    });
    expect("button.o_territory_cluster").toHaveAttribute("aria-label", "3 accounts");
    expect("button.o_territory_cluster").toHaveText("3");
});

test("records in one place: the keyboard gets a list, and one opens its card", async () => {
    await mountMap({
        points: () =>
            bytes([
                {id: 2, ...MUNICH},
                {id: 3, ...MUNICH},
            ]),
    });
    queryOne(".o_territory_cluster").click(); // as Enter does: without a pointer
    await waitFor(".o_territory_stack li button");
    expect(queryAllTexts(".o_territory_stack li")).toEqual(["Beta", "<b>Gamma</b>"]);
    await contains(".o_territory_stack li:last button").click();
    await waitFor(".o_territory_card_name");
    await contains(".o_territory_panel_back").click();
    expect(".o_territory_stack li").toHaveCount(2);
    expect(".o_territory_card").toHaveCount(0);
});

test("a click on an account opens its card, Escape closes it", async () => {
    const asking = [];
    await mountMap({
        points: () => bytes(RECORDS.slice(0, 1)),
        card: ({args}) => {
            asking.push(args[0]);
            return {...CARD, name: "<b>Alpha</b>"};
        },
    });
    await clickMiddle();
    await waitFor(".o_territory_card_name");
    expect(asking).toEqual([[1]]);
    expect(".o_territory_card_name").toHaveText("<b>Alpha</b>A");
    expect(".o_territory_card_name b").toHaveCount(0);
    expect(".o_territory_card_reason").toHaveText(CARD.plan.reason);
    expect(".o_territory_spark rect").toHaveCount(CARD.history.revenue.length);
    expect(".o_territory_spark_recent").toHaveCount(12);
    expect(".o_territory_spark_visit").toHaveCount(2);
    expect(".o_territory_panel").toBeFocused();
    await press("Escape");
    await waitForNone(".o_territory_panel");
});

test("a card that cannot be read says so and can be tried again", async () => {
    let fail = true;
    await mountMap({
        points: () => bytes(RECORDS.slice(0, 1)),
        card: () => {
            if (fail) {
                throw new Error("no");
            }
            return CARD;
        },
    });
    await clickMiddle();
    await waitFor(".o_territory_card .alert-danger");
    fail = false;
    await contains(".o_territory_card .alert-danger button").click();
    await waitFor(".o_territory_card_name");
});

test.tags("desktop");
test("searching loads the map anew, and an older answer does not win", async () => {
    let release = null;
    await mountMap({
        points: async (params) => {
            if (params.get("domain") === "[]") {
                return bytes(RECORDS);
            }
            await new Promise((resolve) => (release = resolve));
            return bytes(RECORDS.slice(0, 1));
        },
    });
    await toggleSearchBarMenu();
    await toggleMenuItem("Large");
    await waitFor(".o_territory_map_loading");
    expect(".o_territory_status_count").toHaveText("2 accounts");
    const first = release;
    await toggleMenuItem("Large");
    await waitForNone(".o_territory_map_loading");
    expect(".o_territory_status_count").toHaveText("2 accounts");
    first();
    await animationFrame();
    await animationFrame();
    expect(".o_territory_status_count").toHaveText("2 accounts");
    await toggleMenuItem("Large");
    await animationFrame();
    release();
    await waitForNone(".o_territory_map_loading");
    expect(".o_territory_status_count").toHaveText("1 account");
    expect(asked.map(({domain}) => JSON.parse(domain).length)).toEqual([0, 1, 0, 1]);
});

test("an error is a sentence with a way to try again", async () => {
    let broken = true;
    await mountMap({
        points: () =>
            broken
                ? new Response(JSON.stringify({error: "This search is too long."}), {
                      status: 413,
                  })
                : bytes(RECORDS),
    });
    expect(".o_territory_map_message").toHaveText(/This search is too long\./);
    broken = false;
    await contains(".o_territory_map_retry").click();
    await waitForNone(".o_territory_map_message");
    expect(".o_territory_status_count").toHaveText("2 accounts");
});

test("damaged bytes are an error, too", async () => {
    await mountMap({points: () => binary(new ArrayBuffer(12))});
    expect(".o_territory_map_message").toHaveText(/damaged/);
});

test("no accounts: an invitation", async () => {
    await mountMap(
        {points: () => bytes([], {...HEADER, placeless: 0})},
        {noContentHelp: "<p>No accounts yet: invite some</p>"}
    );
    expect(".o_view_nocontent").toHaveText(/No accounts yet/);
    expect(".o_territory_status").toHaveCount(0);
});

test.tags("desktop");
test("regions: name on the map, hidden and shown again", async () => {
    await mountMap();
    await waitFor(".o_territory_region_label");
    expect(".o_territory_region_label").toHaveText("South");
    await contains(".o_territory_regions_toggle").click();
    expect(".o_territory_region").toHaveText(/South\s+1 account/);
    await contains(".o_territory_region input").click();
    expect(".o_territory_region_label").toHaveCount(0);
    await contains(".o_territory_regions_all").click();
    expect(".o_territory_region_label").toHaveCount(1);
});

test("a region whose area is nonsense is listed but not drawn", async () => {
    await mountMap({
        layers: () => ({
            regions: [{...REGION, geometry: {type: "Polygon", coordinates: "x"}}],
            tiles: false,
        }),
    });
    expect(".o_territory_region_label").toHaveCount(0);
    await contains(".o_territory_regions_toggle").click();
    expect(".o_territory_region_zoom").not.toBeEnabled();
});

test("without regions the menu offers what can be done", async () => {
    await mountMap({layers: () => ({regions: [], tiles: false})});
    await contains(".o_territory_regions_toggle").click();
    expect(".o_territory_region").toHaveCount(0);
    expect(".o_territory_menu_item:contains(Select on the map)").toHaveCount(1);
    expect(".o_territory_tool_rail [data-tool=locate]").toHaveCount(1);
});

test.tags("mobile");
test("on a phone the card is a sheet of three heights", async () => {
    await mountMap({points: () => bytes(RECORDS.slice(0, 1))});
    await clickMiddle();
    await waitFor(".o_territory_panel_sheet");
    expect(".o_territory_panel_sheet").toHaveAttribute("data-height", "half");
    for (const height of ["full", "peek", "half"]) {
        await contains(".o_territory_panel_handle").click();
        expect(".o_territory_panel_sheet").toHaveAttribute("data-height", height);
    }
});
