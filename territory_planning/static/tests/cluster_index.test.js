import {describe, expect, test} from "@odoo/hoot";
import {ClusterIndex, eachRow} from "@territory_planning/territory_map/cluster_index";
import {decode} from "@territory_planning/territory_map/codec";
import {makePoints} from "./map_test_helpers";

describe.current.tags("headless");

const WORLD = [-180, -85, 180, 85];
function makeIndex(records) {
    const points = makePoints(decode, records);
    return {points, index: new ClusterIndex(points)};
}

/** A seeded generator: the same points every time. */
function* places(n) {
    let seed = 7;
    const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let id = 1; id <= n; id++) {
        yield {id, lon: 6 + next() * 9, lat: 47 + next() * 8};
    }
}

test("every record is in what is drawn, exactly once, at every zoom", () => {
    const {index} = makeIndex([...places(500)]);
    for (let zoom = 2; zoom <= 18; zoom++) {
        const {clusters, singles} = index.query(WORLD, zoom);
        const count = clusters.reduce((sum, cluster) => sum + cluster.count, 0);
        expect(count + singles.length).toBe(500);
        expect(new Set(singles.map(({row}) => row)).size).toBe(singles.length);
    }
});

test("a cluster knows its records, at every zoom", () => {
    const {index} = makeIndex([...places(300)]);
    for (let zoom = 2; zoom <= 16; zoom++) {
        const {clusters, singles} = index.query(WORLD, zoom);
        const rows = singles.map(({row}) => row);
        for (const {count, members} of clusters) {
            const before = rows.length;
            eachRow(members, (row) => rows.push(row));
            expect(rows.length - before).toBe(count);
        }
        expect(new Set(rows).size).toBe(300);
    }
});

test("a cluster comes apart at its expansion zoom", () => {
    const {index} = makeIndex([
        {id: 1, lon: 11.5, lat: 48.1},
        {id: 2, lon: 11.6, lat: 48.2},
    ]);
    const [cluster] = index.query(WORLD, 4).clusters;
    const zoom = index.expansionZoom(cluster.id);
    expect(index.query(WORLD, zoom).singles.length).toBe(2);
    expect(index.query(WORLD, zoom - 1).clusters.length).toBe(1);
});

test("records in one place never come apart, but can be listed", () => {
    const {index, points} = makeIndex([
        {id: 8, lon: 11.5, lat: 48.1},
        {id: 9, lon: 11.5, lat: 48.1},
    ]);
    const [cluster] = index.query(WORLD, 18).clusters;
    expect(index.expansionZoom(cluster.id)).toBe(null);
    const ids = index.rows(cluster.id, 10).map((row) => points.ids[row]);
    expect(ids.sort()).toEqual([8, 9]);
    expect(index.rows(cluster.id, 1).length).toBe(1);
});

test("only what is in the box", () => {
    const {index} = makeIndex([
        {id: 1, lon: 11.5, lat: 48.1},
        {id: 2, lon: -70, lat: 40},
    ]);
    const {singles} = index.query([5, 45, 15, 55], 8);
    expect(singles.map(({row}) => row)).toEqual([0]);
});

test("nothing at all", () => {
    const {index} = makeIndex([]);
    expect(index.query(WORLD, 5)).toEqual({clusters: [], singles: []});
});
