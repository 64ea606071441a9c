import shapely

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..engine import geo, regions
from ._client_values import record_ids

SNAP_MOST_KM = 20.0
CLOSE_KM = 0.2  # merged neighbours: narrower slits between them are closed
CORNERS = 400  # what can be dragged by hand, on a phone too
MERGE_MOST = 50
ASKED = ("name", "user_id", "team_id", "parent_id", "color")


class TerritoryRegion(models.Model):
    """Areas drawn, edited, split and merged on the map, with the rights of the user.

    The browser sends GeoJSON; what is done with it is exact and done here. Each change
    is one transaction, answers with what the map shows and a batch to undo it by.
    """

    _inherit = "territory.region"

    # ------------------------------------------------------------------ reading
    @api.readonly
    def get_shape(self):
        """The outline to be edited by hand.

        :return: dict: ``parts``, GeoJSON Polygons without holes; ``holes`` likewise;
            ``off_km``, how far a simplified outline is from the stored one, else 0;
            ``made_by_rule``; ``seen``, what :meth:`save_shape` wants back
        """
        self.ensure_one()
        area = self._area()
        if area is None:
            raise UserError(
                self.env._(
                    "“%(region)s” has no area on the map yet: none of its accounts has "
                    "a place. Draw a region instead.",
                    region=self.name,
                )
            )
        area, off = regions.simplify(area, CORNERS)
        parts = shapely.get_parts(area)
        return {
            "parts": [_polygon(part.exterior) for part in parts],
            "holes": [_polygon(ring) for part in parts for ring in part.interiors],
            "off_km": off,
            "made_by_rule": self.kind == "rule",
            "seen": self._seen(),
        }

    def _seen(self):
        return self.env["territory.region.revision"]._digest(self)

    def _area(self):
        """The area on the map as shapely knows it, or None."""
        self.ensure_one()
        shape = self.geometry or self.outline
        return shapely.geometry.shape(shape) if shape else None

    # ----------------------------------------------------------------- changing
    @api.model
    def create_drawn(self, values, geometry, snap_km=0.0):
        """Make a region of a drawn area.

        :param values: name, user_id, team_id, parent_id, color
        """
        values = values if isinstance(values, dict) else {}
        values = {name: values[name] for name in ASKED if name in values}
        if not str(values.get("name") or "").strip():
            raise ValidationError(self.env._("Give the region a name."))
        self.check_access("create")
        region = self.new({**values, "company_id": self.env.company.id})
        area, said = region._fitted(geometry, None, snap_km)
        made = self.create(
            {
                **values,
                "company_id": self.env.company.id,
                "kind": "area",
                "geometry": shapely.geometry.mapping(area),
            }
        )
        rows = self.env["territory.region.revision"]._keep(self.browse())
        return made._answer(rows._close(made), said)

    def save_shape(self, geometry, holes=None, snap_km=0.0, seen=None):
        """Give a region another area; a region made by rule becomes a drawn one.

        :param seen: of the :meth:`get_shape` that the outline began as; when somebody
            has changed the region since, nothing is saved and the user is told who
        """
        self.ensure_one()
        self.check_access("write")
        if seen and seen != self._seen():
            last = self.env["territory.region.revision"].search(
                [("region_id", "=", self.id)], limit=1
            )
            known = last.state_after == self._seen()
            raise UserError(
                self.env._(
                    "%(person)s has changed “%(region)s” while you were drawing, so "
                    "your outline is not saved yet: saving it would undo that change. "
                    "Cancel, look at the new outline and draw again.",
                    person=last.create_uid.name if known else self.env._("Somebody"),
                    region=self.name,
                )
            )
        area, said = self._fitted(geometry, holes, snap_km)
        if self.kind == "rule":
            said.append(
                self.env._(
                    "It is a drawn region now: its postal codes, states and countries "
                    "do not count any more."
                )
            )
        rows = self.env["territory.region.revision"]._keep(self)
        self.write({"kind": "area", "geometry": shapely.geometry.mapping(area)})
        return self._answer(rows._close(), said)

    def split_shape(self, line, name):
        """Cut a region in two along a line; the smaller part becomes a new region.

        :param line: GeoJSON LineString
        :param name: of the new region
        """
        self.ensure_one()
        self.check_access("write")
        if not str(name or "").strip():
            raise ValidationError(self.env._("Give the new region a name."))
        area = self._area()
        if area is None:
            raise UserError(self.env._("“%s” has no area on the map yet.", self.name))
        try:
            kept, cut = regions.split(area, _line(line))
        except ValueError as error:
            raise self._wrong(error) from error
        rows = self.env["territory.region.revision"]._keep(self)
        self.write({"kind": "area", "geometry": shapely.geometry.mapping(kept)})
        made = self.create(
            {
                "name": name,
                "kind": "area",
                "geometry": shapely.geometry.mapping(cut),
                "company_id": self.company_id.id,
                "parent_id": self.parent_id.id,
                "team_id": self.team_id.id,
                "user_id": self.user_id.id,
                "date_start": self.date_start,
                "date_end": self.date_end,
            }
        )
        return (self | made)._answer(rows._close(made))

    def merge_with(self, other_ids):
        """Join other regions to this one; they are archived.

        Regions by postal code or by state stay what they are and share their rules;
        others become a drawn one.
        """
        self.ensure_one()
        ids = record_ids(self.env, other_ids, self.env._("Regions"), MERGE_MOST)
        others = self.browse(ids).exists() - self
        if not others or len(others) > MERGE_MOST:
            raise UserError(
                self.env._("Choose from 1 to %s regions to merge with.", MERGE_MOST)
            )
        together = self | others
        together.check_access("write")
        self._check_mergeable(others)
        values = together._merged_rules() or together._merged_areas()
        children = others.child_ids
        rows = self.env["territory.region.revision"]._keep(together | children)
        children.write({"parent_id": self.id})
        others.write({"active": False})
        self.write(values)
        return self._answer(rows._close())

    def _check_mergeable(self, others):
        if others.company_id != self.company_id:
            raise UserError(
                self.env._("Regions of different companies cannot be merged.")
            )
        for other in others:
            if self._is_related(other):
                raise UserError(
                    self.env._(
                        "“%(one)s” and “%(other)s” are part of each other and cannot "
                        "be merged. Archive the part instead.",
                        one=self.name,
                        other=other.name,
                    )
                )

    def _is_related(self, other):
        """Whether one is part of the other."""
        one, two = self.parent_path or "", other.parent_path or ""
        return bool(one and two) and (one.startswith(two) or two.startswith(one))

    def _merged_rules(self):
        """The common rule of regions whose rules are alike, else nothing."""
        if any(region.kind != "rule" for region in self):
            return None
        same = all(region.country_ids == self[0].country_ids for region in self)
        if same and all(region.zip_prefixes for region in self):
            return {"zip_prefixes": ", ".join(self.mapped("zip_prefixes"))}
        if all(region.state_ids and not region.zip_prefixes for region in self):
            return {
                "state_ids": [(6, 0, self.state_ids.ids)],
                "country_ids": [(6, 0, self.country_ids.ids)],
            }
        return None

    def _merged_areas(self):
        areas = [region._area() for region in self]
        for region, area in zip(self, areas, strict=True):
            if area is None:
                raise UserError(
                    self.env._(
                        "“%s” has no area on the map, so it cannot be merged.",
                        region.name,
                    )
                )
        area = regions.merge(areas, tolerance_km=CLOSE_KM)
        return {"kind": "area", "geometry": shapely.geometry.mapping(area)}

    @api.model
    def undo_shape(self, batch):
        """Take back a saved edit, split or merge."""
        return self.env["territory.region.revision"]._undo(batch)._answer()

    # ------------------------------------------------------------------ helpers
    def _fitted(self, geometry, holes, snap_km):
        """An area from the browser: read, without its holes, fitted to neighbours.

        :return: ``(area, sentences)`` what was changed in it
        """
        said = []
        try:
            area, repaired = geo.parse_area(geometry)
            if holes:
                collection = {"type": "GeometryCollection", "geometries": holes}
                area = shapely.difference(area, geo.parse_area(collection)[0])
            if repaired:
                said.append(self.env._("The outline crossed itself and was repaired."))
            if snap := _snap_km(snap_km):
                area, fitted = regions.snap(
                    area, self._neighbour_areas(area), tolerance_km=snap
                )
                if fitted:
                    said.append(self.env._("Its border was fitted to its neighbours."))
        except ValueError as error:
            raise self._wrong(error) from error
        return area, said

    def _neighbour_areas(self, area):
        """Areas of other regions on the map that are neither above nor below this."""
        every = self.env["territory.region"]._in_force(self.company_id)
        return [
            other._area()
            for other in every - self._origin
            if (other.geometry or other.outline)
            and other != self.parent_id
            and not self._is_related(other)
        ]

    def _wrong(self, error):
        return ValidationError(
            self.env._(
                "Region “%(region)s”, “Area”: %(reason)s",
                region=self.name,
                reason=error,
            )
        )

    def _answer(self, batch=False, said=()):
        return {
            "ids": self.ids,
            "names": self.mapped("name"),
            "batch": batch,
            "said": list(said),
        }


def _snap_km(value):
    """A tolerance from the browser: a number in bounds, else none."""
    if not isinstance(value, int | float) or not value > 0:
        return 0.0
    return min(float(value), SNAP_MOST_KM)


def _polygon(ring):
    return {"type": "Polygon", "coordinates": [shapely.get_coordinates(ring).tolist()]}


def _line(geojson):
    """A shapely line of GeoJSON that anybody may have sent."""
    points = geojson.get("coordinates") if isinstance(geojson, dict) else None
    if not isinstance(points, list) or not 2 <= len(points) <= 10_000:
        raise ValueError("The line must have from 2 to 10,000 points. Draw it again.")
    for point in points:
        if (
            not isinstance(point, list)
            or len(point) < 2
            or not all(
                isinstance(v, int | float) and not isinstance(v, bool)
                for v in point[:2]
            )
            or not (abs(point[0]) <= 180 and abs(point[1]) <= 90)
        ):
            raise ValueError("A point of the line is not on earth. Draw it again.")
    return shapely.LineString([point[:2] for point in points])
