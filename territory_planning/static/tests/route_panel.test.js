import {beforeEach, expect, test} from "@odoo/hoot";
import {queryAllTexts, waitFor} from "@odoo/hoot-dom";
import {animationFrame, mockDate, runAllTimers} from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    makeServerError,
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

class Trip extends models.Model {
    _name = "territory.trip";

    name = fields.Char();
    date = fields.Date();
    state = fields.Char();
    planned_at = fields.Datetime();
    user_id = fields.Many2one({relation: "res.users"});
}

class Member extends models.Model {
    _name = "crm.team.member";

    user_id = fields.Many2one({relation: "res.users"});
}

defineMailModels();
defineModels([Account, Trip, Member]);

const HOME = {name: "Home", lat: 48.1, lon: 11.5, account: false};
const row = (id, values) => ({
    id,
    name: `Account <i>${id}</i>`,
    city: "Ulm",
    lat: 48.1 + id / 50,
    lon: 11.5,
    detour_km: 10,
    detour_minutes: 10,
    service_minutes: 60,
    value: 100 * id,
    value_visit: 90 * id,
    value_risk: 10 * id,
    worth: 100 * id,
    per_minute: (100 * id) / 70,
    potential_gap: 1000 / id,
    churn_money: 0,
    churn_risk: 0,
    days_since: 30,
    why_not: "",
    ...values,
});
const PREVIEW = {
    start: HOME,
    end: HOME,
    home: HOME,
    days: [{date: "2026-06-02", minutes: 540}],
    currency_id: 1,
    priority: "value",
    total: 3,
    placeless: {count: 1, accounts: [{id: 9, name: "Lost"}]},
    notes: [],
    candidates: [
        row(3),
        row(2),
        row(1, {why_not: "A visit is in the calendar already."}),
    ],
};

const stop = (id, values) => ({
    id,
    account: id,
    partner: id,
    name: `Account ${id}`,
    city: "Ulm",
    lat: 48.1 + id / 50,
    lon: 11.5,
    arrival: "08:30",
    departure: "09:30",
    drive_minutes: 30,
    drive_km: 25,
    wait_minutes: 0,
    service_minutes: 60,
    value: 100 * id,
    value_visit: 100 * id,
    value_risk: 0,
    detour_minutes: 70,
    value_per_minute: 1,
    reason: "$ 100 for +70 min.",
    must: false,
    locked: false,
    appointment: "",
    state: "planned",
    ...values,
});

function makeTrip(stops, values) {
    return {
        id: 5,
        name: "From Home",
        state: "draft",
        user: {id: 7, name: "Mitchell"},
        company_id: 1,
        currency_id: 1,
        date: "2026-06-02",
        date_end: "2026-06-02",
        priority: "value",
        expected_value: stops.reduce((sum, {value}) => sum + value, 0),
        distance_km: 80,
        drive_hours: 1.5,
        visit_hours: 3,
        value_per_minute: 1.25,
        gap: 0.1,
        travel_source: "straight lines",
        notes: ["Drives are estimated."],
        planned_at: "2026-06-01T10:00:00Z",
        troubles: [],
        days: [
            {
                id: 1,
                date: "2026-06-02",
                time_from: "08:00",
                time_to: "16:00",
                start: HOME,
                end: HOME,
                night_out: false,
                lunch_from: "12:00",
                lunch_to: "12:30",
                back_minutes: 20,
                back_km: 15,
                distance_km: 80,
                drive_hours: 1.5,
                visit_hours: 3,
                value: 600,
                geometry: false,
                stops,
            },
        ],
        left_out: [
            {
                account: 8,
                name: "Account 8",
                city: "",
                lat: 48.3,
                lon: 11.6,
                value: 120,
                minutes: 38,
                reason: "+38 min for $ 120: below this trip's $ 4.10 a minute.",
            },
        ],
        ...values,
    };
}

let calls = [];

