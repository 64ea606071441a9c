import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatInteger} from "@web/views/fields/formatters";
import {InsightFacts} from "./insight_facts";

const NO_SCORE = {
    customers: _t(
        "A potential needs 50 customers with revenue in the last 12 months, and more the more is known of them; the company has fewer."
    ),
    purchases: _t(
        "Nobody bought anything in the last 12 months, so there is nothing to compare with."
    ),
    unstable: _t(
        "The customers are too different for a potential that can be relied on."
    ),
};
const TONES = {
    much: "text-bg-primary",
    some: "text-bg-info",
    reached: "text-bg-success",
    new: "text-bg-secondary",
};
const CONFIDENCE = {
    low: _t("low"),
    medium: _t("medium"),
    high: _t("high"),
};

/** What comparable customers buy and this one does not, in words. */
export class PotentialFacts extends InsightFacts {
    get title() {
        return _t("Potential");
    }

    get noScore() {
        return NO_SCORE[this.insight.status] || _t("No score");
    }

    get band() {
        const {label, band} = this.insight;
        return {label, tone: TONES[band] || "text-bg-light"};
    }

    get headline() {
        const {potential, low, high} = this.insight;
        return _t("could buy %(potential)s a year (between %(low)s and %(high)s)", {
            potential: this.words.money(potential),
            low: this.words.money(low),
            high: this.words.money(high),
        });
    }

    get rows() {
        return [
            [_t("Gap"), this.gap],
            [_t("Confidence"), this.confidence],
            [_t("Most like"), this.lookalikes],
        ].filter(([, text]) => text);
    }

    get gap() {
        const {gap} = this.insight;
        const bought = this.words.money(Math.max(this.card.revenue_12m, 0));
        if (!gap) {
            return _t("None: it bought %s in 12 months", bought);
        }
        return _t("%(gap)s more than the %(bought)s it bought in 12 months", {
            gap: this.words.money(gap),
            bought,
        });
    }

    get confidence() {
        const {confidence, band, known} = this.insight;
        const word = CONFIDENCE[confidence];
        if (confidence === "low" && band === "new") {
            return _t("%s: it buys nothing yet", word);
        }
        if (confidence === "low" && !known.employees && !known.turnover) {
            return _t("%s: its size is not known", word);
        }
        return word;
    }

    /** By name only who the reader may see. */
    get lookalikes() {
        const {lookalikes, hidden} = this.insight;
        const named = lookalikes.map(({name, revenue}) =>
            _t("%(name)s (%(money)s)", {name, money: this.words.money(revenue)})
        );
        if (hidden) {
            named.push(
                named.length
                    ? _t("%s of other reps", formatInteger(hidden))
                    : _t("%s customers of other reps", formatInteger(hidden))
            );
        }
        return named.join(", ");
    }

    /** What is known, with the money it adds or takes away; the largest three. */
    get reasons() {
        const parts = Object.entries(this.insight.parts || {})
            .map(([name, amount]) => ({known: this.knownAs(name), amount}))
            .filter(({known, amount}) => known && Math.abs(amount) >= 1);
        parts.sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount));
        return parts.slice(0, 3).map(({known, amount}) => ({
            text: _t("%(known)s: %(money)s against the average customer", {
                known,
                money: this.words.signedMoney(amount),
            }),
            evidence: this.insight.lookalikes.length && "lookalikes",
            hint: _t("Show the customers most like it"),
        }));
    }

    /** What is known under the name of a part; false for what it rests on unknown. */
    knownAs(name) {
        const {known, date} = this.insight;
        switch (name) {
            case "employees":
                return (
                    known.employees &&
                    _t("%s employees", formatInteger(known.employees))
                );
            case "turnover":
                return known.turnover && _t("Annual revenue %s", known.turnover);
            case "tenure":
                return known.since && this.since(known.since, date);
            case "industry":
                return known.industry && _t("Industry %s", known.industry);
            case "country":
                return known.country;
            case "state":
                return known.state;
            case "kind":
                return known.is_company ? _t("A company") : _t("A person");
        }
        return false;
    }

    since(first, date) {
        const years = Math.floor((Date.parse(date) - Date.parse(first)) / 31_557_600e3);
        return years < 1
            ? _t("Customer for less than a year")
            : years === 1
              ? _t("Customer for 1 year")
              : _t("Customer for %s years", formatInteger(years));
    }

    get nextStep() {
        const {band, known} = this.insight;
        const {next_visit_date: next} = this.card;
        if (!known.employees && !known.turnover) {
            return _t(
                "Ask how many people work there and enter it under Open: the size says most of what it could buy."
            );
        }
        if (band === "reached") {
            return _t("Nothing to do: it buys what the best of its kind buy.");
        }
        if (next) {
            return _t(
                "Ask what it buys elsewhere at the visit on %s.",
                this.words.date(next)
            );
        }
        return band === "new"
            ? _t("Plan a first visit if the amount is worth it.")
            : _t("Call or plan a visit and ask what it buys elsewhere.");
    }

    get dataDate() {
        return _t("From %(customers)s customers and their revenue up to %(date)s", {
            customers: formatInteger(this.insight.customers),
            date: this.words.date(this.insight.date),
        });
    }
}

registry
    .category("territory_card_insights")
    .add("potential", PotentialFacts, {sequence: 20});
