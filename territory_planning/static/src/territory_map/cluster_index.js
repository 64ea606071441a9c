import {latitudeOf, longitudeOf, xOf, yOf} from "./mercator";

/** Closest two things drawn may come, in pixels: a thumb still hits the right one. */
const RADIUS = 44;
const TILE = 256;
const MIN_ZOOM = 2;
/** Beyond it only what is closer than a house to the next is still together. */
const MAX_ZOOM = 16;

/**
 * What to draw where at a zoom: clusters with their count, and single records. Knows
 * points, not maps, and nothing of colours: so another colour needs no new index.
 *
 * A zoom is worked out when it is first asked for and kept: one pass over the records,
 * so that a map of 100,000 is there at once and a zoom nobody goes to costs nothing.
 */
export class ClusterIndex {
    /** @param {import("./points").Points} points */
    constructor(points) {
        this.points = points;
        this.levels = new Map();
    }

    level(zoom) {
        const whole = Math.min(Math.max(Math.floor(zoom), MIN_ZOOM), MAX_ZOOM);
        let level = this.levels.get(whole);
        if (!level) {
            const {x, y} = this.points.projected;
            level = new Level(x, y, RADIUS / (TILE * 2 ** whole));
            this.levels.set(whole, level);
        }
        return [level, whole];
    }

    /**
     * @param {[number, number, number, number]} bounds west, south, east, north; no
     *      further west or east than a whole turn
     * @param {number} zoom
     * @returns {{ clusters: Object[], singles: Object[] }} a cluster has `members`, the
     *      rows of its records, and an `id` of its own among all zooms
     */
    query([west, south, east, north], zoom) {
        const [level, whole] = this.level(zoom);
        const {xs, ys, start, rows} = level;
        const [left, right] = [xOf(west), xOf(east)];
        const [top, bottom] = [yOf(north), yOf(south)];
        const clusters = [];
        const singles = [];
        for (let group = 0; group < level.n; group++) {
            const [x, y] = [xs[group], ys[group]];
            if (x < left || x > right || y < top || y > bottom) {
                continue;
            }
            const members = rows.subarray(start[group], start[group + 1]);
            if (members.length === 1) {
                singles.push({row: members[0], place: this.points.place(members[0])});
            } else {
                clusters.push({
                    id: group * 32 + whole,
                    place: [longitudeOf(x), latitudeOf(y)],
                    count: members.length,
                    members,
                });
            }
        }
        return {clusters, singles};
    }

    /** Rows of the records in a cluster, at most `limit`. */
    rows(clusterId, limit = Infinity) {
        const [{start, rows}] = this.level(clusterId % 32);
        const group = Math.floor(clusterId / 32);
        const end = Math.min(start[group + 1], start[group] + limit);
        return [...rows.subarray(start[group], end)];
    }

    /** The zoom at which a cluster comes apart; null if all of it is in one place. */
    expansionZoom(clusterId) {
        const rows = this.rows(clusterId);
        const {x, y} = this.points.projected;
        const [first] = rows;
        if (rows.every((row) => x[row] === x[first] && y[row] === y[first])) {
            return null;
        }
        for (let zoom = (clusterId % 32) + 1; zoom <= MAX_ZOOM; zoom++) {
            const [{groupOf}] = this.level(zoom);
            if (rows.some((row) => groupOf[row] !== groupOf[first])) {
                return zoom;
            }
        }
        return null;
    }
}

/**
 * The records of one zoom in groups, as columns: `groupOf` each row; for each of `n`
 * groups its middle `xs`, `ys` and its rows, `rows[start[group]]` to before the next.
 */
