import base64
import io
import json
import struct
import zipfile

import shapefile
import shapely
from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..models import _region_files
from .test_region_shape import RegionCase, box

WGS84 = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,'
    '298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
UTM = 'PROJCS["ETRS89_UTM_zone_32N",GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989"]]]'
KML = """<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>
<name>%s</name><Polygon><outerBoundaryIs><LinearRing><coordinates>
11,48,0 12,48,0 12,49,0 11,48,0
</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"""


def packed(**files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", ".", 1), content)
    return data.getvalue()


def shapefile_zip(prj=WGS84, encoding="utf-8", cpg=None, names=("Köln", "Łódź")):
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(
        shp=shp, shx=shx, dbf=dbf, encoding=encoding, shapeType=shapefile.POLYGON
    ) as writer:
        writer.field("NAME", "C", size=40)
        for number, name in enumerate(names):
            writer.poly(shapely_ring(number))
            writer.record(name)
    files = {"a_shp": shp.getvalue(), "a_dbf": dbf.getvalue()}
    if prj is not None:
        files["a_prj"] = prj
    if cpg is not None:
        files["a_cpg"] = cpg
    return packed(**files)


def shapely_ring(number):
    west = 6.0 + 2 * number
    return [[[west, 50], [west, 51], [west + 1, 51], [west + 1, 50], [west, 50]]]


def collection(*names, shape=None):
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "plz": f"{number}"},
            "geometry": shape or box(number, 48, number + 1, 49),
        }
        for number, name in enumerate(names)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def read(name, data):
    return _region_files.read(name, data)


