import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";

/** The button on an account: the dialog itself comes with the map's code. */
async function askVisitQuestions(env, action) {
    await loadBundle("web.assets_backend_lazy");
    const open = registry.category("territory_dialogs").get("visit_questions");
    open(env.services.dialog, {
        accountId: action.params.account_id,
        onSaved: () => env.services.action.doAction("soft_reload"),
    });
}

registry.category("actions").add("territory_visit_questions", askVisitQuestions);
