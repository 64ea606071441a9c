import {Component, onWillStart, onWillUnmount, useRef} from "@odoo/owl";
import {router} from "@web/core/browser/router";
import {useService} from "@web/core/utils/hooks";
import {_t} from "@web/core/l10n/translation";
import {useModel} from "@web/model/model";
import {useSetupAction} from "@web/search/action_hook";
import {CogMenu} from "@web/search/cog_menu/cog_menu";
import {Layout} from "@web/search/layout";
import {SearchBar} from "@web/search/search_bar/search_bar";
import {useSearchBarToggler} from "@web/search/search_bar/search_bar_toggler";
import {ActionHelper} from "@web/views/action_helper";
import {standardViewProps} from "@web/views/standard_view_props";
import {stateFromAddress, useAddress} from "./address";
import {LeafletEngine} from "./engines/leaflet_engine";
import {FirstSteps} from "./first_steps/first_steps";
import {fetchBasemap} from "./layers/basemap";
import {ShownRecords} from "./shown_records";

/** Control panel, search and ways out of the map: to records and lists. */
export class TerritoryMapController extends Component {
    static template = "territory_planning.TerritoryMapView";
    static components = {ActionHelper, CogMenu, FirstSteps, Layout, SearchBar};
    static props = {
        ...standardViewProps,
        Model: Function,
        Renderer: Function,
        archInfo: Object,
    };

    setup() {
        this.action = useService("action");
        // Everything the map needs sets out at once: library, basemap, points, regions.
        this.library = LeafletEngine.load();
        this.library.catch(() => {}); // the renderer tells
        this.basemap = fetchBasemap();
        this.model = useModel(this.props.Model, {
            resModel: this.props.resModel,
            fields: this.props.fields,
            archInfo: this.props.archInfo,
            state:
                this.props.globalState?.territoryMap ||
                (this.isPage ? stateFromAddress(router.current) : undefined),
        });
        // Not useBus: it listens from the first mount on, and a quick server's answer
        // comes before.
        const onUpdate = () => this.render(true);
        this.model.bus.addEventListener("update", onUpdate);
        onWillUnmount(() => this.model.bus.removeEventListener("update", onUpdate));
        useSetupAction({
            rootRef: useRef("root"),
            // Global: the browser's Back button and the other views of the action find
            // it again, too.
            getGlobalState: () => ({territoryMap: this.model.exportState()}),
        });
        useAddress(this.model, () => this.isPage);
        this.records = new ShownRecords({
            model: this.model,
            dialog: useService("dialog"),
            action: this.action,
            getContext: () => this.props.context,
        });
        onWillStart(() => this.records.loadRights());
        this.searchBarToggler = useSearchBarToggler();
    }

    /** Whether the address bar is about this map: not in a dialog, nor in a form. */
    get isPage() {
        return !this.env.inDialog && this.props.display?.controlPanel !== false;
    }

    /** On the desk's map of the accounts, where there is room for it. */
    get showsFirstSteps() {
        return (
            this.isPage &&
            !this.env.isSmall &&
            this.props.resModel === "territory.account"
        );
    }

    /** Actions, reports and export: what Odoo's lists offer for ticked records. */
    get menuProps() {
        return {
            getActiveIds: () => this.records.ids,
            context: this.props.context,
            resModel: this.props.resModel,
            items: this.records.items(this.props.info.actionMenus),
            onActionExecuted: () => this.model.reload(),
            shouldExecuteAction: (item) => this.records.confirm(item),
        };
    }

    /** Open a record in the form view of the action, or in one of its own. */
    async openRecord(resId, resModel = this.props.resModel) {
        const hasForm = this.env.config.views?.some(([, type]) => type === "form");
        if (resModel === this.props.resModel && hasForm) {
            return this.props.selectRecord(resId, {});
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    openPlaceless() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Not on the Map"),
            res_model: this.props.resModel,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: this.model.placelessDomain,
            context: this.props.context,
        });
    }

    /** A meeting about a customer; nobody is invited unless the user does so. */
    planVisit({partner, name}) {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Plan a Visit"),
                res_model: "calendar.event",
                views: [[false, "form"]],
                target: "new",
                context: {
                    default_name: _t("Visit: %s", name),
                    default_res_model: "res.partner",
                    default_res_id: partner.id,
                    default_location: partner.address || "",
                },
            },
            {onClose: () => this.model.refreshCard()}
        );
    }
}
