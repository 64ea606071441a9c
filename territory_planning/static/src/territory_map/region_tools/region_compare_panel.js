import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {RegionFigures} from "./region_figures";

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
        this.state = useState({
            figures: null,
            failed: false,
            name: "hours",
            perHour: false,
        });
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

    async load() {
        const {regions, orm} = this.props.model;
        if (this.asked === regions) {
            return;
        }
        this.asked = regions;
        try {
            this.state.figures = new RegionFigures(
                await orm.silent.call("territory.region", "get_comparison", [])
            );
            this.state.failed = false;
        } catch {
            this.state.failed = true;
        }
    }

    get figure() {
        return this.state.figures.byName[this.state.name];
    }

    get perHour() {
        return this.state.perHour && this.figure.per_hour;
    }

    get bars() {
        return this.state.figures.ranked(this.state.name, this.perHour);
    }

    get mean() {
        const {figures, name} = this.state;
        return figures.format(figures.mean(name, this.perHour), name, this.perHour);
    }

    get balance() {
        return this.perHour ? "" : this.state.figures.data.balance[this.state.name];
    }

    get asOf() {
        const {as_of: asOf, own_only: ownOnly} = this.state.figures.data;
        const when = asOf ? formatDateTime(deserializeDateTime(asOf)) : "";
        const of = ownOnly
            ? _t("Of the accounts you look after and of those nobody does.")
            : _t("Of all accounts.");
        return when ? _t("%(of)s Facts as of %(when)s.", {of, when}) : of;
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
