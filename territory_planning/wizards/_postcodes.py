"""Lists of postal codes: those of GeoNames, or a table with a heading."""

import csv
import io
import math
import zipfile

import numpy as np

from ..engine import places

#: Columns of the files under download.geonames.org/export/zip
GEONAMES = {"country": 0, "zip": 1, "city": 2, "latitude": 9, "longitude": 10}
LARGEST = 400_000_000  # bytes, unpacked


class BadList(ValueError):
    """The list cannot be read; ``line`` says where (0: nowhere in particular)."""

    def __init__(self, kind, line=0):
        super().__init__(kind)
        self.kind = kind
        self.line = line


def read(content):
    """Read a list of postal codes; one with several places is put in their middle.

    :param content: bytes of a text, or of a ZIP archive with one in it
    :return: columns ``country, code, name, city, latitude, longitude``
    :raises BadList: if it is not such a list
    """
    rows = _rows(_text(content))
    seen = {}
    for line, row in rows:
        key = (row["country"].strip().upper(), places.normal(row["zip"]))
        try:
            place = float(row["latitude"]), float(row["longitude"])
        except ValueError:
            raise BadList("number", line) from None
        on_earth = all(map(math.isfinite, place))
        if not (on_earth and abs(place[0]) <= 90 and abs(place[1]) <= 180):
            raise BadList("earth", line)
        if len(key[0]) != 2 or not key[1]:
            raise BadList("key", line)
        name, city, found = seen.setdefault(key, (row["zip"].strip(), row["city"], []))
        found.append(place)
    if not seen:
        raise BadList("empty")
    middles = np.array([np.median(found, axis=0) for _n, _c, found in seen.values()])
    return {
        "country": [country for country, _code in seen],
        "code": [code for _country, code in seen],
        "name": [name for name, _city, _found in seen.values()],
        "city": [city for _name, city, _found in seen.values()],
        "latitude": middles[:, 0].round(6),
        "longitude": middles[:, 1].round(6),
    }


def _text(content):
    if content[:2] == b"PK":
        content = _unpack(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadList("encoding") from None


def _unpack(content):
    """The list in an archive; GeoNames' also holds a readme."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = [
                info
                for info in archive.infolist()
                if info.filename.lower().endswith((".txt", ".csv"))
                and "readme" not in info.filename.lower()
            ]
            if len(files) != 1 or files[0].file_size > LARGEST:
                raise BadList("archive")
            return archive.read(files[0])
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        raise BadList("archive") from None


def _rows(text):
    """Number of the line and row of each entry."""
    first = text.split("\n", 1)[0]
    if first.count("\t") >= 10:
        reader = csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
        columns, start = GEONAMES, 1
    else:
        reader = csv.reader(
            io.StringIO(text),
            delimiter=";" if first.count(";") > first.count(",") else ",",
        )
        heading = [name.strip().lower() for name in next(reader, [])]
        missing = set(GEONAMES) - {"city"} - set(heading)
        if missing:
            raise BadList("heading")
        columns = {n: heading.index(n) for n in GEONAMES if n in heading}
        start = 2
    for line, row in enumerate(reader, start):
        if not any(row):
            continue
        if len(row) <= max(columns.values()):
            raise BadList("short", line)
        yield line, {"city": "", **{name: row[i] for name, i in columns.items()}}
