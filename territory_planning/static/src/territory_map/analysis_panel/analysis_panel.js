import {Component, onMounted, onWillUnmount, useRef, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {AccountsView} from "./accounts_view";
import {AnalysisFigures} from "./analysis_figures";
import {PartsView} from "./parts_view";
import {savePicture} from "./save_picture";
import {SizingView} from "./sizing_view";

const NARROW = 520;
const VIEWS = {parts: PartsView, accounts: AccountsView, sizing: SizingView};

/** The month's allocation over the map: by region, by account, and how many reps. */
export class AnalysisPanel extends Component {
    static template = "territory_planning.AnalysisPanel";
    static wide = true;
    static label = () => _t("Analysis");
    static props = {
        model: Object,
        select: Function,
        openRecord: Function,
        planVisit: Function,
    };

    setup() {
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.bodyRef = useRef("body");
        this.state = useState({width: 0, starting: false});
        onMounted(() => {
            this.part.colorByAdvice();
            this.part.load();
            this.observer = new ResizeObserver(() => this.measure());
            this.observer.observe(this.bodyRef.el);
            this.measure();
        });
        onWillUnmount(() => {
            this.observer.disconnect();
            this.part.colorAsBefore();
        });
        const onRun = ({state, kind}) => {
            if (state === "done" && kind === "month") {
                this.part.planId = false;
                this.part.load();
            }
        };
        onMounted(() => this.bus.subscribe("territory_planning.run", onRun));
        onWillUnmount(() => this.bus.unsubscribe("territory_planning.run", onRun));
    }

    measure() {
        const width = Math.floor(this.bodyRef.el?.clientWidth || 0);
        if (width && width !== this.state.width) {
            this.state.width = width;
        }
    }

    get part() {
        return this.props.model.parts.analysis;
    }

    get data() {
        return this.part.data;
    }

    get figures() {
        return new AnalysisFigures(this.data);
    }

    get View() {
        return VIEWS[this.part.tab];
    }

    get tabs() {
        const tabs = [
            ["parts", _t("By Region")],
            ["accounts", _t("By Account")],
        ];
        if (this.data.sizing) {
            tabs.push(["sizing", _t("How Many Reps")]);
        }
        return tabs;
    }

    /** A phone: the figures come first, what they rest on is one tap away. */
    get isNarrow() {
        return this.state.width > 0 && this.state.width < NARROW;
    }

    get hasShapes() {
        return this.part.tab !== "sizing";
    }

    choosePlan(ev) {
        this.part.choosePlan(Number(ev.target.value));
    }

    /** With the card's arrow one comes back to where one was. */
    openCard(id) {
        this.props.model.openCard(id);
    }

    async openMonth() {
        this.state.starting = true;
        await this.props.model.orm.call("territory.plan", "action_open_this_month", []);
    }

    async saveSheet() {
        const action = await this.props.model.orm.call(
            "territory.plan",
            "action_export_analysis",
            [[this.data.plan.id]]
        );
        return this.action.doAction(action);
    }

    savePicture() {
        const svg = this.bodyRef.el.querySelector("svg");
        if (svg) {
            savePicture(svg, `${this.data.plan.name} ${this.part.tab}`);
        }
    }

    openPlan() {
        this.props.openRecord(this.data.plan.id, "territory.plan");
    }
}

registry.category("territory_map_panels").add("analysis", AnalysisPanel);
