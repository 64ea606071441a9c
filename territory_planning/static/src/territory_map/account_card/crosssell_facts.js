import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatInteger} from "@web/views/fields/formatters";
import {InsightFacts} from "./insight_facts";

const NO_SCORE = {
    never: _t(
        "It bought nothing in the last two years, so nobody is known who buys alike."
    ),
    customers: _t(
        "Next purchases need 50 customers with orders; the company has fewer."
    ),
    alone: _t("Nobody else buys what it buys, so there is nobody to learn from."),
    all: _t("It buys everything that customers like it buy."),
};

/** What customers like an account buy and it does not, in words. */
export class CrosssellFacts extends InsightFacts {
    get title() {
        return _t("Next Purchase");
    }

    get isScored() {
        return this.insight.status === "scored" && this.insight.items.length > 0;
    }

    get noScore() {
        return NO_SCORE[this.insight.status] || NO_SCORE.all;
    }

    get band() {
        return {label: this.insight.items[0].name, tone: "text-bg-info"};
    }

    get headline() {
        const {count, lookalikes} = this.insight.items[0];
        return _t("%(count)s of %(all)s similar customers buy it", {
            count: formatInteger(count),
            all: formatInteger(lookalikes),
        });
    }

    get rows() {
        const {money, bought} = this.insight;
        return [
            [
                _t("Worth"),
                _t(
                    "%s a year: what those who buy spend, times their share",
                    this.words.money(money)
                ),
            ],
            [
                _t("Buys today"),
                bought === 1
                    ? _t("1 product category")
                    : _t("%s product categories", formatInteger(bought)),
            ],
        ];
    }

    /** Up to three, each with its count, range and money; the orders are behind it. */
    get reasons() {
        return this.insight.items.map((item) => ({
            text: _t(
                "%(name)s: %(count)s of %(all)s (%(low)s to %(high)s of such customers), who spend %(money)s a year",
                {
                    name: item.name,
                    count: formatInteger(item.count),
                    all: formatInteger(item.lookalikes),
                    low: this.percent(item.low),
                    high: this.percent(item.high),
                    money: this.words.money(item.money),
                }
            ),
            evidence: item.evidence,
            hint: _t("Show the orders"),
        }));
    }

    get nextStep() {
        const {name} = this.insight.items[0];
        const {next_visit_date: next} = this.card;
        return next
            ? _t("Bring “%(name)s” up at the visit on %(date)s.", {
                  name,
                  date: this.words.date(next),
              })
            : _t("Bring “%s” up at the next call or visit.", name);
    }

    get dataDate() {
        return _t(
            "From purchases of two years up to %s",
            this.words.date(this.insight.date)
        );
    }
}

registry
    .category("territory_card_insights")
    .add("crosssell", CrosssellFacts, {sequence: 40});
