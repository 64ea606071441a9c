import {Component, xml} from "@odoo/owl";
import {LazyComponent} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

/** Scenarios compared: fetched, with the map, when it is opened. */
export class ScenarioAction extends Component {
    static template = xml`
        <LazyComponent
            bundle="'web.assets_backend_lazy'"
            Component="'territory_planning.ScenarioCompare'"
            props="compareProps"
        />`;
    static components = {LazyComponent};
    static props = {...standardActionServiceProps};

    get compareProps() {
        const {action, updateActionState} = this.props;
        // from a button a list of ids, from the address of the page a text
        const asked = action.params?.scenario_ids ?? [];
        const ids = Array.isArray(asked) ? asked : String(asked).split(",").map(Number);
        return {
            ids: ids.filter((id) => Number.isInteger(id) && id > 0),
            remember: (chosen) => updateActionState({scenario_ids: chosen.join(",")}),
        };
    }
}

registry.category("actions").add("territory_scenario_compare", ScenarioAction);
