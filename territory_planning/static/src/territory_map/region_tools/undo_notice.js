import {_t} from "@web/core/l10n/translation";

/** After a saved change: what was done, and the way back. One at a time. */
export class UndoNotice {
    /** @param {import("./region_tools").RegionTools} tools */
    constructor(tools) {
        this.tools = tools;
        this.close = null;
    }

    /** @param {Object} answer of a change: `names`, `said`, `batch`, `made`, `changed` */
    show(answer) {
        this.close?.();
        const {notification} = this.tools.services;
        const {names, said, batch} = answer;
        const text =
            names.length > 3
                ? _t("%s regions are saved.", names.length)
                : _t("Saved: %s.", names.join(", "));
        const placed = _t("Accounts are being placed anew.");
        const buttons = batch
            ? [
                  {
                      name: _t("Undo"),
                      onClick: () => {
                          this.close?.();
                          this.tools.undoSaved(batch);
                      },
                  },
              ]
            : [];
        this.close = notification.add([text, ...said, placed].join(" "), {
            type: "success",
            className: "o_territory_undo_notice",
            autocloseDelay: 12_000,
            buttons,
        });
    }
}
