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
    mockService,
    models,
    mountView,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {answerMap, binary, CARD, pointsBuffer} from "./map_test_helpers";

preloadBundle("territory_planning.map_lib");
preloadBundle("territory_planning.draw_lib");

class Account extends models.Model {
    _name = "territory.account";

    name = fields.Char();
    latitude = fields.Float();
    longitude = fields.Float();
    revenue_12m = fields.Float({string: "Revenue"});
    user_id = fields.Many2one({string: "Rep", relation: "res.users"});

    _views = {
        territory_map: `
            <territory_map latitude="latitude" longitude="longitude"
                color="user_id" value="revenue_12m" card="get_territory_card"/>`,
    };
}

defineMailModels();
defineModels([Account]);

const TOGETHER = {lon: 11.5, lat: 48.1};
const RECORDS = [
    {id: 1, ...TOGETHER},
    {id: 2, ...TOGETHER},
    {id: 3, lon: 13.4, lat: 52.5},
];
const RIGHTS = {
    rep: true,
    region: true,
    tag: true,
    trip: true,
    activity: true,
    export: true,
};

function totals(ids) {
    return {
        count: ids.length,
        missing: 0,
        ids: false,
        data_date: "2026-11-01 02:00:00",
        currency_id: 1,
        company_id: 4,
        revenue_12m: 1100,
        revenue_previous: 1000,
        margin_12m: 330,
        pipeline: 0,
        expected_gain: 0,
        open_leads: 0,
        visits_12m: 6,
        visits_today: 1,
        visits_optimal: 2,
        hours_today: 2,
        hours_optimal: 4,
        reps: [
            {id: 7, name: "<b>Anna</b>", count: 1, revenue_12m: 1100, hours_today: 2},
            {id: false, name: false, count: 1, revenue_12m: 0, hours_today: 0},
        ],
        regions: [],
        accounts: ids.map((id) => ({
            id,
            name: `Account <i>${id}</i>`,
            city: "Ulm",
            revenue_12m: 10,
            currency_id: 1,
        })),
        rights: RIGHTS,
    };
}

let asked = [];

beforeEach(() => {
    asked = [];
});

async function mountMap({summary = totals, records = RECORDS} = {}) {
    answerMap({
        points: () =>
            binary(pointsBuffer(records, {categories: {user_id: [[7, "Anna"]]}})),
        card: ({args}) => ({...CARD, id: args[0][0], name: `Account ${args[0][0]}`}),
    });
    onRpc("territory.account", "get_territory_selection", ({args}) => {
        asked.push([...args[0]].sort());
        return summary(args[0]);
    });
    await mountView({type: "territory_map", resModel: "territory.account"});
    await waitFor(".o_territory_map_canvas[data-ready]");
    await animationFrame();
}

async function startSelecting() {
    await contains(".o_territory_regions_toggle").click();
    await contains(".o_territory_menu_item:contains(Select on the map)").click();
    await waitFor(".o_territory_selection_bar[data-mode=lasso]");
}

const way = (name) => `.o_territory_selection_ways [data-way=${name}]`;

async function clickMiddle() {
    const map = queryOne(".o_territory_map_canvas");
    const {width, height} = map.getBoundingClientRect();
    await click(map, {position: {x: width / 2, y: height / 2}, relative: true});
    await animationFrame();
}

test("all in view, with totals of one call, and what may be done", async () => {
    await mountMap();
    expect(".o_territory_selection_bar").toHaveCount(0);
    await startSelecting();
    await contains(way("view")).click();
    await waitFor("[data-total=revenue]");
    expect(asked).toEqual([[1, 2, 3]]);
    expect(".o_territory_selection_bar [role=status]").toHaveText(
        "3 accounts selected"
    );
    expect(".o_territory_selection_bar").toHaveAttribute("data-mode", "pick");
    expect("[data-total=revenue]").toHaveText(/10% up on the year before/);
    expect("[data-total=margin]").toHaveText(/30% of revenue/);
    expect("[data-total=visits]").toHaveText("6 in 12 months, 2.0 per account");
    expect(queryAllTexts("[data-group=reps] th")).toEqual(["<b>Anna</b>", "Nobody"]);
    expect(".o_territory_selection i i, .o_territory_selection b").toHaveCount(0);
    expect(queryAllTexts(".o_territory_selection_actions button")).toEqual([
        "Salesperson",
        "Region",
        "Tags",
        "Add to Trip",
        "Activities",
        "Compare",
        "Export",
    ]);
});

