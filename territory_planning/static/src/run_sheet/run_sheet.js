import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useBus, useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {EntryNotes} from "../entry_queue/entry_notes";
import {useEntryQueue} from "../entry_queue/use_entry_queue";
import {routeLinks} from "../navigation/navigation_links";
import {RunSheetModel} from "./run_sheet_model";
import {SheetStore} from "./sheet_store";
import {StopCard} from "./stop_card";
import {dayText, timeText} from "./times";
import {whereNow} from "./where_now";

const {DateTime} = luxon;
export const QUEUE = "drive";

/**
 * A rep's day on the road, on a phone first: where next, be led there, call, check in,
 * say what came of it, plan anew when it gets late. It works without a connection.
 */
export class RunSheet extends Component {
    static template = "territory_planning.RunSheet";
    static components = {Dropdown, DropdownItem, EntryNotes, Layout, StopCard};
    static props = {...standardActionServiceProps};
    static path = "territory-today";
    static displayName = _t("Today");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.model = useState(new RunSheetModel());
        this.state = useState({open: null, checking: null, planning: false});
        this.env.config?.setDisplayName?.(_t("Today"));
        this.queue = useEntryQueue(QUEUE, (answer) => this.onAnswer(answer));
        onWillStart(async () => {
            this.model.setup({
                call: (method, args) =>
                    this.orm.silent.call("territory.trip", method, args),
                store: await SheetStore.open(),
                today: () => DateTime.now().toISODate(),
                now: () => DateTime.utc().toISO(),
            });
            const [queue] = await Promise.all([
                this.queue.ready,
                this.model.load(this.props.action?.context?.territory_day || null),
            ]);
            this.model.entries = queue.waiting.map((row) => row.values);
        });
        useBus(this.env.bus, "TERRITORY_SHEET:CHANGED", () => this.reload());
        const online = () => this.reload();
        browser.addEventListener("online", online);
        onWillUnmount(() => browser.removeEventListener("online", online));
    }

    // ------------------------------------------------------------------- showing
    get display() {
        return {controlPanel: this.ui.isSmall ? false : {}};
    }

    get title() {
        return dayText(this.model.day, this.model.today());
    }

    get asOf() {
        const {sheet} = this.model;
        return sheet && timeText(sheet.computed_at, sheet.tz);
    }

    get progress() {
        const {stops, done} = this.model;
        return _t("%(done)s of %(count)s visits", {done, count: stops.length});
    }

    /** The rest of the day in order: stops, other meetings, and the way's end. */
    get lines() {
        const {stops, sheet} = this.model;
        const lines = stops
            .filter((stop) => stop.id !== this.shown?.id)
            .map((stop) => ({
                kind: "stop",
                key: `stop${stop.id}`,
                time: stop.check_in || stop.arrival,
                stop,
            }));
        for (const meeting of sheet?.meetings || []) {
            const {id, start, name, location} = meeting;
            lines.push({
                kind: "meeting",
                key: `meeting${id}`,
                time: start,
                name,
                location,
            });
        }
        for (const trip of sheet?.trips || []) {
            if (trip.end.name && trip.time_to) {
                lines.push({
                    kind: trip.night_out ? "night" : "home",
                    key: `end${trip.id}`,
                    time: trip.time_to,
                    name: trip.end.name,
                });
            }
        }
        // all-day meetings first, stops that have no time yet last
        const rank = (line) => line.time || (line.kind === "meeting" ? "" : "9999");
        return lines.sort((a, b) => {
            const [first, second] = [rank(a), rank(b)];
            return first === second ? 0 : first < second ? -1 : 1;
        });
    }

    get shown() {
        const {model} = this;
        const id = this.state.open || model.next?.id;
        return model.stops.find((stop) => stop.id === id) || null;
    }

    /** The trip that can be planned anew: the one of the next stop. */
    get trip() {
        const {sheet, next} = this.model;
        return (
            sheet?.trips.find((trip) => trip.id === next?.trip_id) || sheet?.trips[0]
        );
    }

    get isToday() {
        return this.model.day === this.model.today();
    }

    /** All that is still ahead, and then home. */
    get wayLinks() {
        const ahead = this.model.stops.filter(
            (stop) => stop.state === "planned" && stop.arrival
        );
        const end = this.model.sheet?.trips.at(-1)?.end;
        return ahead.length
            ? routeLinks([...ahead, ...(end ? [end] : [])], this.ui.isSmall)
            : [];
    }

    get exports() {
        return (this.model.sheet?.trips || []).flatMap((trip) =>
            [
                ["ics", _t("Calendar file")],
                ["gpx", _t("GPX route")],
                ["pdf", _t("PDF")],
            ].map(([kind, label]) => ({
                kind,
                label:
                    this.model.sheet.trips.length > 1
                        ? `${label}: ${trip.name}`
                        : label,
                href: `/territory_planning/trip/${trip.id}.${kind}`,
                key: `${kind}${trip.id}`,
            }))
        );
    }

    time(moment) {
        return timeText(moment, this.model.sheet.tz);
    }

    nameOf(values) {
        return this.model.nameOf(values.stop_id) || _t("A visit");
    }

    icon({kind}) {
        return {meeting: "fa-calendar", night: "fa-bed", home: "fa-home"}[kind];
    }

    word(stop) {
        if (stop.state === "done") {
            const outcomes = this.model.sheet.outcomes;
            return (
                outcomes.find(({value}) => value === stop.outcome)?.label || _t("Done")
            );
        }
        if (stop.state === "skipped") {
            return stop.postponed_to ? _t("Postponed") : _t("Skipped");
        }
        return stop.state === "there" ? _t("You are here") : "";
    }

    // ----------------------------------------------------------------- moving on
    async go(days) {
        const day = DateTime.fromISO(this.model.day).plus({days}).toISODate();
        this.state.open = null;
        this.model.late = null;
        await this.model.load(day);
        this.showQueue();
    }

    async reload() {
        if (!this.model.loading) {
            await this.model.reload();
            this.showQueue();
        }
    }

    toggle(stop) {
        this.state.open = this.state.open === stop.id ? null : stop.id;
    }

    openDraft(draft) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "territory.trip",
            res_id: draft.id,
            views: [[false, "form"]],
        });
    }

    // ------------------------------------------------------------------ entering
    showQueue() {
        this.model.entries = this.queue.queue.waiting.map((row) => row.values);
    }

    async enter(kind, stop, values) {
        const entry = this.model.entry(kind, stop, values);
        this.state.open = null;
        await this.queue.queue.add(entry);
        this.showQueue();
    }

    async checkIn(stop, withPlace) {
        if (this.state.checking) {
            return;
        }
        const entry = this.model.entry("check_in", stop);
        this.state.checking = stop.id;
        try {
            const place = withPlace ? await whereNow() : null;
            await this.queue.queue.add(place ? {...entry, place} : entry);
            this.showQueue();
        } finally {
            this.state.checking = null;
        }
    }

    async onAnswer({answer, values}) {
        if (["saved", "again"].includes(answer.status)) {
            await this.model.onSaved(values);
        }
        this.showQueue();
        if (answer.status === "conflict") {
            await this.reload();
        }
    }

    async runLate(minutes) {
        this.state.planning = true;
        try {
            await this.queue.queue.flush();
            await this.model.runLate(this.trip.id, minutes);
        } finally {
            this.state.planning = false;
        }
    }
}

registry.category("actions").add("territory-today", RunSheet);
registry.category("territory_entry_queues").add(QUEUE, {
    model: "territory.trip.stop",
    method: "apply_entries",
    // the server corrects the times of a phone whose clock is wrong
    prepare: (entry) => ({...entry, sent: DateTime.utc().toISO()}),
});
