import {registry} from "@web/core/registry";

const MAP = ".o_territory_map_canvas[data-ready]";
const BAR = ".o_territory_draw_bar";
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A pointer's way over the map, at shares of its width and height. */
async function point(type, [x, y], pointerType) {
    const map = document.querySelector(MAP);
    const box = map.getBoundingClientRect();
    map.dispatchEvent(
        new PointerEvent(type, {
            bubbles: true,
            cancelable: true,
            isPrimary: true,
            pointerId: 1,
            pointerType,
            button: type === "pointermove" ? -1 : 0,
            buttons: type === "pointerup" ? 0 : 1,
            clientX: box.left + x * box.width,
            clientY: box.top + y * box.height,
        })
    );
    await wait(30);
}

async function tap(place, pointerType) {
    if (pointerType === "mouse") {
        await point("pointermove", place, pointerType);
    }
    await point("pointerdown", place, pointerType);
    await point("pointerup", place, pointerType);
    await wait(350);
}

async function drag([fromX, fromY], [toX, toY], pointerType) {
    await point("pointermove", [fromX, fromY], pointerType);
    await point("pointerdown", [fromX, fromY], pointerType);
    for (let step = 1; step <= 8; step++) {
        const at = (from, to) => from + ((to - from) * step) / 8;
        await point("pointermove", [at(fromX, toX), at(fromY, toY)], pointerType);
    }
    await point("pointerup", [toX, toY], pointerType);
    await wait(200);
}

function press(key, options = {}) {
    for (const type of ["keydown", "keyup"]) {
        document
            .querySelector(MAP)
            .dispatchEvent(new KeyboardEvent(type, {key, bubbles: true, ...options}));
    }
}

const areaText = () =>
    document
        .querySelector(".o_territory_draw_measure")
        .textContent.match(/[\d.,]+ km²/)[0];

const openMenu = [
    {trigger: MAP},
    {
        trigger: ".o_territory_regions_toggle",
        run: "click",
    },
];

const item = (label) => ({
    content: `choose ${label}`,
    trigger: `.o_territory_menu_item:contains(${label})`,
    run: "click",
});

