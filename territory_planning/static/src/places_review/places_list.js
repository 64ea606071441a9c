import {Component, useEffect, useRef} from "@odoo/owl";
import {formatMonetary} from "@web/views/fields/formatters";

/** The places to check, as a list: ticked for all at once, chosen for the map. */
export class PlacesList extends Component {
    static template = "territory_planning.PlacesList";
    static props = {model: Object, onSelect: Function};

    setup() {
        this.listRef = useRef("list");
        useEffect(
            () => {
                const row = this.listRef.el?.querySelector("[aria-current='true']");
                row?.scrollIntoView({block: "nearest"});
            },
            () => [this.props.model.selectedId]
        );
    }

    get allChecked() {
        const {checked, rows} = this.props.model;
        return rows.length > 0 && checked.size === rows.length;
    }

    town(row) {
        return [row.zip, row.city].filter(Boolean).join(" ");
    }

    revenue(row) {
        return formatMonetary(row.revenue_12m, {
            currencyId: row.currency_id,
            digits: [16, 0],
        });
    }
}
