"""Places of addresses: whether they can be right, and where to look without a service.

Coordinates are WGS84 degrees, arrays ``lat, lon`` in that order. Areas of countries
are shapely geometries in GeoJSON's order (longitude first).
"""

import hashlib
import re
import unicodedata

import numpy as np
import shapely

from .geo import distance_km

#: How far outside its country's coarse outline a place may lie, in degrees (22 km):
#: harbours, border towns and what rounding takes off a coast.
TOLERANCE = 0.2
#: A place so far from the others with its postal code is looked at again, km.
STRAY_KM = 100.0
#: ... if there are at least so many with it, the place itself counted.
STRAY_GROUP = 4

_SPACES = re.compile(r"[\s,;.]+")


def normal(text):
    """An address, or a part of it, as it is compared: no case, no punctuation.

    :param text: a string or a false value
    :return: a string
    """
    text = unicodedata.normalize("NFKC", text or "").casefold()
    return _SPACES.sub(" ", text).strip()


def fingerprint(*parts):
    """What tells whether an address is still the one a place was found for.

    :param parts: street, postal code, town, state, country; strings or false values
    :return: 32 hexadecimal digits (BLAKE2b), "" for an empty address
    """
    parts = [normal(part) for part in parts]
    if not any(parts):
        return ""
    text = "\x1f".join(parts).encode()
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def problems(lat, lon, country, areas, *, tolerance=TOLERANCE):
    """What is wrong with places, judged by the country of their address.

    :param lat: ``(n,)`` degrees; NaN counts as 0, which is how Odoo says "none"
    :param lon: ``(n,)`` degrees
    :param country: ``(n,)`` ISO codes; places whose country has no area pass
    :param areas: ISO code -> (multi)polygon
    :param tolerance: degrees outside the area that still pass
    :return: ``(n,)`` of "" (nothing wrong), "none" (0, 0), "impossible" (nowhere on
        earth), "swapped" (in the country with latitude and longitude exchanged),
        "sign" (in the country with a sign changed), "country" (outside it)
    """
    lat = np.nan_to_num(np.asarray(lat, dtype=float), posinf=1e9, neginf=-1e9)
    lon = np.nan_to_num(np.asarray(lon, dtype=float), posinf=1e9, neginf=-1e9)
    country = np.asarray(country, dtype=object)
    found = np.full(lat.shape, "", dtype=object)
    nowhere = (np.abs(lat) > 90) | (np.abs(lon) > 180)
    found[nowhere] = "impossible"
    found[(lat == 0) & (lon == 0)] = "none"
    for code in set(country.tolist()) & set(areas):
        mine = np.flatnonzero((country == code) & (found != "none"))
        area = areas[code]
        shapely.prepare(area)
        outside = mine[~_within(lat[mine], lon[mine], area, tolerance) | nowhere[mine]]
        if not len(outside):
            continue
        here, there = lat[outside], lon[outside]
        found[outside] = np.select(
            [
                _within(there, here, area, tolerance),
                _within(-here, there, area, tolerance)
                | _within(here, -there, area, tolerance)
                | _within(-here, -there, area, tolerance),
                nowhere[outside],
            ],
            ["swapped", "sign", "impossible"],
            "country",
        )
    return found


def _within(lat, lon, area, tolerance):
    inside = shapely.contains_xy(area, lon, lat)
    near = np.flatnonzero(~inside)
    # only what is outside is worth the more expensive question
    inside[near] = shapely.dwithin(
        area, shapely.points(lon[near], lat[near]), tolerance
    )
    return inside


def strays(lat, lon, group, *, limit_km=STRAY_KM, at_least=STRAY_GROUP):
    """Places far from where the others of their group are.

    :param lat: ``(n,)`` degrees
    :param lon: ``(n,)`` degrees
    :param group: ``(n,)`` whole numbers, the same for places that belong together
        (a postal code, say); below 0: none
    :param limit_km: how far is far
    :param at_least: how many places it takes to know where the group is
    :return: ``(n,)`` booleans
    """
    lat, lon = np.asarray(lat, dtype=float), np.asarray(lon, dtype=float)
    far = np.zeros(len(lat), dtype=bool)
    for rows in _groups(group):
        if len(rows) >= at_least:
            middle = np.median(lat[rows]), np.median(lon[rows])
            far[rows] = distance_km(lat[rows], lon[rows], *middle) > limit_km
    return far


def centres(lat, lon, group):
    """The middle of each group of places: the median, which a stray does not move.

    :param lat: ``(n,)`` degrees
    :param lon: ``(n,)`` degrees
    :param group: ``(n,)`` whole numbers; below 0: none
    :return: group -> ``(latitude, longitude)``
    """
    lat, lon = np.asarray(lat, dtype=float), np.asarray(lon, dtype=float)
    group = np.asarray(group, dtype=int)
    return {
        int(group[rows[0]]): (float(np.median(lat[rows])), float(np.median(lon[rows])))
        for rows in _groups(group)
    }


def _groups(group):
    """The rows of each group, groups below 0 left out."""
    group = np.asarray(group, dtype=int)
    rows = np.argsort(group, kind="stable")
    rows = rows[np.searchsorted(group[rows], 0) :]
    if not len(rows):
        return []
    return np.split(rows, np.flatnonzero(np.diff(group[rows])) + 1)