/** Draw by corners, drag the first one to `target`, save; `counts` before and after. */
const drawAndEdit = (pointerType, corners, target, counts) => [
    ...openMenu,
    item("Draw a region"),
    {trigger: `${BAR}:contains(No area yet)`},
    {
        content: "four corners, wherever the map is",
        trigger: MAP,
        run: async () => {
            const pane = document.querySelector(".leaflet-map-pane");
            pane.dataset.before = pane.style.transform;
            for (const corner of corners) {
                await tap(corner, pointerType);
            }
        },
    },
    {trigger: `${BAR} .o_territory_draw_measure:contains(km²)`},
    {
        content: "undo a corner, and redo it, by keyboard",
        trigger: `${BAR} .o_territory_draw_undo:enabled`,
        run: () => press("z", {ctrlKey: true}),
    },
    {
        trigger: `${BAR} .o_territory_draw_redo:enabled`,
        run: () => press("z", {ctrlKey: true, shiftKey: true}),
    },
    {
        content: "Enter closes the outline",
        trigger: `${BAR}:not(:has(.o_territory_draw_redo:enabled))`,
        run: () => press("Enter"),
    },
    {
        content: "accounts are counted live",
        trigger: `${BAR} .o_territory_draw_measure:contains(· ${counts[0]} inside)`,
    },
    {
        content: "its corners can be dragged now",
        trigger: `${BAR} .o_territory_draw_hint:contains(Drag a corner)`,
        run: () => drag(corners[0], target, pointerType),
    },
    {
        content: "the count follows, and the map has not moved",
        trigger: `${BAR} .o_territory_draw_measure:contains(· ${counts[1]} inside)`,
        run: () => {
            const pane = document.querySelector(".leaflet-map-pane");
            if (pane.style.transform !== pane.dataset.before) {
                throw new Error("the map moved while a corner was dragged");
            }
        },
    },
    {
        content: "the corner that was dragged is marked and can be removed",
        trigger: `${BAR} .o_territory_draw_remove_corner:enabled`,
        run: () => {
            document.querySelector(BAR).dataset.area = areaText();
            document.querySelector(".o_territory_draw_remove_corner").click();
        },
    },
    {
        content: "three are left, of which none can go",
        trigger: `${BAR}:has(.o_territory_draw_remove_corner:disabled)`,
        run: async () => {
            await wait(100);
            if (areaText() === document.querySelector(BAR).dataset.area) {
                throw new Error("no corner was removed");
            }
            await tap(corners[2], pointerType);
        },
    },
    {trigger: ".o_territory_corner"},
    {trigger: ".o_territory_draw_remove_corner:enabled", run: "click"},
    {
        trigger: ".o_notification:contains(at least three corners)",
        run: () => press("z", {ctrlKey: true}),
    },
    {
        content: "undone; by keyboard, the next corner is gone to, and away it is",
        trigger: `${BAR} .o_territory_draw_measure:contains(· ${counts[1]} inside)`,
        run: () => press("n"),
    },
    {
        trigger: ".o_territory_draw_remove_corner:enabled",
        run: () => press("Delete"),
    },
    {
        trigger: `${BAR}:has(.o_territory_draw_remove_corner:disabled)`,
        run: async () => {
            await wait(100);
            if (areaText() === document.querySelector(BAR).dataset.area) {
                throw new Error("the keyboard removed no corner");
            }
            press("z", {ctrlKey: true});
            await wait(100);
            if (areaText() !== document.querySelector(BAR).dataset.area) {
                throw new Error("the corner did not come back");
            }
        },
    },
    {
        trigger: `${BAR} .o_territory_draw_measure:contains(· ${counts[1]} inside)`,
    },
    {trigger: ".o_territory_draw_save", run: "click"},
    {trigger: ".o_territory_region_save", run: "click"},
    {
        content: "a name is asked for",
        trigger: ".o_territory_region_dialog [role=alert]:contains(name)",
    },
    {trigger: ".o_territory_region_name", run: "edit Drawn <b>here</b>"},
    {trigger: ".o_territory_region_save", run: "click"},
    {
        content: "saved, and undo is offered",
        trigger:
            ".o_territory_undo_notice:contains(Drawn <b>here</b>):has(button:contains(Undo))",
    },
    {trigger: `.o_territory_map:not(:has(${BAR}))`},
];

registry.category("web_tour.tours").add("territory_regions_desk", {
    steps: () => [
        // All three; then the two in the south are left out.
        ...drawAndEdit(
            "mouse",
            [
                [0.04, 0.97],
                [0.96, 0.97],
                [0.96, 0.03],
                [0.04, 0.03],
            ],
            [0.55, 0.6],
            ["3 accounts", "1 account"]
        ),
        ...openMenu,
        {
            content: "its panel from the menu",
            trigger: ".o_territory_region_more[aria-label*='Drawn']",
            run: "click",
        },
        {trigger: ".o_territory_region_title:contains(Drawn <b>here</b>)"},
        {
            content: "figures with their comparison",
            trigger: ".o_territory_region_lines:contains(× the mean of)",
        },
        {trigger: ".o_territory_region_compare", run: "click"},
        {trigger: ".o_territory_region_compare_bar:contains(Bavaria)"},
        {
            trigger: ".o_territory_region_compare_figure",
            run: "select revenue",
        },
        {trigger: ".o_territory_region_compare_bars:contains(€)"},
        {trigger: ".o_territory_panel_back", run: "click"},
        {trigger: ".o_territory_region_edit", run: "click"},
        {
            content: "Escape leaves the shape as it was",
            trigger: `${BAR}:contains(Edit)`,
            run: () => press("Escape"),
        },
        {trigger: `.o_territory_map:not(:has(${BAR}))`},
        ...openMenu,
        item("Overlaps and gaps"),
        {
            content: "who wins, in words",
            trigger: ".o_territory_overlap:contains(it is smaller than)",
        },
    ],
});

registry.category("web_tour.tours").add("territory_regions_phone", {
    // Below the bar, right of the two in the south; then they are inside.
    steps: () =>
        drawAndEdit(
            "touch",
            [
                [0.85, 0.5],
                [0.96, 0.97],
                [0.96, 0.35],
                [0.04, 0.35],
            ],
            [0.04, 0.97],
            ["0 accounts", "2 accounts"]
        ),
});
