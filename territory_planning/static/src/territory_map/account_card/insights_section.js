import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const insights = registry.category("territory_card_insights");

/** What was learned of the account from all customers; a reason opens its records. */
export class InsightsSection extends Component {
    static template = "territory_planning.InsightsSection";
    static props = {card: Object};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    /** Those that are computed, in the order of their sequence. */
    get insights() {
        const {card} = this.props;
        return insights
            .getEntries()
            .filter(([name]) => card.insights?.[name])
            .map(([name, Facts]) => ({name, facts: new Facts(card, name)}));
    }

    async openEvidence(kind) {
        const action = await this.orm.call(
            "territory.account",
            "action_insight_evidence",
            [[this.props.card.id], kind]
        );
        return this.action.doAction(action);
    }
}
