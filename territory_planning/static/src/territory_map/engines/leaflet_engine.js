import {loadBundle} from "@web/core/assets";

const PANES = {
    // name: z-index. Tiles are at Leaflet's 200, the buttons' pane at its 600.
    basemap: 150,
    heat: 300,
    areas: 410,
    labels: 420,
    dots: 450,
};
const AREAS_MANY = 500;
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
 *   `remove()`; `addPicture(pane, paint)`
 * - `addPin(options)`: one place that can be dragged
 * - `setTiles(tiles, onError)`
 */
export class LeafletEngine {
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
                // Beyond the edge less is painted in advance, or each move takes long.
                renderer.options.padding = items.length > AREAS_MANY ? 0.1 : 0.5;
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
     * A picture that is painted anew whenever the map has come to rest. `paint` gets the
     * frame, `{ x, y, scale, width, height }`, and answers `{ data, cell }`: an
     * ImageData of which each pixel covers `cell` pixels of the map.
     */
    addPicture(pane, paint) {
        const {L, map} = this;
        const canvas = document.createElement("canvas");
        canvas.className = "o_territory_map_picture leaflet-zoom-hide";
        map.getPane(pane).append(canvas);
        const redraw = () => {
            const {x: width, y: height} = map.getSize();
            const {x, y} = map.getPixelBounds().min;
            const scale = 256 * 2 ** map.getZoom();
            const {data, cell} = paint({x, y, scale, width, height});
            canvas.width = data.width;
            canvas.height = data.height;
            canvas.style.width = `${data.width * cell}px`;
            canvas.style.height = `${data.height * cell}px`;
            canvas.getContext("2d").putImageData(data, 0, 0);
            L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
        };
        map.on("moveend resize", redraw);
        return {
            redraw,
            remove: () => {
                map.off("moveend resize", redraw);
                canvas.remove();
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
                    // A click without a pointer comes from the keyboard.
                    entry.marker.on("click", ({originalEvent}) =>
                        onClick(entry.item, originalEvent.detail === 0)
                    );
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
