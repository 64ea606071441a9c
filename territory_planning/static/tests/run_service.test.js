import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {
    contains,
    getService,
    makeMockEnv,
    mockService,
    mountWithCleanup,
} from "@web/../tests/web_test_helpers";
import {MainComponentsContainer} from "@web/core/main_components_container";
import {territoryRunService} from "@territory_planning/run_service/run_service";

async function startService({openModel} = {}) {
    const handlers = {};
    const done = [];
    mockService("bus_service", {
        subscribe: (name, handler) => {
            handlers[name] = handler;
        },
        start: () => {},
    });
    mockService("action", {
        get currentController() {
            return openModel && {action: {res_model: openModel}};
        },
        doAction: (action) => done.push(action),
    });
    const env = await makeMockEnv();
    await mountWithCleanup(MainComponentsContainer);
    territoryRunService.start(env, {
        action: getService("action"),
        bus_service: getService("bus_service"),
        notification: getService("notification"),
    });
    return {
        done,
        tell: async (run) => {
            handlers["territory_planning.run"](run);
            await animationFrame();
        },
    };
}

test("a finished month says so and opens the plan on request", async () => {
    const {done, tell} = await startService();
    await tell({kind: "month", state: "running", progress: 0.3, plan_id: 7});
    expect(".o_notification").toHaveCount(0);
    await tell({kind: "month", state: "done", progress: 1, plan_id: 7});
    expect(".o_notification").toHaveText(/plan is ready/);
    await contains(".o_notification button.btn-primary").click();
    expect(done[0].res_model).toBe("territory.plan");
    expect(done[0].res_id).toBe(7);
});

test("an open plan shows its new figures without being asked", async () => {
    const {done, tell} = await startService({openModel: "territory.plan"});
    await tell({kind: "month", state: "done", progress: 1, plan_id: 7});
    expect(done).toEqual(["soft_reload"]);
    expect(".o_notification").toHaveCount(0);
});

test("a failure is said in its own sentence, as text", async () => {
    const {tell} = await startService();
    await tell({kind: "month", state: "failed", error: "Account <b>A</b> has none."});
    expect(".o_notification").toHaveText(/Account <b>A<\/b> has none\./);
});
