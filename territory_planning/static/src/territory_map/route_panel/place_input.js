import {Component, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {_t} from "@web/core/l10n/translation";
import {whereAmI} from "../around_me/around_me";

/** Where a trip starts or ends: home, back, here, a town or an account. */
export class PlaceInput extends Component {
    static template = "territory_planning.PlaceInput";
    static props = {
        id: String,
        label: String,
        place: Object,
        canGoBack: {type: Boolean, optional: true},
        select: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({typed: null, found: null, error: "", waiting: false});
        this.search = useDebounced((text) => this.find(text), 250);
    }

    get value() {
        const {place} = this.props;
        const names = {home: _t("Home"), back: _t("Back at the start")};
        return this.state.typed ?? names[place.kind] ?? place.name;
    }

    onInput(ev) {
        this.state.typed = ev.target.value;
        this.search(ev.target.value);
    }

    async find(text) {
        this.state.error = "";
        const found = await this.orm.silent
            .call("territory.trip", "find_trip_places", [text])
            .catch(() => null);
        if (found === null) {
            this.state.error = _t("Places cannot be looked up. Check your connection.");
        } else if (this.state.typed === text) {
            this.state.found = found;
        }
    }

    choose(place) {
        Object.assign(this.state, {typed: null, found: null, error: ""});
        this.props.select(place);
    }

    chooseFound({kind, id, name, lat, lon}) {
        this.choose(kind === "account" ? {kind, id, name} : {kind, name, lat, lon});
    }

    async here() {
        this.state.waiting = true;
        try {
            const [lon, lat] = await whereAmI();
            this.choose({kind: "point", name: _t("Here"), lat, lon});
        } catch {
            this.state.error = _t(
                "Your device does not tell where you are. Type a town instead."
            );
        } finally {
            this.state.waiting = false;
        }
    }

    onKeydown(ev) {
        const {found} = this.state;
        if (ev.key === "Enter" && found?.length) {
            ev.preventDefault();
            this.chooseFound(found[0]);
        } else if (ev.key === "Escape" && this.state.typed !== null) {
            ev.stopPropagation();
            Object.assign(this.state, {typed: null, found: null, error: ""});
        }
    }
}
