import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {queryAll, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {
    defineModels,
    fields,
    models,
    mountView,
    serverState,
} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    FRAME,
    acrossAt,
    heightAt,
    shareTicks,
} from "@territory_planning/backtest_charts/chart_frame";

const POINTS = [
    {forecast: 0.1, share: 0.1, low: 0.05, high: 0.17, count: 100},
    {forecast: 0.6, share: 0.9, low: 0.8, high: 0.95, count: 100},
];
const CUTS = [
    {date: "2025-12-01", value: 0.7, low: 0.65, high: 0.75, reference: 0.6, count: 90},
    {date: "2026-01-01", value: 0.8, low: 0.76, high: 0.84, reference: 0.55, count: 95},
];

class BackTest extends models.Model {
    _name = "territory.backtest";
    calibration = fields.Json();
    cuts = fields.Json();
    _records = [
        {id: 1, calibration: POINTS, cuts: CUTS},
        {id: 2, calibration: [], cuts: []},
    ];
}

defineMailModels();
defineModels([BackTest]);

const show = (resId) =>
    mountView({
        type: "form",
        resModel: "territory.backtest",
        resId,
        arch: `<form>
            <field name="calibration" widget="territory_calibration"/>
            <field name="cuts" widget="territory_cuts"/>
        </form>`,
    });

describe("frame", () => {
    test("shares lie where they belong and never outside", () => {
        expect(acrossAt(0)).toBe(FRAME.left);
        expect(acrossAt(1)).toBe(FRAME.right);
        expect(heightAt(0)).toBe(FRAME.bottom);
        expect(heightAt(1)).toBe(FRAME.top);
        expect(heightAt(0.75, 0.5)).toBe((FRAME.top + FRAME.bottom) / 2);
        expect(heightAt(0.2, 0.5)).toBe(FRAME.bottom);
        expect(heightAt(7)).toBe(FRAME.top);
    });

    test("a line for every step, both ends among them", () => {
        const ticks = shareTicks(0.5, 1, 0.1, (value) => value.toFixed(1));
        expect(ticks.map((tick) => tick.text)).toEqual([
            "0.5",
            "0.6",
            "0.7",
            "0.8",
            "0.9",
            "1.0",
        ]);
    });
});

describe("charts", () => {
    beforeEach(() => {
        serverState.lang = "en_US";
    });

    test("a point on the diagonal for what came true, above it for more", async () => {
        await show(1);
        const points = queryAll(".o_territory_calibration circle");
        expect(points).toHaveLength(2);
        const off = points.map((point) => {
            const x = Number(point.getAttribute("cx"));
            const told = (x - FRAME.left) / (FRAME.right - FRAME.left);
            return heightAt(told) - Number(point.getAttribute("cy"));
        });
        expect(Math.abs(off[0])).toBeLessThan(0.01);
        expect(off[1]).toBeGreaterThan(10);
        expect(queryAllTexts(".o_territory_calibration title")[1]).toBe(
            "100 customers were told a risk of 60 % on average; 90 % of them stopped (80 % to 95 %)"
        );
    });

    test("cuts in turn, the better the higher, and told to screen readers", async () => {
        await show(1);
        const [first, second] = queryAll(".o_territory_cuts circle");
        expect(Number(first.getAttribute("cx"))).toBeLessThan(
            Number(second.getAttribute("cx"))
        );
        expect(Number(first.getAttribute("cy"))).toBeGreaterThan(
            Number(second.getAttribute("cy"))
        );
        expect(queryOne(".o_territory_cuts").getAttribute("aria-label")).toInclude(
            "0.80 (0.76 to 0.84); by the time since the last order alone 0.55"
        );
    });

    test("without figures a sentence and no picture", async () => {
        await show(2);
        expect(".o_territory_chart svg").toHaveCount(0);
        expect(".o_territory_chart p").toHaveCount(2);
    });
});
