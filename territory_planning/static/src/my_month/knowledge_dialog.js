import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {parseFloat} from "@web/views/fields/parsers";

const NOTE_MAX = 500;

/** “I know something”: what a rep knows of an account that the figures do not. */
export class KnowledgeDialog extends Component {
    static template = "territory_planning.KnowledgeDialog";
    static components = {Dialog};
    static props = {
        name: String,
        currency: Object,
        save: Function,
        close: Function,
    };

    setup() {
        this.noteMax = NOTE_MAX;
        this.state = useState({kind: "potential", value: "", note: "", error: ""});
    }

    get title() {
        return _t("%s: I Know Something", this.props.name);
    }

    get kinds() {
        return [
            {key: "potential", label: _t("New potential"), icon: "fa-line-chart"},
            {key: "competitor", label: _t("Competitor"), icon: "fa-flag"},
            {key: "price", label: _t("Price problem"), icon: "fa-tag"},
        ];
    }

    get valueLabel() {
        return {
            potential: _t("Worth a month, if won"),
            competitor: _t("At stake a month"),
            price: _t("It is about, a month"),
        }[this.state.kind];
    }

    save() {
        const {kind, note} = this.state;
        let value = 0;
        if (this.state.value.trim()) {
            try {
                value = parseFloat(this.state.value);
            } catch {
                value = NaN;
            }
        }
        if (!(value >= 0)) {
            this.state.error = _t("Give an amount of zero or more, or leave it empty.");
            return;
        }
        if (!value && !note.trim()) {
            this.state.error = _t("Give an amount or a note.");
            return;
        }
        this.props.save({kind, value, note: note.trim()});
        this.props.close();
    }
}
