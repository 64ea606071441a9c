import {formatCurrency} from "@web/core/currency";
import {Domain} from "@web/core/domain";
import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {Model} from "@web/model/model";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";
import {Coloring} from "./coloring";
import {areaBounds, cleanArea, labelPlace} from "./geometry";
import {recordColor} from "./palette";
import {fetchPoints, PointsError} from "./points_request";
import {isRegionChoice} from "./region_tools/region_coloring";

const ACCOUNT_MODEL = "territory.account";
const HEATS = {"heat:count": "count", "heat:value": "value"};
/** What records can be grouped by and a map coloured. */
const GROUP_TYPES = ["many2one", "selection", "boolean"];
const REGION_MODEL = "territory.region";

/**
 * What a tool of the map remembers: name -> class. Each map makes one of each and has it
 * as `model.parts[name]`. A part is made with the model and what its `exportState()`
 * said when the user left; `exportState` and `onPoints(points)` are optional.
 */
const parts = registry.category("territory_map_parts");
const panels = registry.category("territory_map_panels");

/**
 * What is on the map and what the user made of it. Knows the server and nothing of
 * maps: the renderer draws whatever is in here after each `notify`.
 */
export class TerritoryMapModel extends Model {
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
        const plain = ({kind, id, ids, params, back}) => ({
            kind,
            ...(id && {id}),
            ...(ids && {ids}),
            ...(params && {params}),
            ...(back && {back: plain(back)}),
        });
        return {
            view: this.view,
            colorField: this.colorField,
            sized: this.sized,
            colors: [...this.keptColors].map(([field, kept]) => [field, [...kept]]),
            hiddenRegions: [...this.hiddenRegions],
            regionsFilled: this.regionsFilled,
            panel: this.panel && plain(this.panel),
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

    /** Read what a panel shows that was open when the user left. */
    fillPanel() {
        const {panel} = this;
        if (panel?.kind === "card" && !this.card) {
            this.openCard(panel.id, panel.back);
        } else if (panel?.kind === "stack" && !panel.records) {
            this.openStack(panel.ids);
        }
    }

    /**
     * To group by something means, on a map, to colour by it: a search, or a favourite
     * of it, that says so chooses the colours.
     */
    followGroupBy(groupBy) {
        const name = groupBy[0]?.split(":")[0] || null;
        const before = this.groupField;
        this.groupField = name;
        if (!name || (name === before && this.points)) {
            return;
        }
        if (!this.isColorChoice(name)) {
            const field = this.fields[name];
            if (!GROUP_TYPES.includes(field?.type)) {
                this.notice = _t(
                    "The map cannot be coloured by “%s”. The list and the pivot can group by it.",
                    field?.string || name
                );
                return;
            }
            this.extraColor = name;
        }
        this.colorField = name;
        this.highlight = null;
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

    /** Regions and the street map: the map is usable without them. */
    async loadLayers() {
        const {regions, tiles, can_edit} = await this.orm.silent
            .call(REGION_MODEL, "get_territory_map_layers", [])
            .catch(() => ({regions: [], tiles: false}));
        let rank = 0;
        this.regions = regions.map((region) => {
            const area = cleanArea(region.geometry);
            return {
                ...region,
                color: recordColor(region.color, region.color ? 0 : rank++),
                area,
                bounds: area && areaBounds(area),
                label: area && labelPlace(area),
            };
        });
        this.tiles = tiles;
        this.canEditRegions = Boolean(can_edit);
        for (const [name, {relation}] of Object.entries(this.fields)) {
            if (relation === REGION_MODEL) {
                // Accounts of a region in the colour of the region.
                this.keptColors.set(
                    name,
                    new Map(this.regions.map(({id, color}) => [id, color]))
                );
            }
        }
        this.recolor();
        this.notify();
    }

    get isEmpty() {
        return this.status === "ready" && !this.points.length && !this.points.placeless;
    }

    // ------------------------------------------------------------------ colours
    setColorField(name) {
        this.colorField = name;
        this.highlight = null;
        this.recolor();
        this.notify();
    }

    recolor() {
        if (!this.points) {
            return;
        }
        const {regionColoring} = this.parts;
        if (regionColoring?.figure) {
            this.coloring = new Coloring(this.points, null);
            this.coloring.slots[0].color = regionColoring.accountColor;
            return;
        }
        const field = this.heat ? null : this.colorField;
        if (this.parts.figures?.has(field)) {
            // Until it is here, what is seen stays as it is.
            this.coloring =
                this.parts.figures.coloring(field) ||
                (this.coloring?.points === this.points && this.coloring) ||
                new Coloring(this.points, null);
            return;
        }
        if (!this.keptColors.has(field)) {
            this.keptColors.set(field, new Map());
        }
        this.coloring = new Coloring(this.points, field, this.keptColors.get(field));
    }

    /** What the heat is summed from, "count" or "value"; null if there is no heat. */
    get heat() {
        return HEATS[this.colorField] || null;
    }

    /** The fields whose categories come with the points. */
    get colors() {
        const {colors} = this.archInfo;
        return this.extraColor ? [...colors, this.extraColor] : colors;
    }

    isColorChoice(name) {
        const {colors} = this;
        const {figures, value} = this.archInfo;
        return (
            colors.includes(name) ||
            figures.includes(name) ||
            name === "heat:count" ||
            isRegionChoice(this.resModel, name) ||
            (name === "heat:value" && Boolean(value))
        );
    }

    setSized(sized) {
        this.sized = sized;
        this.notify();
    }

    toggleHighlight(key) {
        this.highlight = this.highlight === key ? null : key;
        this.notify();
    }

    /** What the colours may mean: groups of choices. */
    get colorChoices() {
        const {colors} = this;
        const {figures, value} = this.archInfo;
        const choice = (name) => ({name, label: this.fields[name].string});
        const heat = [{name: "heat:count", label: _t("Heat: how many")}];
        if (value) {
            heat.push({
                name: "heat:value",
                label: _t("Heat: %s", this.fields[value].string),
            });
        }
        return [
            {label: _t("Groups"), choices: colors.map(choice)},
            {label: _t("Figures"), choices: figures.map(choice)},
            {label: _t("Regions"), choices: this.parts.regionColoring?.choices || []},
            {label: _t("Density"), choices: heat},
        ].filter(({choices}) => choices.length);
    }

    // ------------------------------------------------------------------ regions
    toggleRegion(id) {
        if (!this.hiddenRegions.delete(id)) {
            this.hiddenRegions.add(id);
        }
        this.notify();
    }

    setAllRegions(shown) {
        this.hiddenRegions = new Set(shown ? [] : this.regions.map(({id}) => id));
        this.notify();
    }

    toggleRegionsFilled() {
        this.regionsFilled = !this.regionsFilled;
        this.notify();
    }

    get shownRegions() {
        const shown = this.regions.filter(
            ({id, area}) => area && !this.hiddenRegions.has(id)
        );
        return this.parts.regionColoring?.paint(shown) || shown;
    }

    // ------------------------------------------------------------------- panels
    async openCard(id, back = this.panelToReturnTo()) {
        this.panel = {kind: "card", id, back};
        const card = {status: "loading", data: null};
        this.card = card;
        this.notify();
        const method = this.archInfo.card;
        try {
            card.data = await this.keepCard.add(
                this.orm.silent.call(this.resModel, method, [[id]], {
                    context: this.context,
                })
            );
            card.status = "ready";
        } catch (error) {
            card.status = "error";
            card.error =
                error.data?.message || _t("The card of this account cannot be read.");
        }
        this.notify();
    }

    /**
     * Show the panel of a tool: a kind of the registry `territory_map_panels`.
     *
     * @param {string} kind
     * @param {Object} [options]
     * @param {Object} [options.params] plain values, which outlive a visit elsewhere
     * @param {Object|null} [options.back] the panel to return to
     */
    openPanel(kind, {params = null, back = null} = {}) {
        this.panel = {kind, params, back};
        this.card = null;
        this.notify();
    }

    /** Records in one and the same place, to choose from. */
    async openStack(ids) {
        const panel = {kind: "stack", ids, records: null};
        this.panel = panel;
        this.card = null;
        this.notify();
        const records = await this.orm.silent
            .read(this.resModel, ids, ["display_name"], {context: this.context})
            .catch(() => []);
        panel.records = records;
        this.notify();
    }

    /** The figures may have changed: read the card again, without emptying it first. */
    async refreshCard() {
        const {card, panel} = this;
        if (panel?.kind === "card" && card?.status === "ready") {
            const data = await this.orm.silent.call(
                this.resModel,
                this.archInfo.card,
                [[panel.id]],
                {context: this.context}
            );
            if (this.card === card) {
                card.data = data;
                this.notify();
            }
        }
    }

    /** From a card one goes back to whatever it was chosen from, but not to a card. */
    panelToReturnTo() {
        return this.panel?.kind === "card" ? this.panel.back || null : this.panel;
    }

    closePanel() {
        this.panel = null;
        this.card = null;
        this.notify();
    }

    /** One step back: from a card to the list it was chosen from, else to the map. */
    stepBack() {
        if (this.panel?.back) {
            this.panel = this.panel.back;
            this.card = null;
            this.fillPanel();
            this.notify();
        } else {
            this.closePanel();
        }
    }

    /** What the panel is about, for those who hear it. */
    get panelLabel() {
        if (this.panel?.kind === "stack") {
            return _t("%s in this place", this.countLabel(this.panel.ids.length));
        }
        if (this.panel?.kind === "card") {
            return this.card?.data?.name || _t("Account");
        }
        return panels.get(this.panel?.kind, null)?.label?.(this) || "";
    }

    get selectedId() {
        return this.panel?.kind === "card" ? this.panel.id : null;
    }

    // ------------------------------------------------------------------- status
    /** "437 accounts": how many of what the map shows. */
    countLabel(count, what = this.resModel === ACCOUNT_MODEL ? "account" : "record") {
        const number = formatInteger(count);
        if (what === "account") {
            return count === 1 ? _t("1 account") : _t("%s accounts", number);
        }
        return count === 1 ? _t("1 record") : _t("%s records", number);
    }

    /** An amount of the values with unit and name; nothing if they do not add up. */
    amountLabel(amount) {
        const {points, archInfo, fields} = this;
        if (amount === null || !archInfo.value) {
            return "";
        }
        const {type, string} = fields[archInfo.value];
        const {currency} = points.header;
        if (type === "monetary" && !currency) {
            return _t("%s in several currencies", string);
        }
        const decimals = Math.abs(amount) < 1000 ? 0 : 1;
        const text =
            type === "monetary"
                ? formatCurrency(amount, currency, {
                      humanReadable: true,
                      digits: [16, decimals],
                      minDigits: 1,
                  })
                : formatFloat(amount, {humanReadable: true, decimals});
        return `${text} ${string}`;
    }

    /** What some records are worth together, in lines of text. */
    describe(rows) {
        const {points} = this;
        const sum = rows.reduce((total, row) => total + points.value(row), 0);
        return points.values ? [this.amountLabel(sum)].filter(Boolean) : [];
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
