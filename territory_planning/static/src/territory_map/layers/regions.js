/** A name is written only where its region is at least that wide on the screen. */
const LABEL_WIDTH = 70;
/** As a hint of where they are; and where their colour is what is looked at. */
const FAINT = 0.14;
export const STRONG = 0.6;

/** Regions: their areas, and their names where there is room. */
export class RegionsLayer {
    /** @param {import("../engines/leaflet_engine").LeafletEngine} engine */
    constructor(engine) {
        this.engine = engine;
        this.areas = engine.addAreas("areas");
        this.labels = engine.addElements({
            pane: "labels",
            className: "o_territory_region_anchor",
        });
        this.regions = [];
        this.drawn = null; // areas as they are on the map, and whether filled
    }

    /**
     * @param {Object[]} regions those to show, each with `area`, `bounds`, `label`
     * @param {boolean} filled
     * @param {number} [opacity] of what fills them
     */
    update(regions, filled, opacity = FAINT) {
        this.regions = regions;
        const {drawn} = this;
        if (
            !drawn ||
            drawn.filled !== filled ||
            drawn.opacity !== opacity ||
            drawn.areas.length !== regions.length ||
            regions.some(
                ({area, color}, i) =>
                    area !== drawn.areas[i] || color !== drawn.colors[i]
            )
        ) {
            this.drawn = {
                filled,
                opacity,
                areas: regions.map(({area}) => area),
                colors: regions.map(({color}) => color),
            };
            this.areas.set(
                regions.map(({area, color}) => ({
                    geometry: area,
                    style: {
                        color,
                        weight: 2,
                        fill: filled,
                        fillColor: color,
                        fillOpacity: opacity,
                    },
                }))
            );
        }
        this.move();
    }

    move() {
        const {engine} = this;
        const [west, south, east, north] = engine.bounds;
        const visible = this.regions.filter(({label: [x, y], bounds}) => {
            if (x < west || x > east || y < south || y > north) {
                return false;
            }
            const left = engine.point([bounds[0], y])[0];
            const right = engine.point([bounds[2], y])[0];
            return right - left >= LABEL_WIDTH;
        });
        this.labels.set(
            visible.map((region) => ({
                key: region.id,
                place: region.label,
                version: region.name,
                build: () => {
                    const el = document.createElement("span");
                    el.className = "o_territory_region_label";
                    el.textContent = region.name;
                    return el;
                },
            }))
        );
    }

    destroy() {
        this.areas.remove();
        this.labels.remove();
    }
}
