import {browser} from "@web/core/browser/browser";

/** A check-in does not wait longer for a place, in ms. */
const PATIENCE = 5000;

/**
 * Where this phone is, asked once, at the tap; nothing is watched. Without permission,
 * without a place or in time there is none, and the check-in goes on.
 *
 * @returns {Promise<{latitude: number, longitude: number, accuracy: number}|null>}
 */
export function whereNow() {
    const {geolocation} = browser.navigator;
    if (!geolocation || !window.isSecureContext) {
        return Promise.resolve(null);
    }
    return new Promise((resolve) => {
        // a browser may wait for its user's answer for ever
        const timer = browser.setTimeout(() => resolve(null), PATIENCE);
        const done = (place) => {
            browser.clearTimeout(timer);
            resolve(place);
        };
        geolocation.getCurrentPosition(
            ({coords}) =>
                done({
                    latitude: coords.latitude,
                    longitude: coords.longitude,
                    accuracy: Math.min(coords.accuracy || 0, 1e6),
                }),
            () => done(null),
            {enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 0}
        );
    });
}
