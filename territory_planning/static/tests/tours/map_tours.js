import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

export const MAP = ".o_territory_map_canvas[data-ready]";
const TRANSPARENT = 128;

/** Where single accounts are painted, in pixels of the window. */
function findDots() {
    const canvas = document.querySelector(".leaflet-dots-pane canvas");
    const map = document.querySelector(MAP).getBoundingClientRect();
    const box = canvas.getBoundingClientRect();
    const {data} = canvas
        .getContext("2d")
        .getImageData(0, 0, canvas.width, canvas.height);
    const scale = canvas.width / box.width;
    const dots = [];
    for (let y = Math.ceil(map.top); y < map.bottom; y += 2) {
        for (let x = Math.ceil(map.left); x < map.right; x += 2) {
            const column = Math.round((x - box.left) * scale);
            const row = Math.round((y - box.top) * scale);
            const alpha = data[(row * canvas.width + column) * 4 + 3];
            const known = dots.some((dot) => Math.hypot(dot.x - x, dot.y - y) < 24);
            if (alpha > TRANSPARENT && !known) {
                dots.push({x, y: y + 4});
            }
        }
    }
    return dots;
}

/** Click the n-th account that is painted alone, from above. */
export async function clickDot(n) {
    let dots = [];
    for (let tries = 0; dots.length <= n && tries < 50; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        dots = findDots();
    }
    const {x, y} = dots[n];
    const target = document.querySelector(MAP);
    for (const type of ["mousedown", "mouseup", "click"]) {
        target.dispatchEvent(
            new MouseEvent(type, {
                bubbles: true,
                cancelable: true,
                view: window,
                clientX: x,
                clientY: y,
            })
        );
    }
}

const openApp = [
    stepUtils.showAppsMenuItem(),
    {
        content: "open the app",
        trigger: ".o_app[data-menu-xmlid='territory_planning.menu_territory_root']",
        run: "click",
    },
];

const seeOwnAccounts = [
    {content: "the map is the first thing to see", trigger: MAP},
    {
        content: "only the rep's own accounts, and what could not be placed",
        trigger: ".o_territory_status_count:contains(/^3 accounts$/)",
    },
    {
        trigger: ".o_territory_status_placeless:contains(/^1 without a place$/)",
    },
];

const openCluster = [
    {
        content: "a cluster says how many, and comes apart",
        trigger: ".o_territory_cluster[aria-label='2 accounts']",
        run: "click",
    },
    {
        content: "two single accounts are left",
        trigger: `.o_territory_map:not(:has(.o_territory_cluster))`,
    },
    {
        content: "click the upper one",
        trigger: MAP,
        run: () => clickDot(0),
    },
    {trigger: ".o_territory_card_name:contains(/^Beta/)"},
    {
        content: "and the lower one, with a hostile name that is only text",
        trigger: MAP,
        run: () => clickDot(1),
    },
    {
        trigger: ".o_territory_card_name:contains(/^Alpha <img src=x/)",
        run: () => {
            if (document.querySelector(".o_territory_card img")) {
                throw new Error("a customer's name became HTML");
            }
        },
    },
];

registry.category("web_tour.tours").add("territory_map_desk", {
    steps: () => [
        ...openApp,
        ...seeOwnAccounts,
        ...openCluster,
        {
            content: "revenue with its comparison",
            trigger:
                ".o_territory_trend_down:contains(/75% less than the year before/)",
        },
        {
            content: "remember this very map",
            trigger: MAP,
            run: () => {
                document.querySelector(MAP).dataset.same = "1";
            },
        },
        {
            content: "the panel took the focus",
            trigger: ".o_territory_panel:focus",
            run: "press Escape",
        },
        {
            content: "Escape closes the card",
            trigger: ".o_territory_map:not(:has(.o_territory_panel))",
            run: () => clickDot(0),
        },
        {
            content: "the browser's Back closes it, too",
            trigger: ".o_territory_card_name:contains(/^Beta/)",
            run: () => history.back(),
        },
        {
            trigger: ".o_territory_map:not(:has(.o_territory_panel))",
        },
        {
            content: "colour by region",
            trigger: ".o_territory_legend_choice",
            run: "select region_id",
        },
        {
            content: "the legend says what the colours mean",
            trigger: ".o_territory_legend_entry:contains(Bavaria)",
        },
        {
            content: "neither loaded the map anew",
            trigger: `${MAP}[data-same]`,
        },
        {
            content: "regions can be hidden",
            trigger: ".o_territory_regions_toggle",
            run: "click",
        },
        {
            trigger: ".o_territory_region:contains(Bavaria) input",
            run: "click",
        },
        {
            trigger: ".o_territory_map:not(:has(.o_territory_region_label))",
        },
        {
            trigger: ".o_territory_regions_toggle",
            run: "click",
        },
        {
            content: "what has no place is a list",
            trigger: ".o_territory_status_placeless",
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains(Delta)"},
        {
            content: "back on the map it is as it was",
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {trigger: `${MAP}`},
        {trigger: ".o_territory_legend_entry:contains(Bavaria)"},
    ],
});

registry.category("web_tour.tours").add("territory_map_phone", {
    steps: () => [
        ...seeOwnAccounts,
        ...openCluster,
        {
            content: "the card is a sheet from below",
            trigger: ".o_territory_panel_sheet[data-height=half]",
        },
        {
            trigger: ".o_territory_panel_handle",
            run: "click",
        },
        {
            trigger: ".o_territory_panel_sheet[data-height=full]",
        },
        {
            content: "call the customer",
            trigger: ".o_territory_card_call[href='tel:+49891234']",
        },
        {
            trigger: ".o_territory_panel_close",
            run: "click",
        },
        {trigger: ".o_territory_map:not(:has(.o_territory_panel))"},
    ],
});

registry.category("web_tour.tours").add("territory_map_tiles", {
    steps: () => [
        {trigger: MAP},
        {
            content: "a plain sentence, once",
            trigger:
                ".o_territory_map_message:contains(The built-in map is shown instead)",
        },
        {
            trigger: ".o_territory_status_count:contains(/^3 accounts$/)",
            run: () => {
                if (document.querySelector(".leaflet-tile-pane img")) {
                    throw new Error("tiles are still asked for");
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("territory_map_contacts", {
    steps: () => [
        {
            trigger: ".o_switch_view.o_territory_map",
            run: "click",
        },
        {trigger: MAP},
        {trigger: ".o_territory_status_count:contains(/ records$/)"},
    ],
});

registry.category("web_tour.tours").add("territory_map_empty", {
    steps: () => [
        {trigger: ".o_nocontent_help:contains(No accounts yet)"},
        {trigger: MAP},
    ],
});
