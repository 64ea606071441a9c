/* What benchmarks/map.py runs in the page of the web client, as `bench`. */
window.bench = (() => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const env = () => odoo.__WOWL_DEBUG__.root.env;
    const SOURCE =
        "/territory_planning/points?model=territory.account&latitude=latitude" +
        "&longitude=longitude&value=revenue_12m&color=user_id,region_id,segment&owner=user_id";

    /** The first component below a node that has something. */
    function find(node, has) {
        if (has(node.component)) {
            return node.component;
        }
        for (const child of Object.values(node.children)) {
            const found = find(child, has);
            if (found) {
                return found;
            }
        }
        return null;
    }

    const renderer = () =>
        find(odoo.__WOWL_DEBUG__.root.__owl__, (component) => component.fitHome);

    async function until(condition, what) {
        const start = performance.now();
        while (!condition()) {
            if (performance.now() - start > 120000) {
                throw new Error(`waited in vain for ${what}`);
            }
            await frame();
        }
    }

    /** Somewhere else in Odoo, so that the map is opened from there. */
    async function leave() {
        await env().services.action.doAction("base.action_res_company_form", {
            clearBreadcrumbs: true,
        });
        await until(() => !document.querySelector(".o_territory_map"), "another view");
        await frame();
    }

    /** Open the map and answer how long it took to be usable, in ms. */
    async function openMap(domain = []) {
        await leave();
        const start = performance.now();
        await env().services.action.doAction(
            {
                type: "ir.actions.act_window",
                name: "Bench",
                res_model: "territory.account",
                views: [
                    [false, "territory_map"],
                    [false, "form"],
                ],
                domain,
            },
            {clearBreadcrumbs: true}
        );
        await until(
            () => document.querySelector(".o_territory_map_canvas[data-ready]"),
            "the map"
        );
        await frame();
        await frame();
        return performance.now() - start;
    }

    async function points(domain = "[]") {
        const response = await fetch(`${SOURCE}&domain=${encodeURIComponent(domain)}`);
        const buffer = await response.arrayBuffer();
        const length = new DataView(buffer).getUint32(4, true);
        const header = JSON.parse(
            new TextDecoder().decode(new Uint8Array(buffer, 8, length))
        );
        const columns = {};
        let offset = 8 + length;
        const kinds = {i32: Int32Array, u16: Uint16Array, u8: Uint8Array};
        for (const [name, width] of header.columns) {
            columns[name] = new kinds[width](buffer, offset, header.n);
            offset += columns[name].byteLength;
        }
        return {n: header.n, columns};
    }

    /** A peer: another way to draw the same points with the same library. */
    async function openPeer(kind) {
        await leave();
        const host = document.createElement("div");
        host.style.cssText = "position:fixed;inset:0;z-index:2000;background:#eee";
        document.body.append(host);
        const start = performance.now();
        const L = window.peerLeaflet;
        const map = L.map(host, {
            center: [51, 10],
            zoom: 6,
            maxZoom: 18,
            fadeAnimation: false,
        });
        const {n, columns} = await points();
        const place = (row) => [
            columns.latitude[row] / 1e5,
            columns.longitude[row] / 1e5,
        ];
        if (kind === "markercluster") {
            const group = L.markerClusterGroup({animate: false});
            const icon = L.divIcon({className: "peer"});
            const markers = [];
            for (let row = 0; row < n; row++) {
                markers.push(L.marker(place(row), {icon}));
            }
            group.addLayers(markers);
            map.addLayer(group);
        } else {
            const canvas = L.canvas();
            for (let row = 0; row < n; row++) {
                L.circleMarker(place(row), {renderer: canvas, radius: 5}).addTo(map);
            }
        }
        await frame();
        await frame();
        const took = performance.now() - start;
        window.peer = {map, host};
        return took;
    }

    function closePeer() {
        window.peer.map.remove();
        window.peer.host.remove();
        window.peer = null;
    }

    async function gzipped(data) {
        const stream = new Blob([data])
            .stream()
            .pipeThrough(new CompressionStream("gzip"));
        return (await new Response(stream).arrayBuffer()).byteLength;
    }

    async function endpoint() {
        const start = performance.now();
        const response = await fetch(`${SOURCE}&domain=[]&nonce=${start}`, {
            cache: "no-store",
        });
        const buffer = await response.arrayBuffer();
        const took = performance.now() - start;
        const length = new DataView(buffer).getUint32(4, true);
        const header = JSON.parse(
            new TextDecoder().decode(new Uint8Array(buffer, 8, length))
        );
        const entry = performance
            .getEntriesByType("resource")
            .filter(({name}) => name.includes(`nonce=${start}`))
            .at(-1);
        return {took, bytes: entry.encodedBodySize, records: header.n};
    }

    /** A salesperson who sees own accounts; the password is the login. */
    async function makeRep(login) {
        const {orm} = env().services;
        const [known] = await orm.searchRead(
            "res.users",
            [["login", "=", login]],
            ["id"]
        );
        if (known) {
            return known.id;
        }
        const [group] = await orm.searchRead(
            "ir.model.data",
            [
                ["module", "=", "sales_team"],
                ["name", "=", "group_sale_salesman"],
            ],
            ["res_id"]
        );
        const [id] = await orm.create("res.users", [
            {name: "Rep", login, password: login, group_ids: [[4, group.res_id]]},
        ]);
        return id;
    }

    async function searchRead() {
        const start = performance.now();
        const response = await fetch(
            "/web/dataset/call_kw/territory.account/search_read",
            {
                method: "POST",
                headers: {"Content-Type": "application/json"},
                body: JSON.stringify({
                    jsonrpc: "2.0",
                    method: "call",
                    params: {
                        model: "territory.account",
                        method: "search_read",
                        args: [[]],
                        kwargs: {
                            fields: [
                                "name",
                                "latitude",
                                "longitude",
                                "revenue_12m",
                                "user_id",
                                "region_id",
                                "segment",
                            ],
                        },
                    },
                }),
            }
        );
        const text = await response.text();
        const records = JSON.parse(text).result.length;
        const took = performance.now() - start;
        return {took, bytes: await gzipped(text), records};
    }

    /** Collect how long frames take, and tasks of more than 50 ms, until stopped. */
    let watching = null;
    function watch() {
        const frames = [];
        const tasks = [];
        let last = performance.now();
        let on = true;
        const tick = (now) => {
            frames.push(now - last);
            last = now;
            if (on) {
                requestAnimationFrame(tick);
            }
        };
        requestAnimationFrame(tick);
        const observer = new PerformanceObserver((list) =>
            tasks.push(...list.getEntries().map(({duration}) => duration))
        );
        observer.observe({type: "longtask"});
        watching = () => {
            on = false;
            observer.disconnect();
            return {frames: frames.slice(2), tasks};
        };
    }

    async function heat() {
        const {model} = renderer();
        const start = performance.now();
        model.setColorField("heat:count");
        await until(
            () => document.querySelector(".o_territory_map_picture"),
            "the heat"
        );
        const took = performance.now() - start;
        await frame();
        return took;
    }

    /** Bring an account to the middle of the map; null if it is not alone there. */
    async function aim(id) {
        const map = renderer();
        const row = map.model.points.rowOf(id);
        map.model.closePanel();
        map.engine.setView({center: map.model.points.place(row), zoom: 17});
        await frame();
        await frame();
        const [x, y] = map.engine.point(map.model.points.place(row));
        const box = map.mapRef.el.getBoundingClientRect();
        const alone = map.accounts.singles.some((single) => single.row === row);
        const target = document.elementFromPoint(box.left + x, box.top + y);
        const free = target && !target.closest("button");
        return alone && free ? [box.left + x, box.top + y] : null;
    }

    /** When a card is on the screen after a tap, and whose it is. */
    function card() {
        window.tapped = new Promise((resolve) => {
            let start = null;
            const asked = performance.now();
            addEventListener("pointerdown", () => (start = performance.now()), {
                capture: true,
                once: true,
            });
            const look = () => {
                const name = document.querySelector(".o_territory_card_name");
                if (name && start) {
                    resolve([performance.now() - start, name.textContent.trim()]);
                } else if (performance.now() - asked > 15000) {
                    resolve([Infinity, "no card"]);
                } else {
                    requestAnimationFrame(look);
                }
            };
            look();
        });
    }

    /** A loop of 300 points that crosses itself, and what brute force finds in it. */
    function lasso(times) {
        const {rowsWithin} = odoo.loader.modules.get(
            "@territory_planning/territory_map/selection/lasso"
        );
        const {points} = renderer().model;
        const ring = [];
        for (let i = 0; i <= 300; i++) {
            const angle = (i / 300) * 4 * Math.PI;
            const far = 1 + 0.4 * Math.sin(angle * 1.5) + 0.05 * Math.sin(37 * angle);
            ring.push([
                10.5 + 2.5 * far * Math.cos(angle),
                51 + 2 * far * Math.sin(angle),
            ]);
        }
        let took = Infinity;
        let rows = [];
        for (let i = 0; i < times; i++) {
            const start = performance.now();
            rows = rowsWithin(points, {type: "Polygon", coordinates: [ring]});
            took = Math.min(took, performance.now() - start);
        }
        const found = new Set(rows);
        let wrong = 0;
        for (let row = 0; row < points.length; row++) {
            const [x, y] = points.place(row);
            // How often the loop crosses a ray to the east, upwards less downwards.
            let turns = 0;
            for (let i = 0; i < ring.length - 1; i++) {
                const [[ax, ay], [bx, by]] = [ring[i], ring[i + 1]];
                if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) {
                    turns += by > ay ? 1 : -1;
                }
            }
            wrong += (turns !== 0) !== found.has(row);
        }
        return {took, found: found.size, wrong};
    }

    const drawing = () => renderer().model.parts.regions.drawer.drawing;

    /** How far the nearest corner of what is drawn is from a place of the window. */
    function cornerDistance(x, y) {
        const map = renderer();
        const box = map.mapRef.el.getBoundingClientRect();
        const distances = drawing().corners.map(({place}) => {
            const [cx, cy] = map.engine.point(place);
            return Math.hypot(box.left + cx - x, box.top + cy - y);
        });
        return Math.min(...distances);
    }

    /** Ids of records here and there. */
    function someAlone(count) {
        const {ids} = renderer().model.points;
        const step = Math.floor(ids.length / count) || 1;
        return Array.from({length: count}, (_unused, i) => ids[i * step]);
    }

    /** Bytes of the map's library as they are sent, and whether other pages get any. */
    async function library() {
        let bytes = 0;
        for (const name of ["map_lib", "draw_lib"]) {
            const response = await fetch(`/web/bundle/territory_planning.${name}`);
            for (const {type, src} of await response.json()) {
                if (type === "script" && src) {
                    bytes += await gzipped(await (await fetch(src)).text());
                }
            }
        }
        const page = await (await fetch("/odoo")).text();
        const sources = [...page.matchAll(/src="(\/web\/assets\/[^"]+\.js)"/g)];
        let inBackend = false;
        for (const [, src] of sources) {
            const text = await (await fetch(src)).text();
            inBackend ||= /Supercluster|L\.noConflict|terraDraw/.test(text);
        }
        return {bytes, inBackend, bundles: sources.length};
    }

    return {
        until,
        makeRep,
        lasso,
        drawing,
        cornerDistance,
        someAlone,
        openMap,
        openPeer,
        closePeer,
        endpoint,
        searchRead,
        watch,
        unwatch: () => watching(),
        heat,
        aim,
        card,
        library,
        renderer,
        leave,
    };
})();
