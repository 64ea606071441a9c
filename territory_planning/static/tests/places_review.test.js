import {expect, test} from "@odoo/hoot";
import {click, press, queryAllTexts, queryOne, waitFor} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    makeMockEnv,
    models,
    mountWithCleanup,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import {getDefaultConfig} from "@web/views/view";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    isPlace,
    placeOf,
    PlacesModel,
} from "@territory_planning/places_review/places_model";
import {PlacesReview} from "@territory_planning/places_review/places_review";

preloadBundle("territory_planning.map_lib");

class Account extends models.Model {
    _name = "territory.account";
    name = fields.Char();
}
defineMailModels();
defineModels([Account]);

const row = (id, values = {}) => ({
    id,
    partner_id: 100 + id,
    name: `Customer ${id}`,
    street: "Marienplatz 1",
    zip: "80331",
    city: "München",
    state: "",
    country: "Germany",
    latitude: 0,
    longitude: 0,
    place_status: "never",
    place_precision: false,
    place_reason: "no_place",
    sentence: "It has no place yet",
    precision: "",
    source: "",
    label: "",
    date: false,
    revenue_12m: 1000 * id,
    currency_id: false,
    ...values,
});
const SWAPPED = row(2, {
    latitude: 11.5,
    longitude: 48.1,
    place_status: "doubtful",
    place_reason: "swapped",
    sentence: "Latitude and longitude seem to be swapped",
});
const ABROAD = row(3, {
    name: "<b>Abroad</b>",
    latitude: 40.4,
    longitude: -3.7,
    place_status: "doubtful",
    place_reason: "country",
    sentence: "The place is outside the country of the address",
});

const answer = (rows, values = {}) => ({
    rows: rows.map((entry) => ({...entry})),
    reasons: [["swapped", "Latitude and longitude seem to be swapped", 1]],
    total: rows.length,
    accounts: 50,
    run: false,
    provider: {name: "OpenStreetMap", attribution: "© OpenStreetMap contributors"},
    tiles: false,
    may_start: true,
    ...values,
});

/** The review, as the page of a client action. */
async function openReview() {
    await makeMockEnv({config: getDefaultConfig()});
    await mountWithCleanup(PlacesReview);
    await waitFor(".o_territory_places_row");
}

/** A model over a server that remembers what it was told. */
function makeModel(rows = [row(1), SWAPPED, ABROAD]) {
    const calls = [];
    const model = new PlacesModel({
        call: async (_model, method, args) => {
            calls.push([method, ...args]);
            if (method === "get_places_to_check") {
                return answer(rows);
            }
            return method === "retry_places" ? {asked: args[0].length, left: 0} : null;
        },
    });
    return {model, calls};
}

test("what is a place", () => {
    expect(isPlace(0, 0)).toBe(false);
    expect(isPlace(0, 10)).toBe(true);
    expect(isPlace(1000, 1000)).toBe(false);
    expect(placeOf(SWAPPED)).toEqual([48.1, 11.5]);
    expect(placeOf(null)).toBe(null);
});

test("a pin is saved where it was put, and the next one is shown", async () => {
    const {model, calls} = makeModel();
    await model.load();
    expect(model.selectedId).toBe(1);
    expect(model.pin).toBe(null);
    expect(model.canConfirm).toBe(false);
    model.movePin([11.6, 48.2]);
    await model.savePin();
    expect(calls.at(-1)).toEqual(["set_place", [1], 48.2, 11.6]);
    expect(model.selectedId).toBe(2);
    expect(model.draft).toBe(null);
    expect([model.total, model.done]).toEqual([2, 1]);
});

test("swapped coordinates are put right with one press", async () => {
    const {model, calls} = makeModel();
    await model.load();
    model.select(2);
    expect(model.canSwap).toBe(true);
    model.swap();
    expect(model.pin).toEqual([11.5, 48.1]);
    await model.savePin();
    expect(calls.at(-1)).toEqual(["set_place", [2], 48.1, 11.5]);
    expect(model.reasons[0][2]).toBe(0);
});

test("ticked ones are confirmed, skipped and looked up together", async () => {
    const {model, calls} = makeModel();
    await model.load();
    model.toggle(2);
    model.toggle(3);
    expect(model.canConfirm).toBe(true);
    await model.skip();
    expect(calls.at(-1)).toEqual(["skip_places", [2, 3]]);
    expect(model.rows.map(({id}) => id)).toEqual([1]);
    expect(model.selectedId).toBe(1);
    await model.load();
    model.toggleAll();
    expect(model.canConfirm).toBe(false); // the first has no place to confirm
    await model.retry();
    expect(calls.at(-2)).toEqual(["retry_places", [1, 2, 3]]);
});

