import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {multiples, roundStep} from "../axis";
import {ADVICE} from "./analysis_figures";

const ROW = 34;
const ROW_NARROW = 50;
const LABELS = 190;
const VALUES = 176;
const NARROW = 520;
const LETTER = 8; // of a bold name, in pixels
const TOP = 22;
const EDGE = 10;

/**
 * Effort today against the effort that pays best: for each row a hollow dot, an arrow and
 * a filled dot; behind them the band in which it hardly matters and, thin, how unsure
 * the best is. Drawn with attributes only, so that it can be saved as a picture.
 */
export class EffortChart extends Component {
    static template = "territory_planning.EffortChart";
    static props = {
        // {key, label, note, from, to, low, high, flatLow, flatHigh, limit, advice, text}
        rows: Array,
        width: Number,
        unit: String,
        selected: {optional: true},
        onSelect: Function,
    };

    get narrow() {
        return this.props.width < NARROW;
    }

    get rowHeight() {
        return this.narrow ? ROW_NARROW : ROW;
    }

    get left() {
        return this.narrow ? EDGE : LABELS;
    }

    get right() {
        return this.props.width - (this.narrow ? EDGE : VALUES);
    }

    get height() {
        return TOP + this.props.rows.length * this.rowHeight + 4;
    }

    get most() {
        const ends = this.props.rows.flatMap((row) =>
            [row.from, row.to, row.high, row.flatHigh, row.limit].filter(
                Number.isFinite
            )
        );
        return Math.max(...ends, 0.1) * 1.02;
    }

    x(value) {
        const share = Math.min(Math.max(value, 0) / this.most, 1);
        return this.left + share * (this.right - this.left);
    }

    get ticks() {
        const step = roundStep(this.most);
        return multiples(0, this.most, step).map((value) => ({
            key: value,
            x: this.x(value),
            text: `${+value.toFixed(6)}`,
        }));
    }

    get bars() {
        return this.props.rows.map((row, i) => {
            const top = TOP + i * this.rowHeight;
            const y = top + (this.narrow ? 34 : this.rowHeight / 2);
            const from = this.x(row.from);
            const to = this.x(row.to);
            const advice = ADVICE[row.advice] || ADVICE.none;
            return {
                ...row,
                top,
                y,
                from,
                to,
                advice,
                textY: this.narrow ? top + 16 : y + 4,
                sign: `${advice.sign} ${row.text}`,
                flat: this.span(row.flatLow, row.flatHigh),
                unsure: this.span(row.low, row.high),
                limit: Number.isFinite(row.limit) ? this.x(row.limit) : null,
                selected: row.key === this.props.selected,
                sentence: this.sentence(row, advice),
            };
        });
    }

    span(low, high) {
        if (!Number.isFinite(low) || !Number.isFinite(high) || high <= low) {
            return null;
        }
        return {x: this.x(low), width: Math.max(this.x(high) - this.x(low), 2)};
    }

    sentence(row, advice) {
        return _t("%(name)s: %(advice)s, %(text)s %(unit)s", {
            name: [row.label, row.note].filter(Boolean).join(", "),
            advice: advice.label,
            text: row.text,
            unit: this.props.unit,
        });
    }

    /** As much of a name as there is room for; the whole of it is the row's title. */
    short(text) {
        const room = this.props.width - VALUES;
        const most = this.narrow ? Math.floor(room / LETTER) : 27;
        return text.length > most ? `${text.slice(0, most - 1)}…` : text;
    }

    onKeydown(ev, row) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            this.props.onSelect(row.key);
        }
    }
}
