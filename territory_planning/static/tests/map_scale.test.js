import {beforeEach, expect, test} from "@odoo/hoot";
import {
    click,
    edit,
    queryAllTexts,
    queryOne,
    waitFor,
    waitForNone,
} from "@odoo/hoot-dom";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
    preloadBundle,
    serverState,
    toggleMenuItem,
    toggleSearchBarMenu,
} from "@web/../tests/web_test_helpers";
import {browser} from "@web/core/browser/browser";
import {router} from "@web/core/browser/router";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {encode} from "@territory_planning/territory_map/codec";
import {addressOf, stateFromAddress} from "@territory_planning/territory_map/address";
import {fanOffsets} from "@territory_planning/territory_map/layers/fan";
import {answerMap, binary, pointsBuffer} from "./map_test_helpers";

preloadBundle("territory_planning.map_lib");

class Account extends models.Model {
    _name = "territory.account";

    name = fields.Char();
    latitude = fields.Float();
    longitude = fields.Float();
    revenue_12m = fields.Float({string: "Revenue"});
    revenue_change = fields.Float({string: "Trend"});
    user_id = fields.Many2one({string: "Rep", relation: "res.users"});
    segment = fields.Selection({selection: [["a", "A"]], string: "Segment"});
    team_id = fields.Many2one({string: "Team", relation: "res.users"});

    _records = [
        {id: 1, name: "Alpha"},
        {id: 2, name: "Beta"},
    ];
    _views = {
        territory_map: `
            <territory_map latitude="latitude" longitude="longitude" color="user_id"
                value="revenue_12m" owner="user_id" card="get_territory_card">
                <field name="segment"/>
                <field name="revenue_change" widget="percentage" options="{'middle': 0}"/>
            </territory_map>`,
        search: `
            <search>
                <filter name="by_segment" string="By Segment" context="{'group_by': 'segment'}"/>
                <filter name="by_team" string="By Team" context="{'group_by': 'team_id'}"/>
                <filter name="by_name" string="By Name" context="{'group_by': 'name'}"/>
            </search>`,
    };
}

defineMailModels();
defineModels([Account]);

const categories = {
    user_id: [
        [11, "Anna"],
        [12, "Ben"],
    ],
    segment: [["a", "A"]],
};
const MUNICH = {lon: 11.5, lat: 48.1};
const RECORDS = [
    {id: 1, ...MUNICH, value: 100, user_id: 1, segment: 1, mine: true},
    {id: 2, lon: 13.4, lat: 52.5, value: 50, user_id: 2},
];

let asked = [];
let records = RECORDS;

function answer(params) {
    if (params.has("figure")) {
        return encode(
            {version: 1, figure: params.get("figure"), currency: null, more: false},
            {
                id: ["i32", records.map(({id}) => id)],
                figure: ["f32", records.map((_record, i) => (i % 2 ? NaN : i + 1))],
            }
        );
    }
    const names = params.get("color").split(",");
    return pointsBuffer(records, {
        categories: Object.fromEntries(
            names.map((name) => [name, categories[name] || [[1, "Field"]]])
        ),
    });
}

beforeEach(() => {
    asked = [];
    records = RECORDS;
    answerMap({
        points: (params) => {
            asked.push(Object.fromEntries(params));
            return binary(answer(params));
        },
    });
    onRpc("has_group", () => true);
});

async function mountMap(options = {}) {
    await mountView({type: "territory_map", resModel: "territory.account", ...options});
    await waitFor(".o_territory_map_canvas[data-ready]");
    await animationFrame();
}

test("an address is read and written, and nonsense in it is nothing", () => {
    const model = {
        view: {center: [371.5, 48.1], zoom: 7},
        colorField: "segment",
        hiddenRegions: new Set([3, 5]),
        panel: {kind: "card", id: 17},
        archInfo: {colors: ["user_id"]},
    };
    const address = addressOf(model);
    expect(address).toEqual({
        at: "48.1000,11.5000,7",
        by: "segment",
        off: "3,5",
        card: 17,
    });
    expect(stateFromAddress(address)).toEqual({
        view: {center: [11.5, 48.1], zoom: 7},
        colorField: "segment",
        hiddenRegions: [3, 5],
        panel: {kind: "card", id: 17},
    });
    for (const at of ["", "48", "north,east,7", "91,0,5", "0,0,99", 7, "1,2,NaN"]) {
        expect(stateFromAddress({at}).view).toBe(undefined);
    }
    expect(stateFromAddress({card: "<b>"}).panel).toBe(undefined);
    expect(stateFromAddress({off: "x,1"}).hiddenRegions).toEqual([1]);
});

