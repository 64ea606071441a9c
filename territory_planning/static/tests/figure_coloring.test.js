import {expect, test} from "@odoo/hoot";
import {allowTranslations} from "@web/../tests/web_test_helpers";
import {
    classOf,
    divergingBreaks,
    quantileBreaks,
} from "@territory_planning/territory_map/figure_classes";
import {FigureColoring} from "@territory_planning/territory_map/figure_coloring";
import {align} from "@territory_planning/territory_map/figures";
import {
    heatGrid,
    heatPixels,
    heatTop,
} from "@territory_planning/territory_map/heat_image";

const format = (number) => `€${number}`;

test("classes hold about as many records each, and equal numbers stay together", () => {
    const figures = Float32Array.from({length: 1000}, (_unused, i) => i * i);
    const breaks = quantileBreaks(figures);
    expect(breaks).toEqual([40000, 160000, 360000, 640000]);
    const counts = [0, 0, 0, 0, 0];
    for (const figure of figures) {
        counts[classOf(figure, breaks)]++;
    }
    for (const count of counts) {
        expect(Math.abs(count - 200)).toBeLessThan(3);
    }
    expect(quantileBreaks(new Float32Array(10))).toEqual([]);
    expect(quantileBreaks(Float32Array.from([NaN, NaN]))).toEqual([]);
    // seven of ten are equal, so that only the last fifth is another class
    expect(quantileBreaks(Float32Array.from([0, 0, 0, 0, 0, 0, 0, 5, 9, 9]))).toEqual([
        9,
    ]);
});

test("a trend has as many classes below as above its middle", () => {
    const breaks = divergingBreaks(Float32Array.from([-0.5, -0.2, 0, 0.1, 0.4, 3]), 0);
    expect(breaks).toHaveLength(4);
    expect(breaks[0]).toBe(-breaks[3]);
    expect(breaks[1]).toBe(-breaks[2]);
});

test("the legend says what the classes are, and who has no number", () => {
    allowTranslations();
    const coloring = new FigureColoring(
        "revenue",
        Float32Array.from([1, 20, 300, 4000, 50000, NaN]),
        {format}
    );
    expect(coloring.slots[0].label).toBe("under €20");
    expect(coloring.slots.at(-2).label).toBe("€50000 and over");
    expect(coloring.slots.at(-1)).toMatchObject({key: "none", count: 1});
    expect(coloring.slots.reduce((sum, {count}) => sum + count, 0)).toBe(6);
    expect(coloring.slots[coloring.slot(5)].key).toBe("none");
    const sizes = coloring.slots.slice(0, -1).map(({radius}) => radius);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
});

test("a record that came or went between two requests moves no figure", () => {
    const aligned = align([1, 3, 5], [1, 2, 5], Float32Array.from([10, 20, 50]));
    expect([...aligned]).toEqual([10, NaN, 50]);
});

test("heat keeps what it is given, in its place, and the hottest is lightest", () => {
    const grid = heatGrid(60, 40, (add) => {
        add(30, 20, 5);
        add(10, 20, 1);
        add(-3, 20, 100); // outside: another screen's
    });
    const sum = grid.reduce((a, b) => a + b, 0);
    expect(Math.abs(sum - 6)).toBeLessThan(0.01);
    expect(grid.indexOf(Math.max(...grid))).toBe(20 * 60 + 30);
    const pixels = heatPixels(grid, heatTop(grid));
    const light = (x) => pixels[4 * (20 * 60 + x) + 1];
    expect(light(30)).toBeGreaterThan(light(10));
    expect(pixels[4 * (2 * 60 + 55) + 3]).toBe(0);
});
