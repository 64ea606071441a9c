/** How near a neighbour's border catches a corner, in pixels; a finger covers more. */
const REACH = 12;
const TOUCH_REACH = 20;

/** The point of a segment that is nearest to another, all in pixels. */
function nearestOn([px, py], [ax, ay], [bx, by]) {
    const dx = bx - ax;
    const dy = by - ay;
    const length = dx * dx + dy * dy;
    const share = length ? ((px - ax) * dx + (py - ay) * dy) / length : 0;
    const along = Math.min(Math.max(share, 0), 1);
    const distance = Math.hypot(px - ax - along * dx, py - ay - along * dy);
    return {along, distance};
}

/**
 * Where a corner goes that comes close to a neighbour's border: onto its nearest corner,
 * else onto its nearest edge; nowhere if none is in reach.
 *
 * @param {[number, number]} place
 * @param {Object[]} regions with `area` and `bounds`
 * @param {{point: Function, place: Function}} engine between pixels and the earth
 * @param {boolean} touch
 * @returns {[number, number]|undefined}
 */
export function snapPlace(place, regions, engine, touch = false) {
    const reach = touch ? TOUCH_REACH : REACH;
    const at = engine.point(place);
    const [west, north] = engine.place([at[0] - reach, at[1] - reach]);
    const [east, south] = engine.place([at[0] + reach, at[1] + reach]);
    let corner = {distance: reach};
    let edge = {distance: reach};
    for (const {area, bounds} of regions) {
        if (
            bounds[0] > east ||
            bounds[2] < west ||
            bounds[1] > north ||
            bounds[3] < south
        ) {
            continue;
        }
        for (const ring of area.coordinates.flat()) {
            for (let i = 0; i < ring.length; i++) {
                const a = ring[i];
                const b = ring[(i + 1) % ring.length];
                if (
                    Math.min(a[0], b[0]) > east ||
                    Math.max(a[0], b[0]) < west ||
                    Math.min(a[1], b[1]) > north ||
                    Math.max(a[1], b[1]) < south
                ) {
                    continue;
                }
                const pa = engine.point(a);
                const near = Math.hypot(pa[0] - at[0], pa[1] - at[1]);
                if (near < corner.distance) {
                    corner = {distance: near, place: a};
                }
                const {along, distance} = nearestOn(at, pa, engine.point(b));
                if (distance < edge.distance) {
                    edge = {
                        distance,
                        place: [
                            a[0] + along * (b[0] - a[0]),
                            a[1] + along * (b[1] - a[1]),
                        ],
                    };
                }
            }
        }
    }
    return corner.place || edge.place;
}
