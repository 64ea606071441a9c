import {onRpc} from "@web/../tests/web_test_helpers";
import {encode} from "@territory_planning/territory_map/codec";
import {Points} from "@territory_planning/territory_map/points";

const SCALE = 100_000;

/**
 * The bytes the server would send for some records.
 *
 * @param {Object[]} records `{ id, lon, lat, value, mine, doubt, ...categories }`, a category
 *      as its number from 1, 0 for none
 * @param {Object} [header]
 */
export function pointsBuffer(records, header = {}) {
    const column = (read) => records.map(read);
    const categories = Object.keys(header.categories || {});
    return encode(
        {
            version: 1,
            scale: {longitude: SCALE, latitude: SCALE, value: 1},
            placeless: 0,
            more: false,
            currency: null,
            categories: {},
            ...header,
        },
        {
            id: ["i32", column(({id}) => id)],
            longitude: ["i32", column(({lon}) => Math.round(lon * SCALE))],
            latitude: ["i32", column(({lat}) => Math.round(lat * SCALE))],
            value: ["i32", column(({value}) => value || 0)],
            status: ["u8", column(({mine, doubt}) => (mine ? 1 : 0) + (doubt ? 2 : 0))],
            ...Object.fromEntries(
                categories.map((name) => [
                    name,
                    ["u16", column((record) => record[name] || 0)],
                ])
            ),
        }
    );
}

/** A response with bytes: Hoot's own turns an ArrayBuffer into a word. */
export function binary(buffer) {
    const response = new Response("");
    response.arrayBuffer = async () => buffer;
    return response;
}

/**
 * Answer what every map asks a server for.
 *
 * @param {Object} answers
 * @param {(params: URLSearchParams) => Response} answers.points see `binary`
 * @param {Function} [answers.layers] regions and street map; none
 * @param {Function} [answers.card]
 */
export function answerMap({
    points,
    layers = () => ({regions: [], tiles: false}),
    card = () => CARD,
}) {
    onRpc(
        "/territory_planning/points",
        (request) => points(new URL(request.url).searchParams),
        {pure: true}
    );
    onRpc(
        "/territory_planning/static/lib/basemap/basemap.json",
        () => ({features: []}),
        {pure: true}
    );
    onRpc("territory.region", "get_territory_map_layers", layers);
    onRpc("territory.account", "get_territory_card", card);
    onRpc("res.company", "get_territory_start", () => []);
}

/** Points without a server. */
export function makePoints(decode, records, header) {
    return new Points(decode(pointsBuffer(records, header)));
}

export const CARD = {
    id: 1,
    model: "territory.account",
    has_account: true,
    name: "Alpha",
    zip: "80331",
    city: "München",
    country: "Germany",
    rep: "Anna",
    team: "Field",
    region: false,
    company: "Nordwerk",
    segment: "A",
    currency_id: 1,
    data_date: "2026-11-01 02:00:00",
    revenue_12m: 84000,
    revenue_previous: 75000,
    revenue_change: 0.12,
    margin_12m: 25200,
    margin_rate: 0.3,
    margin_known: true,
    orders_12m: 14,
    last_order_date: "2026-10-12",
    visits_12m: 5,
    last_visit_date: "2026-09-30",
    next_visit_date: false,
    open_leads: 2,
    pipeline: 12000,
    history: {
        from: "2025-09-01",
        revenue: [
            0, 1000, 2000, 4000, 1000, 500, 0, 0, 1000, 2000, 1000, 500, 700, 900,
        ],
        visits: [0, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0],
        margin: [],
        orders: [],
    },
    latitude: 48.1,
    longitude: 11.5,
    location_quality: "given",
    partner: {
        id: 7,
        phone: "+49 89 / 1234",
        email: "alpha@example.com",
        address: "Marienplatz 1, 80331 München",
    },
    plan: {
        id: 3,
        month: "November 2026",
        computed_on: "2026-11-01 03:00:00",
        visits_today: 0.4,
        visits_optimal: 1.2,
        visits_recommended: 2,
        allocation_factor: 3,
        expected_gain: 420,
        gain_low: -20,
        gain_high: 700,
        reason: "Visited more often it brings more than the hours cost elsewhere.",
        origin: "Your history",
    },
};
