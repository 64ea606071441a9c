import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {click, edit, queryAllTexts, waitFor} from "@odoo/hoot-dom";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    allowTranslations,
    defineModels,
    getService,
    models,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {ConnectionLostError, rpc} from "@web/core/network/rpc";
import {MyMonth} from "@territory_planning/my_month/my_month";
import {keepCopy} from "@territory_planning/my_month/month_copy";
import {MonthState} from "@territory_planning/my_month/month_state";

class Plan extends models.Model {
    _name = "territory.plan";
    _records = [];
}
class PlanRep extends models.Model {
    _name = "territory.plan.rep";
    _records = [];
}
defineMailModels();
defineModels([Plan, PlanRep]);

function makeLine(id, values = {}) {
    return {
        id,
        version: 3,
        account_id: 100 + id,
        partner_id: 200 + id,
        name: `Account ${id}`,
        city: "Bremen",
        region: "North",
        segment: "A",
        recommended: 2,
        today: 1.5,
        hours_per_visit: 2,
        last_visit: "2030-01-10",
        advice: "more",
        advice_label: "More",
        reason: "One more visit brings 300 €.",
        stake: 1000 - id,
        gain: 300,
        sales_model: 5000,
        visits: null,
        sales: null,
        knowledge: [],
        question_value: 0,
        ...values,
    };
}

function makeMonth(lines, plan = {}) {
    return {
        plan: {
            id: 7,
            name: "February 2030",
            month: "2030-02-01",
            state: "collecting",
            open: true,
            due_date: "2030-02-04",
            computed_on: "2030-02-01 03:00:00",
            rep_id: 9,
            given: false,
            late: false,
            user: {id: 7, name: "Jan"},
            currency: {id: 1, symbol: "€", position: "after", digits: 2},
            ...plan,
        },
        progress: {hours_available: 10},
        lines,
        questions: [101],
    };
}

describe("what was said of the month", () => {
    test("entries that wait count as said", () => {
        const state = new MonthState(makeMonth([makeLine(1), makeLine(2)]), [
            {line_id: 1, version: 3, visits: 0},
            {line_id: 99, version: 1, visits: 5},
        ]);
        expect(state.line(1).visits).toBe(0);
        expect(state.open.map((line) => line.id)).toEqual([2]);
    });

    test("hours and sales count what is recommended where nothing was said", () => {
        const state = new MonthState(
            makeMonth([makeLine(1, {visits: 4, sales: 1000}), makeLine(2)])
        );
        expect(state.progress).toMatchObject({
            answered: 1,
            hours: 4 * 2 + 2 * 2,
            sales: 1000 + 5000,
            forecast: 10000,
        });
    });

    test("an answer does not undo what was entered since", () => {
        const state = new MonthState(makeMonth([makeLine(1)]));
        state.say({line_id: 1, visits: 4});
        const answer = {
            line_id: 1,
            status: "saved",
            version: 5,
            visits: 3,
            sales: null,
        };
        state.answered(answer, true);
        expect([state.line(1).visits, state.line(1).version]).toEqual([4, 5]);
        state.answered(answer, false);
        expect(state.line(1).visits).toBe(3);
    });

    test("what is answered stays in the list until it is drawn anew", () => {
        const state = new MonthState(makeMonth([makeLine(1), makeLine(2)]));
        state.say({line_id: 1, visits: 4});
        const ids = (keep) => state.shown("open", "", keep).map((line) => line.id);
        expect(ids(new Set([1]))).toEqual([1, 2]);
        expect(ids(new Set())).toEqual([2]);
        expect(state.shown("all", "account 2")).toHaveLength(1);
        expect(state.shown("asked").map((line) => line.id)).toEqual([1]);
    });
});

