import {Component, useRef, useState} from "@odoo/owl";
import {useSortable} from "@web/core/utils/sortable_owl";
import {RouteFacts} from "./route_facts";

/** A trip as it will be driven: its days, stops with their reasons, and who is not on it. */
export class TripTimeline extends Component {
    static template = "territory_planning.TripTimeline";
    static props = {part: Object, model: Object};

    setup() {
        this.state = useState({open: null, leftOut: false});
        this.root = useRef("root");
        useSortable({
            ref: this.root,
            enable: () => this.canChange,
            elements: ".o_territory_stop",
            handle: ".o_territory_stop_handle",
            groups: ".o_territory_day_stops",
            connectGroups: true,
            cursor: "grabbing",
            onDrop: (move) => this.onDrop(move),
        });
    }

    get trip() {
        return this.props.part.trip;
    }

    get facts() {
        return new RouteFacts(this.trip.currency_id);
    }

    get canChange() {
        return ["draft", "planned"].includes(this.trip.state) && !this.props.part.busy;
    }

    onDrop({element, previous, parent}) {
        const day = Number(parent.dataset.day);
        const id = Number(element.dataset.stop);
        const ids = this.props.part.stopIds[day].filter((one) => one !== id);
        const place = previous ? ids.indexOf(Number(previous.dataset.stop)) + 1 : 0;
        this.props.part.moveStop(id, day, place);
    }

    /** With the keyboard: one place up or down, across the evening if need be. */
    step(day, place, by) {
        const days = this.props.part.stopIds;
        const id = days[day][place];
        if (days[day][place + by] !== undefined) {
            this.props.part.moveStop(id, day, place + by);
        } else if (days[day + by]) {
            this.props.part.moveStop(id, day + by, by > 0 ? 0 : days[day + by].length);
        }
    }

    canStep(day, place, by) {
        const days = this.props.part.stopIds;
        return days[day][place + by] !== undefined || Boolean(days[day + by]);
    }

    toggle(id) {
        this.state.open = this.state.open === id ? null : id;
    }

    /** Numbers as on the map: through all days. */
    number(day, place) {
        const before = this.trip.days
            .slice(0, day)
            .reduce((sum, {stops}) => sum + stops.length, 0);
        return before + place + 1;
    }
}
