import {registry} from "@web/core/registry";

const MAP = ".o_territory_map_canvas[data-ready]";
const BAR = ".o_territory_selection_bar";
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A loop around the middle of the map, drawn with a mouse or a finger. */
async function drawLoop(pointerType) {
    const map = document.querySelector(MAP);
    const {left, top, width, height} = map.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const [rx, ry] = [width * 0.45, height * 0.49];
    const fire = (type, step) =>
        map.dispatchEvent(
            new PointerEvent(type, {
                bubbles: true,
                cancelable: true,
                composed: true,
                pointerId: 1,
                isPrimary: true,
                pointerType,
                button: type === "pointermove" ? -1 : 0,
                buttons: type === "pointerup" ? 0 : 1,
                clientX: x + rx * Math.cos((step / 32) * 2 * Math.PI),
                clientY: y + ry * Math.sin((step / 32) * 2 * Math.PI),
            })
        );
    fire("pointerdown", 0);
    for (let step = 1; step < 32; step++) {
        fire("pointermove", step);
        await wait(10);
    }
    fire("pointerup", 31);
}

function place() {
    return document.querySelector(".leaflet-map-pane").style.transform;
}

const select = (pointerType) => [
    {trigger: MAP},
    {trigger: ".o_territory_status_count:contains(/^3 accounts$/)"},
    {trigger: ".o_territory_regions_toggle", run: "click"},
    {
        trigger: ".o_territory_menu_item:contains(Select on the map)",
        run: "click",
    },
    {
        content: "ready to draw",
        trigger: `${BAR}[data-mode=lasso]`,
    },
    {
        content: "around two of the three, and the map stays where it is",
        trigger: `${MAP}.o_territory_map_drawing`,
        async run() {
            const before = place();
            await drawLoop(pointerType);
            if (place() !== before) {
                throw new Error("the map moved under the pencil");
            }
        },
    },
    {
        content: "the hand is told and the totals come",
        trigger: `${BAR}[data-mode=pick] [role=status]:contains(/^[23] accounts selected$/)`,
    },
    {trigger: ".o_territory_selection [data-total=revenue]:contains(12 months)"},
    {
        content: "hostile names are text",
        trigger: ".o_territory_selection_list",
        run: () => {
            if (document.querySelector(".o_territory_selection img")) {
                throw new Error("a customer's name became HTML");
            }
        },
    },
];

const assign = [
    {
        trigger: "[data-action=rep]",
        run: "click",
    },
    {
        trigger: ".modal [name=user_id] input",
        run: "edit other.rep",
    },
    {
        trigger: ".ui-autocomplete .dropdown-item:contains(other.rep)",
        run: "click",
    },
    {trigger: ".modal button[name=action_assign]:visible", run: "click"},
    {
        content: "what was done, and the way back",
        trigger: ".o_notification:contains(now looked after by)",
    },
    {trigger: ".o_notification button:contains(Undo)", run: "click"},
    {trigger: ".o_notification:contains(are as they were before)"},
];

const trip = [
    {trigger: "[data-action=trip]", run: "click"},
    {trigger: ".modal [name=name] input", run: "edit Monday"},
    {trigger: ".modal button[name=action_add]", run: "click"},
    {trigger: ".o_notification:contains(added to “Monday”)"},
];

const compare = [
    {trigger: "[data-action=compare]", run: "click"},
    {trigger: ".o_territory_compare table .o_territory_compare_head"},
    {trigger: "[data-measure=revenue] .o_territory_compare_best"},
];

registry.category("web_tour.tours").add("territory_selection_desk", {
    steps: () => [
        ...select("mouse"),
        ...assign,
        {trigger: `${BAR} [role=status]:contains(/accounts selected$/)`},
        ...trip,
        ...compare,
        {
            content: "back to the selection",
            trigger: ".o_territory_panel_back",
            run: "click",
        },
        {trigger: ".o_territory_selection_list"},
        {trigger: ".o_territory_selection_stop", run: "click"},
        {trigger: `.o_territory_map:not(:has(${BAR}))`},
    ],
});

registry.category("web_tour.tours").add("territory_selection_phone", {
    steps: () => [
        ...select("touch"),
        {
            content: "a rep does not assign",
            trigger: ".o_territory_selection_actions:not(:has([data-action=rep]))",
        },
        ...trip,
        ...compare,
        {
            content: "the comparison scrolls sideways, its figures' names stay",
            trigger: ".o_territory_compare_scroll",
            run: async () => {
                const scroll = document.querySelector(".o_territory_compare_scroll");
                const name = scroll.querySelector("[data-measure=revenue] th");
                const before = name.getBoundingClientRect().left;
                scroll.scrollLeft = 60;
                await wait(50);
                if (
                    !scroll.scrollLeft ||
                    name.getBoundingClientRect().left !== before
                ) {
                    throw new Error("the first column does not stay");
                }
            },
        },
        {trigger: ".o_territory_panel_close", run: "click"},
        {trigger: ".o_territory_map:not(:has(.o_territory_panel))"},
    ],
});
