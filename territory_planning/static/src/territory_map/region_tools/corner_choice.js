import {_t} from "@web/core/l10n/translation";

const KEYS = {
    arrowup: [0, -1],
    arrowdown: [0, 1],
    arrowleft: [-1, 0],
    arrowright: [1, 0],
};
/** Pixels a key moves a corner; with Shift, further. */
const STEP = 4;
const FAR = 20;

/**
 * The corner that is meant while an outline is edited: the one last tapped or dragged, or
 * gone to by keyboard. It is marked on the map, can be removed and pushed about.
 */
export class CornerChoice {
    /** @param {import("../engines/leaflet_engine").LeafletEngine} engine */
    constructor(engine) {
        this.engine = engine;
        this.marks = engine.addElements({className: "o_territory_corner_anchor"});
        this.chosen = null; // { id, index }
    }

    /** @param {import("../engines/leaflet_drawing").LeafletDrawing|null} drawing */
    follow(drawing) {
        this.drawing = drawing;
        if (!drawing) {
            this.chosen = null;
        }
        const corner = this.corner;
        this.marks.set(
            corner
                ? [
                      {
                          key: `${corner.place}`,
                          place: corner.place,
                          version: "",
                          build: () => {
                              const mark = document.createElement("div");
                              mark.className = "o_territory_corner";
                              return mark;
                          },
                      },
                  ]
                : []
        );
    }

    get corners() {
        return this.drawing?.mode === "edit" ? this.drawing.corners : [];
    }

    /** The chosen corner and where it is now; null if it is gone. */
    get corner() {
        const {chosen} = this;
        return (
            (chosen &&
                this.corners.find(
                    ({id, index}) => id === chosen.id && index === chosen.index
                )) ||
            null
        );
    }

    get canChoose() {
        return this.corners.length > 0;
    }

    choose(corner) {
        this.chosen = corner && {id: corner.id, index: corner.index};
    }

    /** The next corner, or the one before: around each part and on to the next part. */
    step(by) {
        const {corners, corner} = this;
        const from = corner
            ? corners.findIndex(
                  ({id, index}) => id === corner.id && index === corner.index
              )
            : by > 0
              ? -1
              : 0;
        const next = corners[(from + by + corners.length) % corners.length];
        this.choose(next);
        this.engine.reveal(next.place);
    }

    /** @returns {string} why it could not be removed; empty if it was */
    remove() {
        const {corner} = this;
        if (!corner) {
            return _t("Tap a corner first.");
        }
        if (!this.drawing.removeCorner(corner)) {
            return _t("An area needs at least three corners.");
        }
        this.chosen = null;
        return "";
    }

    /** @returns {boolean} whether the key was for the chosen corner */
    push(key, far) {
        const {corner} = this;
        if (!corner || !KEYS[key]) {
            return false;
        }
        const [x, y] = this.engine.point(corner.place);
        const [dx, dy] = KEYS[key].map((way) => way * (far ? FAR : STEP));
        this.drawing.moveCorner(corner, this.engine.place([x + dx, y + dy]));
        return true;
    }

    destroy() {
        this.marks.remove();
    }
}
