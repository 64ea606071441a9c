from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestViewType(TerritoryCase):
    """``<territory_map>`` on the server: what an arch may say."""

    def _view(self, attributes, children="", model="territory.account"):
        return self.env["ir.ui.view"].create(
            {
                "name": "map",
                "model": model,
                "type": "territory_map",
                "arch": f"<territory_map {attributes}>{children}</territory_map>",
            }
        )

    def test_good_ones(self):
        place = 'latitude="latitude" longitude="longitude"'
        self._view(place)
        self._view(f'{place} value="revenue_12m" color="segment" owner="user_id"')
        self._view(f"{place} doubt=\"{{'place_status': ['stale']}}\"")
        self._view(f'{place} card="get_territory_card"', '<field name="region_id"/>')
        view = self._view(
            'latitude="partner_latitude" longitude="partner_longitude"',
            model="res.partner",
        )
        self.assertEqual(view.type, "territory_map")

    @mute_logger("odoo.addons.base.models.ir_ui_view")
    def test_mistakes_are_named(self):
        place = 'latitude="latitude" longitude="longitude"'
        for attributes, children, word in (
            ('latitude="latitude"', "", "longitude"),
            ('latitude="nowhere" longitude="longitude"', "", "nowhere"),
            ('latitude="name" longitude="longitude"', "", "char"),
            (f'{place} value="city"', "", "city"),
            (f'{place} colour="user_id"', "", "colour"),
            (f'{place} color="name"', "", "color"),
            (f'{place} card="no_such_method"', "", "no_such_method"),
            (f'{place} card="_card_plan"', "", "_card_plan"),
            (place, '<field name="city"/>', "city"),
            (place, "<button/>", "button"),
            (f"{place} doubt=\"{{'city': ['x']}}\"", "", "city"),
            (f"{place} doubt=\"{{'segment': ['x']}}\"", "", "segment"),
            (f"{place} doubt=\"{{'segment': 'a'}}\"", "", "segment"),
            (f'{place} doubt="segment"', "", "doubt"),
            (f'{place} doubt="7 *"', "", "doubt"),
        ):
            with (
                self.subTest(attributes + children),
                self.assertRaisesRegex(ValidationError, word),
                self.cr.savepoint(),
            ):
                self._view(attributes, children)

    def test_the_browser_gets_the_fields(self):
        views = (
            self.env["territory.account"]
            .with_user(self.rep)
            .get_views([(False, "territory_map"), (False, "search")])
        )
        self.assertIn(
            'card="get_territory_card"', views["views"]["territory_map"]["arch"]
        )
        fields = views["models"]["territory.account"]["fields"]
        for name in ("latitude", "longitude", "user_id", "revenue_12m", "segment"):
            self.assertIn(name, fields)

    def test_without_a_view_of_its_own(self):
        with self.assertRaisesRegex(UserError, "latitude"):
            self.env["crm.team"].get_view(view_type="territory_map")
        self.env.ref("territory_planning.res_partner_view_map").active = False
        arch = self.env["res.partner"].get_view(view_type="territory_map")["arch"]
        self.assertIn('latitude="partner_latitude"', arch)
        self.assertIn('owner="user_id"', arch)

    def test_offered_in_actions(self):
        info = self.env["ir.ui.view"].get_view_info()["territory_map"]
        self.assertTrue(info["multi_record"])
        action = self.env.ref("territory_planning.action_territory_map")
        self.assertEqual(action.path, "territory-map")
        self.assertEqual(
            [mode for _id, mode in action.views],
            ["territory_map", "list", "pivot", "graph", "form"],
        )
        self.assertEqual(action.mobile_view_mode, "territory_map")
