/**
 * What a phone enters about a stop, and how the stop looks with it before the server has
 * it. Pure.
 */

/** A stop at which nothing has happened. */
const UNTOUCHED = {
    state: "planned",
    check_in: false,
    check_out: false,
    outcome: false,
    outcome_note: "",
    skip_reason: "",
    postponed_to: false,
};

/** An entry about a stop as it is shown now; the server compares. */
export function makeEntry(kind, stop, at, values = {}) {
    return {
        kind,
        stop_id: stop.id,
        at,
        seen: {
            state: stop.state,
            outcome: stop.outcome || false,
            arrival: stop.arrival || false,
        },
        ...values,
    };
}

/** The stop after an entry. */
export function applyEntry(stop, entry) {
    switch (entry.kind) {
        case "check_in":
            return {...stop, state: "there", check_in: entry.at};
        case "outcome":
            return {
                ...stop,
                state: "done",
                outcome: entry.outcome,
                outcome_note: entry.note || "",
                check_in: stop.check_in || entry.at,
                check_out: entry.at,
            };
        case "skipped":
        case "postponed":
            return {
                ...stop,
                state: "skipped",
                skip_reason: entry.reason || "",
                postponed_to: entry.to || false,
            };
        case "undone":
            return {...stop, ...UNTOUCHED};
        default:
            return stop;
    }
}

/**
 * The stops with everything that waits to be sent.
 *
 * @param {Object[]} stops as the server told them
 * @param {Object[]} entries in the order in which they were made
 */
export function withEntries(stops, entries) {
    return stops.map((stop) => {
        const own = entries.filter((entry) => entry.stop_id === stop.id);
        const shown = own.reduce(applyEntry, stop);
        return own.length ? {...shown, pending: true} : stop;
    });
}

/** Where to go next: whom one is with, else the first that is still to be visited. */
export function nextStop(stops) {
    return (
        stops.find((stop) => stop.state === "there") ||
        stops.find((stop) => stop.state === "planned" && stop.arrival) ||
        stops.find((stop) => stop.state === "planned") ||
        null
    );
}
