import {formatCurrency} from "@web/core/currency";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {
    formatFloat,
    formatInteger,
    formatPercentage,
} from "@web/views/fields/formatters";

const {DateTime} = luxon;
/** Below this a gap is no more than the last digits of the computer's numbers. */
const EXACT = 1e-9;

export const ADVICE = {
    more: {sign: "▲", color: "#0072B2", label: _t("More visits pay")},
    less: {sign: "▼", color: "#D55E00", label: _t("Fewer cost little")},
    keep: {sign: "=", color: "#6C757D", label: _t("Keep")},
    none: {sign: "–", color: "#ADB5BD", label: _t("No advice")},
};

/** The words of the analysis: each figure with its unit. Pure: numbers in, text out. */
export class AnalysisFigures {
    /** @param {Object} data what `get_territory_analysis` answers */
    constructor({plan}) {
        this.plan = plan;
    }

    // ------------------------------------------------------------------ numbers
    money(amount, {digits = Math.abs(amount) < 100 ? 2 : 0} = {}) {
        const whole = Number.isInteger(amount) ? 0 : digits;
        return formatCurrency(amount, this.plan.currency_id, {digits: [16, whole]});
    }

    signed(amount) {
        return amount > 0 ? `+${this.money(amount)}` : this.money(amount);
    }

    hours(number) {
        return _t("%s h", formatFloat(number, {digits: [16, number < 10 ? 1 : 0]}));
    }

    visits(number) {
        return formatFloat(number, {digits: [16, number < 10 ? 1 : 0]});
    }

    reps(number) {
        return formatFloat(number, {digits: [16, Number.isInteger(number) ? 0 : 1]});
    }

    integer(number) {
        return formatInteger(number);
    }

    /** "× 1.4", or in words where there is nothing to divide by. */
    factor(factor, today) {
        return today > 0
            ? `× ${formatFloat(factor, {digits: [16, 2]})}`
            : _t("not visited");
    }

    /** "55 → 68 · × 1.24": from what to what, and the factor between them. */
    change(factor, today, best) {
        const both = `${this.visits(today)} → ${this.visits(best)}`;
        return today > 0 ? `${both} · ${this.factor(factor, today)}` : both;
    }

    range(low, high, format) {
        return low === high
            ? format(low)
            : _t("%(low)s to %(high)s", {low: format(low), high: format(high)});
    }

    // ---------------------------------------------------------------- sentences
    get computed() {
        const date = this.plan.computed_on;
        return date
            ? _t(
                  "Computed %s",
                  deserializeDateTime(date).toLocaleString(DateTime.DATETIME_MED)
              )
            : "";
    }

    get gain() {
        const {expected_gain: gain, gain_low, gain_high} = this.plan.totals;
        return _t(
            "%(gain)s a month against going on as today (with 90% certainty %(range)s)",
            {
                gain: this.signed(gain),
                range: this.range(gain_low, gain_high, (value) => this.signed(value)),
            }
        );
    }

    get parts() {
        const {gain_same_hours: same, expected_gain: gain} = this.plan.totals;
        return _t(
            "%(same)s by using the same hours differently, %(more)s by the hours not used today",
            {same: this.signed(same), more: this.signed(gain - same)}
        );
    }

    get hoursUsed() {
        const {
            hours_today: today,
            hours_capacity: capacity,
            hours_optimal: best,
        } = this.plan.totals;
        return _t(
            "%(today)s today, %(best)s in the best plan, %(capacity)s available",
            {
                today: this.hours(today),
                best: this.hours(best),
                capacity: this.hours(capacity),
            }
        );
    }

    /** What is proven about the plan. */
    get certificate() {
        const {gap, contribution_bound: bound} = this.plan.totals;
        const words = {bound: this.money(bound)};
        if (gap <= EXACT) {
            return _t(
                "Proven best: no plan with these curves and hours brings more than %(bound)s a month.",
                words
            );
        }
        const digits = gap < 0.0001 ? 4 : 2;
        return _t(
            "Proven: no plan with these curves and hours brings more than %(bound)s a month; this one is within %(gap)s of it.",
            {...words, gap: formatPercentage(gap, {digits: [16, digits]})}
        );
    }

    /** "18 to 25 visits: within 1 %". */
    flatBand(row) {
        const {visits_flat_low: low, visits_flat_high: high} = row;
        if (!(high > 0)) {
            return "";
        }
        return _t("%(range)s a month: within 1% of the best", {
            range: this.range(low, high, (value) => this.visits(value)),
        });
    }

    partName({region, user}) {
        return [region ? region[1] : _t("In no region"), user ? user[1] : _t("Nobody")];
    }
}
