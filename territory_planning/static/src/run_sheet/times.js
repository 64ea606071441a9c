import {_t} from "@web/core/l10n/translation";

const {DateTime} = luxon;

/** The time of day of a moment where the trip is; nothing for none. */
export function timeText(moment, tz) {
    return moment
        ? DateTime.fromISO(moment).setZone(tz).toLocaleString(DateTime.TIME_SIMPLE)
        : "";
}

/** A day in words, as near as they are. */
export function dayText(day, today) {
    if (!day) {
        return "";
    }
    const date = DateTime.fromISO(day);
    const days = Math.round(date.diff(DateTime.fromISO(today), "days").days);
    const near = {0: _t("Today"), 1: _t("Tomorrow"), "-1": _t("Yesterday")}[days];
    const text = date.toLocaleString({
        weekday: "short",
        day: "numeric",
        month: "short",
    });
    return near ? `${near}, ${text}` : text;
}

/** When to leave for a stop, at the latest. */
export function leaveText(stop, tz) {
    if (!stop.arrival || !stop.drive_minutes) {
        return "";
    }
    const leave = DateTime.fromISO(stop.arrival).minus({minutes: stop.drive_minutes});
    return timeText(leave.toISO(), tz);
}
