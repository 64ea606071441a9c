/**
 * Which records lie inside a shape, without an object per record: the edges are sorted
 * into horizontal bands, so that each record is held against the few of its own band.
 */

const BANDS_MAX = 512;
const TURN = 360;

/** The edges of a polygon's outer ring in the points' own units. */
function edgesOf(ring, scale) {
    const edges = [];
    for (let i = 0; i < ring.length; i++) {
        const [ax, ay] = ring[i];
        const [bx, by] = ring[(i + 1) % ring.length];
        if (ay !== by) {
            edges.push([
                ax * scale.longitude,
                ay * scale.latitude,
                bx * scale.longitude,
                by * scale.latitude,
            ]);
        }
    }
    return edges;
}

/** How often a loop goes round a point; a hand's loop may cross itself. */
export function windings(edges, x, y) {
    let turns = 0;
    for (const [ax, ay, bx, by] of edges) {
        if (ay <= y === by <= y) {
            continue;
        }
        const side = (bx - ax) * (y - ay) - (x - ax) * (by - ay);
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
        const xs = edges.flatMap(([ax, , bx]) => [ax, bx]);
        const ys = edges.flatMap(([, ay, , by]) => [ay, by]);
        this.west = xs.reduce((a, b) => Math.min(a, b), Infinity);
        this.east = xs.reduce((a, b) => Math.max(a, b), -Infinity);
        this.south = ys.reduce((a, b) => Math.min(a, b), Infinity);
        this.north = ys.reduce((a, b) => Math.max(a, b), -Infinity);
        const count = Math.min(Math.max(edges.length, 1), BANDS_MAX);
        this.height = (this.north - this.south) / count || 1;
        this.bands = Array.from({length: count}, () => []);
        for (const edge of edges) {
            const low = this.bandOf(Math.min(edge[1], edge[3]));
            const high = this.bandOf(Math.max(edge[1], edge[3]));
            for (let band = low; band <= high; band++) {
                this.bands[band].push(edge);
            }
        }
    }

    bandOf(y) {
        const band = Math.floor((y - this.south) / this.height);
        return Math.min(Math.max(band, 0), this.bands.length - 1);
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
