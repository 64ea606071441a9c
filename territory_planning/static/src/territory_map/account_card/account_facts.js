import {formatCurrency} from "@web/core/currency";
import {deserializeDate, deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {
    formatFloat,
    formatInteger,
    formatPercentage,
} from "@web/views/fields/formatters";

const {DateTime} = luxon;
const DOUBTFUL_STATUSES = ["stale", "doubtful", "failed"];
/** Places that only stand for an area. */
const CENTRES = {
    postcode: () => _t("Only its postal code is known."),
    city: () => _t("Only its town is known."),
    country: () => _t("Only its country or state is known."),
};

/**
 * The words of the account card: each figure with its unit and something to compare it
 * with; what is not known is said, not left blank. Pure: a card in, sentences out.
 */
export class AccountFacts {
    /** @param {Object} card what `get_territory_card` answers */
    constructor(card) {
        this.card = card;
    }

    // ------------------------------------------------------------------ numbers
    /** Whole units of the currency: cents of a year's revenue tell nobody anything. */
    money(amount) {
        const digits = Math.abs(amount) < 100 && !Number.isInteger(amount) ? 2 : 0;
        return formatCurrency(amount, this.card.currency_id, {digits: [16, digits]});
    }

    signedMoney(amount) {
        return amount > 0 ? `+${this.money(amount)}` : this.money(amount);
    }

    visits(number) {
        return formatFloat(number, {digits: [16, 1]});
    }

    date(value) {
        return value ? deserializeDate(value).toLocaleString(DateTime.DATE_MED) : "";
    }

    time(value) {
        return value
            ? deserializeDateTime(value).toLocaleString(DateTime.DATETIME_MED)
            : "";
    }

    /** "12 Nov 2026, in 3 weeks": when, and how far from today. */
    dateWithDistance(value) {
        const day = deserializeDate(value);
        const distance = day.hasSame(DateTime.local(), "day")
            ? _t("today")
            : day.toRelative({base: DateTime.local().startOf("day")});
        return `${this.date(value)}, ${distance}`;
    }

    // ------------------------------------------------------------------- header
    get place() {
        const {zip, city, country} = this.card;
        const town = [zip, city].filter(Boolean).join(" ");
        return [town, country].filter(Boolean).join(", ") || _t("No address");
    }

    /** Why the account may be elsewhere than it is drawn; empty if it surely is not. */
    get placeDoubt() {
        const {place_status: status, place_precision: precision} = this.card;
        if (!DOUBTFUL_STATUSES.includes(status) && !CENTRES[precision]) {
            return "";
        }
        const {place_reason: code, place_reason_label: reason} = this.card;
        const sentences = [CENTRES[precision]?.(), code !== "centre" && reason]
            .filter(Boolean)
            .map((sentence) => sentence.replace(/\.?$/, "."));
        return sentences.join(" ") || _t("Its place has not been found for certain.");
    }

    get people() {
        const {rep, team, region, region_by_hand: byHand} = this.card;
        return [
            [_t("Rep"), rep || _t("Nobody looks after it")],
            [_t("Team"), team || _t("None")],
            [
                _t("Region"),
                region && byHand
                    ? _t("%s, chosen by hand", region)
                    : region || _t("In no region"),
            ],
        ];
    }

    // -------------------------------------------------------------------- sales
    get revenue() {
        return _t("%s in 12 months", this.money(this.card.revenue_12m));
    }

    get trend() {
        const {
            revenue_12m: now,
            revenue_previous: before,
            revenue_change: change,
        } = this.card;
        if (before > 0) {
            const percent = formatPercentage(Math.abs(change), {digits: [16, 0]});
            const was = this.money(before);
            if (Math.abs(change) < 0.005) {
                return {tone: "same", text: _t("as in the year before (%s)", was)};
            }
            return change > 0
                ? {
                      tone: "up",
                      text: _t("%(percent)s more than the year before (%(was)s)", {
                          percent,
                          was,
                      }),
                  }
                : {
                      tone: "down",
                      text: _t("%(percent)s less than the year before (%(was)s)", {
                          percent,
                          was,
                      }),
                  };
        }
        return {
            tone: "same",
            text: now ? _t("nothing in the year before") : _t("nothing in two years"),
        };
    }

    get margin() {
        const {
            margin_12m: margin,
            margin_rate: rate,
            margin_known: known,
            revenue_12m: revenue,
        } = this.card;
        if (!revenue) {
            return _t("No revenue, so no margin");
        }
        const values = {
            margin: this.money(margin),
            rate: formatPercentage(rate, {digits: [16, 0]}),
        };
        return known
            ? _t("%(margin)s, %(rate)s of revenue", values)
            : _t(
                  "%(margin)s, at the company's usual %(rate)s: no cost is known here",
                  values
              );
    }

    get orders() {
        const {orders_12m: orders, last_order_date: last} = this.card;
        if (!last) {
            return _t("Never bought");
        }
        return _t("%(orders)s in 12 months; last on %(date)s", {
            orders: formatInteger(orders),
            date: this.dateWithDistance(last),
        });
    }

    get hasHistory() {
        const {history} = this.card;
        return Boolean(
            history &&
            Array.isArray(history.revenue) &&
            history.revenue.some((amount) => amount > 0)
        );
    }

    // ------------------------------------------------------------------- visits
    get pastVisits() {
        const {visits_12m: visits, last_visit_date: last} = this.card;
        if (!last) {
            return _t("Never visited, as far as the calendar knows");
        }
        return _t("%(visits)s in 12 months; last on %(date)s", {
            visits: formatInteger(visits),
            date: this.dateWithDistance(last),
        });
    }

    get nextVisit() {
        const {next_visit_date: next} = this.card;
        return next ? this.dateWithDistance(next) : _t("None planned");
    }

    get leads() {
        const {open_leads: leads, pipeline} = this.card;
        if (!leads) {
            return _t("None open");
        }
        return _t("%(leads)s open, %(pipeline)s weighted by probability", {
            leads: formatInteger(leads),
            pipeline: this.money(pipeline),
        });
    }

    // --------------------------------------------------------------------- plan
    get plan() {
        return this.card.plan || null;
    }

    get noPlan() {
        return _t("No monthly plan covers this account yet.");
    }

    get recommendation() {
        const {visits_recommended: visits, month} = this.plan;
        const values = {visits: formatInteger(visits), month: month || ""};
        if (!visits) {
            return _t("No visit needed in %(month)s", values);
        }
        return visits === 1
            ? _t("1 visit in %(month)s", values)
            : _t("%(visits)s visits in %(month)s", values);
    }

    get effort() {
        const {visits_today, visits_optimal, allocation_factor: factor} = this.plan;
        const values = {
            today: this.visits(visits_today),
            optimal: this.visits(visits_optimal),
            factor: formatFloat(factor, {digits: [16, 1]}),
        };
        return visits_today
            ? _t("%(today)s → %(optimal)s a month (× %(factor)s)", values)
            : _t("%(today)s → %(optimal)s a month (not visited in 12 months)", values);
    }

    get gain() {
        const {expected_gain: gain, gain_low: low, gain_high: high} = this.plan;
        if (!gain && !low && !high) {
            return _t("None against going on as today");
        }
        return _t(
            "%s a month against going on as today",
            this.signedMoney(this.plan.expected_gain)
        );
    }

    get gainRange() {
        const {gain_low: low, gain_high: high} = this.plan;
        if (low === high) {
            return "";
        }
        return _t("With 90% certainty between %(low)s and %(high)s", {
            low: this.signedMoney(this.plan.gain_low),
            high: this.signedMoney(this.plan.gain_high),
        });
    }

    get origin() {
        return this.plan.origin || _t("Unknown");
    }

    get dataDate() {
        const {data_date: date} = this.card;
        return date
            ? _t("Figures as of %s", this.time(date))
            : _t("No figures gathered yet");
    }

    get planDate() {
        const date = this.plan?.computed_on;
        return date ? _t("Plan computed %s", this.time(date)) : "";
    }

    // -------------------------------------------------------------------- reach
    get phoneLink() {
        const phone = this.card.partner?.phone;
        // Only what a telephone can dial: the field takes any text.
        const dial = String(phone || "").replace(/[^\d+*#]/g, "");
        return dial ? `tel:${dial}` : null;
    }

    get mailLink() {
        const mail = String(this.card.partner?.email || "");
        return /^[^\s<>"',;:?&]+@[^\s<>"',;:?&]+$/.test(mail)
            ? `mailto:${encodeURIComponent(mail).replace("%40", "@")}`
            : null;
    }

    get navigationLink() {
        const {latitude, longitude} = this.card;
        const known =
            (latitude || longitude) &&
            Math.abs(latitude) <= 90 &&
            Math.abs(longitude) <= 180;
        return known
            ? `https://www.google.com/maps/dir/?api=1&destination=${Number(latitude)},${Number(longitude)}`
            : null;
    }
}
