import {deserializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {formatPercentage} from "@web/views/fields/formatters";

const {DateTime} = luxon;
const YEAR = 12;
const DAYS_PER_MONTH = 365.25 / 12;
/** A pause is out of the usual from that many times the usual pause on. */
const LATE = 1.5;
/** Shares closer than half a percentage point read the same. */
const SAME = 0.005;

const sum = (values) =>
    values.reduce((total, value) => total + (Number(value) || 0), 0);

/** Days in the unit people would say: days, weeks or months. */
export function span(days) {
    const rounded = Math.round(days);
    if (rounded < 14) {
        return rounded === 1 ? _t("1 day") : _t("%s days", rounded);
    }
    if (rounded < 70) {
        return _t("%s weeks", Math.round(rounded / 7));
    }
    const months = Math.round(rounded / DAYS_PER_MONTH);
    return _t("%s months", months);
}

/**
 * How an account's year compares with its own past: the margin with that of the year
 * before, the time since the last visit with the usual pause between two. Pure.
 */
export class AccountRhythm {
    /** @param {Object} card what `get_territory_card` answers */
    constructor(card) {
        this.card = card;
        this.history = card.history || {};
    }

    /** The last twelve months of a row of the history, and the twelve before. */
    years(name) {
        const values = this.history[name];
        if (!Array.isArray(values) || values.length < 2 * YEAR) {
            return null;
        }
        return [sum(values.slice(-YEAR)), sum(values.slice(-2 * YEAR, -YEAR))];
    }

    /** `{ tone, text }` against the year before; null where nothing can be compared. */
    get marginTrend() {
        const costed = this.years("costed");
        const margin = this.years("margin");
        if (!margin || !costed || costed[0] <= 0 || costed[1] <= 0) {
            return null;
        }
        // Of the revenue whose cost is known: the rest says nothing of margins.
        const [now, before] = margin.map((amount, i) => amount / costed[i]);
        const was = formatPercentage(before, {digits: [16, 0]});
        const points = Math.abs(now - before) * 100;
        if (Math.abs(now - before) < SAME) {
            return {tone: "same", text: _t("as in the year before (%s)", was)};
        }
        const values = {points: points.toFixed(1), was};
        return now > before
            ? {
                  tone: "up",
                  text: _t("%(points)s points up on the year before (%(was)s)", values),
              }
            : {
                  tone: "down",
                  text: _t(
                      "%(points)s points down on the year before (%(was)s)",
                      values
                  ),
              };
    }

    /** The usual pause between two visits in days, from two years; null if unknown. */
    get usualPause() {
        const {visits} = this.history;
        if (!Array.isArray(visits)) {
            return null;
        }
        const recent = visits.slice(-2 * YEAR).map((count) => Number(count) || 0);
        const first = recent.findIndex((count) => count > 0);
        const last = recent.findLastIndex((count) => count > 0);
        const count = sum(recent);
        if (count < 3 || last === first) {
            return null;
        }
        // Between the first and the last visit there is one pause fewer than visits.
        return ((last - first) * DAYS_PER_MONTH) / (count - 1);
    }

    get daysSinceVisit() {
        const {last_visit_date: last} = this.card;
        return last
            ? DateTime.local().startOf("day").diff(deserializeDate(last), "days").days
            : null;
    }

    /** `{ tone, text }`: how long ago the last visit is, for this account. */
    get visit() {
        const days = this.daysSinceVisit;
        if (days === null || days < 0) {
            return null;
        }
        const pause = this.usualPause;
        if (!pause) {
            return {tone: "same", text: _t("too few visits to know its usual rhythm")};
        }
        const values = {pause: span(pause), since: span(days)};
        if (days > LATE * pause) {
            return {
                tone: "down",
                text: _t(
                    "Usually every %(pause)s; now %(since)s without a visit",
                    values
                ),
            };
        }
        return {tone: "same", text: _t("Usually every %(pause)s: in rhythm", values)};
    }
}
