import {ConnectionLostError} from "@web/core/network/rpc";
import {applyEntry, makeEntry, nextStop, withEntries} from "./sheet_entries";

/**
 * The day's sheet: from the server if it can be reached, else as this phone has kept it,
 * and always with what was entered since.
 */
export class RunSheetModel {
    sheet = null;
    day = null;
    /** The sheet is the phone's own copy: there was no connection. */
    offline = false;
    loading = false;
    /** Entries that wait, in order. */
    entries = [];
    /** What became of the day after it was planned anew. */
    late = null;

    /**
     * @param {Object} options
     * @param {Function} options.call `(method, args) => Promise` on `territory.trip`
     * @param {SheetStore} options.store
     * @param {Function} options.today the date here, `YYYY-MM-DD`
     * @param {Function} options.now the moment, ISO
     */
    setup({call, store, today, now}) {
        Object.assign(this, {call, store, today, now});
        return this;
    }

    /** Show a day; none: today. */
    async load(day = null) {
        this.loading = true;
        try {
            const sheet = await this.call("get_territory_today", [day || false]);
            this.take(sheet);
            await this.store.put(sheet);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            const wanted = day || this.today();
            this.offline = true;
            this.day = wanted;
            this.sheet = await this.store.get(wanted);
        } finally {
            this.loading = false;
        }
    }

    /** Load again what is shown; without a connection nothing changes. */
    reload() {
        return this.load(this.day);
    }

    take(sheet) {
        this.sheet = sheet;
        this.day = sheet.day;
        this.offline = false;
    }

    get stops() {
        return withEntries(this.sheet?.stops || [], this.entries);
    }

    get next() {
        return nextStop(this.stops);
    }

    get done() {
        return this.stops.filter((stop) => ["done", "skipped"].includes(stop.state))
            .length;
    }

    stop(id) {
        return this.stops.find((stop) => stop.id === id);
    }

    nameOf(id) {
        return this.stop(id)?.name || "";
    }

    entry(kind, stop, values) {
        return makeEntry(kind, stop, this.now(), values);
    }

    /** The server has an entry: it is part of the sheet, also without a connection. */
    async onSaved(entry) {
        if (!this.sheet?.stops.some((stop) => stop.id === entry.stop_id)) {
            return;
        }
        this.sheet = {
            ...this.sheet,
            stops: this.sheet.stops.map((stop) =>
                stop.id === entry.stop_id ? applyEntry(stop, entry) : stop
            ),
        };
        await this.store.put(this.sheet);
    }

    /** Plan the rest of the day anew. */
    async runLate(tripId, minutes) {
        const answer = await this.call("running_late", [[tripId], minutes]);
        this.late = {text: answer.late, dropped: answer.dropped};
        if (answer.sheet.day === this.day) {
            this.take(answer.sheet);
            await this.store.put(answer.sheet);
        }
    }
}
