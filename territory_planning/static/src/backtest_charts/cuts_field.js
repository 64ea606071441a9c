import {Component} from "@odoo/owl";
import {FRAME, acrossAt, heightAt, shareTicks} from "./chart_frame";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const LABELS = 4; // dates written along the axis, at most
const decimals = (value) => value.toFixed(2);

/** How well the risk ranked customers, cut by cut, beside a guess and the simplest rule. */
export class CutsField extends Component {
    static template = "territory_planning.CutsField";
    static props = {...standardFieldProps};

    setup() {
        this.frame = FRAME;
    }

    get cuts() {
        return this.props.record.data[this.props.name] || [];
    }

    /** A guess is 0.5; lower is shown only where there is any. */
    get low() {
        const values = this.cuts.flatMap((cut) => [cut.low, cut.reference]);
        return Math.min(0.5, Math.floor(Math.min(...values) * 10) / 10);
    }

    at(index) {
        return acrossAt((index + 0.5) / this.cuts.length);
    }

    get points() {
        const {low} = this;
        return this.cuts.map((cut, index) => {
            const date = formatDate(deserializeDate(cut.date));
            return {
                key: cut.date,
                date,
                x: this.at(index),
                y: heightAt(cut.value, low),
                top: heightAt(cut.high, low),
                bottom: heightAt(cut.low, low),
                rule: heightAt(cut.reference, low),
                tip: _t(
                    "Cut at %(date)s, %(count)s customers: %(value)s (%(low)s to %(high)s); by the time since the last order alone %(rule)s",
                    {
                        date,
                        count: cut.count,
                        value: decimals(cut.value),
                        low: decimals(cut.low),
                        high: decimals(cut.high),
                        rule: decimals(cut.reference),
                    }
                ),
            };
        });
    }

    get labels() {
        const every = Math.ceil(this.cuts.length / LABELS);
        return this.points.filter((_point, index) => index % every === 0);
    }

    line(height) {
        return this.points
            .map((point, i) => `${i ? "L" : "M"}${point.x},${point[height]}`)
            .join(" ");
    }

    get guess() {
        return heightAt(0.5, this.low);
    }

    get yTicks() {
        return shareTicks(this.low, 1, 0.1, (value) => value.toFixed(1));
    }

    get sentence() {
        return this.points.map((point) => point.tip).join(". ");
    }
}

registry.category("fields").add("territory_cuts", {
    component: CutsField,
    displayName: _t("Figures cut by cut"),
    supportedTypes: ["json"],
});
