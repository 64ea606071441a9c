import json

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestAccountCard(TerritoryCase):
    """The one call behind the card of the map."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._customer("Alpha", phone="+49 89 1234", email="a@example.com")
        cls._order(cls.partner, cls._day(2), 1000.0)
        cls._order(cls.partner, cls._day(14), 4000.0)
        cls._visit(cls.partner, cls._day(1))
        cls._lead(cls.partner)
        cls._refresh()
        cls.account = cls._account(cls.partner)

    def _card(self, user=None):
        account = self.account.with_user(user or self.rep)
        return account.get_territory_card()

    def test_facts(self):
        card = self._card()
        self.assertEqual(card["name"], "Alpha")
        self.assertEqual((card["zip"], card["city"]), ("80331", "München"))
        self.assertEqual(card["rep"], self.rep.name)
        self.assertEqual(card["team"], self.team.name)
        self.assertFalse(card["region"])
        self.assertEqual(card["currency_id"], self.env.ref("base.EUR").id)
        self.assertEqual((card["revenue_12m"], card["revenue_previous"]), (1000, 4000))
        self.assertAlmostEqual(card["revenue_change"], -0.75)
        self.assertEqual(card["orders_12m"], 1)
        self.assertEqual((card["visits_12m"], card["open_leads"]), (1, 1))
        self.assertEqual(card["pipeline"], 2000)
        self.assertEqual(card["partner"]["phone"], "+49 89 1234")
        self.assertEqual(sum(card["history"]["revenue"]), 5000)
        self.assertTrue(card["data_date"])
        self.assertTrue(card["has_account"])

    def test_without_a_plan_and_with_one(self):
        self.assertFalse(self._card()["plan"])
        plan = self.env["territory.plan"]._open_month(self.company)
        line = plan.line_ids.filtered(lambda line: line.account_id == self.account)
        card = self._card()
        self.assertEqual(card["plan"]["month"], plan.name)
        self.assertEqual(card["plan"]["visits_today"], line.visits_today)
        self.assertEqual(card["plan"]["visits_optimal"], line.visits_optimal)
        self.assertEqual(
            (card["plan"]["gain_low"], card["plan"]["gain_high"]),
            (line.gain_low, line.gain_high),
        )
        self.assertEqual(card["plan"]["reason"], line.reason)
        self.assertTrue(card["plan"]["reason"] and card["plan"]["origin"])

    def test_own_accounts_only(self):
        with self.assertRaises(AccessError):
            self._card(self.other_rep)
        self.assertEqual(self._card(self.leader)["name"], "Alpha")

    def test_closed_plan_is_left_out(self):
        """The month was planned for somebody else: its figures are theirs."""
        self.env["territory.plan"]._open_month(self.company)
        self.account.plan_line_id.sudo().user_id = self.other_rep
        self.assertFalse(self._card()["plan"])
        self.assertTrue(self._card(self.leader)["plan"])

    def test_contact_answers_with_its_account(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.partner.id}
        )
        card = contact.with_user(self.rep).get_territory_card()
        self.assertEqual(
            (card["model"], card["id"]), (self.account._name, self.account.id)
        )

    def test_contact_without_account(self):
        stranger = self.env["res.partner"].create({"name": "Stranger", "city": "Kiel"})
        card = stranger.with_user(self.rep).get_territory_card()
        self.assertFalse(card["has_account"])
        self.assertEqual((card["name"], card["city"]), ("Stranger", "Kiel"))
        self.assertNotIn("revenue_12m", card)

    def test_queries(self):
        self.env["territory.plan"]._open_month(self.company)
        self._card()
        self.env.flush_all()
        self.env.invalidate_all()
        # most of them read rules; price issues and effects of visits are records of their own
        with self.assertQueryCount(33):
            self._card()


@tagged("post_install", "-at_install")
class TestMapLayers(TerritoryCase):
    """What is drawn below the accounts."""

    AREA = {
        "type": "Polygon",
        "coordinates": [[[11, 48], [12, 48], [12, 49], [11, 49], [11, 48]]],
    }

    def _layers(self, user=None):
        return (
            self.env["territory.region"]
            .with_user(user or self.rep)
            .get_territory_map_layers()
        )

    def test_regions_of_today(self):
        names = ("now", "past", "future", "foreign")
        other = self.env["res.company"].create({"name": "Südwerk"})
        regions = self.env["territory.region"].create(
            [
                {
                    "name": name,
                    "kind": "area",
                    "geometry": self.AREA,
                    "color": 4,
                    "company_id": (other if name == "foreign" else self.company).id,
                    "date_end": "2001-01-01" if name == "past" else False,
                    "date_start": "2999-01-01" if name == "future" else False,
                }
                for name in names
            ]
        )
        found = self._layers()["regions"]
        self.assertEqual([region["id"] for region in found], regions[:1].ids)
        self.assertEqual(found[0]["color"], 4)
        self.assertEqual(json.loads(found[0]["geometry"]), regions[0].geometry)
        self.assertEqual(found[0]["accounts"], 0)

    def test_shapes_drawn_and_worked_out(self):
        """The drawn area, else the outline of a rule, else nothing; in one query."""
        germany = self.env.ref("base.de")
        drawn, ruled, empty = self.env["territory.region"].create(
            [
                {"name": "drawn", "kind": "area", "geometry": self.AREA},
                {"name": "ruled", "kind": "rule", "country_ids": germany.ids},
                {"name": "empty", "kind": "rule", "country_ids": germany.ids},
            ]
        )
        ruled.outline = self.AREA
        regions = drawn + ruled + empty
        self.env.flush_all()
        self.env.invalidate_all()
        regions.check_access("read")
        with self.assertQueryCount(1):
            shapes = regions._map_shapes()
        self.assertEqual(json.loads(shapes[drawn.id]), drawn.geometry)
        self.assertEqual(json.loads(shapes[ruled.id]), self.AREA)
        self.assertFalse(shapes[empty.id])

    def test_map_without_access_to_regions(self):
        clerk = self._user("clerk", "base.group_user")
        self.assertEqual(self._layers(clerk)["regions"], [])

    def test_tiles_only_with_a_usable_address(self):
        parameters = self.env["ir.config_parameter"].sudo()
        self.assertFalse(self._layers()["tiles"], "off by default")
        for url in (
            "javascript:alert(1)//{x}{y}{z}",
            "https://tiles.example.com/{z}/{x}.png",
            "//tiles.example.com/{z}/{x}/{y}.png",
        ):
            parameters.set_param("territory_planning.tile_url", url)
            self.assertFalse(self._layers()["tiles"], url)
        url = "https://tiles.example.com/{z}/{x}/{y}.png"
        parameters.set_param("territory_planning.tile_url", url)
        parameters.set_param("territory_planning.tile_attribution", "© <b>Them</b>")
        self.assertEqual(
            self._layers()["tiles"], {"url": url, "attribution": "© <b>Them</b>"}
        )
