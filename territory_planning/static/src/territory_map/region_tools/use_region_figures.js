import {onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {RegionFigures} from "./region_figures";

/**
 * The figures of all regions, asked for anew when the map's regions have changed.
 *
 * @param {() => Object} getModel the map's model
 * @returns {{figures: RegionFigures|null, failed: boolean}} reactive
 */
export function useRegionFigures(getModel) {
    const state = useState({figures: null, failed: false});
    let asked = null;
    async function load() {
        const {regions, orm} = getModel();
        if (asked === regions) {
            return;
        }
        asked = regions;
        try {
            state.figures = new RegionFigures(
                await orm.silent.call("territory.region", "get_comparison", [])
            );
            state.failed = false;
        } catch {
            state.failed = true;
        }
    }
    // not awaited: the panel is there at once
    onWillStart(() => {
        load();
    });
    onWillUpdateProps(() => {
        load();
    });
    return state;
}
