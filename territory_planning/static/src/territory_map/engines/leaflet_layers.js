const AREAS_MANY = 500;
/** How far beyond what is seen areas are painted, as a share of it. */
const AREAS_PADDING = 0.5;
/** How far beyond what is seen dots are drawn, as a share of it. */
export const MARGIN = 0.1;

/** Leaflet takes latitude first; everything else here takes longitude first. */
export const flip = ([a, b]) => [b, a];

/**
 * A canvas that is painted anew only when the map shows what lies beyond it, where
 * Leaflet's own is after each move: thousands of areas take longer than a frame. It lies
 * in the pane that is moved, so what is painted stays in its place.
 */
function steadyCanvas(L, options) {
    const renderer = L.canvas(options);
    const update = renderer._update;
    let origin = null;
    renderer._update = function () {
        const {_map: map, _bounds: painted, _zoom: zoom} = this;
        const now = map.getPixelOrigin();
        const corner = map.containerPointToLayerPoint([0, 0]);
        const seen = L.bounds(corner, corner.add(map.getSize()));
        if (
            painted &&
            zoom === map.getZoom() &&
            now === origin &&
            painted.contains(seen)
        ) {
            return;
        }
        origin = now;
        update.call(this);
    };
    return renderer;
}

/** What the map engine can put on the map: areas, dots, pictures, elements and a pin. */
export const withLayers = (Base) =>
    class extends Base {
        /**
         * Areas and lines on a canvas below everything that can be clicked.
         * Items: `{ geometry, style }`, style in Leaflet's words.
         */
        addAreas(pane) {
            const {L, map} = this;
            const renderer = steadyCanvas(L, {pane, padding: AREAS_PADDING});
            const group = L.layerGroup().addTo(map);
            return {
                set: (items) => {
                    group.clearLayers();
                    // Of many, less is painted in advance, or each time takes long.
                    renderer.options.padding =
                        items.length > AREAS_MANY ? AREAS_PADDING / 2 : AREAS_PADDING;
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
         * Round dots on a canvas. Items: `{ key, place, color, radius, faded, ring, hollow }`;
         * an item whose key stays is moved and painted anew, not made anew. A hollow one
         * is a dashed ring: told apart by its form, whatever the colours.
         */
        addDots() {
            const {L, map} = this;
            // No more than is queried beyond the edge: a canvas is cleared on each move.
            const renderer = L.canvas({pane: "dots", padding: MARGIN});
            const dots = new Map();
            const options = ({color, radius, faded, ring, hollow}) => ({
                radius,
                fillColor: hollow ? "#ffffff" : color,
                fillOpacity: faded ? 0.15 : 1,
                color: ring || (hollow ? color : "#ffffff"),
                opacity: faded ? 0.3 : 1,
                weight: ring || hollow ? 3 : 1.5,
                dashArray: hollow ? "4 2.5" : null,
                // round ends would fill the gaps of a line as thick as that
                lineCap: hollow ? "butt" : "round",
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
            const icon = L.divIcon({
                className,
                iconSize: [32, 40],
                iconAnchor: [16, 40],
            });
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
    };
