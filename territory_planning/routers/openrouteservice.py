import numpy as np

from .base import Router


class OpenRouteService(Router):
    """openrouteservice, the public one with a key or a server of one's own."""

    name = "openrouteservice"
    label = "openrouteservice"
    url = "https://api.openrouteservice.org"
    attribution = "© openrouteservice.org, OpenStreetMap contributors"
    most_places = 100
    most_pairs = 2500  # the public one takes 3,500
    profiles = {"car": "driving-car", "truck": "driving-hgv"}

    @property
    def needs_key(self):
        return self.address == self.url

    def table(self, sources, targets):
        """As in :class:`.Router`."""
        count = len(sources)
        places = np.vstack([sources, targets]).round(5)
        answer = self._post(
            f"/v2/matrix/{self.profile}",
            {
                "locations": places[:, ::-1].tolist(),
                "sources": list(range(count)),
                "destinations": list(range(count, len(places))),
                "metrics": ["duration", "distance"],
                "units": "km",
            },
            **({"Authorization": self.key} if self.key else {}),
        )
        shape = count, len(targets)
        seconds, km = self._tables(
            answer.get("durations"), answer.get("distances"), shape, 1.0
        )
        # a place that is near no road is null where its place on the road should be
        off = [_nulls(answer.get(side)) for side in ("sources", "destinations")]
        unknown = np.zeros(shape, dtype=bool)
        if len(off[0]) == count:
            unknown |= off[0][:, None]
        if len(off[1]) == len(targets):
            unknown |= off[1]
        return np.where(unknown, np.nan, seconds), np.where(unknown, np.nan, km)

    def _complaint(self, answer):
        error = answer.get("error")
        return error.get("message", "") if isinstance(error, dict) else error


def _nulls(places):
    places = places if isinstance(places, list) else []
    return np.array([place is None for place in places], dtype=bool)
