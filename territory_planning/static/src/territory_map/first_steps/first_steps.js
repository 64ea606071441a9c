import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

/** What to do first, over the map of a company that begins: places, reps, the month. */
export class FirstSteps extends Component {
    static template = "territory_planning.FirstSteps";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({steps: []});
        // Not waited for: the map must not be later because of its help.
        onWillStart(() => {
            this.load();
        });
    }

    async load() {
        this.state.steps = await this.orm.silent.call(
            "res.company",
            "get_territory_start",
            []
        );
    }

    get next() {
        return this.state.steps.find((step) => !step.done)?.key;
    }

    mark(step) {
        return step.done ? _t("Done") : _t("To do");
    }

    text({key, count, total}) {
        return {
            places: total
                ? _t("%(count)s of %(total)s accounts have a place", {count, total})
                : _t("Customers with orders, meetings or leads become accounts"),
            reps: total
                ? _t("%(count)s of %(total)s reps have hours and a start", {
                      count,
                      total,
                  })
                : _t("Put salespeople in a sales team"),
            month: count
                ? _t("This month is planned")
                : _t("Which visits pay, within each rep's hours"),
        }[key];
    }

    get labels() {
        return {
            places: _t("Place the Accounts"),
            reps: _t("Check Capacities"),
            month: _t("See the Month"),
        };
    }

    async open(key) {
        if (key === "places") {
            return this.action.doAction("territory_planning.territory_places_action");
        }
        if (key === "reps") {
            return this.action.doAction("territory_planning.territory_capacity_action");
        }
        return this.action.doAction(
            await this.orm.call("territory.plan", "action_open_this_month", [])
        );
    }

    async close() {
        this.state.steps = [];
        await this.orm.call("res.company", "close_territory_start", []);
    }
}
