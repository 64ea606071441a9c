import {registry} from "@web/core/registry";
import {CELL, heatGrid, heatPixels, heatTop} from "../heat_image";

/** How dense the accounts are, or what they are worth, painted below them. */
export class HeatLayer {
    constructor({engine, model}) {
        this.engine = engine;
        this.model = model;
        this.layer = null;
        this.points = null;
        this.drawn = "";
    }

    update({points, heat}) {
        if (!heat || !points) {
            this.layer?.remove();
            this.layer = null;
            this.drawn = "";
            return;
        }
        if (this.points !== points) {
            this.points = points;
            this.drawn = "";
        }
        if (this.drawn !== heat) {
            this.drawn = heat;
            this.layer ??= this.engine.addPicture("heat", (...size) =>
                this.paint(...size)
            );
            this.layer.redraw();
        }
    }

    /**
     * @param {Object} frame what the picture shows: `x`, `y` of its corner and its
     *      `scale`, pixels for the whole world
     */
    paint({x, y, scale, width, height}) {
        const {points} = this;
        const places = points.projected;
        const byValue = this.model.heat === "value";
        const columns = Math.ceil(width / CELL);
        const rows = Math.ceil(height / CELL);
        const [zoom, left, top] = [scale / CELL, x / CELL, y / CELL];
        const grid = heatGrid(columns, rows, (add) => {
            for (let row = 0; row < points.length; row++) {
                const weight = byValue ? points.value(row) : 1;
                if (weight > 0) {
                    add(
                        places.x[row] * zoom - left,
                        places.y[row] * zoom - top,
                        weight
                    );
                }
            }
        });
        const pixels = heatPixels(grid, heatTop(grid));
        return {data: new ImageData(pixels, columns, rows), cell: CELL};
    }
}

registry
    .category("territory_map_layers")
    .add("heat", (context) => new HeatLayer(context), {sequence: 5});
