import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/**
 * What became of the entries: how many wait, and which need a decision. `nameOf` says
 * which record an entry is about.
 */
export class EntryNotes extends Component {
    static template = "territory_planning.EntryNotes";
    static props = {
        handle: Object,
        nameOf: Function,
        offline: {type: Boolean, optional: true},
    };

    setup() {
        // its owner watches it for itself; this watches it too
        this.state = useState(this.props.handle.state);
    }

    get waitingText() {
        const count = this.state.waiting;
        if (this.props.offline) {
            return count === 1
                ? _t(
                      "1 entry is kept on this phone and is sent when there is a connection."
                  )
                : _t(
                      "%s entries are kept on this phone and are sent when there is a connection.",
                      count
                  );
        }
        return count === 1
            ? _t("1 entry is being sent.")
            : _t("%s entries are being sent.", count);
    }

    insist(uuid) {
        return this.props.handle.queue.insist(uuid);
    }

    drop(uuid) {
        return this.props.handle.queue.drop(uuid);
    }

    retry() {
        return this.props.handle.queue.wake();
    }
}