test("a rep is offered only what a rep may do", async () => {
    await mountMap({
        summary: (ids) => ({
            ...totals(ids),
            rights: {...RIGHTS, rep: false, region: false, export: false},
        }),
    });
    await startSelecting();
    await contains(way("view")).click();
    await waitFor(".o_territory_selection_actions");
    expect("[data-action=rep], [data-action=region], [data-action=export]").toHaveCount(
        0
    );
    expect("[data-action=trip]").toHaveCount(1);
});

test("a circle adds all of its accounts, and takes them away again", async () => {
    await mountMap();
    await startSelecting();
    await contains(way("pick")).click();
    await contains(".o_territory_cluster").click();
    expect(".o_territory_selection_count").toHaveText("2 accounts selected");
    expect(".o_territory_selection_badge").toHaveText("✓");
    expect(".o_territory_stack").toHaveCount(0);
    await contains(way("invert")).click();
    expect(".o_territory_selection_count").toHaveText("1 account selected");
    expect(".o_territory_selection_badge").toHaveCount(0);
    await contains(".o_territory_cluster").click();
    expect(".o_territory_selection_count").toHaveText("3 accounts selected");
    await contains(way("clear")).click();
    expect(".o_territory_selection_count").toHaveText("0 accounts selected");
});

test("single accounts are picked instead of opened, and opened again afterwards", async () => {
    await mountMap({records: RECORDS.slice(2)});
    await startSelecting();
    await contains(way("pick")).click();
    await clickMiddle();
    expect(".o_territory_selection_count").toHaveText("1 account selected");
    expect(".o_territory_card_name").toHaveCount(0);
    await clickMiddle();
    expect(".o_territory_selection_count").toHaveText("0 accounts selected");
    await contains(".o_territory_selection_stop").click();
    expect(".o_territory_selection_bar").toHaveCount(0);
    await clickMiddle();
    await waitFor(".o_territory_card_name");
});

test.tags("desktop");
test("by keyboard: start, take the view, list, give up", async () => {
    await mountMap();
    await press(["alt", "shift", "s"]);
    await waitFor(".o_territory_selection_bar[data-mode=lasso]");
    await press(["alt", "shift", "v"]);
    await waitFor(".o_territory_selection_list li");
    expect(".o_territory_panel").toBeFocused();
    await press("Escape");
    await waitForNone(".o_territory_panel");
    expect(".o_territory_selection_count").toHaveText("3 accounts selected");
    await press("Escape");
    await waitForNone(".o_territory_selection_bar");
});

test("taking away: what is in view leaves the selection", async () => {
    await mountMap();
    await startSelecting();
    await contains(way("view")).click();
    await waitFor(".o_territory_selection_list li");
    await contains(way("away")).click();
    await contains(way("view")).click();
    expect(".o_territory_selection_bar [role=status]").toHaveText(
        "0 accounts selected"
    );
    expect(".o_territory_selection_list").toHaveCount(0);
});

test("one account less: the totals are asked anew", async () => {
    await mountMap();
    await startSelecting();
    await contains(way("view")).click();
    await waitFor(".o_territory_selection_list li");
    await contains(".o_territory_selection_drop:first").click();
    await animationFrame();
    expect(asked).toEqual([
        [1, 2, 3],
        [2, 3],
    ]);
    expect(".o_territory_selection_list li").toHaveCount(2);
});

test("what is closed leaves the selection, and it says so", async () => {
    await mountMap({
        summary: (ids) =>
            ids.length === 3
                ? {...totals([1, 2]), missing: 1, ids: [1, 2]}
                : totals(ids),
    });
    await startSelecting();
    await contains(way("view")).click();
    await waitFor(".o_territory_selection .alert-warning");
    expect(".o_territory_selection .alert-warning").toHaveText(/^1 account is gone/);
    expect(".o_territory_selection_bar [role=status]").toHaveText(
        "2 accounts selected"
    );
});

test("an error is a sentence with a way to try again", async () => {
    let broken = true;
    await mountMap({
        summary: (ids) => {
            if (broken) {
                throw new Error("no");
            }
            return totals(ids);
        },
    });
    await startSelecting();
    await contains(way("view")).click();
    await waitFor(".o_territory_selection .alert-danger");
    broken = false;
    await contains(".o_territory_selection .alert-danger button").click();
    await waitFor("[data-total=revenue]");
});

