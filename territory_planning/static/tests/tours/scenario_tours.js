import {registry} from "@web/core/registry";

const LEFT = ".o_territory_scenarios_left .o_territory_map_canvas[data-ready]";
const RIGHT = ".o_territory_scenarios_right .o_territory_map_canvas[data-ready]";
/** What is done in the background elsewhere is done within the click here. */
const PATIENCE = 60000;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A loop around the lower half of the map, where the south is. */
async function drawLoop() {
    const map = document.querySelector(RIGHT);
    const {left, top, width, height} = map.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height * 0.75];
    const [rx, ry] = [width * 0.48, height * 0.24];
    const fire = (type, step) =>
        map.dispatchEvent(
            new PointerEvent(type, {
                bubbles: true,
                cancelable: true,
                composed: true,
                pointerId: 1,
                isPrimary: true,
                pointerType: "mouse",
                button: type === "pointermove" ? -1 : 0,
                buttons: type === "pointerup" ? 0 : 1,
                clientX: x + rx * Math.cos((step / 32) * 2 * Math.PI),
                clientY: y + ry * Math.sin((step / 32) * 2 * Math.PI),
            })
        );
    fire("pointermove", 0);
    fire("pointerdown", 0);
    for (let step = 1; step < 32; step++) {
        fire("pointermove", step);
        await wait(10);
    }
    fire("pointerup", 31);
}

const confirmed = [
    {trigger: ".modal .modal-footer .btn-primary", run: "click"},
    {trigger: "body:not(:has(.modal))"},
];

registry.category("web_tour.tours").add("territory_scenario", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {content: "sane defaults: nothing needs filling in", trigger: ".o_form_view"},
        {trigger: ".o_notebook a[name=reps]", run: "click"},
        {
            content: "both reps of the team are there",
            trigger: ".o_field_widget[name=rep_ids] .o_data_row:eq(1)",
        },
        {trigger: "button[name=action_solve]", run: "click"},
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Solved)",
            timeout: PATIENCE,
        },
        {trigger: "button[name=action_compare]", run: "click"},
        {trigger: LEFT},
        {trigger: RIGHT},
        {
            content: "today beside it",
            trigger: "tr[data-figure=handovers] td:eq(1):contains(/^[1-9]/)",
        },
        {trigger: ".o_territory_tradeoff_chart circle"},
        {trigger: ".o_territory_scenarios_staffing .o_territory_profit_chart"},
        {trigger: ".o_territory_scenarios_edit", run: "click"},
        {trigger: `${RIGHT}[data-drawing]`, run: drawLoop},
        {
            content: "whom to, and at once what it costs",
            trigger: ".o_territory_scenarios_hand select",
            run: "selectByIndex 2",
        },
        {trigger: ".o_territory_scenarios_price:contains(a year)"},
        {
            trigger: ".o_territory_scenarios_give:enabled",
            run: "click",
        },
        {trigger: "body:not(:has(.o_territory_scenarios_hand))"},
        {trigger: ".o_territory_scenarios_table th button.fw-bold", run: "click"},
        {trigger: "button[name=action_approve]", run: "click"},
        {trigger: "button[name=action_schedule]", run: "click"},
        ...confirmed,
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Published)",
            timeout: PATIENCE,
        },
        {trigger: "button[name=action_undo]", run: "click"},
        ...confirmed,
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Undone)",
            timeout: PATIENCE,
        },
    ],
});

registry.category("web_tour.tours").add("territory_scenario_rep", {
    steps: () => [
        {trigger: ".o_list_view .o_data_row:contains(South 0)"},
        {
            content: "what it costs is for those who lead",
            trigger: ".o_list_view:not(:has(th[data-name=relation_cost]))",
        },
    ],
});
