import {xOf, yOf} from "./mercator";

const MINE = 1;
const DOUBT = 2;
/** The share of records at either side that may lie outside of what is seen first. */
const OUTSIDE = 0.01;
const SORTED_MAX = 5_000;
const BINS = 4096;

/**
 * The records on the map, as columns. A record is its row number here; nothing else
 * of it is in the browser until it is clicked.
 */
export class Points {
    /** @param {ReturnType<typeof import("./codec").decode>} decoded */
    constructor({header, columns}) {
        this.header = header;
        this.length = header.n;
        this.ids = columns.get("id");
        this.longitudes = columns.get("longitude");
        this.latitudes = columns.get("latitude");
        this.values = columns.get("value") || null;
        this.statuses = columns.get("status") || null;
        this.columns = columns;
        this.scale = {longitude: 1, latitude: 1, value: 1, ...header.scale};
    }

    get placeless() {
        return this.header.placeless || 0;
    }

    /** Where each is on the square of the whole world, each side 0 to 1 (Mercator). */
    get projected() {
        if (!this.squares) {
            const {longitudes, latitudes, scale, length} = this;
            const x = new Float64Array(length);
            const y = new Float64Array(length);
            for (let row = 0; row < length; row++) {
                x[row] = xOf(longitudes[row] / scale.longitude);
                y[row] = yOf(latitudes[row] / scale.latitude);
            }
            this.squares = {x, y};
        }
        return this.squares;
    }

    place(row) {
        return [
            this.longitudes[row] / this.scale.longitude,
            this.latitudes[row] / this.scale.latitude,
        ];
    }

    value(row) {
        return this.values ? this.values[row] * this.scale.value : 0;
    }

    isMine(row) {
        return Boolean(this.statuses && this.statuses[row] & MINE);
    }

    /** Whether a record is drawn where it may well not be. */
    isDoubtful(row) {
        return Boolean(this.statuses && this.statuses[row] & DOUBT);
    }

    /** How many are. */
    get doubtful() {
        if (this.doubts === undefined) {
            this.doubts = 0;
            for (const status of this.statuses || []) {
                this.doubts += (status & DOUBT) / DOUBT;
            }
        }
        return this.doubts;
    }

    rowOf(id) {
        return this.ids.indexOf(id);
    }

    /** Whether at least one record lies in a box (west, south, east, north). */
    anyWithin([west, south, east, north]) {
        for (let row = 0; row < this.length; row++) {
            const [x, y] = this.place(row);
            if (x >= west && x <= east && y >= south && y <= north) {
                return true;
            }
        }
        return false;
    }

    /** The rows of the records in a box, which may reach over the date line. */
    rowsWithin(bounds) {
        const rows = [];
        this.visitWithin(bounds, (row) => rows.push(row));
        return rows;
    }

    countWithin(bounds) {
        let count = 0;
        this.visitWithin(bounds, () => count++);
        return count;
    }

    visitWithin([west, south, east, north], visit) {
        const {longitudes, latitudes, scale} = this;
        const [low, high] = [south * scale.latitude, north * scale.latitude];
        const turn = 360 * scale.longitude;
        const [left, right] = [west * scale.longitude, east * scale.longitude];
        for (let row = 0; row < this.length; row++) {
            const y = latitudes[row];
            let x = longitudes[row];
            if (x < left) {
                x += turn;
            } else if (x > right) {
                x -= turn;
            }
            if (y >= low && y <= high && x >= left && x <= right) {
                visit(row);
            }
        }
    }

    /** Sum of the values of all records; null when there is nothing to add up. */
    get total() {
        if (!this.values) {
            return null;
        }
        let sum = 0;
        for (const value of this.values) {
            sum += value;
        }
        return sum * this.scale.value;
    }

    /** A value that one record in twenty exceeds: the size of the largest dots. */
    get largeValue() {
        if (this.large === undefined) {
            const values = (this.values || new Int32Array()).slice().sort();
            const top = values[Math.floor(values.length * 0.95)] || values.at(-1) || 0;
            this.large = Math.max(top * this.scale.value, 1);
        }
        return this.large;
    }

    /** The category numbers of a field and what they stand for, from 1; 0 is none. */
    categories(field) {
        const codes = this.columns.get(field);
        const table = this.header.categories?.[field];
        return codes && table ? {codes, table} : {codes: null, table: []};
    }

    /**
     * The box to show first: around the user's own records, or all if there are none.
     * One record in a hundred on each side may lie outside, so that a single wrong
     * address does not turn a map of Bavaria into one of the world.
     *
     * @returns {[number, number, number, number]|null} west, south, east, north
     */
    homeBounds() {
        const mine = [];
        for (let row = 0; row < this.length; row++) {
            if (this.isMine(row)) {
                mine.push(row);
            }
        }
        const pick = (column) =>
            mine.length ? Int32Array.from(mine, (row) => column[row]) : column;
        if (!this.length) {
            return null;
        }
        const [west, east] = middleOf(pick(this.longitudes), OUTSIDE);
        const [south, north] = middleOf(pick(this.latitudes), OUTSIDE);
        const {longitude, latitude} = this.scale;
        return [west / longitude, south / latitude, east / longitude, north / latitude];
    }
}

/**
 * Between which numbers all lie but a share at either end. Many are counted in bins
 * instead of being sorted, and the answer is then as fine as a bin: a map is fitted to it.
 *
 * @param {Int32Array} numbers
 * @param {number} share
 * @returns {[number, number]}
 */
export function middleOf(numbers, share) {
    const out = Math.floor(numbers.length * share);
    if (numbers.length < SORTED_MAX) {
        const sorted = numbers.slice().sort();
        return [sorted[out], sorted[sorted.length - 1 - out]];
    }
    let least = numbers[0];
    let most = numbers[0];
    for (const number of numbers) {
        least = Math.min(least, number);
        most = Math.max(most, number);
    }
    const width = (most - least + 1) / BINS;
    const counts = new Uint32Array(BINS);
    for (const number of numbers) {
        counts[Math.floor((number - least) / width)]++;
    }
    let low = 0;
    for (let left = out; left >= counts[low]; low++) {
        left -= counts[low];
    }
    let high = BINS - 1;
    for (let left = out; left >= counts[high]; high--) {
        left -= counts[high];
    }
    return [least + low * width, Math.min(least + (high + 1) * width, most)];
}
