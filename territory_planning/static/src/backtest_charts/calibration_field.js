import {Component} from "@odoo/owl";
import {FRAME, acrossAt, heightAt, shareTicks} from "./chart_frame";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const percent = (share) => `${Math.round(share * 100)} %`;

/**
 * The calibration curve: what was told against what happened. A perfect forecast lies on
 * the diagonal; each point stands for a tenth of the customers, with its range.
 */
export class CalibrationField extends Component {
    static template = "territory_planning.CalibrationField";
    static props = {...standardFieldProps};

    setup() {
        this.frame = FRAME;
    }

    get points() {
        const points = this.props.record.data[this.props.name] || [];
        return points.map((point, index) => ({
            key: index,
            x: acrossAt(point.forecast),
            y: heightAt(point.share),
            top: heightAt(point.high),
            bottom: heightAt(point.low),
            told: percent(point.forecast),
            tip: _t(
                "%(count)s customers were told a risk of %(told)s on average; %(share)s of them stopped (%(low)s to %(high)s)",
                {
                    count: point.count,
                    told: percent(point.forecast),
                    share: percent(point.share),
                    low: percent(point.low),
                    high: percent(point.high),
                }
            ),
        }));
    }

    get path() {
        return this.points.map(({x, y}, i) => `${i ? "L" : "M"}${x},${y}`).join(" ");
    }

    get diagonal() {
        const start = `M${acrossAt(0)},${heightAt(0)}`;
        return `${start} L${acrossAt(1)},${heightAt(1)}`;
    }

    get yTicks() {
        return shareTicks(0, 1, 0.25, percent);
    }

    get xTicks() {
        return this.yTicks.map(({key, value, text}) => ({
            key,
            x: acrossAt(value),
            text,
        }));
    }

    get sentence() {
        return this.points.map((point) => point.tip).join(". ");
    }
}

registry.category("fields").add("territory_calibration", {
    component: CalibrationField,
    displayName: _t("Calibration curve"),
    supportedTypes: ["json"],
});
