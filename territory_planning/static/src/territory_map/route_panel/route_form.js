import {Component, onWillStart, useState} from "@odoo/owl";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {_t} from "@web/core/l10n/translation";
import {PlaceInput} from "./place_input";

const LEADERS = "sales_team.group_sale_salesman_all_leads";
const MOST_DAYS = 14;

/** What is asked of a trip: from where to where, when, how far off the way. */
export class RouteForm extends Component {
    static template = "territory_planning.RouteForm";
    static components = {PlaceInput};
    static props = {part: Object};

    setup() {
        this.orm = useService("orm");
        this.state = useState({reps: [], open: false, note: ""});
        onWillStart(() => this.readReps());
    }

    get form() {
        return this.props.part.form;
    }

    /** Whose trips one may plan: a leader everybody's, else one's own. */
    async readReps() {
        if (!(await user.hasGroup(LEADERS))) {
            return;
        }
        const members = await this.orm.silent
            .searchRead("crm.team.member", [], ["user_id"])
            .catch(() => []);
        const reps = new Map(members.map(({user_id: [id, name]}) => [id, name]));
        this.state.reps = [...reps].map(([id, name]) => ({id, name}));
        const {form} = this;
        if (!form.user_id && reps.size && !reps.has(user.userId)) {
            form.user_id = this.state.reps[0].id;
        }
    }

    change(values) {
        this.state.note = "";
        return this.props.part.change(values);
    }

    changeDate(ev) {
        const date = ev.target.value;
        if (!date) {
            ev.target.value = this.form.date;
            return;
        }
        const {date_end: end} = this.form;
        this.change({date, date_end: end && end > date ? end : ""});
    }

    changeEnd(ev) {
        const end = ev.target.value;
        if (end && end < this.form.date) {
            this.state.note = _t("The last day cannot be before the first.");
            ev.target.value = this.form.date_end;
            return;
        }
        this.change({date_end: end});
    }

    get lastDate() {
        return luxon.DateTime.fromISO(this.form.date)
            .plus({days: MOST_DAYS - 1})
            .toISODate();
    }

    /** 8.5 is "08:30". */
    time(hours) {
        const minutes = Math.round(hours * 60);
        const two = (number) => String(number).padStart(2, "0");
        return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
    }

    changeHour(name, ev) {
        const [hours, minutes] = ev.target.value.split(":").map(Number);
        if (Number.isFinite(hours + minutes)) {
            this.change({[name]: hours + minutes / 60});
        }
    }

    changeNumber(name, ev) {
        const number = Number(ev.target.value);
        if (ev.target.value !== "" && Number.isFinite(number)) {
            this.change({[name]: number});
        }
    }

    changeRep(ev) {
        this.props.part.picked.clear();
        this.change({user_id: Number(ev.target.value) || false});
    }
}
