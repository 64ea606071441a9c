import {registry} from "@web/core/registry";
import {CATEGORY_COLORS, SEQUENTIAL_COLORS} from "../palette";

/** The best candidates have their rank on the map; the others are dots. */
const RANKED = 15;
/** A finger or a pointer hits a dot within so many pixels. */
const REACH = 14;

/** Who is on the way, and the trip: dots by worth, numbered stops, lines in between. */
export class RouteLayer {
    constructor({engine, model}) {
        this.engine = engine;
        this.model = model;
        this.lines = engine.addAreas("areas");
        this.dots = engine.addDots();
        this.pins = engine.addElements({
            className: "o_territory_route_anchor",
            onClick: (item) => item.act(),
        });
        this.drawn = null;
    }

    get part() {
        return this.model.parts.route;
    }

    update() {
        const {part} = this;
        const open = Boolean(part?.isOpen);
        const key = JSON.stringify([
            open,
            open && part.stage,
            open && part.order,
            open && [...part.picked.keys()],
        ]);
        const {preview, trip} = part || {};
        const {drawn} = this;
        if (
            drawn &&
            drawn.key === key &&
            drawn.preview === preview &&
            drawn.trip === trip
        ) {
            return;
        }
        this.drawn = {key, preview, trip};
        this.shown = [];
        if (open && part.stage === "trip" && trip) {
            this.drawTrip(trip);
        } else if (open && preview) {
            this.drawCandidates(preview);
        } else {
            this.lines.set([]);
            this.dots.set([]);
            this.pins.set([]);
        }
    }

    // ---------------------------------------------------------------- candidates
    drawCandidates({start, end}) {
        const {candidates} = this.part;
        const most = Math.max(candidates.length - 1, 1);
        this.shown = candidates;
        this.lines.set([
            {
                geometry: line([start, end]),
                style: {color: "#00224E", weight: 3, opacity: 0.5, dashArray: "6 8"},
            },
        ]);
        this.dots.set(
            candidates.map((row, rank) => {
                const step = Math.floor((1 - rank / most) * 4.99);
                return {
                    key: row.id,
                    place: [row.lon, row.lat],
                    color: SEQUENTIAL_COLORS[Math.max(Math.min(step, 4), 0)],
                    radius: 5 + step,
                    faded: Boolean(row.why_not),
                    ring: this.part.picked.has(row.id) ? "#D55E00" : null,
                };
            })
        );
        const ranked = candidates
            .filter((row, rank) => rank < RANKED || this.part.picked.has(row.id))
            .map((row) => ({row, rank: candidates.indexOf(row) + 1}));
        this.pins.set([
            ...ranked.map(({row, rank}) => {
                const picked = this.part.picked.has(row.id);
                return this.pin({
                    key: `c${row.id}`,
                    place: row,
                    text: String(rank),
                    label: row.name,
                    kind: picked ? "picked" : "candidate",
                    act: () => this.part.togglePick(row),
                });
            }),
            ...this.ends([start, end]),
        ]);
    }

    // ---------------------------------------------------------------------- trip
    drawTrip(trip) {
        let number = 0;
        const pins = [];
        this.lines.set(
            trip.days.map(({start, stops, end, geometry}, day) => ({
                geometry: geometry || line([start, ...stops, end]),
                style: {
                    color: CATEGORY_COLORS[day % CATEGORY_COLORS.length],
                    weight: 4,
                    opacity: 0.8,
                },
            }))
        );
        for (const {start, stops, end} of trip.days) {
            for (const stop of stops) {
                number += 1;
                pins.push(
                    this.pin({
                        key: `s${stop.id}`,
                        place: stop,
                        text: String(number),
                        label: stop.name,
                        kind: "stop",
                        act: () => stop.account && this.model.openCard(stop.account),
                    })
                );
            }
            pins.push(...this.ends([start, end]));
        }
        this.dots.set(
            trip.left_out.map((row) => ({
                key: row.account,
                place: [row.lon, row.lat],
                color: SEQUENTIAL_COLORS[1],
                radius: 5,
                faded: false,
            }))
        );
        const keys = new Set();
        this.pins.set(pins.filter(({key}) => !keys.has(key) && keys.add(key)));
    }

    ends(places) {
        return places.map((place) =>
            this.pin({
                key: `e${place.lat}|${place.lon}`,
                place,
                text: "",
                icon: "fa fa-flag",
                label: place.name,
                kind: "end",
                act: () => {},
            })
        );
    }

    pin({key, place: {lon, lat}, text, icon, label, kind, act}) {
        return {
            key,
            place: [lon, lat],
            version: `${text}|${kind}|${label}|${lon}|${lat}`,
            act,
            build: () => {
                const button = document.createElement("button");
                button.type = "button";
                button.className = `o_territory_route_pin o_territory_route_pin_${kind}`;
                button.setAttribute("aria-label", label);
                button.title = label;
                if (icon) {
                    const mark = document.createElement("i");
                    mark.className = icon;
                    button.append(mark);
                } else {
                    button.textContent = text;
                }
                return button;
            },
        };
    }

    /** A click near a candidate picks it; elsewhere the map's accounts answer. */
    click([x, y]) {
        let best = null;
        let least = REACH;
        for (const row of this.shown || []) {
            const [px, py] = this.engine.point([row.lon, row.lat]);
            const far = Math.hypot(px - x, py - y);
            if (far < least) {
                [best, least] = [row, far];
            }
        }
        if (best) {
            this.part.togglePick(best);
        }
        return Boolean(best);
    }

    destroy() {
        this.lines.remove();
        this.dots.remove();
        this.pins.remove();
    }
}

function line(places) {
    return {
        type: "LineString",
        coordinates: places.map(({lon, lat}) => [lon, lat]),
    };
}

registry
    .category("territory_map_layers")
    .add("route", (context) => new RouteLayer(context), {sequence: 9});
