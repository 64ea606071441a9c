import {describe, expect, test} from "@odoo/hoot";
import {
    Answers,
    inAskedMoney,
    readDraft,
} from "@territory_planning/territory_map/visit_questions/answers";

const START = [40, 80, 100, 115, 160];

describe("answers", () => {
    test("nothing is said until it is", () => {
        const answers = new Answers(START, 1000);
        expect(answers.missing).toBe(4);
        answers.say(0, 40);
        expect(answers.said).toEqual([true, false, true, false, false]);
        expect(answers.missing).toBe(3);
        expect(answers.complete).toBe(false);
        for (const i of [1, 3, 4]) {
            answers.say(i, answers.shares[i]);
        }
        expect(answers.complete).toBe(true);
        expect(answers.shares).toEqual(START);
    });

    test("given before is said", () => {
        const answers = new Answers(START, 1000, [10, 50, 100, 130, 200]);
        expect(answers.complete).toBe(true);
        expect(answers.shares[0]).toBe(10);
    });

    test("more visits never sell less: what is in the way is pushed along", () => {
        const answers = new Answers(START, 1000);
        answers.say(0, 90);
        expect(answers.shares).toEqual([90, 91, 100, 115, 160]);
        answers.say(1, 30);
        expect(answers.shares).toEqual([29, 30, 100, 115, 160]);
        answers.say(3, 400);
        expect(answers.shares.slice(3)).toEqual([400, 401]);
        answers.say(4, 101);
        expect(answers.shares.slice(3)).toEqual([101, 102]);
        expect(answers.said[3]).toBe(true);
    });

    test("nothing but a number within reach gets in", () => {
        const answers = new Answers(START, 1000);
        for (const share of [NaN, Infinity, undefined]) {
            answers.say(0, share);
        }
        expect(answers.shares).toEqual(START);
        answers.say(2, 50);
        expect(answers.shares[2]).toBe(100);
        answers.say(0, -20);
        answers.say(4, 5000);
        expect([answers.shares[0], answers.shares[4]]).toEqual([0, 1000]);
        for (let i = 1; i < 5; i++) {
            expect(answers.shares[i]).toBeGreaterThan(answers.shares[i - 1]);
        }
    });

    test("whatever is said in whatever order rises", () => {
        const answers = new Answers(START, 1000);
        let seed = 7;
        const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
        for (let n = 0; n < 500; n++) {
            answers.say(Math.floor(random() * 5), random() * 1400 - 200);
            const steps = answers.shares.slice(1).map((s, i) => s - answers.shares[i]);
            expect(Math.min(...steps)).toBeGreaterThan(0.09);
            expect(answers.shares[2]).toBe(100);
        }
    });

    test("points in money and visits", () => {
        const answers = new Answers(START, 1000);
        expect(answers.points(2, 1000)).toEqual([
            [0, 400],
            [1, 800],
            [2, 1000],
            [3, 1150],
        ]);
        expect(answers.most(1000)).toBe(1600);
    });

    test("the curve in the money of the questions: visits do the same to both", () => {
        const curve = {
            status: "curve",
            mean: [50, 100, 120],
            low: [40, 100, 110],
            high: [60, 100, 130],
            today: {effort: 1, sales: 100, visited: true},
            optimal: {effort: 2, sales: 120},
            points: [{effort: 1, sales: 210}],
            judged: [{points: [[0, 30]], most: 140}],
        };
        const asked = inAskedMoney(curve, 200);
        expect(asked.mean).toEqual([100, 200, 240]);
        expect(asked.high).toEqual([120, 200, 260]);
        expect([asked.today.sales, asked.optimal.sales]).toEqual([200, 240]);
        expect(asked.judged[0]).toEqual({points: [[0, 60]], most: 280});
        expect(asked.points).toEqual(curve.points);
        expect(inAskedMoney({...curve, optimal: false}, 200).optimal).toBe(false);
        const words = {status: "words", message: "m"};
        expect(inAskedMoney(words, 200)).toBe(words);
    });

    test("a stored draft may be anything", () => {
        const good = {shares: START, said: [1, 0, 1, 0, 0], note: "n"};
        expect(readDraft(JSON.stringify(good), 1000).said[1]).toBe(false);
        for (const text of [
            null,
            "",
            "{}",
            "[1]",
            JSON.stringify({...good, shares: [1, 2, 3]}),
            JSON.stringify({...good, shares: [50, 40, 100, 115, 160]}),
            JSON.stringify({...good, shares: [40, 80, 99, 115, 160]}),
            JSON.stringify({...good, shares: [40, 80, 100, 115, 1600]}),
            JSON.stringify({...good, shares: ["a", 80, 100, 115, 160]}),
        ]) {
            expect(readDraft(text, 1000)).toBe(null);
        }
    });
});
