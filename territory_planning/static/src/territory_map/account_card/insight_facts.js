import {_t} from "@web/core/l10n/translation";
import {formatPercentage} from "@web/views/fields/formatters";
import {AccountFacts} from "./account_facts";

/**
 * What every insight tells on the card. One is a class that extends this one, in a file
 * of its own, added to the registry `territory_card_insights` under the name that
 * `_card_insights` answers with; the section shows it without knowing more of it.
 * Pure: a card in, sentences out.
 */
export class InsightFacts {
    /**
     * @param {Object} card what `get_territory_card` answers
     * @param {string} name of the insight in `card.insights`
     */
    constructor(card, name) {
        this.card = card;
        this.insight = card.insights[name];
        this.words = new AccountFacts(card);
    }

    percent(share) {
        return formatPercentage(share, {digits: [16, 0]});
    }

    /** What it is about, above all else. */
    get title() {
        return "";
    }

    get isScored() {
        return this.insight.status === "scored";
    }

    /** Instead of all that follows where there is no score: why, and what it needs. */
    get noScore() {
        return _t("No score");
    }

    /** The band in a word or two, and the classes of its colour. */
    get band() {
        return {label: this.insight.label, tone: "text-bg-light"};
    }

    /** The score with its range, beside the band. */
    get headline() {
        return "";
    }

    /** @returns {[string, string][]} terms and what is said of them */
    get rows() {
        return [];
    }

    /**
     * At most three, each recomputable from records.
     *
     * @returns {{text: string, evidence: string|undefined, hint: string|undefined}[]}
     *   `evidence`: the kind that `action_insight_evidence` opens; `hint`: says so
     */
    get reasons() {
        return [];
    }

    get nextStep() {
        return "";
    }

    /** From what, and up to when. */
    get dataDate() {
        return _t("From data up to %s", this.words.date(this.insight.date));
    }
}
