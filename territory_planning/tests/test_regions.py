from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..models._region_rules import parse_prefixes
from .common import TerritoryCase

MUNICH = {
    "type": "Polygon",
    "coordinates": [
        [[11.3, 48.0], [11.8, 48.0], [11.8, 48.3], [11.3, 48.3], [11.3, 48.0]]
    ],
}


@tagged("post_install", "-at_install")
class TestRegions(TerritoryCase):
    """Every account is in the one region that the rules of precedence give."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.germany = cls.env.ref("base.de")
        cls.bavaria = cls.env.ref("base.state_de_by")
        cls.munich = cls._customer("Munich", "München", state_id=cls.bavaria.id)
        cls.nuremberg = cls._customer("Nuremberg", "Nürnberg", state_id=cls.bavaria.id)
        cls.hamburg = cls._customer("Hamburg", "Hamburg")
        for customer in cls.munich | cls.nuremberg | cls.hamburg:
            cls._order(customer, cls._day(1))
        cls._refresh()

    def _region(self, name, **values):
        return self.env["territory.region"].create(
            {"name": name, "company_id": self.company.id, **values}
        )

    def _rule(self, name, prefixes=False, states=(), **values):
        return self._region(
            name,
            country_ids=self.germany.ids,
            zip_prefixes=prefixes,
            state_ids=[state.id for state in states],
            **values,
        )

    def _regions_of(self, *customers):
        self.env["territory.region"]._assign(self.company)
        return [self._account(customer).region_id for customer in customers]

    # -------------------------------------------------------------- precedence
    def test_rules_from_postal_code_to_country(self):
        none = self.env["territory.region"]
        self.assertEqual(self._regions_of(self.munich), [none])
        country = self._rule("Germany")
        state = self._rule("Bavaria", states=self.bavaria)
        code = self._rule("Munich", "80, 81")
        self.assertEqual(
            self._regions_of(self.munich, self.nuremberg, self.hamburg),
            [code, state, country],
        )

    def test_the_longest_postal_code_wins(self):
        wide = self._rule("8", "8")
        narrow = self._rule("803", "803")
        self._rule("9", "9")
        self.assertEqual(self._regions_of(self.munich), [narrow])
        narrow.zip_prefixes = "809"
        self.assertEqual(self._regions_of(self.munich), [wide])

    def test_a_deeper_region_wins_over_a_longer_code(self):
        parent = self._rule("South", "803")
        child = self._rule("Alps", "80", parent_id=parent.id)
        self.assertEqual(self._regions_of(self.munich), [child])

    def test_a_drawn_region_wins_over_a_rule(self):
        self._rule("8", "8")
        drawn = self._region("City", kind="area", geometry=MUNICH)
        self.assertEqual(
            self._regions_of(self.munich, self.hamburg),
            [drawn, self.env["territory.region"]],
        )

    def test_regions_hold_only_in_their_time(self):
        today = fields.Date.today()
        old = self._rule("Old", "80", date_end=today - relativedelta(days=2))
        new = self._rule("New", "80", date_start=today - relativedelta(days=1))
        self._rule("Next", "803", date_start=today + relativedelta(days=2))
        self.assertEqual(self._regions_of(self.munich), [new])
        new.active = False
        self.assertFalse(self._regions_of(self.munich)[0])
        self.assertTrue(old)

    def test_an_account_without_place_still_follows_rules(self):
        self.munich.partner_latitude = self.munich.partner_longitude = 0.0
        rule = self._rule("Munich", "80")
        self._region("City", kind="area", geometry=MUNICH)
        self.assertEqual(self._regions_of(self.munich), [rule])

    def test_other_companies_keep_their_regions(self):
        other = self.env["res.company"].create({"name": "Sister"})
        self.env["territory.region"].create(
            {
                "name": "Theirs",
                "company_id": other.id,
                "country_ids": self.germany.ids,
            }
        )
        self.assertFalse(self._regions_of(self.munich)[0])

    # ----------------------------------------------------------------- outline
    def test_rules_get_an_outline_around_their_accounts(self):
        rule = self._rule("Bavaria", states=self.bavaria)
        self._regions_of(self.munich)
        self.assertIn(rule.outline["type"], ("Polygon", "MultiPolygon"))
        rule.state_ids = self.env.ref("base.state_de_he")
        self._regions_of(self.munich)
        self.assertFalse(rule.outline)

    def test_changing_a_region_places_the_accounts_anew(self):
        rule = self._rule("Munich", "80")
        runs = self.env["territory.run"].search(
            [("kind", "=", "regions"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(runs), 1, "several changes are one computation")
        runs._finish_now()
        self.assertEqual(self._account(self.munich).region_id, rule)
        rule.name = "Munich and around"
        self.assertEqual(runs.state, "done")
        rule.zip_prefixes = "99"
        again = self.env["territory.run"].search([("state", "=", "waiting")])
        self.assertEqual(again.kind, "regions")

    # --------------------------------------------------------------- bad input
    def test_prefixes(self):
        self.assertEqual(
            parse_prefixes(" 80,ab1 , 098-101;7"),
            ["80", "AB1", "098", "099", "100", "101", "7"],
        )
        for bad in ("8-10", "84-80", "%", "8_", "1-2-3", "000000-999999"):
            with self.subTest(bad), self.assertRaises(ValueError):
                parse_prefixes(bad)

    def test_bad_rules_name_the_region_and_the_field(self):
        with self.assertRaisesRegex(ValidationError, "Munich.*Countries"):
            self._region("Munich", zip_prefixes="80")
        with self.assertRaisesRegex(ValidationError, "Munich.*Postal.*8x-9"):
            self._rule("Munich", "80, 8x-9")
        with self.assertRaisesRegex(ValidationError, "City.*no area"):
            self._region("City", kind="area")

    def test_hostile_areas_are_refused(self):
        for area in (
            {"type": "Point", "coordinates": [11, 48]},
            {"type": "Polygon", "coordinates": [[[11, 48], [12, 48]]]},
            {"type": "Polygon", "coordinates": [[[11, 480], [12, 48], [12, 49]]]},
            {"type": "Polygon", "coordinates": "DROP TABLE"},
            ["<script>"],
            "x",
        ):
            with self.subTest(area), self.assertRaisesRegex(ValidationError, "City"):
                self._region("City", kind="area", geometry=area)

    def test_a_crossed_area_is_repaired(self):
        bow = {
            "type": "Polygon",
            "coordinates": [[[11, 48], [12, 49], [12, 48], [11, 49], [11, 48]]],
        }
        region = self._region("Bow", kind="area", geometry=bow)
        self.assertEqual(region.geometry["type"], "MultiPolygon")
        self.assertEqual((region.west, region.north), (11.0, 49.0))

    def test_reps_read_regions_and_leaders_write_them(self):
        region = self._rule("Munich", "80")
        self.assertEqual(region.with_user(self.rep).name, "Munich")
        with self.assertRaises(AccessError):
            region.with_user(self.rep).name = "Mine"
        region.with_user(self.leader).zip_prefixes = "81"
        self.assertEqual(region.zip_prefixes, "81")
