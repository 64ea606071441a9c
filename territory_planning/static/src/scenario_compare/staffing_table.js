import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {ProfitChart} from "../territory_map/analysis_panel/profit_chart";

/** Is each territory staffed right: what one rep more or less would be worth, a month. */
export class StaffingTable extends Component {
    static template = "territory_planning.ScenarioStaffing";
    static components = {ProfitChart};
    static props = {column: Object, width: Number, formatMoney: Function};

    setup() {
        this.state = useState({repId: 0});
    }

    get pools() {
        return this.props.column.sizing;
    }

    get shown() {
        return (
            this.pools.find(({rep_id}) => rep_id === this.state.repId) || this.pools[0]
        );
    }

    name(pool) {
        return pool.rep_id ? pool.name : _t("All together");
    }

    show(pool) {
        this.state.repId = pool.rep_id;
    }

    formatReps(reps) {
        return formatFloat(reps, {digits: [16, 1]});
    }

    range(pool) {
        const {formatMoney} = this.props;
        return _t("%(low)s to %(high)s", {
            low: formatMoney(pool.next_rep_low),
            high: formatMoney(pool.next_rep_high),
        });
    }

    /** No surer than what is known. */
    conclusion(pool) {
        if (pool.next_rep_low > 0) {
            return _t("One more pays");
        }
        if (pool.last_rep_value < 0) {
            return _t("More than pay");
        }
        return pool.next_rep_high < 0 ? _t("Enough") : _t("Not certain");
    }
}
