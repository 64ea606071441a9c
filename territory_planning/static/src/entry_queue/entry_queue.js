import {_t} from "@web/core/l10n/translation";
import {ConnectionLostError} from "@web/core/network/rpc";
import {PageStore} from "./entry_store";

/** How long to wait after a failure, in ms, each time longer. */
const WAITS = [2_000, 5_000, 15_000, 60_000, 300_000];
const BATCH = 20;
/** An entry that breaks the server so often, alone, is the user's to look at. */
const BREAKS_MAX = 3;
const SESSION_OVER = [
    "odoo.http.SessionExpiredException",
    "werkzeug.exceptions.Forbidden",
];

/** An id that no other phone makes; `randomUUID` exists over HTTPS only. */
export function makeId(crypto = window.crypto) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * What was entered on this phone and has not reached the server yet.
 *
 * Entries are kept before anything else happens to them, sent in the order in which they
 * were made, several at once, and go only when the server has them. The server applies
 * each id once, so that an entry whose answer was lost is sent again without harm.
 *
 * A row is `{uuid, seq, values, state, answer}` with one of the states
 *
 * - `waiting`: to be sent
 * - `conflict`: someone else has changed the same; `answer.mine` and `answer.theirs`
 *   say what; the user decides ({@link EntryQueue.insist}, {@link EntryQueue.drop})
 * - `refused`: it cannot be applied; `answer.message` says why
 *
 * The server answers each entry with `{uuid, status, message, …}`, status one of
 * `saved`, `again`, `conflict`, `refused`.
 */
export class EntryQueue extends EventTarget {
    /**
     * @param {Object} options
     * @param {Function} options.send `entries => Promise<answers>`
     * @param {Object} [options.store] see {@link openStore}
     * @param {Function} [options.isOnline]
     * @param {Function} [options.later] like `setTimeout`; returns what `never` takes
     * @param {Function} [options.never] like `clearTimeout`
     */
    constructor({send, store, isOnline, later, never}) {
        super();
        this.send = send;
        this.store = store || new PageStore();
        this.isOnline = isOnline || (() => window.navigator.onLine !== false);
        this.later = later || ((run, ms) => window.setTimeout(run, ms));
        this.never = never || ((timer) => window.clearTimeout(timer));
        this.rows = [];
        this.seq = 0;
        this.failures = 0;
        this.batch = BATCH;
        this.problem = "";
        this.flushing = null;
        this.timer = null;
        /** The server broke on something: it is given time before it is asked again. */
        this.holding = false;
        this.kept = this.store.kept;
    }

    /** Read what an earlier page left behind. */
    async load() {
        const known = new Set(this.rows.map((row) => row.uuid));
        const left = (await this.store.all()).filter((row) => !known.has(row.uuid));
        this.rows = [...left, ...this.rows].sort((a, b) => a.seq - b.seq);
        this.seq = Math.max(this.seq, ...this.rows.map((row) => row.seq));
        this._changed();
    }

    get waiting() {
        return this.rows.filter((row) => row.state === "waiting");
    }

    get stuck() {
        return this.rows.filter((row) => row.state !== "waiting");
    }

    /**
     * Keep an entry and send it as soon as possible.
     *
     * @param {Object} values what the server gets, besides its `uuid`
     * @returns {Promise<string>} its id, once it is kept
     */
    async add(values) {
        const row = {
            uuid: makeId(),
            seq: ++this.seq,
            values,
            state: "waiting",
            answer: null,
        };
        this.rows.push(row);
        await this._keep(row);
        this._changed();
        this.flush();
        return row.uuid;
    }

    /** After a conflict: mine counts. It is a new entry, so it gets a new id. */
    async insist(uuid) {
        const row = this._row(uuid);
        if (row?.state === "conflict") {
            await this._forget(row);
            await this.add({...row.values, force: true});
        }
    }

