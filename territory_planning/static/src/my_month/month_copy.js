import {browser} from "@web/core/browser/browser";
import {ownName} from "@territory_planning/entry_queue/entry_store";

/** The last month that was loaded on this phone, for when there is no connection. */
const key = () => ownName("my_month");

/** @returns {boolean} whether it is kept */
export function keepCopy(month) {
    try {
        browser.localStorage.setItem(key(), JSON.stringify(month));
        return true;
    } catch (error) {
        console.warn("The month could not be kept on this device", error);
        return false;
    }
}

/** @returns {Object|null} what was kept, if it can be read */
export function readCopy() {
    try {
        const month = JSON.parse(browser.localStorage.getItem(key()));
        return month && month.plan && Array.isArray(month.lines) ? month : null;
    } catch (error) {
        console.warn("The month kept on this device cannot be read", error);
        return null;
    }
}
