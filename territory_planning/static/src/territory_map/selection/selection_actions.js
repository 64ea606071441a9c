import {useService} from "@web/core/utils/hooks";
import {_t} from "@web/core/l10n/translation";
import {download} from "@web/core/network/download";
import {user} from "@web/core/user";
import {showAssignment, UNDO_TIME} from "../../run_service/assignment_notice";

const EXPORTED = [
    "name",
    "partner_id",
    "city",
    "zip",
    "country_id",
    "user_id",
    "team_id",
    "region_id",
    "segment",
    "revenue_12m",
    "revenue_previous",
    "margin_12m",
    "orders_12m",
    "last_order_date",
    "visits_12m",
    "last_visit_date",
    "next_visit_date",
    "open_leads",
    "pipeline",
    "visits_today",
    "visits_optimal",
    "visits_recommended",
    "expected_gain",
    "latitude",
    "longitude",
];

/**
 * What can be done with accounts chosen on the map: dialogs of Odoo's own forms, and
 * what the map says and shows afterwards.
 *
 * @param {import("../territory_map_model").TerritoryMapModel} model
 */
export function useSelectionActions(model) {
    const action = useService("action");
    const notification = useService("notification");

    function openDialog(name, resModel, ids, context, onDone) {
        return action.doAction(
            {
                type: "ir.actions.act_window",
                name,
                res_model: resModel,
                views: [[false, "form"]],
                target: "new",
                context: {...model.context, ...context, territory_selection: ids},
            },
            {onClose: (infos) => infos?.message && onDone(infos)}
        );
    }

    async function refresh() {
        await model.reload();
        await model.refreshCard();
    }

    async function onAssigned({message, assignment, changed, state}) {
        if (state === "waiting") {
            model.parts.assigning.begin(assignment);
            notification.add(message, {type: "info"});
            return;
        }
        showAssignment(
            {notification, orm: model.orm},
            {message, assignment, canUndo: changed > 0},
            refresh
        );
        await refresh();
    }

    function onTrip({message, trip}) {
        const close = notification.add(message, {
            type: "success",
            autocloseDelay: UNDO_TIME,
            buttons: [
                {
                    name: _t("Open the trip"),
                    onClick: () => {
                        close();
                        action.doAction({
                            type: "ir.actions.act_window",
                            res_model: "territory.trip",
                            res_id: trip,
                            views: [[false, "form"]],
                        });
                    },
                },
            ],
        });
    }

    const inCompany = (id) => (id ? {default_company_id: id} : {});
    return {
        assign: (kind, ids, companyId) => {
            const names = {
                rep: _t("Assign to a Salesperson"),
                region: _t("Put into a Region"),
                tag: _t("Tag Customers"),
            };
            return openDialog(
                names[kind],
                "territory.selection.assign",
                ids,
                {default_kind: kind, ...inCompany(companyId)},
                onAssigned
            );
        },
        addToTrip: (ids, companyId) =>
            openDialog(
                _t("Add to a Trip"),
                "territory.selection.trip",
                ids,
                inCompany(companyId),
                onTrip
            ),
        schedule: (ids) =>
            openDialog(
                _t("Schedule Activities"),
                "territory.selection.activity",
                ids,
                {},
                ({message}) => notification.add(message, {type: "success"})
            ),
        /** Odoo's own export: the user's rights, the user's language. */
        exportXlsx: (ids) =>
            download({
                url: "/web/export/xlsx",
                data: {
                    data: JSON.stringify({
                        import_compat: false,
                        context: {...user.context, ...model.context},
                        domain: [["id", "in", ids]],
                        fields: EXPORTED.filter((name) => model.fields[name]).map(
                            (name) => ({
                                name,
                                label: model.fields[name].string,
                                store: true,
                                type: model.fields[name].type,
                            })
                        ),
                        groupby: [],
                        ids,
                        model: model.resModel,
                    }),
                },
            }),
    };
}