@tagged("post_install", "-at_install")
class TestRegionFiles(RegionCase):
    """Files come in whole or not at all, whatever is in them."""

    def _import(self, name, data, **options):
        return self.Region.import_file(name, base64.b64encode(data).decode(), **options)

    # ----------------------------------------------------------------- reading
    def test_geojson(self):
        areas = read("a.geojson", collection("North", "<b>South</b>"))
        self.assertEqual([a["name"] for a in areas], ["North", "<b>South</b>"])
        with_bom = b"\xef\xbb\xbf" + collection("North")
        self.assertEqual(read("a.json", with_bom)[0]["name"], "North")

    def test_kml_and_kmz(self):
        (area,) = read("a.kml", (KML % "Süd").encode())
        self.assertEqual(area["name"], "Süd")
        self.assertAlmostEqual(area["geometry"].area, 0.5)
        (area,) = read("a.kmz", packed(doc_kml=KML % "Süd"))
        self.assertEqual(area["name"], "Süd")
        (area,) = read("a.kml", (KML % "Süd").encode("utf-16"))
        self.assertEqual(area["name"], "Süd")

    def test_shapefile(self):
        areas = read("a.zip", shapefile_zip())
        self.assertEqual([a["name"] for a in areas], ["Köln", "Łódź"])
        self.assertEqual(areas[1]["geometry"].bounds, (8, 50, 9, 51))
        latin = shapefile_zip(encoding="cp1252", names=("Köln",))
        self.assertEqual(read("a.zip", latin)[0]["name"], "Köln")
        polish = shapefile_zip(encoding="cp1250", cpg="1250", names=("Łódź",))
        self.assertEqual(read("a.zip", polish)[0]["name"], "Łódź")
        self.assertEqual(len(read("a.zip", shapefile_zip(prj=None))), 2)
        etrs = 'GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989"]]'
        self.assertEqual(len(read("a.zip", shapefile_zip(prj=etrs))), 2)

    def test_other_projections_are_refused_with_their_name(self):
        with self.assertRaisesRegex(ValueError, "ETRS89_UTM_zone_32N.*EPSG:4326"):
            read("a.zip", shapefile_zip(prj=UTM))
        potsdam = 'GEOGCS["GCS_DHDN",DATUM["D_Deutsches_Hauptdreiecksnetz"]]'
        with self.assertRaisesRegex(ValueError, "GCS_DHDN"):
            read("a.zip", shapefile_zip(prj=potsdam))
        old = json.loads(collection("A"))
        old["crs"] = {"properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
        with self.assertRaisesRegex(ValueError, "another reference system"):
            read("a.json", json.dumps(old).encode())

    # ----------------------------------------------------------------- hostile
    def test_hostile_files_are_refused_with_a_sentence(self):
        bomb = packed(a_shp=b"\0" * 80_000_000)
        self.assertLess(len(bomb), 100_000)
        entity = (
            '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/hosts">]>'
            + KML % "&x;"
        )
        million = {
            "type": "Polygon",
            "coordinates": [[[i / 1e6, i % 7] for i in range(1_000_000)]],
        }
        nested = '{"type":"GeometryCollection","geometries":[' * 50_000
        for name, data, why in (
            ("a.zip", bomb, "Unpacked"),
            ("a.kmz", packed(a_kml=b" " * 80_000_000), "Unpacked"),
            ("a.zip", packed(**{f"f{i}_txt": "" for i in range(300)}), "more than 200"),
            ("a.zip", b"PK\x03\x04 not one", "damaged"),
            ("a.zip", packed(a_txt="x"), "no Shapefile"),
            ("a.zip", packed(a_shp=b"\0\0\x27\x0a" + b"\xff" * 500), "damaged"),
            ("a.zip", shapefile_zip()[:-40], "damaged"),
            ("a.kml", entity.encode(), "document type"),
            ("a.kml", entity.encode("utf-16"), "document type"),
            ("a.kml", b"<kml><Placemark>", "cannot be read as XML"),
            ("a.kml", (KML % "A").replace("11,48,0", "x,y").encode(), "x,y"),
            (
                "a.kml",
                (KML % "A").replace("11,48,0", "nan,48").encode(),
                "not on earth",
            ),
            ("a.geojson", collection("A", shape=million), "more than 50,000"),
            ("a.geojson", nested.encode(), "GeoJSON"),
            ("a.geojson", "{}", "GeoJSON"),
            ("a.geojson", b"[1]", "GeoJSON"),
            ("a.geojson", collection("Ä").decode().encode("utf-16"), "UTF-8"),
            ("a.geojson", b'{"type":"FeatureCollection","features":7}', "list"),
            ("a.geojson", b'{"type":"FeatureCollection","features":[]}', "no area"),
            (
                "a.geojson",
                collection(*"A" * 2_001, shape=box(1, 1, 2, 2)),
                "more than 2,000",
            ),
            ("a.exe", b"MZ", "Files that can be read"),
        ):
            data = data.encode() if isinstance(data, str) else data
            with self.subTest(f"{name} {why}"), self.assertRaisesRegex(ValueError, why):
                read(name, data)

    def test_no_random_damage_gets_through_as_anything_but_a_sentence(self):
        """Every byte of a small Shapefile's head turned into every extreme."""
        good = zipfile.ZipFile(io.BytesIO(shapefile_zip()))
        shp, dbf = good.read("a.shp"), good.read("a.dbf")
        for place in range(24, 160, 4):
            for value in (-(2**31), -1, 0, 2**31 - 1):
                for order in ("<i", ">i"):
                    broken = bytearray(shp)
                    broken[place : place + 4] = struct.pack(order, value)
                    try:
                        read("a.zip", packed(a_shp=bytes(broken), a_dbf=dbf))
                    except ValueError as error:
                        self.assertTrue(str(error).endswith("."), error)

    # --------------------------------------------------------------- importing
    def test_preview_keeps_nothing(self):
        data = base64.b64encode(collection("South", "North")).decode()
        found = self.Region.preview_file("a.geojson", data)
        self.assertEqual([a["exists"] for a in found["areas"]], [True, False])
        self.assertEqual([p["name"] for p in found["properties"]], ["name", "plz"])
        self.assertFalse(self.Region.search([("name", "=", "North")]))

    def test_import_replaces_and_makes_and_is_undone_as_one(self):
        answer = self._import("a.geojson", collection("South", "North"))
        self.assertEqual((answer["made"], answer["changed"]), (1, 1))
        self.assertEqual(self.south.west, 0)
        self.Region.undo_shape(answer["batch"])
        self.assertEqual(self.south.west, 11)
        self.assertFalse(self.Region.search([("name", "=", "North")]))

    def test_names_from_another_property_and_twins(self):
        self._import("a.geojson", collection("South", "North"), name_from="plz")
        self.assertEqual(len(self.Region.search([("name", "in", ("0", "1"))])), 2)
        answer = self._import("a.geojson", collection("South"), replace=False)
        self.assertEqual(answer["made"], 1)
        self.assertEqual(self.south.west, 11)

    def test_one_bad_area_and_nothing_is_imported(self):
        data = json.loads(collection("North", "West"))
        data["features"][1]["geometry"]["coordinates"] = [[[500, 1], [2, 2], [3, 1]]]
        with self.assertRaisesRegex(UserError, "West.*not on earth"):
            self._import("a.geojson", json.dumps(data).encode())
        self.assertFalse(self.Region.search([("name", "=", "North")]))
        for filename, content in ((1, ""), ("a.json", 7), ("a.json", "%%%")):
            with self.subTest(filename), self.assertRaises(UserError):
                self.Region.import_file(filename, content)


@tagged("post_install", "-at_install")
class TestRegionExport(RegionCase, HttpCase):
    def test_what_is_exported_can_be_imported(self):
        self.south.name = "<script>alert(1)</script> & Söhne"
        self.authenticate("leader", "leader")
        for kind in ("geojson", "kml"):
            answer = self.url_open(f"/territory_planning/regions/{kind}")
            self.assertEqual(answer.status_code, 200)
            self.assertIn("attachment", answer.headers["Content-Disposition"])
            (area,) = read(f"a.{kind}", answer.content)
            self.assertEqual(area["name"], self.south.name)
            shape = shapely.geometry.shape(self.south.geometry)
            self.assertTrue(area["geometry"].equals(shape))
        etree.fromstring(answer.content)

    def test_only_the_users_regions(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        self._user("stranger", "sales_team.group_sale_manager", sister)
        self._user("clerk", "base.group_user")
        url = f"/territory_planning/regions/geojson?regions={self.south.id}"
        self.authenticate("stranger", "stranger")
        self.assertEqual(self.url_open(url).json()["features"], [])
        self.authenticate("rep", "rep")
        self.assertEqual(len(self.url_open(url).json()["features"]), 1)
        for path in ("regions/exe", "regions/kml?regions=x"):
            answer = self.url_open(f"/territory_planning/{path}")
            self.assertIn(answer.status_code, (400, 404))
        self.authenticate("clerk", "clerk")
        self.assertEqual(self.url_open(url).status_code, 403)
