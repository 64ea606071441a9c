import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {multiples, roundStep} from "../territory_map/axis";
import {CATEGORY_COLORS} from "../territory_map/palette";

const LEFT = 84;
const RIGHT = 46;
const TOP = 30;
const BOTTOM = 44;
const HEIGHT = 280;

/**
 * What disruption buys: revenue handed over against the gain of a year, today at the
 * origin, each scenario a dot, and for each the answers with more and less disruption as
 * a line. Attributes only, so that it can be saved as a picture.
 */
export class TradeoffChart extends Component {
    static template = "territory_planning.TradeoffChart";
    static props = {columns: Array, width: Number, formatMoney: Function};

    setup() {
        this.height = HEIGHT;
        this.top = TOP;
        this.left = LEFT;
        this.bottom = HEIGHT - BOTTOM;
    }

    get right() {
        return this.props.width - RIGHT;
    }

    get scenarios() {
        return this.props.columns.filter(({id}) => id);
    }

    get points() {
        return this.scenarios.flatMap((column) => [column, ...column.frontier]);
    }

    get mostRevenue() {
        return Math.max(...this.points.map((p) => p.handover_revenue), 1) * 1.05;
    }

    get ends() {
        const gains = this.points.map(({gain}) => gain);
        const low = Math.min(0, ...gains);
        const high = Math.max(...gains, low + 1);
        return {low, high: high + (high - low) * 0.08};
    }

    x(revenue) {
        return LEFT + (revenue / this.mostRevenue) * (this.right - LEFT);
    }

    y(gain) {
        const {low, high} = this.ends;
        return this.bottom - ((gain - low) / (high - low)) * (this.bottom - TOP);
    }

    get lines() {
        return this.scenarios
            .map((column, index) => {
                const points = [
                    {handover_revenue: 0, gain: 0},
                    ...column.frontier,
                ].sort((a, b) => a.handover_revenue - b.handover_revenue);
                return {
                    key: column.id,
                    color: CATEGORY_COLORS[index],
                    path: points
                        .map(
                            ({handover_revenue, gain}, i) =>
                                `${i ? "L" : "M"}${this.x(handover_revenue)},${this.y(gain)}`
                        )
                        .join(" "),
                    rings: column.frontier.map((point) => ({
                        key: point.weight,
                        x: this.x(point.handover_revenue),
                        y: this.y(point.gain),
                        text: _t(
                            "%(name)s, handovers weighing %(weight)s: %(count)s accounts, %(gain)s",
                            {
                                name: column.name,
                                weight: point.weight,
                                count: point.handovers,
                                gain: this.props.formatMoney(point.gain),
                            }
                        ),
                    })),
                };
            })
            .filter(({rings}) => rings.length);
    }

    get marks() {
        return this.scenarios.map((column, index) => {
            const x = this.x(column.handover_revenue);
            const end = x > this.props.width * 0.6;
            return {
                key: column.id,
                x,
                y: this.y(column.gain),
                color: CATEGORY_COLORS[index],
                anchor: end ? "end" : "start",
                dx: end ? -10 : 10,
                text: column.name,
            };
        });
    }

    get xTicks() {
        const step = roundStep(this.mostRevenue, Math.max(this.props.width / 140, 2));
        return multiples(0, this.mostRevenue, step).map((value) => ({
            key: value,
            x: this.x(value),
            text: this.props.formatMoney(value),
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

    get sentence() {
        return this.scenarios
            .map((column) =>
                _t("%(name)s: %(gain)s a year for %(revenue)s handed over", {
                    name: column.name,
                    gain: this.props.formatMoney(column.gain),
                    revenue: this.props.formatMoney(column.handover_revenue),
                })
            )
            .join("; ");
    }
}
