/**
 * Areas as they come from the server's JSON fields: anything may be in there, so
 * nothing reaches the map engine that is not rings of numbers.
 */

function isPosition(position) {
    return (
        Array.isArray(position) &&
        Number.isFinite(position[0]) &&
        Number.isFinite(position[1]) &&
        Math.abs(position[0]) <= 360 &&
        Math.abs(position[1]) <= 90
    );
}

function cleanPolygon(polygon) {
    if (!Array.isArray(polygon)) {
        return null;
    }
    const rings = polygon.filter(
        (ring) => Array.isArray(ring) && ring.length >= 3 && ring.every(isPosition)
    );
    return rings.length && rings[0] === polygon[0] ? rings : null;
}

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
}

/**
 * @param {any} geometry GeoJSON Polygon or MultiPolygon, or the text of one
 * @returns {Object|null} a MultiPolygon, or null if there is no area in it
 */
export function cleanArea(geometry) {
    const {type, coordinates} =
        (typeof geometry === "string" ? parsed(geometry) : geometry) || {};
    if (!Array.isArray(coordinates)) {
        return null;
    }
    const polygons = type === "Polygon" ? [coordinates] : coordinates;
    if (type !== "Polygon" && type !== "MultiPolygon") {
        return null;
    }
    const clean = polygons.map(cleanPolygon).filter((polygon) => polygon);
    return clean.length ? {type: "MultiPolygon", coordinates: clean} : null;
}

/** The box around an area: west, south, east, north. */
export function areaBounds(area) {
    const bounds = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [outer] of area.coordinates) {
        for (const [x, y] of outer) {
            bounds[0] = Math.min(bounds[0], x);
            bounds[1] = Math.min(bounds[1], y);
            bounds[2] = Math.max(bounds[2], x);
            bounds[3] = Math.max(bounds[3], y);
        }
    }
    return bounds;
}

/** Where to write an area's name: the middle of its largest part. */
export function labelPlace(area) {
    let best = null;
    let most = -1;
    for (const [outer] of area.coordinates) {
        const {size, center} = centroid(outer);
        if (size > most) {
            most = size;
            best = center;
        }
    }
    return best;
}

function centroid(ring) {
    let size = 0;
    let x = 0;
    let y = 0;
    for (let i = 0; i < ring.length; i++) {
        const [ax, ay] = ring[i];
        const [bx, by] = ring[(i + 1) % ring.length];
        const cross = ax * by - bx * ay;
        size += cross;
        x += (ax + bx) * cross;
        y += (ay + by) * cross;
    }
    if (!size) {
        return {size: 0, center: ring[0]};
    }
    return {size: Math.abs(size), center: [x / (3 * size), y / (3 * size)]};
}
