import {beforeEach, expect, test} from "@odoo/hoot";
import {allowTranslations} from "@web/../tests/web_test_helpers";
import {territoryRunService} from "@territory_planning/run_service/run_service";

beforeEach(allowTranslations);

/**
 * The service alone, with stand-ins that remember what they were told.
 *
 * @param {String} openModel model of the view that is open
 * @returns {Object} what was done and said, and a way to send progress
 */
function startService(openModel) {
    const handlers = {};
    const done = [];
    const said = [];
    const asked = [];
    territoryRunService.start(
        {},
        {
            action: {
                currentController: openModel && {action: {res_model: openModel}},
                doAction: (action) => done.push(action),
            },
            bus_service: {
                subscribe: (name, handler) => {
                    handlers[name] = handler;
                },
                start: () => done.push("listening"),
            },
            orm: {
                call: async (...args) => {
                    asked.push(args);
                    return {message: "Being put back.", kept: 0, state: "undoing"};
                },
            },
            notification: {
                add: (text, options) => {
                    said.push({text: String(text), ...options});
                    return () => done.push("closed");
                },
            },
        }
    );
    return {done, said, asked, tell: handlers["territory_planning.run"]};
}

test("a finished month says so and opens the plan on request", () => {
    const {done, said, tell} = startService();
    tell({kind: "month", state: "running", progress: 0.3, plan_id: 7});
    expect(said).toEqual([]);
    tell({kind: "month", state: "done", progress: 1, plan_id: 7});
    expect(said[0].text).toMatch(/plan is ready/);
    said[0].buttons[0].onClick();
    expect(done.slice(0, 2)).toEqual(["listening", "closed"]);
    expect(done[2].res_model).toBe("territory.plan");
    expect(done[2].res_id).toBe(7);
});

test("an open plan shows its new figures without being asked", () => {
    const {done, said, tell} = startService("territory.plan");
    tell({kind: "month", state: "done", progress: 1, plan_id: 7});
    expect(done).toEqual(["listening", "soft_reload"]);
    expect(said).toEqual([]);
});

test("other views are left alone, and facts are refreshed in silence", () => {
    const {done, said, tell} = startService("sale.order");
    tell({kind: "refresh", state: "done", progress: 1});
    expect(done).toEqual(["listening"]);
    expect(said).toEqual([]);
});

test("a background assignment is told of, with an Undo, wherever one is", async () => {
    const {said, asked, tell} = startService("sale.order");
    const run = {kind: "assign", assignment: 9, undo: false, changed: 900};
    tell({...run, state: "running", progress: 0.5, message: ""});
    expect(said).toEqual([]);
    tell({...run, state: "done", progress: 1, message: "900 accounts now of Anna."});
    expect(said[0].text).toBe("900 accounts now of Anna.");
    expect(said[0].sticky).toBe(true);
    await said[0].buttons[0].onClick();
    expect(asked).toEqual([["territory.assignment", "undo_from_map", [[9]]]]);
    expect(said[1].text).toBe("Being put back.");
    tell({...run, undo: true, state: "done", message: "As before."});
    expect(said[2].buttons).toEqual([]);
    tell({...run, changed: 0, stopped: true, state: "done", message: "It stopped."});
    expect(said[3].type).toBe("danger");
    expect(said[3].buttons).toEqual([]);
});

test("a failure is said in its own sentence until it is read", () => {
    const {said, tell} = startService();
    tell({kind: "month", state: "failed", error: "Alpha has no margin."});
    expect(said[0].text).toBe("Alpha has no margin.");
    expect(said[0].type).toBe("danger");
    expect(said[0].sticky).toBe(true);
});
