import {Component} from "@odoo/owl";
import {hasTouch} from "@web/core/browser/feature_detection";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {useService} from "@web/core/utils/hooks";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** The ways to choose accounts, over the map while that is what the user does. */
export class SelectionBar extends Component {
    static template = "territory_planning.SelectionBar";
    static props = {model: Object};

    setup() {
        this.ui = useService("ui");
        // Also from the search bar, which has the focus when the map opens.
        useHotkey("alt+shift+s", () => this.part.start(), {
            bypassEditableProtection: true,
            isAvailable: () => this.part.isAvailable,
        });
        // With a panel open, Escape is the panel's.
        useHotkey("escape", () => this.escape(), {
            bypassEditableProtection: true,
            isAvailable: () => Boolean(this.part.mode) && !this.props.model.panel,
        });
    }

    get part() {
        return this.props.model.parts.selection;
    }

    /** First the pencil is laid down, then the selection ends. */
    escape() {
        if (this.part.mode === "lasso" && this.part.ids.size) {
            this.part.setMode("pick");
        } else {
            this.part.stop();
        }
    }

    get hint() {
        const {mode, takesAway} = this.part;
        if (mode === "lasso") {
            return takesAway
                ? _t("Draw around the accounts to take away")
                : _t("Draw around the accounts");
        }
        if (mode === "pick") {
            return hasTouch()
                ? _t("Tap accounts or circles of them")
                : _t("Click accounts, or circles of them, to add or remove");
        }
        return "";
    }

    get buttons() {
        const {part} = this;
        return [
            {
                name: "lasso",
                label: _t("Draw around"),
                icon: "fa fa-pencil",
                pressed: part.mode === "lasso",
                hotkey: "shift+d",
                run: () => part.setMode(part.mode === "lasso" ? "pick" : "lasso"),
            },
            {
                name: "pick",
                label: _t("One by one"),
                icon: "fa fa-hand-pointer-o",
                pressed: part.mode === "pick",
                hotkey: "shift+o",
                run: () => part.setMode(part.mode === "pick" ? null : "pick"),
            },
            {
                name: "view",
                label: _t("All in view"),
                icon: "fa fa-square-o",
                hotkey: "shift+v",
                run: () => part.takeView(),
            },
            {
                name: "away",
                label: _t("Take away"),
                icon: "fa fa-minus-circle",
                pressed: part.takesAway,
                hotkey: "shift+t",
                run: () => part.toggleTakesAway(),
            },
            {
                name: "invert",
                label: _t("Invert"),
                icon: "fa fa-exchange",
                hotkey: "shift+i",
                run: () => part.invert(),
            },
            {
                name: "clear",
                label: _t("Clear"),
                icon: "fa fa-eraser",
                disabled: !part.ids.size,
                run: () => part.clear(),
            },
        ];
    }
}

registry.category("territory_map_controls").add("selection", SelectionBar);
