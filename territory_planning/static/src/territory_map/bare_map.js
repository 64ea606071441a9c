import {onMounted, onWillUnmount, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {LeafletEngine} from "./engines/leaflet_engine";
import {BasemapLayer, fetchBasemap} from "./layers/basemap";

const NOWHERE = {center: [10, 50], zoom: 4};

/**
 * A map without accounts, tools and panels: the built-in basemap, and whatever the
 * component puts on it. For templates with `t-ref="map"`.
 *
 * @param {Object} options
 * @param {Function} options.onReady called with the engine once it is there
 * @param {Function} options.onFailed called with a sentence when it cannot be loaded
 * @param {Function} [options.onStop] called before the map goes
 * @param {Function} [options.onMove] see {@link LeafletEngine}, as are the next two
 * @param {Function} [options.onClick]
 * @param {Function} [options.onHover]
 * @returns {{engine: LeafletEngine|null, el: HTMLElement|null}}
 */
export function useBareMap({
    onReady,
    onFailed,
    onStop = () => {},
    onMove = () => {},
    onClick = () => {},
    onHover = () => false,
}) {
    const ref = useRef("map");
    const map = {
        engine: null,
        get el() {
            return ref.el;
        },
    };
    let alive = true;
    let observer = null;

    onMounted(async () => {
        let library = null;
        try {
            library = await LeafletEngine.load();
        } catch {
            onFailed(
                _t(
                    "The map could not be loaded. Check your connection and reload the page."
                )
            );
            return;
        }
        if (!alive) {
            return;
        }
        const engine = new LeafletEngine(ref.el, {
            L: library.L,
            view: NOWHERE,
            onMove,
            onClick,
            onHover,
        });
        map.engine = engine;
        const basemap = new BasemapLayer(engine);
        fetchBasemap().then((data) => alive && basemap.draw(data));
        onReady(engine);
        observer = new ResizeObserver(() => engine.resize());
        observer.observe(ref.el);
        ref.el.dataset.ready = "1";
    });
    onWillUnmount(() => {
        alive = false;
        onStop();
        observer?.disconnect();
        map.engine?.destroy();
        map.engine = null;
    });
    return map;
}
