import {Component} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {ChurnFacts} from "./churn_facts";

/** What was learned of the account from all customers; a reason opens its records. */
export class InsightsSection extends Component {
    static template = "territory_planning.InsightsSection";
    static props = {card: Object};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get insights() {
        return this.props.card.insights || {};
    }

    get isEmpty() {
        return !Object.values(this.insights).some(Boolean);
    }

    get churn() {
        return new ChurnFacts(this.props.card);
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
