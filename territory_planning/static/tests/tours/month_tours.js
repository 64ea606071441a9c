import {registry} from "@web/core/registry";

const ROW = ".o_data_row:contains(rep)";

registry.category("web_tour.tours").add("territory_month_meeting", {
    steps: () => [
        {
            content: "the ledger, by team",
            trigger: ".o_list_view .o_group_header:contains(Field)",
            run: "click",
        },
        {
            content: "the sales leader asks for more",
            trigger: `${ROW} td[name='revenue_target']`,
            run: "click",
        },
        {trigger: "td[name='revenue_target'] input", run: "edit 20000"},
        {trigger: ".o_list_button_save:visible", run: "click"},
        {
            content: "asked is asked",
            trigger: `.o_list_view:not(:has(.o_selected_row)) ${ROW} td[name='revenue_target']:contains(20,000)`,
        },
        {
            content: "agree on the row",
            trigger: `${ROW} .o_list_record_selector input`,
            run: "click",
        },
        {trigger: "button[name='action_agree_rows']:visible", run: "click"},
        {
            content: "agreed",
            trigger: ".o_data_row td[name='agreed'] input:checked",
        },
    ],
});
