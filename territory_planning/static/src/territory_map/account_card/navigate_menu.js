import {Component} from "@odoo/owl";
import {isAndroid} from "@web/core/browser/feature_detection";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {navigationLinks} from "../../navigation/navigation_links";

/** Lead me there: with which app? */
export class NavigateMenu extends Component {
    static template = "territory_planning.NavigateMenu";
    static components = {Dropdown};
    static props = {latitude: Number, longitude: Number};

    setup() {
        this.dropdown = useDropdownState();
    }

    get links() {
        return navigationLinks(this.props.latitude, this.props.longitude, isAndroid());
    }
}
