/**
 * Which records lie inside a shape, without an object per record: the edges are sorted
 * into horizontal bands, so that each record is held against the few of its own band.
 */

const BANDS_MAX = 512;
const TURN = 360;

/** The edges of a polygon's outer ring in the points' own units: ax, ay, bx, by of each. */
export function edgesOf(ring, scale) {
    const edges = [];
    for (let i = 0; i < ring.length; i++) {
        const [ax, ay] = ring[i];
        const [bx, by] = ring[(i + 1) % ring.length];
        if (ay !== by) {
            edges.push(
                ax * scale.longitude,
                ay * scale.latitude,
                bx * scale.longitude,
                by * scale.latitude
            );
        }
    }
    return Float64Array.from(edges);
}

/** How often a loop goes round a point; a hand's loop may cross itself. */
export function windings(edges, x, y) {
    let turns = 0;
    for (let i = 0; i < edges.length; i += 4) {
        const ay = edges[i + 1];
        const by = edges[i + 3];
        if (ay <= y === by <= y) {
            continue;
        }
        const ax = edges[i];
        const side = (edges[i + 2] - ax) * (y - ay) - (x - ax) * (by - ay);
        if (ay <= y && side > 0) {
            turns++;
        } else if (ay > y && side < 0) {
            turns--;
        }
    }
    return turns;
}

class Shape {
    constructor(edges) {
        [this.west, this.east] = extent(edges, 0);
        [this.south, this.north] = extent(edges, 1);
        const count = Math.min(edges.length / 4, BANDS_MAX);
        this.height = (this.north - this.south) / count || 1;
        const bands = Array.from({length: count}, () => []);
        for (let i = 0; i < edges.length; i += 4) {
            const [ax, ay, bx, by] = edges.subarray(i, i + 4);
            const low = this.bandOf(Math.min(ay, by), count);
            const high = this.bandOf(Math.max(ay, by), count);
            for (let band = low; band <= high; band++) {
                bands[band].push(ax, ay, bx, by);
            }
        }
        this.bands = bands.map((band) => Float64Array.from(band));
    }

    bandOf(y, count = this.bands.length) {
        const band = Math.floor((y - this.south) / this.height);
        return Math.min(Math.max(band, 0), count - 1);
    }

    holds(x, y) {
        return (
            x >= this.west &&
            x <= this.east &&
            y >= this.south &&
            y <= this.north &&
            windings(this.bands[this.bandOf(y)], x, y) !== 0
        );
    }
}

/** Least and most of every second number: of the longitudes, or of the latitudes. */
function extent(edges, first) {
    let least = Infinity;
    let most = -Infinity;
    for (let i = first; i < edges.length; i += 2) {
        least = Math.min(least, edges[i]);
        most = Math.max(most, edges[i]);
    }
    return [least, most];
}

/**
 * The rows of the points inside a polygon. What a loop encircles is inside, also where it
 * crosses itself. The map goes round the earth more than once, so a shape drawn beyond
 * 180° finds what is there.
 *
 * @param {import("../points").Points} points
 * @param {{ coordinates: number[][][] }} polygon GeoJSON; its holes do not count
 * @returns {number[]} in rising order
 */
export function rowsWithin(points, {coordinates}) {
    const edges = edgesOf(coordinates[0] || [], points.scale);
    const found = [];
    if (!edges.length) {
        return found;
    }
    const shape = new Shape(edges);
    const turn = TURN * points.scale.longitude;
    const half = turn / 2;
    const first = Math.ceil((shape.west - half) / turn);
    const last = Math.floor((shape.east + half) / turn);
    const {longitudes, latitudes} = points;
    for (let row = 0; row < points.length; row++) {
        const y = latitudes[row];
        if (y < shape.south || y > shape.north) {
            continue;
        }
        for (let turns = first; turns <= last; turns++) {
            if (shape.holds(longitudes[row] + turns * turn, y)) {
                found.push(row);
                break;
            }
        }
    }
    return found;
}

/** A box as a polygon: what is in view. */
export function boxPolygon([west, south, east, north]) {
    return {
        type: "Polygon",
        coordinates: [
            [
                [west, south],
                [east, south],
                [east, north],
                [west, north],
                [west, south],
            ],
        ],
    };
}
