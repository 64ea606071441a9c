import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {click, edit, queryAllTexts, queryOne, queryText, waitFor} from "@odoo/hoot-dom";
import {animationFrame, mockDate, mockTimeZone} from "@odoo/hoot-mock";
import {
    allowTranslations,
    getService,
    makeMockEnv,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {browser} from "@web/core/browser/browser";
import {ConnectionLostError, rpc} from "@web/core/network/rpc";
import {getDefaultConfig} from "@web/views/view";
import {PageStore} from "@territory_planning/entry_queue/entry_store";
import {routeLinks} from "@territory_planning/navigation/navigation_links";
import {RunSheet} from "@territory_planning/run_sheet/run_sheet";
import {RunSheetModel} from "@territory_planning/run_sheet/run_sheet_model";
import {
    applyEntry,
    makeEntry,
    nextStop,
    withEntries,
} from "@territory_planning/run_sheet/sheet_entries";
import {SheetStore} from "@territory_planning/run_sheet/sheet_store";

const DAY = "2030-01-07";
/** Entries are kept on the device first: that takes real time. */
const see = (selector) => waitFor(selector, {timeout: 3000});

const hour = (id) => String(7 + id).padStart(2, "0");

const makeStop = (id, values = {}) => ({
    id,
    trip_id: 1,
    partner_id: 100 + id,
    name: `Customer ${id}`,
    address: "Marienplatz 1, 80331 München",
    city: "München",
    phone: id === 1 ? "+49 (89) 12-34<script>" : "",
    latitude: 48.1 + id / 100,
    longitude: 11.5,
    arrival: `${DAY}T${hour(id)}:00:00Z`,
    departure: `${DAY}T${hour(id)}:30:00Z`,
    drive_minutes: 20,
    drive_km: 15,
    appointment: false,
    opens: 0,
    closes: 0,
    value: 120,
    currency_id: false,
    reason: "Brings the most a minute",
    what_for: "",
    last_visit: false,
    state: "planned",
    check_in: false,
    check_out: false,
    outcome: false,
    outcome_note: "",
    skip_reason: "",
    postponed_to: false,
    ...values,
});

const makeSheet = (values = {}) => ({
    day: DAY,
    tz: "Europe/Berlin",
    computed_at: `${DAY}T06:00:00Z`,
    trips: [
        {
            id: 1,
            name: "South",
            state: "planned",
            revision: 1,
            note: "",
            time_to: `${DAY}T15:00:00Z`,
            end: {name: "Home", latitude: 48, longitude: 11},
            night_out: false,
        },
    ],
    stops: [makeStop(1), makeStop(2)],
    meetings: [],
    outcomes: [
        {value: "order", label: "Order"},
        {value: "talk", label: "Good talk"},
        {value: "nobody", label: "Nobody there"},
    ],
    drafts: [],
    ...values,
});

const at = `${DAY}T08:05:00Z`;

describe("what entries do to a stop", () => {
    test("two entries in a row build on each other, not on the server", () => {
        const stop = makeStop(1);
        const first = makeEntry("check_in", stop, at);
        expect(first.seen).toEqual({
            state: "planned",
            outcome: false,
            arrival: stop.arrival,
        });
        const there = applyEntry(stop, first);
        const second = makeEntry("outcome", there, at, {outcome: "order"});
        expect(second.seen.state).toBe("there");
        const [shown] = withEntries([stop], [first, second]);
        expect(shown.state).toBe("done");
        expect(shown.outcome).toBe("order");
        expect(shown.pending).toBe(true);
        expect(stop.state).toBe("planned");
    });

    test("taken back, nothing has happened", () => {
        const stop = makeStop(1);
        const entries = [
            makeEntry("check_in", stop, at),
            makeEntry("undone", {...stop, state: "there"}, at),
        ];
        const [shown] = withEntries([stop], entries);
        expect({...shown, pending: undefined}).toEqual({...stop, pending: undefined});
    });

    test("next is whom one is with, then the first ahead with a time", () => {
        const loose = makeStop(1, {arrival: false});
        const stops = [loose, makeStop(2), makeStop(3, {state: "there"})];
        expect(nextStop(stops).id).toBe(3);
        expect(nextStop(stops.slice(0, 2)).id).toBe(2);
        expect(nextStop([loose]).id).toBe(1);
        expect(nextStop([makeStop(1, {state: "done"})])).toBe(null);
    });
});

describe("the way as links", () => {
    const places = Array.from({length: 10}, (_, i) => ({
        latitude: 48 + i,
        longitude: 11,
    }));

    test("no more waypoints than Google takes, and the ends overlap", () => {
        for (const [phone, most] of [
            [true, 3],
            [false, 9],
        ]) {
            const links = routeLinks(places, phone).map((link) => new URL(link));
            let before = null;
            const seen = [];
            for (const link of links) {
                const params = link.searchParams;
                const through = params.get("waypoints")?.split("|") || [];
                expect(through.length).not.toBeGreaterThan(most);
                expect(params.get("origin")).toBe(before);
                before = params.get("destination");
                seen.push(...through, before);
            }
            expect(seen).toEqual(places.map((p) => `${p.latitude},${p.longitude}`));
        }
        expect(routeLinks(places, true)).toHaveLength(3);
        expect(routeLinks(places, false)).toHaveLength(1);
    });

    test("only places, and never too long", () => {
        const odd = [
            {latitude: "48&x=1", longitude: 5},
            {latitude: 0, longitude: 0},
            {latitude: 91, longitude: 5},
        ];
        expect(routeLinks(odd, true)).toEqual([]);
        const long = Array.from({length: 50}, () => ({
            latitude: 48.12345678901234,
            longitude: -111.12345678901234,
        }));
        expect(routeLinks(long, false).every((link) => link.length <= 2048)).toBe(true);
    });
});

describe("without a connection", () => {
    const makeModel = (call, store = new SheetStore(new PageStore())) =>
        new RunSheetModel().setup({call, store, today: () => DAY, now: () => at});

    test("the day is the one this phone has kept, with what was saved since", async () => {
        const store = new SheetStore(new PageStore());
        const model = makeModel(async () => makeSheet(), store);
        await model.load();
        await model.onSaved(model.entry("check_in", model.stop(1)));

        const later = makeModel(async () => {
            throw new ConnectionLostError();
        }, store);
        await later.load();
        expect(later.offline).toBe(true);
        expect(later.stop(1).state).toBe("there");
        await later.load("2030-01-08");
        expect(later.sheet).toBe(null);
    });

    test("a refusal of the server is no lost connection", async () => {
        const model = makeModel(async () => {
            throw new Error("No");
        });
        await expect(model.load()).rejects.toThrow("No");
        expect(model.offline).toBe(false);
        expect(model.loading).toBe(false);
    });

    test("three days are kept", async () => {
        const store = new SheetStore(new PageStore());
        for (const day of ["2030-01-05", "2030-01-06", "2030-01-07", "2030-01-08"]) {
            await store.put(makeSheet({day}));
        }
        expect(await store.get("2030-01-05")).toBe(null);
        expect((await store.get("2030-01-06")).day).toBe("2030-01-06");
    });
});

describe("the page", () => {
    defineMailModels();
    let server = null;

    beforeEach(() => {
        allowTranslations();
        mockTimeZone(1);
        mockDate(`${DAY}T08:00:00`);
        server = {cut: false, entries: [], sheet: makeSheet(), verdict: "saved"};
        patchWithCleanup(SheetStore, {
            open: async () => new SheetStore(new PageStore()),
        });
        onRpc("territory.trip", "get_territory_today", () => server.sheet);
        onRpc("territory.trip.stop", "apply_entries", ({args: [entries]}) => {
            server.entries.push(...entries);
            return entries.map(({uuid}) => ({
                uuid,
                status: server.verdict,
                message: "Someone has changed this stop in the meantime.",
                mine: "There since 09:00",
                theirs: "Skipped: closed",
            }));
        });
    });

    /** Where the phone is: `undefined` asks nobody, as a test must notice. */
    function mockPlace(coords) {
        const asked = [];
        patchWithCleanup(browser, {
            navigator: {
                onLine: true,
                userAgent: "",
                get geolocation() {
                    return {
                        getCurrentPosition: (found, failed) => {
                            asked.push("asked");
                            return coords ? found({coords}) : failed({code: 1});
                        },
                        watchPosition: () => asked.push("watched"),
                    };
                },
            },
        });
        return asked;
    }

    async function openPage() {
        const env = await makeMockEnv({config: getDefaultConfig()});
        const answered = rpc._rpc;
        patchWithCleanup(rpc, {
            _rpc: (url, ...rest) =>
                server.cut
                    ? Promise.reject(new ConnectionLostError(url))
                    : answered(url, ...rest),
        });
        const queue = await getService("territory_entry_queue").queue("drive");
        for (const row of [...queue.rows]) {
            await queue.drop(row.uuid); // what another test has left behind
        }
        await mountWithCleanup(RunSheet, {
            env,
            props: {
                action: {},
                actionId: 1,
                updateActionState: () => {},
                className: "",
            },
        });
        return queue;
    }

    test("the next stop is big, its times are those of the trip", async () => {
        mockPlace(null);
        await openPage();
        expect(queryText(".o_territory_stop_name")).toBe("Customer 1");
        expect(queryText(".o_territory_stop_times")).toMatch(/9:00/);
        expect(queryText(".o_territory_stop_leave")).toMatch(/8:40/);
        expect(queryOne(".o_territory_stop_call").getAttribute("href")).toBe(
            "tel:+49891234"
        );
        expect(queryAllTexts(".o_territory_today_stop")).toHaveLength(1);
    });

    test("here, then the outcome: two taps", async () => {
        const asked = mockPlace({latitude: 48.5, longitude: 11.2, accuracy: 9});
        const queue = await openPage();
        expect(asked).toEqual([]);
        await click(".o_territory_stop_check_in");
        await see(".o_territory_stop_outcomes");
        expect(asked).toEqual(["asked"]);
        await click("[data-outcome=order]");
        await animationFrame();
        await queue.flush();
        await see(".o_territory_stop_name:contains(Customer 2)");
        expect(server.entries.map(({kind}) => kind)).toEqual(["check_in", "outcome"]);
        expect(server.entries[0].place).toEqual({
            latitude: 48.5,
            longitude: 11.2,
            accuracy: 9,
        });
        expect(server.entries[1].place).toBe(undefined);
        expect(server.entries[0].sent).not.toBe(undefined);
        expect(asked).toEqual(["asked"]);
    });

    test("without permission one is there all the same", async () => {
        const asked = mockPlace(null);
        const queue = await openPage();
        await click(".o_territory_stop_check_in");
        await see(".o_territory_stop_outcomes");
        await queue.flush();
        expect(asked).toEqual(["asked"]);
        expect(server.entries[0].place).toBe(undefined);
    });

    test("who does not want to tell is not even asked", async () => {
        const asked = mockPlace({latitude: 48.5, longitude: 11.2, accuracy: 9});
        const queue = await openPage();
        await click(".o_territory_stop_with_place");
        await click(".o_territory_stop_check_in");
        await see(".o_territory_stop_outcomes");
        await queue.flush();
        expect(asked).toEqual([]);
        expect(server.entries[0].place).toBe(undefined);
        browser.localStorage.clear();
    });

    test("without a connection entries are kept, then sent in order", async () => {
        mockPlace(null);
        const queue = await openPage();
        server.cut = true;
        await click(".o_territory_stop_check_in");
        await see(".o_territory_stop_outcomes");
        await click(".o_territory_stop_note");
        await edit("20 pumps");
        await click("[data-outcome=order]");
        await animationFrame();
        await queue.flush();
        expect(queue.waiting).toHaveLength(2);
        await see(".o_territory_stop_name:contains(Customer 2)");
        server.cut = false;
        await queue.wake();
        expect(server.entries.map(({kind}) => kind)).toEqual(["check_in", "outcome"]);
        expect(server.entries[1].note).toBe("20 pumps");
        expect(server.entries[1].seen.state).toBe("there");
    });

    test("a conflict shows both sides, and the rep decides", async () => {
        mockPlace(null);
        const queue = await openPage();
        server.verdict = "conflict";
        await click(".o_territory_stop_check_in");
        await see(".o_territory_entry_stuck");
        expect(queryText(".o_territory_entry_both")).toMatch(/There since 09:00/);
        expect(queryText(".o_territory_entry_both")).toMatch(/Skipped: closed/);
        server.verdict = "saved";
        await click(".o_territory_entry_insist");
        await animationFrame();
        await queue.flush();
        await animationFrame();
        expect(".o_territory_entry_stuck").toHaveCount(0);
        expect(server.entries.at(-1).force).toBe(true);
    });

    test("running late: what no longer fits says why", async () => {
        mockPlace(null);
        onRpc("territory.trip", "running_late", ({args}) => {
            expect.step(JSON.stringify(args));
            return {
                late: "1 visits have new times, 1 no longer fit today.",
                dropped: [{name: "Customer 2", reason: "No longer fits"}],
                sheet: makeSheet({stops: [makeStop(1)]}),
            };
        });
        await openPage();
        await click(".o_territory_today_run_late");
        await see(".o-dropdown-item");
        await click(".o-dropdown-item:contains(30 minutes)");
        await see(".o_territory_today_dropped");
        expect.verifySteps(["[[1],30]"]);
        expect(queryText(".o_territory_today_dropped")).toMatch(/No longer fits/);
        expect(".o_territory_today_stop").toHaveCount(0);
    });

    test("other meetings and the way home are in their order", async () => {
        mockPlace(null);
        server.sheet = makeSheet({
            stops: [makeStop(1), makeStop(2, {arrival: false}), makeStop(3)],
            meetings: [
                {id: 5, name: "Sales call", start: `${DAY}T08:30:00Z`, location: ""},
                {id: 6, name: "Fair", start: false, location: "Köln"},
            ],
        });
        await openPage();
        const lines = queryAllTexts(".o_territory_today_stops li");
        expect(
            lines.map((line) => line.match(/Fair|call|Customer.3|Home|Customer.2/)[0])
        ).toEqual(["Fair", "call", "Customer 3", "Home", "Customer 2"]);
    });

    test("a day without a trip invites", async () => {
        mockPlace(null);
        server.sheet = makeSheet({
            stops: [],
            trips: [],
            drafts: [{id: 7, name: "North"}],
        });
        await openPage();
        expect(".o_territory_today_none").toHaveCount(1);
        expect(queryText(".o_territory_today_drafts")).toMatch(/North/);
    });
});
