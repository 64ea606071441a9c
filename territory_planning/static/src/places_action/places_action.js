import {Component, xml} from "@odoo/owl";
import {LazyComponent} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

/** The review of places: fetched, with the map, when it is opened. */
export class PlacesAction extends Component {
    static template = xml`
        <LazyComponent
            bundle="'web.assets_backend_lazy'"
            Component="'territory_planning.PlacesReview'"
        />`;
    static components = {LazyComponent};
    static props = {...standardActionServiceProps};
}

registry.category("actions").add("territory_places_review", PlacesAction);
