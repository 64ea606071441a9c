import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {boxPolygon, rowsWithin} from "./lasso";

const MODEL = "territory.account";
/** More ids than that are not kept while the user looks at a record. */
const KEPT_MAX = 10_000;

/**
 * The accounts chosen on the map to do something with. Ways to choose, `mode`: `lasso`
 * (draw around them), `pick` (click or tap each), null (clicks open cards again; what is
 * chosen stays chosen).
 */
export class SelectionPart {
    constructor(model, {ids = []}) {
        this.model = model;
        this.ids = new Set(ids);
        this.mode = null;
        this.takesAway = false;
        this.summary = null; // { status, data, error }
        this.version = 0;
        this.keepSummary = new KeepLast();
        // The box that is seen: [west, south, east, north]. The layer knows it.
        this.viewBounds = () => null;
    }

    exportState() {
        return {ids: this.ids.size <= KEPT_MAX ? [...this.ids] : []};
    }

    /** Accounts that the search does not find any more are not chosen any more. */
    onPoints({ids}) {
        if (this.ids.size) {
            const shown = new Set(ids);
            this.replace([...this.ids].filter((id) => shown.has(id)));
        }
    }

    get isAvailable() {
        return this.model.resModel === MODEL;
    }

    get isActive() {
        return Boolean(this.mode || this.ids.size);
    }

    get isOpen() {
        return this.model.panel?.kind === "selection";
    }

    get label() {
        return this.ids.size === 1
            ? _t("1 account selected")
            : _t("%s selected", this.model.countLabel(this.ids.size));
    }

    // -------------------------------------------------------------------- modes
    start(mode = "lasso") {
        this.mode = mode;
        this.takesAway = false;
        if (this.model.panel) {
            this.model.closePanel();
        } else {
            this.model.notify();
        }
    }

    setMode(mode) {
        this.mode = mode;
        this.model.notify();
    }

    toggleTakesAway() {
        this.takesAway = !this.takesAway;
        this.model.notify();
    }

    /** Nothing chosen, nothing to choose with. */
    stop() {
        this.mode = null;
        this.takesAway = false;
        this.replace([]);
        if (this.isOpen) {
            this.model.closePanel();
        }
        this.model.notify();
    }

    // ----------------------------------------------------------------- choosing
    replace(ids) {
        this.ids = new Set(ids);
        this.changed();
    }

    changed() {
        this.version++;
        if (this.isOpen) {
            this.loadSummary();
        } else {
            this.summary = null;
        }
    }

    /** Add rows, or take them away when that is what the user set. */
    takeRows(rows) {
        const {points} = this.model;
        for (const row of rows) {
            if (this.takesAway) {
                this.ids.delete(points.ids[row]);
            } else {
                this.ids.add(points.ids[row]);
            }
        }
        this.changed();
    }

    /** A loop has been drawn: what it encircles; then clicks choose single accounts. */
    lasso(polygon) {
        this.takeRows(rowsWithin(this.model.points, polygon));
        this.mode = "pick";
        this.show();
    }

    takeView() {
        const bounds = this.viewBounds();
        if (bounds && this.model.points) {
            this.takeRows(rowsWithin(this.model.points, boxPolygon(bounds)));
            this.mode = "pick";
            this.show();
        }
    }

    toggle(id) {
        if (!this.ids.delete(id)) {
            this.ids.add(id);
        }
        this.changed();
        this.model.notify();
    }

    /** All of a cluster; none of it if all of it is chosen already. */
    toggleRows(rows) {
        const {ids} = this.model.points;
        const whole = rows.every((row) => this.ids.has(ids[row]));
        for (const row of rows) {
            if (whole) {
                this.ids.delete(ids[row]);
            } else {
                this.ids.add(ids[row]);
            }
        }
        this.changed();
        this.model.notify();
    }

    invert() {
        this.replace([...this.model.points.ids].filter((id) => !this.ids.has(id)));
        this.model.notify();
    }

    clear() {
        this.replace([]);
        this.model.notify();
    }

    // ------------------------------------------------------------------ summary
    /** Show the totals, if there is something to add up. */
    show() {
        if (!this.ids.size || this.isOpen) {
            this.model.notify();
            return;
        }
        this.model.openPanel("selection");
    }

    async loadSummary() {
        const {model} = this;
        const ids = [...this.ids];
        if (!ids.length) {
            this.summary = null;
            model.notify();
            return;
        }
        const before = this.summary?.data;
        const summary = {status: "loading", data: before || null, error: ""};
        this.summary = summary;
        model.notify();
        try {
            const data = await this.keepSummary.add(
                model.orm.silent.call(MODEL, "get_territory_selection", [ids], {
                    context: model.context,
                })
            );
            summary.data = data;
            summary.status = "ready";
            if (data.ids) {
                this.ids = new Set(data.ids);
                this.version++;
            }
        } catch (error) {
            summary.status = "error";
            summary.error =
                error.data?.message || _t("The selected accounts cannot be read.");
        }
        model.notify();
    }
}

registry.category("territory_map_parts").add("selection", SelectionPart);

registry.category("territory_map_menu_items").add(
    "selection",
    {
        label: _t("Select on the map"),
        icon: "fa fa-object-group",
        start: (model) => model.parts.selection.start(),
        isAvailable: (model) => model.parts.selection.isAvailable,
    },
    {sequence: 40}
);
