import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {click, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame, mockDate} from "@odoo/hoot-mock";
import {
    mockService,
    mountWithCleanup,
    onRpc,
    defineModels,
    models,
    makeMockEnv,
} from "@web/../tests/web_test_helpers";
import {ChurnFacts} from "@territory_planning/territory_map/account_card/churn_facts";
import {InsightsSection} from "@territory_planning/territory_map/account_card/insights_section";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {CARD} from "./map_test_helpers";

const CHURN = {
    status: "scored",
    band: "risk",
    label: "At risk",
    risk: 0.625,
    low: 0.41,
    high: 0.8,
    dropped: 0.425,
    silent: 0.2,
    money: 26000,
    previous: 0.5,
    previous_date: "2026-10-31",
    change: 0.125,
    gap: 31.2,
    days: 12,
    last_date: "2026-09-12",
    horizon: 182,
    date: "2026-11-25",
};
const card = (changes = {}) => ({...CARD, insights: {churn: {...CHURN, ...changes}}});
const plain = (text) => text.replaceAll("\u00a0", " ");

class Account extends models.Model {
    _name = "territory.account";
}

defineMailModels();
defineModels([Account]);
beforeEach(() => mockDate("2026-11-25 12:00:00"));

describe("words", () => {
    beforeEach(() => makeMockEnv());
    const facts = (changes, other = {}) =>
        new ChurnFacts({...card(changes), ...other}, "churn");

    test("the shown parts sum to the shown score, whatever the rounding", () => {
        for (let risk = 0; risk <= 1; risk += 0.005) {
            for (let share = 0; share <= 1; share += 0.05) {
                const {headline: text, parts} = facts({risk, dropped: risk * share});
                const [total] = text.match(/\d+/);
                const [gone, late] = parts.match(/\d+/g);
                expect(Number(gone) + Number(late)).toBe(Number(total), {silent: true});
            }
        }
        expect(facts().parts).toBe("43% gone already + 20% only late");
    });

    test("trend, also without an earlier month", () => {
        expect(facts().trend).toBe("13 points more than on Oct 31, 2026");
        expect(facts({previous: 0.625}).trend).toBe("as on Oct 31, 2026");
        expect(facts({previous: 0.9}).trend).toMatch(/^27 points less than/);
        expect(facts({previous_date: false}).trend).toMatch(/^No risk of an earlier/);
    });

    test("the reason is told in the company's own numbers", () => {
        const texts = (...args) => facts(...args).reasons.map(({text}) => text);
        expect(texts()).toEqual([
            "Orders every ~31 days; last order 74 days ago (12 days with an order)",
        ]);
        expect(texts({gap: 0, days: 1})).toEqual([
            "Ordered once, 74 days ago (1 day with an order)",
        ]);
    });

    test("one next step, that knows of a planned visit", () => {
        expect(facts().nextStep).toMatch(/^Call or plan a visit/);
        expect(facts({band: "safe"}).nextStep).toMatch(/^Nothing to do/);
        expect(facts({}, {next_visit_date: "2026-12-01"}).nextStep).toBe(
            "Ask what has changed at the visit on Dec 1, 2026."
        );
    });
});

test("tapping a reason opens the orders behind it", async () => {
    onRpc("territory.account", "action_insight_evidence", ({args}) => {
        expect.step(args);
        return {type: "ir.actions.act_window", res_model: "sale.order"};
    });
    mockService("action", {
        doAction: (action) => expect.step(action.res_model),
    });
    await mountWithCleanup(InsightsSection, {props: {card: card()}});
    expect(".o_territory_insight_band").toHaveText("At risk");
    expect(queryAllTexts("dd").map(plain)[2]).toMatch(/26,000.* of the .*41,8\d\d/);
    await click(".o_territory_insight_reason");
    await animationFrame();
    expect.verifySteps([[[CARD.id], "orders"], "sale.order"]);
});

test("below the minimum the reason, and no figure", async () => {
    await mountWithCleanup(InsightsSection, {
        props: {card: card({status: "customers", band: "none", risk: 0})},
    });
    expect(".o_territory_insight_churn").toHaveText(/needs 50 customers/);
    expect(".o_territory_insight_churn").not.toHaveText(/%/);
});

test("before the first night it says when there will be something", async () => {
    await mountWithCleanup(InsightsSection, {props: {card: CARD}});
    expect(".o_territory_card_insights").toHaveText(/every night/);
});
