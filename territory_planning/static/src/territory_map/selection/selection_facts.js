import {deserializeDateTime} from "@web/core/l10n/dates";
import {formatCurrency} from "@web/core/currency";
import {_t} from "@web/core/l10n/translation";
import {
    formatFloat,
    formatInteger,
    formatPercentage,
} from "@web/views/fields/formatters";

const {DateTime} = luxon;

/**
 * The words of a selection's totals: each figure with its unit and something to compare
 * it with. Pure: what `get_territory_selection` answers in, sentences out.
 */
export class SelectionFacts {
    constructor(data) {
        this.data = data;
    }

    money(amount, currency = this.data.currency_id) {
        return formatCurrency(amount, currency, {digits: [16, 0]});
    }

    number(value) {
        return formatFloat(value, {digits: [16, 1]});
    }

    percent(share) {
        return formatPercentage(share, {digits: [16, 0]});
    }

    /** Label and sentence of each total. */
    get totals() {
        return [
            {name: "revenue", label: _t("Revenue"), text: this.revenue},
            {name: "margin", label: _t("Margin"), text: this.margin},
            {name: "visits", label: _t("Visits"), text: this.visits},
            {name: "hours", label: _t("Time"), text: this.hours},
            {name: "gain", label: _t("Gain"), text: this.gain},
            {name: "pipeline", label: _t("Leads"), text: this.pipeline},
        ];
    }

    get severalCurrencies() {
        return _t("In several currencies, so not added up");
    }

    get revenue() {
        const {revenue_12m: now, revenue_previous: before, currency_id} = this.data;
        if (!currency_id) {
            return this.severalCurrencies;
        }
        const values = {now: this.money(now), before: this.money(before)};
        if (before <= 0) {
            return _t("%(now)s in 12 months; nothing in the year before", values);
        }
        const change = (now - before) / before;
        values.change = this.percent(Math.abs(change));
        return change >= 0
            ? _t("%(now)s in 12 months, %(change)s up on the year before", values)
            : _t("%(now)s in 12 months, %(change)s down on the year before", values);
    }

    get margin() {
        const {margin_12m: margin, revenue_12m: revenue, currency_id} = this.data;
        if (!currency_id) {
            return this.severalCurrencies;
        }
        return revenue > 0
            ? _t("%(margin)s, %(rate)s of revenue", {
                  margin: this.money(margin),
                  rate: this.percent(margin / revenue),
              })
            : _t("No revenue, so no margin");
    }

    get visits() {
        const {visits_12m: visits, count} = this.data;
        return _t("%(visits)s in 12 months, %(each)s per account", {
            visits: formatInteger(visits),
            each: this.number(count ? visits / count : 0),
        });
    }

    get hours() {
        const {hours_today: today, hours_optimal: best} = this.data;
        return _t("%(today)s h a month today, %(best)s h would pay best", {
            today: this.number(today),
            best: this.number(best),
        });
    }

    get gain() {
        const {expected_gain: gain, currency_id} = this.data;
        if (!currency_id) {
            return this.severalCurrencies;
        }
        return gain
            ? _t("%s a month against going on as today", this.money(gain))
            : _t("None against going on as today");
    }

    get pipeline() {
        const {open_leads: leads, pipeline, currency_id} = this.data;
        if (!leads) {
            return _t("None open");
        }
        return currency_id
            ? _t("%(leads)s open, %(pipeline)s weighted by probability", {
                  leads: formatInteger(leads),
                  pipeline: this.money(pipeline),
              })
            : _t("%s open", formatInteger(leads));
    }

    get dataDate() {
        const {data_date: date} = this.data;
        return date
            ? _t(
                  "Figures as of %s",
                  deserializeDateTime(date).toLocaleString(DateTime.DATETIME_MED)
              )
            : _t("No figures gathered yet");
    }

    get missing() {
        const {missing} = this.data;
        if (!missing) {
            return "";
        }
        return missing === 1
            ? _t("1 account is gone or not open to you and was left out.")
            : _t(
                  "%s accounts are gone or not open to you and were left out.",
                  formatInteger(missing)
              );
    }

    /** Two tables: whose the accounts are, and where. Bars compare the rows. */
    get groups() {
        return [
            this.group("reps", _t("By rep"), _t("Nobody")),
            this.group("regions", _t("By region"), _t("In no region")),
        ];
    }

    group(name, title, none) {
        const most = Math.max(...this.data[name].map(({count}) => count), 1);
        return {
            name,
            title,
            rows: this.data[name].map((row) => ({
                key: row.id || 0,
                label: row.name || none,
                count: formatInteger(row.count),
                share: (100 * row.count) / most,
                revenue: this.data.currency_id ? this.money(row.revenue_12m) : "–",
                hours: _t("%s h", this.number(row.hours_today)),
            })),
        };
    }
}
