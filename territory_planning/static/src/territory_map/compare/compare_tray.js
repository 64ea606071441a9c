import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {COMPARED_MAX} from "./compare_part";

/** What has been collected to compare, over the map, until it is shown or given up. */
export class CompareTray extends Component {
    static template = "territory_planning.CompareTray";
    static props = {model: Object};

    setup() {
        this.most = COMPARED_MAX;
    }

    get part() {
        return this.props.model.parts.compare;
    }
}

registry.category("territory_map_controls").add("compare", CompareTray);
