import {Component, useState} from "@odoo/owl";
import {formatCurrency} from "@web/core/currency";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {parseFloat} from "@web/views/fields/parsers";

const VISITS_MAX = 100;

/** One account of the month: what is recommended and why, and what the rep says. */
export class MonthLine extends Component {
    static template = "territory_planning.MonthLine";
    static props = {
        line: Object,
        plan: Object,
        asked: Boolean,
        offline: Boolean,
        hasForecast: Boolean,
        say: Function,
        tell: Function,
        ask: Function,
        open: Function,
    };

    setup() {
        this.state = useState({wrong: ""});
    }

    get line() {
        return this.props.line;
    }

    get visits() {
        return this.line.visits ?? this.line.recommended;
    }

    get isAnswered() {
        return this.line.visits !== null;
    }

    get facts() {
        const {line} = this;
        const facts = [
            _t("%s a month until now", formatFloat(line.today, {digits: [16, 1]})),
        ];
        if (line.last_visit) {
            const date = formatDate(deserializeDate(line.last_visit));
            facts.push(_t("last visit %s", date));
        }
        return facts.join(" · ");
    }

    get stake() {
        return _t("%s a month at stake", this.money(this.line.stake));
    }

    get acceptLabel() {
        const {recommended} = this.line;
        if (recommended === 1) {
            return _t("Accept 1 visit");
        }
        return recommended
            ? _t("Accept %s visits", recommended)
            : _t("Accept: no visit");
    }

    get askHint() {
        return this.props.offline ? _t("Needs a connection") : undefined;
    }

    get salesText() {
        return this.line.sales === null
            ? ""
            : formatFloat(this.line.sales, {digits: [16, 0]});
    }

    get salesHint() {
        return formatFloat(this.line.sales_model, {digits: [16, 0]});
    }

    money(amount) {
        return formatCurrency(amount, this.props.plan.currency.id, {digits: [16, 0]});
    }

    accept() {
        this.props.say({visits: this.line.recommended});
    }

    step(by) {
        const visits = Math.min(Math.max(this.visits + by, 0), VISITS_MAX);
        if (visits !== this.line.visits) {
            this.props.say({visits});
        }
    }

    onSales(ev) {
        this.state.wrong = "";
        const text = ev.target.value.trim();
        if (!text) {
            ev.target.value = this.salesText; // saying nothing does not unsay
            return;
        }
        let sales = NaN;
        try {
            sales = parseFloat(text);
        } catch {
            // told below
        }
        if (!(sales >= 0)) {
            this.state.wrong = _t("“%s” is no amount of zero or more.", text);
        } else if (sales !== this.line.sales) {
            this.props.say({sales});
        }
    }
}
