import {beforeEach, expect, test} from "@odoo/hoot";
import {press, queryAllTexts, queryOne, waitFor, waitForNone} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {
    allowTranslations,
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
import {AnalysisFigures} from "@territory_planning/territory_map/analysis_panel/analysis_figures";
import {roundStep} from "@territory_planning/territory_map/axis";
import {answerMap, binary, pointsBuffer} from "./map_test_helpers";

preloadBundle("territory_planning.map_lib");

class Account extends models.Model {
    _name = "territory.account";

    name = fields.Char();
    latitude = fields.Float();
    longitude = fields.Float();
    revenue_12m = fields.Float({string: "Revenue"});
    user_id = fields.Many2one({string: "Rep", relation: "res.users"});
    allocation_advice = fields.Selection({
        selection: [["more", "More visits pay"]],
        string: "Advice",
    });

    _records = [{id: 1, name: "Alpha"}];
    _views = {
        territory_map: `
            <territory_map latitude="latitude" longitude="longitude" color="user_id"
                value="revenue_12m" card="get_territory_card">
                <field name="allocation_advice"/>
            </territory_map>`,
        search: `
            <search>
                <filter name="mine" string="Mine" domain="[('name', '=', 'Alpha')]"/>
            </search>`,
    };
}

defineMailModels();
defineModels([Account]);

const PART = {
    id: 4,
    region: [7, "<b>South</b>"],
    user: [11, "Anna"],
    team: false,
    account_count: 120,
    revenue_month: 50_000,
    hours_capacity: 60,
    hours_today: 50,
    hours_optimal: 62,
    hours_flat_low: 55,
    hours_flat_high: 66,
    visits_today: 25,
    visits_optimal: 31,
    visits_recommended: 30,
    allocation_factor: 1.24,
    factor_low: 1.1,
    factor_high: 1.4,
    shadow_price: 210,
    expected_gain: 4000,
    gain_low: -200,
    gain_high: 8000,
};
const OTHER = {...PART, id: 5, region: false, user: [12, "Ben"], shadow_price: 90};
const POOL = {
    id: 9,
    scope: "company",
    name: "Nordwerk",
    account_count: 240,
    hours_per_rep: 60,
    rep_cost: 8000,
    reps_now: 2,
    reps_optimal: 3,
    reps_flat_low: 2.5,
    reps_flat_high: 4,
    next_rep_value: 2500,
    next_rep_low: -500,
    next_rep_high: 5500,
    last_rep_value: 4000,
    shadow_price: 150,
    profit_now: 60_000,
    profit_optimal: 62_500,
    curve: {reps: [0, 1, 2, 3, 4], profit: [0, 40_000, 60_000, 62_500, 62_000]},
};
const PLAN = {
    id: 3,
    name: "November 2026",
    state: "draft",
    computed_on: "2026-11-01 03:00:00",
    run_state: "done",
    company: "Nordwerk",
    currency_id: 1,
    can_compute: true,
    totals: {
        hours_capacity: 120,
        hours_today: 100,
        hours_optimal: 118,
        expected_gain: 8000,
        gain_low: 2000,
        gain_high: 14_000,
        gain_same_hours: 5000,
        contribution: 90_000,
        contribution_bound: 90_009,
        gap: 0.0001,
    },
};
const DATA = {
    plan: PLAN,
    plans: [
        {id: 3, name: "November 2026"},
        {id: 2, name: "October 2026"},
    ],
    parts: [PART, OTHER],
    sizing: [POOL],
};
const ROW = {
    id: 21,
    account_id: 1,
    name: "<i>Alpha</i>",
    place: "München",
    rep: "Anna",
    region: "South",
    advice: "more",
    advice_label: "More pays",
    reason: "An hour here brings more than elsewhere.",
    origin: "Your history",
    revenue_month: 7000,
    hours_per_visit: 2,
    visits_today: 0.5,
    visits_optimal: 1.2,
    visits_recommended: 1,
    visits_flat_low: 0.9,
    visits_flat_high: 1.6,
    allocation_factor: 2.4,
    factor_low: 1.5,
    factor_high: 3,
    hours_today: 1,
    hours_optimal: 2.4,
    expected_gain: 420,
    gain_low: -20,
    gain_high: 800,
    next_hour_value: 310,
    elasticity: 0.3,
    elasticity_sd: 0.1,
    sample_size: 24,
    reason_code: "more_pays",
};

let asked = [];
beforeEach(() => (asked = []));

async function openAnalysis({data = () => DATA, total = 1, curve} = {}) {
    answerMap({
        points: () =>
            binary(
                pointsBuffer([{id: 1, lon: 11.5, lat: 48.1, user_id: 1}], {
                    categories: {
                        user_id: [[11, "Anna"]],
                        allocation_advice: [["more", "More visits pay"]],
                    },
                })
            ),
    });
    onRpc(
        "territory.account",
        "get_territory_curve",
        curve || (() => ({status: "words", message: "Too little is known."}))
    );
    onRpc("territory.plan", "get_territory_analysis", ({args}) => data(args[0]));
    onRpc("territory.plan", "get_territory_analysis_accounts", ({args}) => {
        asked.push(args.slice(1));
        return {total, rows: [ROW]};
    });
    onRpc("territory.plan", "get_territory_analysis_moves", () => ({
        gives: [{account_id: 2, name: "Beta", hours: 3, gain: -10, hour: 40}],
        takes: [{account_id: 1, name: "Alpha", hours: 5, gain: 400, hour: 310}],
        given: 3,
        taken: 5,
    }));
    await mountView({type: "territory_map", resModel: "territory.account"});
    await waitFor(".o_territory_map_canvas[data-ready]");
    await contains("[data-tool=analysis]").click();
    await waitFor(".o_territory_analysis");
    await animationFrame();
}

test("regions: hours today and best, and what is proven", async () => {
    await openAnalysis();
    await waitFor(".o_territory_effort_row");
    expect(".o_territory_effort_row").toHaveCount(2);
    expect(".o_territory_effort_row:first").toHaveAttribute(
        "aria-label",
        "<b>South</b>, Anna: More visits pay, 50 → 62 · × 1.24 Hours a month"
    );
    expect(".o_territory_effort_chart b").toHaveCount(0);
    expect(queryOne(".o_territory_analysis_proof").textContent).toMatch(
        /within 0\.01% of it/
    );
});

test("one region: flat zone, hour beside those of others, who gives and takes", async () => {
    await openAnalysis();
    await contains(".o_territory_effort_row:first").click();
    await waitFor(".o_territory_analysis_moves");
    const text = queryOne(".o_territory_analysis_detail").textContent;
    expect(text).toMatch(/55 h to 66 h a month: within 1% of the best/);
    expect(text).toMatch(/other reps: .*90/);
    expect(queryAllTexts(".o_territory_analysis_moves li button")).toEqual([
        "Beta",
        "Alpha",
    ]);
    await contains(".o_territory_analysis_accounts").click();
    await waitFor(".o_territory_analysis_of");
    expect(asked.at(-1)).toEqual([4, [], "gain", 0, 40]);
});

test("accounts: advice in signs and words, sorted by the server, hostile names", async () => {
    await openAnalysis({total: 90});
    await contains("[data-tab=accounts]").click();
    await waitFor(".o_territory_analysis_page");
    expect(".o_territory_effort_flat").toHaveCount(1);
    expect(".o_territory_effort_unsure").toHaveCount(1);
    await contains(".o_territory_analysis_table").click();
    expect(".o_territory_figures tbody th").toHaveText("<i>Alpha</i>");
    expect(".o_territory_figures tbody td:first").toHaveText("▲ More pays");
    await contains("[data-order=revenue]").click();
    await animationFrame();
    expect(asked.at(-1)[2]).toBe("revenue");
    await contains("[data-order=revenue]").click();
    await animationFrame();
    expect(asked.at(-1)[2]).toBe("-revenue");
    await contains("[aria-label='Next page']").click();
    await animationFrame();
    expect(asked.at(-1)[3]).toBe(40);
});

test("an account that was never visited has words instead of a factor", () => {
    allowTranslations();
    const figures = new AnalysisFigures(DATA);
    expect(String(figures.factor(0, 0))).toBe("not visited");
    expect(figures.change(0, 0, 0.5)).toBe("0.0 → 0.5");
});

test("an account: its curve, and its card on the map and back", async () => {
    await openAnalysis();
    await contains("[data-tab=accounts]").click();
    await waitFor(".o_territory_effort_row");
    await contains(".o_territory_effort_row").click();
    await waitFor(".o_territory_analysis_detail");
    expect(queryOne(".o_territory_analysis_detail").textContent).toMatch(
        /0\.9 to 1\.6 a month: within 1% of the best/
    );
    await contains(".o_territory_analysis_card").click();
    await waitFor(".o_territory_card_name");
    await contains(".o_territory_panel_back").click();
    await waitFor(".o_territory_analysis_detail");
});

test("how many reps, in a sentence and a curve", async () => {
    await openAnalysis();
    await contains("[data-tab=sizing]").click();
    await waitFor(".o_territory_profit_chart");
    expect(".o_territory_analysis_verdict").toHaveText(
        /Fewer reps than would pay: 2 now, 3 would be best/
    );
});

test("a rep sees neither totals nor the number of reps", async () => {
    await openAnalysis({
        data: () => ({...DATA, plan: {...PLAN, totals: false}, sizing: false}),
    });
    await waitFor(".o_territory_effort_row");
    expect(".o_territory_analysis_gain").toHaveCount(0);
    expect("[data-tab=sizing]").toHaveCount(0);
});

test("no month yet: what it would show, and the way to it", async () => {
    await openAnalysis({data: () => ({plan: false, can_open: true})});
    await waitFor(".o_territory_analysis .btn-primary");
    expect(".o_territory_analysis .btn-primary").toHaveText("Compute This Month");
});

test("another month, and a month that cannot be read", async () => {
    const ids = [];
    await openAnalysis({
        data: (id) => {
            ids.push(id);
            if (id === 2) {
                throw new Error("no");
            }
            return DATA;
        },
    });
    await waitFor(".o_territory_analysis_month");
    await contains(".o_territory_analysis_month").select("2");
    await waitFor(".o_territory_analysis .alert-danger");
    expect(ids).toEqual([false, 2]);
});

test("the map is coloured by the advice as long as the window is open", async () => {
    await openAnalysis();
    await waitFor(".o_territory_effort_row");
    expect(queryOne(".o_territory_legend_choice").value).toBe("allocation_advice");
    expect("[data-tool=analysis]").toHaveAttribute("aria-pressed", "true");
    await press("Escape");
    await waitForNone(".o_territory_analysis");
    await animationFrame();
    expect(queryOne(".o_territory_legend_choice").value).toBe("user_id");
    expect("[data-tool=analysis]").toHaveAttribute("aria-pressed", "false");
    expect("[data-tool=locate]").toHaveAttribute("aria-pressed", "true");
});

test("the spreadsheet is what the server says", async () => {
    const done = [];
    mockService("action", {
        doAction: (action) => done.push(action.url),
    });
    onRpc("territory.plan", "action_export_analysis", () => ({
        type: "ir.actions.act_url",
        url: "/territory_planning/analysis/3.xlsx",
    }));
    await openAnalysis();
    await waitFor(".o_territory_analysis_xlsx");
    await contains(".o_territory_analysis_xlsx").click();
    await animationFrame();
    expect(done).toEqual(["/territory_planning/analysis/3.xlsx"]);
});

test("round steps on an axis", () => {
    expect([0.9, 3, 10, 61, 1000].map((most) => roundStep(most))).toEqual([
        0.25, 1, 2.5, 20, 250,
    ]);
});
