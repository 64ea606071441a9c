import {Component, onMounted} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {AccountFacts} from "../account_card/account_facts";
import {SparkLine} from "../account_card/spark_line";
import {compareRows} from "./compare_rows";

/** Up to four accounts side by side: a row per figure, the best and least marked. */
export class ComparePanel extends Component {
    static template = "territory_planning.ComparePanel";
    static components = {SparkLine};
    static props = {
        model: Object,
        select: Function,
        openRecord: Function,
        planVisit: Function,
    };
    static wide = true;
    static label = () => _t("Accounts side by side");

    setup() {
        onMounted(() => this.part.load());
    }

    get part() {
        return this.props.model.parts.compare;
    }

    get result() {
        return this.part.result;
    }

    get rows() {
        return compareRows(this.result.cards);
    }

    get columns() {
        return this.result.cards.map((card) => {
            const facts = new AccountFacts(card);
            return {
                id: card.id,
                name: card.name,
                segment: card.segment,
                place: facts.place,
                rep: card.rep || _t("Nobody looks after it"),
                history: facts.hasHistory ? card.history : null,
                formatMoney: (amount) => facts.money(amount),
            };
        });
    }

    get missing() {
        return this.result.missing
            ? _t("Some accounts are gone or not open to you and were left out.")
            : "";
    }
}

registry.category("territory_map_panels").add("compare", ComparePanel);
