import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

const {DateTime} = luxon;
const WIDTH = 300;
const HEIGHT = 56;
const BASE = 46;
const YEAR = 12;

/**
 * Revenue of each month as bars, the last twelve strong, with a dot below each month
 * that had a visit. The sentence says the same to those who do not see it.
 */
export class SparkLine extends Component {
    static template = "territory_planning.SparkLine";
    static props = {history: Object, formatMoney: Function};

    setup() {
        this.viewBox = `0 0 ${WIDTH} ${HEIGHT}`;
        this.base = BASE;
    }

    get revenue() {
        return this.props.history.revenue.map((amount) =>
            Math.max(Number(amount) || 0, 0)
        );
    }

    month(i) {
        return DateTime.fromISO(this.props.history.from)
            .plus({months: i})
            .toLocaleString({month: "short", year: "numeric"});
    }

    get bars() {
        const {revenue} = this;
        const visits = this.props.history.visits || [];
        const most = Math.max(...revenue, 1);
        const step = WIDTH / revenue.length;
        return revenue.map((amount, i) => {
            const height = amount ? Math.max((amount / most) * BASE, 1) : 0;
            return {
                key: i,
                x: i * step + step * 0.15,
                y: BASE - height,
                width: step * 0.7,
                height,
                recent: i >= revenue.length - YEAR,
                visited: visits[i] > 0,
                center: (i + 0.5) * step,
                title: _t("%(month)s: %(revenue)s, %(visits)s visits", {
                    month: this.month(i),
                    revenue: this.props.formatMoney(amount),
                    visits: visits[i] || 0,
                }),
            };
        });
    }

    get span() {
        return {first: this.month(0), last: this.month(this.revenue.length - 1)};
    }

    get sentence() {
        const {revenue} = this;
        const best = revenue.indexOf(Math.max(...revenue));
        return _t(
            "Revenue per month from %(first)s to %(last)s; the most, %(amount)s, in %(month)s",
            {
                ...this.span,
                amount: this.props.formatMoney(revenue[best]),
                month: this.month(best),
            }
        );
    }
}
