import {onMounted, onWillUnmount} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {router} from "@web/core/browser/router";

/** The address follows once the map has been at rest that long, in ms. */
const REST = 300;
const DECIMALS = 4; // of a degree: 10 m

/**
 * What the page's address says of the map: `at=48.1372,11.5755,8` (latitude, longitude,
 * zoom), `by=segment`, `off=3,5` (hidden regions), `card=17`.
 *
 * @param {Object} params of the address; anybody may have written them
 * @returns {Object} as `TerritoryMapModel.exportState` has it, as far as it makes sense
 */
export function stateFromAddress({at, by, off, card}) {
    const state = {};
    const [latitude, longitude, zoom] = numbers(at);
    if (
        Math.abs(latitude) <= 85 &&
        Math.abs(longitude) <= 180 &&
        zoom >= 2 &&
        zoom <= 18
    ) {
        state.view = {center: [longitude, latitude], zoom};
    }
    if (typeof by === "string") {
        state.colorField = by;
    }
    if (off !== undefined) {
        state.hiddenRegions = numbers(off).filter((id) => Number.isInteger(id));
    }
    if (Number.isInteger(card) && card > 0) {
        state.panel = {kind: "card", id: card};
    }
    return state;
}

function numbers(text) {
    return text === undefined || text === "" ? [] : String(text).split(",").map(Number);
}

/** The inverse of {@link stateFromAddress}. */
export function addressOf(model) {
    const {view, colorField, hiddenRegions, panel, archInfo} = model;
    return {
        at: view
            ? [
                  view.center[1].toFixed(DECIMALS),
                  wrap(view.center[0]).toFixed(DECIMALS),
                  Number(view.zoom.toFixed(2)),
              ].join(",")
            : undefined,
        by: colorField && colorField !== archInfo.colors[0] ? colorField : undefined,
        off: hiddenRegions.size ? [...hiddenRegions].join(",") : undefined,
        card: panel?.kind === "card" ? panel.id : undefined,
    };
}

/** Whoever has gone once around the earth is at the same place. */
function wrap(longitude) {
    return ((((longitude + 180) % 360) + 360) % 360) - 180;
}

/**
 * Keep the page's address saying what the map shows, so that a reload or a colleague who
 * gets the address sees the same. Replaces the entry of the history, never adds one:
 * Back stays the way to where one came from.
 *
 * @param {Object} model
 * @param {() => boolean} isPage whether the map is the page, and not a part of it
 */
export function useAddress(model, isPage) {
    const {history, location} = browser;
    let timer = null;

    function write() {
        timer = null;
        if (!isPage() || !model.view) {
            return;
        }
        // The mark of an open panel (see map_panel/back_step.js) stays on its entry.
        const {territoryStep} = history.state || {};
        router.replaceState(addressOf(model), {sync: true});
        if (territoryStep) {
            history.replaceState({...history.state, territoryStep}, "", location.href);
        }
    }

    function later() {
        browser.clearTimeout(timer);
        timer = browser.setTimeout(write, REST);
    }

    onMounted(() => {
        model.bus.addEventListener("update", later);
        model.bus.addEventListener("moved", later);
        // One entry below the address is as old as the entry.
        browser.addEventListener("popstate", later);
    });
    onWillUnmount(() => {
        browser.clearTimeout(timer);
        model.bus.removeEventListener("update", later);
        model.bus.removeEventListener("moved", later);
        browser.removeEventListener("popstate", later);
    });
}
