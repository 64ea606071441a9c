import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

registry.category("territory_map_tools").add(
    "analysis",
    {
        label: _t("Analysis"),
        icon: "fa fa-line-chart",
        panel: "analysis",
        start: ({model}) => model.parts.analysis.open(),
    },
    {sequence: 30}
);