beforeEach(() => {
    calls = [];
    mockDate("2026-06-01 09:00:00");
});

async function openRoute({preview = () => PREVIEW} = {}) {
    answerMap({
        points: () =>
            binary(
                pointsBuffer([{id: 1, lon: 11.5, lat: 48.1}], {
                    categories: {user_id: [[7, "Anna"]]},
                })
            ),
        card: ({args}) => ({...CARD, id: args[0][0], name: `Account ${args[0][0]}`}),
    });
    onRpc("res.users", "has_group", () => false);
    onRpc("territory.trip", "plan_preview", ({args}) => {
        calls.push(["preview", args[0]]);
        return preview(args[0]);
    });
    onRpc("territory.trip", "plan_trip", ({args}) => {
        calls.push(["plan", ...args]);
        return makeTrip([stop(3), stop(2), stop(1)]);
    });
    onRpc("territory.trip", "retime", ({args}) => {
        calls.push(["retime", ...args]);
        const stops = args[1][0].map((id) => stop(id));
        return makeTrip(stops, {troubles: ["Back 20 minutes after the day ends."]});
    });
    onRpc("territory.trip", "set_stop_locked", ({args}) => {
        calls.push(["lock", ...args]);
        return makeTrip([stop(3, {locked: args[2]}), stop(2), stop(1)]);
    });
    onRpc("territory.trip", "add_account", ({args}) => {
        calls.push(["add", ...args]);
        return makeTrip([stop(3), stop(2), stop(1), stop(8)], {left_out: []});
    });
    onRpc("territory.trip", "action_plan", ({args}) => {
        calls.push(["accept", ...args]);
        return true;
    });
    onRpc("territory.trip", "get_territory_trip", () =>
        makeTrip([stop(3)], {state: "planned"})
    );
    await mountView({type: "territory_map", resModel: "territory.account"});
    await waitFor(".o_territory_map_canvas[data-ready]");
    await contains("[data-tool=route]").click();
    await waitFor(".o_territory_route");
    await animationFrame();
}

test("who is on the way, ranked, with worth, cost and why not", async () => {
    await openRoute();
    await waitFor(".o_territory_route_candidates");
    const [[, request]] = calls;
    expect(request.start).toEqual({kind: "home"});
    expect(request.end).toEqual({kind: "back"});
    expect(request.date).toBe("2026-06-02", {message: "the next working day"});
    expect(
        queryAllTexts(".o_territory_route_candidates .btn-link").map((t) =>
            t.replace(/\s+/g, " ")
        )
    ).toEqual(["1. Account <i>3</i>", "2. Account <i>2</i>", "3. Account <i>1</i>"]);
    expect(".o_territory_route_candidates i i").toHaveCount(0);
    expect(".o_territory_route_candidates li:first").toHaveText(
        /\+1:10 h, of which 1:00 h there/
    );
    expect(".o_territory_route_candidates li:last").toHaveText(
        /in the calendar already/
    );
    expect(".o_territory_route_placeless").toHaveText(/Lost has no place/);
    await contains(".o_territory_route select[aria-label=Order]").select(
        "potential_gap"
    );
    expect(".o_territory_route_candidates li:first .btn-link").toHaveText(
        /Account <i>1/
    );
});

test("ranked on the map; a click there picks", async () => {
    await openRoute();
    await waitFor(".o_territory_route_pin_candidate");
    expect(".o_territory_route_pin_candidate").toHaveCount(3);
    await contains(".o_territory_route_pin_candidate:first").click();
    expect(".o_territory_route_pin_picked").toHaveCount(1);
    expect(".o_territory_route_candidates input:checked").toHaveCount(1);
});

