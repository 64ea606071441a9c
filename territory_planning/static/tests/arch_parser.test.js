import {describe, expect, test} from "@odoo/hoot";
import {parseXML} from "@web/core/utils/xml";
import {TerritoryMapArchParser} from "@territory_planning/territory_map/territory_map_arch_parser";

describe.current.tags("headless");

const MODELS = {
    place: {fields: {lat: {}, lon: {}, rep: {}, region: {}, money: {}, state: {}}},
};
const parse = (arch) =>
    new TerritoryMapArchParser().parse(parseXML(arch), MODELS, "place");

test("all it may say", () => {
    expect(
        parse(`
            <territory_map latitude="lat" longitude="lon" color="rep" value="money"
                owner="rep" card="get_card" doubt="{'state': ['bad']}">
                <field name="region"/>
                <field name="rep"/>
            </territory_map>`)
    ).toEqual({
        latitude: "lat",
        longitude: "lon",
        value: "money",
        owner: "rep",
        card: "get_card",
        doubt: {state: ["bad"]},
        colors: ["rep", "region"],
        figures: [],
        figureOptions: {},
        percentages: [],
    });
});

test("numbers and dates are figures, with what they say of themselves", () => {
    const models = {
        place: {
            fields: {...MODELS.place.fields, rate: {type: "float"}, on: {type: "date"}},
        },
    };
    const info = new TerritoryMapArchParser().parse(
        parseXML(`
            <territory_map latitude="lat" longitude="lon" color="rep">
                <field name="rate" widget="percentage" options="{'middle': 1, 'none': 0}"/>
                <field name="on"/>
            </territory_map>`),
        models,
        "place"
    );
    expect(info.colors).toEqual(["rep"]);
    expect(info.figures).toEqual(["rate", "on"]);
    expect(info.figureOptions).toEqual({rate: {middle: 1, none: 0}, on: {}});
    expect(info.percentages).toEqual(["rate"]);
});

test("the least it must say", () => {
    expect(parse(`<territory_map latitude="lat" longitude="lon"/>`)).toEqual({
        latitude: "lat",
        longitude: "lon",
        value: null,
        owner: null,
        card: null,
        doubt: {},
        colors: [],
        figures: [],
        figureOptions: {},
        percentages: [],
    });
});

test("mistakes are named", () => {
    expect(() => parse(`<territory_map latitude="lat"/>`)).toThrow(/longitude/);
    expect(() => parse(`<territory_map latitude="lat" longitude="far"/>`)).toThrow(
        /far/
    );
    expect(() =>
        parse(`<territory_map latitude="lat" longitude="lon" color="mood"/>`)
    ).toThrow(/mood/);
    expect(() =>
        parse(`<territory_map latitude="lat" longitude="lon" doubt="{'hope': ['x']}"/>`)
    ).toThrow(/hope/);
});
