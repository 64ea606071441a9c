/**
 * Colours that people with any colour vision can tell apart: Okabe & Ito's seven, Paul
 * Tol's indigo, and four that lie furthest from all of these as the colour-blind see
 * them. In this order categories take them; a thirteenth is "others".
 */
export const CATEGORY_COLORS = [
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#F0E442",
    "#332288",
    "#7700CC",
    "#004411",
    "#0000FF",
    "#443344",
];
/**
 * From low to high. Lightness alone orders them (after "cividis", made to look the same
 * with and without a colour vision deficiency), so they order in grey print as well.
 */
export const SEQUENTIAL_COLORS = [
    "#FDE737",
    "#C3B369",
    "#7F7C75",
    "#47506D",
    "#00224E",
];
/** Below, near and above a middle: orange to blue (ColorBrewer "PuOr" and "RdBu"). */
export const DIVERGING_COLORS = ["#B35806", "#F1A340", "#D8D8D8", "#67A9CF", "#2166AC"];
export const OTHER_COLOR = "#6C757D";
export const NONE_COLOR = "#CED4DA";

/** Those of the above that come nearest to Odoo's colours 1 to 11 of a record. */
const RECORD_COLORS = [
    null,
    "#D55E00",
    "#E69F00",
    "#F0E442",
    "#56B4E9",
    "#882255",
    "#CC6677",
    "#44AA99",
    "#0072B2",
    "#CC79A7",
    "#009E73",
    "#AA4499",
];

/**
 * @param {number} color Odoo's colour number of a record
 * @param {number} rank which of those without a colour it is
 */
export function recordColor(color, rank) {
    return RECORD_COLORS[color] || CATEGORY_COLORS[rank % CATEGORY_COLORS.length];
}
