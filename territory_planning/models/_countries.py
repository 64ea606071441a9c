"""The outlines of countries, from the map that comes with the module."""

import functools
import json

import shapely

from odoo.tools import file_open

FILE = "territory_planning/static/lib/basemap/countries.json"


@functools.cache
def areas():
    """ISO code -> area, read once per process: a tenth of a second."""
    with file_open(FILE) as file:
        countries = json.load(file)["countries"]
    return {
        # rounding may have made a thin spit touch itself
        code: shapely.make_valid(
            shapely.geometry.shape({"type": "MultiPolygon", "coordinates": parts})
        )
        for code, parts in countries.items()
    }
