import {browser} from "@web/core/browser/browser";

const URL = "/territory_planning/static/lib/basemap/basemap.json";
let basemap = null;

/** Coasts, borders and states; fetched once per page, however many maps it shows. */
export function fetchBasemap() {
    basemap ??= browser
        .fetch(URL)
        .then((response) => (response.ok ? response.json() : {features: []}))
        .catch(() => {
            // The next map tries again; this one does without.
            basemap = null;
            return {features: []};
        });
    return basemap;
}

/** The built-in map below everything: orientation only, and no internet needed. */
export class BasemapLayer {
    /** @param {import("../engines/leaflet_engine").LeafletEngine} engine */
    constructor(engine) {
        this.engine = engine;
        this.layer = engine.addAreas("basemap");
    }

    draw({features}) {
        const css = getComputedStyle(this.engine.el);
        const color = (name) => css.getPropertyValue(`--territory-map-${name}`).trim();
        const styles = {
            land: {
                fillColor: color("land"),
                fillOpacity: 1,
                color: color("coast"),
                weight: 1,
            },
            border: {color: color("border"), weight: 1, fill: false},
            state: {color: color("state"), weight: 0.75, fill: false},
        };
        this.layer.set(
            features.map(({geometry, properties}) => ({
                geometry,
                style: styles[properties.kind] || styles.border,
            }))
        );
    }

    destroy() {
        this.layer.remove();
    }
}
