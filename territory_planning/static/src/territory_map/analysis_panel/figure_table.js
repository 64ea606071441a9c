import {Component} from "@odoo/owl";

/**
 * A table of figures that may be sorted; the first column stays in sight. Columns:
 * `{name, label, value(row), title(row), order}`, the first one names the row.
 */
export class FigureTable extends Component {
    static template = "territory_planning.FigureTable";
    static props = {
        columns: Array,
        rows: Array, // each with a `key`
        caption: String,
        selected: {optional: true},
        order: {type: String, optional: true},
        onSelect: {type: Function, optional: true},
        onSort: {type: Function, optional: true},
    };

    sortOf(column) {
        const {order = ""} = this.props;
        if (!column.order || order.replace("-", "") !== column.order) {
            return "none";
        }
        return order.startsWith("-") ? "ascending" : "descending";
    }
}
