/** How many bands of latitude the edges of an area are sorted into. */
const BANDS = 128;
const EARTH_RADIUS_KM = 6371.0088;
const RADIANS = Math.PI / 180;

function ringsOf(area) {
    return area.type === "Polygon" ? area.coordinates : area.coordinates.flat();
}

/** Edges by band of latitude: a point meets only those of its own. */
function bandsOf(area, south, north) {
    const bands = Array.from({length: BANDS}, () => []);
    const size = (north - south) / BANDS || 1;
    const band = (y) =>
        Math.min(Math.max(Math.floor((y - south) / size), 0), BANDS - 1);
    for (const ring of ringsOf(area)) {
        for (let i = 0; i < ring.length; i++) {
            const [ax, ay] = ring[i];
            const [bx, by] = ring[(i + 1) % ring.length];
            if (ay !== by) {
                const last = band(Math.max(ay, by));
                for (let at = band(Math.min(ay, by)); at <= last; at++) {
                    bands[at].push(ax, ay, bx, by);
                }
            }
        }
    }
    return {bands, band};
}

function boundsOf(area) {
    const bounds = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of ringsOf(area)) {
        for (const [x, y] of ring) {
            bounds[0] = Math.min(bounds[0], x);
            bounds[1] = Math.min(bounds[1], y);
            bounds[2] = Math.max(bounds[2], x);
            bounds[3] = Math.max(bounds[3], y);
        }
    }
    return bounds;
}

/** A test of places against one area, by the even-odd rule: holes are outside. */
export function makeInside(area) {
    const [west, south, east, north] = boundsOf(area);
    const {bands, band} = bandsOf(area, south, north);
    return (x, y) => {
        if (!(x >= west && x <= east && y >= south && y <= north)) {
            return false;
        }
        const edges = bands[band(y)];
        let inside = false;
        for (let i = 0; i < edges.length; i += 4) {
            const ay = edges[i + 1];
            const by = edges[i + 3];
            if (ay > y !== by > y) {
                const ax = edges[i];
                inside =
                    x < ax + ((edges[i + 2] - ax) * (y - ay)) / (by - ay)
                        ? !inside
                        : inside;
            }
        }
        return inside;
    };
}

/**
 * How many records lie in an area, and the sum of their values.
 *
 * @param {import("../points").Points} points
 * @param {Object} area GeoJSON Polygon or MultiPolygon
 */
export function measureInside(points, area) {
    const inside = makeInside(area);
    const {longitudes, latitudes, scale} = points;
    let count = 0;
    let value = 0;
    for (let row = 0; row < points.length; row++) {
        if (
            inside(longitudes[row] / scale.longitude, latitudes[row] / scale.latitude)
        ) {
            count++;
            value += points.value(row);
        }
    }
    return {count, value};
}

/** The size of an area on the globe, as the engine's `area_km2`; holes are subtracted. */
export function areaKm2(area) {
    const polygons = area.type === "Polygon" ? [area.coordinates] : area.coordinates;
    let total = 0;
    for (const [outer, ...holes] of polygons) {
        total += ringKm2(outer);
        for (const hole of holes) {
            total -= ringKm2(hole);
        }
    }
    return total;
}

function ringKm2(ring) {
    let sum = 0;
    for (let i = 0; i < ring.length; i++) {
        const [ax, ay] = ring[i];
        const [bx, by] = ring[(i + 1) % ring.length];
        sum += (bx - ax) * RADIANS * (Math.sin(ay * RADIANS) + Math.sin(by * RADIANS));
    }
    return (Math.abs(sum) / 2) * EARTH_RADIUS_KM ** 2;
}
