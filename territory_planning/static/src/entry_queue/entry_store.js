/**
 * Where a browser keeps what must outlive the page: IndexedDB, else localStorage, else
 * only the page itself. Three classes with the same four methods: `all`, `put`, `remove`
 * for rows with a `uuid`, and `kept`, which says whether a row survives the page.
 */

import {user} from "@web/core/user";

const TABLE = "rows";

function asPromise(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

export class IndexedStore {
    kept = true;

    static async open(name, factory) {
        const request = factory.open(name, 1);
        request.onupgradeneeded = () =>
            request.result.createObjectStore(TABLE, {keyPath: "uuid"});
        const store = new IndexedStore();
        store.db = await asPromise(request);
        return store;
    }

    table(mode) {
        return this.db.transaction(TABLE, mode).objectStore(TABLE);
    }

    all() {
        return asPromise(this.table("readonly").getAll());
    }

    put(row) {
        // plain values only: what a component watches is a proxy, which cannot be kept
        const plain = JSON.parse(JSON.stringify(row));
        return asPromise(this.table("readwrite").put(plain));
    }

    remove(uuid) {
        return asPromise(this.table("readwrite").delete(uuid));
    }

    close() {
        this.db.close();
    }
}

export class LocalStore {
    kept = true;

    constructor(name, storage) {
        this.prefix = `${name}:`;
        this.storage = storage;
        // a browser may have the object and refuse to use it: better known now
        storage.setItem(this.prefix, "");
        storage.removeItem(this.prefix);
    }

    async all() {
        const rows = [];
        for (let i = 0; i < this.storage.length; i++) {
            const key = this.storage.key(i);
            if (key.startsWith(this.prefix) && key !== this.prefix) {
                rows.push(JSON.parse(this.storage.getItem(key)));
            }
        }
        return rows;
    }

    async put(row) {
        this.storage.setItem(this.prefix + row.uuid, JSON.stringify(row));
    }

    async remove(uuid) {
        this.storage.removeItem(this.prefix + uuid);
    }

    close() {}
}

export class PageStore {
    kept = false;
    rows = new Map();

    async all() {
        return [...this.rows.values()];
    }

    async put(row) {
        this.rows.set(row.uuid, row);
    }

    async remove(uuid) {
        this.rows.delete(uuid);
    }

    close() {}
}

/** A name for what is kept for this user: a phone may be handed on, with more databases. */
export function ownName(what) {
    return `territory_${what}/${odoo.info?.db || ""}/${user.userId}`;
}

/**
 * The best store this browser has.
 *
 * @param {string} name of its own for each database, user and purpose
 * @param {{indexedDB?: IDBFactory, localStorage?: Storage}} browser what there is
 */
export async function openStore(name, {indexedDB, localStorage} = {}) {
    if (indexedDB) {
        try {
            return await IndexedStore.open(name, indexedDB);
        } catch (error) {
            console.warn("IndexedDB cannot be used here", error);
        }
    }
    if (localStorage) {
        try {
            return new LocalStore(name, localStorage);
        } catch (error) {
            console.warn("localStorage cannot be used here", error);
        }
    }
    return new PageStore();
}
