import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** Columns that can be read side by side. The server takes no more, either. */
export const COMPARED_MAX = 4;

/** The accounts put side by side: collected one by one, then shown together. */
export class ComparePart {
    constructor(model, {accounts = []}) {
        this.model = model;
        this.accounts = accounts; // { id, name }, in the order of their columns
        this.result = null; // { status, cards, missing, error }
        this.keep = new KeepLast();
    }

    exportState() {
        return {accounts: this.accounts};
    }

    get ids() {
        return this.accounts.map(({id}) => id);
    }

    get isOpen() {
        return this.model.panel?.kind === "compare";
    }

    get isFull() {
        return this.accounts.length >= COMPARED_MAX;
    }

    has(id) {
        return this.ids.includes(id);
    }

    /** Put an account beside the others, or take it away. */
    toggle({id, name}) {
        if (this.has(id)) {
            this.remove(id);
        } else if (!this.isFull) {
            this.accounts = [...this.accounts, {id, name}];
            this.model.notify();
        }
    }

    remove(id) {
        this.accounts = this.accounts.filter((account) => account.id !== id);
        if (this.result?.cards) {
            this.result.cards = this.result.cards.filter((card) => card.id !== id);
        }
        if (this.isOpen && !this.accounts.length) {
            this.model.stepBack();
        } else {
            this.model.notify();
        }
    }

    clear() {
        this.accounts = [];
        this.result = null;
        this.model.notify();
    }

    /** Show them side by side; `ids` instead of those collected. */
    open(ids = this.ids) {
        const names = new Map(this.accounts.map(({id, name}) => [id, name]));
        this.accounts = ids.map((id) => ({id, name: names.get(id) || ""}));
        const {panel} = this.model;
        this.model.openPanel("compare", {
            back: panel?.kind === "compare" ? null : panel,
        });
    }

    async load() {
        const {model} = this;
        const result = {status: "loading", cards: null, missing: 0, error: ""};
        this.result = result;
        model.notify();
        try {
            const {cards, missing} = await this.keep.add(
                model.orm.silent.call(
                    model.resModel,
                    "get_territory_comparison",
                    [this.ids],
                    {context: model.context}
                )
            );
            Object.assign(result, {status: "ready", cards, missing});
            this.accounts = cards.map(({id, name}) => ({id, name}));
        } catch (error) {
            result.status = "error";
            result.error =
                error.data?.message || _t("These accounts cannot be compared.");
        }
        model.notify();
    }
}

registry.category("territory_map_parts").add("compare", ComparePart);
