import {Component, useState} from "@odoo/owl";
import {formatInteger} from "@web/views/fields/formatters";
import {useService} from "@web/core/utils/hooks";

/** What the colours mean, and the choice of what they mean. */
export class Legend extends Component {
    static template = "territory_planning.Legend";
    static props = {model: Object};

    setup() {
        this.ui = useService("ui");
        this.state = useState({open: !this.ui.isSmall});
        this.formatInteger = formatInteger;
    }

    get choices() {
        return this.props.model.colorChoices;
    }

    get title() {
        const {model} = this.props;
        return this.choices.find(({name}) => name === model.colorField)?.label;
    }

    choose(ev) {
        this.props.model.setColorField(ev.target.value);
    }
}
