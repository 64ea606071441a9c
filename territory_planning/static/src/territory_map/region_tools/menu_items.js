import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";

const items = registry.category("territory_map_menu_items");
const leads = (model) => model.canEditRegions;
const hasRegions = (model) => model.regions.length > 0;

/** Which file the regions become: plain links, which the browser downloads. */
export class ExportDialog extends Component {
    static template = "territory_planning.ExportDialog";
    static components = {Dialog};
    static props = {close: Function};

    address(kind) {
        return `/territory_planning/regions/${kind}?company=${user.activeCompany.id}`;
    }
}

items.add(
    "draw",
    {
        label: _t("Draw a region"),
        icon: "fa fa-pencil",
        isAvailable: leads,
        start: (model) => model.parts.regions.draw(),
    },
    {sequence: 10}
);
items.add(
    "import",
    {
        label: _t("Import…"),
        icon: "fa fa-upload",
        isAvailable: leads,
        start: (model) => model.parts.regions.importFile(),
    },
    {sequence: 20}
);
items.add(
    "export",
    {
        label: _t("Export…"),
        icon: "fa fa-download",
        isAvailable: hasRegions,
        start: (model) => model.env.services.dialog.add(ExportDialog),
    },
    {sequence: 30}
);
items.add(
    "compare",
    {
        label: _t("Compare regions"),
        icon: "fa fa-bar-chart",
        isAvailable: hasRegions,
        start: (model) => model.openPanel("regions_compare"),
    },
    {sequence: 40}
);
items.add(
    "problems",
    {
        label: _t("Overlaps and gaps"),
        icon: "fa fa-clone",
        isAvailable: hasRegions,
        start: (model) => model.openPanel("region_problems"),
    },
    {sequence: 50}
);
