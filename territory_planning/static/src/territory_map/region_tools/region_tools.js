import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {LeafletDrawing} from "../engines/leaflet_drawing";
import {ImportDialog} from "./import_dialog";
import {areaKm2, measureInside} from "./inside";
import {MergeDialog} from "./merge_dialog";
import {RegionDialog} from "./region_dialog";
import {UndoNotice} from "./undo_notice";

const MODEL = "territory.region";
/** Neighbours are fitted to what is drawn on them up to this far, whatever the zoom. */
const FIT_MOST_KM = 2;
const FIT_PIXELS = 8;

/**
 * What is done to regions on this map: the task at hand, if there is one, and the calls
 * that save it. Draws nothing itself: `RegionDrawLayer` does what the task says and is
 * known here as `drawer`.
 */
export class RegionTools {
    constructor(model, state) {
        this.model = model;
        this.snap = state.snap ?? true;
        // { kind: "draw" | "edit" | "split", region, parts, holes, hint }
        this.task = null;
        this.drawer = null;
        this.busy = false;
        this.measure = null; // { count, km2 } of what is drawn
        this.problems = null; // overlaps and gaps, while their panel is open
        this.undoNotice = new UndoNotice(this);
    }

    exportState() {
        return {snap: this.snap};
    }

    onPoints() {
        this.onShapeChange();
    }

    get services() {
        return this.model.env.services;
    }

    call(method, ...values) {
        return this.model.orm.call(MODEL, method, values);
    }

    region(id) {
        return this.model.regions.find((region) => region.id === id);
    }

    // ---------------------------------------------------------------- the tasks
    async start(task) {
        if (this.task || this.busy) {
            return;
        }
        this.busy = true;
        try {
            // The library first: a bar without anything to draw with helps nobody.
            const [library, shape] = await Promise.all([
                LeafletDrawing.load(),
                task.kind === "edit" ? this.call("get_shape", [task.region.id]) : {},
            ]);
            this.model.panel = null;
            this.task = {...task, ...shape, library, hint: this.hint(task, shape)};
            this.measure = null;
        } finally {
            this.busy = false;
        }
        this.model.notify();
    }

    hint({kind, region}, {off_km: off, made_by_rule: byRule}) {
        if (kind === "split") {
            return _t("Draw a line from outside the region right through it.");
        }
        if (byRule) {
            return _t(
                "“%s” is made by rule. Saved, it is a drawn region: customers without a place are no longer in it.",
                region.name
            );
        }
        if (off) {
            return _t(
                "Shown with fewer corners: up to %s km from the stored outline.",
                off.toFixed(1)
            );
        }
        return kind === "draw"
            ? _t("Tap the corners; tap the last one again to close the outline.")
            : _t(
                  "Drag a corner, or the middle of an edge to add one. One that is tapped can be removed."
              );
    }

    /** The outline is closed: from now on its corners can be dragged. */
    onOutlineClosed() {
        if (this.task.kind === "draw") {
            this.task.hint = this.hint({kind: "edit"}, {});
        }
        this.onShapeChange();
        this.model.notify();
    }

    draw() {
        return this.start({kind: "draw"});
    }

    edit(region) {
        this.zoomTo(region);
        return this.start({kind: "edit", region});
    }

    split(region) {
        this.zoomTo(region);
        return this.start({kind: "split", region});
    }

    cancel() {
        this.task = null;
        this.measure = null;
        this.model.notify();
    }

    toggleSnap() {
        this.snap = !this.snap;
        this.model.notify();
    }

    /** What is drawn has changed: count anew, once for each frame. */
    onShapeChange() {
        if (!this.task || this.counting) {
            return;
        }
        this.counting = true;
        requestAnimationFrame(() => {
            this.counting = false;
            if (this.task && this.drawer) {
                this.measure = this.measured();
                this.model.notify();
            }
        });
    }

    measured() {
        const area = this.drawer.area();
        const {points} = this.model;
        if (!area) {
            return null;
        }
        const holes = (this.task.holes || []).map(({coordinates}) => coordinates);
        const km2 = areaKm2(area) - areaKm2({type: "MultiPolygon", coordinates: holes});
        // By the even-odd rule a ring within a ring is a hole.
        const all = {
            type: "MultiPolygon",
            coordinates: [...area.coordinates, ...holes],
        };
        return {km2, count: points ? measureInside(points, all).count : 0};
    }

