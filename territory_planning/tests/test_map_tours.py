from odoo.tests import HttpCase, tagged

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
class TestMapTourPhone(MapTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_phone(self):
        self.start_tour("/odoo/territory-map", "territory_map_phone", login="rep")


@tagged("post_install", "-at_install")
class TestEmptyMapTour(TerritoryCase, HttpCase):
    def test_invites(self):
        self.start_tour("/odoo/territory-map", "territory_map_empty", login="rep")
