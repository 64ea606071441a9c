import {_t} from "@web/core/l10n/translation";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";
import {formatCurrency} from "@web/core/currency";

const whole = (value) => formatInteger(Math.round(value));
const percent = (value) =>
    _t("%s %%", formatFloat(100 * value, {digits: [16, 1]})).replace("%%", "%");

/** The rows of the table: what each figure is, how it is written, and which is better. */
export function figureRows(currencyId) {
    const money = (value) =>
        formatCurrency(Math.round(value), currencyId, {trailingZeros: false});
    return [
        {
            name: "gain",
            label: _t("Gain a year against today"),
            help: _t(
                "Contribution gained, and driving saved at the scenario's cost of an hour. Handovers are not taken off."
            ),
            format: money,
            better: 1,
        },
        {
            name: "relation_cost",
            label: _t("Expected cost of the handovers"),
            help: _t("What accounts are expected to lose because a relation ends."),
            format: money,
            better: -1,
        },
        {
            name: "profit",
            label: _t("Contribution a year"),
            help: _t(
                "What the accounts are expected to bring if each rep's hours are spent where they pay best, driving included."
            ),
            format: money,
            better: 1,
        },
        {
            name: "travel_hours",
            label: _t("Hours of driving a year"),
            format: whole,
            better: -1,
        },
        {
            name: "compactness",
            label: _t("Kilometres to the middle of the territory"),
            help: _t("On average over the accounts, weighted by their load."),
            format: whole,
            better: -1,
        },
        {
            name: "balance_cv",
            label: _t("Unevenness of the load"),
            help: _t(
                "Standard deviation of the reps' load per visiting hour, as a share of its mean."
            ),
            format: percent,
            better: -1,
        },
        {
            name: "outliers",
            label: _t("Reps outside their band"),
            format: whole,
            better: -1,
        },
        {
            name: "handovers",
            label: _t("Accounts handed over"),
            format: whole,
            better: -1,
        },
        {
            name: "handover_revenue",
            label: _t("Revenue handed over"),
            format: money,
            better: -1,
        },
        {
            name: "gap",
            label: _t("At most so far from the best possible"),
            help: _t("Proven when the scenario was solved, as a share of all costs."),
            format: percent,
            better: 0,
        },
    ];
}

/**
 * The table ready to be shown.
 *
 * @param {Object[]} rows of `figureRows`
 * @param {Object[]} columns today first
 */
export function figureTable(rows, columns) {
    return rows.map((row) => {
        const values = columns.map((column) => column[row.name]);
        const scenarios = values.slice(1);
        const best =
            row.better && scenarios.length > 1 && new Set(scenarios).size > 1
                ? Math[row.better > 0 ? "max" : "min"](...scenarios)
                : null;
        return {
            ...row,
            cells: values.map((value, index) => ({
                text: value === undefined ? "–" : row.format(value),
                best: index > 0 && best !== null && value === best,
            })),
        };
    });
}
