"""How often the interval of a visit's effect covers the truth, however visits chase demand.

Simulated companies of 150 customers and two years of weeks: demand of each customer comes and
goes with a memory, orders are lumpy, a season runs over all. Peer: the plain ratio of orders
per week after visits and at other times.

Run: ``python -m benchmarks.insight_visits [companies per row]``
"""

import sys

import numpy as np

from odoo.addons.territory_planning.engine.insight import visits

from benchmarks._insight import Goals, seconds

SIZE, WEEKS, REACH, RATIO = 150, 104, 4, 1.3
#: name, visits follow demand how, memory of demand, covered by the method
CASES = (
    ("visits regardless of demand", "none", 0.9, True),
    ("more visits where demand is high", 1.0, 0.9, True),
    ("many more", 4.0, 0.9, True),
    ("many more, demand of short memory", 4.0, 0.5, True),
    ("many more, of long memory", 2.0, 0.97, True),
    ("visits in exactly the best weeks", "top", 0.9, True),
    ("visits because of orders", "after", 0.9, True),
    ("visits two weeks ahead of demand", "ahead", 0.9, False),
)


def company(seed, how, memory):
    rng = np.random.default_rng(seed)
    shape = SIZE, WEEKS
    demand, state = np.empty(shape), rng.normal(0, 0.5, SIZE)
    for week in range(WEEKS):
        state = memory * state + np.sqrt(1 - memory**2) * rng.normal(0, 0.5, SIZE)
        demand[:, week] = state
    season = 1 + 0.3 * np.sin(np.arange(WEEKS) / 52 * 2 * np.pi)
    mean = rng.lognormal(-1.5, 0.7, SIZE)[:, None] * np.exp(demand) * season
    mean *= rng.gamma(2, 0.5, shape)
    usual = 0.15 * rng.lognormal(0, 0.5, SIZE)[:, None]
    if how == "after":
        return _after(rng, mean)
    if how == "none":
        made = rng.poisson(usual, shape)
    elif how == "top":
        made = (demand > np.quantile(demand, 0.88)).astype(int)
    elif how == "ahead":
        made = rng.poisson(usual * np.exp(2 * np.roll(demand, -2, axis=1) - 0.5))
    else:
        made = rng.poisson(usual * np.exp(how * demand - (how * 0.5) ** 2 / 2))
    recent = np.zeros(shape)
    for week in range(WEEKS):
        recent[:, week] = made[:, max(0, week - REACH) : week].any(axis=1)
    return rng.poisson(mean * RATIO**recent), made


def _after(rng, mean):
    orders, made = np.zeros(mean.shape, int), np.zeros(mean.shape, int)
    for week in range(WEEKS):
        recent = made[:, max(0, week - REACH) : week].any(axis=1)
        orders[:, week] = rng.poisson(mean[:, week] * RATIO**recent)
        made[:, week] = rng.random(SIZE) < np.where(orders[:, week] > 0, 0.3, 0.08)
    return orders, made


def main(argv=None):
    words = sys.argv[1:] if argv is None else argv
    count = int(words[0]) if words and words[0].isdigit() else 150
    goals = Goals()
    for name, how, memory, held in CASES:
        inside, ratio, plain = [], [], []
        for seed in range(count):
            found = visits.effect(*company(seed, how, memory), reach=REACH)
            inside.append(found.low[0] <= RATIO <= found.high[0])
            ratio.append(np.log(found.ratio[0]))
            after = found.orders_after.sum() / found.periods_after.sum()
            plain.append(after * found.periods_else.sum() / found.orders_else.sum())
        if held:
            goals.least(f"{name}: share covered", np.mean(inside), 0.9)
        else:
            goals.beside(f"{name}: not covered, share", f"{np.mean(inside):.3f}")
        goals.beside(
            f"  truth {RATIO}: ratio found, plain ratio",
            f"{np.exp(np.mean(ratio)):.2f}, {np.mean(plain):.2f}",
        )
    orders, made = (np.tile(part, (20, 1)) for part in company(0, "none", 0.9))
    took, _found = seconds(lambda: visits.effect(orders, made), 1)
    goals.beside("3,000 customers, 104 weeks: seconds", f"{took:.1f}")
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
