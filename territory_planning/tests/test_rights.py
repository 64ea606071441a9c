from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestRights(TerritoryCase):
    """Who sees what: Sales' own three groups, and companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._customer("Own")
        cls.others = cls._customer("Others", user_id=cls.other_rep.id)
        cls.nobodys = cls._customer("Nobody's", user_id=False)
        for customer in cls.own | cls.others | cls.nobodys:
            cls._order(customer, cls._day(1), user_id=False)
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)
        cls.sister = cls.env["res.company"].create({"name": "Sister"})
        cls.stranger = cls._user(
            "stranger", "sales_team.group_sale_manager", cls.sister
        )
        cls.clerk = cls._user("clerk", "base.group_user")

    def _as(self, model, user):
        companies = user.company_ids.ids
        return (
            self.env[model].with_user(user).with_context(allowed_company_ids=companies)
        )

    def _seen(self, model, user):
        records = self._as(model, user).search([("company_id", "=", self.company.id)])
        return set(records.sudo().mapped("partner_id.name"))

    def test_accounts_and_plan_lines(self):
        everyone = {"Own", "Others", "Nobody's"}
        expected = {
            self.rep: {"Own", "Nobody's"},
            self.other_rep: {"Others", "Nobody's"},
            self.leader: everyone,
            self.manager: everyone,
            self.stranger: set(),
        }
        for user, names in expected.items():
            for model in ("territory.account", "territory.plan.line"):
                with self.subTest(f"{user.login} {model}"):
                    self.assertEqual(self._seen(model, user), names)

    def test_rows_of_reps(self):
        for user, logins in (
            (self.rep, {"rep"}),
            (self.other_rep, {"other.rep"}),
            (self.leader, {"rep", "other.rep"}),
            (self.stranger, set()),
        ):
            rows = self._as("territory.plan.region", user).search([])
            seen = set(rows.sudo().user_id.mapped("login"))
            with self.subTest(user.login):
                self.assertEqual(seen, logins)

    def test_totals_are_for_those_who_lead(self):
        self.assertTrue(self.plan.with_user(self.rep).name)
        with self.assertRaises(AccessError):
            self.plan.with_user(self.rep).read(["expected_gain"])
        self.plan.with_user(self.leader).read(["expected_gain"])
        with self.assertRaises(AccessError):
            self.team.with_user(self.rep).read(["territory_expected_gain"])

    def test_sums_over_other_reps_stay_closed(self):
        found = (
            self.env["territory.account"]
            .with_user(self.rep)
            ._read_group([], [], ["revenue_12m:sum"])
        )
        self.assertEqual(found, [(2000.0,)])

    def test_people_outside_sales_see_nothing(self):
        for model in (
            "territory.account",
            "territory.region",
            "territory.plan",
            "territory.plan.region",
            "territory.plan.line",
            "territory.run",
        ):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.clerk).search([])

    def test_the_customer_form_opens_for_people_outside_sales(self):
        partner = self.own.with_user(self.clerk)
        self.assertFalse(partner.territory_account_id)
        self.assertFalse(partner.territory_region_id)

    def test_facts_cannot_be_typed_in(self):
        account = self._account(self.own)
        with self.assertRaisesRegex(AccessError, "Revenue"):
            account.with_user(self.leader).revenue_12m = 1e6
        with self.assertRaises(AccessError):
            account.with_user(self.rep).visits_min = 1.0
        account.with_user(self.leader).visits_min = 1.0
        self.assertEqual(account.visits_min, 1.0)

    def test_only_the_sales_leader_computes_a_plan(self):
        for user in (self.rep, self.leader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.plan.with_user(user).action_compute()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["territory.plan"].with_user(user).action_open_this_month()
        self.plan.with_user(self.manager).action_compute()

    def test_starts_of_reps_are_private(self):
        member = self.team.crm_team_member_ids[0]
        with self.assertRaises(AccessError):
            member.with_user(self.other_rep).read(["territory_start_latitude"])
        member.with_user(self.leader).read(["territory_start_latitude"])
