import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** Accounts chosen with the lasso: to whom, and what that costs, before it is done. */
export class HandBar extends Component {
    static template = "territory_planning.ScenarioHandBar";
    static props = {
        model: Object,
        column: Object,
        formatMoney: Function,
        onGive: Function,
        onCancel: Function,
    };

    setup() {
        this.state = useState({busy: false});
    }

    get hand() {
        return this.props.model.hand;
    }

    get chosen() {
        const count = this.hand.rows.length;
        return count === 1 ? _t("1 account") : _t("%s accounts", count);
    }

    get sentence() {
        const {price} = this.hand;
        if (!price) {
            return "";
        }
        if (!price.count) {
            return _t("They are with this rep already.");
        }
        const {formatMoney} = this.props;
        const said =
            price.price >= 0
                ? _t("Costs %s a year", formatMoney(price.price))
                : _t("Brings %s a year", formatMoney(-price.price));
        const parts = [
            [price.travel, _t("driving")],
            [price.profit, _t("contribution")],
            [price.relation, _t("handovers")],
        ]
            .filter(([amount]) => Math.abs(amount) >= 0.5)
            .map(
                ([amount, name]) =>
                    `${name} ${amount > 0 ? "+" : "−"}${formatMoney(Math.abs(amount))}`
            );
        return parts.length ? `${said} (${parts.join(", ")})` : said;
    }

    async ask(ev) {
        await this.props.model.askPrice(Number(ev.target.value) || null);
    }

    async give() {
        this.state.busy = true;
        try {
            await this.props.onGive();
        } finally {
            this.state.busy = false;
        }
    }
}
