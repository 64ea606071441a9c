import {_t} from "@web/core/l10n/translation";
import {classOf, divergingBreaks, quantileBreaks} from "./figure_classes";
import {DIVERGING_COLORS, NONE_COLOR, SEQUENTIAL_COLORS} from "./palette";

/** Dots of the lowest and of the highest class, in pixels: size says it without colour. */
const RADIUS = [5, 11];

/**
 * What each colour means when records are coloured by a number: a few classes, from low
 * to high. Has what {@link import("./coloring").Coloring} has, and a size per class.
 */
export class FigureColoring {
    /**
     * @param {string} field
     * @param {Float32Array} figures one per record, NaN for those without one
     * @param {Object} options
     * @param {(number) => string} options.format writes a number with its unit
     * @param {number|null} [options.middle] a number that means something
     */
    constructor(field, figures, {format, middle = null}) {
        this.field = field;
        this.figures = figures;
        const around = middle === null ? [] : divergingBreaks(figures, middle);
        this.breaks = around.length ? around : quantileBreaks(figures);
        const colors = spread(
            around.length ? DIVERGING_COLORS : SEQUENTIAL_COLORS,
            this.breaks.length + 1
        );
        const counts = new Array(this.breaks.length + 2).fill(0);
        this.codes = new Uint8Array(figures.length);
        for (let row = 0; row < figures.length; row++) {
            const figure = figures[row];
            const code = Number.isNaN(figure)
                ? this.breaks.length + 1
                : classOf(figure, this.breaks);
            this.codes[row] = code;
            counts[code]++;
        }
        this.slots = colors.map((color, i) => ({
            key: `n${i}`,
            label: this.label(i, format),
            color,
            count: counts[i],
            radius:
                colors.length < 2
                    ? 7
                    : RADIUS[0] + ((RADIUS[1] - RADIUS[0]) * i) / (colors.length - 1),
        }));
        if (counts.at(-1)) {
            this.slots.push({
                key: "none",
                label: _t("None"),
                color: NONE_COLOR,
                count: counts.at(-1),
                radius: RADIUS[0],
            });
        }
    }

    label(i, format) {
        const {breaks} = this;
        if (!breaks.length) {
            return _t("All");
        }
        if (i === 0) {
            return _t("under %s", format(breaks[0]));
        }
        if (i === breaks.length) {
            return _t("%s and over", format(breaks.at(-1)));
        }
        return _t("%(from)s to %(to)s", {
            from: format(breaks[i - 1]),
            to: format(breaks[i]),
        });
    }

    slot(row) {
        return this.codes[row];
    }

    color(row) {
        return this.slots[this.codes[row]].color;
    }
}

/** Some of the colours, evenly from first to last. */
function spread(colors, n) {
    if (n === 1) {
        return [colors[Math.floor(colors.length / 2)]];
    }
    return Array.from(
        {length: n},
        (_unused, i) => colors[Math.round((i * (colors.length - 1)) / (n - 1))]
    );
}
