import {ClusterIndex, eachRow} from "../cluster_index";
import {DOUBTFUL} from "../coloring";
import {MARGIN} from "../engines/leaflet_layers";
import {addTip, mixLines} from "./cluster_tip";
import {Fan, FAN_MAX} from "./fan";

const DOT = 7;
const HEAT_DOT = 3;
// Dots by value: the area grows with it, between these radiuses.
const SIZES = [4, 14];
// How far beside a dot still hits it: a thumb is not a mouse.
const REACH = 8;
const REACH_TOUCH = 16;
/** More in one place than anyone reads through. */
const STACK_MAX = 80;

/** Accounts: clusters as buttons, single ones as dots. */
export class AccountsLayer {
    /**
     * @param {import("../engines/leaflet_engine").LeafletEngine} engine
     * @param {Object} options
     * @param {boolean} options.touch
     * @param {Function} options.label names a number of records
     * @param {Function} options.doubt names a number of records whose place is in doubt
     * @param {Function} options.describe says what records are worth, in lines of text
     * @param {Function} options.onSelect with the id of a record
     * @param {Function} options.onStack with the ids of records in one place
     * @param {Function} options.onCluster answers whether somebody else takes the click
     */
    constructor(engine, options) {
        const {touch, label, doubt, describe, onSelect, onStack, onCluster} = options;
        this.engine = engine;
        this.reach = DOT + (touch ? REACH_TOUCH : REACH);
        this.label = label;
        this.doubt = doubt;
        this.describe = describe;
        this.fan = new Fan(engine);
        this.onSelect = onSelect;
        this.onStack = onStack;
        this.onCluster = onCluster;
        this.dots = engine.addDots();
        this.buttons = engine.addElements({
            className: "o_territory_cluster_anchor",
            onClick: ({cluster}, byKey) => this.openCluster(cluster, byKey),
        });
        this.coloring = null;
        this.contents = new Map();
        this.index = null;
        this.singles = [];
        this.clusters = [];
    }

    /**
     * @param {Object} model
     * @param {import("../points").Points} model.points
     * @param {import("../coloring").Coloring} model.coloring
     * @param {string|null} model.highlight key of the category to look at, or DOUBTFUL
     * @param {number|null} model.selectedId
     */
    update({points, coloring, highlight, selectedId, sized, heat}) {
        this.sized = sized;
        this.heat = heat;
        this.points = points;
        this.highlight = highlight;
        this.selectedId = selectedId;
        if (this.index?.points !== points) {
            this.index = new ClusterIndex(points);
            this.fan.fold();
        }
        if (this.coloring !== coloring) {
            this.coloring = coloring;
            this.contents = new Map();
        }
        this.move();
    }

    move() {
        if (!this.index) {
            return;
        }
        const {clusters, singles} = this.index.query(
            this.paddedBounds(),
            this.engine.view.zoom
        );
        this.clusters = clusters;
        this.singles = [...singles, ...this.fan.singles];
        this.dots.set(this.singles.map((single) => this.dotOf(single)));
        // Under heat a cluster's button would hide what it is about.
        const buttons = this.heat ? [] : clusters;
        this.buttons.set(buttons.map((cluster) => this.buttonOf(cluster)));
    }

    /** A little more than is seen, so that what comes in at the edge is there. */
    paddedBounds() {
        const [west, south, east, north] = this.engine.bounds;
        const x = (east - west) * MARGIN;
        const y = (north - south) * MARGIN;
        return [
            Math.max(west - x, -180),
            Math.max(south - y, -85),
            Math.min(east + x, 180),
            Math.min(north + y, 85),
        ];
    }

    dotOf({row, place}) {
        const slot = this.coloring.slots[this.coloring.slot(row)];
        const selected = this.points.ids[row] === this.selectedId;
        const hollow = this.points.isDoubtful(row);
        const seen = this.highlight === DOUBTFUL ? hollow : this.highlight === slot.key;
        return {
            key: this.points.ids[row],
            place,
            color: slot.color,
            radius: this.radiusOf(row, slot) + (selected ? 3 : 0),
            faded: this.highlight && !seen && !selected,
            hollow,
            ring: selected ? this.ringColor() : null,
        };
    }

