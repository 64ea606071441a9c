import {Component, useEffect, useState} from "@odoo/owl";
import {useBareMap} from "../territory_map/bare_map";
import {LeafletDrawing} from "../territory_map/engines/leaflet_drawing";
import {rowsWithin} from "../territory_map/selection/lasso";

const REACH = 10; // pixels from a click to a dot

/** One map of a scenario: a dot per account in the colour of who would have it. */
export class ScenarioMap extends Component {
    static template = "territory_planning.ScenarioMap";
    static props = {
        dots: Array,
        rows: Object, // { longitudes, latitudes, length, scale }
        names: Array,
        bounds: {type: [Array, {value: null}]},
        label: String,
        drawing: Boolean,
        view: {type: [Object, {value: null}]},
        onView: Function,
        onLasso: Function,
    };

    setup() {
        this.state = useState({failed: "", tip: null});
        this.following = false;
        this.map = useBareMap({
            onReady: () => this.start(),
            onFailed: (sentence) => {
                this.state.failed = sentence;
            },
            onStop: () => this.stop(),
            onMove: () => this.moved(),
            onHover: (point) => this.hover(point),
        });
        useEffect(
            () => {
                this.layer?.set(this.props.dots);
            },
            () => [this.props.dots]
        );
        useEffect(
            () => {
                this.follow();
            },
            () => [this.props.view]
        );
        useEffect(
            () => {
                this.syncDrawing();
            },
            () => [this.props.drawing]
        );
    }

    get engine() {
        return this.map.engine;
    }

    start() {
        this.layer = this.engine.addDots();
        this.layer.set(this.props.dots);
        if (this.props.view) {
            this.follow();
        } else if (this.props.bounds) {
            this.engine.fit(this.props.bounds, {animate: false});
        }
        this.syncDrawing();
    }

    stop() {
        this.endDrawing();
        this.layer = null;
    }

    // ---------------------------------------------------- both maps show one place
    moved() {
        this.state.tip = null;
        if (!this.following && this.engine) {
            this.props.onView(this.engine.view);
        }
    }

    follow() {
        const {view} = this.props;
        if (!this.engine || !view) {
            return;
        }
        const {center, zoom} = this.engine.view;
        const same =
            zoom === view.zoom &&
            Math.abs(center[0] - view.center[0]) < 1e-6 &&
            Math.abs(center[1] - view.center[1]) < 1e-6;
        if (!same) {
            this.following = true;
            this.engine.setView(view);
            this.following = false;
        }
    }

    zoomBy(step) {
        this.engine?.zoomBy(step);
    }

    /** The name of the account under the mouse. */
    hover(point) {
        const {longitudes, latitudes, length} = this.props.rows;
        const [west, south] = this.engine.place([point[0] - REACH, point[1] + REACH]);
        const [east, north] = this.engine.place([point[0] + REACH, point[1] - REACH]);
        for (let row = 0; row < length; row++) {
            const [x, y] = [longitudes[row], latitudes[row]];
            if (x > west && x < east && y > south && y < north) {
                this.state.tip = {text: this.props.names[row], point};
                return false;
            }
        }
        this.state.tip = null;
        return false;
    }

    // ------------------------------------------------------------------ drawing
    async syncDrawing() {
        if (!this.props.drawing) {
            this.endDrawing();
            return;
        }
        if (!this.engine || this.wanted) {
            return;
        }
        const wanted = {};
        this.wanted = wanted;
        const library = await LeafletDrawing.load();
        if (this.wanted !== wanted) {
            return; // given up meanwhile
        }
        this.pencil = new LeafletDrawing(this.engine, {
            library,
            color: "#212529",
            // Not inside the library's own event: it goes on with the shape.
            onFinish: (geometry) =>
                Promise.resolve().then(() => this.finish(wanted, geometry)),
        });
        this.pencil.start("lasso");
        this.map.el.dataset.drawing = "1";
    }

    finish(wanted, geometry) {
        if (this.wanted === wanted && geometry.type === "Polygon") {
            this.props.onLasso(rowsWithin(this.props.rows, geometry));
        }
    }

    endDrawing() {
        this.wanted = null;
        this.pencil?.stop();
        this.pencil = null;
        if (this.map.el) {
            delete this.map.el.dataset.drawing;
        }
    }
}
