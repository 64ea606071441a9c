import {loadBundle} from "@web/core/assets";

const PANES = {
    // name: z-index. Tiles are at Leaflet's 200, the buttons' pane at its 600.
    basemap: 150,
    areas: 410,
    labels: 420,
    dots: 450,
};
const MIN_ZOOM = 2;
const MAX_ZOOM = 18;

/** Leaflet takes latitude first; everything else here takes longitude first. */
const flip = ([a, b]) => [b, a];

/**
 * The map engine: all the map library there is. Another library needs these methods
 * and nothing else of the map changes. Places are `[longitude, latitude]`, boxes
 * `[west, south, east, north]`, a view is `{ center, zoom }`.
 *
 * - `LeafletEngine.load()`, `new LeafletEngine(el, options)`, `destroy()`
 * - `view`, `bounds`
 * - `setView(view)`, `fit(bounds)`, `zoomTo(place, zoom)`, `zoomBy(step)`, `reveal(place, hidden)`, `resize()`
 * - `place(point)`, `point(place)`: between pixels of the container and the earth
 * - `addAreas(pane)`, `addDots()`, `addElements(options)`: layers with `set(items)` and
 *   `remove()`
 * - `addPin(options)`: one place that can be dragged
 * - `setTiles(tiles, onError)`
 */
export class LeafletEngine {
    static async load() {
        await loadBundle("territory_planning.map_lib");
        return {L: window.territoryLeaflet, Supercluster: window.Supercluster};
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
        this.L = L;
        this.el = el;
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
        this.map.on("mousemove", ({containerPoint}) => {
            const hit = onHover([containerPoint.x, containerPoint.y]);
            el.classList.toggle("o_territory_map_hit", Boolean(hit));
        });
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
            {padding: [32, 48], maxZoom: 13, animate}
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

    /** The container has another size; what was top left stays there. */
    resize() {
        this.map.invalidateSize({pan: false});
    }

    place([x, y]) {
        const {lng, lat} = this.map.containerPointToLatLng([x, y]);
        return [lng, lat];
    }

    point(place) {
        const {x, y} = this.map.latLngToContainerPoint(flip(place));
        return [x, y];
    }

    // ------------------------------------------------------------------- layers
    /**
     * Areas and lines on a canvas below everything that can be clicked.
     * Items: `{ geometry, style }`, style in Leaflet's words.
     */
    addAreas(pane) {
        const {L, map} = this;
        const renderer = L.canvas({pane, padding: 0.5});
        const group = L.layerGroup().addTo(map);
        return {
            set: (items) => {
                group.clearLayers();
                for (const {geometry, style} of items) {
                    L.geoJSON(geometry, {
                        renderer,
                        pane,
                        interactive: false,
                        style: () => style,
                    }).addTo(group);
                }
            },
            remove: () => {
                group.remove();
                renderer.remove();
            },
        };
    }

    /**
     * Round dots on a canvas. Items: `{ key, place, color, radius, faded, ring }`; an
     * item whose key stays is moved and painted anew, not made anew.
     */
    addDots() {
        const {L, map} = this;
        const renderer = L.canvas({pane: "dots", padding: 0.5});
        const dots = new Map();
        const options = ({color, radius, faded, ring}) => ({
            radius,
            fillColor: color,
            fillOpacity: faded ? 0.15 : 1,
            color: ring || "#ffffff",
            opacity: faded ? 0.3 : 1,
            weight: ring ? 3 : 1.5,
        });
        const set = (items) => {
            const keys = new Set();
            for (const item of items) {
                keys.add(item.key);
                const look = options(item);
                const dot = dots.get(item.key);
                const lookKey = JSON.stringify(look);
                if (!dot) {
                    const marker = L.circleMarker(flip(item.place), {
                        renderer,
                        pane: "dots",
                        interactive: false,
                        ...look,
                    }).addTo(map);
                    dots.set(item.key, {marker, lookKey});
                } else if (dot.lookKey !== lookKey) {
                    dot.marker.setStyle(look);
                    dot.marker.setRadius(look.radius);
                    dot.lookKey = lookKey;
                }
                if (item.ring) {
                    dots.get(item.key).marker.bringToFront();
                }
            }
            for (const [key, {marker}] of dots) {
                if (!keys.has(key)) {
                    marker.remove();
                    dots.delete(key);
                }
            }
        };
        return {
            set,
            remove: () => {
                set([]);
                renderer.remove();
            },
        };
    }

    /**
     * HTML elements at places. Items: `{ key, place, version, build }`; `build` makes
     * the element, and is called again only when `version` changes. An element that
     * stays keeps the focus. `onClick(item)` also hears the Enter key.
     */
    addElements({pane = "markerPane", className, onClick = null}) {
        const {L, map} = this;
        const shown = new Map();
        const set = (items) => {
            const keys = new Set();
            for (const item of items) {
                keys.add(item.key);
                const old = shown.get(item.key);
                if (old && old.item.version === item.version) {
                    old.item = item;
                    continue;
                }
                old?.marker.remove();
                const entry = {item};
                entry.marker = L.marker(flip(item.place), {
                    pane,
                    interactive: Boolean(onClick),
                    // the element itself is the one that takes the focus
                    keyboard: false,
                    icon: L.divIcon({
                        html: item.build(),
                        className,
                        iconSize: null,
                    }),
                });
                if (onClick) {
                    entry.marker.on("click", () => onClick(entry.item));
                }
                entry.marker.addTo(map);
                shown.set(item.key, entry);
            }
            for (const [key, {marker}] of shown) {
                if (!keys.has(key)) {
                    marker.remove();
                    shown.delete(key);
                }
            }
        };
        return {set, remove: () => set([])};
    }

    /**
     * A pin to be dragged, or pushed with the arrow keys. `set(place, label)` puts it
     * somewhere, or takes it away with null.
     *
     * @param {{ className: string, onMove: (place: number[]) => void }} options
     */
    addPin({className, onMove}) {
        const {L, map} = this;
        const STEPS = {
            ArrowUp: [0, -1],
            ArrowDown: [0, 1],
            ArrowLeft: [-1, 0],
            ArrowRight: [1, 0],
        };
        const icon = L.divIcon({className, iconSize: [32, 40], iconAnchor: [16, 40]});
        let marker = null;
        const place = () => {
            const {lng, lat} = marker.getLatLng().wrap();
            return [lng, lat];
        };
        const push = (ev) => {
            const step = STEPS[ev.key];
            if (!step) {
                return;
            }
            ev.preventDefault();
            ev.stopPropagation();
            const {x, y} = map.latLngToContainerPoint(marker.getLatLng());
            const far = ev.shiftKey ? 20 : 4;
            marker.setLatLng(
                map.containerPointToLatLng([x + far * step[0], y + far * step[1]])
            );
            onMove(place());
        };
        const make = (at) => {
            marker = L.marker(at, {
                icon,
                draggable: true,
                autoPan: true,
                keyboard: true,
            });
            marker.on("dragend", () => onMove(place()));
            marker.addTo(map);
            marker.getElement().addEventListener("keydown", push);
        };
        const remove = () => {
            marker?.remove();
            marker = null;
        };
        const set = (at, label = "") => {
            if (!at) {
                remove();
                return;
            }
            if (marker) {
                marker.setLatLng(flip(at));
            } else {
                make(flip(at));
            }
            marker.getElement().setAttribute("aria-label", label);
        };
        return {set, remove};
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
