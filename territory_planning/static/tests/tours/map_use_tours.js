import {press} from "@odoo/hoot-dom";
import {registry} from "@web/core/registry";
import {getTabableElements} from "@web/core/utils/ui";
import {clickDot, MAP} from "./map_tours";

const CHOICE = ".o_territory_legend_choice";
const PANEL_CLOSED = ".o_territory_map:not(:has(.o_territory_panel))";

const chosen = (value) => () => {
    const select = document.querySelector(CHOICE);
    if (select.value !== value) {
        throw new Error(`coloured by ${select.value}, not by ${value}`);
    }
};

/** The buttons of clusters, the one furthest north first. */
const clusters = () =>
    [...document.querySelectorAll(".o_territory_cluster")].sort(
        (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top
    );

/** A click of a mouse: one without a pointer counts as the keyboard's. */
function mouse(element) {
    element.dispatchEvent(
        new MouseEvent("click", {bubbles: true, cancelable: true, detail: 1})
    );
}

const openSearchMenu = {
    trigger: ".o_searchview_dropdown_toggler",
    run: "click",
};

const colors = [
    {trigger: MAP},
    {
        content: "colour by a figure",
        trigger: CHOICE,
        run: "select revenue_12m",
    },
    {
        content: "its classes are named with their bounds",
        trigger: ".o_territory_legend_entry:contains(€)",
    },
    {
        content: "dots by size as well",
        trigger: ".o_territory_legend_sized",
        run: "click",
    },
    {trigger: ".o_territory_legend_sized:checked"},
    {
        trigger: CHOICE,
        run: "select heat:count",
    },
    {
        content: "heat, with what its colours mean, and no cluster upon it",
        trigger: ".o_territory_legend_heat:contains(little):contains(much)",
    },
    {trigger: ".o_territory_map:has(.o_territory_map_picture)"},
    {trigger: ".o_territory_map:not(:has(.o_territory_cluster))"},
    {
        trigger: CHOICE,
        run: "select region:revenue",
    },
    {
        content: "regions by a figure, with a legend of theirs",
        trigger: ".o_territory_legend_regions li:contains(1)",
    },
];

const groupAndKeep = [
    openSearchMenu,
    {
        content: "to group by something is to colour by it",
        trigger: ".o_group_by_menu .o_menu_item:contains(/^Segment$/)",
        run: "click",
    },
    {
        trigger: ".o_searchview_facet:contains(Segment)",
        run: chosen("segment"),
    },
    {
        content: "keep it as a favourite",
        trigger: ".o_favorite_menu .o_add_favorite",
        run: "click",
    },
    {
        trigger: ".o_favorite_menu input[type=text]",
        run: "edit My segments",
    },
    {trigger: ".o_favorite_menu .o_save_favorite", run: "click"},
    {trigger: ".o_searchview_facet:contains(My segments)"},
    {
        trigger: ".o_searchview_facet .o_facet_remove",
        run: "click",
    },
    {
        content: "the favourite is gone from the search; colour by somebody else",
        trigger: ".o_searchview:not(:has(.o_searchview_facet))",
    },
    {trigger: CHOICE, run: "select user_id"},
    openSearchMenu,
    {
        trigger: ".o_favorite_menu .o_favorite_item:contains(My segments)",
        run: "click",
    },
    {
        content: "and it brings its colours back",
        trigger: ".o_searchview_facet:contains(My segments)",
        run: chosen("segment"),
    },
];

registry.category("web_tour.tours").add("territory_map_colors", {
    steps: () => [...colors, ...groupAndKeep],
});

registry.category("web_tour.tours").add("territory_map_stack", {
    steps: () => [
        {trigger: ".o_territory_status_count:contains(/^4 accounts$/)"},
        {
            content: "two customers in one house in the north: they fan out",
            trigger: ".o_territory_cluster[aria-label='2 accounts']",
            run: () => mouse(clusters()[0]),
        },
        {
            content: "the first on top, around the place",
            trigger: MAP,
            run: () => clickDot(0),
        },
        {trigger: ".o_territory_card_name:contains(/^Gamma/)"},
        {
            content: "Escape is one step back",
            trigger: ".o_territory_panel",
            run: "press Escape",
        },
        {
            content: "without a mouse: a cluster is a stop of the Tab key",
            trigger: PANEL_CLOSED,
            run: () => {
                const [cluster] = clusters();
                if (!getTabableElements(document.body).includes(cluster)) {
                    throw new Error("no way to the clusters by Tab");
                }
                cluster.focus();
            },
        },
        {
            content: "what it is, is told",
            trigger: ".o_territory_cluster:focus[aria-description]",
            run: () => press("Enter"),
        },
        {
            content: "Enter lists those of one place, where dots are out of reach",
            trigger: ".o_territory_stack li:nth-child(2) button",
            run: async () => {
                document.querySelector(".o_territory_stack li button").focus();
                await press("Enter");
            },
        },
        {
            trigger: ".o_territory_card_name:contains(/^Gamma/)",
            run: () => press("Escape"),
        },
        {
            content: "back on the list, and then the map",
            trigger: ".o_territory_stack",
            run: () => press("Escape"),
        },
        {
            content: "a cluster that comes apart: Enter zooms to where it does",
            trigger: PANEL_CLOSED,
            run: async () => {
                clusters().at(-1).focus();
                await press("Enter");
            },
        },
        {trigger: ".o_territory_map:not(:has(.o_territory_cluster))"},
    ],
});

const ADDRESS = "territory_map_tour_address";
const inAddress = (name) => new URL(location.href).searchParams.get(name);

/** The address follows the map once that is at rest. */
async function addressSays(name) {
    for (let tries = 0; !inAddress(name); tries++) {
        if (tries > 50) {
            throw new Error(`the address does not say ${name}: ${location.href}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}

registry.category("web_tour.tours").add("territory_map_address", {
    steps: () => [
        {trigger: MAP},
        {trigger: CHOICE, run: "select segment"},
        {
            trigger: ".o_territory_cluster[aria-label='2 accounts']",
            run: "click",
        },
        {
            trigger: ".o_territory_map:not(:has(.o_territory_cluster))",
            run: () => clickDot(0),
        },
        {trigger: ".o_territory_card_name:contains(/^Beta/)"},
        {
            content: "the address says what is seen; a reload shows it again",
            trigger: MAP,
            expectUnloadPage: true,
            run: async () => {
                await addressSays("card");
                await addressSays("at");
                sessionStorage.setItem(ADDRESS, inAddress("at"));
                location.reload();
            },
        },
        {
            content: "the card",
            trigger: ".o_territory_card_name:contains(/^Beta/)",
        },
        {
            content: "the colours",
            trigger: CHOICE,
            run: chosen("segment"),
        },
        {
            content: "and the place, as near as before",
            trigger: ".o_territory_map:not(:has(.o_territory_cluster))",
            run: async () => {
                await addressSays("at");
                const parts = (at) => at.split(",").map(Number);
                const before = parts(sessionStorage.getItem(ADDRESS));
                sessionStorage.removeItem(ADDRESS);
                const now = parts(inAddress("at"));
                const zoomed = now[2] !== before[2] || before[2] < 10;
                const moved = [0, 1].some((i) => Math.abs(now[i] - before[i]) > 1e-3);
                if (zoomed || moved) {
                    throw new Error(`from ${before} to ${now}`);
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("territory_map_export", {
    steps: () => [
        {trigger: MAP},
        {trigger: ".o_territory_regions_toggle", run: "click"},
        {
            trigger: ".o_territory_menu_item:contains(Select on the map)",
            run: "click",
        },
        {
            content: "pick single ones",
            trigger: ".o_territory_selection_bar [data-way=pick]",
            run: "click",
        },
        {
            trigger: ".o_territory_selection_bar[data-mode=pick]",
            run: () => clickDot(0),
        },
        {
            trigger:
                ".o_territory_selection_bar [role=status]:contains(/^1 account selected$/)",
        },
        {trigger: ".o_cp_action_menus button[aria-label='Actions menu']", run: "click"},
        {trigger: ".o_menu_item:contains(Export Selected)", run: "click"},
        {trigger: ".modal .o_select_button:enabled", run: "click"},
        {trigger: ".modal .o_form_button_cancel", run: "click"},
        {trigger: "body:not(:has(.modal))"},
    ],
});