    radiusOf(row, slot) {
        if (this.heat) {
            return HEAT_DOT;
        }
        if (!this.sized) {
            return slot.radius || DOT;
        }
        const share = Math.max(0, this.points.value(row)) / this.points.largeValue;
        return SIZES[0] + (SIZES[1] - SIZES[0]) * Math.sqrt(Math.min(1, share));
    }

    /** Read once: asking for a style makes the browser work out all of the page's. */
    ringColor() {
        this.ring ??= getComputedStyle(this.engine.el)
            .getPropertyValue("--territory-map-ring")
            .trim();
        return this.ring;
    }

    buttonOf(cluster) {
        const content = this.contentOf(cluster);
        const version = `${cluster.count}|${content.mix.join(";")}|${this.highlight || ""}`;
        return {
            key: `${cluster.id}@${cluster.place}`,
            place: cluster.place,
            version: `${this.coloring.field}|${version}`,
            cluster,
            build: () => this.buildButton(cluster, content),
        };
    }

    /**
     * What is in a cluster: `mix`, how many records of each colour as [slot, count]
     * pairs, and `doubtful`, how many whose place is in doubt.
     */
    contentOf({id, members}) {
        let content = this.contents.get(id);
        if (!content) {
            const counts = new Map();
            let doubtful = 0;
            eachRow(members, (row) => {
                const slot = this.coloring.slot(row);
                counts.set(slot, (counts.get(slot) || 0) + 1);
                doubtful += this.points.isDoubtful(row);
            });
            content = {mix: [...counts].sort(([a], [b]) => a - b), doubtful};
            this.contents.set(id, content);
        }
        return content;
    }

    buildButton({count, members}, {mix, doubtful}) {
        const button = document.createElement("button");
        const digits = String(count).length;
        button.type = "button";
        button.className = `o_territory_cluster o_territory_cluster_${Math.min(digits, 5)}`;
        button.setAttribute("aria-label", this.label(count));
        button.style.background = this.donut(count, mix, doubtful);
        const text = document.createElement("span");
        text.textContent = count;
        button.append(text);
        addTip(button, () => {
            const rows = [];
            eachRow(members, (row) => rows.push(row));
            return [
                this.label(count),
                ...this.describe(rows),
                ...mixLines(mix, this.coloring.slots),
                ...(doubtful ? [this.doubt(doubtful)] : []),
            ];
        });
        const holder = document.createElement("div");
        holder.append(button);
        return holder;
    }

    /** How the colours of a cluster mix, as a ring. */
    donut(count, mix, doubtful) {
        let from = 0;
        const arcs = mix.map(([slot, part]) => {
            const {color, key} = this.coloring.slots[slot];
            const to = from + (360 * part) / count;
            const faded =
                this.highlight === DOUBTFUL
                    ? !doubtful
                    : this.highlight && this.highlight !== key;
            const shade = faded ? `color-mix(in srgb, ${color} 20%, white)` : color;
            const arc = `${shade} ${from}deg ${to}deg`;
            from = to;
            return arc;
        });
        return `conic-gradient(${arcs.join(", ")})`;
    }

    // ------------------------------------------------------------------- clicks
    /**
     * Zoom to where a cluster comes apart. One that never does fans out; many, or by
     * keyboard, where dots are out of reach, are a list.
     */
    openCluster(cluster, byKey = false) {
        if (this.onCluster(cluster)) {
            return;
        }
        const zoom = this.index.expansionZoom(cluster.id);
        if (zoom !== null) {
            this.engine.zoomTo(cluster.place, zoom);
            return;
        }
        const rows = this.index.rows(cluster.id, STACK_MAX);
        if (byKey || cluster.count > FAN_MAX) {
            this.onStack(rows.map((row) => this.points.ids[row]));
        } else if (this.fan.open?.key === `${cluster.place}`) {
            this.fan.fold();
            this.move();
        } else {
            this.fan.unfold(cluster, rows);
            this.move();
        }
    }

    /** The single account that is nearest to a point of the container and in reach. */
    hit([x, y]) {
        let best = null;
        let least = this.reach;
        for (const single of this.singles) {
            const [px, py] = this.engine.point(single.place);
            const distance = Math.hypot(px - x, py - y);
            if (distance <= least) {
                least = distance;
                best = single;
            }
        }
        return best;
    }

    click(point) {
        const single = this.hit(point);
        if (single) {
            this.onSelect(this.points.ids[single.row]);
        }
    }

    destroy() {
        this.dots.remove();
        this.buttons.remove();
    }
}
