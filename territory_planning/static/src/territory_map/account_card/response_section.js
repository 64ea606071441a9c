import {Component, onWillUnmount, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {AccountFacts} from "./account_facts";
import {ResponseCurve} from "../response_curve/response_curve";
import {openVisitQuestions} from "../visit_questions/visit_questions";

/** The account's response to visits: read when it is unfolded, not before. */
export class ResponseSection extends Component {
    static template = "territory_planning.ResponseSection";
    static components = {ResponseCurve};
    static props = {
        accountId: Number,
        open: {type: Boolean, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.state = useState({open: false, status: "", curve: null, error: ""});
        this.alive = true;
        onWillUnmount(() => {
            this.alive = false;
        });
        if (this.props.open) {
            this.unfold();
        }
    }

    get formatMoney() {
        const facts = new AccountFacts({currency_id: this.state.curve.currency_id});
        return (amount) => facts.money(amount);
    }

    onToggle() {
        if (this.state.open) {
            this.state.open = false;
        } else {
            this.unfold();
        }
    }

    unfold() {
        this.state.open = true;
        if (!this.state.curve) {
            this.load();
        }
    }

    async load() {
        this.state.status = "loading";
        try {
            const curve = await this.orm.silent.call(
                "territory.account",
                "get_territory_curve",
                [[this.props.accountId]]
            );
            this.show(curve);
        } catch (error) {
            if (this.alive) {
                this.state.status = "error";
                this.state.error =
                    error.data?.message ||
                    _t("The response of this account cannot be read.");
            }
        }
    }

    show(curve) {
        if (this.alive) {
            Object.assign(this.state, {curve, status: "ready", error: ""});
        }
    }

    ask() {
        openVisitQuestions(this.dialog, {
            accountId: this.props.accountId,
            onSaved: (curve) => this.show(curve),
        });
    }
}

registry.category("lazy_components").add("territory_account_response", ResponseSection);
