import {browser} from "@web/core/browser/browser";
import {openStore, ownName} from "../entry_queue/entry_store";

/** Days kept on the phone: what is over helps nobody there. */
const KEPT = 3;

/** The sheets of some days on this phone, one's own only. */
export class SheetStore {
    constructor(store) {
        this.store = store;
    }

    static async open() {
        return new SheetStore(
            await openStore(ownName("sheets"), {
                indexedDB: window.indexedDB,
                localStorage: browser.localStorage,
            })
        );
    }

    /** The sheet of a day, or nothing. */
    async get(day) {
        const rows = await this.store.all();
        return rows.find((row) => row.uuid === day)?.sheet || null;
    }

    /** Keep a sheet; what cannot be kept is only missed without a connection. */
    async put(sheet) {
        try {
            await this.store.put({uuid: sheet.day, sheet});
            const days = (await this.store.all()).map((row) => row.uuid).sort();
            for (const day of days.slice(0, -KEPT)) {
                await this.store.remove(day);
            }
        } catch (error) {
            console.warn("The day's sheet could not be kept on this device", error);
        }
    }
}
