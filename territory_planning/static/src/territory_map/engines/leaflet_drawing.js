import {loadBundle} from "@web/core/assets";

/** Nine decimals of a degree are a tenth of a millimetre. */
const PRECISION = 9;

/**
 * Drawing on the map with mouse, finger or pen: the part of the map engine that is loaded
 * only when somebody draws. Shapes are GeoJSON, places `[longitude, latitude]`.
 *
 * - `await LeafletDrawing.load()`, `new LeafletDrawing(engine, options)`, `stop()`
 * - `start(mode)`: `lasso` (a free hand's loop), `polygon` (point by point), `line`, or
 *   `edit` (drag corners, add them, delete them)
 * - `shapes`, `add(geometry)`, `clear()`
 */
export class LeafletDrawing {
    static async load() {
        await loadBundle("territory_planning.draw_lib");
        return window.territoryDraw;
    }

    /**
     * @param {import("./leaflet_engine").LeafletEngine} engine
     * @param {Object} options
     * @param {Object} options.library from `load`
     * @param {string} options.color
     * @param {Function} [options.onFinish] with the geometry of a shape that is complete
     * @param {Function} [options.onChange] something has been drawn, moved or deleted
     */
    constructor(engine, {library, color, onFinish, onChange}) {
        this.engine = engine;
        this.library = library;
        this.draw = new library.TerraDraw({
            adapter: new library.TerraDrawLeafletAdapter({
                lib: engine.L,
                map: engine.map,
                coordinatePrecision: PRECISION,
            }),
            modes: this.modes(color),
        });
        this.draw.start();
        this.draw.on("finish", (id) => {
            const shape = this.draw.getSnapshotFeature(id);
            if (shape) {
                onFinish?.(shape.geometry);
            }
        });
        this.draw.on("change", () => onChange?.());
        // Terra Draw must hear what the layers above it would swallow.
        engine.el.classList.add("o_territory_map_drawing");
        engine.map.doubleClickZoom.disable();
    }

    modes(color) {
        const {library} = this;
        const styles = {
            fillColor: color,
            fillOpacity: 0.15,
            outlineColor: color,
            outlineWidth: 2,
        };
        return [
            new library.TerraDrawFreehandMode({
                drawInteraction: "click-move-or-drag",
                styles,
            }),
            new library.TerraDrawPolygonMode({styles}),
            new library.TerraDrawLineStringMode({
                styles: {lineStringColor: color, lineStringWidth: 3},
            }),
            new library.TerraDrawSelectMode({
                flags: Object.fromEntries(
                    ["polygon", "freehand"].map((mode) => [
                        mode,
                        {
                            feature: {
                                coordinates: {
                                    midpoints: true,
                                    draggable: true,
                                    deletable: true,
                                },
                            },
                        },
                    ])
                ),
            }),
        ];
    }

    start(mode) {
        const names = {
            lasso: "freehand",
            polygon: "polygon",
            line: "linestring",
            edit: "select",
        };
        this.draw.setMode(names[mode]);
    }

    get shapes() {
        return this.draw.getSnapshot().filter(({properties}) => !properties.midPoint);
    }

    /** @returns {string|number} the id of the shape, to select it */
    add(geometry, mode = "polygon") {
        const [{id}] = this.draw.addFeatures([
            {type: "Feature", geometry, properties: {mode}},
        ]);
        return id;
    }

    clear() {
        this.draw.clear();
    }

    stop() {
        this.draw.stop();
        this.engine.el.classList.remove("o_territory_map_drawing");
        this.engine.map.doubleClickZoom.enable();
    }
}
