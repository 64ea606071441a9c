import {Component, useEffect, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useBareMap} from "../territory_map/bare_map";

/** How close to look, by how well the place is known. */
const ZOOM = {rooftop: 16, street: 15, manual: 15, postcode: 12, city: 11, country: 5};
const ZOOM_OTHER = 12;
const ZOOM_BUILT_IN = 6; // the built-in map has no streets to look at

/** The map beside the list: one pin, to be dragged, and where it was before. */
export class PlacesMap extends Component {
    static template = "territory_planning.PlacesMap";
    static props = {
        rowId: [Number, {value: null}],
        name: String,
        precision: {type: [String, Boolean]},
        stored: {type: [Array, {value: null}]},
        pin: {type: [Array, {value: null}]},
        tiles: {type: [Object, Boolean]},
        attribution: String,
        onMove: Function,
    };

    setup() {
        this.state = useState({failed: "", notice: ""});
        this.map = useBareMap({
            onReady: () => this.start(),
            onFailed: (sentence) => {
                this.state.failed = sentence;
            },
            onClick: (point) => this.onClick(point),
        });
        useEffect(
            () => this.draw(),
            () => [
                this.props.rowId,
                this.props.pin,
                this.props.stored,
                this.props.tiles,
            ]
        );
    }

    get engine() {
        return this.map.engine;
    }

    start() {
        this.before = this.engine.addDots();
        this.pin = this.engine.addPin({
            className: "o_territory_pin",
            onMove: (place) => this.props.onMove(place),
        });
        this.draw();
    }

    draw() {
        if (!this.engine) {
            return;
        }
        const {rowId, name, pin, stored, tiles} = this.props;
        if (tiles !== this.shownTiles) {
            this.shownTiles = tiles;
            this.engine.setTiles(tiles || null, () => this.onTileError());
        }
        const moved = stored && pin && String(stored) !== String(pin);
        this.before.set(
            moved ? [{key: "before", place: stored, color: "#6c757d", radius: 6}] : []
        );
        this.pin.set(
            pin,
            _t("Place of %s: drag it, or push it with the arrow keys", name)
        );
        if (rowId !== this.shownId) {
            this.shownId = rowId;
            if (pin) {
                this.engine.setView({center: pin, zoom: this.zoom});
            }
        } else if (pin && !this.isSeen(pin)) {
            this.engine.setView({center: pin, zoom: this.zoom});
        }
    }

    isSeen([longitude, latitude]) {
        const [west, south, east, north] = this.engine.bounds;
        return (
            longitude > west && longitude < east && latitude > south && latitude < north
        );
    }

    get zoom() {
        const zoom = ZOOM[this.props.precision] || ZOOM_OTHER;
        return this.props.tiles ? zoom : Math.min(zoom, ZOOM_BUILT_IN);
    }

    onClick(point) {
        if (this.props.rowId) {
            this.props.onMove(this.engine.place(point));
        }
    }

    onTileError() {
        this.engine.setTiles(null);
        this.state.notice = _t(
            "The street map cannot be reached. The built-in map is shown instead."
        );
    }

    zoomBy(step) {
        this.engine?.zoomBy(step);
    }
}
