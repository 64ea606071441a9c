/** One cell of the grid that the heat is summed on, in pixels. */
export const CELL = 4;
/** How far a record warms its surroundings, in cells: three boxes make nearly a bell. */
const RADIUS = 3;
const PASSES = 3;
/** From nothing to most: dark to light and, to every eye, one brightness after another. */
export const HEAT_COLORS = [
    [68, 1, 84],
    [59, 82, 139],
    [33, 145, 140],
    [94, 201, 98],
    [253, 231, 37],
];
const OPAQUE = 215;

/**
 * Sum weights on a grid of cells and blur it.
 *
 * @param {number} width, height of the grid
 * @param {(add: (x: number, y: number, weight: number) => void) => void} fill calls `add`
 *      with positions in cells
 * @returns {Float32Array} heat per cell, row by row
 */
export function heatGrid(width, height, fill) {
    let grid = new Float32Array(width * height);
    fill((x, y, weight) => {
        const column = Math.floor(x);
        const row = Math.floor(y);
        if (column >= 0 && row >= 0 && column < width && row < height) {
            grid[row * width + column] += weight;
        }
    });
    for (let pass = 0; pass < PASSES; pass++) {
        grid = blur(grid, width, height, 1, width);
        grid = blur(grid, height, width, width, 1);
    }
    return grid;
}

/** A running mean along each line: `step` to the next cell, `stride` to the next line. */
function blur(grid, length, lines, step, stride) {
    const out = new Float32Array(grid.length);
    const share = 1 / (2 * RADIUS + 1);
    for (let line = 0; line < lines; line++) {
        const start = line * stride;
        let sum = 0;
        for (let i = 0; i < Math.min(RADIUS, length); i++) {
            sum += grid[start + i * step];
        }
        for (let i = 0; i < length; i++) {
            if (i + RADIUS < length) {
                sum += grid[start + (i + RADIUS) * step];
            }
            if (i - RADIUS - 1 >= 0) {
                sum -= grid[start + (i - RADIUS - 1) * step];
            }
            out[start + i * step] = sum * share;
        }
    }
    return out;
}

/** The heat that gets the lightest colour: one hot cell does not darken all others. */
export function heatTop(grid) {
    let most = 0;
    for (const heat of grid) {
        most = Math.max(most, heat);
    }
    if (!most) {
        return 0;
    }
    const bins = new Uint32Array(256);
    let warm = 0;
    for (const heat of grid) {
        if (heat > most * 0.001) {
            bins[Math.min(255, Math.floor((heat / most) * 256))]++;
            warm++;
        }
    }
    let seen = 0;
    for (let bin = 0; bin < 256; bin++) {
        seen += bins[bin];
        if (seen >= warm * 0.98) {
            return (most * (bin + 1)) / 256;
        }
    }
    return most;
}

/** The colours of heat, as the pixels of a picture (RGBA). */
export function heatPixels(grid, top) {
    const pixels = new Uint8ClampedArray(grid.length * 4);
    if (!top) {
        return pixels;
    }
    const table = Array.from({length: 256}, (_unused, i) => mix(i / 255));
    for (let i = 0; i < grid.length; i++) {
        // The root shows what is sparse as well.
        const share = Math.min(1, Math.sqrt(Math.max(0, grid[i]) / top));
        if (share > 0.04) {
            const [red, green, blue] = table[Math.round(share * 255)];
            pixels[4 * i] = red;
            pixels[4 * i + 1] = green;
            pixels[4 * i + 2] = blue;
            pixels[4 * i + 3] = OPAQUE * Math.min(1, share * 3);
        }
    }
    return pixels;
}

function mix(share) {
    const place = share * (HEAT_COLORS.length - 1);
    const low = Math.min(Math.floor(place), HEAT_COLORS.length - 2);
    return HEAT_COLORS[low].map(
        (value, i) => value + (HEAT_COLORS[low + 1][i] - value) * (place - low)
    );
}
