import {
    Component,
    onMounted,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {hasTouch} from "@web/core/browser/feature_detection";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {LeafletEngine} from "./engines/leaflet_engine";
import {AccountsLayer} from "./layers/accounts";
import {BasemapLayer} from "./layers/basemap";
import {RegionsLayer, STRONG} from "./layers/regions";
import {Legend} from "./legend/legend";
import {useBackStep} from "./map_panel/back_step";
import {MapPanel} from "./map_panel/map_panel";
import {RegionsMenu} from "./regions_menu/regions_menu";
import {StatusLine} from "./status_line/status_line";
import {ToolRail} from "./tool_rail/tool_rail";

/** Central Europe: what is seen when there is nothing to fit to. */
const NOWHERE = {center: [10, 50], zoom: 4};

/**
 * Panel kinds -> component, so that other tools bring their own. A component may have
 * `static wide = true` for one that needs more room than a card, and
 * `static label(model)` for what it is called.
 */
const panels = registry.category("territory_map_panels");
/**
 * What tools draw: name -> `(context) => layer`, made in their sequence. The context has
 * `engine, model, library, touch, renderer`. A layer has `update(model)` for after each
 * change and, if need be, `move()` for after each move, `click(point)` and
 * `cluster(cluster)`, which answer whether they have taken the click, and `destroy()`.
 */
const layers = registry.category("territory_map_layers");
/** What lies over the map, a bar while something is drawn, say: components with `model`. */
const controls = registry.category("territory_map_controls");
/**
 * What the menu top left offers below the regions: `label`, `icon` (a class), `start(model)`
 * and, if need be, `isAvailable(model)`.
 */
const menuItems = registry.category("territory_map_menu_items");

/** The map and what lies on it: keeps engine and layers in step with the model. */
export class TerritoryMapRenderer extends Component {
    static template = "territory_planning.TerritoryMapRenderer";
    static components = {Legend, MapPanel, RegionsMenu, StatusLine, ToolRail};
    static props = {
        model: Object,
        library: Promise,
        basemap: Promise,
        openRecord: Function,
        openPlaceless: Function,
        planVisit: Function,
    };

    setup() {
        this.ui = useService("ui");
        this.mapRef = useRef("map");
        this.state = useState({failed: ""});
        this.engine = null;
        this.alive = true;
        this.wasWide = false;
        onMounted(() => this.start());
        onWillUnmount(() => this.stop());
        useEffect(() => this.sync());
        useBackStep(
            () => Boolean(this.model.panel),
            () => this.model.stepBack()
        );
    }

    get model() {
        return this.props.model;
    }

    get Panel() {
        return this.model.panel && panels.get(this.model.panel.kind);
    }

    get controls() {
        return controls.getAll();
    }

    get menuItems() {
        return menuItems
            .getAll()
            .filter(({isAvailable}) => !isAvailable || isAvailable(this.model));
    }

    get isWide() {
        return Boolean(this.Panel?.wide);
    }

    // ------------------------------------------------------------------- engine
    async start() {
        try {
            const [library] = await Promise.all([
                this.props.library,
                this.model.loading,
            ]);
            this.library = library;
        } catch {
            this.state.failed = _t(
                "The map could not be loaded. Check your connection and reload the page."
            );
            return;
        }
        if (!this.alive) {
            return;
        }
        this.engine = new LeafletEngine(this.mapRef.el, {
            L: this.library.L,
            view: this.model.view || NOWHERE,
            onMove: () => this.onMove(),
            onClick: (point) => this.onClick(point),
            onHover: (point) => this.accounts.hit(point),
        });
        this.makeLayers();
        this.observer = new ResizeObserver(() => this.onResize());
        this.observer.observe(this.mapRef.el);
        this.sync();
        this.mapRef.el.dataset.ready = "1";
    }

    makeLayers() {
        const {engine, model} = this;
        this.basemap = new BasemapLayer(engine);
        this.props.basemap.then((data) => this.alive && this.basemap.draw(data));
        this.regions = new RegionsLayer(engine);
        this.accounts = new AccountsLayer(engine, {
            touch: hasTouch(),
            label: (count) => model.countLabel(count),
            doubt: (count) => model.doubtLabel(count),
            onSelect: (id) => this.select(id),
            onStack: (ids) => model.openStack(ids),
            onCluster: (cluster) =>
                this.layers.some((layer) => layer.cluster?.(cluster)),
            describe: (rows) => model.describe(rows),
        });
        const context = {
            engine,
            model,
            library: this.library,
            touch: hasTouch(),
            renderer: this,
        };
        this.layers = layers.getAll().map((make) => make(context));
    }

    onClick(point) {
        if (!this.layers.some((layer) => layer.click?.(point))) {
            this.accounts.click(point);
        }
    }

    /** Show the card of a record; without a card the record itself. */
    select(id) {
        if (this.model.archInfo.card) {
            this.model.openCard(id);
        } else {
            this.props.openRecord(id);
        }
    }

    stop() {
        this.alive = false;
        this.observer?.disconnect();
        this.layers?.forEach((layer) => layer.destroy?.());
        this.engine?.destroy();
        this.engine = null;
    }

    /** Draw what the model says; each layer leaves alone what has not changed. */
    sync() {
        const {engine, model} = this;
        if (!engine) {
            return;
        }
        if (model.tiles !== this.tiles) {
            this.tiles = model.tiles;
            engine.setTiles(model.tiles || null, () => this.onTileError());
        }
        const byFigure = model.parts.regionColoring?.coloring;
        this.regions.update(
            model.shownRegions,
            model.regionsFilled || Boolean(byFigure),
            byFigure ? STRONG : undefined
        );
        if (model.points) {
            this.accounts.update(model);
            this.showPoints(model.points);
        }
        for (const layer of this.layers) {
            layer.update(model);
        }
        this.revealSelected();
        if (model.target) {
            const {place, zoom, bounds} = model.target;
            model.target = null;
            engine.resize(); // a panel may have closed just now
            if (bounds) {
                engine.fit(bounds);
            } else {
                engine.zoomTo(place, zoom);
            }
        }
    }

    onMove() {
        this.model.remember(this.engine.view, this.engine.bounds);
        this.regions.move();
        this.accounts.move();
        for (const layer of this.layers) {
            layer.move?.();
        }
    }

    onResize() {
        const keepCenter = this.isWide !== this.wasWide;
        this.wasWide = this.isWide;
        this.engine.resize({keepCenter});
        this.revealSelected(true);
    }

    onTileError() {
        this.engine.setTiles(null);
        this.model.setNotice(
            _t("The street map cannot be reached. The built-in map is shown instead.")
        );
    }

    // ----------------------------------------------------------------- movement
    fitHome(options) {
        const bounds = this.model.points?.homeBounds();
        if (bounds) {
            this.engine.fit(bounds, options);
        }
    }

    /** New data moves the map only if none of it would be seen otherwise. */
    showPoints(points) {
        if (points === this.shownPoints) {
            return;
        }
        this.shownPoints = points;
        if (!this.model.view || !points.anyWithin(this.engine.bounds)) {
            this.fitHome({animate: false});
        }
    }

    fitRegion(region) {
        if (region.bounds) {
            this.engine.fit(region.bounds);
        }
    }

    zoomBy(step) {
        this.engine?.zoomBy(step);
    }

    /** Keep the account of the card in sight when the panel opens over or beside it. */
    revealSelected(again = false) {
        const {points, selectedId} = this.model;
        if (selectedId === this.revealed && !again) {
            return;
        }
        this.revealed = selectedId;
        const row = selectedId && points ? points.rowOf(selectedId) : -1;
        if (row >= 0) {
            const covered = this.ui.isSmall ? this.mapRef.el.clientHeight / 2 : 0;
            this.engine.reveal(points.place(row), covered);
        }
    }
}
