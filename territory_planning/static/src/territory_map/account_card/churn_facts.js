import {deserializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";
import {InsightFacts} from "./insight_facts";

const NO_SCORE = {
    never: _t("This account has never ordered, so there is nothing to lose yet."),
    customers: _t("A risk needs 50 customers with orders; the company has fewer."),
    orders: _t("A risk needs 100 repeat orders; the company has fewer."),
    stale: _t(
        "Orders of the last weeks seem to be missing altogether, so silence means nothing. Check that all orders are recorded."
    ),
};
const TONES = {
    safe: "text-bg-success",
    watch: "text-bg-warning",
    risk: "text-bg-danger",
    lapsed: "text-bg-secondary",
};

/** Whether an account may stop ordering, in words. */
export class ChurnFacts extends InsightFacts {
    get title() {
        return _t("Risk of no order");
    }

    get noScore() {
        return NO_SCORE[this.insight.status] || _t("No score");
    }

    get band() {
        const {label, band} = this.insight;
        return {label, tone: TONES[band] || "text-bg-light"};
    }

    get headline() {
        const {risk, low, high, horizon} = this.insight;
        return _t(
            "%(risk)s chance of no order in %(days)s days (between %(low)s and %(high)s)",
            {
                risk: this.percent(risk),
                low: this.percent(low),
                high: this.percent(high),
                days: formatInteger(horizon),
            }
        );
    }

    get rows() {
        return [
            [_t("Made up of"), this.parts],
            [_t("Trend"), this.trend],
            [_t("Revenue at risk"), this.money],
        ];
    }

    /** Two whole percentages that sum to the one shown. */
    get parts() {
        const {risk, dropped} = this.insight;
        const whole = Math.round(risk * 100);
        const gone = Math.min(Math.round(dropped * 100), whole);
        return _t("%(gone)s gone already + %(late)s only late", {
            gone: this.percent(gone / 100),
            late: this.percent((whole - gone) / 100),
        });
    }

    get trend() {
        const {risk, previous, previous_date: date} = this.insight;
        if (!date) {
            return _t("No risk of an earlier month to compare with yet");
        }
        const points = Math.round(risk * 100) - Math.round(previous * 100);
        const values = {
            points: formatInteger(Math.abs(points)),
            date: this.words.date(date),
        };
        if (!points) {
            return _t("as on %(date)s", values);
        }
        return points > 0
            ? _t("%(points)s points more than on %(date)s", values)
            : _t("%(points)s points less than on %(date)s", values);
    }

    get money() {
        const {money, horizon} = this.insight;
        if (!money) {
            return _t("None: no revenue in the last 12 months");
        }
        return _t("%(money)s of the %(usual)s it buys in %(days)s days", {
            money: this.words.money(money),
            usual: this.words.money((this.card.revenue_12m * horizon) / 365),
            days: formatInteger(horizon),
        });
    }

    get daysSince() {
        const {date, last_date: last} = this.insight;
        return Math.round(
            deserializeDate(date).diff(deserializeDate(last), "days").days
        );
    }

    get reasons() {
        const {gap, days} = this.insight;
        const since = formatInteger(this.daysSince);
        const rhythm = gap
            ? _t("Orders every ~%(gap)s days; last order %(since)s days ago", {
                  gap: formatFloat(gap, {digits: [16, 0]}),
                  since,
              })
            : _t("Ordered once, %(since)s days ago", {since});
        const evidence =
            days === 1
                ? _t("1 day with an order")
                : _t("%s days with an order", formatInteger(days));
        return [
            {
                text: `${rhythm} (${evidence})`,
                evidence: "orders",
                hint: _t("Show the orders"),
            },
        ];
    }

    get nextStep() {
        const {next_visit_date: next} = this.card;
        if (this.insight.band === "safe") {
            return _t("Nothing to do: it orders as usual.");
        }
        if (next) {
            return _t(
                "Ask what has changed at the visit on %s.",
                this.words.date(next)
            );
        }
        return this.insight.band === "lapsed"
            ? _t("Ask once whether it will buy again, or leave it.")
            : _t("Call or plan a visit and ask what has changed.");
    }

    get dataDate() {
        return _t("From orders up to %s", this.words.date(this.insight.date));
    }
}

registry.category("territory_card_insights").add("churn", ChurnFacts, {sequence: 10});
