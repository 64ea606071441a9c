import {Component, onWillUnmount, useExternalListener} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatFloat} from "@web/views/fields/formatters";

const TYPING = "input, textarea, select, [contenteditable=true]";

/**
 * Over the map while a region is drawn, edited or split: what is in it so far, undo and
 * redo, save and cancel, also by keyboard.
 */
export class DrawBar extends Component {
    static template = "territory_planning.DrawBar";
    static props = {model: Object};

    setup() {
        this.ui = useService("ui");
        this.bus = useService("bus_service");
        this.notification = useService("notification");
        useExternalListener(window, "keydown", this.onKeydown, {capture: true});
        const onRun = (run) => this.onRun(run);
        this.bus.subscribe("territory_planning.run", onRun);
        onWillUnmount(() => this.bus.unsubscribe("territory_planning.run", onRun));
    }

    get tools() {
        return this.props.model.parts.regions;
    }

    get task() {
        return this.tools.task;
    }

    get drawing() {
        return this.tools.drawer?.drawing;
    }

    /** What is done to single corners; null while there is none to choose. */
    get corners() {
        const corners = this.tools.drawer?.corners;
        return corners?.canChoose ? corners : null;
    }

    get title() {
        const {kind, region} = this.task;
        const titles = {
            draw: _t("Draw a region"),
            edit: _t("Edit “%s”", region?.name),
            split: _t("Split “%s”", region?.name),
        };
        return titles[kind];
    }

    get size() {
        const {km2} = this.tools.measure;
        return _t("%s km²", formatFloat(km2, {digits: [16, km2 < 100 ? 1 : 0]}));
    }

    get count() {
        return this.props.model.countLabel(this.tools.measure.count);
    }

    get regionCount() {
        return this.props.model.countLabel(this.task.region.accounts, "account");
    }

    stepCorner(by) {
        this.corners?.step(by);
        this.props.model.notify();
    }

    removeCorner() {
        const trouble = this.corners?.remove();
        if (trouble) {
            this.notification.add(trouble, {type: "warning"});
        }
        this.tools.onShapeChange();
        this.props.model.notify();
    }

    undo() {
        this.corners?.choose(null);
        this.drawing.undo();
        this.tools.onShapeChange();
    }

    redo() {
        this.corners?.choose(null);
        this.drawing.redo();
        this.tools.onShapeChange();
    }

    onKeydown(ev) {
        const busyElsewhere = this.ui.activeElement !== document;
        if (!this.task || busyElsewhere || ev.target.closest?.(TYPING)) {
            return;
        }
        const key = ev.key.toLowerCase();
        const command = ev.ctrlKey || ev.metaKey;
        let act = null;
        if (key === "escape") {
            act = () => this.tools.cancel();
        } else if (key === "enter" && !ev.target.closest?.("button, a")) {
            act = () => this.enter();
        } else if (command && (key === "y" || (key === "z" && ev.shiftKey))) {
            act = () => this.redo();
        } else if (command && key === "z") {
            act = () => this.undo();
        } else if (this.corners && !command && !ev.altKey) {
            act = this.cornerKey(key, ev.shiftKey);
        }
        if (act) {
            ev.preventDefault();
            ev.stopImmediatePropagation();
            act();
        }
    }

    /** What a key does to the corner that is meant; null if nothing. */
    cornerKey(key, shift) {
        const {corners} = this;
        if (["n", "p"].includes(key)) {
            return () => this.stepCorner(key === "n" ? 1 : -1);
        }
        if (!corners.corner) {
            return null;
        }
        if (["delete", "backspace"].includes(key)) {
            return () => this.removeCorner();
        }
        return key.startsWith("arrow")
            ? () => corners.push(key, shift) && this.tools.onShapeChange()
            : null;
    }

    /** Enter closes the outline, and once it is closed saves it. */
    enter() {
        if (this.tools.canSave) {
            this.tools.save();
        } else {
            this.tools.drawer.finish();
            this.props.model.notify();
        }
    }

    /** Accounts have been placed anew, by whoever changed something. */
    onRun({state, kind}) {
        if (state === "done" && ["regions", "refresh", "month"].includes(kind)) {
            this.tools.refresh();
            this.props.model.reload();
        }
    }
}

registry.category("territory_map_controls").add("draw_bar", DrawBar);
