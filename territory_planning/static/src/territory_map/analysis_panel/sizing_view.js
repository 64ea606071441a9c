import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {FigureTable} from "./figure_table";
import {ProfitChart} from "./profit_chart";

/** How many reps each region and team can pay for, and what one more would bring. */
export class SizingView extends Component {
    static template = "territory_planning.AnalysisSizing";
    static components = {FigureTable, ProfitChart};
    static props = {part: Object, figures: Object, width: Number, openCard: Function};

    setup() {
        this.caption = _t("Number of reps");
    }

    get figures() {
        return this.props.figures;
    }

    get pools() {
        const rank = {company: 0, team: 1, region: 2};
        return [...(this.props.part.data.sizing || [])].sort(
            (a, b) => rank[a.scope] - rank[b.scope]
        );
    }

    get chosen() {
        const {pools} = this;
        return pools.find(({id}) => id === this.props.part.poolId) || pools[0];
    }

    choose(id) {
        this.props.part.poolId = id;
        this.props.part.model.notify();
    }

    get columns() {
        const {figures} = this;
        return [
            {name: "name", label: _t("Region or team"), value: (row) => row.name},
            {name: "now", label: _t("Now"), value: (row) => figures.reps(row.reps_now)},
            {
                name: "best",
                label: _t("Best"),
                value: (row) => figures.reps(row.reps_optimal),
            },
            {
                name: "flat",
                label: _t("Within 1%"),
                value: (row) =>
                    figures.range(row.reps_flat_low, row.reps_flat_high, (value) =>
                        figures.reps(value)
                    ),
            },
            {
                name: "next",
                label: _t("One more rep"),
                value: (row) => figures.signed(row.next_rep_value),
            },
            {
                name: "range",
                label: _t("90% range"),
                value: (row) =>
                    figures.range(row.next_rep_low, row.next_rep_high, (value) =>
                        figures.signed(value)
                    ),
            },
            {
                name: "last",
                label: _t("The last one"),
                value: (row) => figures.signed(row.last_rep_value),
            },
            {
                name: "hour",
                label: _t("One more hour"),
                value: (row) => figures.money(row.shadow_price),
            },
        ];
    }

    get rows() {
        return this.pools.map((row) => ({...row, key: row.id}));
    }

    /** The answer to "is it staffed right?", in a sentence. */
    get verdict() {
        const {figures, chosen} = this;
        const {reps_now: now, reps_flat_low: low, reps_flat_high: high} = chosen;
        const words = {
            now: figures.reps(now),
            best: figures.reps(chosen.reps_optimal),
            flat: figures.range(low, high, (value) => figures.reps(value)),
            next: figures.signed(chosen.next_rep_value),
            range: figures.range(chosen.next_rep_low, chosen.next_rep_high, (value) =>
                figures.signed(value)
            ),
        };
        if (now < low) {
            return _t(
                "Fewer reps than would pay: %(now)s now, %(best)s would be best (%(flat)s: within 1%). One more rep brings %(next)s a month after cost, with 90% certainty %(range)s.",
                words
            );
        }
        if (now > high) {
            return _t(
                "More reps than pay for themselves here: %(now)s now, %(best)s would be best (%(flat)s: within 1%). One more rep brings %(next)s a month after cost.",
                words
            );
        }
        return _t(
            "Staffed right: %(now)s now, anywhere in %(flat)s profit stays within 1% of the best. One more rep brings %(next)s a month after cost, with 90% certainty %(range)s.",
            words
        );
    }

    get assumptions() {
        const {figures, chosen} = this;
        return _t(
            "A rep costs %(cost)s a month with everything and brings %(hours)s of visits.",
            {
                cost: figures.money(chosen.rep_cost),
                hours: figures.hours(chosen.hours_per_rep),
            }
        );
    }

    get formatMoney() {
        return (amount) => this.figures.money(amount, {digits: 0});
    }

    get formatReps() {
        return (number) => this.figures.reps(number);
    }
}
