"""Which constraints stand against each other, and by how much."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Clash:
    """One constraint that is not kept.

    ``kind``: ``total`` (the bands together do not fit the load), ``locks`` (locked units
    alone pass a rep's band), ``reach`` (all units a rep may have do not fill its band),
    ``unit`` (nobody may look after it), ``lock`` (a locked unit at a rep who may not have
    it), ``above`` and ``below`` (a rep's band), ``moves`` and ``revenue`` (the caps on
    handovers). ``amount``: by how much, in load, units or money. ``rep``, ``unit``,
    ``measure``: whose, −1 for none. ``proven``: no alignment at all keeps it together with
    the others; otherwise none was found. ``level``: what there is; ``limit``: what may be.
    """

    kind: str
    amount: float
    rep: int = -1
    unit: int = -1
    measure: int = 0
    level: float = 0.0
    limit: float = 0.0
    proven: bool = False

    @property
    def key(self):
        """What it is about, without how much."""
        return self.kind, self.rep, self.unit, self.measure

    def __str__(self):
        far = f"{self.amount:.6g}"
        level, limit = f"{self.level:.6g}", f"{self.limit:.6g}"
        words = {
            "total_high": f"all loads add up to {level}, {far} more than the upper bands",
            "total_low": f"all loads add up to {level}, {far} less than the lower bands",
            "locks": f"units locked to rep {self.rep} have a load of {level}, "
            f"{far} more than its band of {limit}",
            "reach": f"all units that rep {self.rep} may have add up to {level}, "
            f"{far} less than its band of {limit}",
            "unit": f"no rep may look after unit {self.unit}",
            "lock": f"unit {self.unit} is locked to rep {self.rep}, who may not have it",
            "above": f"rep {self.rep} has a load of {level}, {far} above its band",
            "below": f"rep {self.rep} has a load of {level}, {far} below its band",
            "moves": f"{level} units change hands, {far} more than {limit}",
            "revenue": f"{level} of revenue changes hands, {far} more than {limit}",
        }
        return words[self.kind]


def certain(problem):
    """Clashes that can be seen without a search, all of them proven."""
    found = []
    load, allowed = problem.load, problem.allowed
    total = load.sum(axis=0)
    nobody = ~allowed.any(axis=1)
    for unit in np.flatnonzero(nobody):
        if problem.locked[unit]:
            rep = int(problem.current[unit])
            found.append(Clash("lock", 1.0, rep=rep, unit=int(unit), proven=True))
        else:
            found.append(Clash("unit", 1.0, unit=int(unit), proven=True))
    for measure in range(load.shape[1]):
        slack = problem.slack[measure]
        high, low = problem.upper[:, measure].sum(), problem.lower[:, measure].sum()
        for kind, over, limit in (
            ("total_high", total[measure] - high, high),
            ("total_low", low - total[measure], low),
        ):
            if over > slack * problem.reps:
                level = float(total[measure])
                found.append(
                    _clash(kind, over, measure=measure, level=level, limit=limit)
                )
        weight = load[:, measure]
        single = allowed.sum(axis=1) == 1
        bound_to = np.where(single[:, None], allowed, False)
        must = weight @ bound_to
        may = weight @ allowed
        for kind, level, limit, over in (
            (
                "locks",
                must,
                problem.upper[:, measure],
                must - problem.upper[:, measure],
            ),
            ("reach", may, problem.lower[:, measure], problem.lower[:, measure] - may),
        ):
            for rep in np.flatnonzero(over > slack):
                found.append(
                    _clash(
                        kind,
                        over[rep],
                        rep=int(rep),
                        measure=measure,
                        level=level[rep],
                        limit=limit[rep],
                    )
                )
    return tuple(found + _forced(problem))


def _forced(problem):
    """Handovers that nothing can avoid, against the caps."""
    rows = np.flatnonzero(problem.current >= 0)
    gone = np.zeros(problem.units, bool)
    gone[rows] = ~problem.allowed[rows, problem.current[rows]]
    gone &= problem.allowed.any(axis=1)
    used = problem.amount[gone].sum(axis=0)
    return [
        _clash(kind, over, level=level, limit=limit)
        for kind, level, limit, over in zip(
            ("moves", "revenue"), used, problem.cap, used - problem.cap, strict=True
        )
        if over > problem.rounding * max(limit, 1.0)
    ]


def _clash(kind, amount, *, level, limit, rep=-1, measure=0):
    return Clash(
        kind,
        float(amount),
        rep=rep,
        measure=measure,
        level=float(level),
        limit=float(limit),
        proven=True,
    )


def violations(problem, rep):
    """What a plan violates, not proven to be unavoidable."""
    over, beyond = problem.excess(rep)
    totals = problem.totals(rep)
    found = []
    for j, measure in np.argwhere(over != 0):
        above = over[j, measure] > 0
        limit = (problem.upper if above else problem.lower)[j, measure]
        found.append(
            Clash(
                "above" if above else "below",
                float(abs(over[j, measure])),
                rep=int(j),
                measure=int(measure),
                level=float(totals[j, measure]),
                limit=float(limit),
            )
        )
    rows = np.arange(problem.units)
    wrong = ~problem.allowed[rows, rep]
    for unit in np.flatnonzero(wrong):
        kind = "lock" if problem.locked[unit] else "unit"
        owner = problem.current[unit] if kind == "lock" else -1
        found.append(Clash(kind, 1.0, rep=int(owner), unit=int(unit)))
    used = problem.amount[problem.moved(rep)].sum(axis=0)
    for which, kind in enumerate(("moves", "revenue")):
        if beyond[which] > 0:
            found.append(
                Clash(
                    kind,
                    float(beyond[which]),
                    level=float(used[which]),
                    limit=float(problem.cap[which]),
                )
            )
    return tuple(found)
