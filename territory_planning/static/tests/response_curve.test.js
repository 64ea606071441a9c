import {expect, test} from "@odoo/hoot";
import {queryAll, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {ResponseCurve} from "@territory_planning/territory_map/response_curve/response_curve";
import {ResponseShape} from "@territory_planning/territory_map/response_curve/response_shape";
import {makeCurve} from "./response_test_helpers";

defineMailModels();

const formatMoney = (amount) => `€${Math.round(amount)}`;
const mountCurve = (changes = {}, props = {}) =>
    mountWithCleanup(ResponseCurve, {
        props: {curve: makeCurve(changes), formatMoney, ...props},
    });

/** The numbers of a path, as [x, y]. */
const corners = (d) =>
    d
        .split(/[MLZ]/)
        .filter(Boolean)
        .map((pair) => pair.split(" ").map(Number));

test("curve, band, marks and evidence lie within the picture", async () => {
    await mountCurve({}, {width: 328});
    expect(".o_territory_response svg").toHaveAttribute("width", "328");
    const height = Number(queryOne(".o_territory_response svg").getAttribute("height"));
    for (const path of queryAll(".o_territory_response path")) {
        for (const [x, y] of corners(path.getAttribute("d"))) {
            expect(x >= 0 && x <= 328 && y >= 0 && y <= height).toBe(true);
        }
    }
    expect(".o_territory_response_quarter").toHaveCount(2);
    expect(".o_territory_response_today").toHaveCount(1);
    expect(".o_territory_response_best").toHaveCount(1);
    expect(".o_territory_response_flat").toHaveCount(1);
});

test("the curve goes through today, and best lies to its right", () => {
    const shape = new ResponseShape(makeCurve(), {width: 500});
    const today = shape.mark(shape.curve.today);
    const line = corners(shape.wholeLine);
    const nearest = line.reduce((best, corner) =>
        Math.abs(corner[0] - today.x) < Math.abs(best[0] - today.x) ? corner : best
    );
    expect(Math.abs(nearest[1] - today.y)).toBeLessThan(3);
    expect(shape.mark(shape.curve.optimal).x).toBeGreaterThan(today.x);
    const believed = corners(shape.believedLine);
    expect(believed.length).toBeLessThan(line.length);
    expect(Math.abs(believed[0][0] - shape.x(0.333))).toBeLessThan(6);
});

test("one huge quarter does not flatten the curve", async () => {
    const shape = new ResponseShape(makeCurve(), {width: 400});
    expect(shape.mostSales).toBeLessThan(3000);
    await mountCurve();
    expect(".o_territory_response_quarter[fill='none']").toHaveCount(1);
    expect(".o_territory_response_quarter[fill='none'] title").toHaveText(/€90000/);
});

test("who cannot see it is told the same", async () => {
    await mountCurve();
    const label = queryOne(".o_territory_response svg").getAttribute("aria-label");
    expect(label).toMatch(/Today: 1\.0 visits, €1000\./);
    expect(label).toMatch(
        /Best: 1\.6 visits, €1150, with 90% certainty between €\d+ and €\d+/
    );
    expect(label).toMatch(/Believed from 0\.33 visits, €\d+, to 3\.0 visits/);
    expect(".o_territory_response dl").toHaveText(
        /Your history, 30 months of evidence/
    );
    expect(".o_territory_response dl").toHaveText(
        /10% more visits, 3\.0% more sales \(1\.7 to 4\.3 with 90% certainty\)/
    );
    expect(".o_territory_response dl").toHaveText(/€60 a month here, €45 elsewhere/);
});

test("under the minimum there are words and no picture", async () => {
    await mountWithCleanup(ResponseCurve, {
        props: {
            curve: {
                id: 1,
                status: "words",
                message: "“<b>Alpha</b>” has no revenue.",
                questions: {obstacle: "x"},
            },
            formatMoney,
        },
    });
    expect(".o_territory_response svg").toHaveCount(0);
    expect(".o_territory_response_words").toHaveText("“<b>Alpha</b>” has no revenue.");
});

test("not visited, nobody's: words instead of numbers", async () => {
    await mountCurve({
        today: {effort: 0, sales: 1000, visited: false},
        optimal: false,
        flat: false,
        usual_hour: false,
        sample_size: 0,
    });
    const label = queryOne(".o_territory_response svg").getAttribute("aria-label");
    expect(label).toMatch(/Not visited in the last 12 months/);
    expect(label).not.toMatch(/Best/);
    expect(".o_territory_response_best").toHaveCount(0);
    expect(".o_territory_response_flat").toHaveCount(0);
    expect(".o_territory_response dl").not.toHaveText(/elsewhere/);
    expect(".o_territory_response dl").toHaveText(/its own months tell nothing/);
});

test("what was bought is told from what is expected", async () => {
    await mountCurve();
    expect(".o_territory_response dl").toHaveText(
        /€1000 a month, the luck of single months taken out; €1100 on average/
    );
});

test("what reps said is drawn; what no longer counts is faint and says so", async () => {
    const points = [
        [0, 300],
        [0.5, 700],
        [1, 1000],
        [1.5, 1200],
    ];
    const one = {judge: "<i>Mia</i>", date: "2026-10-01 08:00:00", points, most: 1500};
    await mountCurve({
        judged: [
            {...one, mine: true, counts: true},
            {...one, mine: false, counts: false},
        ],
    });
    expect(".o_territory_response_judged").toHaveCount(2);
    expect(".o_territory_response_judged:first path").toHaveCount(4);
    expect(".o_territory_response_judged:last").toHaveAttribute("opacity", "0.4");
    expect(".o_territory_response_judged:last title").toHaveText(/no longer counts/);
    expect(".o_territory_response_judged i").toHaveCount(0);
    expect(queryAllTexts(".o_territory_response_legend li")).toInclude(
        "what reps said"
    );
});

test("answers since the plan are told apart from it", async () => {
    await mountCurve({newer: true});
    expect(".o_territory_response_date").toHaveText(
        /takes them at its next computation/
    );
});
