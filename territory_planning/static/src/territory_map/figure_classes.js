/** So many classes at most: more shades are not told apart on dots. */
const CLASSES = 5;

/**
 * Where to divide numbers into classes of about as many records each (quantiles), at
 * round figures, so that a legend can say them. Equal numbers are never divided.
 *
 * @param {Float32Array} figures NaN for those without one
 * @param {number} [classes]
 * @returns {number[]} ascending: class i goes from `breaks[i - 1]` up to below `breaks[i]`
 */
export function quantileBreaks(figures, classes = CLASSES) {
    // A typed array sorts by number, NaN last.
    const sorted = Float32Array.from(figures).sort();
    const none = sorted.findIndex((figure) => Number.isNaN(figure));
    const n = none < 0 ? sorted.length : none;
    const breaks = [];
    if (!n) {
        return breaks;
    }
    for (let i = 1; i < classes; i++) {
        const raw = sorted[Math.floor((i * n) / classes)];
        const next = roundNear(raw, sorted[n - 1] - sorted[0]);
        const low = breaks.length ? breaks.at(-1) : sorted[0];
        if (next > low && next <= sorted[n - 1]) {
            breaks.push(next);
        }
    }
    return breaks;
}

/** Two leading digits, or fewer decimals if the range is wide: 83,412 → 83,000. */
function roundNear(value, range) {
    const size = Math.max(Math.abs(value), range / 1000);
    if (!size) {
        return 0;
    }
    const step = 10 ** (Math.floor(Math.log10(size)) - 1);
    const rounded = Math.round(value / step) * step;
    return Number(rounded.toPrecision(6));
}

/**
 * Breaks around a middle that means something, "no change" or "as today": as many on
 * either side, so that the colour in the middle is the one for hardly any difference.
 *
 * @param {Float32Array} figures
 * @param {number} middle
 * @returns {number[]} four breaks, or what there is when one side is empty
 */
export function divergingBreaks(figures, middle) {
    const distances = Float32Array.from(figures, (figure) => Math.abs(figure - middle));
    const breaks = quantileBreaks(
        distances.filter((distance) => distance > 0),
        3
    );
    const [near, far] = breaks.length === 2 ? breaks : [];
    if (far === undefined) {
        return [];
    }
    return [middle - far, middle - near, middle + near, middle + far].map((value) =>
        Number(value.toPrecision(6))
    );
}

/** The class of a number: how many breaks are at or below it. */
export function classOf(figure, breaks) {
    let found = 0;
    while (found < breaks.length && figure >= breaks[found]) {
        found++;
    }
    return found;
}
