import {formatCurrency} from "@web/core/currency";
import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {
    formatFloat,
    formatInteger,
    formatPercentage,
} from "@web/views/fields/formatters";
import {FigureColoring} from "./figure_coloring";
import {fetchFigure, PointsError} from "./points_request";

/**
 * The numbers that markers can be coloured by. Each is a column of its own, fetched when
 * it is chosen and kept until the search finds something else.
 */
export class Figures {
    constructor(model) {
        this.model = model;
        this.keepLast = new KeepLast();
        this.colorings = new Map();
        this.loading = null;
    }

    /** Other records: other numbers. */
    onPoints() {
        this.colorings.clear();
        const {colorField} = this.model;
        if (this.has(colorField)) {
            this.load(colorField);
        }
    }

    has(field) {
        return this.model.archInfo.figures.includes(field);
    }

    /** The colouring by a number; null while it is still on its way. */
    coloring(field) {
        if (!this.colorings.has(field) && this.loading !== field && this.model.points) {
            this.load(field);
        }
        return this.colorings.get(field) || null;
    }

    async load(field) {
        const {model} = this;
        const {points} = model;
        this.loading = field;
        try {
            const source = {resModel: model.resModel, ...model.archInfo};
            const answer = await this.keepLast.add(
                fetchFigure(source, field, model.domain, model.context)
            );
            if (points === model.points) {
                this.colorings.set(field, this.makeColoring(field, points, answer));
                this.loading = null;
                model.recolor();
                model.notify();
            }
        } catch (error) {
            if (!(error instanceof PointsError)) {
                throw error;
            }
            this.loading = null;
            if (model.colorField === field) {
                model.setColorField(model.archInfo.colors[0] || null);
            }
            model.setNotice(error.message);
        }
    }

    makeColoring(field, points, {ids, figures, currency}) {
        const {middle = null, none = null} = this.model.archInfo.figureOptions[field];
        const aligned = align(points.ids, ids, figures);
        if (none !== null) {
            for (let row = 0; row < aligned.length; row++) {
                if (aligned[row] === none) {
                    aligned[row] = NaN;
                }
            }
        }
        const format = (number) => this.format(field, number, currency);
        return new FigureColoring(field, aligned, {format, middle});
    }

    /** A number with its unit, as short as a legend needs it. */
    format(field, number, currency) {
        const {type} = this.model.fields[field];
        if (type === "date" || type === "datetime") {
            return _t("%s days", formatInteger(Math.round(number)));
        }
        if (this.model.archInfo.percentages.includes(field)) {
            return formatPercentage(number);
        }
        if (type === "monetary" && currency) {
            return formatCurrency(number, currency, {
                humanReadable: Math.abs(number) >= 1000,
                digits: [16, Math.abs(number) < 1000 ? 0 : 1],
                minDigits: 1,
            });
        }
        if (type === "integer") {
            return formatInteger(Math.round(number));
        }
        return formatFloat(number, {digits: [16, Math.abs(number) < 100 ? 2 : 0]});
    }
}

/**
 * The figures in the order of the points. Both come ordered by id, but a record may have
 * come or gone between the two requests.
 */
export function align(wanted, ids, figures) {
    const aligned = new Float32Array(wanted.length).fill(NaN);
    let j = 0;
    for (let row = 0; row < wanted.length; row++) {
        while (j < ids.length && ids[j] < wanted[row]) {
            j++;
        }
        if (ids[j] === wanted[row]) {
            aligned[row] = figures[j];
        }
    }
    return aligned;
}

registry.category("territory_map_parts").add("figures", Figures);
