import {registry} from "@web/core/registry";

const line = (name) => `.o_territory_month_line[aria-label='${name}']`;

registry.category("web_tour.tours").add("territory_my_month", {
    steps: () => [
        {
            content: "taken as recommended",
            trigger: `${line("Alpha")} .o_territory_month_accept`,
            run: "click",
        },
        {
            trigger: `${line("Alpha")} .o_territory_month_sales input`,
            run: "edit 4200 && press Tab",
        },
        {
            content: "one visit more",
            trigger: `${line("Beta")} .o_territory_month_more`,
            run: "click",
        },
        {trigger: `${line("Beta")} .o_territory_month_know`, run: "click"},
        {trigger: ".o_territory_knowledge [data-kind=competitor]", run: "click"},
        {
            trigger: ".o_territory_knowledge_note",
            run: "edit Offers below our list",
        },
        {trigger: ".o_territory_knowledge_save", run: "click"},
        {trigger: `${line("Beta")} .o_territory_month_known:contains(Competitor)`},
        {trigger: ".o_territory_month_sums:contains(2 of 2)"},
        {trigger: ".o_territory_month_give", run: "click"},
        {trigger: ".o_territory_month_handed"},
    ],
});
