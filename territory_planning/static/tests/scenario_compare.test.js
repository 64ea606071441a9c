import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {click, queryAll, select} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {Component, reactive, useState, xml} from "@odoo/owl";
import {makeMockEnv, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {CompareModel} from "@territory_planning/scenario_compare/compare_model";
import {
    figureRows,
    figureTable,
} from "@territory_planning/scenario_compare/figure_rows";
import {HandBar} from "@territory_planning/scenario_compare/hand_bar";
import {TradeoffChart} from "@territory_planning/scenario_compare/tradeoff_chart";

describe.current.tags("desktop");
defineMailModels();
beforeEach(() => makeMockEnv());

const TODAY = {id: 0, name: "Today", gain: 0, handovers: 0, rep: [0, 1, -1, -2]};
const scenario = (id, values) => ({
    id,
    name: `Scenario ${id}`,
    gain: 1000 * id,
    handovers: id,
    handover_revenue: 5000 * id,
    gap: 0.01,
    editable: true,
    frontier: [],
    sizing: [],
    reps: [
        {id: 11, name: "Ada"},
        {id: 12, name: "Bob"},
    ],
    rep: [1, 1, 0, -2],
    ...values,
});
const DATA = {
    currency_id: 1,
    may_edit: true,
    offered: [1, 2, 3].map((id) => ({id, name: `Scenario ${id}`})),
    today: TODAY,
    columns: [scenario(1), scenario(2, {rep: [0, 0, 0, 1]})],
    same_accounts: false,
    people: ["Ada", "Bob"],
    account: [101, 102, 103, 104],
    name: ["A", "B", "C", "D"],
    lat: [48, 49, 50, 51],
    lon: [10, 11, 12, 13],
};

/** A model whose server answers like `answers[method](args)`. */
async function makeModel(answers = {}) {
    const calls = [];
    const orm = {
        call: async (_model, method, args) => {
            calls.push([method, args]);
            return answers[method] ? answers[method](args) : DATA;
        },
    };
    const model = new CompareModel(orm, () => {});
    await model.load([1, 2]);
    return {model, calls};
}

test("an account in other hands than today is larger, one that takes no part is not there", async () => {
    const {model} = await makeModel();
    const dots = model.dots(model.columns[1], {onlyMoved: true, chosen: new Set([1])});
    expect(dots.map(({key}) => key)).toEqual([101, 102, 103]);
    expect(dots.map(({radius}) => radius)).toEqual([6, 4, 6]);
    expect(dots.map(({faded}) => faded)).toEqual([false, true, false]);
    expect(dots.map(({ring}) => Boolean(ring))).toEqual([false, true, false]);
    expect(dots[0].color).toBe(dots[1].color);
    expect(dots[0].color).not.toBe(dots[2].color);
});

test("without anything chosen the latest two are compared", async () => {
    let first = true;
    const {calls} = await makeModel({
        compare_scenarios: () => {
            const data = first ? {...DATA, columns: []} : DATA;
            first = false;
            return data;
        },
    });
    expect(calls.map(([, args]) => args)).toEqual([[[1, 2]], [[1, 2]]]);
});

test("only what is solved and open may be changed by hand", async () => {
    const {model} = await makeModel();
    expect(model.canEdit(model.columns[0])).toBe(false, {message: "not today"});
    expect(model.canEdit(model.columns[1])).toBe(true);
    expect(model.canEdit(scenario(3, {editable: false}))).toBe(false);
    model.data.may_edit = false;
    expect(model.canEdit(model.columns[1])).toBe(false);
});

test("the table marks the best of the scenarios, in the direction that is better", () => {
    const table = figureTable(figureRows(false), [TODAY, scenario(1), scenario(2)]);
    const best = (name) =>
        table.find((row) => row.name === name).cells.map((cell) => cell.best);
    expect(best("gain")).toEqual([false, false, true]);
    expect(best("handovers")).toEqual([false, true, false]);
    expect(best("gap")).toEqual([false, false, false]);
    const gap = table.find((row) => row.name === "gap");
    expect(gap.cells.map(({text}) => text)).toEqual(["–", "1.0 %", "1.0 %"]);
});

test("the chart has a dot for each scenario and a ring for each other weight", async () => {
    const frontier = [
        {weight: 0, handovers: 9, handover_revenue: 9000, gain: 1500},
        {weight: 3, handovers: 1, handover_revenue: 2000, gain: 400},
    ];
    await mountWithCleanup(TradeoffChart, {
        props: {
            columns: [TODAY, scenario(1, {frontier}), scenario(2)],
            width: 500,
            formatMoney: (value) => `${value} €`,
        },
    });
    expect("svg path").toHaveCount(1);
    expect(queryAll("circle[r='4']")).toHaveLength(2);
    expect(queryAll("circle[r='7']")).toHaveLength(2);
    const [low, high] = queryAll("circle[r='7']").map((el) =>
        Number(el.getAttribute("cy"))
    );
    expect(high).toBeLessThan(low);
});

test("the price is there as soon as a rep is chosen; what is not allowed cannot be done", async () => {
    const prices = {
        11: {
            count: 2,
            price: 340,
            travel: 300,
            profit: 0,
            relation: 40,
            allowed: true,
            warnings: ["Ada would have 12 hours more than allowed."],
        },
        12: {count: 1, price: 1, travel: 1, allowed: false, warnings: ["No."]},
    };
    const {model, calls} = await makeModel({
        price_of_move: ([, , repId]) => prices[repId],
    });
    const shown = reactive(model);
    shown.choose(1, [0, 2]);
    class Parent extends Component {
        static components = {HandBar};
        static props = {};
        static template = xml`
            <HandBar
                model="model"
                column="model.columns[1]"
                formatMoney="(value) => value + ' €'"
                onGive="() => this.give()"
                onCancel="() => {}"
            />`;
        setup() {
            this.model = useState(shown);
        }
        give() {
            expect.step("given");
        }
    }
    await mountWithCleanup(Parent);
    expect(".o_territory_scenarios_give").not.toBeEnabled();
    await click("select");
    await select("11");
    await animationFrame();
    expect(calls.at(-1)).toEqual(["price_of_move", [[1], [101, 103], 11]]);
    expect(".o_territory_scenarios_price").toHaveText(
        "Costs 340 € a year (driving +300 €, handovers +40 €)"
    );
    expect("li").toHaveText("Ada would have 12 hours more than allowed.");
    await click(".o_territory_scenarios_give");
    expect.verifySteps(["given"]);
    await click("select");
    await select("12");
    await animationFrame();
    expect(".o_territory_scenarios_give").not.toBeEnabled();
});
