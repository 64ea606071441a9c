import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";

/** Several accounts in one and the same place: which one? */
export class StackList extends Component {
    static template = "territory_planning.StackList";
    static props = {
        model: Object,
        select: Function,
        openRecord: Function,
        planVisit: Function,
    };

    get records() {
        return this.props.model.panel.records;
    }
}

registry.category("territory_map_panels").add("stack", StackList);
