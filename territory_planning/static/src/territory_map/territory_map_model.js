import {Domain} from "@web/core/domain";
import {KeepLast} from "@web/core/utils/concurrency";
import {registry} from "@web/core/registry";
import {Model} from "@web/model/model";
import {withColors} from "./model/colors";
import {withPanels} from "./model/panels";
import {withRegions} from "./model/regions";
import {withWords} from "./model/words";
import {fetchPoints, PointsError} from "./points_request";

/**
 * What a tool of the map remembers: name -> class. Each map makes one of each and has it
 * as `model.parts[name]`. A part is made with the model and what its `exportState()`
 * said when the user left; `exportState` and `onPoints(points)` are optional.
 */
const parts = registry.category("territory_map_parts");

const Base = [withWords, withRegions, withColors, withPanels].reduce(
    (Class, extend) => extend(Class),
    Model
);

/**
 * What is on the map and what the user made of it. Knows the server and nothing of
 * maps: the renderer draws whatever is in here after each `notify`. Here is the state,
 * what is kept of it and what is asked for; `model/` has what is done with colours,
 * regions and panels, and the words.
 */
export class TerritoryMapModel extends Base {
    setup({resModel, fields, archInfo, state = {}}) {
        this.resModel = resModel;
        this.fields = fields;
        this.archInfo = archInfo;
        this.keepPoints = new KeepLast();
        this.keepCard = new KeepLast();

        this.status = "loading"; // loading, ready, error
        this.error = "";
        this.points = null;
        this.coloring = null;
        this.regions = [];
        this.canEditRegions = false;
        this.tiles = false;
        this.notice = "";

        this.view = state.view || null; // { center: [lon, lat], zoom }
        this.extraColor = null; // grouped by, and not one of the view's own
        this.groupField = null;
        this.target = null; // { place, zoom } or { bounds } to move to
        this.bounds = null;
        this.colorField = this.isColorChoice(state.colorField)
            ? state.colorField
            : archInfo.colors[0] || null;
        this.sized = Boolean(archInfo.value && state.sized); // dots by their value
        this.highlight = null; // key of the category that is looked at
        this.hiddenRegions = new Set(state.hiddenRegions);
        this.regionsFilled = state.regionsFilled ?? true;
        // { kind: "card", id }, { kind: "stack", ids }, or that of a tool with `params`
        this.panel = state.panel || null;
        this.card = null; // { status, data, error } of the panel's card
        // field -> Map(category -> colour)
        this.keptColors = new Map(
            (state.colors || []).map(([field, kept]) => [field, new Map(kept)])
        );
        this.parts = Object.fromEntries(
            parts
                .getEntries()
                .map(([name, Part]) => [
                    name,
                    new Part(this, state.parts?.[name] || {}),
                ])
        );
    }

    /** What to remember while the user looks at a record: plain values only. */
    exportState() {
        return {
            view: this.view,
            colorField: this.colorField,
            sized: this.sized,
            colors: [...this.keptColors].map(([field, kept]) => [field, [...kept]]),
            hiddenRegions: [...this.hiddenRegions],
            regionsFilled: this.regionsFilled,
            panel: this.exportPanel(),
            parts: Object.fromEntries(
                Object.entries(this.parts)
                    .filter(([, part]) => part.exportState)
                    .map(([name, part]) => [name, part.exportState()])
            ),
        };
    }

    // ------------------------------------------------------------------ loading
    /**
     * Start to load; what came is notified. Not awaited by the view, so that the map
     * and its libraries load meanwhile.
     */
    async load({domain, context, groupBy = []}) {
        this.domain = domain;
        this.context = context;
        this.followGroupBy(groupBy);
        this.loading = this.loadPoints();
        this.layersLoading ??= this.loadLayers();
        this.fillPanel();
    }

    async reload() {
        this.loading = this.loadPoints();
        await this.loading;
    }

    async loadPoints() {
        this.status = "loading";
        this.error = "";
        this.notify();
        const source = {resModel: this.resModel, ...this.archInfo, colors: this.colors};
        try {
            this.points = await this.keepPoints.add(
                fetchPoints(source, this.domain, this.context)
            );
            this.recolor();
            for (const part of Object.values(this.parts)) {
                part.onPoints?.(this.points);
            }
            this.status = "ready";
        } catch (error) {
            if (!(error instanceof PointsError)) {
                throw error;
            }
            this.status = "error";
            this.error = error.message;
        }
        this.notify();
    }

    get isEmpty() {
        return this.status === "ready" && !this.points.length && !this.points.placeless;
    }

    /** The domain of what the search finds and the map cannot show. */
    get placelessDomain() {
        const {latitude, longitude} = this.archInfo;
        const nowhere = Domain.or([
            Domain.and([[[latitude, "=", 0]], [[longitude, "=", 0]]]),
            [[latitude, "<", -90]],
            [[latitude, ">", 90]],
            [[longitude, "<", -180]],
            [[longitude, ">", 180]],
        ]);
        return Domain.and([this.domain, nowhere]).toList(this.context);
    }

    remember(view, bounds) {
        this.view = view;
        this.bounds = bounds;
        this.bus.trigger("moved");
    }

    /** The ids of the records in the window of the map. */
    idsInView() {
        const {points, bounds} = this;
        if (!points || !bounds) {
            return [];
        }
        return points.rowsWithin(bounds).map((row) => points.ids[row]);
    }

    countInView() {
        const {points, bounds} = this;
        return points && bounds ? points.countWithin(bounds) : 0;
    }

    /** Move the map; the renderer does, and the address follows. */
    goTo(place, zoom) {
        this.target = {place, zoom};
        this.notify();
    }

    /** Move the map so that a box is seen: west, south, east, north. */
    showBounds(bounds) {
        this.target = {bounds};
        this.notify();
    }

    setNotice(sentence) {
        this.notice = sentence;
        this.notify();
    }
}
