import {Component} from "@odoo/owl";
import {formatDateTime, deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";

/** What is known of the place on the map, and what can be done about it. */
export class PlaceCard extends Component {
    static template = "territory_planning.PlaceCard";
    static props = {
        model: Object,
        openCustomer: Function,
        savePin: Function,
        confirm: Function,
        retry: Function,
        skip: Function,
        step: Function,
    };

    get row() {
        return this.props.model.selected;
    }

    get address() {
        const {street, zip, city, state, country} = this.row;
        const town = [zip, city].filter(Boolean).join(" ");
        return [street, town, state, country].filter(Boolean).join(", ");
    }

    /** How well, from whom, and when the place is known. */
    get origin() {
        const {precision, source, date} = this.row;
        const when = date && formatDateTime(deserializeDateTime(date), {format: "D"});
        return [precision, source, when, this.coordinates].filter(Boolean).join(" · ");
    }

    get position() {
        const {model} = this.props;
        return _t("%(number)s of %(total)s", {
            number: model.position + 1,
            total: model.rows.length,
        });
    }

    get coordinates() {
        const pin = this.props.model.pin;
        return pin ? `${pin[1].toFixed(5)}, ${pin[0].toFixed(5)}` : "";
    }
}
