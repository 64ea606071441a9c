import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatFloat} from "@web/views/fields/formatters";
import {areaBounds, cleanArea} from "../geometry";

/** Where drawn regions lie on each other, who has the accounts there, and gaps. */
export class ProblemsPanel extends Component {
    static template = "territory_planning.ProblemsPanel";
    static props = {
        model: Object,
        select: Function,
        openRecord: Function,
        planVisit: Function,
    };
    static label = () => _t("Overlaps and gaps");

    setup() {
        this.state = useState({failed: false});
        onWillStart(() => {
            this.tools.loadProblems().catch(() => {
                this.state.failed = true;
            });
        });
        onWillUnmount(() => this.tools.forgetProblems());
    }

    get tools() {
        return this.props.model.parts.regions;
    }

    get problems() {
        return this.tools.problems;
    }

    name(id) {
        return this.tools.region(id)?.name || "";
    }

    size({km2, accounts}) {
        return _t("%(size)s km², %(accounts)s", {
            size: formatFloat(km2, {digits: [16, km2 < 100 ? 2 : 0]}),
            accounts: this.props.model.countLabel(accounts, "account"),
        });
    }

    zoomTo({geometry}) {
        const area = cleanArea(geometry);
        if (area) {
            this.tools.drawer.fit(areaBounds(area));
        }
    }
}

registry.category("territory_map_panels").add("region_problems", ProblemsPanel);
