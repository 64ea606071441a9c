import {describe, expect, test} from "@odoo/hoot";
import {reactive} from "@odoo/owl";
import {allowTranslations} from "@web/../tests/web_test_helpers";
import {ConnectionLostError} from "@web/core/network/rpc";
import {EntryQueue, makeId} from "@territory_planning/entry_queue/entry_queue";
import {
    IndexedStore,
    LocalStore,
    openStore,
    PageStore,
} from "@territory_planning/entry_queue/entry_store";

/**
 * A server that applies each id once, and a connection that can be cut before a request
 * arrives, or after it, when only the answer is lost.
 */
class MockServer {
    applied = [];
    requests = 0;
    cut = false;
    loseAnswers = 0;
    verdicts = {};

    send = async (entries) => {
        this.requests++;
        if (this.cut) {
            throw new ConnectionLostError();
        }
        const answers = entries.map((entry) => {
            const verdict = this.verdicts[entry.what];
            if (verdict === "broken") {
                const error = new Error("Odoo Server Error");
                error.data = {message: "no such stop"};
                throw error;
            }
            if (verdict && !entry.force) {
                return {uuid: entry.uuid, status: verdict, message: "No"};
            }
            const status = this.applied.some(({uuid}) => uuid === entry.uuid)
                ? "again"
                : "saved";
            if (status === "saved") {
                this.applied.push(entry);
            }
            return {uuid: entry.uuid, status};
        });
        if (this.loseAnswers) {
            this.loseAnswers--;
            throw new ConnectionLostError();
        }
        return answers;
    };

    get whats() {
        return this.applied.map(({what}) => what).join("");
    }
}

/** A queue whose timers are run by hand. */
function makeQueue(server, store = new PageStore()) {
    const timers = [];
    const queue = new EntryQueue({
        send: server.send,
        store,
        isOnline: () => true,
        later: (run, ms) => timers.push({run, ms}),
        never: () => timers.splice(0),
    });
    return {queue, timers};
}

/** Storage as browsers have it, or one that is full. */
function makeStorage(full = false) {
    const map = new Map();
    return {
        get length() {
            return map.size;
        },
        key: (i) => [...map.keys()][i],
        getItem: (key) => map.get(key) ?? null,
        setItem: (key, value) => {
            if (full) {
                throw new Error("QuotaExceededError");
            }
            map.set(key, value);
        },
        removeItem: (key) => map.delete(key),
    };
}

describe("sending", () => {
    test("an entry goes at once, and only once the server has it is it forgotten", async () => {
        const server = new MockServer();
        let kept = [];
        const {queue} = makeQueue({
            send: async (entries) => {
                kept = await queue.store.all();
                return server.send(entries);
            },
        });
        await queue.add({what: "a"});
        await queue.flush();
        expect(kept).toHaveLength(1);
        expect(server.whats).toBe("a");
        expect(queue.rows).toEqual([]);
        expect(await queue.store.all()).toEqual([]);
    });

    test("without a connection entries wait, then go in order in one request", async () => {
        const server = new MockServer();
        server.cut = true;
        const {queue, timers} = makeQueue(server);
        for (const what of "abc") {
            await queue.add({what});
        }
        await queue.flush();
        expect(queue.waiting).toHaveLength(3);
        expect(timers.at(-1).ms).toBeGreaterThan(1000);
        server.cut = false;
        server.requests = 0;
        await queue.wake();
        expect(server.whats).toBe("abc");
        expect(server.requests).toBe(1);
    });

    test("a lost answer: sent again, applied once", async () => {
        const server = new MockServer();
        server.loseAnswers = 1;
        const {queue, timers} = makeQueue(server);
        await queue.add({what: "a"});
        await queue.flush();
        expect(queue.waiting).toHaveLength(1);
        await timers.at(-1).run();
        expect(queue.rows).toEqual([]);
        expect(server.whats).toBe("a");
        expect(server.requests).toBe(2);
    });

    test("the wait grows, and ends when the connection is back", async () => {
        const server = new MockServer();
        server.cut = true;
        const {queue, timers} = makeQueue(server);
        await queue.add({what: "a"});
        await queue.flush();
        const waits = [timers.at(-1).ms];
        for (let i = 0; i < 3; i++) {
            await timers.at(-1).run();
            waits.push(timers.at(-1).ms);
        }
        expect(waits).toEqual([...waits].sort((a, b) => a - b));
        expect(waits.at(-1)).toBeGreaterThan(waits[0]);
        expect(queue.failures).toBe(4);
        await queue.wake();
        expect(queue.failures).toBe(1);
    });

    test("what is on its way cannot be taken back; what waits can", async () => {
        const server = new MockServer();
        let arrive = null;
        const {queue} = makeQueue({
            send: (entries) =>
                new Promise((resolve) => {
                    arrive = () => resolve(server.send(entries));
                }),
        });
        const uuid = await queue.add({what: "a"});
        await queue.drop(uuid);
        expect(queue.rows).toHaveLength(1);
        arrive();
        await queue.flush();
        expect(server.whats).toBe("a");
    });

    test("an entry made while others are sent goes after them", async () => {
        const server = new MockServer();
        const {queue} = makeQueue(server);
        await Promise.all([queue.add({what: "a"}), queue.add({what: "b"})]);
        await queue.flush();
        await queue.flush();
        expect(server.whats).toBe("ab");
    });
});

