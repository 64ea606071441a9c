import {formatCurrency} from "@web/core/currency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatInteger, formatPercentage} from "@web/views/fields/formatters";
import {InsightFacts} from "./insight_facts";

const NO_SCORE = {
    never: _t("Nothing bought in the last 365 days, so there is no price to compare."),
    peers: _t(
        "A price needs 15 customers who bought the same product in the last 365 days; no product of this account has them."
    ),
};

/** Which prices do not fit and what that costs, in words. */
export class PriceFacts extends InsightFacts {
    get title() {
        return _t("Prices");
    }

    get noScore() {
        return NO_SCORE[this.insight.status] || _t("No score");
    }

    get band() {
        const {count} = this.insight;
        if (!count) {
            return {label: _t("Prices fit"), tone: "text-bg-success"};
        }
        return {
            label: count === 1 ? _t("1 issue") : _t("%s issues", formatInteger(count)),
            tone: "text-bg-warning",
        };
    }

    get headline() {
        const {count, leakage, products} = this.insight;
        return count
            ? _t("cost %(money)s a year (of %(products)s products compared)", {
                  money: this.words.money(leakage),
                  products: formatInteger(products),
              })
            : products === 1
              ? _t("the one product compared is within the usual")
              : _t("all %s products compared are within the usual", products);
    }

    get rows() {
        return [[_t("Price level"), this.level]];
    }

    /** A level that may be none at all is called that. */
    get level() {
        const {
            level,
            level_low: low,
            level_high: high,
            level_money: money,
        } = this.insight;
        const values = {
            percent: this.points(Math.abs(level)),
            low: this.points(low),
            high: this.points(high),
            money: this.words.money(Math.abs(money)),
        };
        if (low <= 0 && high >= 0) {
            return _t("As others at its price list (%(low)s to %(high)s)", values);
        }
        return level < 0
            ? _t(
                  "%(percent)s below others at its price list (%(low)s to %(high)s): %(money)s a year",
                  values
              )
            : _t(
                  "%(percent)s above others at its price list (%(low)s to %(high)s): %(money)s a year",
                  values
              );
    }

    points(share) {
        return formatPercentage(share, {digits: [16, 1]});
    }

    price(amount) {
        return formatCurrency(amount, this.card.currency_id);
    }

    /** The dearest three, each with the prices it was told from. */
    get reasons() {
        return this.insight.issues.map((issue) => ({
            text: _t(
                "%(product)s: %(price)s instead of %(reference)s, %(percent)s too low, %(money)s a year (%(lines)s, %(peers)s customers compared)",
                {
                    product: issue.product,
                    price: this.price(issue.price),
                    reference: this.price(issue.reference),
                    percent: this.percent(Math.abs(issue.deviation)),
                    money: this.words.money(issue.leakage),
                    lines:
                        issue.lines === 1
                            ? _t("1 order line")
                            : _t("%s order lines", formatInteger(issue.lines)),
                    peers: formatInteger(issue.peers),
                }
            ),
            evidence: "price_lines",
            hint: _t("Show the order lines"),
        }));
    }

    get nextStep() {
        const {count} = this.insight;
        if (!count) {
            return _t("Nothing to do.");
        }
        return count === 1
            ? _t("Ask who agreed this price; correct it on the next quotation.")
            : _t("Ask who agreed these prices; correct them on the next quotation.");
    }

    get dataDate() {
        return _t("From %(lines)s order lines of the 365 days up to %(date)s", {
            lines: formatInteger(this.insight.lines),
            date: this.words.date(this.insight.date),
        });
    }
}

registry.category("territory_card_insights").add("price", PriceFacts, {sequence: 30});
