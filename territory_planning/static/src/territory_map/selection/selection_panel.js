import {Component, onMounted} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatInteger} from "@web/views/fields/formatters";
import {COMPARED_MAX} from "../compare/compare_part";
import {useSelectionActions} from "./selection_actions";
import {SelectionFacts} from "./selection_facts";

/** More stops are no trip. The server says so, too. */
const TRIP_MAX = 200;

/** What is selected on the map: totals, whose it is, the largest, and what to do. */
export class SelectionPanel extends Component {
    static template = "territory_planning.SelectionPanel";
    static props = {
        model: Object,
        select: Function,
        openRecord: Function,
        planVisit: Function,
    };
    static label = (model) => model.parts.selection.label;

    setup() {
        this.actions = useSelectionActions(this.props.model);
        onMounted(() => this.part.loadSummary());
    }

    get part() {
        return this.props.model.parts.selection;
    }

    get summary() {
        return this.part.summary;
    }

    get data() {
        return this.summary?.data || null;
    }

    get facts() {
        return new SelectionFacts(this.data);
    }

    get ids() {
        return [...this.part.ids];
    }

    get rest() {
        const {count, accounts} = this.data;
        return count > accounts.length
            ? _t("The %(shown)s with the most revenue; %(rest)s more are selected.", {
                  shown: accounts.length,
                  rest: formatInteger(count - accounts.length),
              })
            : "";
    }

    /** What may be done: `rights` of the server, and what makes sense for so many. */
    get buttons() {
        const {rights, company_id: company, count} = this.data;
        const {actions, ids} = this;
        return [
            {
                name: "rep",
                label: _t("Salesperson"),
                icon: "fa fa-user",
                shown: rights.rep,
                run: () => actions.assign("rep", ids, company),
            },
            {
                name: "region",
                label: _t("Region"),
                icon: "fa fa-map-o",
                shown: rights.region,
                run: () => actions.assign("region", ids, company),
            },
            {
                name: "tag",
                label: _t("Tags"),
                icon: "fa fa-tags",
                shown: rights.tag,
                run: () => actions.assign("tag", ids, company),
            },
            {
                name: "trip",
                label: _t("Add to Trip"),
                icon: "fa fa-road",
                shown: rights.trip && count <= TRIP_MAX,
                run: () => actions.addToTrip(ids, company),
            },
            {
                name: "activity",
                label: _t("Activities"),
                icon: "fa fa-clock-o",
                shown: rights.activity,
                run: () => actions.schedule(ids),
            },
            {
                name: "compare",
                label: _t("Compare"),
                icon: "fa fa-columns",
                shown: count > 1 && count <= COMPARED_MAX,
                run: () => this.props.model.parts.compare.open(ids),
            },
            {
                name: "export",
                label: _t("Export"),
                icon: "fa fa-download",
                shown: rights.export,
                run: () => actions.exportXlsx(ids),
            },
        ].filter(({shown}) => shown);
    }
}

registry.category("territory_map_panels").add("selection", SelectionPanel);
