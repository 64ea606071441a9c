import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {mockDate} from "@odoo/hoot-mock";
import {makeMockEnv} from "@web/../tests/web_test_helpers";
import {AccountFacts} from "@territory_planning/territory_map/account_card/account_facts";
import {CARD} from "./map_test_helpers";

describe.current.tags("headless");
// Formats and translations come with the environment.
beforeEach(() => makeMockEnv());

const facts = (changes = {}) => new AccountFacts({...CARD, ...changes});
const planned = (changes) => facts({plan: {...CARD.plan, ...changes}});
const plain = (text) => text.replaceAll("\u00a0", " ");

test("every figure has its unit and something to compare it with", () => {
    mockDate("2026-11-24 12:00:00");
    const card = facts();
    expect(plain(card.revenue)).toMatch(/84,000.* in 12 months/);
    expect(plain(card.trend.text)).toMatch(
        /^12% more than the year before \(.*75,000.*\)$/
    );
    expect(card.trend.tone).toBe("up");
    expect(plain(card.margin)).toMatch(/25,200.*, 30% of revenue/);
    expect(card.orders).toMatch(/^14 in 12 months; last on Oct 12, 2026, 1 month ago$/);
    expect(card.nextVisit).toBe("None planned");
    expect(plain(card.leads)).toMatch(/^2 open, .*12,000.* weighted by probability$/);
    expect(card.recommendation).toBe("2 visits in November 2026");
    expect(card.effort).toBe("0.4 → 1.2 a month (× 3.0)");
    expect(plain(card.gain)).toMatch(/^\+.*420.* a month against going on as today$/);
    expect(plain(card.gainRange)).toMatch(/-20.* and \+.*700/);
});

test("a place that is not certain says why", () => {
    expect(facts({place_status: "ok", place_precision: "rooftop"}).placeDoubt).toBe("");
    expect(facts({place_status: "never", place_precision: "given"}).placeDoubt).toBe(
        ""
    );
    expect(
        facts({
            place_status: "doubtful",
            place_precision: "given",
            place_reason: "country",
            place_reason_label: "The place is outside the country of the address",
        }).placeDoubt
    ).toBe("The place is outside the country of the address.");
    expect(
        facts({
            place_status: "never",
            place_precision: "postcode",
            place_reason: "centre",
            place_reason_label: "It was put in the middle",
        }).placeDoubt
    ).toBe("Only its postal code is known.");
    expect(facts({place_status: "stale"}).placeDoubt).not.toBe("");
});

test("revenue down, the same, new, and none", () => {
    expect(facts({revenue_change: -0.25}).trend.tone).toBe("down");
    expect(facts({revenue_change: 0.001}).trend.text).toMatch(/^as in the year before/);
    expect(facts({revenue_previous: 0}).trend.text).toBe("nothing in the year before");
    const none = facts({revenue_12m: 0, revenue_previous: 0});
    expect(none.trend.text).toBe("nothing in two years");
    expect(none.margin).toBe("No revenue, so no margin");
});

test("what is not known is said", () => {
    const card = facts({
        zip: false,
        city: false,
        country: false,
        rep: false,
        region: false,
        last_order_date: false,
        last_visit_date: false,
        open_leads: 0,
        data_date: false,
        history: false,
        margin_known: false,
        plan: false,
    });
    expect(card.place).toBe("No address");
    expect(card.people[0][1]).toBe("Nobody looks after it");
    expect(card.people[2][1]).toBe("In no region");
    expect(card.orders).toBe("Never bought");
    expect(card.pastVisits).toMatch(/^Never visited/);
    expect(card.leads).toBe("None open");
    expect(card.dataDate).toBe("No figures gathered yet");
    expect(card.hasHistory).toBe(false);
    expect(card.margin).toMatch(/no cost is known here/);
    expect(card.plan).toBe(null);
    expect(planned({allocation_factor: 0, visits_today: 0}).effort).toMatch(
        /not visited in 12 months/
    );
    expect(planned({visits_recommended: 0}).recommendation).toMatch(/^No visit needed/);
    expect(planned({visits_recommended: 1}).recommendation).toMatch(/^1 visit in/);
});

test("history from the server may be anything", () => {
    for (const history of [null, {}, {revenue: "many"}, {revenue: []}]) {
        expect(facts({history}).hasHistory).toBe(false);
    }
});

test("links lead only where they say", () => {
    const reach = (partner, changes = {}) => facts({partner, ...changes});
    expect(facts().phoneLink).toBe("tel:+49891234");
    expect(reach({phone: "alert(1)"}).phoneLink).toBe("tel:1");
    expect(reach({phone: "ask Mia"}).phoneLink).toBe(null);
    expect(facts().mailLink).toBe("mailto:alpha@example.com");
    expect(reach({email: "a@b.c?bcc=x@y.z"}).mailLink).toBe(null);
    expect(reach({email: "nobody"}).mailLink).toBe(null);
    expect(reach(false).mailLink).toBe(null);
    expect(facts().navigationLink).toMatch(/destination=48\.1,11\.5$/);
    expect(facts({latitude: 0, longitude: 0}).navigationLink).toBe(null);
    expect(facts({latitude: 1000, longitude: 1000}).navigationLink).toBe(null);
});
