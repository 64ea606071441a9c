import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {ResponseCurve} from "../response_curve/response_curve";
import {ADVICE} from "./analysis_figures";
import {PAGE} from "./analysis_part";
import {EffortChart} from "./effort_chart";
import {FigureTable} from "./figure_table";

/** The month by account: visits, how sure, what an hour is worth, and the curve behind it. */
export class AccountsView extends Component {
    static template = "territory_planning.AnalysisAccounts";
    static components = {EffortChart, FigureTable, ResponseCurve};
    static props = {part: Object, figures: Object, width: Number, openCard: Function};

    setup() {
        this.unit = _t("Visits a month");
        this.caption = _t("Accounts");
        this.orders = [
            ["gain", _t("Largest gain")],
            ["-gain", _t("Smallest gain")],
            ["hour", _t("Worth of one more hour")],
            ["revenue", _t("Revenue")],
            ["factor", _t("Factor")],
            ["today", _t("Visits today")],
            ["optimal", _t("Best visits")],
        ];
    }

    get figures() {
        return this.props.figures;
    }

    get rows() {
        return this.props.part.accounts?.rows || [];
    }

    get chartRows() {
        const {figures} = this;
        return this.rows.map((row) => ({
            key: row.account_id,
            label: row.name,
            note: [row.place, row.rep].filter(Boolean).join(" · "),
            from: row.visits_today,
            to: row.visits_optimal,
            low: row.visits_today > 0 ? row.factor_low * row.visits_today : NaN,
            high: row.visits_today > 0 ? row.factor_high * row.visits_today : NaN,
            flatLow: row.visits_flat_low,
            flatHigh: row.visits_flat_high,
            advice: row.advice,
            text: figures.change(
                row.allocation_factor,
                row.visits_today,
                row.visits_optimal
            ),
        }));
    }

    get columns() {
        const {figures} = this;
        return [
            {name: "name", label: _t("Account"), value: (row) => row.name},
            {
                name: "advice",
                label: _t("Advice"),
                value: (row) => `${ADVICE[row.advice].sign} ${row.advice_label}`,
                title: (row) => row.reason,
            },
            {
                name: "revenue",
                label: _t("Revenue a month"),
                order: "revenue",
                value: (row) => figures.money(row.revenue_month),
            },
            {
                name: "today",
                label: _t("Visits today"),
                order: "today",
                value: (row) => figures.visits(row.visits_today),
            },
            {
                name: "best",
                label: _t("Best"),
                order: "optimal",
                value: (row) => figures.visits(row.visits_optimal),
            },
            {
                name: "month",
                label: _t("This month"),
                value: (row) => figures.integer(row.visits_recommended),
            },
            {
                name: "factor",
                label: _t("Factor"),
                order: "factor",
                value: (row) => figures.factor(row.allocation_factor, row.visits_today),
            },
            {
                name: "range",
                label: _t("90% range"),
                value: (row) =>
                    row.visits_today > 0
                        ? figures.range(row.factor_low, row.factor_high, (value) =>
                              figures.factor(value, 1)
                          )
                        : "–",
            },
            {
                name: "flat",
                label: _t("Within 1%"),
                value: (row) =>
                    row.visits_flat_high > 0
                        ? figures.range(
                              row.visits_flat_low,
                              row.visits_flat_high,
                              (value) => figures.visits(value)
                          )
                        : "–",
            },
            {
                name: "hour",
                label: _t("One more hour"),
                order: "hour",
                value: (row) => figures.money(row.next_hour_value),
            },
            {
                name: "gain",
                label: _t("Gain a month"),
                order: "gain",
                value: (row) => figures.signed(row.expected_gain),
            },
            {name: "origin", label: _t("Known from"), value: (row) => row.origin},
        ];
    }

    get tableRows() {
        return this.rows.map((row) => ({...row, key: row.account_id}));
    }

    // ------------------------------------------------------------------- paging
    get pageText() {
        const {accounts, offset} = this.props.part;
        return _t("%(first)s–%(last)s of %(total)s", {
            first: this.figures.integer(accounts.total ? offset + 1 : 0),
            last: this.figures.integer(offset + this.rows.length),
            total: this.figures.integer(accounts.total),
        });
    }

    get isLastPage() {
        const {accounts, offset} = this.props.part;
        return offset + PAGE >= accounts.total;
    }

    get ofWhom() {
        const {part} = this.props.part;
        return part ? this.figures.partName(part).join(" · ") : "";
    }

    // ------------------------------------------------------------ the one chosen
    get chosen() {
        const {accountId} = this.props.part;
        return this.rows.find(({account_id: id}) => id === accountId) || null;
    }

    get chosenAdvice() {
        const {advice, advice_label: label} = this.chosen;
        return `${ADVICE[advice].sign} ${label}`;
    }

    get sureness() {
        const {origin, sample_size: months} = this.chosen;
        return months
            ? _t("%(origin)s (%(months)s months of its own)", {origin, months})
            : origin;
    }

    get curve() {
        return this.props.part.curve;
    }

    get formatMoney() {
        return (amount) => this.figures.money(amount);
    }

    get curveWidth() {
        return Math.min(this.props.width, 700);
    }
}
