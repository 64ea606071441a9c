import json
from unittest.mock import patch

from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.web.controllers.export import ExcelExport

from .common import TerritoryCase


class MapTourCase(TerritoryCase, HttpCase):
    """A rep with three accounts: two close to each other, one far away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        near = cls._customer(
            "Alpha <img src=x onerror=console.error(1)>",
            phone="+49 89 1234",
            email="alpha@example.com",
        )
        cls._customer("Beta", partner_latitude=48.15, partner_longitude=11.60)
        cls._customer("Gamma", "Hamburg")
        cls._customer("Delta", partner_latitude=0, partner_longitude=0)
        cls._customer("Of another rep", "Nürnberg", user_id=cls.other_rep.id)
        cls._order(near, cls._day(2), 1000.0)
        cls._order(near, cls._day(14), 4000.0)
        cls.env["territory.region"].create(
            {
                "name": "Bavaria",
                "company_id": cls.company.id,
                "kind": "area",
                "color": 8,
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[9, 47], [14, 47], [14, 50], [9, 50], [9, 47]]],
                },
            }
        )
        cls._refresh()
        cls.env["territory.region"]._assign(cls.company)


@tagged("post_install", "-at_install")
class TestMapTour(MapTourCase):
    def test_desk(self):
        self.start_tour("/odoo", "territory_map_desk", login="rep")

    def test_street_map_that_cannot_be_reached(self):
        """Every address outside answers 404 in a test: the built-in map stays."""
        self.env["ir.config_parameter"].sudo().set_param(
            "territory_planning.tile_url",
            "https://tiles.example.com/{z}/{x}/{y}.png",
        )
        self.start_tour("/odoo/territory-map", "territory_map_tiles", login="rep")

    def test_contacts(self):
        action = self.env.ref("contacts.action_contacts", raise_if_not_found=False)
        action = action or self.env.ref("base.action_partner_form")
        action.view_mode = f"{action.view_mode},territory_map"
        self.start_tour(
            f"/odoo/action-{action.id}", "territory_map_contacts", login="rep"
        )


@tagged("post_install", "-at_install")
class TestMapUseTour(MapTourCase):
    """What a map is used for beyond looking at it."""

    def test_colours_heat_groups_and_favourites(self):
        self.start_tour("/odoo/territory-map", "territory_map_colors", login="rep")
        kept = self.env["ir.filters"].search([("name", "=", "My segments")])
        self.assertEqual(kept.model_id, "territory.account")
        self.assertIn("segment", kept.context)

    def test_customers_of_one_house_by_mouse_and_by_keyboard(self):
        self._customer("Gamma & Sons", "Hamburg")
        self._refresh()
        self.start_tour("/odoo/territory-map", "territory_map_stack", login="rep")

    def test_an_address_shows_what_was_seen(self):
        self.start_tour("/odoo/territory-map", "territory_map_address", login="rep")

    def test_what_is_selected_is_exported(self):
        self.rep.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        asked = []
        original = ExcelExport.base

        def base(controller, data):
            asked.append(json.loads(data))
            return original(controller, data)

        with patch.object(ExcelExport, "base", base):
            self.start_tour("/odoo/territory-map", "territory_map_export", login="rep")
        account = self.env["territory.account"].search([("name", "=", "Gamma")])
        self.assertEqual([data["ids"] for data in asked], [account.ids])
        self.assertEqual(asked[0]["model"], "territory.account")


@tagged("post_install", "-at_install")
class TestMapTourPhone(MapTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_phone(self):
        self.start_tour("/odoo/territory-map", "territory_map_phone", login="rep")


@tagged("post_install", "-at_install")
class TestEmptyMapTour(TerritoryCase, HttpCase):
    def test_invites(self):
        self.start_tour("/odoo/territory-map", "territory_map_empty", login="rep")