    /** Take an entry back before it is sent, or after the server did not take it. */
    async drop(uuid) {
        const row = this._row(uuid);
        if (row && !row.sent) {
            await this._forget(row);
            this._changed();
        }
    }

    /** Send what waits; one sender at a time. Never rejects. */
    flush() {
        if (this.holding) {
            return Promise.resolve();
        }
        this.flushing ||= this._flush().finally(() => {
            this.flushing = null;
        });
        return this.flushing;
    }

    /** The connection is back, or the page is shown again: do not wait any longer. */
    wake() {
        this.failures = 0;
        this.holding = false;
        return this.flush();
    }

    close() {
        this.never(this.timer);
        this.store.close();
    }

    // ----------------------------------------------------------------- sending
    async _flush() {
        this.never(this.timer);
        while (this.waiting.length && this.isOnline()) {
            const batch = this.waiting.slice(0, this.batch);
            batch.forEach((row) => {
                row.sent = true;
            });
            try {
                const answers = await this.send(
                    batch.map(({uuid, values}) => ({...values, uuid}))
                );
                await this._take(batch, answers);
                this.failures = 0;
                this.batch = BATCH;
                this.problem = "";
            } catch (error) {
                if (!(await this._failed(batch, error))) {
                    break;
                }
            } finally {
                batch.forEach((row) => {
                    row.sent = false;
                });
            }
            this._changed();
        }
        this._changed();
    }

    async _take(batch, answers) {
        const answerOf = new Map(
            (Array.isArray(answers) ? answers : []).map((one) => [one.uuid, one])
        );
        if (!batch.some((row) => answerOf.has(row.uuid))) {
            throw new Error(_t("The server's answer cannot be understood."));
        }
        for (const row of batch) {
            const answer = answerOf.get(row.uuid);
            if (!answer) {
                continue; // it stays and is sent again
            }
            if (["conflict", "refused"].includes(answer.status)) {
                Object.assign(row, {state: answer.status, answer});
                await this._keep(row);
            } else {
                await this._forget(row);
            }
            this.dispatchEvent(
                new CustomEvent("answer", {detail: {answer, values: row.values}})
            );
        }
    }

    /** @returns {Promise<boolean>} whether to go on at once */
    async _failed(batch, error) {
        if (error instanceof ConnectionLostError) {
            this.problem = "";
        } else if (SESSION_OVER.includes(error.exceptionName)) {
            this.problem = _t("Log in again: then what you entered is sent.");
        } else {
            this.problem = error.data?.message || error.message;
            if (batch.length > 1) {
                // one of them breaks the others: find out which
                this.batch = Math.ceil(batch.length / 2);
                return true;
            }
            const [row] = batch;
            row.breaks = (row.breaks || 0) + 1;
            if (row.breaks >= BREAKS_MAX) {
                row.state = "refused";
                row.answer = {status: "refused", message: this.problem};
                this.problem = "";
                this.batch = BATCH;
                await this._keep(row);
                return true;
            }
        }
        const wait = WAITS[Math.min(this.failures++, WAITS.length - 1)];
        this.holding = !(error instanceof ConnectionLostError);
        this.timer = this.later(() => {
            this.holding = false;
            return this.flush();
        }, wait);
        return false;
    }

    // ----------------------------------------------------------------- keeping
    _row(uuid) {
        return this.rows.find((row) => row.uuid === uuid);
    }

    async _keep({uuid, seq, values, state, answer}) {
        try {
            await this.store.put({uuid, seq, values, state, answer});
            this.kept = this.store.kept;
        } catch (error) {
            console.warn("An entry could not be kept on this device", error);
            this.kept = false; // the page says so: it is sent all the same
        }
    }

    async _forget(row) {
        this.rows = this.rows.filter((other) => other !== row);
        try {
            await this.store.remove(row.uuid);
        } catch (error) {
            // the next page sends it again, and the server says it has it
            console.warn("An entry could not be removed from this device", error);
        }
    }

    _changed() {
        this.dispatchEvent(new CustomEvent("change"));
    }
}
