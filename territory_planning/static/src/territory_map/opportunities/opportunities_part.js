import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const ACCOUNT_MODEL = "territory.account";
const SPACE_MODEL = "territory.white.space";
const EARTH_KM = 6371;

/**
 * Where customers are missing, and the prospects and leads of a part of the map. Knows
 * the server; the panel and the layer show what is in here after each change.
 */
export class OpportunitiesPart {
    constructor(model, {tab = "list", regionId = false, order = "worth"} = {}) {
        this.model = model;
        this.tab = tab; // list, white
        this.order = order; // worth, near
        this.regionId = regionId; // a region, else what is in view
        this.origin = null; // [longitude, latitude] that distances are from
        this.waitsForOrigin = false;
        this.status = "idle"; // loading, refreshing, ready, error
        this.error = "";
        this.found = null; // {rows, accounts, leads, placeless, more}
        this.white = null; // {space, cells, places}
        this.whiteError = "";
        this.painted = true;
        this.keepFound = new KeepLast();
        this.asked = null; // the area of what is found
    }

    exportState() {
        const {tab, regionId, order} = this;
        return {tab, regionId, order};
    }

    get orm() {
        return this.model.orm.silent;
    }

    // ------------------------------------------------------------------- opening
    open() {
        this.model.openPanel("opportunities");
    }

    /** Whether the panel is open, or waits below a card. */
    get isOpen() {
        for (let {panel} = this.model; panel; panel = panel.back) {
            if (panel.kind === "opportunities") {
                return true;
            }
        }
        return false;
    }

    load() {
        // back from choosing a place without having chosen one
        this.waitsForOrigin &&= Boolean(this.model.target);
        this.loadRows();
        if (!this.white) {
            this.loadWhite();
        }
    }

    /** Another search on the map is another choice of accounts. */
    onPoints() {
        this.asked = null;
        if (this.model.panel?.kind === "opportunities") {
            this.loadRows();
        }
    }

    /** The map has come to rest: what is in view is something else. */
    moved() {
        if (this.waitsForOrigin) {
            this.waitsForOrigin = false;
            this.origin = [...this.model.view.center];
            this.order = "near";
        }
        if (!this.regionId) {
            this.loadRows();
        }
    }

    // ------------------------------------------------------------------- reading
    get area() {
        if (this.regionId) {
            return {region: this.regionId};
        }
        return this.model.bounds ? {box: [...this.model.bounds]} : null;
    }

    get domain() {
        const {model} = this;
        return model.resModel === ACCOUNT_MODEL ? model.domain || [] : [];
    }

    async loadRows() {
        const {area} = this;
        const asked = JSON.stringify(area);
        if (!area || asked === this.asked) {
            this.model.notify();
            return;
        }
        this.asked = asked;
        this.status = this.found ? "refreshing" : "loading";
        this.model.notify();
        try {
            this.found = await this.keepFound.add(
                this.orm.call(
                    ACCOUNT_MODEL,
                    "get_territory_opportunities",
                    [area, this.domain],
                    {context: this.model.context}
                )
            );
            this.status = "ready";
            this.error = "";
        } catch (error) {
            this.asked = null;
            this.status = "error";
            this.error =
                error.data?.message ||
                _t(
                    "The opportunities cannot be read. Check your connection and try again."
                );
        }
        this.model.notify();
    }

    async loadWhite() {
        this.whiteError = "";
        try {
            this.white = await this.orm.call(
                SPACE_MODEL,
                "get_territory_white_space",
                [],
                {context: this.model.context}
            );
        } catch (error) {
            this.whiteError =
                error.data?.message || _t("The white space cannot be read.");
        }
        this.model.notify();
    }

    /** Ids of all accounts among what is found, not only of those listed. */
    readIds() {
        return this.orm.call(
            ACCOUNT_MODEL,
            "get_territory_opportunity_ids",
            [this.area, this.domain],
            {context: this.model.context}
        );
    }

    // ------------------------------------------------------------------ choosing
    show(tab) {
        this.tab = tab;
        this.model.notify();
    }

    setPainted(painted) {
        this.painted = painted;
        this.model.notify();
    }

    /** Look at a region, or with none at what is in view. */
    chooseRegion(id) {
        this.regionId = id;
        this.origin = null;
        this.order = "worth";
        this.loadRows();
    }

    /** Look around a place: the map moves there and the list follows. */
    lookAround(place, zoom) {
        this.regionId = false;
        this.waitsForOrigin = true;
        this.model.goTo(place, zoom);
    }

    /** The next place the map is moved to is the one to look around. */
    waitForPlace() {
        this.regionId = false;
        this.waitsForOrigin = true;
    }

    sortBy(order) {
        this.order = order;
        this.model.notify();
    }

    /** What is listed: by worth, or nearest first. */
    get rows() {
        const rows = this.found?.rows || [];
        if (this.order !== "near" || !this.origin) {
            return rows;
        }
        return [...rows].sort((a, b) => this.distance(a) - this.distance(b));
    }

    /** How far a row is from the place looked around, in km as the crow flies. */
    distance({lat, lon}) {
        if (!this.origin) {
            return null;
        }
        const rad = Math.PI / 180;
        const [x, y] = this.origin;
        const half =
            Math.sin(((lat - y) * rad) / 2) ** 2 +
            Math.cos(lat * rad) *
                Math.cos(y * rad) *
                Math.sin(((lon - x) * rad) / 2) ** 2;
        return 2 * EARTH_KM * Math.asin(Math.sqrt(half));
    }
}

registry.category("territory_map_parts").add("opportunities", OpportunitiesPart);
