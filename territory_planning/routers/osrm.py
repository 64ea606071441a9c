import numpy as np

from .base import OFF_MAP_KM, Router, Trouble


class Osrm(Router):
    """The Open Source Routing Machine, on a server of one's own or a hired one.

    Its ``/table`` takes 100 places unless it is started with a higher
    ``--max-table-size``. It moves every place to the nearest road it has, however far.
    """

    name = "osrm"
    label = "OSRM"
    most_places = 100
    most_pairs = 2500
    profiles = {"car": "driving", "truck": "driving"}  # the server has one map

    def table(self, sources, targets):
        """As in :class:`.Router`."""
        places = np.vstack([sources, targets])
        path = ";".join(f"{lon:.5f},{lat:.5f}" for lat, lon in places)
        first = ";".join(map(str, range(len(sources))))
        last = ";".join(map(str, range(len(sources), len(places))))
        answer = self._get(
            f"/table/v1/{self.profile}/{path}?annotations=duration,distance"
            f"&sources={first}&destinations={last}"
        )
        if answer.get("code") != "Ok":
            raise Trouble("garbage")
        shape = len(sources), len(targets)
        seconds, km = self._tables(
            answer.get("durations"), answer.get("distances"), shape, 0.001
        )
        off = [
            self._off(answer.get(side), count)
            for side, count in zip(("sources", "destinations"), shape, strict=True)
        ]
        unknown = off[0][:, None] | off[1]
        return np.where(unknown, np.nan, seconds), np.where(unknown, np.nan, km)

    def _off(self, waypoints, count):
        """Which places are so far from any road that the map does not have them."""
        if not isinstance(waypoints, list) or len(waypoints) != count:
            raise Trouble("garbage")
        metres = [
            w.get("distance", 0) if isinstance(w, dict) else None for w in waypoints
        ]
        metres = self._numbers([metres], (1, count), 1.0, 1e8)[0]
        return metres > OFF_MAP_KM * 1000
