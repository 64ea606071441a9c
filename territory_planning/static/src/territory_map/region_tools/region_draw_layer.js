import {registry} from "@web/core/registry";
import {LeafletDrawing} from "../engines/leaflet_drawing";
import {CornerChoice} from "./corner_choice";
import {makeInside} from "./inside";
import {snapPlace} from "./snapping";

const COLOR = "#0072B2";
const CHOSEN = {color: "#212529", weight: 4, fill: false};
const OVERLAP = {color: "#D55E00", weight: 2, fillColor: "#D55E00", fillOpacity: 0.45};
const GAP = {
    color: "#212529",
    weight: 2,
    dashArray: "6 4",
    fillColor: "#6C757D",
    fillOpacity: 0.35,
};
const KM_PER_DEGREE = 111.195;

/**
 * Does on the map what the task at hand says: draws, lets corners be dragged, cuts. Shows
 * the region whose panel is open, overlaps and gaps; opens the panel of a region that is
 * clicked.
 */
export class RegionDrawLayer {
    constructor({engine, model, renderer, touch}) {
        this.engine = engine;
        this.model = model;
        this.renderer = renderer;
        this.touch = touch;
        this.tools = model.parts.regions;
        this.tools.drawer = this;
        this.drawing = null;
        this.task = null;
        this.marks = engine.addAreas("areas");
        this.corners = new CornerChoice(engine);
        this.shown = {};
    }

    update() {
        const {task} = this.tools;
        if (task !== this.task) {
            this.end();
            this.task = task;
            if (task) {
                this.begin();
            }
        }
        this.corners.follow(this.drawing);
        this.mark();
    }

    // ------------------------------------------------------------------ drawing
    begin() {
        const {task, tools} = this;
        const neighbours = this.model.regions.filter(
            ({area, id}) => area && id !== task.region?.id
        );
        this.drawing = new LeafletDrawing(this.engine, {
            library: task.library,
            color: COLOR,
            onFinish: (_geometry, id) => this.onFinish(id),
            onChange: () => tools.onShapeChange(),
            onCorner: (corner) => {
                this.corners.choose(corner);
                this.model.notify();
            },
            snap: (place) =>
                tools.snap && task.kind !== "split"
                    ? snapPlace(place, neighbours, this.engine, this.touch)
                    : undefined,
        });
        if (task.kind === "draw") {
            this.drawing.start("polygon");
        } else if (task.kind === "split") {
            this.drawing.start("line");
        } else {
            const ids = task.parts.map((part) => this.drawing.add(part));
            this.drawing.start("edit");
            const first = ids.find((id) => id !== null);
            if (first !== undefined) {
                this.drawing.select(first);
            }
            this.drawing.forget();
        }
        tools.onShapeChange();
    }

    onFinish(id) {
        if (this.task.kind === "draw") {
            // Not while Terra Draw is still in the middle of telling.
            Promise.resolve().then(() => this.drawing?.select(id));
        }
        this.tools.onOutlineClosed();
    }

    finish() {
        if (this.drawing && this.drawing.mode !== "edit") {
            this.drawing.finish();
        }
    }

    end() {
        this.drawing?.stop();
        this.drawing = null;
    }

    get isComplete() {
        const shapes = this.drawing?.shapes || [];
        return Boolean(
            shapes.length &&
            shapes.every(({properties}) => !properties.currentlyDrawing)
        );
    }

    /** What is drawn, as a MultiPolygon; null while there is no area in it. */
    area() {
        const outlines = (this.drawing?.shapes || [])
            .filter(({geometry}) => geometry.type === "Polygon")
            .map(({geometry}) => geometry.coordinates)
            .filter(([outer]) => outer.length > 3);
        return outlines.length ? {type: "MultiPolygon", coordinates: outlines} : null;
    }

    line() {
        const lines = (this.drawing?.shapes || []).filter(
            ({geometry: {type, coordinates}}) =>
                type === "LineString" && coordinates.length > 1
        );
        return lines.at(-1)?.geometry;
    }

    kmPerPixel() {
        const [a, b] = [this.engine.place([0, 0]), this.engine.place([0, 100])];
        return (Math.abs(a[1] - b[1]) * KM_PER_DEGREE) / 100;
    }

    // -------------------------------------------------------------------- marks
    mark() {
        const {panel} = this.model;
        const {problems} = this.tools;
        const region =
            panel?.kind === "region" ? this.tools.region(panel.params.id) : null;
        if (region === this.shown.region && problems === this.shown.problems) {
            return;
        }
        this.shown = {region, problems};
        this.marks.set([
            ...(region?.area ? [{geometry: region.area, style: CHOSEN}] : []),
            ...(problems?.gaps || []).map(({geometry}) => ({geometry, style: GAP})),
            ...(problems?.overlaps || []).map(({geometry}) => ({
                geometry,
                style: OVERLAP,
            })),
        ]);
    }

    /** An account is what is meant where one is; else the smallest region there. */
    click(point) {
        if (this.task) {
            return true;
        }
        if (this.renderer.accounts.hit(point)) {
            return false;
        }
        const [x, y] = this.engine.place(point);
        const size = ({bounds: [west, south, east, north]}) =>
            (east - west) * (north - south);
        const found = this.model.shownRegions
            .filter(
                ({bounds, area}) =>
                    x >= bounds[0] &&
                    x <= bounds[2] &&
                    y >= bounds[1] &&
                    y <= bounds[3] &&
                    makeInside(area)(x, y)
            )
            .sort((a, b) => size(a) - size(b));
        if (found.length) {
            this.model.openPanel("region", {params: {id: found[0].id}});
        }
        return found.length > 0;
    }

    zoomTo(region) {
        this.renderer.fitRegion(region);
    }

    fit(bounds) {
        this.engine.fit(bounds);
    }
}

registry
    .category("territory_map_layers")
    .add("regions", (context) => new RegionDrawLayer(context));
