import {Component} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";

/** The regions: which are drawn and how, and the way to each. */
export class RegionsMenu extends Component {
    static template = "territory_planning.RegionsMenu";
    static components = {Dropdown};
    static props = {
        model: Object,
        items: Array,
        zoomTo: Function,
        openRecord: Function,
    };

    setup() {
        this.dropdown = useDropdownState();
    }

    isShown(region) {
        return !this.props.model.hiddenRegions.has(region.id);
    }

    get allShown() {
        return !this.props.model.hiddenRegions.size;
    }

    zoomTo(region) {
        this.dropdown.close();
        this.props.zoomTo(region);
    }

    startItem(item) {
        this.dropdown.close();
        item.start(this.props.model);
    }

    showPanel(region) {
        this.dropdown.close();
        this.props.model.openPanel("region", {params: {id: region.id}});
    }

    open(region) {
        this.dropdown.close();
        this.props.openRecord(region.id, "territory.region");
    }
}