test.tags("desktop");
test("the page's address says what the map shows", async () => {
    await mountMap();
    await contains(".o_territory_legend_choice").select("segment");
    await advanceTime(400);
    expect(router.current.by).toBe("segment");
    expect(router.current.at).toMatch(/^\d+\.\d{4},\d+\.\d{4},\d+$/);
});

test.tags("desktop");
test("an address someone sent shows the same map, and a colour unknown here the usual one", async () => {
    router.replaceState({at: "40.0000,-3.0000,9", by: "nonsense"}, {sync: true});
    records = [{id: 1, lon: -3, lat: 40, user_id: 1}];
    await mountMap();
    await advanceTime(400);
    expect(router.current.at).toBe("40.0000,-3.0000,9");
    expect(".o_territory_legend_choice").toHaveValue("user_id");
});

test.tags("desktop");
test("colours by a number: one more request, with the number alone", async () => {
    await mountMap();
    expect(asked).toHaveLength(1);
    await contains(".o_territory_legend_choice").select("revenue_change");
    await waitForNone(".o_territory_legend [role=status]");
    await animationFrame();
    expect(asked).toHaveLength(2);
    expect(asked[1].figure).toBe("revenue_change");
    expect(asked[1].color).toBe(undefined);
    expect(queryAllTexts(".o_territory_legend_entry")).toEqual(["All\n1", "None\n1"]);
    await contains(".o_territory_legend_choice").select("user_id");
    await contains(".o_territory_legend_choice").select("revenue_change");
    expect(asked).toHaveLength(2, {message: "it is here already"});
});

test.tags("desktop");
test("heat is painted instead of clusters, with a legend of its own", async () => {
    records = Array.from({length: 20}, (_unused, i) => ({id: i + 1, ...MUNICH}));
    await mountMap();
    expect(".o_territory_cluster").toHaveCount(1);
    await contains(".o_territory_legend_choice").select("heat:count");
    await animationFrame();
    expect(".o_territory_cluster").toHaveCount(0);
    expect(".o_territory_legend_heat").toHaveCount(1);
    const canvas = queryOne(".o_territory_map_picture");
    const {data} = canvas
        .getContext("2d")
        .getImageData(0, 0, canvas.width, canvas.height);
    expect(data.some((value) => value > 0)).toBe(true);
    await contains(".o_territory_legend_choice").select("user_id");
    await animationFrame();
    expect(".o_territory_map_picture").toHaveCount(0);
    expect(".o_territory_cluster").toHaveCount(1);
});

test.tags("desktop");
test("to group by something colours by it, also by what the view does not name", async () => {
    await mountMap();
    await toggleSearchBarMenu();
    await toggleMenuItem("By Segment");
    await waitForNone(".o_territory_map_loading");
    expect(".o_territory_legend_choice").toHaveValue("segment");
    await toggleMenuItem("By Segment");
    await toggleMenuItem("By Team");
    await waitForNone(".o_territory_map_loading");
    await animationFrame();
    expect(".o_territory_legend_choice").toHaveValue("team_id");
    expect(asked.at(-1).color).toBe("user_id,segment,team_id");
    await toggleMenuItem("By Team");
    await toggleMenuItem("By Name");
    await waitFor(".o_territory_map_message");
    expect(".o_territory_map_message").toHaveText(/cannot be coloured by “Name”/);
});

test.tags("desktop");
test("a cluster says what is in it, to the keyboard too", async () => {
    records = [1, 2, 3].map((id) => ({
        id,
        ...MUNICH,
        value: id,
        user_id: id < 3 ? 1 : 2,
    }));
    await mountMap();
    queryOne(".o_territory_cluster").focus();
    expect(".o_territory_cluster_tip").toHaveText(
        "3 accounts\n6 Revenue\nAnna: 2\nBen: 1"
    );
    expect(".o_territory_cluster").toHaveAttribute(
        "aria-description",
        "6 Revenue, Anna: 2, Ben: 1"
    );
    queryOne(".o_territory_cluster").blur();
    expect(".o_territory_cluster_tip").toHaveCount(0);
});