    // ------------------------------------------------------------------- saving
    get canSave() {
        return Boolean(this.drawer?.isComplete) && !this.busy;
    }

    get fitKm() {
        const km = this.drawer.kmPerPixel() * FIT_PIXELS;
        return this.snap ? Math.min(km, FIT_MOST_KM) : 0;
    }

    /** Save what is drawn; whoever has not closed the outline yet closes it first. */
    save() {
        if (this.busy || !this.task) {
            return;
        }
        this.drawer.finish();
        const {kind, region} = this.task;
        if (!this.canSave) {
            this.services.notification.add(
                kind === "split"
                    ? _t("Draw a line through the region first.")
                    : _t("Draw at least three corners first."),
                {type: "warning"}
            );
            return;
        }
        if (kind === "draw") {
            const area = this.drawer.area();
            this.ask(_t("New Region"), {}, (values) =>
                this.change("create_drawn", [values, area, this.fitKm])
            );
        } else if (kind === "split") {
            const line = this.drawer.line();
            this.ask(
                _t("Split “%s”", region.name),
                {name: _t("%s, part 2", region.name)},
                ({name}) => this.change("split_shape", [[region.id], line, name]),
                true
            );
        } else {
            const {holes, seen} = this.task;
            this.change("save_shape", [
                [region.id],
                this.drawer.area(),
                holes,
                this.fitKm,
                seen,
            ]);
        }
    }

    ask(title, values, confirm, nameOnly = false) {
        this.services.dialog.add(RegionDialog, {title, values, confirm, nameOnly});
    }

    /** Call a change on the server, end the task, show the result and offer to undo. */
    async change(method, values, {quiet = false} = {}) {
        this.busy = true;
        this.model.notify();
        let answer = null;
        try {
            answer = await this.call(method, ...values);
        } finally {
            this.busy = false;
            this.model.notify();
        }
        this.cancel();
        if (!quiet) {
            this.undoNotice.show(answer);
        }
        await this.refresh();
        return answer;
    }

    async undoSaved(batch) {
        await this.change("undo_shape", [batch], {quiet: true});
        this.services.notification.add(_t("Undone."), {type: "info"});
    }

    /** Regions as they are now; an open list of problems as well. */
    async refresh() {
        const {panel} = this.model;
        await this.model.loadLayers();
        if (panel?.kind === "region" && !this.region(panel.params.id)) {
            this.model.closePanel();
        }
        if (this.problems) {
            await this.loadProblems();
        }
    }

    // --------------------------------------------------------- without drawing
    async editProperties(region) {
        const names = ["name", "user_id", "team_id", "color"];
        const [values] = await this.model.orm.read(MODEL, [region.id], names, {
            load: "",
        });
        this.ask(_t("Region"), values, async (changed) => {
            await this.model.orm.write(MODEL, [region.id], changed);
            await this.refresh();
        });
    }

    merge(region) {
        this.services.dialog.add(MergeDialog, {
            region,
            regions: this.model.regions.filter(
                ({id, area}) => area && id !== region.id
            ),
            confirm: (ids) => this.change("merge_with", [[region.id], ids]),
        });
    }

    remove(region) {
        this.services.dialog.add(ConfirmationDialog, {
            title: _t("Delete “%s”?", region.name),
            body: _t(
                "Its accounts go to whichever other region claims them. This cannot be undone; to keep it, archive it in its form instead."
            ),
            confirmLabel: _t("Delete"),
            confirmClass: "btn-danger",
            confirm: async () => {
                await this.model.orm.unlink(MODEL, [region.id]);
                await this.refresh();
            },
            cancel: () => {},
        });
    }

    importFile() {
        this.services.dialog.add(ImportDialog, {
            preview: (name, data) => this.call("preview_file", name, data),
            confirm: (...values) => this.change("import_file", values),
        });
    }

    zoomTo(region) {
        this.drawer?.zoomTo(region);
    }

    // ----------------------------------------------------------------- problems
    async loadProblems() {
        this.problems = await this.call("get_problems");
        this.model.notify();
    }

    forgetProblems() {
        this.problems = null;
        this.model.notify();
    }
}

registry.category("territory_map_parts").add("regions", RegionTools);