test("picked by hand, then only those in the best order", async () => {
    await openRoute();
    await contains(".o_territory_route_candidates li:first input").click();
    await contains(".o_territory_route_candidates li:eq(1) input").click();
    expect(".o_territory_route_compare").toHaveCount(1);
    await contains(".o_territory_route_picked").click();
    await waitFor(".o_territory_timeline");
    const [, request, trip] = calls.find(([name]) => name === "plan");
    expect(request.must).toEqual([3, 2]);
    expect(request.chosen_only).toBe(true);
    expect(trip).toBe(false);
});

test("a trip with its times, reasons and rejections", async () => {
    await openRoute();
    await contains(".o_territory_route_plan").click();
    await waitFor(".o_territory_timeline");
    expect(queryAllTexts(".o_territory_stop_name")).toEqual([
        "Account 3",
        "Account 2",
        "Account 1",
    ]);
    expect(".o_territory_trip_value").toHaveText(/600/);
    expect(".o_territory_route_pin_stop").toHaveCount(3);
    await contains(".o_territory_left_out > button").click();
    expect(".o_territory_left_out li").toHaveText(
        /below this trip's \$ 4\.10 a minute/
    );
    await contains(".o_territory_left_out_add").click();
    expect(".o_territory_stop").toHaveCount(4);
    expect(".o_territory_left_out").toHaveCount(0);
});

test("earlier, locked, taken out: times follow, and what is wrong is said", async () => {
    await openRoute();
    await contains(".o_territory_route_plan").click();
    await waitFor(".o_territory_timeline");
    await contains(".o_territory_stop_name:contains(Account 2)").click();
    await contains(".o_territory_stop_lock").click();
    await contains(".o_territory_stop_up").click();
    expect(calls.at(-1)).toEqual(["retime", [5], [[2, 3, 1]]]);
    expect(".o_territory_trip_trouble").toHaveText(
        "Back 20 minutes after the day ends."
    );
    await contains(".o_territory_stop_remove").click();
    expect(calls.at(-1)).toEqual(["retime", [5], [[3, 1]]]);
    expect(calls.find(([name]) => name === "lock")).toEqual(["lock", [5], 2, true]);
});

test("dragged to another place", async () => {
    await openRoute();
    await contains(".o_territory_route_plan").click();
    await waitFor(".o_territory_timeline");
    await contains(".o_territory_stop:eq(2) .o_territory_stop_handle").dragAndDrop(
        ".o_territory_stop:eq(0)"
    );
    await animationFrame();
    expect(calls.at(-1)).toEqual(["retime", [5], [[1, 3, 2]]]);
});

test("accepted", async () => {
    await openRoute();
    await contains(".o_territory_route_plan").click();
    await contains(".o_territory_route_accept").click();
    await waitFor(".o_territory_route_accepted");
    expect(calls.at(-1)).toEqual(["accept", [5]]);
});

test("what is wrong with the question is said, and the form stays", async () => {
    await openRoute({
        preview: () => {
            throw makeServerError({
                type: "UserError",
                message: "Where Anna starts from is not known.",
            });
        },
    });
    await waitFor(".o_territory_route_preview_error");
    expect(".o_territory_route_preview_error").toHaveText(
        "Where Anna starts from is not known."
    );
    expect(".o_territory_route_plan").not.toBeEnabled();
    expect("[data-place=start] input").toHaveCount(1);
});

test("a town typed, found and chosen", async () => {
    onRpc("territory.trip", "find_trip_places", ({args}) =>
        args[0] === "Ulm"
            ? [{kind: "point", name: "Ulm", hint: "", lat: 48.4, lon: 10}]
            : []
    );
    await openRoute();
    await contains("[data-place=end] input").edit("Ulm", {confirm: false});
    await runAllTimers(); // what is typed is looked up after a moment
    await waitFor(".o_territory_place_found");
    await contains(".o_territory_place_found button").click();
    expect(calls.at(-1)[1].end).toEqual({
        kind: "point",
        name: "Ulm",
        lat: 48.4,
        lon: 10,
    });
    expect("[data-place=end] input").toHaveValue("Ulm");
});
