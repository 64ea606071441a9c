import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useBus} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {formatInteger} from "@web/views/fields/formatters";

/** What is on the map, in numbers; and what could not be put on it. */
export class StatusLine extends Component {
    static template = "territory_planning.StatusLine";
    static props = {model: Object, openPlaceless: Function};

    setup() {
        this.state = useState({inView: 0});
        const count = useDebounced(() => {
            this.state.inView = this.props.model.countInView();
        }, 800);
        useBus(this.props.model.bus, "moved", count);
    }

    get count() {
        const {model} = this.props;
        return model.countLabel(model.points.length);
    }

    get total() {
        const {model} = this.props;
        return model.points.length ? model.amountLabel(model.points.total) : "";
    }

    /** For those who hear the map: how many are in its window now. */
    get inView() {
        return _t("%s in view", this.props.model.countLabel(this.state.inView));
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
