import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {EntryQueue} from "./entry_queue";
import {openStore, ownName} from "./entry_store";

/**
 * Queues by name: `{model, method, prepare}`, a method that takes entries and answers each
 * of them as {@link EntryQueue} tells; `prepare`, if given, changes an entry at the moment
 * it is sent.
 */
const queueRegistry = registry.category("territory_entry_queues");

/**
 * One queue per name for the whole client, so that what one page entered is sent while
 * another is open, and after a restart from whichever page comes first.
 */
export const entryQueueService = {
    dependencies: ["orm"],
    start(env, {orm}) {
        const queues = new Map();

        function storeName(name) {
            return `${ownName("entries")}/${name}`;
        }

        /** A mark beside the store: pages without entries need not open it. */
        function mark(name, any) {
            try {
                if (any) {
                    browser.localStorage.setItem(`${storeName(name)}?`, "1");
                } else {
                    browser.localStorage.removeItem(`${storeName(name)}?`);
                }
            } catch (error) {
                console.warn("localStorage cannot be used here", error);
            }
        }

        function isMarked(name) {
            try {
                return Boolean(browser.localStorage.getItem(`${storeName(name)}?`));
            } catch {
                return false;
            }
        }

        async function open(name) {
            const {model, method, prepare} = queueRegistry.get(name);
            const queue = new EntryQueue({
                send: (entries) =>
                    orm.silent.call(model, method, [
                        prepare ? entries.map(prepare) : entries,
                    ]),
                store: await openStore(storeName(name), {
                    indexedDB: window.indexedDB,
                    localStorage: browser.localStorage,
                }),
                isOnline: () => browser.navigator.onLine !== false,
                later: (run, ms) => browser.setTimeout(run, ms),
                never: (timer) => browser.clearTimeout(timer),
            });
            queue.addEventListener("change", () => mark(name, queue.rows.length));
            await queue.load();
            queue.flush();
            return queue;
        }

        async function wake() {
            for (const queue of queues.values()) {
                (await queue).wake();
            }
        }
        browser.addEventListener("online", wake);
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "visible") {
                wake();
            }
        });

        const service = {
            /** @returns {Promise<EntryQueue>} the queue of that name */
            queue(name) {
                if (!queues.has(name)) {
                    queues.set(name, open(name));
                }
                return queues.get(name);
            },
        };
        for (const [name] of queueRegistry.getEntries()) {
            if (isMarked(name)) {
                service.queue(name);
            }
        }
        return service;
    },
};

registry.category("services").add("territory_entry_queue", entryQueueService);
