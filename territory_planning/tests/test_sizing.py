import re
from unittest.mock import patch

import numpy as np

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..engine.month import Month, plan_month
from ..engine.sizing import size_month
from ..models import _month_sizing
from ..models._month import MonthArrays
from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestSizing(TerritoryCase):
    """How many reps a region, a team and the company can pay for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        germany = cls.env.ref("base.de")
        cls.south, cls.north, cls.wild = cls.env["territory.region"].create(
            [
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "country_ids": germany.ids,
                    "zip_prefixes": prefix,
                }
                for name, prefix in (("South", "80"), ("North", "20"), ("Wild", "90"))
            ]
        )
        # visits take five hours a month today, so hours are scarce
        for member in cls.team.crm_team_member_ids:
            member.territory_hours = {cls.rep: 4.0, cls.other_rep: 2.0}[member.user_id]
        cls.company.territory_hours_per_month = 3.0
        cls.large = cls._customer("Large")
        cls.second = cls._customer("Second")
        cls.far = cls._customer("Far", "Hamburg")
        cls.foreign = cls._customer("Foreign", "Hamburg", user_id=cls.other_rep.id)
        cls.lonely = cls._customer("Lonely", "Nürnberg", user_id=False)
        revenue = {
            cls.large: 40000.0,
            cls.second: 15000.0,
            cls.far: 20000.0,
            cls.foreign: 15000.0,
            cls.lonely: 9000.0,
        }
        for months in range(1, 25):
            for customer, amount in revenue.items():
                cls._order(customer, cls._day(months), amount)
                if months % 2:
                    cls._visit(customer, cls._day(months))
        cls.company.territory_rep_cost = 3000.0
        cls.plan = cls.env["territory.plan"]._open_month(cls.company)

    def _compute(self):
        self.plan._compute_plan()
        self.plan._compute_sizing()
        return self.plan.sizing_ids

    def _scope(self, scope, record=None):
        found = self.plan.sizing_ids.filtered(lambda s: s.scope == scope)
        if scope != "company":
            found = found.filtered(lambda s: s[f"{scope}_id"] == record)
        return found

    # ----------------------------------------------------------------- figures
    def test_one_record_per_region_team_and_company(self):
        sizings = self.plan.sizing_ids
        self.assertEqual(
            sorted((s.scope, s.name) for s in sizings),
            [
                ("company", "Nordwerk"),
                ("region", "North"),
                ("region", "South"),
                ("region", "Wild"),
                ("team", "Field"),
            ],
        )
        self.assertEqual(set(sizings.mapped("company_id")), {self.company})
        self.assertEqual(set(sizings.mapped("date_from")), {self.month})
        counts = {s.name: s.account_count for s in sizings}
        self.assertEqual(
            counts, {"Nordwerk": 5, "North": 2, "South": 2, "Wild": 1, "Field": 4}
        )

    def test_figures_are_the_engines(self):
        arrays = MonthArrays.gather(self.plan)
        found = size_month(
            Month(arrays.problem),
            np.zeros(5, int),
            1,
            hours=3.0,  # 4 and 2 hours
            cost=3000.0,
            now=2.0,
        )
        stored = self._scope("company")
        self.assertEqual((stored.reps_now, stored.hours_per_rep), (2.0, 3.0))
        self.assertEqual(stored.rep_cost, 3000.0)
        for field, name in (
            ("reps_optimal", "reps"),
            ("reps_flat_low", "flat_low"),
            ("reps_flat_high", "flat_high"),
            ("next_rep_value", "next_rep"),
            ("next_rep_low", "next_rep_low"),
            ("next_rep_high", "next_rep_high"),
            ("last_rep_value", "last_rep"),
            ("shadow_price", "shadow_price"),
            ("profit_now", "profit_now"),
            ("profit_optimal", "profit"),
        ):
            with self.subTest(field):
                self.assertAlmostEqual(stored[field], getattr(found, name)[0], 2)
        curve = found.of(0)
        self.assertEqual(set(stored.curve), {"reps", "profit", "hour", "low", "high"})
        self.assertEqual(stored.curve["reps"], curve["reps"].tolist())
        self.assertLess(
            np.abs(np.array(stored.curve["profit"]) - curve["profit"]).max(), 0.51
        )

    def test_flat_zones_and_factors_are_the_engines(self):
        arrays = MonthArrays.gather(self.plan)
        result = plan_month(arrays.problem)
        for row, account in enumerate(arrays.accounts):
            line = account.plan_line_id
            hours = line.hours_per_visit
            for field, value in (
                ("visits_flat_low", result.flat_low[row]),
                ("visits_flat_high", result.flat_high[row]),
                ("factor_low", result.factor_low[row]),
                ("factor_high", result.factor_high[row]),
                ("revenue_expected", result.sales_expected[row]),
                ("hours_today", result.effort_today[row] * hours),
                ("hours_optimal", result.effort_optimal[row] * hours),
            ):
                with self.subTest(f"{account.name} {field}"):
                    self.assertAlmostEqual(line[field], value, 2)
            for field in (
                "visits_flat_low",
                "visits_flat_high",
                "factor_low",
                "factor_high",
                "next_hour_value",
            ):
                self.assertEqual(account[field], line[field], field)
        rows = self.plan.plan_region_ids
        self.assertAlmostEqual(
            sum(rows.mapped("contribution_today")), result.profit_today, 1
        )
        self.assertAlmostEqual(
            sum(rows.mapped("gain_same_hours")), self.plan.gain_same_hours, 1
        )
        for row in rows:
            self.assertLessEqual(row.hours_flat_low, row.hours_optimal + 1e-6)
            self.assertGreaterEqual(row.hours_flat_high, row.hours_optimal - 1e-6)
            self.assertLessEqual(row.factor_low, row.allocation_factor + 1e-6)
            self.assertGreaterEqual(row.factor_high, row.allocation_factor - 1e-6)
        split = rows.filtered(lambda r: r.user_id == self.rep)
        self.assertEqual(len(split), 2)
        for row in split:
            self.assertLess(row.factor_low, row.factor_high, "hours may go elsewhere")

    def test_a_rep_in_two_regions_counts_once(self):
        regions = self.plan.sizing_ids.filtered(lambda s: s.scope == "region")
        self.assertAlmostEqual(sum(regions.mapped("reps_now")), 2.0, 6)
        north = self._scope("region", self.north)
        self.assertTrue(1 < north.reps_now < 2)
        self.assertTrue(2 < north.hours_per_rep < 4)

    def test_the_next_rep_is_the_difference(self):
        before = self._scope("company")
        more, last = before.next_rep_value, before.last_rep_value
        now = before.profit_now
        self.assertLess(before.next_rep_low, more)
        self.assertGreater(before.next_rep_high, more)
        self.assertLess(more, last)
        rows = patch.object(
            _month_sizing.SizingArrays, "_rep", lambda self, share: (3.0, 3.0, 3000.0)
        )
        with rows:
            self._compute()
        after = self._scope("company")
        self.assertAlmostEqual(after.profit_now - now, more, 2)
        self.assertAlmostEqual(after.last_rep_value, more, 2)

    def test_what_a_rep_costs(self):
        cheap = self._scope("company").reps_optimal
        self.company.territory_rep_cost = 12000.0
        self._compute()
        dear = self._scope("company")
        self.assertEqual(dear.rep_cost, 12000.0)
        self.assertLess(dear.reps_optimal, cheap)
        # one rep's own cost: the mean of the two
        member = self.team.crm_team_member_ids.filtered(
            lambda member: member.user_id == self.rep
        )
        member.territory_rep_cost = 6000.0
        self._compute()
        self.assertEqual(self._scope("company").rep_cost, 9000.0)
        self.assertEqual(self._scope("team", self.team).rep_cost, 9000.0)

    def test_the_conclusion_is_no_surer_than_the_interval(self):
        sizing = self._scope("company")
        for low, high, last, words in (
            (10.0, 30.0, 50.0, r"^One more rep pays: 20.*10.*30"),
            (-10.0, 50.0, 50.0, r"does not tell.*-10.*50"),
            (-50.0, -10.0, 5.0, r"enough reps.*cost 30"),
            (-90.0, -10.0, -5.0, r"more reps than pay.*costs 5"),
        ):
            sizing.write(
                {
                    "next_rep_value": (low + high) / 2,
                    "next_rep_low": low,
                    "next_rep_high": high,
                    "last_rep_value": last,
                }
            )
            text = re.sub(r"[\ufeff\xa0€]", "", sizing.conclusion)
            self.assertRegex(text, words)
            self.assertNotIn("%(", text)
            self.assertNotIn("%%", text)

    # ------------------------------------------------------------------- edges
    def test_a_region_without_a_rep(self):
        wild = self._scope("region", self.wild)
        self.assertEqual(wild.reps_now, 0.0)
        self.assertEqual(wild.last_rep_value, 0.0)
        self.assertEqual(wild.hours_per_rep, self.company.territory_hours_per_month)
        self.assertGreater(wild.next_rep_value, -wild.rep_cost, "there is revenue")
        self.assertAlmostEqual(
            wild.shadow_price,
            (wild.next_rep_value + wild.rep_cost) / wild.hours_per_rep,
            2,
        )

    def test_no_hours_at_all(self):
        self.team.crm_team_member_ids.territory_hours = 0.0
        self._compute()
        company = self._scope("company")
        self.assertEqual(company.reps_now, 0.0)
        self.assertEqual(company.hours_per_rep, 3.0)
        self.assertGreater(company.next_rep_value, 0.0)
        self.company.territory_hours_per_month = 0.0
        self.assertFalse(self._compute(), "nothing to count reps in")

    def test_a_team_of_another_company_is_not_sized(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        theirs = self.env["crm.team"].create(
            {"name": "Theirs", "company_id": sister.id}
        )
        self.other_rep.company_ids = [Command.link(sister.id)]
        self.team.crm_team_member_ids.filtered(
            lambda member: member.user_id == self.other_rep
        ).unlink()
        self.env["crm.team.member"].create(
            {
                "user_id": self.other_rep.id,
                "crm_team_id": theirs.id,
                "territory_rep_cost": 99999.0,
            }
        )
        sizings = self._compute()
        self.assertEqual(sizings.team_id, self.team)
        self.assertEqual(self._scope("team", self.team).account_count, 3)
        self.assertEqual(self._scope("company").rep_cost, 3000.0)

    def test_a_rep_in_two_teams(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "sales_team.membership_multi", True
        )
        second = self.env["crm.team"].create(
            {"name": "Key accounts", "company_id": self.company.id, "sequence": 99}
        )
        member = self.env["crm.team.member"].create(
            {
                "user_id": self.rep.id,
                "crm_team_id": second.id,
                "territory_hours": 1.0,
                "territory_rep_cost": 5000.0,
            }
        )
        self.team.crm_team_member_ids.filtered(
            lambda member: member.user_id == self.rep
        ).territory_rep_cost = 5000.0
        self._compute()
        company = self._scope("company")
        self.assertEqual(company.reps_now, 2.0, "one person, one rep")
        self.assertEqual(company.hours_per_rep, (4 + 1 + 2) / 2)
        self.assertEqual(company.rep_cost, 4000.0, "typed in twice, paid once")
        member.territory_rep_cost = 0.0
        self._compute()
        self.assertEqual(self._scope("company").rep_cost, 4000.0)

    def test_without_accounts(self):
        empty = self.env["res.company"].create({"name": "Empty"})
        plan = self.env["territory.plan"]._open_month(empty)
        sizing = plan.sizing_ids
        self.assertEqual((sizing.scope, sizing.account_count), ("company", 0))
        self.assertEqual((sizing.reps_now, sizing.reps_optimal), (0.0, 0.0))
        self.assertEqual(sizing.next_rep_value, -sizing.rep_cost)

    def test_a_plan_without_figures_has_no_sizing(self):
        following = self.env["territory.plan"].create(
            {
                "company_id": self.company.id,
                "date_from": self.env["territory.plan"]
                ._fields["date_from"]
                .to_date("2999-01-01"),
            }
        )
        with self.assertRaisesRegex(UserError, "no figures"):
            following._compute_sizing()

    def test_old_figures_go_with_the_plan_they_tell_of(self):
        before = self.plan.sizing_ids
        self.plan._compute_plan()
        self.assertFalse(before.exists())
        self.assertFalse(self.plan.sizing_ids)
        self.plan._compute_sizing()
        self.plan._compute_sizing()
        self.assertEqual(len(self.plan.sizing_ids), 5, "twice is the same as once")

    def test_damping_is_a_setting(self):
        self.company.territory_damping_low = 0.9
        self.company.territory_damping_high = 1.1
        self._compute()
        for line in self.plan.line_ids.filtered("allocation_factor"):
            self.assertGreaterEqual(line.allocation_factor, 0.899)
            self.assertLessEqual(line.allocation_factor, 1.101)
        self.assertEqual(self.plan.parameters["territory_damping_high"], 1.1)

    def test_settings_out_of_bounds_name_the_field(self):
        for field, value in (
            ("territory_rep_cost", 0.0),
            ("territory_damping_low", 0.0),
            ("territory_damping_high", 0.5),
        ):
            label = self.company._fields[field].string
            with self.subTest(field):
                with self.assertRaises(ValidationError) as caught:
                    self.company[field] = value
                self.assertIn(label, str(caught.exception))
        member = self.team.crm_team_member_ids[0]
        with self.assertRaises(ValidationError) as caught:
            member.territory_rep_cost = -1.0
        self.assertIn("Cost a Month", str(caught.exception))

    # ------------------------------------------------------------------ rights
    def test_who_may_read_it(self):
        for user in (self.leader, self.manager):
            found = self.env["territory.plan.sizing"].with_user(user).search([])
            with self.subTest(user.login):
                self.assertEqual(found.sudo(), self.plan.sizing_ids)
                self.assertTrue(found.read(["name", "next_rep_value", "curve"]))
        clerk = self._user("clerk", "base.group_user")
        for user in (self.rep, clerk):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["territory.plan.sizing"].with_user(user).search([])
        with self.assertRaises(AccessError):
            self.plan.with_user(self.rep).read(["sizing_ids"])

    def test_nobody_types_it_in(self):
        sizing = self._scope("company")
        for user in (self.leader, self.manager):
            own = sizing.with_user(user)
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    own.next_rep_value = 1e6
                with self.assertRaises(AccessError):
                    own.unlink()
                with self.assertRaises(AccessError):
                    own.copy()

    def test_companies_stay_apart(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        stranger = self._user("stranger", "sales_team.group_sale_manager", sister)
        found = (
            self.env["territory.plan.sizing"]
            .with_user(stranger)
            .with_context(allowed_company_ids=sister.ids)
            .search([])
        )
        self.assertFalse(found)

    def test_what_reps_cost_is_not_for_reps(self):
        member = self.team.crm_team_member_ids[0]
        for record, field in (
            (self.company, "territory_rep_cost"),
            (member, "territory_rep_cost"),
        ):
            with self.subTest(record._name):
                with self.assertRaises(AccessError):
                    record.with_user(self.rep).read([field])
                record.with_user(self.leader).read([field])

    def test_people_outside_sales_can_create_a_company(self):
        keeper = self._user(
            "keeper", "base.group_erp_manager,base.group_partner_manager"
        )
        company = self.env["res.company"].with_user(keeper).create({"name": "New"})
        self.assertEqual(company.sudo().territory_rep_cost, 8000.0)

    def test_sums_never_mix_scopes(self):
        """Prices, factors and ends of intervals are not added up."""
        for model, names in (
            (
                "territory.plan.sizing",
                ("shadow_price", "rep_cost", "next_rep_high", "next_rep_low"),
            ),
            (
                "territory.plan.region",
                ("allocation_factor", "factor_low", "hours_flat_high"),
            ),
            (
                "territory.plan.line",
                ("factor_low", "factor_high", "visits_flat_low", "visits_flat_high"),
            ),
            (
                "territory.account",
                ("factor_low", "factor_high", "visits_flat_low", "visits_flat_high"),
            ),
        ):
            for name in names:
                with self.subTest(f"{model}.{name}"):
                    self.assertIsNone(self.env[model]._fields[name].aggregator)
