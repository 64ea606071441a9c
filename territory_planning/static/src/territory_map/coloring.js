import {_t} from "@web/core/l10n/translation";
import {CATEGORY_COLORS, NONE_COLOR, OTHER_COLOR} from "./palette";

/** What is looked at when it is not a colour but those whose place is in doubt. */
export const DOUBTFUL = "doubtful";

/**
 * What each colour on the map means: a few slots, each with a colour, a name and a
 * count. Categories beyond the palette share "others"; records without one are "none".
 * A category keeps its colour while the search changes.
 */
export class Coloring {
    /**
     * @param {import("./points").Points} points
     * @param {string|null} field
     * @param {Map<any, string>} kept colours given to categories of this field before
     */
    constructor(points, field, kept = new Map()) {
        const {codes, table} = field
            ? points.categories(field)
            : {codes: null, table: []};
        this.field = field;
        this.points = points;
        const counts = countCodes(codes, table.length, points.length);
        const shown = this.chooseShown(table, counts, kept);
        this.slots = [];
        this.slotOf = new Uint16Array(table.length + 1);
        for (const code of shown) {
            const [key, label] = table[code - 1];
            this.slotOf[code] = this.slots.length;
            this.slots.push({
                key: `c${key}`,
                label: String(label),
                color: kept.get(key),
                count: counts[code],
            });
        }
        this.addRest(table, counts, shown);
        this.codes = codes;
    }

    /** Which categories get a colour of their own, and write down which. */
    chooseShown(table, counts, kept) {
        const byCount = table
            .map((_entry, i) => i + 1)
            .sort((a, b) => counts[b] - counts[a] || a - b);
        const taken = new Set(kept.values());
        const free = CATEGORY_COLORS.filter((color) => !taken.has(color));
        const shown = [];
        for (const code of byCount) {
            const [key] = table[code - 1];
            if (!kept.has(key) && free.length) {
                kept.set(key, free.shift());
            }
            if (kept.has(key)) {
                shown.push(code);
            }
        }
        return shown;
    }

    addRest(table, counts, shown) {
        const known = new Set(shown);
        const others = table
            .map((_entry, i) => i + 1)
            .filter((code) => !known.has(code));
        if (others.length) {
            for (const code of others) {
                this.slotOf[code] = this.slots.length;
            }
            this.slots.push({
                key: "others",
                label: _t("%s others", others.length),
                color: OTHER_COLOR,
                count: others.reduce((sum, code) => sum + counts[code], 0),
            });
        }
        if (counts[0] || !this.slots.length) {
            this.slotOf[0] = this.slots.length;
            this.slots.push({
                key: "none",
                label: this.field ? _t("None") : _t("All"),
                color: this.field ? NONE_COLOR : CATEGORY_COLORS[0],
                count: counts[0],
            });
        }
    }

    /** The slot of a record. */
    slot(row) {
        return this.slotOf[this.codes ? this.codes[row] : 0];
    }

    color(row) {
        return this.slots[this.slot(row)].color;
    }
}

function countCodes(codes, categories, total) {
    const counts = new Array(categories + 1).fill(0);
    if (!codes) {
        counts[0] = total;
        return counts;
    }
    for (const code of codes) {
        counts[code]++;
    }
    return counts;
}
