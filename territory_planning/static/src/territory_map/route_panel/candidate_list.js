import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {COMPARED_MAX} from "../compare/compare_part";
import {RouteFacts} from "./route_facts";

/** Rows shown at first; the others on demand. */
const SHOWN = 30;

const ORDERS = [
    ["per_minute", _t("Most worth per minute")],
    ["value", _t("Most worth")],
    ["potential_gap", _t("Most potential")],
    ["churn_money", _t("Most at risk")],
];

/** Who is on the way, ranked, to pick from or to leave out. */
export class CandidateList extends Component {
    static template = "territory_planning.CandidateList";
    static props = {part: Object, model: Object};

    setup() {
        this.orders = ORDERS;
        this.state = useState({all: false});
    }

    get facts() {
        return new RouteFacts(this.props.part.preview.currency_id);
    }

    get rows() {
        const {candidates} = this.props.part;
        return this.state.all ? candidates : candidates.slice(0, SHOWN);
    }

    isPicked(row) {
        return this.props.part.picked.has(row.id);
    }

    isOut(row) {
        return this.props.part.without.has(row.id);
    }

    get canCompare() {
        const {size} = this.props.part.picked;
        return size >= 2 && size <= COMPARED_MAX;
    }

    compare() {
        this.props.model.parts.compare.open([...this.props.part.picked.keys()]);
    }
}
