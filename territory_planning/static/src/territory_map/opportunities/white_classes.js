import {_t} from "@web/core/l10n/translation";
import {DIVERGING_COLORS} from "../palette";

const [FEWEST, FEWER, , MORE, MOST] = DIVERGING_COLORS;

/**
 * What a square's customers ÷ those expected is told as, from least to most. As many as
 * expected is not painted: it is most of the map and says nothing.
 */
export const WHITE_CLASSES = [
    {name: "fewest", below: 0.5, color: FEWEST, label: _t("under half of expected")},
    {name: "fewer", below: 0.8, color: FEWER, label: _t("fewer than expected")},
    {name: "same", below: 1.25, color: null},
    {name: "more", below: 2, color: MORE, label: _t("more than expected")},
    {name: "most", below: Infinity, color: MOST, label: _t("over twice as many")},
];

const KM_PER_DEGREE = 111.195;

/** The class of a ratio. */
export function whiteClass(ratio) {
    return WHITE_CLASSES.find(({below}) => ratio < below);
}

/** The corners of a square around its middle, as a GeoJSON polygon's coordinates. */
function square(lat, lon, cellKm) {
    const y = cellKm / KM_PER_DEGREE / 2;
    const x = y / Math.max(Math.cos((lat * Math.PI) / 180), 0.01);
    return [
        [
            [lon - x, lat - y],
            [lon + x, lat - y],
            [lon + x, lat + y],
            [lon - x, lat + y],
            [lon - x, lat - y],
        ],
    ];
}

/**
 * All squares of one colour as one area, so that thousands are drawn at once.
 *
 * @param {Object} cells columns as the server answers them
 * @param {number} cellKm edge of a square
 * @returns {Object[]} items for the map engine's areas
 */
export function whiteAreas(cells, cellKm) {
    const groups = new Map();
    for (let row = 0; row < cells.lat.length; row++) {
        const {name, color} = whiteClass(cells.ratio[row]);
        const sure = cells.flag[row] !== 0;
        if (!color) {
            continue;
        }
        const key = `${name}|${sure}`;
        if (!groups.has(key)) {
            groups.set(key, {color, sure, squares: []});
        }
        groups.get(key).squares.push(square(cells.lat[row], cells.lon[row], cellKm));
    }
    return [...groups.values()].map(({color, sure, squares}) => ({
        geometry: {type: "MultiPolygon", coordinates: squares},
        style: {
            color,
            // what chance explains has no outline, so that it differs without colour too
            stroke: sure,
            weight: 2,
            fill: true,
            fillColor: color,
            fillOpacity: sure ? 0.6 : 0.18,
        },
    }));
}
