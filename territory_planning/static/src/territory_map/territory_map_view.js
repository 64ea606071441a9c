import {registry} from "@web/core/registry";
import {TerritoryMapArchParser} from "./territory_map_arch_parser";
import {TerritoryMapController} from "./territory_map_controller";
import {TerritoryMapModel} from "./territory_map_model";
import {TerritoryMapRenderer} from "./territory_map_renderer";

export const territoryMapView = {
    type: "territory_map",
    ArchParser: TerritoryMapArchParser,
    Controller: TerritoryMapController,
    Model: TerritoryMapModel,
    Renderer: TerritoryMapRenderer,
    // To group by something is to colour by it.
    searchMenuTypes: ["filter", "groupBy", "favorite"],

    props: (genericProps, view) => {
        const {arch, relatedModels, resModel} = genericProps;
        return {
            ...genericProps,
            archInfo: new view.ArchParser().parse(arch, relatedModels, resModel),
            Model: view.Model,
            Renderer: view.Renderer,
        };
    },
};

registry.category("views").add("territory_map", territoryMapView);
