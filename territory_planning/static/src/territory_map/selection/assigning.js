import {Component, onWillUnmount} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatInteger} from "@web/views/fields/formatters";
import {undoAssignment} from "../../run_service/assignment_notice";

/**
 * Accounts that are being changed in the background, by this user: assignment ->
 * `{undo, count, total, progress}`. What was begun before this page was loaded appears
 * with its next word.
 */
export class AssigningPart {
    constructor(model) {
        this.model = model;
        this.open = new Map();
    }

    /** Asked for just now, and nothing heard of it yet. */
    begin(assignment) {
        this.open.set(assignment, {undo: false, count: 0, total: 0, progress: 0});
        this.model.notify();
    }

    /** @returns {boolean} whether the accounts on the map are others now */
    heard({assignment, state, undo, count, total, progress}) {
        if (state === "running") {
            this.open.set(assignment, {undo, count, total, progress});
        } else {
            this.open.delete(assignment);
        }
        this.model.notify();
        return state !== "running";
    }
}

registry.category("territory_map_parts").add("assigning", AssigningPart);

/** How far assignments in the background are, and the way to stop them. */
export class Assigning extends Component {
    static template = "territory_planning.Assigning";
    static props = {model: Object};

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        const bus = useService("bus_service");
        const onRun = (run) => this.onRun(run);
        bus.subscribe("territory_planning.run", onRun);
        onWillUnmount(() => bus.unsubscribe("territory_planning.run", onRun));
    }

    get part() {
        return this.props.model.parts.assigning;
    }

    get rows() {
        return [...this.part.open].map(([id, row]) => ({id, ...row}));
    }

    async onRun(run) {
        const {model} = this.props;
        if (run.kind === "assign" && this.part.heard(run)) {
            await model.reload();
            await model.refreshCard();
        }
    }

    label({undo, count, total}) {
        if (!total) {
            return _t("Waiting to begin");
        }
        const numbers = {count: formatInteger(count), total: formatInteger(total)};
        return undo
            ? _t("%(count)s of %(total)s accounts put back", numbers)
            : _t("%(count)s of %(total)s accounts changed", numbers);
    }

    /** Take back what has been done of it, and do no more. */
    stop(id) {
        return undoAssignment(this, id);
    }
}

registry.category("territory_map_controls").add("assigning", Assigning);
