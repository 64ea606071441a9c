import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {user} from "@web/core/user";
import {CodecError, decode} from "./codec";
import {Points} from "./points";

const URL = "/territory_planning/points";
// Longer addresses do not get through every proxy.
const GET_MAX = 1800;

/** Something went wrong that `message` explains to the user. */
export class PointsError extends Error {}

function requestFor(params) {
    const search = new URLSearchParams(params);
    if (search.toString().length <= GET_MAX) {
        return [`${URL}?${search}`, {}];
    }
    const body = new FormData();
    for (const [name, value] of search) {
        body.append(name, value);
    }
    body.append("csrf_token", odoo.csrf_token);
    return [URL, {method: "POST", body}];
}

async function sentence(response) {
    try {
        const {error} = await response.json();
        return String(error);
    } catch {
        return _t("The server answered with an error (%s).", response.status);
    }
}

async function fetchColumns(params) {
    let response = null;
    try {
        response = await browser.fetch(...requestFor(params));
    } catch {
        throw new PointsError(
            _t("The server cannot be reached. Check your connection and try again.")
        );
    }
    if (!response.ok) {
        throw new PointsError(await sentence(response));
    }
    try {
        return decode(await response.arrayBuffer());
    } catch (error) {
        if (error instanceof CodecError) {
            throw new PointsError(
                _t("The map data arrived damaged. Try again, or reload the page.")
            );
        }
        throw error;
    }
}

function paramsFor(source, domain, context) {
    return {
        model: source.resModel,
        latitude: source.latitude,
        longitude: source.longitude,
        domain: JSON.stringify(domain),
        context: JSON.stringify({
            allowed_company_ids: user.activeCompanies.map(({id}) => id),
            lang: user.lang ? user.context.lang : undefined,
            active_test: context.active_test,
        }),
    };
}

/**
 * Fetch where the records of a search are.
 *
 * @param {Object} source what to show: resModel, latitude, longitude, value, owner,
 *      colors, doubt
 * @param {Array} domain
 * @param {Object} context
 * @returns {Promise<Points>}
 * @throws {PointsError} with a sentence for the user
 */
export async function fetchPoints(source, domain, context) {
    const params = paramsFor(source, domain, context);
    params.color = source.colors.join(",");
    if (source.value) {
        params.value = source.value;
    }
    if (source.owner) {
        params.owner = source.owner;
    }
    if (Object.keys(source.doubt || {}).length) {
        params.doubt = JSON.stringify(source.doubt);
    }
    return new Points(await fetchColumns(params));
}

/**
 * Fetch one number (or age of a date, in days) per record.
 *
 * @param {Object} source as in {@link fetchPoints}
 * @param {string} field
 * @param {Array} domain
 * @param {Object} context
 * @returns {Promise<{ids: Int32Array, figures: Float32Array, currency: number|null}>}
 * @throws {PointsError} with a sentence for the user
 */
export async function fetchFigure(source, field, domain, context) {
    const params = {...paramsFor(source, domain, context), figure: field};
    const {header, columns} = await fetchColumns(params);
    return {
        ids: columns.get("id"),
        figures: columns.get("figure"),
        currency: header.currency,
    };
}
