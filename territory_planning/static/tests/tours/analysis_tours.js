import {registry} from "@web/core/registry";

const MAP = ".o_territory_map_canvas[data-ready]";

const openAnalysis = [
    {trigger: MAP},
    {
        content: "the window over the map",
        trigger: "[data-tool=analysis]",
        run: "click",
    },
];

registry.category("web_tour.tours").add("territory_analysis_desk", {
    steps: () => [
        ...openAnalysis,
        {
            content: "the gain, with its range, and what is proven",
            trigger: ".o_territory_analysis_gain:contains(/90% certainty/)",
        },
        {trigger: ".o_territory_analysis_proof:contains(/^\\s*Proven/)"},
        {
            content: "colours say what the advice is",
            trigger: ".o_territory_legend_choice",
            run: ({anchor}) => {
                if (anchor.value !== "allocation_advice") {
                    throw new Error("the map has other colours than the analysis");
                }
            },
        },
        {
            content: "one region and rep",
            trigger: ".o_territory_effort_row[aria-label*='Germany, rep']",
            run: "click",
        },
        {
            content: "who gives and who takes hours",
            trigger: ".o_territory_analysis_moves:contains(Large)",
        },
        {
            trigger: ".o_territory_analysis_accounts",
            run: "click",
        },
        {trigger: ".o_territory_analysis_page:contains(/of 3$/)"},
        {
            content: "as a table",
            trigger: ".o_territory_analysis_table",
            run: "click",
        },
        {
            content: "sorted by revenue, the smallest first",
            trigger: "[data-order=revenue]",
            run: "click",
        },
        {
            trigger:
                ".o_territory_figures tbody tr:first-child .o_territory_figures_row:contains(Large)",
        },
        {
            trigger: "[data-order=revenue]",
            run: "click",
        },
        {
            trigger:
                ".o_territory_figures tbody tr:first-child .o_territory_figures_row:contains(Small)",
        },
        {
            content: "the search says which accounts",
            trigger: ".o_searchview_input",
            run: "edit Large",
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:first-child",
            run: "click",
        },
        {trigger: ".o_territory_analysis_page:contains(/of 1$/)"},
        {
            content: "its curve and advice",
            trigger: ".o_territory_figures_row:contains(Large)",
            run: "click",
        },
        {trigger: ".o_territory_analysis_detail:contains(More pays)"},
        {
            content: "its card, and back",
            trigger: ".o_territory_analysis_card",
            run: "click",
        },
        {trigger: ".o_territory_card_name:contains(Large)"},
        {
            trigger: ".o_territory_panel_back",
            run: "click",
        },
        {
            content: "how many reps",
            trigger: "[data-tab=sizing]",
            run: "click",
        },
        {trigger: ".o_territory_profit_chart"},
        {trigger: ".o_territory_analysis_verdict:contains(/One more rep brings/)"},
        {
            content: "Escape closes the window",
            trigger: ".o_territory_panel",
            run: "press Escape",
        },
        {trigger: ".o_territory_map:not(:has(.o_territory_panel))"},
    ],
});

registry.category("web_tour.tours").add("territory_analysis_phone", {
    steps: () => [
        {trigger: MAP},
        {
            content: "nothing covers a tool",
            trigger: ".o_territory_status_count",
            run: () => {
                for (const tool of document.querySelectorAll("[data-tool]")) {
                    const {left, top, width, height} = tool.getBoundingClientRect();
                    const there = document.elementFromPoint(
                        left + width / 2,
                        top + height / 2
                    );
                    if (!tool.contains(there)) {
                        throw new Error(`${tool.dataset.tool} cannot be tapped`);
                    }
                }
            },
        },
        ...openAnalysis,
        {
            content: "the whole of a small screen",
            trigger: ".o_territory_panel_sheet[data-height=full]",
        },
        {
            content: "a rep's own row and no totals",
            trigger: ".o_territory_effort_row[aria-label*='rep']",
        },
        {trigger: ".o_territory_analysis:not(:has(.o_territory_analysis_gain))"},
        {
            trigger: "[data-tab=accounts]",
            run: "click",
        },
        {trigger: ".o_territory_analysis_page:contains(/of 3$/)"},
        {
            trigger: ".o_territory_effort_row[aria-label*='Large']",
            run: "click",
        },
        {trigger: ".o_territory_analysis_detail:contains(More pays)"},
        {
            trigger: ".o_territory_panel_close",
            run: "click",
        },
        {trigger: ".o_territory_map:not(:has(.o_territory_panel))"},
    ],
});
