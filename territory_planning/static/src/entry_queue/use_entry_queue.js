import {onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/**
 * The queue of that name for a component, which is rendered again when it changes.
 * `queue` is there from the first rendering on; who needs it earlier awaits `ready`.
 *
 * @param {string} name in the registry `territory_entry_queues`
 * @param {Function} [onAnswer] called with `{answer, values}` for each answer
 */
export function useEntryQueue(name, onAnswer) {
    const service = useService("territory_entry_queue");
    const state = useState({waiting: 0, stuck: [], problem: "", kept: true});
    const handle = {state, queue: null, ready: service.queue(name)};

    function show() {
        const {queue} = handle;
        state.waiting = queue.waiting.length;
        state.stuck = queue.stuck.map((row) => ({...row}));
        state.problem = queue.problem;
        state.kept = queue.kept;
    }
    const answered = (ev) => onAnswer?.(ev.detail);

    onWillStart(async () => {
        handle.queue = await handle.ready;
        handle.queue.addEventListener("change", show);
        handle.queue.addEventListener("answer", answered);
        show();
    });
    onWillUnmount(() => {
        handle.queue?.removeEventListener("change", show);
        handle.queue?.removeEventListener("answer", answered);
    });
    return handle;
}
