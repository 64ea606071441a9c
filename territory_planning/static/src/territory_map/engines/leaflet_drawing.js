import {loadBundle} from "@web/core/assets";

/** Nine decimals of a degree are a tenth of a millimetre. */
const PRECISION = 9;
/** How near a finger or a mouse must come to a corner, in pixels. */
const REACH = 24;

const round = (value) => Number(value.toFixed(PRECISION));
const isNumber = (value) => typeof value === "number";

/** A shape as Terra Draw takes it: longitude and latitude, no more decimals than it has. */
function rounded(coordinates) {
    return isNumber(coordinates[0])
        ? coordinates.slice(0, 2).map(round)
        : coordinates.map(rounded);
}

/**
 * Drawing on the map with mouse, finger or pen: the part of the map engine that is loaded
 * only when somebody draws. Shapes are GeoJSON, places `[longitude, latitude]`.
 *
 * - `await LeafletDrawing.load()`, `new LeafletDrawing(engine, options)`, `stop()`
 * - `start(mode)`: `lasso` (a free hand's loop), `polygon` (point by point), `line`, or
 *   `edit` (drag corners, add them, delete them)
 * - `finish()`: complete what is being drawn, as the Enter key does
 * - `shapes`, `add(geometry)`, `select(id)`, `clear()`
 * - `corners`, `moveCorner(corner, place)`, `removeCorner(corner)`: of what is edited
 * - `undo()`, `redo()`, `canUndo`, `canRedo`: corners while drawing, then whole steps
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
     * @param {Function} [options.onFinish] with the geometry of a shape that is complete,
     *      and its id
     * @param {Function} [options.onChange] something has been drawn, moved or deleted
     * @param {Function} [options.onCorner] with the corner a finger or the mouse has just
     *      left, as in `corners`, or null, while editing
     * @param {Function} [options.snap] from a place to the one to take instead, if any
     */
    constructor(engine, {library, color, onFinish, onChange, onCorner, snap}) {
        this.engine = engine;
        this.library = library;
        this.mode = null;
        this.onCorner = onCorner;
        this.onPointerUp = (ev) => this.tellCorner(ev);
        engine.el.addEventListener("pointerup", this.onPointerUp);
        this.draw = new library.TerraDraw({
            adapter: new library.TerraDrawLeafletAdapter({
                lib: engine.L,
                map: engine.map,
                coordinatePrecision: PRECISION,
            }),
            modes: this.modes(color, snap),
            undoRedo: {
                modeLevel: new library.TerraDrawModeUndoRedo(),
                sessionLevel: new library.TerraDrawSessionUndoRedo(),
            },
        });
        this.draw.start();
        this.draw.on("finish", (id, context) => {
            const shape = this.draw.getSnapshotFeature(id);
            // Also said of each corner that has been dragged: that is a change.
            if (shape && context?.action === "draw") {
                onFinish?.(shape.geometry, id);
            } else {
                onChange?.();
            }
        });
        this.draw.on("change", () => onChange?.());
        // Terra Draw must hear what the layers above it would swallow.
        engine.el.classList.add("o_territory_map_drawing");
        engine.map.doubleClickZoom.disable();
    }

    modes(color, snap) {
        const {library} = this;
        const styles = {
            fillColor: color,
            fillOpacity: 0.15,
            outlineColor: color,
            outlineWidth: 2,
            closingPointColor: color,
            closingPointWidth: 8,
        };
        const snapping = snap
            ? {toCustom: ({lng, lat}) => snap([lng, lat])?.map(round)}
            : undefined;
        const corners = {
            feature: {
                draggable: false,
                coordinates: {
                    midpoints: true,
                    draggable: true,
                    deletable: true,
                    snappable: snapping || false,
                },
            },
        };
        return [
            new library.TerraDrawFreehandMode({
                drawInteraction: "click-move-or-drag",
                styles,
            }),
            new library.TerraDrawPolygonMode({
                styles,
                snapping,
                pointerDistance: REACH,
                showCoordinatePoints: true,
            }),
            new library.TerraDrawLineStringMode({
                styles: {lineStringColor: color, lineStringWidth: 3},
                pointerDistance: REACH,
            }),
            new library.TerraDrawSelectMode({
                pointerDistance: REACH,
                flags: {polygon: corners, freehand: corners},
                styles: {
                    selectedPolygonColor: color,
                    selectedPolygonFillOpacity: 0.15,
                    selectedPolygonOutlineColor: color,
                    selectedPolygonOutlineWidth: 3,
                    selectionPointColor: "#ffffff",
                    selectionPointOutlineColor: color,
                    selectionPointOutlineWidth: 3,
                    selectionPointWidth: 6,
                    midPointColor: color,
                    midPointOpacity: 0.6,
                    midPointWidth: 4,
                    midPointOutlineColor: "#ffffff",
                    midPointOutlineWidth: 1,
                },
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
        this.mode = mode;
        this.draw.setMode(names[mode]);
    }

    /** Complete what is being drawn: Terra Draw knows this as a key on the map only. */
    finish() {
        this.engine.el.dispatchEvent(
            new KeyboardEvent("keyup", {key: "Enter", bubbles: false})
        );
    }

    get shapes() {
        return this.draw.getSnapshot().filter(({geometry, properties}) => {
            const helps = properties.midPoint || properties.selectionPoint;
            return !helps && geometry.type !== "Point";
        });
    }

    /** @returns {string|number|null} the id of the shape, to select it; null if refused */
    add(geometry, mode = "polygon") {
        const [{id, valid}] = this.draw.addFeatures([
            {
                type: "Feature",
                geometry: {
                    type: geometry.type,
                    coordinates: rounded(geometry.coordinates),
                },
                properties: {mode},
            },
        ]);
        return valid ? id : null;
    }

    /** Show the corners of a shape, to be dragged. */
    select(id) {
        this.draw.selectFeature(id);
        this.mode = "edit";
    }

    clear() {
        this.draw.clear();
    }

    // ------------------------------------------------------------------ corners
    /** The corners of all areas: `{ id, index, place }`, each once. */
    get corners() {
        return this.shapes
            .filter(({geometry}) => geometry.type === "Polygon")
            .flatMap(({id, geometry}) =>
                geometry.coordinates[0]
                    .slice(0, -1)
                    .map((place, index) => ({id, index, place}))
            );
    }

    tellCorner(ev) {
        if (this.mode !== "edit" || !this.onCorner) {
            return;
        }
        const box = this.engine.el.getBoundingClientRect();
        const at = [ev.clientX - box.left, ev.clientY - box.top];
        // Terra Draw hears the same event and may just be about to move or add one.
        setTimeout(() => this.mode === "edit" && this.onCorner(this.cornerAt(at)));
    }

    /** The corner nearest to a point of the container, if one is in reach. */
    cornerAt([x, y]) {
        let found = null;
        let least = REACH;
        for (const corner of this.corners) {
            const [cx, cy] = this.engine.point(corner.place);
            const distance = Math.hypot(cx - x, cy - y);
            if (distance < least) {
                least = distance;
                found = corner;
            }
        }
        return found;
    }

    /** @returns {boolean} false if the area has but three corners */
    removeCorner({id, index}) {
        const ring = this.ring(id);
        if (ring.length <= 3) {
            return false;
        }
        ring.splice(index, 1);
        this.setRing(id, ring);
        return true;
    }

    moveCorner({id, index}, place) {
        const ring = this.ring(id);
        ring[index] = rounded(place);
        this.setRing(id, ring);
    }

    ring(id) {
        return this.draw.getSnapshotFeature(id).geometry.coordinates[0].slice(0, -1);
    }

    setRing(id, ring) {
        const coordinates = [[...ring, ring[0]]];
        this.draw.updateFeatureGeometry(id, {type: "Polygon", coordinates});
    }

    // --------------------------------------------------------------------- undo
    get canUndo() {
        return this.draw.canUndo();
    }

    get canRedo() {
        return this.draw.canRedo();
    }

    undo() {
        return this.draw.undo();
    }

    redo() {
        return this.draw.redo();
    }

    /** What is there now is where undoing ends. */
    forget() {
        this.draw.clearUndoRedoHistory();
    }

    stop() {
        this.mode = null;
        this.engine.el.removeEventListener("pointerup", this.onPointerUp);
        this.draw.stop();
        this.engine.el.classList.remove("o_territory_map_drawing");
        this.engine.map.doubleClickZoom.enable();
        this.engine.map.dragging.enable();
    }
}
