/**
 * Between degrees and the square of the whole world, each side 0 to 1, north on top: what
 * web maps are drawn on, at every zoom.
 */

/** Nearer to the poles a square map cannot show the earth. */
const LATITUDE_MAX = 85;

export function xOf(longitude) {
    return longitude / 360 + 0.5;
}

export function yOf(latitude) {
    const near = Math.max(-LATITUDE_MAX, Math.min(LATITUDE_MAX, latitude));
    const sin = Math.sin((near * Math.PI) / 180);
    return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
}

export function longitudeOf(x) {
    return (x - 0.5) * 360;
}

export function latitudeOf(y) {
    return (360 / Math.PI) * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - 90;
}
