/** Closest two things drawn may come, in pixels: a thumb still hits the right one. */
const RADIUS = 44;
const TILE = 256;
const MIN_ZOOM = 2;
/** Beyond it only what is closer than a house to the next is still together. */
const MAX_ZOOM = 16;

/**
 * What to draw where at a zoom: clusters with their count, and single records. Knows
 * points, not maps, and nothing of colours: so another colour needs no new index.
 */
export class ClusterIndex {
    /**
     * @param {typeof window.Supercluster} Supercluster
     * @param {import("./points").Points} points
     */
    constructor(Supercluster, points) {
        this.points = points;
        // What Supercluster keeps for a cluster is a tree of its records, made in
        // passing: a cluster begins as a copy of its first member and takes in others.
        // Lists are only ever added to in front, so that copies may share them.
        this.index = new Supercluster({
            radius: RADIUS,
            extent: TILE,
            minZoom: MIN_ZOOM,
            maxZoom: MAX_ZOOM,
            map: (properties) => properties,
            reduce: (cluster, member) => {
                cluster.members = {first: member, rest: cluster.members};
            },
        });
        const features = new Array(points.length);
        for (let row = 0; row < points.length; row++) {
            features[row] = {
                geometry: {coordinates: points.place(row)},
                properties: {row, members: null},
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
            Math.min(zoom, MAX_ZOOM)
        )) {
            if (properties.cluster) {
                clusters.push({
                    id: properties.cluster_id,
                    place: geometry.coordinates,
                    count: properties.point_count,
                    members: properties,
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

/**
 * Call a function with the row of every record in a cluster.
 *
 * @param {Object} members what a cluster of {@link ClusterIndex.query} has
 * @param {(row: number) => void} visit
 */
export function eachRow(members, visit) {
    visit(members.row);
    for (let list = members.members; list; list = list.rest) {
        eachRow(list.first, visit);
    }
}
