import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const TRIP_MODEL = "territory.trip";
const {DateTime} = luxon;

/** Tomorrow, or the Monday after a weekend. */
function nextWorkday() {
    let day = DateTime.local().plus({days: 1});
    while (day.weekday > 5) {
        day = day.plus({days: 1});
    }
    return day.toISODate();
}

const FORM = {
    start: {kind: "home"},
    end: {kind: "back"},
    date: "",
    date_end: "",
    hour_from: 8,
    hour_to: 17,
    lunch_minutes: 30,
    night: "home",
    priority: "value",
    max_detour_km: 30,
    user_id: false,
};

/**
 * A road trip: what is asked, who is on the way, and the trip that came of it. Knows the
 * server; panel and layer show what is in here after each change.
 */
export class RoutePart {
    constructor(model, {form, picked = [], without = [], tripId = false, stage} = {}) {
        this.model = model;
        this.form = {...FORM, date: nextWorkday(), ...form};
        this.picked = new Map(picked); // account -> name, visited in any case
        this.without = new Set(without);
        this.stage = stage || "ask"; // ask, trip
        this.order = "per_minute"; // what candidates are ranked by
        this.preview = null;
        this.way = ""; // the one the map has gone to
        this.previewStatus = "idle"; // loading, ready, error
        this.previewError = "";
        this.tripId = tripId;
        this.trip = null;
        this.busy = false; // planning, or putting stops in order
        this.error = "";
        this.keepPreview = new KeepLast();
        this.keepTrip = new KeepLast();
    }

    exportState() {
        return {
            form: this.form,
            picked: [...this.picked],
            without: [...this.without],
            tripId: this.tripId,
            stage: this.stage,
        };
    }

    // ------------------------------------------------------------------- opening
    open() {
        this.model.openPanel("route");
    }

    /** Whether the panel is open, or waits below a card. */
    get isOpen() {
        for (let {panel} = this.model; panel; panel = panel.back) {
            if (panel.kind === "route") {
                return true;
            }
        }
        return false;
    }

    load() {
        if (this.stage === "trip" && this.tripId && !this.trip) {
            return this.openTrip(this.tripId);
        }
        if (this.stage === "ask" && !this.preview) {
            return this.loadPreview();
        }
    }

    call(method, args, trip = false) {
        return this.model.orm.silent.call(
            TRIP_MODEL,
            method,
            trip ? [[trip], ...args] : args,
            {context: this.model.context}
        );
    }

    // -------------------------------------------------------------------- asking
    get request() {
        const {form} = this;
        return {
            ...form,
            date_end: form.date_end > form.date ? form.date_end : false,
            must: [...this.picked.keys()],
            without: [...this.without],
        };
    }

    get days() {
        const {date, date_end: end} = this.form;
        const days = DateTime.fromISO(end || date).diff(DateTime.fromISO(date), "days");
        return Math.max(Math.round(days.days || 0), 0) + 1;
    }

    /** Another question: who is on the way changes with it. */
    change(values) {
        Object.assign(this.form, values);
        this.model.notify();
        return this.loadPreview();
    }

    async loadPreview() {
        this.previewStatus = "loading";
        this.model.notify();
        try {
            this.preview = await this.keepPreview.add(
                this.call("plan_preview", [this.request])
            );
            this.previewStatus = "ready";
            this.previewError = "";
            this.showWay();
        } catch (error) {
            this.previewStatus = "error";
            this.previewError =
                error.data?.message ||
                _t("The way cannot be looked at. Check your connection and try again.");
        }
        this.model.notify();
    }

    /** Candidates, the best by what is ranked by first. */
    get candidates() {
        const rows = this.preview?.candidates || [];
        const by = this.order;
        return [...rows].sort((a, b) => b[by] - a[by]);
    }

    sortBy(order) {
        this.order = order;
        this.model.notify();
    }

    togglePick({id, name}) {
        if (!this.picked.delete(id)) {
            this.picked.set(id, name);
            this.without.delete(id);
        }
        this.model.notify();
    }

    toggleWithout({id}) {
        if (!this.without.delete(id)) {
            this.without.add(id);
            this.picked.delete(id);
        }
        this.model.notify();
    }

    // ------------------------------------------------------------------- the trip
    /** Plan: the picked ones and whoever else is worth it, or the picked ones only. */
    plan({chosenOnly = false} = {}) {
        return this.ask(() =>
            this.call("plan_trip", [
                {...this.request, chosen_only: chosenOnly},
                this.tripId || false,
            ])
        );
    }

    openTrip(id) {
        return this.ask(() => this.call("get_territory_trip", [], id));
    }

    /** Stops in another order; those that are in no day are taken out. */
    reorder(days) {
        return this.ask(() => this.call("retime", [days], this.trip.id));
    }

    get stopIds() {
        return this.trip.days.map(({stops}) => stops.map(({id}) => id));
    }

    /** Move a stop to a place of a day. */
    moveStop(id, day, place) {
        const days = this.stopIds.map((ids) => ids.filter((one) => one !== id));
        days[day].splice(place, 0, id);
        return this.reorder(days);
    }

    removeStop({id, account}) {
        // planned anew it stays away
        if (account) {
            this.without.add(account);
            this.picked.delete(account);
        }
        return this.reorder(this.stopIds.map((ids) => ids.filter((one) => one !== id)));
    }

    lockStop({id, locked}) {
        return this.ask(() =>
            this.call("set_stop_locked", [id, !locked], this.trip.id)
        );
    }

    addAccount(id) {
        this.without.delete(id);
        return this.ask(() => this.call("add_account", [id], this.trip.id));
    }

    /** The trip is settled as it is. */
    accept() {
        return this.ask(async () => {
            await this.call("action_plan", [], this.trip.id);
            return this.call("get_territory_trip", [], this.trip.id);
        });
    }

    /** Ask the server for the trip; what is wrong is said, and the trip stays as it was. */
    async ask(request) {
        this.busy = true;
        this.error = "";
        this.model.notify();
        try {
            const trip = await this.keepTrip.add(request());
            const isNew = trip.id !== this.tripId || this.stage !== "trip";
            this.trip = trip;
            this.tripId = trip.id;
            this.stage = "trip";
            if (isNew) {
                this.show();
            }
        } catch (error) {
            this.error =
                error.data?.message ||
                _t("That did not work. Check your connection and try again.");
        }
        this.busy = false;
        this.model.notify();
    }

    /** Back to the question, with what is known of the trip. */
    askAgain() {
        this.stage = "ask";
        this.error = "";
        this.load();
        this.model.notify();
    }

    /** Another trip instead of the one at hand. */
    startOver() {
        this.trip = null;
        this.tripId = false;
        this.picked.clear();
        this.without.clear();
        this.preview = null;
        this.askAgain();
    }

    /** The map goes where the way does, once for each way that is asked for. */
    showWay() {
        const {start, end, candidates} = this.preview;
        const way = JSON.stringify([start, end]);
        if (this.isOpen && way !== this.way) {
            this.way = way;
            this.showPlaces([start, end, ...candidates]);
        }
    }

    /** Move the map so that all of the trip is seen. */
    show() {
        this.showPlaces(
            this.trip.days.flatMap(({start, stops, end}) => [start, ...stops, end])
        );
    }

    showPlaces(places) {
        if (places.length) {
            const lons = places.map(({lon}) => lon);
            const lats = places.map(({lat}) => lat);
            this.model.showBounds([
                Math.min(...lons),
                Math.min(...lats),
                Math.max(...lons),
                Math.max(...lats),
            ]);
        }
    }
}

registry.category("territory_map_parts").add("route", RoutePart);
