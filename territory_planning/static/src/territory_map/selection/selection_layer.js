import {registry} from "@web/core/registry";
import {eachRow} from "../cluster_index";
import {LeafletDrawing} from "../engines/leaflet_drawing";

const RING = 11;

/** What is chosen, ringed on the map; and the hand that draws around it. */
export class SelectionLayer {
    constructor({engine, model, renderer}) {
        this.engine = engine;
        this.model = model;
        this.part = model.parts.selection;
        this.accounts = renderer.accounts;
        this.rings = engine.addDots();
        this.badges = engine.addElements({
            className: "o_territory_selection_anchor",
        });
        this.drawing = null;
        this.wanted = null;
        this.shift = false;
        this.drawn = "";
        this.chosen = null;
        this.part.viewBounds = () => engine.bounds;
        // The map engine's clicks do not say whether Shift was held.
        this.listen = (ev) => (this.shift = ev.shiftKey);
        engine.el.addEventListener("click", this.listen, true);
    }

    get picks() {
        return this.part.isAvailable && (this.shift || this.part.mode === "pick");
    }

    update() {
        this.syncDrawing();
        this.move();
    }

    move() {
        const {part, model} = this;
        const {singles = [], clusters = []} = this.accounts;
        if (!part.ids.size || !model.points) {
            this.rings.set([]);
            this.badges.set([]);
            return;
        }
        const chosen = this.chosenRows();
        const color = this.color();
        this.rings.set(
            singles
                .filter(({row}) => chosen[row])
                .map(({row, place}) => ({
                    key: model.points.ids[row],
                    place,
                    color: "transparent",
                    radius: RING,
                    faded: false,
                    ring: color,
                }))
        );
        this.badges.set(
            clusters.map((cluster) => this.badgeOf(cluster, chosen)).filter(Boolean)
        );
    }

    /** For each row whether it is chosen: made once per choice, read on each move. */
    chosenRows() {
        const {points} = this.model;
        const {version} = this.part;
        if (this.chosen?.points !== points || this.chosen.version !== version) {
            const rows = new Uint8Array(points.length);
            for (let row = 0; row < points.length; row++) {
                rows[row] = this.part.ids.has(points.ids[row]) ? 1 : 0;
            }
            this.chosen = {points, version, rows};
        }
        return this.chosen.rows;
    }

    color() {
        return this.accounts.ringColor();
    }

    badgeOf(cluster, chosen) {
        let count = 0;
        eachRow(cluster.members, (row) => (count += chosen[row]));
        if (!count) {
            return null;
        }
        return {
            key: `${cluster.id}@${cluster.place}`,
            place: cluster.place,
            version: `${count}/${cluster.count}`,
            build: () => {
                const el = document.createElement("span");
                const size = Math.min(String(cluster.count).length, 5);
                el.className = `o_territory_selection_badge o_territory_selection_badge_${size}`;
                el.textContent = count === cluster.count ? "✓" : `✓ ${count}`;
                return el;
            },
        };
    }

    // ------------------------------------------------------------------- clicks
    click(point) {
        const single = this.picks ? this.accounts.hit(point) : null;
        if (single) {
            this.part.toggle(this.model.points.ids[single.row]);
        }
        return Boolean(single);
    }

    cluster({members}) {
        if (!this.picks) {
            return false;
        }
        const rows = [];
        eachRow(members, (row) => rows.push(row));
        this.part.toggleRows(rows);
        return true;
    }

    // ------------------------------------------------------------------ drawing
    syncDrawing() {
        const wanted = this.part.mode === "lasso";
        if (wanted && !this.wanted) {
            this.startDrawing();
        } else if (!wanted && this.wanted) {
            this.stopDrawing();
        }
    }

    async startDrawing() {
        const wanted = {};
        this.wanted = wanted;
        const library = await LeafletDrawing.load();
        if (this.wanted !== wanted) {
            return; // given up meanwhile
        }
        this.drawing = new LeafletDrawing(this.engine, {
            library,
            color: this.color(),
            // Not inside the library's own event: it goes on with the shape.
            onFinish: (geometry) =>
                Promise.resolve().then(() => this.finish(wanted, geometry)),
        });
        this.drawing.start("lasso");
    }

    finish(wanted, geometry) {
        if (this.wanted === wanted && geometry.type === "Polygon") {
            this.part.lasso(geometry);
        }
    }

    stopDrawing() {
        this.wanted = null;
        this.drawing?.stop();
        this.drawing = null;
    }

    destroy() {
        this.stopDrawing();
        this.engine.el.removeEventListener("click", this.listen, true);
        this.rings.remove();
        this.badges.remove();
    }
}

registry
    .category("territory_map_layers")
    .add("selection", (context) => new SelectionLayer(context), {sequence: 80});
