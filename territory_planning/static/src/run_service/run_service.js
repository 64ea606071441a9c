import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {showAssignment} from "./assignment_notice";
import {showScenario} from "./scenario_notice";

/**
 * Tells whoever started a computation in the background that it has ended, and
 * shows the new figures if the plan is open.
 */
export const territoryRunService = {
    dependencies: ["action", "bus_service", "notification", "orm"],
    start(env, {action, bus_service: bus, notification, orm}) {
        function isOpen(...models) {
            return models.includes(action.currentController?.action.res_model);
        }

        function planIsOpen() {
            return isOpen("territory.plan");
        }

        function openPlan(planId) {
            action.doAction({
                type: "ir.actions.act_window",
                res_model: "territory.plan",
                res_id: planId,
                views: [[false, "form"]],
            });
        }

        /** Many accounts have been changed, or put back, in the background. */
        function onAssignment(run) {
            if (run.state !== "running") {
                showAssignment(
                    {notification, orm},
                    {
                        message: run.message,
                        assignment: run.assignment,
                        canUndo: !run.undo && run.changed > 0,
                        sticky: true,
                        type: run.stopped ? "danger" : "success",
                    }
                );
            }
        }

        function onRun(run) {
            if (run.kind === "assign") {
                onAssignment(run);
                return;
            }
            if (run.scenario_id) {
                showScenario({action, notification}, run);
                return;
            }
            if (
                planIsOpen() ||
                (run.kind === "backtest" && isOpen("territory.backtest")) ||
                (run.kind === "week" && isOpen("territory.trip.week"))
            ) {
                action.doAction("soft_reload");
            }
            if (run.state === "failed") {
                notification.add(run.error, {
                    title: _t("The computation has failed"),
                    type: "danger",
                    sticky: true,
                });
            } else if (run.state === "done" && run.kind === "month" && !planIsOpen()) {
                const close = notification.add(_t("This month's plan is ready."), {
                    type: "success",
                    buttons: [
                        {
                            name: _t("Open"),
                            primary: true,
                            onClick: () => {
                                close();
                                openPlan(run.plan_id);
                            },
                        },
                    ],
                });
            }
        }

        bus.subscribe("territory_planning.run", onRun);
        bus.start();
    },
};

registry.category("services").add("territory_run", territoryRunService);
