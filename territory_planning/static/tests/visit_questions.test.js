import {beforeEach, expect, test} from "@odoo/hoot";
import {press, queryAllTexts, queryOne, waitFor, waitForNone} from "@odoo/hoot-dom";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    getService,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {browser} from "@web/core/browser/browser";
import {MainComponentsContainer} from "@web/core/main_components_container";
import {openVisitQuestions} from "@territory_planning/territory_map/visit_questions/visit_questions";
import {makeCurve} from "./response_test_helpers";

const DRAFT = "territory_planning.answers.7.1";

class Account extends models.Model {
    _name = "territory.account";
}

defineMailModels();
defineModels([Account]);

let previewed = [];
let saved = [];

beforeEach(() => {
    previewed = [];
    saved = [];
    browser.localStorage.clear();
});

function answer(changes = {}) {
    const server = {
        get_territory_curve: () => makeCurve(),
        preview_territory_answers: ([, shares]) => ({
            ...makeCurve({}, 0.4),
            before: makeCurve().mean,
            answered: makeCurve({}, 0.5).mean,
            next_hour_before: 60,
            verdict: `With your answers an hour here is worth ${shares[0]}.`,
        }),
        save_territory_answers: () => makeCurve({newer: true}, 0.4),
        ...changes,
    };
    onRpc("territory.account", "get_territory_curve", ({args}) =>
        server.get_territory_curve(args)
    );
    onRpc("territory.account", "preview_territory_answers", ({args}) => {
        previewed.push(args[1]);
        return server.preview_territory_answers(args);
    });
    onRpc("territory.account", "save_territory_answers", ({args}) => {
        saved.push(args);
        return server.save_territory_answers(args);
    });
}

async function openQuestions(changes = {}, onSaved = () => {}) {
    answer(changes);
    await mountWithCleanup(MainComponentsContainer);
    openVisitQuestions(getService("dialog"), {accountId: 1, onSaved});
    await waitFor(".o_territory_questions .modal-footer .btn");
    await animationFrame();
}

const question = (i) => `.o_territory_question[data-question='${i}']`;
const share = (i) => `${question(i)} .o_territory_question_share`;
const shares = () => [0, 1, 3, 4].map((i) => Number(queryOne(share(i)).value));

/** The server is asked when the hand rests. */
async function rest() {
    await advanceTime(300);
    await animationFrame();
}

async function sayAll() {
    for (const [i, text] of [
        [0, "20"],
        [1, "62"],
        [3, "130"],
        [4, "150"],
    ]) {
        await contains(share(i)).edit(text);
    }
    await rest();
}

test("questions in the account's own numbers", async () => {
    await openQuestions();
    expect(".modal-title").toHaveText("What do visits do at Alpha?");
    expect(".o_territory_questions_today").toHaveText(
        /^Today: one visit a month, and they buy about \$\s?1,100 a month\.$/
    );
    expect(".o_territory_questions_level").toHaveText(
        /goes by \$\s?1,000 a month today/
    );
    expect(".o_territory_question").toHaveCount(5);
    expect(question(1)).toHaveText(/half the visits\s+\(one visit every 2 months\)/);
    expect(`${question(2)} input`).toHaveCount(0);
    expect(".o_territory_response_draft_line").toHaveCount(1);
});

test("nothing is saved that was not said", async () => {
    await openQuestions();
    expect(".o_territory_questions_save").not.toBeEnabled();
    expect(".o_territory_questions_left").toHaveText("4 answers to go");
    await sayAll();
    expect(".o_territory_questions_left").toHaveCount(0);
    expect(".o_territory_questions_save").toBeEnabled();
    expect(previewed.at(-1)).toEqual([20, 62, 100, 130, 150]);
});

test("money and share say the same, and the picture follows at once", async () => {
    await openQuestions();
    const before = queryOne(".o_territory_response_draft_line").getAttribute("d");
    await contains(`${question(0)} .o_territory_question_money`).edit("275");
    expect(share(0)).toHaveValue("25");
    expect(queryOne(".o_territory_response_draft_line").getAttribute("d")).not.toBe(
        before
    );
    await contains(share(0)).edit("30");
    expect(`${question(0)} .o_territory_question_money`).toHaveValue("330");
    expect(previewed).toEqual([], {message: "while the hand is busy nobody is asked"});
    await rest();
    expect(previewed.length).toBe(1);
});

test("steps, and what is no number is not taken", async () => {
    await openQuestions();
    await contains(`${question(3)} .btn:last`).click();
    expect(share(3)).toHaveValue("114");
    await contains(`${question(3)} .btn:first`).click();
    await contains(`${question(3)} .btn:first`).click();
    expect(share(3)).toHaveValue("112");
    await contains(share(3)).edit("many");
    expect(share(3)).toHaveValue("112");
    await contains(share(0)).edit("95");
    expect(shares()).toEqual([95, 96, 112, 160]);
});

