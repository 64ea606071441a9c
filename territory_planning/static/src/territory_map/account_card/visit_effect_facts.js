import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";
import {InsightFacts} from "./insight_facts";

const NO_SCORE = {
    customers: _t(
        "The effect of visits needs 20 customers who were visited and ordered; the company has fewer."
    ),
    orders: _t("The effect of visits needs 100 orders; the company has fewer."),
    variation: _t("All are visited all the time or never, so visits tell nothing."),
    unstable: _t("Orders and visits give no stable answer."),
};
const SEGMENTS = {
    all: _t("all customers"),
    a: _t("A customers"),
    b: _t("B customers"),
    c: _t("C customers"),
    lapsed: _t("lapsed customers"),
};

/** What a visit brings at accounts like this one, in words. */
export class VisitEffectFacts extends InsightFacts {
    get title() {
        return _t("Effect of Visits");
    }

    get isScored() {
        return this.insight.status === "scored";
    }

    get noScore() {
        return NO_SCORE[this.insight.status] || _t("No score");
    }

    times(ratio) {
        return `× ${formatFloat(ratio, {digits: [16, 2]})}`;
    }

    /** Whether the interval leaves out that visits do nothing. */
    get band() {
        const {ratio_low: low, ratio_high: high} = this.insight;
        if (low > 1) {
            return {label: _t("Visits sell"), tone: "text-bg-success"};
        }
        return high < 1
            ? {label: _t("Fewer orders after visits"), tone: "text-bg-warning"}
            : {label: _t("Not certain"), tone: "text-bg-secondary"};
    }

    get headline() {
        const {ratio, ratio_low: low, ratio_high: high, reach} = this.insight;
        return _t(
            "%(ratio)s orders in the %(weeks)s weeks after a visit (between %(low)s and %(high)s)",
            {
                ratio: this.times(ratio),
                low: this.times(low),
                high: this.times(high),
                weeks: formatInteger(reach),
            }
        );
    }

    get rows() {
        const {extra_orders: extra, chasing, segment} = this.insight;
        const digits = {digits: [16, 2]};
        return [
            [
                _t("A visit brings"),
                _t("%(orders)s orders more, %(money)s (%(low)s to %(high)s)", {
                    orders: formatFloat(extra, digits),
                    money: this.words.money(this.insight.money),
                    low: this.words.money(this.insight.money_low),
                    high: this.words.money(this.insight.money_high),
                }),
            ],
            [
                _t("Taken off"),
                _t(
                    "%s: visits made where orders were high anyway",
                    this.times(chasing)
                ),
            ],
            [_t("Learned from"), SEGMENTS[segment]],
        ];
    }

    get reasons() {
        const {own, customers, orders, visits} = this.insight;
        const all = {
            text: _t(
                "%(visits)s visits and %(orders)s orders of %(customers)s customers",
                {
                    visits: formatInteger(visits),
                    orders: formatInteger(orders),
                    customers: formatInteger(customers),
                }
            ),
        };
        if (!own) {
            return [all];
        }
        return [
            {
                text: _t(
                    "Here: %(after)s orders in the %(weeks)s weeks after visits, %(else)s in the other %(others)s",
                    {
                        after: formatInteger(own.orders_after),
                        weeks: formatInteger(own.periods_after),
                        else: formatInteger(own.orders_else),
                        others: formatInteger(own.periods_else),
                    }
                ),
                evidence: "orders",
                hint: _t("Show the orders"),
            },
            all,
        ];
    }

    get nextStep() {
        const {next_visit_date: next, last_visit_date: last} = this.card;
        if (this.insight.ratio_low <= 1) {
            return _t("Decide on visits by what the plan says, not by this.");
        }
        if (next) {
            return _t("A visit is planned on %s.", this.words.date(next));
        }
        return last
            ? _t("Plan the next visit; the last was on %s.", this.words.date(last))
            : _t("Plan a first visit.");
    }

    get dataDate() {
        return _t("From full weeks up to %s", this.words.date(this.insight.date));
    }
}

registry
    .category("territory_card_insights")
    .add("visits", VisitEffectFacts, {sequence: 50});