test("assigning opens a dialog; its sentence comes with an Undo", async () => {
    let opened = null;
    mockService("action", {
        doAction(action, {onClose}) {
            opened = action;
            onClose({message: "3 accounts now of Anna.", assignment: 9, changed: 3});
        },
    });
    onRpc("territory.assignment", "undo_from_map", ({args}) => {
        expect.step(`undo ${args[0]}`);
        return {message: "3 accounts are as they were before.", kept: 0};
    });
    await mountMap();
    await startSelecting();
    await contains(way("view")).click();
    await contains("[data-action=rep]").click();
    expect(opened.res_model).toBe("territory.selection.assign");
    expect(opened.target).toBe("new");
    expect(opened.context.default_kind).toBe("rep");
    expect(opened.context.default_company_id).toBe(4);
    expect([...opened.context.territory_selection].sort()).toEqual([1, 2, 3]);
    await waitFor(".o_notification:contains(3 accounts now of Anna.)");
    await contains(".o_notification button:contains(Undo)").click();
    await waitFor(".o_notification:contains(as they were before)");
    expect.verifySteps(["undo 9"]);
});

test("many are assigned in the background: how far it is, and the way back", async () => {
    mockService("action", {
        doAction(action, {onClose}) {
            onClose({
                message: "900 accounts are being changed.",
                assignment: 9,
                changed: 0,
                state: "waiting",
            });
        },
    });
    const handlers = new Set();
    mockService("bus_service", {
        subscribe: (name, handler) =>
            name === "territory_planning.run" && handlers.add(handler),
        unsubscribe: (name, handler) => handlers.delete(handler),
        start() {},
    });
    onRpc("territory.assignment", "undo_from_map", ({args}) => {
        expect.step(`undo ${args[0]}`);
        return {message: "Being put back.", kept: 0, state: "undoing"};
    });
    const view = await mountMap();
    await startSelecting();
    await contains(way("view")).click();
    await contains("[data-action=rep]").click();
    await waitFor(".o_notification:contains(900 accounts are being changed.)");
    expect(".o_notification button:contains(Undo)").toHaveCount(0);
    expect(".o_territory_assigning").toHaveText(/^Waiting to begin/);
    const tell = async (run) => {
        handlers.forEach((handler) =>
            handler({kind: "assign", assignment: 9, undo: false, ...run})
        );
        await animationFrame();
    };
    await tell({state: "running", count: 500, total: 900, progress: 5 / 9});
    expect(".o_territory_assigning").toHaveText(/^500 of 900 accounts changed/);
    expect(".o_territory_assigning [role=progressbar]").toHaveAttribute(
        "aria-valuenow",
        "56"
    );
    await contains(".o_territory_assigning button").click();
    expect.verifySteps(["undo 9"]);
    await tell({
        state: "running",
        undo: true,
        count: 100,
        total: 500,
        progress: 0.2,
    });
    expect(".o_territory_assigning").toHaveText("100 of 500 accounts put back");
    await tell({state: "done", undo: true, message: "As before.", changed: 500});
    expect(".o_territory_assigning").toHaveCount(0);
    expect(view).not.toBe(null);
});

test("a dialog that is given up says nothing", async () => {
    mockService("action", {
        doAction(action, {onClose}) {
            onClose(undefined);
        },
    });
    await mountMap();
    await startSelecting();
    await contains(way("view")).click();
    await contains("[data-action=tag]").click();
    expect(".o_notification").toHaveCount(0);
});

test("up to four side by side, from the selection", async () => {
    onRpc("territory.account", "get_territory_comparison", ({args}) => ({
        missing: 0,
        cards: args[0].map((id) => ({
            ...CARD,
            id,
            name: `Account ${id}`,
            revenue_12m: 1000 * id,
            hours_per_visit: 2,
        })),
    }));
    await mountMap();
    await startSelecting();
    await contains(way("view")).click();
    await contains("[data-action=compare]").click();
    await waitFor(".o_territory_compare table");
    expect(".o_territory_compare_head").toHaveCount(3);
    expect("[data-measure=revenue] .o_territory_compare_best").toHaveCount(1);
    expect("[data-measure=revenue] td:eq(2)").toHaveText(/3,000.*\s+best/);
    expect("[data-measure=revenue] td:eq(0)").toHaveText(/1,000.*\s+last/);
    await contains(".o_territory_compare_remove:first").click();
    expect(".o_territory_compare_head").toHaveCount(2);
    await contains(".o_territory_panel_back").click();
    await waitFor(".o_territory_selection_list");
});

test("compare on a card: pressed, in the tray, and out again", async () => {
    await mountMap({records: RECORDS.slice(2)});
    await clickMiddle();
    await contains(".o_territory_card_compare").click();
    expect(".o_territory_card_compare").toHaveAttribute("aria-pressed", "true");
    expect(".o_territory_compare_tray [role=status]").toHaveText("1 of 4");
    expect(".o_territory_compare_open").not.toBeEnabled();
    await contains(".o_territory_card_compare").click();
    expect(".o_territory_compare_tray").toHaveCount(0);
});
