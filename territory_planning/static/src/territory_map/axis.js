const TICKS = 4;

/** A round step so that up to `most` there are at most a handful of them. */
export function roundStep(most, count = TICKS) {
    const rough = most / count;
    const power = 10 ** Math.floor(Math.log10(rough));
    return [1, 2, 2.5, 5, 10].map((k) => k * power).find((step) => step >= rough);
}

/** The multiples of a step from one value to another, for lines across a chart. */
export function multiples(low, high, step) {
    const values = [];
    for (let value = Math.ceil(low / step) * step; value <= high; value += step) {
        values.push(value);
    }
    return values;
}
