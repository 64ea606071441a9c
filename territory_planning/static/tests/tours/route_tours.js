import {registry} from "@web/core/registry";

const MAP = ".o_territory_map_canvas[data-ready]";
const TIMELINE = ".o_territory_timeline[aria-busy=false]";

const plan = [
    {trigger: MAP},
    {content: "the Route icon", trigger: "[data-tool=route]", run: "click"},
    {
        content: "who is on the way",
        trigger: ".o_territory_route_candidates li:contains(Kunde 11)",
    },
    {
        content: "one is to be visited in any case",
        trigger: ".o_territory_route_candidates li:contains(Kunde 05) input",
        run: "click",
    },
    {trigger: ".o_territory_route_picked"},
    {content: "let it choose", trigger: ".o_territory_route_plan", run: "click"},
    {trigger: `${TIMELINE} .o_territory_stop:contains(Kunde 05)`},
];

const change = [
    {
        trigger: `${TIMELINE} .o_territory_stop:first .o_territory_stop_name`,
        run: "click",
    },
    {trigger: ".o_territory_stop_actions .o_territory_stop_down", run: "click"},
    {
        trigger: `${TIMELINE} .o_territory_stop:eq(1) .o_territory_stop_actions .o_territory_stop_lock`,
        run: "click",
    },
    {
        trigger: `${TIMELINE} .o_territory_stop:eq(1) .fa-lock`,
    },
];

registry.category("web_tour.tours").add("territory_route_desk", {
    steps: () => [
        ...plan,
        {
            content: "who is not on it, and why",
            trigger: ".o_territory_left_out > button",
            run: "click",
        },
        {trigger: ".o_territory_left_out li:contains(a minute)"},
        ...change,
        {trigger: ".o_territory_route_accept", run: "click"},
        {trigger: ".o_territory_route_accepted"},
    ],
});

registry.category("web_tour.tours").add("territory_route_phone", {
    steps: () => [
        ...plan,
        ...change,
        {trigger: ".o_territory_route_accept", run: "click"},
        {trigger: ".o_territory_route_accepted"},
    ],
});
