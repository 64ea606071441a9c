import {roundStep} from "../axis";

/** Where everything of a response curve goes in a picture: pure, from payload to pixels. */

const EDGE = 8;
const TOP = 14;
const BOTTOM = 34;
/** Quarters further out than this multiple of the curve are drawn at the upper edge. */
const OUTLIER = 1.6;

const finite = (values) => values.filter(Number.isFinite);

export class ResponseShape {
    /**
     * @param {Object} curve what `get_territory_curve` answers
     * @param {Object} options
     * @param {number} options.width pixels
     * @param {number} [options.height]
     * @param {Array} [options.draft] `[effort, sales]` of answers that are being given
     * @param {number} [options.draftMost] sales with endless effort among them
     */
    constructor(curve, {width, height, draft = [], draftMost = null}) {
        this.curve = curve;
        this.draft = draft;
        this.draftMost = draftMost;
        this.width = width;
        this.height = height || Math.round(Math.min(Math.max(width * 0.64, 210), 340));
        this.left = EDGE;
        this.right = width - EDGE;
        this.top = TOP;
        this.bottom = this.height - BOTTOM;
        this.mostEffort = Math.max(
            ...finite([
                ...curve.effort.slice(-1),
                ...this.draft.map(([effort]) => effort),
            ]),
            0.1
        );
        this.mostSales = this.findMostSales();
    }

    findMostSales() {
        const {curve} = this;
        const [, upper] = curve.believed;
        const inside = curve.high.filter((_sales, i) => curve.effort[i] <= upper);
        const drawn = finite([
            ...inside,
            ...curve.mean,
            ...this.draft.map(([, sales]) => sales),
            this.draftMost,
            ...(curve.answered || []),
            ...curve.judged.flatMap(({points}) => points.map(([, sales]) => sales)),
        ]);
        const most = Math.max(...drawn, 1e-9);
        const seen = finite(curve.points.map(({sales}) => sales));
        return Math.max(most, Math.min(Math.max(...seen, 0), OUTLIER * most)) * 1.06;
    }

    // ------------------------------------------------------------------- scales
    x(effort) {
        const share = Math.min(Math.max(effort / this.mostEffort, 0), 1);
        return round(this.left + share * (this.right - this.left));
    }

    y(sales) {
        const share = Math.min(Math.max(sales / this.mostSales, 0), 1);
        return round(this.bottom - share * (this.bottom - this.top));
    }

    ticks(most, place) {
        const step = roundStep(most);
        const ticks = [];
        for (let value = 0; value <= most * 1.0001; value += step) {
            ticks.push({value: Number(value.toFixed(9)), at: place(value)});
        }
        return ticks;
    }

    get effortTicks() {
        return this.ticks(this.mostEffort, (value) => this.x(value));
    }

    get salesTicks() {
        return this.ticks(this.mostSales, (value) => this.y(value)).slice(1);
    }

    // -------------------------------------------------------------------- lines
    line(sales, keep = () => true) {
        const parts = [];
        let open = false;
        this.curve.effort.forEach((effort, i) => {
            if (keep(effort) && Number.isFinite(sales[i])) {
                parts.push(`${open ? "L" : "M"}${this.x(effort)} ${this.y(sales[i])}`);
                open = true;
            } else {
                open = false;
            }
        });
        return parts.join("");
    }

    get believedLine() {
        return this.line(this.curve.mean, (effort) => this.isBelieved(effort));
    }

    /** The whole curve, drawn faintly below what is believed of it. */
    get wholeLine() {
        return this.line(this.curve.mean);
    }

    isBelieved(effort) {
        const [lower, upper] = this.curve.believed;
        const step = this.curve.effort[1] - this.curve.effort[0];
        return effort >= lower - step / 2 && effort <= upper + step / 2;
    }

    band(keep) {
        const rows = this.curve.effort
            .map((effort, i) => [effort, this.curve.low[i], this.curve.high[i]])
            .filter(([effort]) => keep(effort));
        if (rows.length < 2) {
            return "";
        }
        const high = rows.map(([effort, , sales]) => [effort, sales]);
        const low = rows.map(([effort, sales]) => [effort, sales]).reverse();
        return `M${this.corners([...high, ...low])}Z`;
    }

    get believedBand() {
        return this.band((effort) => this.isBelieved(effort));
    }

    corners(points) {
        return points
            .map(([effort, sales]) => `${this.x(effort)} ${this.y(sales)}`)
            .join("L");
    }

    get draftLine() {
        return this.draft.length ? `M${this.corners(this.draft)}` : "";
    }

    // -------------------------------------------------------------------- marks
    /** A diamond: told apart from a circle without its colour. */
    diamond([effort, sales], size = 6) {
        const [x, y] = [this.x(effort), this.y(sales)];
        return `M${x} ${y - size}L${x + size} ${y}L${x} ${y + size}L${x - size} ${y}Z`;
    }

    get quarters() {
        return this.curve.points.map((point, key) => ({
            ...point,
            key,
            x: this.x(point.effort),
            y: this.y(point.sales),
            beyond: point.sales > this.mostSales,
        }));
    }

    get flat() {
        const {flat} = this.curve;
        if (!flat || !(flat[1] > flat[0])) {
            return null;
        }
        const x = this.x(flat[0]);
        return {x, width: Math.max(this.x(flat[1]) - x, 3)};
    }

    /** A mark and the place of its word, kept inside the picture. */
    mark(point) {
        const [x, y] = [this.x(point.effort), this.y(point.sales)];
        const anchor =
            x < this.left + 40 ? "start" : x > this.right - 40 ? "end" : "middle";
        return {x, y, anchor};
    }
}

function round(pixels) {
    return Math.round(pixels * 10) / 10;
}
