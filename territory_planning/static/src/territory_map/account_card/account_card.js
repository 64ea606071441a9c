import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useSelectionActions} from "../selection/selection_actions";
import {AccountFacts} from "./account_facts";
import {AccountRhythm} from "./account_rhythm";
import {InsightsSection} from "./insights_section";
import {NavigateMenu} from "./navigate_menu";
import {ResponseSection} from "./response_section";
import {SparkLine} from "./spark_line";

/** One account: how it does, what is known, what to do. */
export class AccountCard extends Component {
    static template = "territory_planning.AccountCard";
    static components = {InsightsSection, NavigateMenu, ResponseSection, SparkLine};
    static props = {
        model: Object,
        select: Function,
        openRecord: Function,
        planVisit: Function,
    };

    setup() {
        this.actions = useSelectionActions(this.props.model);
    }

    get state() {
        return this.props.model.card;
    }

    get facts() {
        return new AccountFacts(this.state.data);
    }

    get rhythm() {
        return new AccountRhythm(this.state.data);
    }

    get compare() {
        return this.props.model.parts.compare;
    }

    get formatMoney() {
        const {facts} = this;
        return (amount) => facts.money(amount);
    }

    retry() {
        this.props.model.openCard(this.props.model.panel.id);
    }

    open() {
        this.props.openRecord(this.props.model.panel.id);
    }

    addToTrip() {
        const {id, company_id: company} = this.state.data;
        this.actions.addToTrip([id], company);
    }

    planVisit() {
        const {partner, name} = this.state.data;
        this.props.planVisit({partner, name});
    }
}

registry.category("territory_map_panels").add("card", AccountCard);