test("a failure leaves the list as it was", async () => {
    const {model} = makeModel();
    await model.load();
    model.orm.call = async () => {
        throw new Error("no");
    };
    await expect(model.skip()).rejects.toThrow("no");
    expect(model.rows.length).toBe(3);
    expect(model.busy).toBe(false);
});

test("progress is followed to the end", async () => {
    const {model, calls} = makeModel();
    await model.load();
    await model.onRun({kind: "month", state: "running", progress: 0.2});
    expect(model.run).toBe(false);
    await model.onRun({kind: "geocode", state: "running", progress: 0.4});
    expect(model.run.progress).toBe(0.4);
    await model.onRun({kind: "geocode", state: "done", progress: 1});
    expect(calls.at(-1)[0]).toBe("get_places_to_check");
});

test("names are text, reasons are said, the service is named", async () => {
    onRpc("territory.account", "get_places_to_check", () => answer([ABROAD, SWAPPED]));
    await openReview();
    expect(queryAllTexts(".o_territory_places_row .fw-bold")).toEqual([
        "<b>Abroad</b>",
        "Customer 2",
    ]);
    expect(".o_territory_places_why:first").toHaveText(/outside the country/);
    expect(".o_territory_places_count").toHaveText(/2 of 50 accounts/);
});

test.tags("desktop");
test("keys go through the list, the map shows each", async () => {
    const told = [];
    onRpc("territory.account", "get_places_to_check", () =>
        answer([ABROAD, SWAPPED, row(1)])
    );
    onRpc("territory.account", "confirm_places", ({args}) => {
        told.push(args[0]);
        return true;
    });
    await openReview();
    await waitFor(".o_territory_map_canvas[data-ready] .o_territory_pin");
    const pin = queryOne(".o_territory_pin");
    expect(pin).toHaveAttribute("aria-label", /<b>Abroad<\/b>/);
    expect(".o_territory_places_attribution").toHaveText(/OpenStreetMap contributors/);
    await press("j");
    await animationFrame();
    expect(".o_territory_places_current").toHaveText(/Customer 2/);
    await press("c");
    await animationFrame();
    expect(told).toEqual([[2]]);
    expect(".o_territory_places_current").toHaveText(/Customer 1/);
    expect(".o_territory_places_hint").toHaveText(/Click on the map/);
    expect(".o_territory_places_confirm").not.toBeEnabled();
});

test.tags("desktop");
test("the pin is pushed with the arrow keys and saved", async () => {
    const told = [];
    onRpc("territory.account", "get_places_to_check", () => answer([ABROAD]));
    onRpc("territory.account", "set_place", ({args}) => {
        told.push(args);
        return true;
    });
    await openReview();
    await waitFor(".o_territory_map_canvas[data-ready] .o_territory_pin");
    queryOne(".o_territory_pin").focus();
    await press("ArrowRight");
    await animationFrame();
    expect(".o_territory_places_save").toBeVisible();
    await click(".o_territory_places_undo");
    await animationFrame();
    expect(".o_territory_places_save").toHaveCount(0);
    queryOne(".o_territory_pin").focus();
    await press("ArrowRight");
    await animationFrame();
    await click(".o_territory_places_save");
    await animationFrame();
    expect(told[0][0]).toEqual([3]);
    expect(told[0][1]).toBeWithin(40.39, 40.41);
    expect(told[0][2]).toBeGreaterThan(-3.7);
});

test.tags("mobile");
test("on a phone the list comes first, then the map, and back", async () => {
    onRpc("territory.account", "get_places_to_check", () => answer([ABROAD, SWAPPED]));
    await openReview();
    expect(".o_territory_places_map").toHaveCount(0);
    await click(".o_territory_places_open:last");
    await waitFor(".o_territory_map_canvas[data-ready] .o_territory_pin");
    expect(".o_territory_places_list").toHaveCount(0);
    expect(".o_territory_place_card").toHaveText(/Customer 2/);
    await click(".o_territory_places_back");
    await waitFor(".o_territory_places_list");
    expect(".o_territory_places_map").toHaveCount(0);
});
