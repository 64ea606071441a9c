import {Component, onMounted, onWillUnmount} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {whereAmI} from "../around_me/around_me";
import {useSelectionActions} from "../selection/selection_actions";
import {OpportunityFacts, WhiteFacts} from "./opportunity_facts";
import {WHITE_CLASSES} from "./white_classes";

/** A rep's day around a place. */
const ZOOM = 10;
/** The map has come to rest when it has not moved for so long. */
const REST = 300;

/** What is worth a visit that gets none: prospects, leads, and where customers are missing. */
export class OpportunitiesPanel extends Component {
    static template = "territory_planning.OpportunitiesPanel";
    static label = () => _t("Opportunities");
    static props = {
        model: Object,
        select: Function,
        openRecord: Function,
        planVisit: Function,
    };

    setup() {
        this.action = useService("action");
        this.actions = useSelectionActions(this.props.model);
        this.classes = WHITE_CLASSES.filter(({color}) => color);
        const {bus} = this.props.model;
        const moved = useDebounced(() => this.part.moved(), REST);
        onMounted(() => {
            bus.addEventListener("moved", moved);
            this.part.load();
        });
        onWillUnmount(() => bus.removeEventListener("moved", moved));
    }

    get part() {
        return this.props.model.parts.opportunities;
    }

    get facts() {
        return new OpportunityFacts(this.part);
    }

    get white() {
        return this.part.white && new WhiteFacts(this.part.white);
    }

    get regions() {
        return this.props.model.regions;
    }

    /** Lead or account, told apart where both have the same number. */
    key(row) {
        return `${row.kind}${row.id}`;
    }

    // --------------------------------------------------------------------- where
    chooseRegion(ev) {
        const id = Number(ev.target.value) || false;
        this.part.chooseRegion(id);
        const region = this.regions.find((one) => one.id === id);
        if (region?.label) {
            this.props.model.showBounds(region.bounds);
        }
    }

    /** Around the device, or where it does not tell, around a place one chooses. */
    async nearMe() {
        try {
            this.part.lookAround(await whereAmI(), ZOOM);
        } catch {
            this.nearPlace();
        }
    }

    nearPlace() {
        const {model} = this.props;
        this.part.waitForPlace();
        model.openPanel("around", {back: model.panel});
    }

    zoomTo(place) {
        this.props.model.showBounds(place.box);
    }

    // ---------------------------------------------------------------------- what
    open(row) {
        if (row.kind === "lead") {
            this.props.openRecord(row.id, "crm.lead");
        } else {
            this.props.model.openCard(row.id);
        }
    }

    planVisit({partner, name}) {
        this.props.planVisit({partner, name});
    }

    addToTrip({id, company_id: company}) {
        this.actions.addToTrip([id], company);
    }

    openLeads({name, partner}) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Open leads of %s", name),
            res_model: "crm.lead",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [
                ["partner_id", "child_of", partner.id],
                ["stage_id.is_won", "=", false],
            ],
        });
    }

    /** All accounts found, listed or not, go to where one does something with many. */
    async selectAll() {
        const ids = await this.part.readIds();
        const {selection} = this.props.model.parts;
        selection.replace(ids);
        selection.mode = "pick";
        selection.show();
    }
}

registry.category("territory_map_panels").add("opportunities", OpportunitiesPanel);
