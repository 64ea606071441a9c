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
            notification: {
                add: (text, options) => {
                    said.push({text: String(text), ...options});
                    return () => done.push("closed");
                },
            },
        }
    );
    return {done, said, tell: handlers["territory_planning.run"]};
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

test("a failure is said in its own sentence until it is read", () => {
    const {said, tell} = startService();
    tell({kind: "month", state: "failed", error: "Alpha has no margin."});
    expect(said[0].text).toBe("Alpha has no margin.");
    expect(said[0].type).toBe("danger");
    expect(said[0].sticky).toBe(true);
});
