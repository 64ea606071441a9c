import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {RegionFigures} from "./region_figures";

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
        this.state = useState({figures: null, failed: false});
        this.asked = null;
        onWillStart(() => {
            this.load();
        });
        onWillUpdateProps(() => {
            this.load();
        });
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

    /** The figures of all regions, because one says nothing without the others. */
    async load() {
        const {regions} = this.props.model;
        if (this.asked === regions) {
            return;
        }
        this.asked = regions;
        try {
            this.state.figures = new RegionFigures(
                await this.props.model.orm.silent.call(
                    "territory.region",
                    "get_comparison",
                    []
                )
            );
            this.state.failed = false;
        } catch {
            this.state.failed = true;
        }
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

    get asOf() {
        const {as_of: asOf, own_only: ownOnly} = this.state.figures.data;
        const when = asOf ? formatDateTime(deserializeDateTime(asOf)) : "";
        const of = ownOnly
            ? _t("Of the accounts you look after and of those nobody does.")
            : _t("Of all accounts.");
        return when ? _t("%(of)s Facts as of %(when)s.", {of, when}) : of;
    }

    compare() {
        this.props.model.openPanel("regions_compare", {back: this.props.model.panel});
    }

    open() {
        this.props.openRecord(this.region.id, "territory.region");
    }
}

registry.category("territory_map_panels").add("region", RegionPanel);
