import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

registry.category("territory_map_tools").add(
    "opportunities",
    {
        label: _t("Opportunities"),
        icon: "fa fa-lightbulb-o",
        panel: "opportunities",
        start: ({model}) => model.parts.opportunities.open(),
    },
    {sequence: 40}
);
