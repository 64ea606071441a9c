import {registry} from "@web/core/registry";

const stop = (name) => `.o_territory_stop_name:contains(${name})`;

/** Nothing is too small for a thumb or wider than the phone. */
function checkPhone() {
    const page = document.querySelector(".o_territory_today_page");
    const small = [...page.querySelectorAll(".btn:not(.btn-close)")].filter(
        (el) => el.getBoundingClientRect().height < 43
    );
    if (small.length) {
        throw new Error(`${small.length} buttons are too small: ${small[0].outerHTML}`);
    }
    if (page.scrollWidth > page.clientWidth) {
        throw new Error("the page is wider than the phone");
    }
}

const steps = () => [
    {
        content: "the first stop, big",
        trigger: stop("Alpha"),
    },
    {
        trigger: ".o_territory_stop_leave:contains(Leave by)",
        run: checkPhone,
    },
    {trigger: ".o_territory_stop_navigate", run: "click"},
    {trigger: ".o_territory_stop_link[data-app=waze]"},
    {trigger: ".o_territory_stop_navigate", run: "click"},
    {
        content: "there, without a place",
        trigger: ".o_territory_stop_with_place",
        run: "click",
    },
    {trigger: ".o_territory_stop_check_in", run: "click"},
    {
        content: "second tap: what came of it",
        trigger: ".o_territory_stop_outcomes [data-outcome=order]",
        run: "click",
    },
    {
        content: "on to the next one",
        trigger: stop("Beta"),
    },
    {
        trigger:
            ".o_territory_today_stop[data-state=done]:contains(Order):not(:has(.fa-clock-o))",
    },
    {trigger: ".o_territory_stop_skip", run: "click"},
    {trigger: ".o_territory_stop_why", run: "edit Closed today"},
    {trigger: ".o_territory_stop_skip_now", run: "click"},
    {trigger: ".o_territory_today_all"},
    {
        content: "the server has everything",
        trigger:
            ".o_territory_today_stop[data-state=skipped]:contains(Skipped):not(:has(.fa-clock-o))",
        run: "click",
    },
    {trigger: ".o_territory_stop:contains(Closed today) .o_territory_stop_undo"},
    {trigger: ".o_territory_today_after", run: "click"},
    {trigger: ".o_territory_today_none"},
];

registry.category("web_tour.tours").add("territory_today", {steps});
