import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {formatCurrency} from "@web/core/currency";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {ConnectionLostError} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatFloat} from "@web/views/fields/formatters";
import {EntryNotes} from "@territory_planning/entry_queue/entry_notes";
import {useEntryQueue} from "@territory_planning/entry_queue/use_entry_queue";
import {KnowledgeDialog} from "./knowledge_dialog";
import {keepCopy, readCopy} from "./month_copy";
import {MonthLine} from "./month_line";
import {MonthState} from "./month_state";

const PAGE = 30;
/** A hand that taps “more” three times means one number. */
const REST = 700;

/**
 * A rep's view of the month, in minutes and on a phone: recommended visits taken or
 * changed, expected sales, what the figures do not know. Every tap is kept on the phone
 * first and sent when there is a connection.
 */
export class MyMonth extends Component {
    static template = "territory_planning.MyMonth";
    static components = {EntryNotes, MonthLine};
    static props = {
        planId: {type: [Number, {value: null}], optional: true},
        userId: {type: [Number, {value: null}], optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.entries = useEntryQueue("my_month", (detail) => this.onAnswer(detail));
        this.state = useState({
            status: "loading",
            error: "",
            offline: false,
            filter: "open",
            text: "",
            room: PAGE,
            version: 0,
            handing: false,
        });
        this.month = null;
        /** What is being changed now, by line, until the hand rests. */
        this.touched = new Map();
        /** Answered since the list was drawn: they stay where they are. */
        this.fresh = new Set();

        const settle = () => this.settle();
        const online = () => this.load();
        browser.addEventListener("pagehide", settle);
        browser.addEventListener("online", online);
        onWillUnmount(() => {
            browser.removeEventListener("pagehide", settle);
            browser.removeEventListener("online", online);
            this.settle();
        });
        const queues = useService("territory_entry_queue");
        onWillStart(async () => {
            await queues.queue("my_month"); // what is kept here is part of what is shown
            await this.load();
        });
    }

    // ----------------------------------------------------------------- loading
    async load() {
        const own = !this.props.userId && !this.props.planId;
        try {
            const month = await this.orm.silent.call(
                "territory.plan",
                "get_territory_my_month",
                [this.props.planId || null, this.props.userId || null]
            );
            this.show(month, false);
            if (own && month.plan) {
                keepCopy(month);
            }
        } catch (error) {
            const copy = error instanceof ConnectionLostError && own && readCopy();
            if (copy) {
                this.show(copy, true);
            } else {
                this.state.status = "error";
                this.state.error =
                    error instanceof ConnectionLostError
                        ? _t("There is no connection, and no month is kept here yet.")
                        : error.data?.message || error.message;
            }
        }
    }

    show(month, offline) {
        const waiting = (this.entries.queue?.waiting || []).map((row) => row.values);
        this.month = new MonthState(month, waiting);
        this.state.offline = offline;
        this.state.status = month.plan ? "ready" : "none";
        this.state.version++;
    }

    // ----------------------------------------------------------------- showing
    get plan() {
        return this.month.plan;
    }

    get lines() {
        return this.month.shown(this.state.filter, this.state.text, this.fresh);
    }

    get filters() {
        const {progress} = this;
        return [
            {
                key: "open",
                label: _t("To do"),
                count: progress.lines - progress.answered,
            },
            {key: "asked", label: _t("Questions"), count: this.month.asked.size},
            {key: "all", label: _t("All"), count: progress.lines},
        ];
    }

    get progress() {
        return this.month.progress;
    }

    /** Sales are forecast when views are asked for: before that a zero would be a lie. */
    get hasForecast() {
        return this.plan.state !== "draft";
    }

    get share() {
        const {lines, answered} = this.progress;
        return lines ? Math.round((answered / lines) * 100) : 0;
    }

    get isOver() {
        const {hours, available} = this.progress;
        return available > 0 && hours > available + 0.05;
    }

    get due() {
        if (!this.plan.due_date) {
            return "";
        }
        const date = formatDate(deserializeDate(this.plan.due_date));
        return this.plan.late ? _t("was due on %s", date) : _t("due on %s", date);
    }

    hours(value) {
        return formatFloat(value, {digits: [16, 0]});
    }

    money(amount) {
        return formatCurrency(amount, this.plan.currency.id, {digits: [16, 0]});
    }

    nameOf(values) {
        return this.month?.line(values.line_id)?.name || _t("An account");
    }

    choose(filter) {
        this.fresh.clear();
        this.state.filter = filter;
        this.state.room = PAGE;
    }

    // ---------------------------------------------------------------- entering
    say(line, values) {
        this.month.say({line_id: line.id, ...values});
        this.fresh.add(line.id);
        const held = this.touched.get(line.id);
        browser.clearTimeout(held?.timer);
        this.touched.set(line.id, {
            values: {...held?.values, ...values},
            timer: browser.setTimeout(() => this.settle(line.id), REST),
        });
        this.state.version++;
    }

    /** Keep what was entered, of one line or of all. */
    settle(id) {
        const ids = id ? [id] : [...this.touched.keys()];
        return Promise.all(
            ids
                .filter((one) => this.touched.has(one))
                .map((one) => {
                    const {values, timer} = this.touched.get(one);
                    browser.clearTimeout(timer);
                    this.touched.delete(one);
                    return this.entries.queue.add({
                        line_id: one,
                        version: this.month.line(one).version,
                        ...values,
                    });
                })
        );
    }

    onAnswer({answer, values}) {
        const more =
            this.touched.has(answer.line_id) ||
            this.entries.queue.waiting.some(
                (row) => row.values.line_id === answer.line_id
            );
        this.month?.answered(answer, more);
        this.state.offline = false;
        if (answer.status === "refused") {
            this.notification.add(`${this.nameOf(values)}: ${answer.message}`, {
                type: "danger",
            });
        }
        this.state.version++;
    }

    tell(line) {
        this.dialog.add(KnowledgeDialog, {
            name: line.name,
            currency: this.plan.currency,
            save: (knowledge) => this.say(line, {knowledge}),
        });
    }

    ask(line) {
        const open = registry.category("territory_dialogs").get("visit_questions");
        open(this.dialog, {accountId: line.account_id, onSaved: () => this.load()});
    }

    async open(line) {
        await this.settle();
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "territory.account",
            res_id: line.account_id,
            views: [[false, "form"]],
        });
    }

    // ----------------------------------------------------------------- handing in
    async handIn(method) {
        this.state.handing = true;
        try {
            await this.settle();
            await this.entries.queue.wake();
            if (this.entries.queue.rows.length) {
                this.notification.add(
                    _t(
                        "Something is still on this phone: send it, or decide on it, first."
                    ),
                    {type: "warning"}
                );
                return;
            }
            await this.orm.call("territory.plan.rep", method, [[this.plan.rep_id]]);
            await this.load();
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.notification.add(
                _t(
                    "There is no connection. What you entered is kept; try again later."
                ),
                {type: "warning"}
            );
        } finally {
            this.state.handing = false;
        }
    }
}

registry.category("lazy_components").add("territory_planning.MyMonth", MyMonth);
