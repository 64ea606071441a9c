/* Prepare the basemap that works without internet, from Natural Earth (public domain, by
 * way of the packages world-atlas and us-atlas):
 *
 *     node dev/basemap.mjs territory_planning/static/lib/basemap/basemap.json
 *
 * It is a GeoJSON FeatureCollection of three features, told apart by properties.kind:
 *   land   (MultiPolygon)     coasts, to be filled
 *   border (MultiLineString)  between countries: each drawn once, not once per country
 *   state  (MultiLineString)  between the states of the USA
 *
 * Beside it goes countries.json, which only the server reads, to tell coordinates that are
 * not in the country of their address: ISO code -> MultiPolygon coordinates, every island
 * kept (a customer on a small one is not at sea), rounded to the same .01°.
 *
 * Rings and lines that cross the antimeridian are cut there, else a flat map draws them
 * as streaks over the whole world. Antarctica is dropped: nobody has customers there.
 *
 * Which detail? Coordinates rounded to .01° (1 km), sizes after gzip -9:
 *   1:110m                                    44 KB   too coarse to know Germany's shape
 *   1:50m                                    332 KB
 *   1:50m, corners under 81 km² taken off    117 KB
 *   ... and islands under 122 km² too        114 KB   <- this
 *   1:10m                                  1,328 KB
 * Areas are measured on the sphere, so the Arctic does not get more detail than Europe.
 */
import {mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {
    filter,
    filterWeight,
    presimplify,
    simplify,
    sphericalRingArea,
    sphericalTriangleArea,
} from "topojson-simplify";
import {feature as geoJson, merge, mesh} from "topojson-client";

const ANTARCTICA = "010";
const DECIMALS = 2;
// In steradians: 1e-6 is 41 km².
const SMALLEST_CORNER = 2e-6;
const SMALLEST_ISLAND = 3e-6;

const require = createRequire(import.meta.url);
const read = (name) => JSON.parse(readFileSync(require.resolve(name)));

/** Follow a line past ±180° instead of jumping to the other side of the world. */
function unwrap(line) {
    let shift = 0;
    return line.map(([x, y], i) => {
        if (i) {
            const step = x - line[i - 1][0];
            shift += step > 180 ? -360 : step < -180 ? 360 : 0;
        }
        return [x + shift, y];
    });
}

/** The point where the edge from a to b crosses the meridian x. */
function crossing([ax, ay], [bx, by], x) {
    return [x, ay + ((x - ax) / (bx - ax)) * (by - ay)];
}

/** What of a closed ring lies on the inner side of a meridian (Sutherland-Hodgman). */
function clipRing(ring, inside, x) {
    const kept = [];
    for (let i = 0; i < ring.length; i++) {
        const here = ring[i];
        const before = ring[(i + ring.length - 1) % ring.length];
        if (inside(here) !== inside(before)) {
            kept.push(crossing(before, here, x));
        }
        if (inside(here)) {
            kept.push(here);
        }
    }
    return kept;
}

/** Cut a ring at the antimeridian into rings within ±180°. */
function cutRing(ring) {
    const open = unwrap(ring).slice(0, -1);
    const pieces = [];
    for (const turn of [-360, 0, 360]) {
        const moved = open.map(([x, y]) => [x + turn, y]);
        const east = clipRing(moved, ([x]) => x >= -180, -180);
        const piece = clipRing(east, ([x]) => x <= 180, 180);
        if (piece.length >= 3) {
            pieces.push([...piece, piece[0]]);
        }
    }
    return pieces;
}

/** Cut a line at the antimeridian into lines within ±180°. */
function cutLine(line) {
    const pieces = [[line[0]]];
    for (let i = 1; i < line.length; i++) {
        const [a, b] = [line[i - 1], line[i]];
        const jump = b[0] - a[0];
        if (Math.abs(jump) > 180) {
            const edge = jump < 0 ? 180 : -180;
            const [, y] = crossing(a, [b[0] + 2 * edge, b[1]], edge);
            pieces.at(-1).push([edge, y]);
            pieces.push([[-edge, y]]);
        }
        pieces.at(-1).push(b);
    }
    return pieces;
}

/** Round, and drop the points that rounding has made equal. */
function rounded(line) {
    const scale = 10 ** DECIMALS;
    const points = line.map((point) => point.map((x) => Math.round(x * scale) / scale));
    const same = (a, b) => a[0] === b[0] && a[1] === b[1];
    return points.filter((point, i) => !i || !same(point, points[i - 1]));
}

/** Whether a point is within a ring. */
function within([x, y], ring) {
    let inside = false;
    for (let i = 1; i < ring.length; i++) {
        const [a, b] = [ring[i - 1], ring[i]];
        if (a[1] > y !== b[1] > y && x < crossing([a[1], a[0]], [b[1], b[0]], y)[1]) {
            inside = !inside;
        }
    }
    return inside;
}

/** Cut a polygon at the antimeridian; an inland sea stays with the part that it is in. */
function cutPolygon(polygon) {
    const [shores, ...seas] = polygon.map((ring) =>
        cutRing(ring).map(rounded).filter(isArea)
    );
    return shores.map((shore) => [
        shore,
        ...seas.flat().filter((sea) => within(sea[0], shore)),
    ]);
}

const isArea = (ring) => ring.length > 3;
const lines = (geometry) =>
    geometry.coordinates
        .flatMap(cutLine)
        .map(rounded)
        .filter((line) => line.length > 1);

/** Take off the corners of a topology that are too small to be seen. */
const coarser = (topology) =>
    simplify(presimplify(topology, sphericalTriangleArea), SMALLEST_CORNER);

let world = coarser(read("world-atlas/countries-50m.json"));
world = filter(world, filterWeight(world, SMALLEST_ISLAND, sphericalRingArea));
const countries = world.objects.countries;
countries.geometries = countries.geometries.filter(({id}) => id !== ANTARCTICA);
const usa = coarser(read("us-atlas/states-10m.json"));

const land = merge(world, countries.geometries).coordinates.flatMap(cutPolygon);
const feature = (kind, type, coordinates) => ({
    type: "Feature",
    properties: {kind},
    geometry: {type, coordinates},
});
const different = (a, b) => a !== b;
const basemap = {
    type: "FeatureCollection",
    features: [
        feature("land", "MultiPolygon", land),
        feature("border", "MultiLineString", lines(mesh(world, countries, different))),
        feature(
            "state",
            "MultiLineString",
            lines(mesh(usa, usa.objects.states, different))
        ),
    ],
};

const [, , target] = process.argv;
mkdirSync(dirname(target), {recursive: true});
writeFileSync(target, JSON.stringify(basemap));

/** ISO 3166 number -> two letters: a region's number is an alias of its letters. */
const letters = (number) => new Intl.Locale(`und-${number}`).region;

const atlas = read("world-atlas/countries-50m.json");
const countries50 = {};
for (const country of geoJson(atlas, atlas.objects.countries).features) {
    const {type, coordinates} = country.geometry;
    const parts = type === "Polygon" ? [coordinates] : coordinates;
    // the few without a number are claimed by others: nobody's address says them
    if (country.id && country.id !== ANTARCTICA) {
        countries50[letters(country.id)] = parts.flatMap(cutPolygon);
    }
}
writeFileSync(
    join(dirname(target), "countries.json"),
    JSON.stringify({precision: 10 ** -DECIMALS, countries: countries50})
);
