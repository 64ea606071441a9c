import base64
import binascii

import shapely

from odoo import api, models
from odoo.exceptions import UserError

from . import _region_files


class TerritoryRegion(models.Model):
    """Regions from GeoJSON, KML and Shapefiles, and as GeoJSON and KML."""

    _inherit = "territory.region"

    # ---------------------------------------------------------------- importing
    @api.model
    def preview_file(self, filename, data):
        """Look into a file without keeping anything of it.

        :param data: the file, in base 64
        :return: dict: ``areas`` with ``name``, ``corners``, ``repaired`` and whether a
            region of that name ``exists``; ``properties``, the columns names may be
            taken from, each with an example
        """
        self.check_access("create")
        areas = self._read_file(filename, data)
        known = set(self._named([area["name"] for area in areas]).mapped("name"))
        examples = {}
        for area in areas:
            for key, value in area["properties"].items():
                examples.setdefault(key, value)
        return {
            "areas": [
                {
                    "name": area["name"],
                    "properties": area["properties"],
                    "corners": int(shapely.get_num_coordinates(area["geometry"])),
                    "repaired": area["repaired"],
                    "exists": area["name"] in known,
                }
                for area in areas
            ],
            "properties": [
                {"name": key, "example": value} for key, value in examples.items()
            ],
        }

    @api.model
    def import_file(self, filename, data, name_from="", replace=True):
        """Make a region of each area in a file, all or none.

        :param name_from: the property that holds the names; empty: the likeliest
        :param replace: regions of the same name get the new area instead of a twin
        :return: as :meth:`save_shape`, with ``made`` and ``changed`` counted
        """
        self.check_access("create")
        areas = self._read_file(filename, data)
        by_name = {}
        for area in areas:
            # Several areas of one name are one region of several parts.
            name = area["properties"].get(name_from) or area["name"]
            by_name.setdefault(name, []).append(area["geometry"])
        shapes = {
            name: shapely.geometry.mapping(shapely.union_all(parts))
            for name, parts in by_name.items()
        }
        known = {}
        if replace:
            for region in self._named(list(shapes)):
                known.setdefault(region.name, region)
        old = self.browse(region.id for region in known.values())
        rows = self.env["territory.region.revision"]._keep(old)
        for name, region in known.items():
            region.write({"kind": "area", "geometry": shapes[name]})
        made = self.create(
            [
                {
                    "name": name,
                    "kind": "area",
                    "geometry": shape,
                    "company_id": self.env.company.id,
                }
                for name, shape in shapes.items()
                if name not in known
            ]
        )
        said = []
        if repaired := sum(area["repaired"] for area in areas):
            said.append(
                self.env._(
                    "%s areas crossed themselves or were not closed, and were repaired.",
                    repaired,
                )
                if repaired > 1
                else self.env._("One area was repaired.")
            )
        answer = (old | made)._answer(rows._close(made), said)
        return {**answer, "made": len(made), "changed": len(old)}

    def _read_file(self, filename, data):
        if not isinstance(filename, str) or not isinstance(data, str):
            raise UserError(self.env._("Choose a file first."))
        if len(data) > _region_files.MAX_BYTES * 4 / 3 + 100:
            raise UserError(
                self.env._(
                    "The file is larger than %s MB. Simplify the areas first, for "
                    "example with mapshaper.org.",
                    _region_files.MAX_BYTES // 1_000_000,
                )
            )
        try:
            return _region_files.read(filename, base64.b64decode(data, validate=True))
        except binascii.Error as error:
            raise UserError(
                self.env._("The file arrived damaged. Choose it again.")
            ) from error
        except _region_files.FileError as error:
            raise UserError(
                self.env._(
                    "%(file)s cannot be imported. %(reason)s",
                    file=filename[:100],
                    reason=error,
                )
            ) from error

    def _named(self, names):
        """The company's regions of these names, the oldest first."""
        return self.search(
            [("company_id", "=", self.env.company.id), ("name", "in", names)],
            order="id",
        )

    # ---------------------------------------------------------------- exporting
    def _export(self, kind):
        """These regions as a file.

        :param kind: geojson or kml
        :return: bytes
        """
        rows = [
            {
                "name": region.name,
                "full_name": region.complete_name,
                "rep": region.user_id.name or "",
                "team": region.team_id.name or "",
                "kind": region.kind,
                "postal_codes": region.zip_prefixes or "",
                "from": str(region.date_start or ""),
                "until": str(region.date_end or ""),
                # the outline of a region by rule is an estimate, and says so
                "estimated": region.kind == "rule",
                "geometry": region.geometry or region.outline or None,
            }
            for region in self
        ]
        if kind == "kml":
            return _region_files.to_kml(rows, self.env._("Regions"))
        return _region_files.to_geojson(rows)
