import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useRegionFigures} from "./use_region_figures";

/** All regions side by side, by one figure at a time. */
export class RegionComparePanel extends Component {
    static template = "territory_planning.RegionComparePanel";
    static props = {
        model: Object,
        select: Function,
        openRecord: Function,
        planVisit: Function,
    };
    static wide = true;
    static label = () => _t("Regions compared");

    setup() {
        this.action = useService("action");
        this.state = useRegionFigures(() => this.props.model);
        this.chosen = useState({name: "hours", perHour: false});
    }

    get tools() {
        return this.props.model.parts.regions;
    }

    get figure() {
        return this.state.figures.byName[this.chosen.name];
    }

    get perHour() {
        return this.chosen.perHour && this.figure.per_hour;
    }

    get bars() {
        return this.state.figures.ranked(this.chosen.name, this.perHour);
    }

    get hasParts() {
        return this.state.figures.data.regions.some(({parts}) => parts);
    }

    get mean() {
        const {figures} = this.state;
        const {name} = this.chosen;
        return figures.format(figures.mean(name, this.perHour), name, this.perHour);
    }

    get balance() {
        return this.perHour ? "" : this.state.figures.data.balance[this.chosen.name];
    }

    color(id) {
        return this.tools.region(id)?.color || "transparent";
    }

    zoomTo(id) {
        const region = this.tools.region(id);
        if (region) {
            this.tools.zoomTo(region);
        }
    }

    openList() {
        this.action.doAction("territory_planning.territory_region_compare_action");
    }
}

registry.category("territory_map_panels").add("regions_compare", RegionComparePanel);
