import {formatCurrency} from "@web/core/currency";
import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {FigureColoring} from "../figure_coloring";
import {NONE_COLOR, OTHER_COLOR} from "../palette";
import {RegionFigures} from "./region_figures";

const ACCOUNT_MODEL = "territory.account";
const PREFIX = "region:";
/** Figures of `territory.region.get_comparison` that regions are coloured by. */
const FIGURES = ["revenue", "accounts", "hours", "shadow_price"];

/**
 * Whether the colours may mean this figure of regions. Regions are those of accounts: on
 * a map of something else they have no figures.
 */
export function isRegionChoice(resModel, choice) {
    return (
        resModel === ACCOUNT_MODEL &&
        typeof choice === "string" &&
        choice.startsWith(PREFIX) &&
        FIGURES.includes(choice.slice(PREFIX.length))
    );
}

/**
 * Regions in the colour of a figure. It is one more meaning the map's colours may have,
 * so accounts are grey meanwhile. The server sums what the user may see.
 */
export class RegionColoring {
    constructor(model) {
        this.model = model;
        this.keepLast = new KeepLast();
        this.figures = null;
        this.made = null; // { name, slots, colors: Map(region id -> colour) }
        this.loading = false;
    }

    /** The records may be others since the figures were read. */
    onPoints() {
        this.figures = null;
        this.made = null;
        if (this.figure) {
            this.load();
        }
    }

    /** The figure chosen; null if colours mean something else. */
    get figure() {
        const {colorField} = this.model;
        return isRegionChoice(this.model.resModel, colorField)
            ? colorField.slice(PREFIX.length)
            : null;
    }

    get choices() {
        const labels = {
            revenue: _t("Regions: revenue, 12 months"),
            accounts: _t("Regions: accounts"),
            hours: _t("Regions: hours a month"),
            shadow_price: _t("Regions: worth of one more hour"),
        };
        return this.model.resModel === ACCOUNT_MODEL
            ? FIGURES.map((name) => ({name: PREFIX + name, label: labels[name]}))
            : [];
    }

    /** What accounts look like meanwhile. */
    get accountColor() {
        return OTHER_COLOR;
    }

    /** The classes for the legend, each with how many regions; null while on the way. */
    get coloring() {
        const name = this.figure;
        if (name && this.made?.name !== name && this.figures) {
            this.made = this.make(name);
        } else if (name && !this.figures && !this.loading) {
            this.load();
        }
        return name && this.made?.name === name ? this.made : null;
    }

    make(name) {
        const {figures} = this;
        const rows = figures.data.regions;
        // One with parts would lie below their colours and count what they count.
        const values = Float32Array.from(rows, (row) =>
            row.parts ? NaN : (row[name] ?? NaN)
        );
        const coloring = new FigureColoring(name, values, {
            format: (value) => this.format(value, name),
        });
        return {
            name,
            slots: coloring.slots,
            colors: new Map(rows.map(({id}, row) => [id, coloring.color(row)])),
        };
    }

    /** With one digit more than elsewhere: two bounds of a class must not read alike. */
    format(value, name) {
        const {data, byName} = this.figures;
        return byName[name].unit === "money" && Math.abs(value) >= 1000
            ? formatCurrency(value, data.currency_id, {
                  humanReadable: true,
                  digits: [16, 1],
                  minDigits: 1,
              })
            : this.figures.format(value, name);
    }

    /** The regions in the colour of their class; one without figures is "none". */
    paint(regions) {
        const {coloring} = this;
        return coloring
            ? regions.map((region) => ({
                  ...region,
                  color: coloring.colors.get(region.id) || NONE_COLOR,
              }))
            : regions;
    }

    async load() {
        const {model} = this;
        this.loading = true;
        try {
            const data = await this.keepLast.add(
                model.orm.silent.call("territory.region", "get_comparison", [])
            );
            this.figures = new RegionFigures(data);
        } catch (error) {
            if (this.figure) {
                model.setColorField(model.archInfo.colors[0] || null);
            }
            model.setNotice(
                error.data?.message || _t("The figures of the regions cannot be read.")
            );
        } finally {
            this.loading = false;
        }
        model.notify();
    }
}

registry.category("territory_map_parts").add("regionColoring", RegionColoring);
