import {Component} from "@odoo/owl";
import {formatCurrency} from "@web/core/currency";
import {_t} from "@web/core/l10n/translation";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";

/** What is on the map, in numbers; and what could not be put on it. */
export class StatusLine extends Component {
    static template = "territory_planning.StatusLine";
    static props = {model: Object, openPlaceless: Function};

    get count() {
        const {model} = this.props;
        return model.countLabel(model.points.length);
    }

    /** The sum of the values, with unit and name; nothing if they do not add up. */
    get total() {
        const {points, archInfo, fields} = this.props.model;
        if (points.total === null || !points.length) {
            return "";
        }
        const {type, string} = fields[archInfo.value];
        const {currency} = points.header;
        if (type === "monetary" && !currency) {
            return _t("%s in several currencies", string);
        }
        const decimals = Math.abs(points.total) < 1000 ? 0 : 1;
        const amount =
            type === "monetary"
                ? formatCurrency(points.total, currency, {
                      humanReadable: true,
                      digits: [16, decimals],
                      minDigits: 1,
                  })
                : formatFloat(points.total, {humanReadable: true, decimals});
        return `${amount} ${string}`;
    }

    get more() {
        const {points} = this.props.model;
        return points.header.more
            ? _t("only the first %s are shown", formatInteger(points.length))
            : "";
    }

    get placeless() {
        const {placeless} = this.props.model.points;
        if (!placeless) {
            return "";
        }
        return placeless === 1
            ? _t("1 without a place")
            : _t("%s without a place", formatInteger(placeless));
    }
}
