import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const PIN = ".o_territory_map_canvas[data-ready] .o_territory_pin";

const openPlaces = [
    stepUtils.showAppsMenuItem(),
    {
        trigger: ".o_app[data-menu-xmlid='territory_planning.menu_territory_root']",
        run: "click",
    },
    {
        trigger:
            "[data-menu-xmlid='territory_planning.menu_territory_places'], .o_menu_sections .o_nav_entry:contains('Places to Check')",
        run: "click",
    },
];

/** Drag the pin as a hand does. */
function dragPin() {
    const pin = document.querySelector(PIN);
    const {left, top, width, height} = pin.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const send = (target, type, clientX, clientY) =>
        target.dispatchEvent(
            new MouseEvent(type, {
                bubbles: true,
                cancelable: true,
                view: window,
                button: 0,
                clientX,
                clientY,
            })
        );
    send(pin, "mousedown", x, y);
    for (let step = 1; step <= 5; step++) {
        send(pin, "mousemove", x + 8 * step, y + 4 * step);
    }
    send(pin, "mouseup", x + 40, y + 20);
}

registry.category("web_tour.tours").add("territory_places_desk", {
    steps: () => [
        ...openPlaces,
        {
            content: "the largest first, with its reason",
            trigger:
                ".o_territory_places_row:first:contains('Abroad'):contains('outside the country')",
        },
        {content: "its pin is on the map", trigger: PIN, run: dragPin},
        {
            content: "nothing is saved until it is said",
            trigger: ".o_territory_places_save",
            run: "click",
        },
        {
            content: "it is settled, and the next one comes",
            trigger: ".o_territory_places_count:contains('1 settled just now')",
        },
        {
            content: "swapped coordinates are turned round",
            trigger: ".o_territory_places_current:contains('Swapped')",
        },
        {trigger: ".o_territory_places_swap", run: "click"},
        {trigger: ".o_territory_places_save", run: "click"},
        {trigger: ".o_territory_places_count:contains('2 settled just now')"},
        {
            content: "one address is looked up while one waits",
            trigger: ".o_territory_places_current:contains('Lost')",
        },
        {
            trigger: ".o_territory_places_hint:contains('Click on the map')",
        },
        {trigger: ".o_territory_places_retry", run: "click"},
        {
            content: "all of it is done",
            trigger: ".o_view_nocontent:contains('All places are fine')",
        },
    ],
});

registry.category("web_tour.tours").add("territory_places_phone", {
    steps: () => [
        {
            content: "the list fills the phone",
            trigger: "body:not(:has(.o_territory_places_map)) .o_territory_places_list",
        },
        {
            trigger: ".o_territory_places_open:contains('Swapped')",
            run: "click",
        },
        {
            content: "then the map does",
            trigger: `body:not(:has(.o_territory_places_list)) ${PIN}`,
        },
        {trigger: ".o_territory_places_swap", run: "click"},
        {trigger: ".o_territory_places_save", run: "click"},
        {
            content: "the next one, without going back",
            trigger:
                ".o_territory_place_card:contains('Abroad'), .o_territory_place_card:contains('Lost')",
        },
        {trigger: ".o_territory_places_back", run: "click"},
        {
            trigger:
                ".o_territory_places_list:not(:has(.o_territory_places_open:contains('Swapped')))",
        },
    ],
});
