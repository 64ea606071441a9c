const effort = Array.from({length: 61}, (_zero, i) => i * 0.06);

/** What the server says of an account with the effect `elasticity`. */
export function makeCurve(changes = {}, elasticity = 0.3) {
    const mean = effort.map((x) => 1000 * Math.max(x, 0.01) ** elasticity);
    return {
        id: 1,
        name: "Alpha",
        currency_id: 1,
        status: "curve",
        effort,
        mean,
        low: mean.map((sales) => 0.9 * sales),
        high: mean.map((sales) => 1.1 * sales),
        revenue_month: 1100,
        believed: [0.333, 3],
        today: {effort: 1, sales: 1000, visited: true},
        optimal: {effort: 1.6, sales: 1150},
        flat: [1.2, 2.1],
        points: [
            {effort: 0.8, sales: 700, label: "Jan 2026 to Mar 2026"},
            {effort: 1.1, sales: 90000, label: "Apr 2026 to Jun 2026"},
        ],
        judged: [],
        elasticity,
        sd: 0.08,
        origin: "history",
        origin_label: "Your history",
        sample_size: 30,
        newer: false,
        margin_rate: 0.4,
        hours_per_visit: 2,
        next_hour: 60,
        usual_hour: 45,
        reason: "An hour here brings more.",
        month: "November 2026",
        computed_on: "2026-11-01 03:00:00",
        questions: {
            obstacle: "",
            visits_now: 1,
            revenue_now: 1100,
            rhythms: [
                "no visits",
                "one visit every 2 months",
                "one visit a month",
                "1.5 visits a month",
            ],
            start: [40, 80, 100, 113, 160],
            highest: 1000,
            mine: false,
        },
        ...changes,
    };
}