describe("the page", () => {
    beforeEach(() => {
        allowTranslations();
        localStorage.clear();
    });

    function serve(month) {
        onRpc("territory.plan", "get_territory_my_month", () => month);
        onRpc("territory.plan", "save_territory_entries", ({args}) => {
            return args[0].map((entry) => {
                expect.step([entry.line_id, entry.version, entry.visits, entry.sales]);
                return {
                    ...entry,
                    status: "saved",
                    message: "",
                    version: entry.version + 1,
                    visits: entry.visits ?? null,
                    sales: entry.sales ?? null,
                };
            });
        });
    }

    test("one tap accepts; several taps are one entry", async () => {
        serve(makeMonth([makeLine(1), makeLine(2)]));
        await mountWithCleanup(MyMonth);
        expect(queryAllTexts(".o_territory_month_name")).toEqual([
            "Account 1",
            "Account 2",
        ]);
        await click("[data-line='1'] .o_territory_month_accept");
        await click("[data-line='2'] .o_territory_month_more");
        await click("[data-line='2'] .o_territory_month_more");
        await animationFrame();
        expect("[data-line='2'] .o_territory_month_visits").toHaveText("4");
        expect(".progress-bar").toHaveStyle({width: "100%"}, {inline: true});
        await advanceTime(1000);
        await expect.waitForSteps([
            [1, 3, 2, undefined],
            [2, 3, 4, undefined],
        ]);
    });

    test("expected sales are read as people write them, and refused otherwise", async () => {
        serve(makeMonth([makeLine(1)]));
        await mountWithCleanup(MyMonth);
        await click(".o_territory_month_sales input");
        await edit("4,500", {confirm: "tab"});
        await advanceTime(1000);
        await expect.waitForSteps([[1, 3, undefined, 4500]]);
        await click(".o_territory_month_sales input");
        await edit("a lot", {confirm: "tab"});
        await animationFrame();
        expect("[role=alert]").toHaveText("“a lot” is no amount of zero or more.");
        await advanceTime(1000);
        expect.verifySteps([]);
    });

    test("without a connection the month as last loaded is there, and entries are kept", async () => {
        keepCopy(makeMonth([makeLine(1)]));
        const answered = rpc._rpc;
        patchWithCleanup(rpc, {
            _rpc: (url, ...rest) =>
                url.includes("territory.plan")
                    ? Promise.reject(new ConnectionLostError(url))
                    : answered(url, ...rest),
        });
        await mountWithCleanup(MyMonth);
        expect(".o_territory_month_offline").toHaveCount(1);
        await click(".o_territory_month_accept");
        await advanceTime(1000);
        await waitFor(".o_territory_entries_waiting");
        expect(".o_territory_month_give").not.toBeEnabled();
        const queue = await getService("territory_entry_queue").queue("my_month");
        expect(queue.rows.map((row) => row.values.visits)).toEqual([2]);
        await queue.drop(queue.rows[0].uuid); // the next test begins with nothing
    });

    test("is handed in once everything has arrived", async () => {
        serve(makeMonth([makeLine(1, {visits: 1})]));
        onRpc("territory.plan.rep", "action_give", ({args}) => {
            expect.step(["given", ...args[0]]);
            return true;
        });
        await mountWithCleanup(MyMonth);
        await click(".o_territory_month_give");
        await expect.waitForSteps([["given", 9]]);
    });

    test("a plan that does not collect views takes nothing", async () => {
        serve(makeMonth([makeLine(1, {visits: 1})], {open: false, state: "review"}));
        await mountWithCleanup(MyMonth);
        await click("[data-filter=all]");
        await animationFrame();
        expect(".o_territory_month_line").toHaveCount(1);
        expect(".o_territory_month_accept, .o_territory_month_give").toHaveCount(0);
    });

    test("no sales are shown before they are forecast", async () => {
        serve(
            makeMonth([makeLine(1, {sales_model: 0})], {open: false, state: "draft"})
        );
        await mountWithCleanup(MyMonth);
        expect(".o_territory_month_line").toHaveCount(1);
        expect(".o_territory_month_sales").toHaveCount(0);
        expect(".o_territory_month_sums").not.toHaveText(/Sales/);
    });

    test("no plan is said so", async () => {
        serve({plan: false, progress: false, lines: [], questions: []});
        await mountWithCleanup(MyMonth);
        expect(".o_territory_month_none").toHaveCount(1);
    });
});
