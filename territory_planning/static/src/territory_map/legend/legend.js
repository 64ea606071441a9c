import {Component, useState} from "@odoo/owl";
import {DOUBTFUL} from "../coloring";
import {formatInteger} from "@web/views/fields/formatters";
import {HEAT_COLORS} from "../heat_image";
import {useService} from "@web/core/utils/hooks";

/** What the colours mean, and the choice of what they mean. */
export class Legend extends Component {
    static template = "territory_planning.Legend";
    static props = {model: Object};

    setup() {
        this.ui = useService("ui");
        this.state = useState({open: !this.ui.isSmall && window.innerHeight > 500});
        this.formatInteger = formatInteger;
    }

    get groups() {
        return this.props.model.colorChoices;
    }

    get hasChoice() {
        return this.groups.flatMap(({choices}) => choices).length > 1;
    }

    get title() {
        const {model} = this.props;
        return this.groups
            .flatMap(({choices}) => choices)
            .find(({name}) => name === model.colorField)?.label;
    }

    get isLoading() {
        const {model} = this.props;
        const {figures, regionColoring} = model.parts;
        return (
            figures?.loading === model.colorField ||
            Boolean(regionColoring?.figure && !regionColoring.coloring)
        );
    }

    /** Classes of regions, if that is what the colours mean. */
    get regionSlots() {
        return this.props.model.parts.regionColoring?.coloring?.slots;
    }

    get valueLabel() {
        const {archInfo, fields} = this.props.model;
        return archInfo.value ? fields[archInfo.value].string : "";
    }

    /** How many are drawn where they may well not be; under heat none is drawn. */
    get doubtful() {
        const {points, heat} = this.props.model;
        return heat ? 0 : points?.doubtful || 0;
    }

    get doubtfulKey() {
        return DOUBTFUL;
    }

    /** The colours of the heat, from little to much. */
    get heatStyle() {
        const colors = HEAT_COLORS.map((color) => `rgb(${color.join(",")})`);
        return `background: linear-gradient(to right, ${colors.join(", ")})`;
    }

    choose(ev) {
        this.props.model.setColorField(ev.target.value);
    }
}
