import {Component} from "@odoo/owl";
import {isAndroid} from "@web/core/browser/feature_detection";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {_t} from "@web/core/l10n/translation";

/**
 * Ways to be led to a place. Nothing but numbers goes into an address.
 *
 * @param {number} latitude
 * @param {number} longitude
 * @param {boolean} android whose phones let the user choose with `geo:`
 * @returns {{ name: string, label: string, href: string }[]} none without a place
 */
export function navigationLinks(latitude, longitude, android) {
    const [lat, lon] = [Number(latitude), Number(longitude)];
    const known = (lat || lon) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
    if (!known) {
        return [];
    }
    const place = `${lat},${lon}`;
    const links = [
        {
            name: "google",
            label: _t("Google Maps"),
            href: `https://www.google.com/maps/dir/?api=1&destination=${place}&travelmode=driving`,
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

/** Lead me there: with which app? */
export class NavigateMenu extends Component {
    static template = "territory_planning.NavigateMenu";
    static components = {Dropdown};
    static props = {latitude: Number, longitude: Number};

    setup() {
        this.dropdown = useDropdownState();
    }

    get links() {
        return navigationLinks(this.props.latitude, this.props.longitude, isAndroid());
    }
}
