import {_t} from "@web/core/l10n/translation";
import {rpc} from "@web/core/network/rpc";
import {download} from "@web/core/network/download";
import {user} from "@web/core/user";
import {session} from "@web/session";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {ExportDataDialog} from "@web/views/view_dialogs/export_data_dialog";

/**
 * What can be done with the records one sees: Odoo's own actions, reports and export,
 * on what is selected or else on what is found and inside the window of the map.
 */
export class ShownRecords {
    /**
     * @param {Object} services `model`, `dialog`, `action`, `getContext()`
     */
    constructor({model, dialog, action, getContext}) {
        this.model = model;
        this.dialog = dialog;
        this.getContext = getContext;
        this.action = action;
        this.mayExport = false;
    }

    async loadRights() {
        this.mayExport = await user.hasGroup("base.group_allow_export");
    }

    get isSelection() {
        return Boolean(this.model.parts.selection?.ids?.size);
    }

    get ids() {
        if (this.isSelection) {
            return [...this.model.parts.selection.ids];
        }
        return this.model.idsInView();
    }

    /** "437 accounts in view" */
    get label() {
        const count = this.model.countLabel(this.ids.length);
        return this.isSelection ? _t("%s selected", count) : _t("%s in view", count);
    }

    /**
     * Nothing was ticked one by one: so say first what an action would be done to, and
     * do nothing if it is nothing, or more than Odoo hands to an action.
     */
    confirm(item) {
        const {ids} = this;
        if (item.key === "export") {
            return Promise.resolve(true);
        }
        if (!ids.length || ids.length > session.active_ids_limit) {
            this.model.setNotice(
                ids.length
                    ? _t(
                          "%(found)s are too many for this action, %(limit)s at most. Zoom in or search for fewer.",
                          {found: this.label, limit: session.active_ids_limit}
                      )
                    : _t("There is nothing in view. Move the map first.")
            );
            return Promise.resolve(false);
        }
        return new Promise((resolve) => {
            this.dialog.add(
                ConfirmationDialog,
                {
                    title: item.description,
                    body: _t("Do this with the %s?", this.label),
                    confirmLabel: _t("Continue"),
                    confirm: () => resolve(true),
                    cancel: () => resolve(false),
                },
                {onClose: () => resolve(false)}
            );
        });
    }

    /** @param {Object} [menus] what Odoo has for records of this model */
    items(menus) {
        const action = [...(menus?.action || [])];
        if (this.mayExport) {
            action.unshift({
                key: "export",
                description: this.isSelection
                    ? _t("Export Selected")
                    : _t("Export What Is in View"),
                icon: "fa fa-upload",
                sequence: 10,
                callback: () => this.openExport(),
            });
        }
        return {action, print: menus?.print};
    }

    openExport() {
        const {model} = this;
        const ids = this.ids;
        const root = {
            resModel: model.resModel,
            activeFields: {},
            fields: model.fields,
            context: this.getContext(),
            domain: [["id", "in", ids]],
            groupBy: [],
            isDomainSelected: false,
            selection: ids.map((resId) => ({resId})),
        };
        const {archInfo, fields} = model;
        const names = [
            ...new Set(
                [
                    "display_name",
                    ...archInfo.colors,
                    archInfo.value,
                    ...archInfo.figures,
                    archInfo.latitude,
                    archInfo.longitude,
                ].filter((name) => name && fields[name])
            ),
        ];
        this.dialog.add(ExportDataDialog, {
            context: root.context,
            defaultExportList: names.map((name) => ({...fields[name], name, id: name})),
            download: (chosen, compatible, format) =>
                this.download(root, ids, chosen, compatible, format),
            getExportedFields: (compatible, parentParams) =>
                rpc("/web/export/get_fields", {
                    model: root.resModel,
                    domain: parentParams ? [] : root.domain,
                    import_compat: compatible,
                    ...parentParams,
                }),
            root,
        });
    }

    download(root, ids, chosen, compatible, format) {
        const fields = chosen.map((field) => ({
            name: field.name || field.id,
            label: field.label || field.string,
            store: field.store,
            type: field.field_type || field.type,
        }));
        if (compatible) {
            fields.unshift({name: "id", label: _t("External ID")});
        }
        return download({
            data: {
                data: JSON.stringify({
                    import_compat: compatible,
                    context: root.context,
                    domain: root.domain,
                    fields,
                    groupby: [],
                    ids,
                    model: root.resModel,
                }),
            },
            url: `/web/export/${format}`,
        });
    }
}
