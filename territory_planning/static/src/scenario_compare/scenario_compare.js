import {Component, onWillStart, useEffect, useRef, useState} from "@odoo/owl";
import {formatCurrency} from "@web/core/currency";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {CompareModel} from "./compare_model";
import {figureRows, figureTable} from "./figure_rows";
import {HandBar} from "./hand_bar";
import {ScenarioMap} from "./scenario_map";
import {StaffingTable} from "./staffing_table";
import {TradeoffChart} from "./tradeoff_chart";

/** Up to four scenarios and today: figures, what disruption buys, and maps. */
export class ScenarioCompare extends Component {
    static template = "territory_planning.ScenarioCompare";
    static components = {HandBar, Layout, ScenarioMap, StaffingTable, TradeoffChart};
    static props = {ids: Array, remember: Function};

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.model = useState(new CompareModel(useService("orm"), this.props.remember));
        this.chartRef = useRef("chart");
        this.state = useState({
            left: 0, // today
            right: null, // the first scenario
            onlyMoved: false,
            drawing: false,
            view: null,
            width: 560,
        });
        onWillStart(() => this.model.load(this.props.ids));
        useHotkey("escape", () => this.stopEditing(), {
            isAvailable: () => this.state.drawing || Boolean(this.model.hand),
        });
        useEffect(
            (el) => {
                if (!el) {
                    return;
                }
                const observer = new ResizeObserver(([entry]) => {
                    this.state.width = Math.max(
                        Math.floor(entry.contentRect.width),
                        280
                    );
                });
                observer.observe(el);
                return () => observer.disconnect();
            },
            () => [this.chartRef.el]
        );
    }

    formatMoney(value) {
        return formatCurrency(Math.round(value), this.model.data.currency_id, {
            trailingZeros: false,
        });
    }

    get table() {
        const rows = figureRows(this.model.data.currency_id);
        return figureTable(rows, this.model.columns);
    }

    // --------------------------------------------------------------------- maps
    get sides() {
        const {left, right} = this.state;
        const first = this.model.columns[1];
        const second = {side: "right", column: this.model.column(right ?? first?.id)};
        if (this.ui.isSmall) {
            return [second];
        }
        return [{side: "left", column: this.model.column(left)}, second];
    }

    dots({column}) {
        const {hand} = this.model;
        const chosen = hand?.columnId === column.id ? new Set(hand.rows) : new Set();
        return this.model.dots(column, {onlyMoved: this.state.onlyMoved, chosen});
    }

    get rows() {
        const {lat, lon} = this.model.data;
        return {
            longitudes: lon,
            latitudes: lat,
            length: lat.length,
            scale: {longitude: 1, latitude: 1},
        };
    }

    get bounds() {
        return this.model.bounds;
    }

    show(side, ev) {
        this.state[side] = Number(ev.target.value);
        this.stopEditing();
    }

    onView(view) {
        this.state.view = view;
    }

    /** The scenario of the right map: whose territories may be under- or overstaffed. */
    get staffed() {
        const {column} = this.sides.at(-1);
        return column.id ? column : this.model.columns[1];
    }

    // ------------------------------------------------------------------ by hand
    get editedColumn() {
        const {column} = this.sides.at(-1);
        return this.model.canEdit(column) ? column : null;
    }

    startEditing() {
        this.state.drawing = true;
    }

    stopEditing() {
        this.state.drawing = false;
        this.model.choose(0, []);
    }

    onLasso(rows) {
        const {column} = this.sides.at(-1);
        const inside = rows.filter((row) => column.rep[row] !== -2);
        this.model.choose(column.id, inside);
        if (inside.length) {
            this.state.drawing = false;
        } else {
            this.notification.add(_t("No account of this scenario lies inside."), {
                type: "info",
            });
        }
    }

    async give() {
        const count = this.model.hand.price.count;
        await this.model.give();
        this.notification.add(_t("%s accounts given by hand.", count), {
            type: "success",
        });
    }

    // ---------------------------------------------------------------- elsewhere
    openMoves(id) {
        this.action.doAction("territory_planning.territory_scenario_move_action", {
            additionalContext: {
                search_default_scenario_id: id,
            },
        });
    }

    openScenario(id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "territory.scenario",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    addScenario(ev) {
        const id = Number(ev.target.value);
        if (id) {
            return this.model.add(id);
        }
    }
}

registry
    .category("lazy_components")
    .add("territory_planning.ScenarioCompare", ScenarioCompare);
