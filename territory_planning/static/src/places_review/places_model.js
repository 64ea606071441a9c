/** The server's word for "nothing is here": neither 0, 0 nor off the earth is a place. */
export function isPlace(latitude, longitude) {
    return (
        Math.abs(latitude) <= 90 &&
        Math.abs(longitude) <= 180 &&
        Boolean(latitude || longitude)
    );
}

/** Where the record says it is, `[longitude, latitude]` or null. */
export function placeOf(row) {
    return row && isPlace(row.latitude, row.longitude)
        ? [row.longitude, row.latitude]
        : null;
}

/**
 * The places to check and what is being done about them. Knows the server, and nothing
 * of the map. Made reactive by whoever shows it.
 */
export class PlacesModel {
    constructor(orm) {
        this.orm = orm;
        this.loaded = false;
        this.busy = false;
        this.rows = [];
        this.reasons = [];
        this.reason = "";
        this.total = 0;
        this.accounts = 0;
        this.run = false;
        this.provider = {name: "", attribution: ""};
        this.tiles = false;
        this.mayStart = false;
        this.selectedId = null;
        this.checked = new Set();
        /** Where the pin is put but not yet saved, `[longitude, latitude]`. */
        this.draft = null;
        this.done = 0;
    }

    // ------------------------------------------------------------------ reading
    async load() {
        const answer = await this.call("get_places_to_check", [this.reason || false]);
        this.rows = answer.rows;
        this.reasons = answer.reasons;
        this.total = answer.total;
        this.accounts = answer.accounts;
        this.run = answer.run;
        this.provider = answer.provider;
        this.tiles = answer.tiles;
        this.mayStart = answer.may_start;
        this.loaded = true;
        const ids = new Set(this.rows.map(({id}) => id));
        this.checked = new Set([...this.checked].filter((id) => ids.has(id)));
        if (!ids.has(this.selectedId)) {
            this.select(this.rows[0]?.id ?? null);
        }
    }

    /** All of one reason, or of every one. */
    async filter(reason) {
        this.reason = reason;
        this.checked.clear();
        this.selectedId = null;
        await this.load();
    }

    get selected() {
        return this.rows.find(({id}) => id === this.selectedId) || null;
    }

    get position() {
        return this.rows.findIndex(({id}) => id === this.selectedId);
    }

    /** Where the pin is: moved, or as on record. */
    get pin() {
        return this.draft || placeOf(this.selected);
    }

    /** Those the buttons act on: the ticked ones, or else the one that is shown. */
    get chosen() {
        if (this.checked.size) {
            return this.rows.filter(({id}) => this.checked.has(id));
        }
        return this.selected ? [this.selected] : [];
    }

    get canConfirm() {
        return this.chosen.length > 0 && this.chosen.every(placeOf);
    }

    get canSwap() {
        const row = this.selected;
        return Boolean(
            row?.place_reason === "swapped" && isPlace(row.longitude, row.latitude)
        );
    }

    // ----------------------------------------------------------------- choosing
    select(id) {
        this.selectedId = id;
        this.draft = null;
    }

    /** The next (1) or previous (-1) one; stays at the ends. */
    step(by) {
        const row = this.rows[this.position + by];
        if (row) {
            this.select(row.id);
        }
        return Boolean(row);
    }

    toggle(id) {
        if (!this.checked.delete(id)) {
            this.checked.add(id);
        }
    }

    toggleAll() {
        const all = this.checked.size === this.rows.length;
        this.checked = new Set(all ? [] : this.rows.map(({id}) => id));
    }

    movePin(place) {
        this.draft = place;
    }

    swap() {
        const {latitude, longitude} = this.selected;
        this.draft = [latitude, longitude];
    }

    // ----------------------------------------------------------------- deciding
    async savePin() {
        const [longitude, latitude] = this.draft;
        const ids = [this.selectedId];
        await this.act(ids, "set_place", [ids, latitude, longitude]);
    }

    async confirm() {
        const ids = this.chosen.map(({id}) => id);
        await this.act(ids, "confirm_places", [ids]);
    }

    async skip() {
        const ids = this.chosen.map(({id}) => id);
        await this.act(ids, "skip_places", [ids]);
    }

    /** Look one up at once, several in the background; what was said is answered. */
    async retry() {
        const ids = this.chosen.map(({id}) => id);
        if (ids.length === 1) {
            await this.work(() => this.call("look_up_place", [ids]));
            await this.load();
            this.draft = null;
            return {single: true, left: this.rows.some(({id}) => id === ids[0])};
        }
        const answer = await this.work(() => this.call("retry_places", [ids]));
        this.checked.clear();
        await this.load();
        return answer;
    }

    async start() {
        this.run = await this.work(() => this.call("start_places_run", []));
    }

    async act(ids, method, args) {
        await this.work(() => this.call(method, args));
        this.forget(new Set(ids));
        if (this.rows.length) {
            return;
        }
        await this.load();
    }

    /** Take what is settled off the list and go on with the next one. */
    forget(ids) {
        const after = this.rows
            .slice(this.position)
            .concat(this.rows.slice(0, Math.max(this.position, 0)).reverse());
        const next = after.find(({id}) => !ids.has(id));
        for (const entry of this.reasons) {
            const gone = this.rows.filter(
                ({id, place_reason}) => ids.has(id) && (place_reason || "") === entry[0]
            );
            entry[2] -= gone.length;
        }
        this.rows = this.rows.filter(({id}) => !ids.has(id));
        this.total -= ids.size;
        this.done += ids.size;
        for (const id of ids) {
            this.checked.delete(id);
        }
        if (ids.has(this.selectedId)) {
            this.select(next?.id ?? null);
        }
    }

    async onRun({kind, state, progress}) {
        if (!["geocode", "lookup", "places"].includes(kind)) {
            return;
        }
        if (["waiting", "running"].includes(state)) {
            this.run = {...this.run, progress, state};
        } else {
            await this.load();
        }
    }

    async work(action) {
        this.busy = true;
        try {
            return await action();
        } finally {
            this.busy = false;
        }
    }

    call(method, args) {
        return this.orm.call("territory.account", method, args);
    }
}
