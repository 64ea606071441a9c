import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const panels = registry.category("territory_map_panels");

/**
 * The panel beside the map, one at a time, and what it reads: `panel` is
 * `{kind: "card", id}`, `{kind: "stack", ids}` or that of a tool with `params`, each with
 * `back`, the panel it was reached from; `card` is `{status, data, error}`.
 */
export const withPanels = (Base) =>
    class extends Base {
        /** The panel in plain values. */
        exportPanel() {
            const plain = ({kind, id, ids, params, back}) => ({
                kind,
                ...(id && {id}),
                ...(ids && {ids}),
                ...(params && {params}),
                ...(back && {back: plain(back)}),
            });
            return this.panel && plain(this.panel);
        }

        async openCard(id, back = this.panelToReturnTo()) {
            this.panel = {kind: "card", id, back};
            const card = {status: "loading", data: null};
            this.card = card;
            this.notify();
            const method = this.archInfo.card;
            try {
                card.data = await this.keepCard.add(
                    this.orm.silent.call(this.resModel, method, [[id]], {
                        context: this.context,
                    })
                );
                card.status = "ready";
            } catch (error) {
                card.status = "error";
                card.error =
                    error.data?.message ||
                    _t("The card of this account cannot be read.");
            }
            this.notify();
        }

        /**
         * Show the panel of a tool: a kind of the registry `territory_map_panels`.
         *
         * @param {string} kind
         * @param {Object} [options]
         * @param {Object} [options.params] plain values, which outlive a visit elsewhere
         * @param {Object|null} [options.back] the panel to return to
         */
        openPanel(kind, {params = null, back = null} = {}) {
            this.panel = {kind, params, back};
            this.card = null;
            this.notify();
        }

        /** Records in one and the same place, to choose from. */
        async openStack(ids) {
            const panel = {kind: "stack", ids, records: null};
            this.panel = panel;
            this.card = null;
            this.notify();
            const records = await this.orm.silent
                .read(this.resModel, ids, ["display_name"], {context: this.context})
                .catch(() => []);
            panel.records = records;
            this.notify();
        }

        /** The figures may have changed: read the card again, without emptying it first. */
        async refreshCard() {
            const {card, panel} = this;
            if (panel?.kind === "card" && card?.status === "ready") {
                const data = await this.orm.silent.call(
                    this.resModel,
                    this.archInfo.card,
                    [[panel.id]],
                    {context: this.context}
                );
                if (this.card === card) {
                    card.data = data;
                    this.notify();
                }
            }
        }

        /** From a card one goes back to whatever it was chosen from, but not to a card. */
        panelToReturnTo() {
            return this.panel?.kind === "card" ? this.panel.back || null : this.panel;
        }

        closePanel() {
            this.panel = null;
            this.card = null;
            this.notify();
        }

        /** One step back: from a card to the list it was chosen from, else to the map. */
        stepBack() {
            if (this.panel?.back) {
                this.panel = this.panel.back;
                this.card = null;
                this.fillPanel();
                this.notify();
            } else {
                this.closePanel();
            }
        }

        /** What the panel is about, for those who hear it. */
        get panelLabel() {
            if (this.panel?.kind === "stack") {
                return _t("%s in this place", this.countLabel(this.panel.ids.length));
            }
            if (this.panel?.kind === "card") {
                return this.card?.data?.name || _t("Account");
            }
            return panels.get(this.panel?.kind, null)?.label?.(this) || "";
        }

        get selectedId() {
            return this.panel?.kind === "card" ? this.panel.id : null;
        }

        /** Read what a panel shows that was open when the user left. */
        fillPanel() {
            const {panel} = this;
            if (panel?.kind === "card" && !this.card) {
                this.openCard(panel.id, panel.back);
            } else if (panel?.kind === "stack" && !panel.records) {
                this.openStack(panel.ids);
            }
        }
    };
