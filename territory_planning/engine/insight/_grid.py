"""The globe in cells of equal size: bands of latitude cut into equal lengths."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from ..geo import EARTH_RADIUS_KM

_DEGREE_KM = np.pi * EARTH_RADIUS_KM / 180


@dataclass(frozen=True)
class Grid:
    """Cells of ``cell_km`` edge; the last of a band is what is left of the circle."""

    cell_km: float

    def number(self, lat, lon):
        """Number of the cell of each point, ``(n,)`` integers."""
        band, per_band = self._band(lat)
        column = np.floor((np.mod(lon + 180.0, 360.0)) / 360.0 * per_band)
        column = np.minimum(column, per_band - 1).astype(np.int64)
        return band.astype(np.int64) * self._stride + column

    def centre(self, number):
        """Latitude and longitude of the middle of cells, ``(k,)`` each."""
        band, column = np.divmod(number, self._stride)
        lat = (band + 0.5) * self.cell_km / _DEGREE_KM - 90.0
        _band, per_band = self._band(np.minimum(lat, 90.0))
        lon = (column + 0.5) / per_band * 360.0 - 180.0
        return np.minimum(lat, 90.0), lon

    @property
    def _stride(self):
        return int(np.ceil(360 * _DEGREE_KM / self.cell_km)) + 2

    def _band(self, lat):
        band = np.floor((lat + 90.0) * _DEGREE_KM / self.cell_km)
        middle = (band + 0.5) * self.cell_km / _DEGREE_KM - 90.0
        length = 360 * _DEGREE_KM * np.cos(np.radians(np.clip(middle, -90, 90)))
        return band, np.maximum(np.round(length / self.cell_km), 1.0)


def neighbours(lat, lon, reach_km):
    """Pairs of different places within ``reach_km``, each once: ``(m,)`` and ``(m,)``."""
    lat, lon = np.radians(lat), np.radians(lon)
    xyz = np.column_stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    )
    chord = 2 * np.sin(min(reach_km / EARTH_RADIUS_KM, np.pi) / 2)
    pairs = cKDTree(xyz).query_pairs(chord, output_type="ndarray")
    return pairs[:, 0], pairs[:, 1]
