/** Closest two things drawn may come, in pixels: a thumb still hits the right one. */
const RADIUS = 44;
const TILE = 256;
const MAX_ZOOM = 18;

/**
 * What to draw where at a zoom: clusters with their count and colour mix, and single
 * records. Knows points, not maps.
 */
export class ClusterIndex {
    /**
     * @param {typeof window.Supercluster} Supercluster
     * @param {import("./points").Points} points
     * @param {import("./coloring").Coloring} coloring
     */
    constructor(Supercluster, points, coloring) {
        this.points = points;
        this.index = new Supercluster({
            radius: RADIUS,
            extent: TILE,
            maxZoom: MAX_ZOOM,
            map: ({row}) => ({[coloring.slot(row)]: 1}),
            reduce: (mix, other) => {
                for (const slot in other) {
                    mix[slot] = (mix[slot] || 0) + other[slot];
                }
            },
        });
        const features = new Array(points.length);
        for (let row = 0; row < points.length; row++) {
            features[row] = {
                geometry: {coordinates: points.place(row)},
                properties: {row},
            };
        }
        this.index.load(features);
    }

    /**
     * @param {[number, number, number, number]} bounds west, south, east, north
     * @param {number} zoom
     * @returns {{ clusters: Object[], singles: Object[] }}
     */
    query(bounds, zoom) {
        const clusters = [];
        const singles = [];
        for (const {geometry, properties} of this.index.getClusters(
            bounds,
            Math.min(Math.round(zoom), MAX_ZOOM)
        )) {
            if (properties.cluster) {
                clusters.push({
                    id: properties.cluster_id,
                    place: geometry.coordinates,
                    count: properties.point_count,
                    mix: slotCounts(properties),
                });
            } else {
                singles.push({row: properties.row, place: geometry.coordinates});
            }
        }
        return {clusters, singles};
    }

    /** The zoom at which a cluster comes apart; null if all of it is in one place. */
    expansionZoom(clusterId) {
        const zoom = this.index.getClusterExpansionZoom(clusterId);
        return zoom > MAX_ZOOM ? null : zoom;
    }

    /** Rows of the records in a cluster, at most `limit`. */
    rows(clusterId, limit) {
        return this.index
            .getLeaves(clusterId, limit)
            .map(({properties}) => properties.row);
    }
}

/** [slot, count] pairs out of what Supercluster mixes with its own properties. */
function slotCounts(properties) {
    return Object.entries(properties)
        .filter(([name]) => /^\d+$/.test(name))
        .map(([slot, count]) => [Number(slot), count])
        .sort(([a], [b]) => a - b);
}
