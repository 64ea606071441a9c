import {Component, useState} from "@odoo/owl";
import {isAndroid} from "@web/core/browser/feature_detection";
import {browser} from "@web/core/browser/browser";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {formatMonetary} from "@web/views/fields/formatters";
import {navigationLinks} from "../navigation/navigation_links";
import {leaveText, timeText} from "./times";

const {DateTime} = luxon;
const WITHOUT_PLACE = "territory_check_in_without_place";

/** One stop with everything that can be done there, for a thumb. */
export class StopCard extends Component {
    static template = "territory_planning.StopCard";
    static components = {Dropdown, DropdownItem};
    static props = {
        stop: Object,
        sheet: Object,
        isNext: Boolean,
        checking: Boolean,
        checkIn: Function,
        enter: Function,
    };

    setup() {
        this.state = useState({
            saying: false,
            skipping: "",
            note: "",
            reason: "",
            to: "",
            withPlace: browser.localStorage.getItem(WITHOUT_PLACE) !== "1",
        });
    }

    get links() {
        const {latitude, longitude} = this.props.stop;
        return navigationLinks(latitude, longitude, isAndroid());
    }

    get phoneLink() {
        // nothing but what can be dialled goes into the address
        return `tel:${this.props.stop.phone.replace(/[^\d+]/g, "")}`;
    }

    get times() {
        const {stop, sheet} = this.props;
        const from = timeText(stop.check_in || stop.arrival, sheet.tz);
        const to = timeText(stop.check_out || stop.departure, sheet.tz);
        return from && (to && stop.state !== "there" ? `${from} – ${to}` : from);
    }

    get leave() {
        const {stop, sheet} = this.props;
        const time = stop.state === "planned" ? leaveText(stop, sheet.tz) : "";
        return (
            time &&
            _t("Leave by %(time)s: %(minutes)s minutes, %(km)s km", {
                time,
                minutes: Math.round(stop.drive_minutes),
                km: Math.round(stop.drive_km),
            })
        );
    }

    get facts() {
        const {stop, sheet} = this.props;
        const facts = [];
        if (stop.appointment) {
            facts.push(_t("Appointment at %s", timeText(stop.appointment, sheet.tz)));
        }
        if (stop.opens || stop.closes) {
            facts.push(
                _t("Open %(from)s – %(to)s", {
                    from: hour(stop.opens),
                    to: hour(stop.closes || 24),
                })
            );
        }
        if (stop.last_visit) {
            facts.push(
                _t("Last visit %s", DateTime.fromISO(stop.last_visit).toLocaleString())
            );
        }
        if (stop.value > 0) {
            facts.push(
                _t(
                    "Expected %s",
                    formatMonetary(stop.value, {currencyId: stop.currency_id})
                )
            );
        }
        return facts;
    }

    get outcome() {
        const {stop, sheet} = this.props;
        return sheet.outcomes.find(({value}) => value === stop.outcome)?.label || "";
    }

    get isOpen() {
        return ["planned", "there"].includes(this.props.stop.state);
    }

    get days() {
        const today = DateTime.now();
        return [
            {label: _t("Tomorrow"), day: today.plus({days: 1}).toISODate()},
            {label: _t("In a week"), day: today.plus({weeks: 1}).toISODate()},
            {label: _t("In a month"), day: today.plus({months: 1}).toISODate()},
        ];
    }

    get earliest() {
        return DateTime.now().toISODate();
    }

    togglePlace(ev) {
        this.state.withPlace = ev.target.checked;
        browser.localStorage.setItem(WITHOUT_PLACE, this.state.withPlace ? "0" : "1");
    }

    checkIn() {
        return this.props.checkIn(this.props.stop, this.state.withPlace);
    }

    say(outcome) {
        this.props.enter("outcome", this.props.stop, {
            outcome,
            note: this.state.note.trim(),
        });
    }

    skip() {
        this.props.enter("skipped", this.props.stop, {
            reason: this.state.reason.trim(),
        });
    }

    postpone(day) {
        if (day && day >= this.earliest) {
            this.props.enter("postponed", this.props.stop, {
                to: day,
                reason: this.state.reason.trim(),
            });
        }
    }

    undo() {
        this.props.enter("undone", this.props.stop);
    }
}

function hour(value) {
    const minutes = Math.round(value * 60);
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
