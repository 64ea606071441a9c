import {formatCurrency} from "@web/core/currency";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";

/** The figures of regions, written with their units and compared with each other. */
export class RegionFigures {
    /** @param {Object} data of `territory.region.get_comparison` */
    constructor(data) {
        this.data = data;
        this.byName = Object.fromEntries(
            data.figures.map((figure) => [figure.name, figure])
        );
    }

    /** Of whose accounts, and of when. */
    get asOf() {
        const {as_of: asOf, own_only: ownOnly} = this.data;
        const when = asOf ? formatDateTime(deserializeDateTime(asOf)) : "";
        const of = ownOnly
            ? _t("Of the accounts you look after and of those nobody does.")
            : _t("Of all accounts.");
        return when ? _t("%(of)s Facts as of %(when)s.", {of, when}) : of;
    }

    region(id) {
        return this.data.regions.find((row) => row.id === id);
    }

    /** A figure of a region; null if unknown. Per hour: by hours its reps have. */
    value(row, name, perHour = false) {
        const value = row[name];
        if (value === null || value === undefined || !perHour) {
            return value ?? null;
        }
        return row.capacity > 0 ? value / row.capacity : null;
    }

    format(value, name, perHour = false) {
        if (value === null) {
            return _t("not known");
        }
        const {unit} = this.byName[name];
        const small = Math.abs(value) < 100;
        if (unit === "money") {
            return formatCurrency(value, this.data.currency_id, {
                humanReadable: Math.abs(value) >= 1000,
                digits: [16, small ? 2 : 0],
            });
        }
        const number =
            name === "accounts" && !perHour
                ? formatInteger(value)
                : formatFloat(value, {digits: [16, perHour || small ? 1 : 0]});
        return unit ? `${number} ${unit}` : number;
    }

    /** The regions without parts: what others add up from, so each account once. */
    get single() {
        return this.data.regions.filter(({parts}) => !parts);
    }

    /** Of a region without parts. */
    mean(name, perHour = false) {
        const known = this.single
            .map((row) => this.value(row, name, perHour))
            .filter((value) => value !== null);
        return known.length
            ? known.reduce((sum, value) => sum + value, 0) / known.length
            : null;
    }

    /** "with its 3 parts" */
    partsLabel({parts}) {
        if (!parts) {
            return "";
        }
        return parts === 1 ? _t("with its 1 part") : _t("with its %s parts", parts);
    }

    /**
     * "1.4 × the mean of 12 regions"; nothing for a region that has parts, which is not
     * one of them.
     */
    comparison(row, name) {
        const value = this.value(row, name);
        const mean = this.mean(name);
        if (value === null || !mean || row.parts) {
            return "";
        }
        return _t("%(times)s × the mean of %(count)s regions", {
            times: formatFloat(value / mean, {digits: [16, 1]}),
            count: this.single.length,
        });
    }

    /**
     * Regions by one figure, the largest first, with the share of the largest that its
     * bar takes; those where it is not known come last.
     */
    ranked(name, perHour = false) {
        const rows = this.data.regions.map((row) => ({
            row,
            value: this.value(row, name, perHour),
        }));
        const most = Math.max(...rows.map(({value}) => value ?? 0), 0);
        return rows
            .sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity) || 0)
            .map(({row, value}) => ({
                id: row.id,
                name: row.complete_name,
                rep: row.rep,
                parts: this.partsLabel(row),
                share: most > 0 && value > 0 ? value / most : 0,
                text: this.format(value, name, perHour),
                known: value !== null,
            }));
    }
}
