import {Component, onMounted, onWillStart, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {CandidateList} from "./candidate_list";
import {RouteForm} from "./route_form";
import {TripTimeline} from "./trip_timeline";

/** The Route icon: ask for a trip, see who is on the way, let it choose, change it. */
export class RoutePanel extends Component {
    static template = "territory_planning.RoutePanel";
    static components = {CandidateList, RouteForm, TripTimeline};
    static label = () => _t("Route");
    static props = {
        model: Object,
        select: Function,
        openRecord: Function,
        planVisit: Function,
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({trips: []});
        onWillStart(() => this.readTrips());
        // the form may choose a rep first
        onMounted(() => this.part.load());
    }

    get part() {
        return this.props.model.parts.route;
    }

    /** Trips still ahead, to go on with. */
    async readTrips() {
        this.state.trips = await this.orm.silent
            .searchRead(
                "territory.trip",
                [
                    ["state", "in", ["draft", "planned"]],
                    ["planned_at", "!=", false],
                ],
                ["name", "date", "user_id"],
                {limit: 20, order: "date, id"}
            )
            .catch(() => []);
    }

    openTrip(ev) {
        const id = Number(ev.target.value);
        if (id) {
            this.part.openTrip(id);
        }
    }

    openForm() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "territory.trip",
            res_id: this.part.trip.id,
            views: [[false, "form"]],
        });
    }

    async plan(options) {
        await this.part.plan(options);
        this.readTrips();
    }
}

registry.category("territory_map_panels").add("route", RoutePanel);
