import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {useBackStep} from "../territory_map/map_panel/back_step";
import {PlaceCard} from "./place_card";
import {PlacesList} from "./places_list";
import {PlacesMap} from "./places_map";
import {placeOf, PlacesModel} from "./places_model";

/**
 * Places to check: a list and a map beside it; on a phone first the one, then the other.
 * Keys: J and K for the next and previous, C to confirm, L to look up, S to skip, P to
 * save the pin.
 */
export class PlacesReview extends Component {
    static template = "territory_planning.PlacesReview";
    static components = {Layout, PlaceCard, PlacesList, PlacesMap};
    static props = {};

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.model = useState(new PlacesModel(useService("orm")));
        this.state = useState({mapShown: false});
        const bus = useService("bus_service");
        const onRun = (run) => this.model.onRun(run);
        bus.subscribe("territory_planning.run", onRun);
        onWillUnmount(() => bus.unsubscribe("territory_planning.run", onRun));
        onWillStart(() => this.model.load());
        useBackStep(
            () => this.ui.isSmall && this.state.mapShown,
            () => this.showList()
        );
        for (const [key, run] of [
            ["j", () => this.step(1)],
            ["k", () => this.step(-1)],
            ["c", () => this.confirm()],
            ["l", () => this.retry()],
            ["s", () => this.skip()],
            ["p", () => this.savePin()],
        ]) {
            // for the whole page: after a press of a button that has gone, nothing has
            // the focus
            useHotkey(key, run, {allowRepeat: key === "j" || key === "k"});
        }
    }

    placeOf(row) {
        return placeOf(row);
    }

    get isMapShown() {
        return !this.ui.isSmall || this.state.mapShown;
    }

    get isListShown() {
        return !this.ui.isSmall || !this.state.mapShown;
    }

    get progress() {
        return Math.round((this.model.run?.progress || 0) * 100);
    }

    get counted() {
        const {total, accounts} = this.model;
        return _t("%(total)s of %(accounts)s accounts", {total, accounts});
    }

    // ----------------------------------------------------------------- choosing
    select(id) {
        this.model.select(id);
        this.state.mapShown = true;
    }

    showList() {
        this.state.mapShown = false;
    }

    step(by) {
        this.model.step(by);
    }

    onMove(place) {
        this.model.movePin(place);
    }

    // ----------------------------------------------------------------- deciding
    async savePin() {
        if (this.model.draft && !this.model.busy) {
            const {name} = this.model.selected;
            await this.model.savePin();
            this.say(_t("%s: the pin is saved.", name));
        }
    }

    async confirm() {
        if (this.model.draft) {
            return this.savePin();
        }
        if (this.model.canConfirm && !this.model.busy) {
            await this.model.confirm();
        }
    }

    async skip() {
        if (this.model.chosen.length && !this.model.busy) {
            await this.model.skip();
        }
    }

    async retry() {
        const {chosen, busy} = this.model;
        if (!chosen.length || busy) {
            return;
        }
        const name = chosen[0].name;
        const answer = await this.model.retry();
        if (!answer.single) {
            this.say(
                _t(
                    "%(asked)s addresses are looked up in the background; %(left)s were left alone because their pin is set by hand or their address is incomplete.",
                    answer
                )
            );
        } else if (answer.left) {
            this.say(_t("%s: still to be checked.", name), "warning");
        } else {
            this.say(_t("%s: found.", name));
        }
    }

    async start() {
        await this.model.start();
    }

    filter(ev) {
        return this.model.filter(ev.target.value);
    }

    openCustomer(row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: row.partner_id,
            views: [[false, "form"]],
        });
    }

    say(text, type = "success") {
        this.notification.add(text, {type});
    }
}

registry
    .category("lazy_components")
    .add("territory_planning.PlacesReview", PlacesReview);
