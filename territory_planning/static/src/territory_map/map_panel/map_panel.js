import {
    Component,
    onMounted,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {_t} from "@web/core/l10n/translation";

/** How high the sheet of a phone stands, as a share of the map; peek is in pixels. */
const PEEK = 148;
const HEIGHTS = {peek: 0, half: 0.5, full: 1};
const NEXT = {peek: "half", half: "full", full: "peek"};

/**
 * The one panel of the map: beside it on a desk, a sheet from below on a phone. Takes
 * the focus when it opens, gives it back when it closes; Escape closes.
 */
export class MapPanel extends Component {
    static template = "territory_planning.MapPanel";
    static props = {
        small: Boolean,
        // needs more room than a card
        wide: {type: Boolean, optional: true},
        label: String,
        // what the panel is about: another one takes the focus, too
        subject: {optional: true},
        close: Function,
        stepBack: Function,
        canStepBack: Boolean,
        slots: Object,
    };

    setup() {
        this.rootRef = useRef("root");
        this.state = useState({
            height: this.props.wide ? "full" : "half",
            drag: null,
            whole: false, // all of the map's room, on a desk
        });
        useHotkey("escape", () => this.props.stepBack(), {
            bypassEditableProtection: true,
        });
        let before = null;
        onMounted(() => {
            before = document.activeElement;
        });
        useEffect(
            () => this.rootRef.el.focus({preventScroll: true}),
            () => [this.props.subject]
        );
        onWillUnmount(() => {
            const {el} = this.rootRef;
            if (el.contains(document.activeElement) && before?.isConnected) {
                before.focus({preventScroll: true});
            }
        });
    }

    // -------------------------------------------------------------- phone sheet
    get room() {
        return this.rootRef.el?.parentElement.clientHeight || 0;
    }

    pixels(height) {
        return Math.max(PEEK, HEIGHTS[height] * this.room);
    }

    get style() {
        if (!this.props.small) {
            return "";
        }
        if (this.state.drag) {
            return `height: ${this.state.drag.height}px`;
        }
        const share = HEIGHTS[this.state.height];
        return `height: max(${PEEK}px, ${share * 100}%)`;
    }

    get handleLabel() {
        return this.state.height === "full" ? _t("Make smaller") : _t("Make larger");
    }

    get wholeLabel() {
        return this.state.whole ? _t("Show the map beside it") : _t("Use all the room");
    }

    toggleWhole() {
        this.state.whole = !this.state.whole;
    }

    cycle() {
        this.state.height = NEXT[this.state.height];
    }

    onHandleDown(ev) {
        if (!this.props.small || ev.target.closest(".o_territory_panel_button")) {
            return;
        }
        ev.currentTarget.setPointerCapture(ev.pointerId);
        const height = this.rootRef.el.clientHeight;
        this.state.drag = {from: ev.clientY, start: height, height};
    }

    onHandleMove(ev) {
        const {drag} = this.state;
        if (drag) {
            const height = drag.start + drag.from - ev.clientY;
            drag.height = Math.min(Math.max(height, 0), this.room);
        }
    }

    /** Let go: to the nearest of the three heights, or away if pulled below the least. */
    onHandleUp() {
        const {drag} = this.state;
        if (!drag) {
            return;
        }
        this.state.drag = null;
        if (drag.height < PEEK / 2) {
            this.props.close();
            return;
        }
        const distance = (name) => Math.abs(this.pixels(name) - drag.height);
        this.state.height = Object.keys(HEIGHTS).reduce((best, name) =>
            distance(name) < distance(best) ? name : best
        );
    }
}
