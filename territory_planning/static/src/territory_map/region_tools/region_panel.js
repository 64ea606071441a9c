import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useRegionFigures} from "./use_region_figures";

const SHOWN = ["revenue", "hours", "pipeline", "travel_km", "shadow_price"];

/** One region: who has it, what is in it, what can be done with it. */
export class RegionPanel extends Component {
    static template = "territory_planning.RegionPanel";
    static props = {
        model: Object,
        select: Function,
        openRecord: Function,
        planVisit: Function,
    };
    static label = (model) =>
        model.parts.regions.region(model.panel.params.id)?.name || _t("Region");

    setup() {
        // of all regions, because one says nothing without the others
        this.state = useRegionFigures(() => this.props.model);
    }

    get tools() {
        return this.props.model.parts.regions;
    }

    get region() {
        return this.tools.region(this.props.model.panel.params.id);
    }

    get canEdit() {
        return this.props.model.canEditRegions;
    }

    get lines() {
        const {figures} = this.state;
        const row = figures?.region(this.region.id);
        if (!row) {
            return [];
        }
        return SHOWN.map((name) => ({
            name,
            label: figures.byName[name].label,
            help: figures.byName[name].help,
            value: figures.format(figures.value(row, name), name),
            comparison: figures.comparison(row, name),
        }));
    }

    get partsLabel() {
        const {figures} = this.state;
        const row = figures?.region(this.region.id);
        return row ? figures.partsLabel(row) : "";
    }

    compare() {
        this.props.model.openPanel("regions_compare", {back: this.props.model.panel});
    }

    open() {
        this.props.openRecord(this.region.id, "territory.region");
    }
}

registry.category("territory_map_panels").add("region", RegionPanel);