describe("what the server does not take", () => {
    test("a conflict waits for a decision, the others go through", async () => {
        const server = new MockServer();
        server.verdicts = {b: "conflict"};
        const {queue} = makeQueue(server);
        for (const what of "abc") {
            await queue.add({what});
        }
        await queue.flush();
        expect(server.whats).toBe("ac");
        const [row] = queue.stuck;
        expect(row.state).toBe("conflict");
        expect((await queue.store.all())[0].state).toBe("conflict");
        await queue.insist(row.uuid);
        await queue.flush();
        expect(server.whats).toBe("acb");
        expect(server.applied[2].force).toBe(true);
        expect(server.applied[2].uuid).not.toBe(row.uuid);
        expect(queue.rows).toEqual([]);
    });

    test("a refusal is shown until it is read", async () => {
        const server = new MockServer();
        server.verdicts = {a: "refused"};
        const {queue} = makeQueue(server);
        const uuid = await queue.add({what: "a"});
        await queue.flush();
        expect(queue.stuck[0].answer.message).toBe("No");
        await queue.insist(uuid); // a refusal is not to be insisted on
        expect(queue.stuck).toHaveLength(1);
        await queue.drop(uuid);
        expect(await queue.store.all()).toEqual([]);
    });

    test("one entry that breaks the server does not hold up the others", async () => {
        const server = new MockServer();
        server.verdicts = {c: "broken"};
        server.cut = true;
        const {queue, timers} = makeQueue(server);
        for (const what of "abcdefg") {
            await queue.add({what});
        }
        await queue.flush();
        server.cut = false;
        await queue.wake();
        for (let i = 0; i < 3 && queue.waiting.length; i++) {
            await timers.at(-1).run();
        }
        expect([...server.whats].sort().join("")).toBe("abdefg");
        expect(queue.stuck).toHaveLength(1);
        expect(queue.stuck[0].answer.message).toBe("no such stop");
    });

    test("a server in trouble is given time, however much is entered meanwhile", async () => {
        const server = new MockServer();
        server.verdicts = {a: "broken"};
        const {queue} = makeQueue(server);
        for (let i = 0; i < 5; i++) {
            await queue.add({what: "a"});
            await queue.flush();
        }
        expect(server.requests).toBe(1);
        expect(queue.waiting).toHaveLength(5);
        server.verdicts = {};
        await queue.wake();
        expect(server.applied).toHaveLength(5);
    });

    test("an expired session refuses nothing", async () => {
        allowTranslations();
        const error = new Error("Session expired");
        error.exceptionName = "odoo.http.SessionExpiredException";
        const {queue, timers} = makeQueue({send: () => Promise.reject(error)});
        await queue.add({what: "a"});
        await queue.flush();
        for (let i = 0; i < 6; i++) {
            await timers.at(-1).run();
        }
        expect(queue.waiting).toHaveLength(1);
        expect(queue.problem).toMatch(/Log in again/);
    });

    test("an answer that is none loses nothing", async () => {
        allowTranslations();
        for (const answer of [null, "<html>", [], [{uuid: "other", status: "saved"}]]) {
            const {queue} = makeQueue({send: async () => answer});
            await queue.add({what: "a"});
            await queue.flush();
            expect(queue.waiting).toHaveLength(1);
        }
    });
});

describe("keeping", () => {
    test("entries survive the page, whichever store there is", async () => {
        const name = `territory_test_${makeId()}`;
        const storage = makeStorage();
        const stores = [
            () => IndexedStore.open(name, window.indexedDB),
            () => openStore(name, {localStorage: storage}),
        ];
        for (const open of stores) {
            const server = new MockServer();
            server.cut = true;
            const before = makeQueue(server, await open()).queue;
            // as a component that watches its state gives it
            await before.add(reactive({what: "a", place: {latitude: 1}}));
            await before.add({what: "b"});
            await before.flush();
            before.close();

            server.cut = false;
            const {queue} = makeQueue(server, await open());
            await queue.load();
            await queue.add({what: "c"});
            await queue.flush();
            expect(server.whats).toBe("abc");
            expect(await queue.store.all()).toEqual([]);
            queue.close();
        }
        window.indexedDB.deleteDatabase(name);
    });

    test("the best store that works is taken", async () => {
        const broken = {
            open: () => {
                throw new Error("SecurityError");
            },
        };
        const storage = makeStorage();
        expect(
            await openStore("x", {indexedDB: broken, localStorage: storage})
        ).toBeInstanceOf(LocalStore);
        const none = await openStore("x", {
            indexedDB: broken,
            localStorage: makeStorage(true),
        });
        expect(none).toBeInstanceOf(PageStore);
        expect(none.kept).toBe(false);
    });

    test("a full phone: the entry is sent, and the page knows that it is not kept", async () => {
        const store = new PageStore();
        store.kept = true;
        store.put = () => Promise.reject(new Error("QuotaExceededError"));
        const server = new MockServer();
        server.cut = true;
        const {queue} = makeQueue(server, store);
        await queue.add({what: "a"});
        await queue.flush();
        expect(queue.kept).toBe(false);
        server.cut = false;
        await queue.wake();
        expect(server.whats).toBe("a");
    });

    test("ids are the server's form and never the same", () => {
        const ids = new Set(Array.from({length: 1000}, () => makeId()));
        expect(ids.size).toBe(1000);
        expect([...ids].every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    });
});
