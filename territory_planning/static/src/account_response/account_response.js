import {Component} from "@odoo/owl";
import {LazyComponent} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/** The account's response to visits on its form; what draws it is fetched with it. */
export class AccountResponse extends Component {
    static template = "territory_planning.AccountResponse";
    static components = {LazyComponent};
    static props = {...standardWidgetProps};

    get lazyProps() {
        return {accountId: this.props.record.resId, open: true};
    }
}

registry.category("view_widgets").add("territory_account_response", {
    component: AccountResponse,
});
