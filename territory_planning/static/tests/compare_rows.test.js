import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {mockDate} from "@odoo/hoot-mock";
import {makeMockEnv} from "@web/../tests/web_test_helpers";
import {
    compareRows,
    marks,
} from "@territory_planning/territory_map/compare/compare_rows";
import {
    AccountRhythm,
    span,
} from "@territory_planning/territory_map/account_card/account_rhythm";
import {navigationLinks} from "@territory_planning/navigation/navigation_links";
import {CARD} from "./map_test_helpers";

describe.current.tags("headless");
// Formats and translations come with the environment.
beforeEach(() => makeMockEnv());

const row = (rows, name) => rows.find((found) => found.name === name);
const CARDS = [
    {...CARD, id: 1, hours_per_visit: 2},
    {...CARD, id: 2, hours_per_visit: 2, revenue_12m: 42000, visits_12m: 0},
    {...CARD, id: 3, hours_per_visit: 3, revenue_12m: -10, plan: false},
];

test("best and least of what is known", () => {
    expect(marks([1, 3, 2], "high")).toEqual(["least", "best", null]);
    expect(marks([1, 3, 2], "low")).toEqual(["best", "least", null]);
    expect(marks([1, 3], "high")).toEqual([null, "best"], {
        message: "of two, one is better and that says it",
    });
    expect(marks([null, 3, null], "high")).toEqual([null, null, null]);
    expect(marks([2, 2, 2], "high")).toEqual([null, null, null]);
    expect(marks([1, 2, 3])).toEqual([null, null, null]);
});

test("a row has a cell per card, with bar and mark", () => {
    const rows = compareRows(CARDS);
    const {cells} = row(rows, "revenue");
    expect(cells.map(({mark}) => mark)).toEqual(["best", null, "least"]);
    expect(cells.map(({share}) => Math.round(share))).toEqual([100, 50, 0]);
    expect(cells.map(({negative}) => negative)).toEqual([false, false, true]);
    const perVisit = row(rows, "per_visit").cells;
    expect(perVisit[1].share).toBe(null);
    expect(perVisit[1].text).toBe("Not visited");
    expect(row(rows, "hours").cells[0].text).toBe("0.8 → 2.4 h");
    expect(row(rows, "hours").cells[2].text).toBe("No plan yet");
    expect(row(rows, "gain").cells[0].note).toMatch(/to/);
});

test("amounts in two currencies are not held against each other", () => {
    const rows = compareRows([CARDS[0], {...CARDS[1], currency_id: 2}]);
    for (const {mark, share} of row(rows, "revenue").cells) {
        expect(mark).toBe(null);
        expect(share).toBe(null);
    }
    expect(row(rows, "visits").cells[0].share).toBe(100);
});

test("time since the last visit against the usual pause", () => {
    mockDate("2026-11-15 12:00:00");
    const visits = Array.from({length: 24}, (_, i) => (i % 2 ? 1 : 0));
    const history = {...CARD.history, visits};
    const rhythm = (card) => new AccountRhythm({...CARD, history, ...card});
    expect(Math.round(rhythm().usualPause)).toBe(61);
    expect(rhythm({last_visit_date: "2026-10-20"}).visit).toEqual({
        tone: "same",
        text: "Usually every 9 weeks: in rhythm",
    });
    expect(rhythm({last_visit_date: "2026-05-15"}).visit).toEqual({
        tone: "down",
        text: "Usually every 9 weeks; now 6 months without a visit",
    });
    expect(rhythm({last_visit_date: false}).visit).toBe(null);
    expect(
        rhythm({history: {visits: [0, 1, 0, 1]}, last_visit_date: "2026-10-20"}).visit
            .text
    ).toMatch(/too few/);
});

test("margin against the year before, of what has a cost", () => {
    const flat = (value) => Array(12).fill(value);
    const history = {
        costed: [...flat(100), ...flat(200)],
        margin: [...flat(30), ...flat(50)],
    };
    expect(new AccountRhythm({history}).marginTrend).toEqual({
        tone: "down",
        text: "5.0 points down on the year before (30%)",
    });
    history.margin = [...flat(30), ...flat(60)];
    expect(new AccountRhythm({history}).marginTrend.tone).toBe("same");
    expect(new AccountRhythm({history: {margin: flat(1)}}).marginTrend).toBe(null);
    history.costed = [...flat(0), ...flat(200)];
    expect(new AccountRhythm({history}).marginTrend).toBe(null);
});

test("spans in the unit people say", () => {
    expect([1, 9, 20, 90].map(span)).toEqual([
        "1 day",
        "9 days",
        "3 weeks",
        "3 months",
    ]);
});

test("ways to be led there are numbers only", () => {
    const links = navigationLinks(48.1, 11.5, false);
    expect(links.map(({name}) => name)).toEqual(["google", "apple", "waze"]);
    expect(links[2].href).toBe("https://waze.com/ul?ll=48.1%2C11.5&navigate=yes");
    expect(navigationLinks(48.1, 11.5, true).at(-1).href).toBe(
        "geo:48.1,11.5?q=48.1,11.5"
    );
    expect(navigationLinks(0, 0, true)).toEqual([]);
    expect(navigationLinks("48&x=1", 5, true)).toEqual([]);
    expect(navigationLinks(91, 5, true)).toEqual([]);
});
