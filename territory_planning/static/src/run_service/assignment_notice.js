import {_t} from "@web/core/l10n/translation";

/** Long enough to read the sentence and to think better of it. */
export const UNDO_TIME = 12_000;

/**
 * Say what an assignment did, with the way back beside it.
 *
 * @param {Object} services `notification`, `orm`
 * @param {Object} said
 * @param {string} said.message
 * @param {number} said.assignment id of what can be undone
 * @param {boolean} [said.canUndo]
 * @param {boolean} [said.sticky] for those who have turned to something else meanwhile
 * @param {string} [said.type]
 * @param {Function} [onUndone]
 */
export function showAssignment(
    {notification, orm},
    {message, assignment, canUndo = true, sticky = false, type = "success"},
    onUndone = () => {}
) {
    const close = notification.add(message, {
        type,
        sticky,
        autocloseDelay: UNDO_TIME,
        buttons: canUndo
            ? [
                  {
                      name: _t("Undo"),
                      primary: true,
                      onClick: async () => {
                          close();
                          await undoAssignment({notification, orm}, assignment);
                          await onUndone();
                      },
                  },
              ]
            : [],
    });
}

/** Take an assignment back and say what came of it, or that it is under way. */
export async function undoAssignment({notification, orm}, assignment) {
    const {message, kept, state} = await orm.call(
        "territory.assignment",
        "undo_from_map",
        [[assignment]]
    );
    const type = state === "undoing" ? "info" : "success";
    notification.add(message, {type: kept ? "warning" : type, sticky: Boolean(kept)});
}