class Level {
    constructor(x, y, radius) {
        const first = gather(x, y, radius);
        const rough = this.middles(x, y, first, null);
        // What is left over between two groups may lie nearer to one than a thumb can
        // tell: so the groups' middles are gathered again.
        const again = gather(rough.xs, rough.ys, radius);
        for (let row = 0; row < x.length; row++) {
            first.groupOf[row] = again.groupOf[first.groupOf[row]];
        }
        this.n = again.n;
        this.groupOf = first.groupOf;
        const {xs, ys} = this.middles(rough.xs, rough.ys, again, rough.counts);
        this.xs = xs;
        this.ys = ys;
        this.sort();
    }

    /** Means of places by group, each with its weight or 1; and the groups' weights. */
    middles(x, y, {groupOf, n}, weights) {
        const xs = new Float64Array(n);
        const ys = new Float64Array(n);
        const counts = new Float64Array(n);
        for (let i = 0; i < groupOf.length; i++) {
            const group = groupOf[i];
            const weight = weights ? weights[i] : 1;
            xs[group] += x[i] * weight;
            ys[group] += y[i] * weight;
            counts[group] += weight;
        }
        for (let group = 0; group < n; group++) {
            xs[group] /= counts[group];
            ys[group] /= counts[group];
        }
        return {xs, ys, counts};
    }

    sort() {
        const {groupOf, n} = this;
        const start = new Int32Array(n + 1);
        for (const group of groupOf) {
            start[group + 1]++;
        }
        for (let group = 0; group < n; group++) {
            start[group + 1] += start[group];
        }
        const rows = new Int32Array(groupOf.length);
        const free = start.slice();
        for (let row = 0; row < groupOf.length; row++) {
            rows[free[groupOf[row]]++] = row;
        }
        this.start = start;
        this.rows = rows;
    }
}

/**
 * Put places that are close together in groups: the first one not yet in a group takes
 * all within the radius that are not in one either. Places are kept in lists by square
 * of a grid and leave their list with their group, so that each is looked at a few times.
 *
 * @param {Float64Array} x, y
 * @param {number} radius
 * @returns {{groupOf: Int32Array, n: number}}
 */
function gather(x, y, radius) {
    const count = x.length;
    let size = 16;
    while (size < 2 * count) {
        size *= 2;
    }
    // Squares share a list by chance; the distance tells them apart.
    const listOf = (column, line) =>
        ((Math.imul(column, 73856093) ^ Math.imul(line, 19349663)) >>> 7) & (size - 1);
    const head = new Int32Array(size).fill(-1);
    const next = new Int32Array(count);
    for (let i = count - 1; i >= 0; i--) {
        const list = listOf(Math.floor(x[i] / radius), Math.floor(y[i] / radius));
        next[i] = head[list];
        head[list] = i;
    }
    const groupOf = new Int32Array(count).fill(-1);
    const reach = radius * radius;
    let n = 0;
    const take = (list, seedX, seedY) => {
        let before = -1;
        for (let i = head[list]; i >= 0; i = next[i]) {
            const [dx, dy] = [x[i] - seedX, y[i] - seedY];
            if (dx * dx + dy * dy > reach) {
                before = i;
                continue;
            }
            groupOf[i] = n;
            if (before < 0) {
                head[list] = next[i];
            } else {
                next[before] = next[i];
            }
        }
    };
    for (let seed = 0; seed < count; seed++) {
        if (groupOf[seed] >= 0) {
            continue;
        }
        const column = Math.floor(x[seed] / radius);
        const line = Math.floor(y[seed] / radius);
        for (let dy = -1; dy <= 1; dy++) {
            for (let dx = -1; dx <= 1; dx++) {
                take(listOf(column + dx, line + dy), x[seed], y[seed]);
            }
        }
        n++;
    }
    return {groupOf, n};
}

/**
 * Call a function with the row of every record in a cluster.
 *
 * @param {Int32Array} members what a cluster of {@link ClusterIndex.query} has
 * @param {(row: number) => void} visit
 */
export function eachRow(members, visit) {
    for (let i = 0; i < members.length; i++) {
        visit(members[i]);
    }
}
