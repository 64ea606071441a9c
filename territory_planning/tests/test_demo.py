from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """A small demo company, through the ORM."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # With demo data the large one is there already.
        cls.env["res.company"].search([("name", "like", "Velbrok")]).name = "Old"
        cls.env["res.users"].with_context(active_test=False).search(
            [("login", "like", "@velbrok.example")]
        ).login = False
        cls.mails = cls.env["mail.mail"].search_count([])
        cls.said = []
        cls.demo = cls.env["territory.demo"]
        cls.company = cls.demo.generate(accounts=60, reps=3, progress=cls.said.append)

    def _count(self, model, domain=(), **fields):
        domain = [("company_id", "=", self.company.id), *domain]
        return self.env[model].with_context(active_test=False).search_count(domain)

    def test_records(self):
        self.assertEqual(self.company.currency_id.name, "EUR")
        self.assertEqual(self.company.country_id.code, "DE")
        self.assertEqual(self.company.partner_id.tz, "Europe/Berlin")
        self.assertEqual(self._count("crm.team"), 3)
        self.assertEqual(self._count("territory.region"), 3)
        self.assertEqual(self._count("res.partner", [("is_company", "=", True)]), 60)
        self.assertGreater(self._count("product.template"), 30)
        self.assertGreater(self._count("crm.lead"), 3)
        orders = self.env["sale.order"].search([("company_id", "=", self.company.id)])
        self.assertGreater(len(orders), 200)
        self.assertEqual(set(orders.mapped("state")), {"sale"})
        self.assertTrue(all(order.amount_untaxed > 0 for order in orders))
        margin = sum(orders.mapped("margin")) / sum(orders.mapped("amount_untaxed"))
        self.assertTrue(0.15 < margin < 0.4, margin)

    def test_reps(self):
        members = self.env["crm.team.member"].search(
            [("crm_team_id.company_id", "=", self.company.id)]
        )
        self.assertEqual(len(members), 3)
        for member in members:
            self.assertGreater(member.territory_hours, 0)
            self.assertTrue(member.territory_start_name)
            self.assertTrue(47 < member.territory_start_latitude < 55)
            self.assertFalse(member.user_id.has_group("sales_team.group_sale_manager"))
        regions = self.env["territory.region"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(regions.user_id, members.user_id)
        self.assertEqual(len(set(regions.mapped("color"))), 3)
        zones = [zone for r in regions for zone in r.zip_prefixes.split(", ")]
        self.assertEqual(len(zones), len(set(zones)))
        self.assertEqual(len(zones), 95)

    def test_visits(self):
        reps = (
            self.env["territory.region"]
            .search([("company_id", "=", self.company.id)])
            .user_id
        )
        visits = self.env["calendar.event"].search([("user_id", "in", reps.ids)])
        self.assertGreater(len(visits), 500)
        accounts = self.env["res.partner"].search(
            [("company_id", "=", self.company.id), ("is_company", "=", True)]
        )
        for visit in visits[:20]:
            self.assertEqual(len(visit.partner_ids & accounts), 1)
            self.assertIn(visit.user_id.partner_id, visit.partner_ids)

    def test_no_mail(self):
        self.assertEqual(self.env["mail.mail"].search_count([]), self.mails)

    def test_companies_are_separate(self):
        """Somebody of another company sees nothing of it."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        user = new_test_user(
            self.env,
            login="elsewhere",
            groups="sales_team.group_sale_manager,base.group_partner_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in (
            "sale.order",
            "crm.lead",
            "crm.team",
            "territory.region",
            "product.template",
            "product.pricelist",
        ):
            found = self.env[model].with_user(user).search([])
            self.assertNotIn(self.company, found.company_id, model)
        # colleagues' own contacts are everybody's in Odoo, customers are not
        found = self.env["res.partner"].with_user(user).search([("is_company", "=", 1)])
        self.assertNotIn(self.company, found.company_id)

    def test_administrator_is_there(self):
        admin = self.env.ref("base.user_admin")
        self.assertEqual(admin.company_id, self.company)

    def test_everybody_can_log_in(self):
        logins = self.demo.credentials()
        self.assertEqual(len(logins), 7)
        self.assertEqual(logins[0]["role"], "Sales leader")
        for row in (logins[0], logins[-1]):
            credential = {
                "login": row["login"],
                "password": row["password"],
                "type": "password",
            }
            user = self.env["res.users"].search([("login", "=", row["login"])])
            user.with_user(user)._check_credentials(credential, {"interactive": True})

    def test_plan(self):
        plan = self.env["territory.plan"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(plan), 1)
        self.assertTrue(plan.computed_on)
        self.assertGreater(plan.line_count, 50)
        self.assertLessEqual(plan.gap, 1e-6)

    def test_twice_is_once(self):
        self.said.clear()
        again = self.demo.generate(accounts=60, reps=3, progress=self.said.append)
        self.assertEqual(again, self.company)
        self.assertIn("already", self.said[0])
        self.assertEqual(len(self.said), 1)

    @mute_logger("odoo.http")
    def test_for_administrators_only(self):
        user = new_test_user(
            self.env, login="rep", groups="sales_team.group_sale_manager"
        )
        demo = self.demo.with_user(user)
        with self.assertRaises(AccessError):
            demo.generate(accounts=60)
        with self.assertRaises(AccessError):
            demo.credentials()
