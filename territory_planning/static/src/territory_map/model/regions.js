import {areaBounds, cleanArea, labelPlace} from "../geometry";
import {recordColor} from "../palette";

const REGION_MODEL = "territory.region";

/** The regions and the street map below the accounts, and which of them are shown. */
export const withRegions = (Base) =>
    class extends Base {
        /** Regions and the street map: the map is usable without them. */
        async loadLayers() {
            const {regions, tiles, can_edit} = await this.orm.silent
                .call(REGION_MODEL, "get_territory_map_layers", [])
                .catch(() => ({regions: [], tiles: false}));
            let rank = 0;
            this.regions = regions.map((region) => {
                const area = cleanArea(region.geometry);
                return {
                    ...region,
                    color: recordColor(region.color, region.color ? 0 : rank++),
                    area,
                    bounds: area && areaBounds(area),
                    label: area && labelPlace(area),
                };
            });
            this.tiles = tiles;
            this.canEditRegions = Boolean(can_edit);
            for (const [name, {relation}] of Object.entries(this.fields)) {
                if (relation === REGION_MODEL) {
                    // Accounts of a region in the colour of the region.
                    this.keptColors.set(
                        name,
                        new Map(this.regions.map(({id, color}) => [id, color]))
                    );
                }
            }
            this.recolor();
            this.notify();
        }

        toggleRegion(id) {
            if (!this.hiddenRegions.delete(id)) {
                this.hiddenRegions.add(id);
            }
            this.notify();
        }

        setAllRegions(shown) {
            this.hiddenRegions = new Set(shown ? [] : this.regions.map(({id}) => id));
            this.notify();
        }

        toggleRegionsFilled() {
            this.regionsFilled = !this.regionsFilled;
            this.notify();
        }

        get shownRegions() {
            const shown = this.regions.filter(
                ({id, area}) => area && !this.hiddenRegions.has(id)
            );
            return this.parts.regionColoring?.paint(shown) || shown;
        }
    };
