import {describe, expect, test} from "@odoo/hoot";
import {
    CATEGORY_COLORS,
    DIVERGING_COLORS,
    NONE_COLOR,
    OTHER_COLOR,
    SEQUENTIAL_COLORS,
} from "@territory_planning/territory_map/palette";

describe.current.tags("headless");

/**
 * What linear sRGB becomes for people without one kind of cone: Machado, Oliveira &
 * Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision
 * Deficiency", severity 1.
 */
const VISIONS = {
    normal: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
    ],
    protanopia: [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    deuteranopia: [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    tritanopia: [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
};
const XYZ = [
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.072175],
    [0.0193339, 0.119192, 0.9503041],
];
const WHITE = [0.95047, 1, 1.08883];

const times = (matrix, vector) =>
    matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 0));

function linear(color) {
    return [1, 3, 5].map((at) => {
        const value = parseInt(color.slice(at, at + 2), 16) / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
}

/** A colour as somebody sees it, in CIELAB: distances there are about what eyes tell. */
function seen(color, vision) {
    const light = times(VISIONS[vision], linear(color)).map((value) =>
        Math.min(1, Math.max(0, value))
    );
    const [x, y, z] = times(XYZ, light).map((value, i) => {
        const share = value / WHITE[i];
        return share > 216 / 24389
            ? Math.cbrt(share)
            : ((24389 / 27) * share + 16) / 116;
    });
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** The distance of the two colours that are hardest to tell apart. */
function closest(colors, vision) {
    const places = colors.map((color) => seen(color, vision));
    let least = Infinity;
    places.forEach((a, i) => {
        for (const b of places.slice(0, i)) {
            least = Math.min(least, Math.hypot(...a.map((value, k) => value - b[k])));
        }
    });
    return least;
}

test("the measure is one: black and white are 100 apart, red and green are not for all", () => {
    expect(closest(["#000000", "#FFFFFF"], "deuteranopia")).toBeCloseTo(100);
    const pair = ["#B04040", "#667A20"];
    expect(closest(pair, "deuteranopia")).toBeLessThan(closest(pair, "normal") / 3);
});

for (const vision of Object.keys(VISIONS)) {
    test(`any two colours of groups are told apart: ${vision}`, () => {
        const colors = [...CATEGORY_COLORS, OTHER_COLOR, NONE_COLOR];
        expect(closest(colors, vision)).toBeGreaterThan(14);
    });

    test(`classes of figures are told apart, in order by lightness: ${vision}`, () => {
        expect(closest(SEQUENTIAL_COLORS, vision)).toBeGreaterThan(14);
        expect(closest(DIVERGING_COLORS, vision)).toBeGreaterThan(14);
        const light = SEQUENTIAL_COLORS.map((color) => seen(color, vision)[0]);
        expect(light).toEqual([...light].sort((a, b) => b - a));
    });
}
