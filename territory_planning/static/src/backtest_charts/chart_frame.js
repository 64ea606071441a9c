/** Where things are in a square-ish picture of shares: left, top, right, bottom. */
export const FRAME = {
    width: 480,
    height: 320,
    left: 52,
    right: 446,
    top: 30,
    bottom: 272,
};

export function acrossAt(share) {
    return FRAME.left + share * (FRAME.right - FRAME.left);
}

/** Height of a share between the lowest and the highest one shown. */
export function heightAt(share, low = 0, high = 1) {
    const part = Math.min(Math.max((share - low) / (high - low), 0), 1);
    return FRAME.bottom - part * (FRAME.bottom - FRAME.top);
}

/** Lines across the picture, one per step. */
export function shareTicks(low, high, step, format) {
    const ticks = [];
    for (let n = Math.round(low / step); n * step <= high + 1e-9; n++) {
        const value = n * step;
        ticks.push({key: n, value, y: heightAt(value, low, high), text: format(value)});
    }
    return ticks;
}