test("few accounts in one place fan out, many are a list", async () => {
    for (const n of [2, 12]) {
        const offsets = fanOffsets(n);
        offsets.forEach(([x, y], i) =>
            offsets.slice(i + 1).forEach(([a, b]) => {
                expect(Math.hypot(x - a, y - b)).toBeGreaterThan(28);
            })
        );
    }
    records = [1, 2].map((id) => ({id, ...MUNICH}));
    await mountMap();
    await click(".o_territory_cluster");
    await animationFrame();
    expect(".o_territory_panel").toHaveCount(0);
    // the first of two is straight above the place
    const {x, y, width, height} =
        queryOne(".o_territory_cluster").getBoundingClientRect();
    const map = queryOne(".o_territory_map_canvas").getBoundingClientRect();
    await click(".o_territory_map_canvas", {
        position: {x: x + width / 2 - map.x, y: y + height / 2 - map.y - 38},
        relative: true,
    });
    await waitFor(".o_territory_card_name");
});

test("more than twelve in one place are a list", async () => {
    records = Array.from({length: 13}, (_unused, i) => ({id: i + 1, ...MUNICH}));
    await mountMap();
    await click(".o_territory_cluster");
    await waitFor(".o_territory_stack");
});

test.tags("desktop");
test("an action says what it would be done to, and is done to nothing else", async () => {
    records = RECORDS.map((record) => ({...record, mine: false}));
    const done = [];
    mockService("action", {
        doAction(id, {additionalContext}) {
            done.push([id, additionalContext.active_ids]);
        },
    });
    await mountMap({
        loadActionMenus: true,
        info: {actionMenus: {action: [{id: 5, name: "Do It"}], print: []}},
    });
    await contains(
        ".o_cp_action_menus .dropdown-toggle, .o_cog_menu .dropdown-toggle"
    ).click();
    expect(queryAllTexts(".o-dropdown--menu .dropdown-item")).toInclude(
        "Export What Is in View"
    );
    await contains(".o-dropdown--menu .dropdown-item:contains(Do It)").click();
    expect(".modal-body").toHaveText("Do this with the 2 accounts in view?");
    await contains(".modal-footer .btn-primary").click();
    await animationFrame();
    expect(done).toEqual([[5, [1, 2]]]);
});

test("around me moves the map, and sends the position nowhere", async () => {
    patchWithCleanup(browser.navigator, {
        geolocation: {
            getCurrentPosition: (found) =>
                found({coords: {longitude: 9.99, latitude: 53.55}}),
        },
    });
    await mountMap();
    const before = asked.length;
    await contains(".o_territory_around").click();
    await animationFrame();
    await advanceTime(1000);
    expect(asked.length).toBe(before);
    expect(".o_territory_panel").toHaveCount(0);
    expect(router.current.at.startsWith("53.5500,9.9900")).toBe(true);
});

test("without permission one chooses a place", async () => {
    patchWithCleanup(browser.navigator, {
        geolocation: {
            getCurrentPosition: (_found, refused) => refused(new Error("no")),
        },
    });
    onRpc("crm.team.member", "search_read", ({kwargs}) => {
        expect(kwargs.domain || []).toEqual([["user_id", "=", serverState.userId]]);
        return [
            {
                id: 4,
                territory_start_name: "Ulm",
                territory_start_latitude: 48.4,
                territory_start_longitude: 9.99,
            },
        ];
    });
    onRpc("territory.account", "name_search", () => [[2, "Beta"]]);
    await mountMap();
    await contains(".o_territory_around").click();
    await waitFor(".o_territory_around_start");
    expect(".o_territory_around_start").toHaveText("Ulm");
    await contains(".o_territory_around_search").click();
    await edit("Be");
    await advanceTime(300);
    await animationFrame();
    await contains(".o_territory_around_panel [aria-live] button").click();
    await waitForNone(".o_territory_panel");
    await advanceTime(1000);
    expect(router.current.at.startsWith("52.5000,13.4000")).toBe(true);
});
