import json
import re

import shapely

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TerritoryCase


def box(west, south, east, north):
    return shapely.geometry.mapping(shapely.box(west, south, east, north))


def line(*points):
    return {"type": "LineString", "coordinates": [list(point) for point in points]}


CUT = line((11.5, 47), (11.5, 51))


class RegionCase(TerritoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.south = cls._region("South", box(11, 48, 12, 49))
        cls.Region = cls.env["territory.region"].with_user(cls.leader)

    @classmethod
    def _region(cls, name, shape=None, **values):
        if shape:
            values |= {"kind": "area", "geometry": shape}
        return cls.env["territory.region"].create(
            {"name": name, "company_id": cls.company.id, **values}
        )

    def _area(self, region):
        return shapely.geometry.shape(region.geometry)


@tagged("post_install", "-at_install")
class TestRegionShape(RegionCase):
    """A change of areas is exact, whole, by right of the user, and can be undone."""

    # -------------------------------------------------------------------- draw
    def test_a_drawn_region_takes_its_accounts(self):
        customer = self._customer("Munich")
        self._order(customer, self._day(1))
        self._refresh()
        self.south.unlink()
        answer = self.Region.create_drawn(
            {"name": "City", "user_id": self.rep.id}, box(11.3, 48, 11.8, 48.3)
        )
        self.env["territory.run"].search([("state", "=", "waiting")])._finish_now()
        self.assertEqual(self._account(customer).region_id.ids, answer["ids"])
        region = self.Region.browse(answer["ids"])
        self.assertEqual(region.company_id, self.company)
        self.assertEqual(region.figure_accounts, 1)

    def test_only_what_is_asked_for_can_be_set(self):
        answer = self.Region.create_drawn(
            {"name": "City", "company_id": 1, "figure_accounts": 9}, box(11, 48, 12, 49)
        )
        region = self.Region.browse(answer["ids"])
        self.assertEqual(region.company_id, self.company)
        self.assertFalse(region.figure_accounts)

    def test_drawn_beside_a_neighbour_it_shares_the_border(self):
        answer = self.Region.create_drawn(
            {"name": "East"}, box(11.998, 48, 13, 49), snap_km=0.5
        )
        east = self._area(self.Region.browse(answer["ids"]))
        self.assertLess(east.intersection(self._area(self.south)).area, 1e-9)
        self.assertEqual(east.bounds[0], 12.0)
        self.assertTrue(any("neighbours" in sentence for sentence in answer["said"]))
        answer = self.Region.create_drawn({"name": "As drawn"}, box(11.998, 48, 13, 49))
        self.assertEqual(self.Region.browse(answer["ids"]).west, 11.998)

    def test_a_crossed_outline_is_repaired_and_said_so(self):
        bow = {
            "type": "Polygon",
            "coordinates": [[[11, 48], [12, 49], [12, 48], [11, 49], [11, 48]]],
        }
        answer = self.Region.create_drawn({"name": "Bow"}, bow)
        self.assertIn("repaired", answer["said"][0])

    # -------------------------------------------------------------------- edit
    def test_edit_and_undo(self):
        before = self.south.geometry
        region = self.south.with_user(self.leader)
        answer = region.save_shape(box(11, 48, 12.5, 49))
        self.assertEqual(region.east, 12.5)
        self.Region.undo_shape(answer["batch"])
        self.assertEqual(
            shapely.geometry.shape(region.geometry), shapely.geometry.shape(before)
        )
        with self.assertRaisesRegex(UserError, "nothing to undo"):
            self.Region.undo_shape(answer["batch"])

    def test_a_region_by_rule_becomes_a_drawn_one_and_back(self):
        rule = self._region(
            "Rule", country_ids=self.env.ref("base.de").ids, zip_prefixes="80, 81"
        ).with_user(self.leader)
        answer = rule.save_shape(box(9, 47, 10, 48))
        self.assertEqual(rule.kind, "area")
        self.assertIn("do not count", answer["said"][-1])
        self.Region.undo_shape(answer["batch"])
        self.assertEqual((rule.kind, rule.geometry), ("rule", False))

    def test_holes_are_kept(self):
        ring = shapely.box(11, 48, 12, 49).difference(
            shapely.box(11.4, 48.4, 11.6, 48.6)
        )
        self.south.geometry = shapely.geometry.mapping(ring)
        shape = self.south.get_shape()
        self.assertEqual((len(shape["parts"]), len(shape["holes"])), (1, 1))
        self.south.save_shape(shape["parts"][0], shape["holes"])
        self.assertTrue(self._area(self.south).equals(ring))

    def test_a_detailed_outline_is_simplified_for_editing_and_says_so(self):
        self.south.geometry = shapely.geometry.mapping(
            shapely.Point(11, 48).buffer(1, quad_segs=1_000)
        )
        shape = self.south.get_shape()
        self.assertLessEqual(len(shape["parts"][0]["coordinates"][0]), 400)
        self.assertGreater(shape["off_km"], 0)

    def test_what_was_changed_since_is_not_undone(self):
        answer = self.south.save_shape(box(11, 48, 12.5, 49))
        self.south.save_shape(box(11, 48, 13, 49))
        with self.assertRaisesRegex(UserError, "South.*changed since"):
            self.Region.undo_shape(answer["batch"])
        self.assertEqual(self.south.east, 13)

    def test_the_second_of_two_who_draw_is_told(self):
        first, second = self.south.with_user(self.leader), self.south
        seen = first.get_shape()["seen"]
        self.assertEqual(second.get_shape()["seen"], seen)
        first.save_shape(box(11, 48, 12.5, 49), seen=seen)
        self.env.invalidate_all()
        told = re.escape(f"{self.leader.name} has changed “South”")
        with self.assertRaisesRegex(UserError, f"^{told}"):
            second.save_shape(box(11, 48, 13, 49), seen=seen)
        self.assertEqual(self.south.east, 12.5)
        second.save_shape(box(11, 48, 13, 49), seen=second.get_shape()["seen"])
        # a change in the form is nobody's revision
        seen = first.get_shape()["seen"]
        self.south.active = False
        with self.assertRaisesRegex(UserError, "^Somebody has changed “South”"):
            first.save_shape(box(11, 48, 14, 49), seen=seen)

    def test_history_is_bounded(self):
        for number in range(25):
            self.south.save_shape(box(11, 48, 12 + number / 100, 49))
        revisions = self.env["territory.region.revision"]
        self.assertEqual(
            revisions.search_count([("region_id", "=", self.south.id)]), 20
        )

    # ------------------------------------------------------------ split, merge
    def test_split_and_undo(self):
        whole = self._area(self.south)
        self.south.user_id = self.rep
        answer = self.south.with_user(self.leader).split_shape(CUT, "New")
        parts = self.Region.browse(answer["ids"])
        self.assertEqual(parts.mapped("name"), ["South", "New"])
        self.assertEqual(parts[1].user_id, self.rep)
        areas = [self._area(part) for part in parts]
        self.assertTrue(shapely.union_all(areas).equals(whole))
        self.assertFalse(areas[0].intersection(areas[1]).area)
        self.Region.undo_shape(answer["batch"])
        self.assertFalse(parts[1].exists())
        self.assertTrue(self._area(self.south).equals(whole))

    def test_a_line_beside_it_changes_nothing(self):
        with self.assertRaisesRegex(ValidationError, "South.*does not cut"):
            self.south.split_shape(line((9, 47), (9, 51)), "New")
        for bad in (
            {},
            line((1, 1)),
            line((11, float("nan")), (11, 3)),
            line("ab", "cd"),
        ):
            with self.subTest(bad), self.assertRaises(ValidationError):
                self.south.split_shape(bad, "New")
        self.assertFalse(self.Region.search([("name", "=", "New")]))

    def test_merge_and_undo(self):
        east = self._region("East", box(12.0001, 48, 13, 49))
        part = self._region("Part", box(12.2, 48.2, 12.4, 48.4), parent_id=east.id)
        answer = self.south.with_user(self.leader).merge_with(east.ids)
        self.assertTrue(self._area(self.south).equals(shapely.box(11, 48, 13, 49)))
        self.assertFalse(east.active)
        self.assertEqual(part.parent_id, self.south)
        self.Region.undo_shape(answer["batch"])
        self.assertTrue(east.active)
        self.assertEqual(part.parent_id, east)
        self.assertEqual(self.south.east, 12)

    def test_rules_alike_merge_as_rules(self):
        germany = self.env.ref("base.de").ids
        one = self._region("80", country_ids=germany, zip_prefixes="80")
        other = self._region("81", country_ids=germany, zip_prefixes="81")
        answer = one.merge_with(other.ids)
        self.assertEqual((one.kind, one.zip_prefixes), ("rule", "80, 81"))
        self.Region.undo_shape(answer["batch"])
        self.assertEqual(one.zip_prefixes, "80")

    def test_regions_that_cannot_be_merged(self):
        part = self._region("Part", box(11, 48, 11.2, 48.2), parent_id=self.south.id)
        nowhere = self._region("Nowhere", country_ids=self.env.ref("base.fr").ids)
        for ids, why in (
            (part.ids, "part of each other"),
            (nowhere.ids, "Nowhere.*no area"),
            ([], "Choose"),
            (self.south.ids, "Choose"),
        ):
            with self.subTest(why), self.assertRaisesRegex(UserError, why):
                self.south.merge_with(ids)

    # ---------------------------------------------------------------- problems
    def test_the_winner_told_is_the_one_that_gets_the_accounts(self):
        customer = self._customer("Munich")  # 48.14, 11.58
        self._order(customer, self._day(1))
        self._refresh()
        small = self._region("Small", box(11.5, 48.05, 11.9, 48.3))
        (overlap,) = self.Region.get_problems()["overlaps"]
        self.env["territory.region"]._assign(self.company)
        winner = self._account(customer).region_id
        self.assertEqual((overlap["winner"], winner), (small.id, small))
        self.assertIn("“Small”: it is smaller than “South”", overlap["sentence"])
        self.assertEqual(overlap["accounts"], 1)
        small.parent_id = self.south
        self.assertFalse(self.Region.get_problems()["overlaps"])

    def test_gaps(self):
        self._region("East", box(12.01, 48, 13, 49))
        (gap,) = self.Region.get_problems()["gaps"]
        self.assertAlmostEqual(gap["km2"], 0.01 * 73.7 * 111.2, delta=2)
        self.assertEqual(gap["accounts"], 0)

    # ------------------------------------------------------------------ rights
    def test_reps_read_and_leaders_edit(self):
        south = self.south.with_user(self.rep)
        other = self._region("East", box(12, 48, 13, 49))
        batch = self.south.save_shape(box(11, 48, 12.5, 49))["batch"]
        south.get_shape()
        south.get_problems()
        south.get_comparison()
        for name, *values in (
            ("save_shape", box(1, 1, 2, 2)),
            ("split_shape", CUT, "New"),
            ("merge_with", other.ids),
            ("create_drawn", {"name": "Mine"}, box(1, 1, 2, 2)),
            ("undo_shape", batch),
            ("preview_file", "a.geojson", ""),
            ("import_file", "a.geojson", ""),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(south, name)(*values)
        self.assertEqual(self.south.east, 12.5)

    def test_companies_are_apart(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        stranger = self._user("stranger", "sales_team.group_sale_manager", sister)
        theirs = self.south.with_user(stranger).with_context(
            allowed_company_ids=sister.ids
        )
        batch = self.south.save_shape(box(11, 48, 12.5, 49))["batch"]
        with self.assertRaises(AccessError):
            theirs.get_shape()
        with self.assertRaises(AccessError):
            theirs.save_shape(box(1, 1, 2, 2))
        with self.assertRaises(UserError):
            theirs.undo_shape(batch)
        self.assertEqual(theirs.get_problems()["drawn"], 0)
        self.assertEqual(theirs.get_comparison()["regions"], [])

    def test_hostile_shapes(self):
        nested = {"type": "Point", "coordinates": [1, 1]}
        for _ in range(2_000):
            nested = {"type": "GeometryCollection", "geometries": [nested]}
        many = [[number / 1e6, 1] for number in range(60_000)]
        for number, shape in enumerate(
            (
                nested,
                {"type": "Polygon", "coordinates": [many]},
                {
                    "type": "Polygon",
                    "coordinates": [[[float("nan"), 1], [2, 2], [3, 1]]],
                },
                {"type": "Polygon", "coordinates": [[[1e400, 1], [2, 2], [3, 1]]]},
                json.dumps({"type": "Polygon"}),
                7,
                None,
            )
        ):
            with self.subTest(number), self.assertRaises(ValidationError):
                self.south.save_shape(shape)
            with self.subTest(number), self.assertRaises(ValidationError):
                self.Region.create_drawn({"name": "Bad"}, shape)
        self.assertEqual(self.south.east, 12)
