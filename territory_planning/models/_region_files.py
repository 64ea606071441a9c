"""Areas from files that people bring along, and files made of areas.

A file from a user is untrusted: what is read of it is bounded in bytes, areas and
corners before it is read, archives are unpacked in memory up to a limit whatever their
directory says, and XML with a document type (which entities need) is refused.
Coordinates must be degrees on WGS84 or a datum within two metres of it (ETRS89,
NAD83, GDA); a projected Shapefile is refused with a sentence rather than guessed at.
"""

import io
import itertools
import json
import re
import struct
import warnings
import zipfile

import shapefile
import shapely
from lxml import etree

from ..engine import geo

MAX_BYTES = 20_000_000  # of the file as it is sent
MAX_UNPACKED = 60_000_000
MAX_MEMBERS = 200  # of an archive
MAX_AREAS = 2_000
MAX_VERTICES = 400_000  # of all areas together
MAX_TEXT = 200  # of a property
MAX_PROPERTIES = 40
POLYGONS = (shapefile.POLYGON, shapefile.POLYGONZ, shapefile.POLYGONM)

# Datums that lie within two metres of WGS84, as they are written in .prj files.
_NEAR_WGS84 = re.compile(
    r"WGS_?(19)?84|ETRS_?(19)?89|European_Terrestrial_Reference|NAD_?(19)?83|"
    r"North_American_(Datum_)?(of_)?1983|GDA_?(19)?94|GDA_?2020|ITRF",
    re.IGNORECASE,
)
_KML = "{*}"
_NAMES = ("name", "title", "label", "region", "bezeichnung", "gen", "nom", "id")


class FileError(ValueError):
    """Why a file cannot be used: a sentence for the user."""


def read(filename, data):
    """The areas in a file.

    :param filename: decides how to read it: .geojson, .json, .kml, .kmz, .zip
    :param data: bytes
    :return: list of dicts ``name``, ``properties`` (text by name), ``geometry``
        (shapely), ``repaired`` (whether it had to be changed)
    :raises FileError: with a sentence for the user
    """
    if len(data) > MAX_BYTES:
        raise FileError(
            f"The file has {len(data) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB "
            "can be read. Simplify the areas first, for example with mapshaper.org."
        )
    kind = filename.rsplit(".", 1)[-1].lower()
    readers = {
        "geojson": _read_geojson,
        "json": _read_geojson,
        "kml": _read_kml,
        "kmz": _read_kmz,
        "zip": _read_zip,
    }
    if kind not in readers:
        raise FileError(
            "Files that can be read are GeoJSON (.geojson, .json), KML (.kml, .kmz) "
            "and Shapefiles (.zip with .shp and .dbf in it)."
        )
    areas = []
    left = MAX_VERTICES
    for number, (properties, geojson) in enumerate(readers[kind](data), start=1):
        if number > MAX_AREAS:
            raise FileError(
                f"The file holds more than {MAX_AREAS:,} areas. Import it in parts."
            )
        name = _name(properties) or f"{filename.rsplit('.', 1)[0][:60]} {number}"
        try:
            geometry, repaired = geo.parse_area(geojson)
        except ValueError as error:
            raise FileError(f"“{name}”: {error}") from error
        left -= int(shapely.get_num_coordinates(geometry))
        if left < 0:
            raise FileError(
                f"The file has more than {MAX_VERTICES:,} points. Simplify the areas "
                "first, for example with mapshaper.org."
            )
        areas.append(
            {
                "name": name,
                "properties": properties,
                "geometry": geometry,
                "repaired": repaired,
            }
        )
    if not areas:
        raise FileError("There is no area in the file. It may hold points or lines.")
    return areas


def _name(properties):
    """The property that is most likely the name of an area."""
    lower = {key.lower(): value for key, value in properties.items()}
    for name in _NAMES:
        for key, value in lower.items():
            if value and (key == name or (name != "id" and key.startswith(name))):
                return value
    return ""


