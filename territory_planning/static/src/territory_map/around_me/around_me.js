import {Component, onWillStart, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";

/** A rep's day: a town and what is near it. */
const ZOOM = 12;
const FOUND_MAX = 8;

/**
 * Ask the browser where it is. The position is used to move the map and nothing else: it
 * is neither sent nor kept.
 *
 * @returns {Promise<[number, number]>} longitude, latitude
 */
export function whereAmI() {
    const {geolocation} = browser.navigator;
    return new Promise((resolve, reject) => {
        if (!geolocation || !window.isSecureContext) {
            reject(new Error("unavailable"));
            return;
        }
        geolocation.getCurrentPosition(
            ({coords}) => resolve([coords.longitude, coords.latitude]),
            reject,
            {enableHighAccuracy: false, timeout: 8000, maximumAge: 60000}
        );
    });
}

/** The button for "around me". Where the browser does not tell, one chooses a place. */
export class AroundMe extends Component {
    static template = "territory_planning.AroundMe";
    static props = {model: Object};

    setup() {
        this.state = useState({waiting: false});
    }

    async start() {
        const {model} = this.props;
        this.state.waiting = true;
        try {
            model.goTo(await whereAmI(), ZOOM);
        } catch {
            model.openPanel("around");
        } finally {
            this.state.waiting = false;
        }
    }
}

/** Without a position: the rep's own start, a region, or an account to look around. */
export class AroundPanel extends Component {
    static template = "territory_planning.AroundPanel";
    static props = {
        model: Object,
        select: Function,
        openRecord: Function,
        planVisit: Function,
    };
    static label = () => _t("Around which place?");

    setup() {
        this.orm = useService("orm");
        this.state = useState({starts: [], found: null});
        this.search = useDebounced((text) => this.find(text), 250);
        onWillStart(() => this.readStarts());
    }

    /** The start locations of one's own; who may not read them has none here. */
    async readStarts() {
        const fields = [
            "territory_start_name",
            "territory_start_latitude",
            "territory_start_longitude",
        ];
        const members = await this.orm.silent
            .searchRead("crm.team.member", [["user_id", "=", user.userId]], fields)
            .catch(() => []);
        this.state.starts = members
            .filter((member) => member[fields[1]] || member[fields[2]])
            .map((member) => ({
                id: member.id,
                name: member[fields[0]] || _t("My start"),
                place: [member[fields[2]], member[fields[1]]],
            }));
    }

    get regions() {
        return this.props.model.regions.filter(({label}) => label);
    }

    async find(text) {
        const {model} = this.props;
        if (!text.trim()) {
            this.state.found = null;
            return;
        }
        const found = await this.orm.silent
            .call(model.resModel, "name_search", [], {
                name: text,
                domain: model.domain,
                limit: FOUND_MAX,
                context: model.context,
            })
            .catch(() => []);
        this.state.found = found
            .map(([id, name]) => ({id, name, row: model.points.rowOf(id)}))
            .filter(({row}) => row >= 0);
    }

    go(place) {
        const {model} = this.props;
        model.stepBack(); // to whoever asked, else to the map
        model.goTo(place, ZOOM);
    }

    goToRow(row) {
        this.go(this.props.model.points.place(row));
    }
}

registry.category("territory_map_panels").add("around", AroundPanel);
registry.category("territory_map_controls").add("around", AroundMe);
