import numpy as np

from .base import Router, Trouble

#: What it says of a question whose places it cannot do together: no road near one (170,
#: 171), farther than it may look (154), too many at once (150).
APART = {150, 154, 170, 171}
LOCATED = 20


class Valhalla(Router):
    """Valhalla, on a server of one's own or a hired one.

    One place that is off its map spoils a whole question, and it does not say which: it
    is asked then where the places are, and for a table of the others. What is too far
    apart for one question is asked for in halves.
    """

    name = "valhalla"
    label = "Valhalla"
    most_places = 100
    most_pairs = 2500
    profiles = {"car": "auto", "truck": "truck"}

    def table(self, sources, targets):
        """As in :class:`.Router`."""
        sources, targets = np.asarray(sources), np.asarray(targets)
        try:
            return self._asked(sources, targets)
        except _Apart:
            known = [self._on_map(points) for points in (sources, targets)]
        shape = len(sources), len(targets)
        seconds, km = np.full(shape, np.nan), np.full(shape, np.nan)
        if known[0].any() and known[1].any():
            block = np.ix_(*known)
            seconds[block], km[block] = self._parts(
                sources[known[0]], targets[known[1]]
            )
        return seconds, km

    def _asked(self, sources, targets):
        answer = self._post(
            "/sources_to_targets",
            {
                "sources": _places(sources),
                "targets": _places(targets),
                "costing": self.profile,
                "units": "kilometers",
            },
        )
        if answer.get("units", "kilometers") != "kilometers":
            raise Trouble("garbage")
        rows = answer.get("sources_to_targets")
        return self._tables(
            _column(rows, "time"),
            _column(rows, "distance"),
            (len(sources), len(targets)),
            1.0,
        )

    def _on_map(self, points):
        """Which places are near a road of its map, ``(m,)``."""
        question = {"locations": _places(points), "costing": self.profile}
        known = []
        # it takes fewer places here than in a table
        for first in range(0, len(points), LOCATED):
            part = {**question, "locations": question["locations"][first:][:LOCATED]}
            answer = self._post("/locate", part, kind=list)
            if len(answer) != len(part["locations"]):
                raise Trouble("garbage")
            known += [bool(isinstance(a, dict) and a.get("edges")) for a in answer]
        return np.array(known, dtype=bool)

    def _parts(self, sources, targets):
        """A table in halves where need be; a pair that cannot be done is unknown."""
        try:
            return self._asked(sources, targets)
        except _Apart:
            if len(sources) == len(targets) == 1:
                return np.full((1, 1), np.nan), np.full((1, 1), np.nan)
        axis = 0 if len(sources) >= len(targets) else 1
        longer = targets if axis else sources
        middle = len(longer) // 2
        parts = [
            self._parts(sources, half) if axis else self._parts(half, targets)
            for half in (longer[:middle], longer[middle:])
        ]
        seconds, km = zip(*parts, strict=True)
        return np.concatenate(seconds, axis), np.concatenate(km, axis)

    def _complaint(self, answer):
        if answer.get("error_code") in APART:
            raise _Apart("question")
        return answer.get("error", "")


class _Apart(Trouble):
    """These places cannot be done together."""


def _places(points):
    return [
        {"lat": round(lat, 5), "lon": round(lon, 5)} for lat, lon in points.tolist()
    ]


def _column(rows, name):
    """One figure of all pairs, as a list of lists."""
    if not isinstance(rows, list):
        raise Trouble("garbage")
    table = []
    for row in rows:
        if not isinstance(row, list) or not all(isinstance(pair, dict) for pair in row):
            raise Trouble("garbage")
        table.append([pair.get(name) for pair in row])
    return table