def _text(value):
    """A property as text: short, on one line, without control characters."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = "".join(c if c.isprintable() else " " for c in str(value)[: MAX_TEXT * 4])
    return " ".join(text.split())[:MAX_TEXT]


def _texts(pairs):
    texts = {}
    for key, value in pairs:
        text = _text(value)
        if text and len(texts) < MAX_PROPERTIES:
            texts[_text(key)[:60]] = text
    return texts


# --------------------------------------------------------------------- GeoJSON
def _read_geojson(data):
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(
            "The file is not written in UTF-8, as GeoJSON must be. Export it again "
            "with UTF-8 as its encoding."
        ) from None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise FileError(
            "This is not GeoJSON: it cannot be read as JSON. Export the areas again "
            "as GeoJSON."
        ) from None
    if not isinstance(found, dict):
        raise FileError("This is not GeoJSON. Export the areas again as GeoJSON.")
    _check_crs(found)
    features = found.get("features") if found.get("type") == "FeatureCollection" else 0
    if features == 0:
        features = [found]
    if not isinstance(features, list):
        raise FileError("“features” must be a list. Export the areas as GeoJSON.")
    for feature in features:
        if not isinstance(feature, dict):
            raise FileError("An area is not an object. Export the areas as GeoJSON.")
        properties = feature.get("properties")
        geometry = feature
        if feature.get("type") == "Feature":
            geometry = feature.get("geometry")
            if not isinstance(geometry, dict) or not _has_area(geometry):
                continue
        pairs = properties.items() if isinstance(properties, dict) else ()
        yield _texts(pairs), geometry


def _has_area(geometry):
    kind = geometry.get("type")
    return not (isinstance(kind, str) and kind.endswith(("Point", "LineString")))


def _check_crs(found):
    """GeoJSON of before 2016 may name another reference system."""
    crs = json.dumps(found.get("crs") or "")[:500]
    if len(crs) > 2 and not re.search(r"CRS84|EPSG:{1,2}(4326|4258|4269)\b", crs):
        raise FileError(
            "The coordinates are in another reference system. Export the areas in "
            "WGS84 (EPSG:4326)."
        )


# -------------------------------------------------------------------- archives
class _Archive:
    """A zip file that is unpacked in memory, up to a limit."""

    def __init__(self, data):
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
            self.members = self.zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            raise FileError("The .zip file is damaged. Pack it again.") from None
        if len(self.members) > MAX_MEMBERS:
            raise FileError(
                f"The archive holds more than {MAX_MEMBERS} files. Pack the files of "
                "one Shapefile only."
            )
        self.left = MAX_UNPACKED

    def names(self, ending):
        """Members by what their name ends with, without what macOS adds."""
        return [
            member.filename
            for member in self.members
            if member.filename.lower().endswith(ending)
            and not member.filename.startswith("__MACOSX")
        ]

    def read(self, name):
        """What is in a member; what its directory says of its size is not believed."""
        try:
            with self.zip.open(name) as member:
                content = member.read(self.left + 1)
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,  # a password
            EOFError,
            OSError,
            ValueError,
            zipfile.zlib.error,
        ):
            raise FileError(
                "The .zip file is damaged or has a password. Pack it again without one."
            ) from None
        self.left -= len(content)
        if self.left < 0:
            raise FileError(
                f"Unpacked, the file has more than {MAX_UNPACKED / 1e6:.0f} MB. "
                "Simplify the areas first, for example with mapshaper.org."
            )
        return content

    def sibling(self, name, ending):
        """The member beside ``name`` with another ending, or nothing."""
        wanted = name[:-4].lower() + ending
        found = [n for n in self.names(ending) if n.lower() == wanted]
        return self.read(found[0]) if found else b""


def _read_kmz(data):
    archive = _Archive(data)
    names = archive.names(".kml")
    if not names:
        raise FileError("There is no .kml in the .kmz file.")
    return _read_kml(archive.read(names[0]))


def _read_zip(data):
    archive = _Archive(data)
    if not archive.names(".shp"):
        for ending, reader in ((".geojson", _read_geojson), (".kml", _read_kml)):
            if names := archive.names(ending):
                return reader(archive.read(names[0]))
        raise FileError(
            "There is no Shapefile in the .zip file: pack the .shp, .dbf and .prj "
            "files together."
        )
    return _read_shapefile(archive, archive.names(".shp")[0])


# ------------------------------------------------------------------- Shapefile
def _read_shapefile(archive, name):
    _check_projection(archive.sibling(name, ".prj").decode("latin-1"))
    shp = archive.read(name)
    dbf = archive.sibling(name, ".dbf")
    encoding = _dbf_encoding(archive.sibling(name, ".cpg"), dbf)
    try:
        with warnings.catch_warnings():
            # What the reader finds odd is refused below or does not matter.
            warnings.simplefilter("ignore")
            return _shapes(shp, dbf, encoding)
    except FileError:
        raise
    except (
        shapefile.ShapefileException,
        struct.error,
        ArithmeticError,
        AttributeError,
        EOFError,
        LookupError,
        MemoryError,
        OSError,
        TypeError,
        ValueError,
    ) as error:
        # The reader trusts its file, so a broken one fails in any of these ways.
        raise FileError(
            "The Shapefile is damaged. Export it again, or export the areas as GeoJSON."
        ) from error


def _shapes(shp, dbf, encoding):
    """Properties and GeoJSON of each polygon, with a bound on how many are read."""
    reader = shapefile.Reader(
        shp=io.BytesIO(shp),
        dbf=io.BytesIO(dbf) if dbf else None,
        encoding=encoding,
        encodingErrors="replace",
    )
    shapes = reader.iterShapes()
    records = reader.iterRecords() if dbf else iter(())
    names = [field[0] for field in reader.fields if field[0] != "DeletionFlag"]
    found = []
    left = MAX_VERTICES
    # A broken length may lead back to the beginning: never until the end, but up to
    # as many as are taken.
    for shape in itertools.islice(shapes, MAX_AREAS + 1):
        values = next(records, ())
        left -= len(getattr(shape, "points", ()))
        if left < 0:
            raise FileError(
                f"The file has more than {MAX_VERTICES:,} points. Simplify the areas "
                "first, for example with mapshaper.org."
            )
        if shape.shapeType in POLYGONS:
            properties = _texts(zip(names, values, strict=False))
            found.append((properties, dict(shape.__geo_interface__)))
    return found


def _check_projection(prj):
    """Only degrees on WGS84 or nearly so; a missing .prj is judged by the numbers."""
    if not prj.strip():
        return
    system = re.search(r'\w+\[\s*"([^"]{0,100})"', prj)
    degrees = re.match(r"\s*GEO(GCS|GCRS|DCRS|GRAPHICCRS)\[", prj, re.IGNORECASE)
    if not degrees or not _NEAR_WGS84.search(prj[:2_000]):
        raise FileError(
            f"The Shapefile's coordinates are in “{system[1] if system else prj[:40]}”. "
            "Export it in WGS84 (EPSG:4326), for example with mapshaper.org: "
            "“-proj wgs84”."
        )


def _dbf_encoding(cpg, dbf):
    """What the .cpg file names; else UTF-8 if the table is that, else Windows-1252."""
    named = cpg.decode("latin-1").strip()[:20].lower().removeprefix("cp")
    for encoding in (named, f"cp{named}"):
        try:
            "".encode(encoding)
            b"".decode(encoding)
        except (LookupError, ValueError):
            continue
        if encoding:
            return encoding
    try:
        dbf.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


# ------------------------------------------------------------------------- KML
def _read_kml(data):
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    if b"<!DOCTYPE" in data[:100_000].upper():
        raise FileError(_DOCTYPE)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise FileError(
            "This is not KML: it cannot be read as XML. Export the areas again."
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise FileError(_DOCTYPE)  # in an encoding in which it did not look like one
    for mark in root.iter(f"{_KML}Placemark"):
        polygons = [
            polygon
            for polygon in map(_kml_polygon, mark.iter(f"{_KML}Polygon"))
            if polygon
        ]
        if polygons:
            pairs = [("name", mark.findtext(f"{_KML}name"))]
            for item in mark.iter(f"{_KML}SimpleData"):
                pairs.append((item.get("name"), item.text))
            for item in mark.iter(f"{_KML}Data"):
                pairs.append((item.get("name"), item.findtext(f"{_KML}value")))
            yield _texts(pairs), {"type": "MultiPolygon", "coordinates": polygons}


_DOCTYPE = (
    "The file declares a document type, which KML does not need and which is not read "
    "for safety. Export the areas again."
)


def _kml_polygon(polygon):
    path = f"{_KML}%s/{_KML}LinearRing/{_KML}coordinates"
    outer = [
        _kml_ring(node.text) for node in polygon.iterfind(path % "outerBoundaryIs")
    ]
    inner = [
        _kml_ring(node.text) for node in polygon.iterfind(path % "innerBoundaryIs")
    ]
    return outer[:1] + inner if outer else None


def _kml_ring(text):
    ring = []
    for part in (text or "").split():
        try:
            ring.append([float(value) for value in part.split(",")[:2]])
        except ValueError:
            raise FileError(
                f"“{part[:40]}” is not a longitude and a latitude. Export the areas "
                "again."
            ) from None
        if len(ring) > MAX_VERTICES:
            raise FileError(
                f"The file has more than {MAX_VERTICES:,} points. Simplify the areas "
                "first."
            )
    return ring


# --------------------------------------------------------------------- writing
def to_geojson(rows):
    """A FeatureCollection as bytes.

    :param rows: dicts with ``geometry`` (GeoJSON or None) and plain properties
    """
    features = [
        {
            "type": "Feature",
            "properties": {k: v for k, v in row.items() if k != "geometry"},
            "geometry": row["geometry"] or None,
        }
        for row in rows
    ]
    found = {"type": "FeatureCollection", "features": features}
    return json.dumps(found, ensure_ascii=False).encode()


def to_kml(rows, title):
    """A KML 2.2 document as bytes; rows as for :func:`to_geojson`."""
    space = "http://www.opengis.net/kml/2.2"
    root = etree.Element(f"{{{space}}}kml", nsmap={None: space})
    document = _kml_add(root, "Document")
    _kml_add(document, "name", title)
    for row in rows:
        if not row["geometry"]:
            continue
        mark = _kml_add(document, "Placemark")
        _kml_add(mark, "name", row["name"])
        extended = _kml_add(mark, "ExtendedData")
        for key, value in row.items():
            if key not in ("geometry", "name") and value not in (None, False, ""):
                data = _kml_add(extended, "Data")
                data.set("name", key)
                _kml_add(data, "value", str(value))
        shape = row["geometry"]
        polygons = shape["coordinates"]
        if shape["type"] == "Polygon":
            polygons = [polygons]
        multi = _kml_add(mark, "MultiGeometry")
        for rings in polygons:
            polygon = _kml_add(multi, "Polygon")
            for number, ring in enumerate(rings):
                side = _kml_add(
                    polygon, "innerBoundaryIs" if number else "outerBoundaryIs"
                )
                linear = _kml_add(side, "LinearRing")
                text = " ".join(f"{point[0]},{point[1]}" for point in ring)
                _kml_add(linear, "coordinates", text)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _kml_add(parent, tag, text=None):
    node = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{tag}")
    if text is not None:
        node.text = "".join(c for c in text if c.isprintable())
    return node
