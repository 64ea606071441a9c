import {registry} from "@web/core/registry";
import {MAP, clickDot} from "./map_tours";

registry.category("web_tour.tours").add("territory_insight_card", {
    steps: () => [
        {content: "the one account that has a place", trigger: MAP},
        {
            trigger: ".o_territory_status_count:contains(/^1 account$/)",
            run: () => clickDot(0),
        },
        {
            content: "its card says how likely it is that no order comes",
            trigger: ".o_territory_insight_band:contains(/^At risk$/)",
        },
        {
            content: "and why, in its own numbers; the reason opens the orders",
            trigger:
                ".o_territory_insight_reason:contains(/^Orders every ~20 days; last order 1\\d\\d days ago/)",
            run: "click",
        },
        {
            content: "the orders it was told from",
            trigger:
                ".o_list_view .o_data_row:contains(Customer 0), .o_kanban_record:contains(Customer 0)",
        },
    ],
});
