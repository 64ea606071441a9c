import {_t} from "@web/core/l10n/translation";

/** What Google's links take: waypoints on a phone and elsewhere, characters in all. */
const WAYPOINTS = {phone: 3, desk: 9};
const CHARACTERS = 2048;
const GOOGLE = "https://www.google.com/maps/dir/?api=1";

/** A place as the addresses below have it, or nothing if it is none. */
function placeText(latitude, longitude) {
    const [lat, lon] = [Number(latitude), Number(longitude)];
    const known = (lat || lon) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
    return known ? `${lat},${lon}` : "";
}

/**
 * Ways to be led to a place. Nothing but numbers goes into an address.
 *
 * @param {number} latitude
 * @param {number} longitude
 * @param {boolean} android whose phones let the user choose with `geo:`
 * @returns {{ name: string, label: string, href: string }[]} none without a place
 */
export function navigationLinks(latitude, longitude, android) {
    const place = placeText(latitude, longitude);
    if (!place) {
        return [];
    }
    const links = [
        {
            name: "google",
            label: _t("Google Maps"),
            href: `${GOOGLE}&destination=${place}&travelmode=driving`,
        },
        {
            name: "apple",
            label: _t("Apple Maps"),
            href: `https://maps.apple.com/?daddr=${place}&dirflg=d`,
        },
        {
            name: "waze",
            label: _t("Waze"),
            href: `https://waze.com/ul?ll=${encodeURIComponent(place)}&navigate=yes`,
        },
    ];
    if (android) {
        links.push({
            name: "geo",
            label: _t("Another app"),
            href: `geo:${place}?q=${place}`,
        });
    }
    return links;
}

/**
 * The whole way in Google Maps, from here through all places, in as many links as its
 * limits ask for; each begins where the one before it ends.
 *
 * @param {{latitude: number, longitude: number}[]} places in order; the last is the end
 * @param {boolean} phone phones take fewer places at once
 * @returns {string[]}
 */
export function routeLinks(places, phone) {
    const texts = places
        .map(({latitude, longitude}) => placeText(latitude, longitude))
        .filter(Boolean);
    const most = (phone ? WAYPOINTS.phone : WAYPOINTS.desk) + 1;
    const links = [];
    let origin = "";
    let rest = texts;
    while (rest.length) {
        let count = Math.min(most, rest.length);
        while (
            count > 1 &&
            googleLink(origin, rest.slice(0, count)).length > CHARACTERS
        ) {
            count--;
        }
        links.push(googleLink(origin, rest.slice(0, count)));
        origin = rest[count - 1];
        rest = rest.slice(count);
    }
    return links;
}

function googleLink(origin, texts) {
    const through = texts.slice(0, -1).map(encodeURIComponent).join("%7C");
    return [
        GOOGLE,
        origin && `&origin=${encodeURIComponent(origin)}`,
        `&destination=${encodeURIComponent(texts.at(-1))}`,
        through && `&waypoints=${through}`,
        "&travelmode=driving",
    ].join("");
}
