/** As many in one place can be told apart around it; more are a list. */
export const FAN_MAX = 12;
/** Between two neighbours on the circle, in pixels: a thumb's width. */
const GAP = 30;
const RADIUS_MIN = 38;

/**
 * Where to draw records of one place around it, first on top, clockwise.
 *
 * @param {number} n
 * @returns {number[][]} [x, y] from the place, in pixels
 */
export function fanOffsets(n) {
    const radius = Math.max(RADIUS_MIN, (n * GAP) / (2 * Math.PI));
    return Array.from({length: n}, (_unused, i) => {
        const angle = (2 * Math.PI * i) / n - Math.PI / 2;
        return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
}

/** Records of one place, fanned out around it until the map zooms. */
export class Fan {
    constructor(engine) {
        this.engine = engine;
        this.legs = engine.addAreas("areas");
        this.open = null;
    }

    /** @param {Object} cluster with `place`; @param {number[]} rows */
    unfold(cluster, rows) {
        const {engine} = this;
        const [x, y] = engine.point(cluster.place);
        const places = fanOffsets(rows.length).map(([dx, dy]) =>
            engine.place([x + dx, y + dy])
        );
        this.open = {
            key: `${cluster.place}`,
            zoom: engine.view.zoom,
            singles: rows.map((row, i) => ({row, place: places[i]})),
        };
        this.legs.set(
            places.map((place) => ({
                geometry: {type: "LineString", coordinates: [cluster.place, place]},
                style: {color: "#495057", weight: 1.5, opacity: 0.8},
            }))
        );
    }

    fold() {
        this.open = null;
        this.legs.set([]);
    }

    /** The records to draw now; none once the map has another scale. */
    get singles() {
        if (this.open && this.open.zoom !== this.engine.view.zoom) {
            this.fold();
        }
        return this.open?.singles || [];
    }
}
