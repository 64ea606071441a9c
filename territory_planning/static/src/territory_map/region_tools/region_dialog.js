import {Component, useState} from "@odoo/owl";
import {ColorList} from "@web/core/colorlist/colorlist";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
import {useAutofocus} from "@web/core/utils/hooks";
import {user} from "@web/core/user";

/** Name, rep, team and colour of a region; only the name when it is cut off another. */
export class RegionDialog extends Component {
    static template = "territory_planning.RegionDialog";
    static components = {ColorList, Dialog, RecordSelector};
    static props = {
        title: String,
        values: Object,
        confirm: Function,
        nameOnly: {type: Boolean, optional: true},
        close: Function,
    };

    setup() {
        const {name, user_id, team_id, color} = this.props.values;
        this.state = useState({
            name: name || "",
            user_id: user_id || false,
            team_id: team_id || false,
            color: color || 0,
            wrong: "",
            busy: false,
        });
        useAutofocus({refName: "name", selectAll: true});
    }

    get colors() {
        return ColorList.COLORS.map((_name, number) => number);
    }

    get userDomain() {
        return [
            ["share", "=", false],
            ["company_ids", "in", user.activeCompany.id],
        ];
    }

    get teamDomain() {
        return [["company_id", "in", [false, user.activeCompany.id]]];
    }

    async save() {
        const {name, user_id, team_id, color} = this.state;
        if (!name.trim()) {
            this.state.wrong = _t("Give the region a name.");
            return;
        }
        this.state.busy = true;
        try {
            await this.props.confirm({name: name.trim(), user_id, team_id, color});
            this.props.close();
        } finally {
            this.state.busy = false;
        }
    }
}
