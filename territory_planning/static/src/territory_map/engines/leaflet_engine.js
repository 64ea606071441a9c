import {loadBundle} from "@web/core/assets";
import {flip, withLayers} from "./leaflet_layers";

const PANES = {
    // name: z-index. Tiles are at Leaflet's 200, the buttons' pane at its 600.
    basemap: 150,
    heat: 300,
    areas: 410,
    labels: 420,
    dots: 450,
};
const MIN_ZOOM = 2;
const MAX_ZOOM = 18;

/**
 * The map engine: all the map library there is. Another library needs these methods
 * and nothing else of the map changes (the layers are in `leaflet_layers.js`). Places are `[longitude, latitude]`, boxes
 * `[west, south, east, north]`, a view is `{ center, zoom }`.
 *
 * - `LeafletEngine.load()`, `new LeafletEngine(el, options)`, `destroy()`
 * - `view`, `bounds`
 * - `setView(view)`, `fit(bounds)`, `zoomTo(place, zoom)`, `zoomBy(step)`, `reveal(place, hidden)`, `resize()`
 * - `place(point)`, `point(place)`: between pixels of the container and the earth
 * - `addAreas(pane)`, `addDots()`, `addElements(options)`: layers with `set(items)` and
 *   `remove()`; `addPicture(pane, paint)`
 * - `addPin(options)`: one place that can be dragged
 * - `setTiles(tiles, onError)`
 */
export class LeafletEngine extends withLayers(class {}) {
    static async load() {
        await loadBundle("territory_planning.map_lib");
        return {L: window.territoryLeaflet};
    }

    /**
     * @param {HTMLElement} el
     * @param {Object} options
     * @param {Object} options.L the library, from `load`
     * @param {Object} options.view the first one
     * @param {Function} options.onMove the map has come to rest somewhere else
     * @param {Function} options.onClick with a point in pixels of the container
     * @param {Function} options.onHover likewise, for a mouse; answers whether there is
     *      something to click
     */
    constructor(el, {L, view, onMove, onClick, onHover}) {
        super();
        this.L = L;
        this.el = el;
        const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
        this.reduced = reduced;
        this.map = L.map(el, {
            center: flip(view.center),
            zoom: view.zoom,
            minZoom: MIN_ZOOM,
            maxZoom: MAX_ZOOM,
            zoomControl: false,
            attributionControl: false,
            maxBounds: [
                [-85, -Infinity],
                [85, Infinity],
            ],
            zoomAnimation: !reduced,
            inertia: !reduced,
            // Nothing in here may run after the view is gone.
            fadeAnimation: false,
        });
        for (const [name, zIndex] of Object.entries(PANES)) {
            this.map.createPane(name).style.zIndex = zIndex;
        }
        this.tiles = null;
        this.map.on("moveend", () => onMove());
        this.map.on("click", ({containerPoint}) =>
            onClick([containerPoint.x, containerPoint.y])
        );
        const hover = ({containerPoint}) => {
            const hit = onHover([containerPoint.x, containerPoint.y]);
            el.classList.toggle("o_territory_map_hit", Boolean(hit));
        };
        this.map.on("mousemove", hover);
        // Where the mouse is takes a layout of the page, each time: not while dragging.
        this.map.on("dragstart", () => this.map.off("mousemove", hover));
        this.map.on("dragend", () => this.map.on("mousemove", hover));
    }

    destroy() {
        this.map.stop();
        this.map.remove();
    }

    // -------------------------------------------------------------- where it is
    get view() {
        const {lng, lat} = this.map.getCenter();
        return {center: [lng, lat], zoom: this.map.getZoom()};
    }

    get bounds() {
        const bounds = this.map.getBounds();
        return [
            bounds.getWest(),
            bounds.getSouth(),
            bounds.getEast(),
            bounds.getNorth(),
        ];
    }

    setView({center, zoom}) {
        this.map.setView(flip(center), zoom, {animate: false});
    }

    fit([west, south, east, north], {animate = true} = {}) {
        this.map.fitBounds(
            [
                [south, west],
                [north, east],
            ],
            {padding: [32, 48], maxZoom: 13, animate: animate && !this.reduced}
        );
    }

    zoomTo(place, zoom) {
        this.map.setView(flip(place), zoom);
    }

    zoomBy(step) {
        this.map.zoomIn(step);
    }

    /** Move only as far as it takes to see a place; `hidden` pixels are covered below. */
    reveal(place, hidden = 0) {
        this.map.panInside(flip(place), {
            paddingTopLeft: [48, 64],
            paddingBottomRight: [48, 48 + hidden],
        });
    }

    /**
     * The container has another size: what was top left stays there, or, where much of
     * the map is given up or regained, what was in the middle.
     */
    resize({keepCenter = false} = {}) {
        this.map.invalidateSize({pan: keepCenter, animate: false});
    }

    place([x, y]) {
        const {lng, lat} = this.map.containerPointToLatLng([x, y]);
        return [lng, lat];
    }

    point(place) {
        const {x, y} = this.map.latLngToContainerPoint(flip(place));
        return [x, y];
    }

    /**
     * Put a street map below; null takes it away.
     *
     * @param {{ url: string, attribution: string }|null} tiles
     * @param {Function} [onError] the first tile that does not come
     */
    setTiles(tiles, onError) {
        this.tiles?.remove();
        this.tiles = null;
        if (!tiles) {
            return;
        }
        const {Util} = this.L;
        try {
            Util.template(tiles.url, {x: 0, y: 0, z: 0, s: "a", r: ""});
        } catch {
            onError(); // an address that asks for a value nobody has
            return;
        }
        this.tiles = this.L.tileLayer(tiles.url, {
            minZoom: MIN_ZOOM,
            maxZoom: MAX_ZOOM,
        });
        this.tiles.once("tileerror", () => onError());
        this.tiles.addTo(this.map);
    }
}
