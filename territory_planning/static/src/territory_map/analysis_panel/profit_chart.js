import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {multiples, roundStep} from "../axis";

const LEFT = 74;
const RIGHT = 14;
const TOP = 26;
const BOTTOM = 40;
const HEIGHT = 260;

/**
 * Profit against the number of reps: where it is now, where it would be highest, and the
 * zone in which it hardly changes. Attributes only, so that it can be saved as a picture.
 */
export class ProfitChart extends Component {
    static template = "territory_planning.ProfitChart";
    static props = {
        pool: Object, // a row of `sizing`
        width: Number,
        formatMoney: Function,
        formatReps: Function,
    };

    setup() {
        this.height = HEIGHT;
        this.top = TOP;
        this.left = LEFT;
        this.bottom = HEIGHT - BOTTOM;
    }

    get curve() {
        return this.props.pool.curve;
    }

    get right() {
        return this.props.width - RIGHT;
    }

    get ends() {
        const {profit} = this.curve;
        const low = Math.min(0, ...profit);
        const high = Math.max(...profit, low + 1);
        return {low, high: high + (high - low) * 0.05};
    }

    x(reps) {
        const most = Math.max(...this.curve.reps, 1);
        return LEFT + (Math.min(reps, most) / most) * (this.right - LEFT);
    }

    y(profit) {
        const {low, high} = this.ends;
        return this.bottom - ((profit - low) / (high - low)) * (this.bottom - TOP);
    }

    /** Profit at any number of reps, between the points that were computed. */
    profitAt(reps) {
        const {reps: xs, profit} = this.curve;
        const i = Math.max(
            xs.findIndex((x) => x >= reps),
            1
        );
        if (reps >= xs.at(-1)) {
            return profit.at(-1);
        }
        const share = (reps - xs[i - 1]) / (xs[i] - xs[i - 1]);
        return profit[i - 1] + share * (profit[i] - profit[i - 1]);
    }

    get path() {
        const {reps, profit} = this.curve;
        return reps
            .map((x, i) => `${i ? "L" : "M"}${this.x(x)},${this.y(profit[i])}`)
            .join(" ");
    }

    get flat() {
        const {reps_flat_low: low, reps_flat_high: high} = this.props.pool;
        const x = this.x(low);
        return {x, width: Math.max(this.x(high) - x, 3)};
    }

    get xTicks() {
        const most = Math.max(...this.curve.reps, 1);
        const step = Math.max(roundStep(most, 8), 1);
        return multiples(0, most, step).map((value) => ({
            key: value,
            x: this.x(value),
        }));
    }

    get yTicks() {
        const {low, high} = this.ends;
        const step = roundStep(high - low);
        return multiples(low, high, step).map((value) => ({
            key: value,
            y: this.y(value),
            text: this.props.formatMoney(value),
        }));
    }

    get marks() {
        const {reps_now: now, reps_optimal: best} = this.props.pool;
        const place = (reps, text) => ({
            x: this.x(reps),
            y: this.y(this.profitAt(reps)),
            anchor: this.x(reps) > this.props.width * 0.7 ? "end" : "start",
            text: `${text} ${this.props.formatReps(reps)}`,
        });
        return {now: place(now, _t("now")), best: place(best, _t("best"))};
    }

    get sentence() {
        const {pool, formatMoney, formatReps} = this.props;
        return _t(
            "Profit a month of %(name)s by number of reps: %(now)s reps now bring %(profitNow)s, %(best)s would bring %(profitBest)s",
            {
                name: pool.name,
                now: formatReps(pool.reps_now),
                best: formatReps(pool.reps_optimal),
                profitNow: formatMoney(pool.profit_now),
                profitBest: formatMoney(pool.profit_optimal),
            }
        );
    }
}
