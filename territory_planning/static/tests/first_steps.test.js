import {expect, test} from "@odoo/hoot";
import {click, queryAllTexts, waitFor, waitForNone} from "@odoo/hoot-dom";
import {mockService, mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {FirstSteps} from "@territory_planning/territory_map/first_steps/first_steps";

defineMailModels();

const STEPS = [
    {key: "places", count: 9, total: 10, done: true},
    {key: "reps", count: 1, total: 3, done: false},
    {key: "month", count: 0, total: 1, done: false},
];

test("tells how far it is and opens the step that is tapped", async () => {
    onRpc("res.company", "get_territory_start", () => STEPS);
    mockService("action", {
        doAction: (action) => expect.step(action),
    });
    await mountWithCleanup(FirstSteps);
    await waitFor(".o_territory_first_steps");
    expect(queryAllTexts(".o_territory_first_step .small")).toEqual([
        "9 of 10 accounts have a place",
        "1 of 3 reps have hours and a start",
        "Which visits pay, within each rep's hours",
    ]);
    expect(".o_territory_first_step_next button").toHaveText("Check Capacities");
    await click("[data-step=reps]");
    expect.verifySteps(["territory_planning.territory_capacity_action"]);
});

test("is put away for good", async () => {
    onRpc("res.company", "get_territory_start", () => STEPS);
    onRpc("res.company", "close_territory_start", () => {
        expect.step("closed");
        return true;
    });
    await mountWithCleanup(FirstSteps);
    await waitFor(".o_territory_first_steps");
    await click(".btn-close");
    await waitForNone(".o_territory_first_steps");
    expect.verifySteps(["closed"]);
});

test("is nothing where there is nothing to do", async () => {
    onRpc("res.company", "get_territory_start", () => []);
    await mountWithCleanup(FirstSteps);
    expect(".o_territory_first_steps").toHaveCount(0);
});
