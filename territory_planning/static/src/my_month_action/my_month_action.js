import {Component, xml} from "@odoo/owl";
import {LazyComponent} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

/** The rep's month: fetched when it is opened. */
export class MyMonthAction extends Component {
    static template = xml`
        <LazyComponent
            bundle="'web.assets_backend_lazy'"
            Component="'territory_planning.MyMonth'"
            props="params"
        />`;
    static components = {LazyComponent};
    static props = {...standardActionServiceProps};

    /** A leader may open the month of somebody else. */
    get params() {
        const {plan_id: planId, user_id: userId} = this.props.action.params || {};
        return {planId: planId || null, userId: userId || null};
    }
}

registry.category("actions").add("territory_my_month", MyMonthAction);

// Known from the start: what was entered before the browser was closed is sent from
// whichever page comes first.
registry.category("territory_entry_queues").add("my_month", {
    model: "territory.plan",
    method: "save_territory_entries",
});