test("the slider works with the keyboard and says its value", async () => {
    await openQuestions();
    const slider = `${question(0)} input[type=range]`;
    expect(slider).toHaveAttribute("aria-label", "If nobody went any more");
    expect(slider).toHaveAttribute("aria-valuetext", /^40 %, \$\s?440 a month$/);
    await contains(slider).focus();
    await press("Enter");
    await animationFrame();
    expect(".o_territory_questions_left").toHaveText("3 answers to go");
    const input = queryOne(slider);
    input.value = "55";
    input.dispatchEvent(new Event("input", {bubbles: true}));
    await animationFrame();
    expect(share(0)).toHaveValue("55");
});

test("what an hour is worth is told when all is said", async () => {
    await openQuestions();
    await contains(share(0)).edit("20");
    await rest();
    expect(".o_territory_questions_verdict p").toHaveCount(0);
    expect(".o_territory_response_before").toHaveCount(1);
    await sayAll();
    expect(".o_territory_questions_verdict").toHaveText(
        /With your answers an hour here is worth 20\./
    );
});

test("saving closes and hands the new curve back", async () => {
    let shown = null;
    await openQuestions({}, (curve) => (shown = curve));
    await sayAll();
    await contains(".o_territory_questions_note").edit("They build");
    await contains(".o_territory_questions_save").click();
    await waitForNone(".o_territory_questions");
    expect(saved).toEqual([[[1], [20, 62, 100, 130, 150], "They build"]]);
    expect(shown.newer).toBe(true);
    expect(browser.localStorage.getItem(DRAFT)).toBe(null);
    expect(".o_notification").toHaveText(/the plan takes it at its next computation/);
});

test("a save that fails loses nothing and can be tried again", async () => {
    let fail = true;
    await openQuestions({
        save_territory_answers: () => {
            if (fail) {
                throw new Error("no");
            }
            return makeCurve();
        },
    });
    await sayAll();
    await contains(".o_territory_questions_save").click();
    await waitFor(".o_territory_questions_failed");
    expect(".o_territory_questions_failed").toHaveText(/^Not saved/);
    expect(shares()).toEqual([20, 62, 130, 150]);
    expect(JSON.parse(browser.localStorage.getItem(DRAFT)).shares[0]).toBe(20);
    fail = false;
    await contains(".o_territory_questions_save").click();
    await waitForNone(".o_territory_questions");
    expect(saved.length).toBe(2);
});

test("without a connection the answers stay on the device", async () => {
    onRpc(
        "/web/dataset/call_kw/territory.account/save_territory_answers",
        () => {
            throw new Error("offline");
        },
        {pure: true}
    );
    await openQuestions();
    await sayAll();
    await contains(".o_territory_questions_save").click();
    await waitFor(".o_territory_questions_failed");
    expect(".o_territory_questions_failed").toHaveText(
        /there is no connection\. Your answers are kept on this device/
    );
    await press("Escape");
    await waitForNone(".o_territory_questions");
    openVisitQuestions(getService("dialog"), {accountId: 1});
    await waitFor(".o_territory_questions_restored");
    expect(shares()).toEqual([20, 62, 130, 150]);
    expect(".o_territory_questions_save").toBeEnabled();
    await contains(".o_territory_questions_discard").click();
    await waitForNone(".o_territory_questions");
    expect(browser.localStorage.getItem(DRAFT)).toBe(null);
});

test("a preview that fails is said and does not stop anybody", async () => {
    await openQuestions({
        preview_territory_answers: () => {
            throw new Error("no");
        },
    });
    await sayAll();
    expect(".o_territory_questions_verdict p").toHaveCount(1);
    expect(".o_territory_questions_save").toBeEnabled();
});

test("questions that cannot be asked say why", async () => {
    await openQuestions({
        get_territory_curve: () => ({
            ...makeCurve(),
            questions: {obstacle: "“Alpha” has not been visited: visit it first."},
        }),
    });
    expect(".o_territory_questions_obstacle").toHaveText(/visit it first/);
    expect(".o_territory_questions_save").toHaveCount(0);
    expect(queryAllTexts(".modal-footer .btn")).toEqual(["Close"]);
});

test("own answers of before are there to be changed", async () => {
    const curve = makeCurve();
    curve.questions.mine = {
        answers: [10, 50, 100, 120, 140],
        date: "2026-10-01 08:00:00",
        note: "As ever",
    };
    await openQuestions({get_territory_curve: () => curve});
    await animationFrame();
    expect(shares()).toEqual([10, 50, 120, 140]);
    expect(".o_territory_questions_note").toHaveValue("As ever");
    expect(".o_territory_questions_save").toBeEnabled();
    expect(previewed.length).toBe(1);
});
