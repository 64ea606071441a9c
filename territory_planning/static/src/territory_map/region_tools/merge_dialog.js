import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";

const SHOWN = 100;

/** How far apart two boxes are, in degrees: neighbours come first. */
function apart(one, other) {
    const x = Math.max(one[0] - other[2], other[0] - one[2], 0);
    const y = Math.max(one[1] - other[3], other[1] - one[3], 0);
    return Math.hypot(x, y);
}

/** Which regions to join to this one. */
export class MergeDialog extends Component {
    static template = "territory_planning.MergeDialog";
    static components = {Dialog};
    static props = {
        region: Object,
        regions: Array,
        confirm: Function,
        close: Function,
    };

    setup() {
        this.state = useState({search: "", chosen: new Set(), busy: false});
        const {bounds} = this.props.region;
        this.sorted = [...this.props.regions].sort(
            (a, b) =>
                (bounds ? apart(a.bounds, bounds) - apart(b.bounds, bounds) : 0) ||
                a.complete_name.localeCompare(b.complete_name)
        );
    }

    get found() {
        const wanted = this.state.search.toLowerCase();
        return this.sorted
            .filter(({complete_name: name}) => name.toLowerCase().includes(wanted))
            .slice(0, SHOWN);
    }

    toggle(id) {
        if (!this.state.chosen.delete(id)) {
            this.state.chosen.add(id);
        }
    }

    async merge() {
        this.state.busy = true;
        try {
            await this.props.confirm([...this.state.chosen]);
            this.props.close();
        } finally {
            this.state.busy = false;
        }
    }
}
