import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * The map's tools: who is where, routes, analysis, opportunities. Each is an entry of
 * this registry with `label`, `icon` (a class) and `start(env)`, and `panel`, the kind of
 * panel it opens; the rail shows those that are installed, in their sequence.
 */
const tools = registry.category("territory_map_tools");

tools.add(
    "locate",
    {
        label: _t("Who is where"),
        icon: "fa fa-dot-circle-o",
        start: ({model, goHome}) => {
            model.closePanel();
            goHome();
        },
    },
    {sequence: 10}
);

export class ToolRail extends Component {
    static template = "territory_planning.ToolRail";
    static props = {model: Object, goHome: Function};

    get tools() {
        return tools.getEntries().map(([name, tool]) => ({name, ...tool}));
    }

    /** The tool whose panel is open, or was before a card; else who is where. */
    get active() {
        for (let {panel} = this.props.model; panel; panel = panel.back) {
            const tool = this.tools.find((one) => one.panel === panel.kind);
            if (tool) {
                return tool.name;
            }
        }
        return "locate";
    }

    select(tool) {
        tool.start(this.props);
    }
}
