import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {ADVICE} from "./analysis_figures";

const PLAN_MODEL = "territory.plan";
const ACCOUNT_MODEL = "territory.account";
const ADVICE_FIELD = "allocation_advice";
export const PAGE = 40;

/**
 * The month that is analysed and what of it is looked at. Knows the server; the panel
 * shows what is in here after each change.
 */
export class AnalysisPart {
    constructor(model, {tab = "parts", planId = false, partId = false} = {}) {
        this.model = model;
        this.tab = tab; // parts, accounts, sizing
        this.shape = "chart"; // or table
        this.planId = planId;
        this.partId = partId; // whose accounts: a region and rep of the plan
        this.order = "gain";
        this.offset = 0;
        this.accountId = false; // whose curve is open
        this.poolId = false; // whose number of reps is drawn
        this.status = "idle"; // loading, ready, error
        this.error = "";
        this.data = null;
        this.accounts = null; // {total, rows} or null while they are read
        this.moves = null;
        this.curve = null; // {status, data} of the account that is open
        this.keepData = new KeepLast();
        this.keepAccounts = new KeepLast();
        this.keepDetail = new KeepLast();
        this.colorBefore = null;
        // on the map an advice has the colour it has in the charts
        model.keptColors.set(
            ADVICE_FIELD,
            new Map(Object.entries(ADVICE).map(([key, {color}]) => [key, color]))
        );
    }

    exportState() {
        const {tab, planId, partId} = this;
        return {tab, planId, partId};
    }

    get orm() {
        return this.model.orm.silent;
    }

    // ------------------------------------------------------------------- opening
    open() {
        this.model.openPanel("analysis");
    }

    /** Colour the map by what the analysis says, until the panel is closed. */
    colorByAdvice() {
        const {model} = this;
        if (
            model.archInfo.colors.includes(ADVICE_FIELD) &&
            model.colorField !== ADVICE_FIELD
        ) {
            this.colorBefore = model.colorField;
            model.setColorField(ADVICE_FIELD);
        }
    }

    colorAsBefore() {
        const {model} = this;
        // to a card and back the colours stay
        if (this.colorBefore && model.panel?.back?.kind !== "analysis") {
            if (model.colorField === ADVICE_FIELD) {
                model.setColorField(this.colorBefore);
            }
            this.colorBefore = null;
        }
    }

    /** Another search on the map is another choice of accounts. */
    onPoints() {
        this.offset = 0;
        if (this.model.panel?.kind === "analysis" && this.tab === "accounts") {
            this.loadView();
        }
    }

    // ------------------------------------------------------------------- reading
    async load() {
        this.status = this.data ? "refreshing" : "loading";
        this.model.notify();
        try {
            this.data = await this.keepData.add(
                this.orm.call(PLAN_MODEL, "get_territory_analysis", [this.planId])
            );
            this.status = "ready";
            this.error = "";
        } catch (error) {
            this.fail(error);
        }
        if (this.data?.plan && !this.part) {
            this.partId = false;
        }
        this.model.notify();
        this.loadView();
    }

    fail(error) {
        this.status = "error";
        this.error =
            error.data?.message ||
            _t("The analysis cannot be read. Check your connection and try again.");
    }

    /** Read what the tab that is open shows on top. */
    loadView() {
        if (!this.data?.plan) {
            return;
        }
        if (this.tab === "accounts") {
            this.loadAccounts();
        } else if (this.tab === "parts" && this.partId) {
            this.loadMoves();
        }
    }

    async loadAccounts() {
        const {model} = this;
        const ofAccounts = model.resModel === ACCOUNT_MODEL;
        const asked = [
            this.partId,
            ofAccounts ? model.domain || [] : [],
            this.order,
            this.offset,
            PAGE,
        ];
        try {
            this.accounts = await this.keepAccounts.add(
                this.orm.call(PLAN_MODEL, "get_territory_analysis_accounts", [
                    [this.data.plan.id],
                    ...asked,
                ])
            );
        } catch (error) {
            this.fail(error);
        }
        model.notify();
    }

    async loadMoves() {
        this.moves = null;
        try {
            this.moves = await this.keepDetail.add(
                this.orm.call(PLAN_MODEL, "get_territory_analysis_moves", [
                    [this.data.plan.id],
                    this.partId,
                ])
            );
        } catch (error) {
            this.fail(error);
        }
        this.model.notify();
    }

    async loadCurve() {
        const curve = {status: "loading", data: null};
        this.curve = curve;
        this.model.notify();
        try {
            curve.data = await this.keepDetail.add(
                this.orm.call(ACCOUNT_MODEL, "get_territory_curve", [[this.accountId]])
            );
            curve.status = "ready";
        } catch (error) {
            curve.status = "error";
            curve.error = error.data?.message || _t("The curve cannot be read.");
        }
        this.model.notify();
    }

    // ------------------------------------------------------------------ choosing
    get part() {
        return this.data?.parts?.find(({id}) => id === this.partId) || null;
    }

    show(tab) {
        this.tab = tab;
        this.accountId = false;
        this.model.notify();
        this.loadView();
    }

    showAs(shape) {
        this.shape = shape;
        this.model.notify();
    }

    choosePlan(planId) {
        Object.assign(this, {planId, partId: false, offset: 0, accountId: false});
        this.load();
    }

    choosePart(partId) {
        Object.assign(this, {partId: this.partId === partId ? false : partId});
        this.moves = null;
        this.model.notify();
        this.loadView();
    }

    showAccountsOf(partId) {
        Object.assign(this, {partId, offset: 0, accounts: null});
        this.show("accounts");
    }

    chooseAccount(accountId) {
        this.accountId = this.accountId === accountId ? false : accountId;
        if (this.accountId) {
            this.loadCurve();
        } else {
            this.model.notify();
        }
    }

    sortBy(order) {
        this.order = this.order === order ? `-${order}` : order;
        this.offset = 0;
        this.loadAccounts();
    }

    turnPage(step) {
        this.offset = Math.max(this.offset + step * PAGE, 0);
        this.loadAccounts();
    }
}

registry.category("territory_map_parts").add("analysis", AnalysisPart);
