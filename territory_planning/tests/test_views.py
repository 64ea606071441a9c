from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestViews(TerritoryCase):
    """Whatever the menus lead to opens, and its filters can be used, for each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        customer = cls._customer("Alpha")
        cls._order(customer, cls._day(1))
        cls._refresh()

    def _menu_actions(self, user):
        menus = self.env["ir.ui.menu"]
        root = self.env.ref("territory_planning.menu_territory_root")
        menus = menus.browse(menus.with_user(user)._visible_menu_ids()) & menus.search(
            [("id", "child_of", root.id)]
        )
        return [
            menu.action
            for menu in menus
            if menu.action and menu.action._name == "ir.actions.act_window"
        ]

    def test_every_menu_opens_for_every_role(self):
        for user, least in ((self.rep, 4), (self.leader, 6), (self.manager, 6)):
            actions = self._menu_actions(user)
            self.assertGreaterEqual(len(actions), least)
            for action in actions:
                views = [(False, mode) for mode in action.view_mode.split(",")]
                views.append((action.search_view_id.id, "search"))
                with self.subTest(f"{user.login}: {action.name}"):
                    found = (
                        self.env[action.res_model]
                        .with_user(user)
                        .get_views(views, {"toolbar": True})
                    )
                    self.assertEqual(set(found["views"]), {mode for _id, mode in views})

    def test_every_filter_can_be_used(self):
        views = self.env["ir.ui.view"].search(
            [("type", "=", "search"), ("model", "=like", "territory.%")]
        )
        self.assertGreaterEqual(len(views), 4)
        for view in views:
            model = self.env[view.model].with_user(self.leader)
            for node in etree.fromstring(view.arch).iter("filter"):
                with self.subTest(f"{view.name}: {node.get('name')}"):
                    if domain := node.get("domain"):
                        model.search(safe_eval(domain, {"uid": self.leader.id}))
                    if context := node.get("context"):
                        group = safe_eval(context)["group_by"]
                        model._read_group([], [group], ["__count"])

    def test_a_customer_leads_to_its_account(self):
        customer = self.env["res.partner"].search([("name", "=", "Alpha")])
        for user in (self.rep, self.manager):
            partner = customer.with_user(user).with_company(self.company)
            action = partner.action_open_territory_account()
            self.assertEqual(action["res_id"], self._account(customer).id)
            self.assertIn(
                "territory_account_id", partner.get_view(False, "form")["arch"]
            )
