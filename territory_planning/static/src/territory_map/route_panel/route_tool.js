import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

registry.category("territory_map_tools").add(
    "route",
    {
        label: _t("Route"),
        icon: "fa fa-road",
        panel: "route",
        start: ({model}) => model.parts.route.open(),
    },
    {sequence: 20}
);
