import {Component, onMounted, onWillUnmount, useRef, useState} from "@odoo/owl";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";
import {ResponseShape} from "./response_shape";

const NARROWEST = 240;
const WIDEST = 700;
/** Standard normal quantile of a 90 % interval. */
const Z90 = 1.645;

/**
 * How one account responds to visits: sales a month over visits a month, with what is
 * unsure about it, what was seen and what was said. Colours come as attributes, so that
 * the picture can be saved; shapes and dashes tell the same without them.
 */
export class ResponseCurve extends Component {
    static template = "territory_planning.ResponseCurve";
    static props = {
        curve: Object, // what `get_territory_curve` answers
        formatMoney: Function,
        width: {type: Number, optional: true},
        height: {type: Number, optional: true},
        // answers being given: [[effort, sales], …], and sales with endless effort
        draft: {type: Array, optional: true},
        draftMost: {type: Number, optional: true},
        // whether the figures are told below the picture
        facts: {type: Boolean, optional: true},
    };
    static defaultProps = {facts: true};

    setup() {
        this.rootRef = useRef("root");
        this.state = useState({width: 328});
        let observer = null;
        onMounted(() => {
            observer = new ResizeObserver(() => this.measure());
            observer.observe(this.rootRef.el);
            this.measure();
        });
        onWillUnmount(() => observer?.disconnect());
    }

    measure() {
        const width = Math.floor(this.rootRef.el?.clientWidth || 0);
        if (width && !this.props.width) {
            this.state.width = width;
        }
    }

    get width() {
        const width = this.props.width || this.state.width;
        return Math.min(Math.max(width, NARROWEST), WIDEST);
    }

    get hasCurve() {
        return this.props.curve.status === "curve";
    }

    get picture() {
        const {curve, draft, draftMost, height} = this.props;
        return new ResponseShape(curve, {width: this.width, height, draft, draftMost});
    }

    // -------------------------------------------------------------------- words
    visits(number) {
        return formatFloat(number, {
            digits: [16, number < 1 ? 2 : number < 10 ? 1 : 0],
        });
    }

    money(amount) {
        return this.props.formatMoney(Math.round(amount));
    }

    tick(value) {
        return `${value}`;
    }

    get perMonth() {
        return _t("a month");
    }

    get sentence() {
        const {curve} = this.props;
        const parts = [
            _t("Sales a month by visits a month."),
            curve.today.visited
                ? _t("Today: %(visits)s visits, %(sales)s.", {
                      visits: this.visits(curve.today.effort),
                      sales: this.money(curve.today.sales),
                  })
                : _t("Not visited in the last 12 months; %(sales)s a month.", {
                      sales: this.money(curve.today.sales),
                  }),
        ];
        if (curve.optimal) {
            const i = this.nearest(curve.optimal.effort);
            parts.push(
                _t(
                    "Best: %(visits)s visits, %(sales)s, with 90% certainty between %(low)s and %(high)s.",
                    {
                        visits: this.visits(curve.optimal.effort),
                        sales: this.money(curve.optimal.sales),
                        low: this.money(curve.low[i]),
                        high: this.money(curve.high[i]),
                    }
                )
            );
        }
        const first = this.nearest(curve.believed[0]);
        const last = this.nearest(curve.believed[1]);
        parts.push(
            _t(
                "Believed from %(from)s visits, %(least)s, to %(to)s visits, %(most)s.",
                {
                    from: this.visits(curve.believed[0]),
                    least: this.money(curve.mean[first]),
                    to: this.visits(curve.believed[1]),
                    most: this.money(curve.mean[last]),
                }
            )
        );
        return parts.join(" ");
    }

    nearest(effort) {
        const {effort: grid} = this.props.curve;
        return grid.reduce(
            (best, value, i) =>
                Math.abs(value - effort) < Math.abs(grid[best] - effort) ? i : best,
            0
        );
    }

    quarterTitle({label, effort, sales}) {
        return _t("%(label)s: %(sales)s a month at %(visits)s visits", {
            label,
            sales: this.money(sales),
            visits: this.visits(effort),
        });
    }

    judgedTitle({judge, date, counts}) {
        const day = date ? deserializeDateTime(date).toLocaleString() : "";
        return counts
            ? _t("%(judge)s, %(date)s", {judge, date: day})
            : _t("%(judge)s, %(date)s: no longer counts", {judge, date: day});
    }

    /** What the marks mean; only those that are there. */
    get legend() {
        const {curve, draft} = this.props;
        return [
            {key: "mean", text: _t("expected, with 90% certainty within the band")},
            {key: "beyond", text: _t("dashed: beyond what a plan believes")},
            {
                key: "today",
                text: curve.today.visited
                    ? _t("today")
                    : _t(
                          "today: not visited in 12 months, taken as half a visit a year"
                      ),
            },
            curve.optimal && {key: "best", text: _t("best")},
            this.picture.flat && {
                key: "flat",
                text: _t("%(from)s to %(to)s visits: within 1% of the best", {
                    from: this.visits(curve.flat[0]),
                    to: this.visits(curve.flat[1]),
                }),
            },
            curve.points.length && {key: "quarter", text: _t("a quarter of the past")},
            curve.judged.length && {key: "judged", text: _t("what reps said")},
            draft && {key: "draft", text: _t("your answers")},
            curve.before && {key: "before", text: _t("without your answers")},
        ].filter(Boolean);
    }

    /** What the curve passes through today, if it is not what was bought. */
    get level() {
        const {today, revenue_month: bought} = this.props.curve;
        const far =
            Math.abs(today.sales - bought) > 0.02 * Math.max(today.sales, bought);
        return far
            ? _t(
                  "%(expected)s a month, the luck of single months taken out; %(bought)s on average in the last 12",
                  {expected: this.money(today.sales), bought: this.money(bought)}
              )
            : _t("%s a month", this.money(today.sales));
    }

    get known() {
        const {origin_label: origin, sample_size: months} = this.props.curve;
        return months
            ? _t("%(origin)s, %(months)s months of evidence", {
                  origin,
                  months: formatInteger(months),
              })
            : _t("%(origin)s; its own months tell nothing", {origin});
    }

    get effect() {
        const {elasticity, sd} = this.props.curve;
        const percent = (share) => formatFloat(10 * share, {digits: [16, 1]});
        return _t(
            "10% more visits, %(mean)s% more sales (%(low)s to %(high)s with 90% certainty)",
            {
                mean: percent(elasticity),
                low: percent(elasticity - Z90 * sd),
                high: percent(elasticity + Z90 * sd),
            }
        );
    }

    get hour() {
        const {next_hour: here, usual_hour: usual} = this.props.curve;
        return usual === false
            ? _t("%(here)s a month", {here: this.money(here)})
            : _t("%(here)s a month here, %(usual)s elsewhere", {
                  here: this.money(here),
                  usual: this.money(usual),
              });
    }

    get asOf() {
        const {newer, month, computed_on: date} = this.props.curve;
        const values = {
            month,
            date: date ? deserializeDateTime(date).toLocaleString() : "",
        };
        return newer
            ? _t(
                  "Plan of %(month)s, computed %(date)s, and answers given since; the plan takes them at its next computation.",
                  values
              )
            : _t("As the plan of %(month)s used it, computed %(date)s", values);
    }
}
