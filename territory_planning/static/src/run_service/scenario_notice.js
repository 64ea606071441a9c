import {_t} from "@web/core/l10n/translation";

/** What a scenario has come to, for who looks at something else meanwhile. */
const ENDED = {
    scenario_solve: _t("“%s” is solved."),
    scenario_publish: _t("“%s” is published: the accounts have changed hands."),
    scenario_undo: _t("“%s” is undone: the accounts are back with whom they were."),
};

/**
 * Show how far the computation of a scenario is: on its page, or in a notification.
 *
 * @param {Object} services `action`, `notification`
 * @param {Object} run what the server sends at the end of each step
 */
export function showScenario({action, notification}, run) {
    const shown = action.currentController;
    const open =
        shown?.action.res_model === "territory.scenario" ||
        shown?.action.tag === "territory_scenario_compare";
    if (open) {
        action.doAction("soft_reload");
    }
    if (!ENDED[run.kind]) {
        return; // what only completes a chart is no news by itself
    }
    if (run.state === "failed") {
        notification.add(run.error, {
            title: run.name,
            type: "danger",
            sticky: true,
        });
    } else if (run.state === "done" && !open) {
        const clashes = run.kind === "scenario_solve" && run.scenario_state === "draft";
        const close = notification.add(
            clashes
                ? _t("“%s” has no answer: its page says what clashes.", run.name)
                : ENDED[run.kind].replace("%s", run.name),
            {
                type: clashes ? "warning" : "success",
                buttons: [
                    {
                        name: _t("Open"),
                        primary: true,
                        onClick: () => {
                            close();
                            action.doAction({
                                type: "ir.actions.act_window",
                                res_model: "territory.scenario",
                                res_id: run.scenario_id,
                                views: [[false, "form"]],
                            });
                        },
                    },
                ],
            }
        );
    }
}
