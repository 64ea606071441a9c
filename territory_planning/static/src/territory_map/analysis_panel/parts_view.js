import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {EffortChart} from "./effort_chart";
import {FigureTable} from "./figure_table";

/** The month by region and rep: hours, what one more of them is worth, who gives and takes. */
export class PartsView extends Component {
    static template = "territory_planning.AnalysisParts";
    static components = {EffortChart, FigureTable};
    static props = {part: Object, figures: Object, width: Number, openCard: Function};

    setup() {
        this.unit = _t("Hours a month");
        this.caption = _t("Regions and reps");
    }

    get figures() {
        return this.props.figures;
    }

    get parts() {
        return this.props.part.data.parts;
    }

    get chartRows() {
        const {figures} = this;
        return this.parts.map((row) => {
            const [label, note] = figures.partName(row);
            return {
                key: row.id,
                label,
                note,
                from: row.hours_today,
                to: row.hours_optimal,
                flatLow: row.hours_flat_low,
                flatHigh: row.hours_flat_high,
                limit: row.user ? row.hours_capacity : NaN,
                advice: this.advice(row),
                text: figures.change(
                    row.allocation_factor,
                    row.hours_today,
                    row.hours_optimal
                ),
            };
        });
    }

    /** Within a twentieth it is the same; what lies in the flat zone does not matter. */
    advice({user, hours_today: today, hours_optimal: best}) {
        if (!user) {
            return "none";
        }
        if (Math.abs(best - today) <= 0.05 * Math.max(best, today)) {
            return "keep";
        }
        return best > today ? "more" : "less";
    }

    get columns() {
        const {figures} = this;
        const money = (name) => (row) => figures.money(row[name]);
        return [
            {
                name: "name",
                label: _t("Region and rep"),
                value: (row) => figures.partName(row).join(" · "),
            },
            {
                name: "accounts",
                label: _t("Accounts"),
                value: (row) => figures.integer(row.account_count),
            },
            {
                name: "revenue",
                label: _t("Revenue a month"),
                value: money("revenue_month"),
            },
            {
                name: "capacity",
                label: _t("Hours there are"),
                value: (row) => (row.user ? figures.hours(row.hours_capacity) : "–"),
            },
            {
                name: "today",
                label: _t("Today"),
                value: (row) => figures.hours(row.hours_today),
            },
            {
                name: "best",
                label: _t("Best"),
                value: (row) => figures.hours(row.hours_optimal),
            },
            {
                name: "factor",
                label: _t("Factor"),
                value: (row) => figures.factor(row.allocation_factor, row.hours_today),
                title: (row) => this.factorRange(row),
            },
            {
                name: "hour",
                label: _t("One more hour"),
                value: (row) => (row.user ? money("shadow_price")(row) : "–"),
            },
            {
                name: "gain",
                label: _t("Gain a month"),
                value: (row) => figures.signed(row.expected_gain),
            },
            {
                name: "range",
                label: _t("90% range"),
                value: (row) =>
                    figures.range(row.gain_low, row.gain_high, (value) =>
                        figures.signed(value)
                    ),
            },
        ];
    }

    factorRange(row) {
        const {figures} = this;
        return row.hours_today > 0 && row.factor_low < row.factor_high
            ? _t(
                  "With 90% certainty %s",
                  figures.range(row.factor_low, row.factor_high, (value) =>
                      figures.factor(value, 1)
                  )
              )
            : "";
    }

    get tableRows() {
        return this.parts.map((row) => ({...row, key: row.id}));
    }

    // ------------------------------------------------------------ the one chosen
    get chosen() {
        return this.props.part.part;
    }

    get chosenName() {
        return this.figures.partName(this.chosen).join(" · ");
    }

    get flatZone() {
        const {hours_flat_low: low, hours_flat_high: high} = this.chosen;
        return _t("%(range)s a month: within 1% of the best", {
            range: this.figures.range(low, high, (value) => this.figures.hours(value)),
        });
    }

    /** What one more hour is worth, beside that of the others. */
    get hourCompared() {
        const {figures, chosen} = this;
        const others = this.parts.filter(
            ({user, id}) => user && id !== chosen.id && user[0] !== chosen.user?.[0]
        );
        const hour = figures.money(chosen.shadow_price);
        if (!others.length) {
            return hour;
        }
        const prices = others.map(({shadow_price: price}) => price);
        return _t("%(hour)s (other reps: %(range)s)", {
            hour,
            range: figures.range(Math.min(...prices), Math.max(...prices), (value) =>
                figures.money(value)
            ),
        });
    }

    moveText(move) {
        return _t("%(hours)s (an hour there: %(hour)s)", {
            hours: this.figures.hours(move.hours),
            hour: this.figures.money(move.hour),
        });
    }
}
