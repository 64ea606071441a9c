import math

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_region_shape import RegionCase, box


@tagged("post_install", "-at_install")
class TestRegionFigures(RegionCase):
    """Regions are compared by figures anyone can recompute from the records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north = cls._region("North", box(9, 53, 11, 54))
        cls.munich = cls._customer("Munich")
        cls.hamburg = cls._customer("Hamburg", "Hamburg", user_id=cls.other_rep.id)
        for customer, amount in ((cls.munich, 3000.0), (cls.hamburg, 1000.0)):
            cls._order(customer, cls._day(1), amount)
            for month in range(1, 7):
                cls._visit(customer, cls._day(month))
        cls._lead(cls.munich, 1000.0, 50.0)
        member = cls.team.crm_team_member_ids.filtered(
            lambda member: member.user_id == cls.rep
        )
        member.write(
            {"territory_start_latitude": 48.0, "territory_start_longitude": 11}
        )
        cls.env["territory.plan"]._open_month(cls.company)

    def _compared(self, user):
        answer = (
            self.env["territory.region"]
            .with_user(user)
            .with_context(allowed_company_ids=self.company.ids)
            .get_comparison()
        )
        return answer, {row["name"]: row for row in answer["regions"]}

    def test_figures_are_those_of_the_accounts(self):
        _answer, rows = self._compared(self.leader)
        account = self._account(self.munich)
        south = rows["South"]
        self.assertEqual(south["accounts"], 1)
        self.assertEqual(south["revenue"], 3000.0)
        self.assertEqual(south["pipeline"], account.pipeline)
        self.assertTrue(account.visits_today)
        hours = account.visits_today * self.company.territory_hours_per_visit
        self.assertAlmostEqual(south["hours"], hours)
        # km by the spherical law of cosines, which the engine does not use
        one, two = math.radians(48.0), math.radians(48.1372)
        turn = math.radians(11.5755 - 11)
        angle = math.acos(
            math.sin(one) * math.sin(two)
            + math.cos(one) * math.cos(two) * math.cos(turn)
        )
        km = 6371.0088 * angle * 2 * 1.3 * account.visits_today
        self.assertAlmostEqual(south["travel_km"], km, places=3)
        self.assertIsNone(rows["North"]["travel_km"], "its rep has no start")
        plan = self.env["territory.plan.region"].search(
            [("region_id", "=", self.south.id)]
        )
        self.assertAlmostEqual(south["shadow_price"], plan.shadow_price, places=2)
        self.assertAlmostEqual(south["capacity"], plan.hours_capacity)

    def test_stored_figures_are_the_same_and_dated(self):
        _answer, rows = self._compared(self.leader)
        south = self.south.with_user(self.leader)
        self.assertAlmostEqual(south.figure_hours, rows["South"]["hours"])
        self.assertEqual(south.figure_revenue, 3000.0)
        self.assertTrue(south.figures_date)

    def test_a_rep_compares_by_own_accounts_and_own_drives(self):
        answer, rows = self._compared(self.rep)
        self.assertTrue(answer["own_only"])
        self.assertEqual(rows["South"]["revenue"], 3000.0)
        self.assertEqual(rows["North"]["revenue"], 0.0)
        self.assertIsNone(rows["North"]["capacity"])
        _answer, rows = self._compared(self.other_rep)
        self.assertEqual(rows["South"]["accounts"], 0)
        self.assertIsNone(rows["South"]["travel_km"])
        with self.assertRaises(AccessError):
            self.south.with_user(self.rep).read(["figure_revenue"])

    def test_parts_add_up_into_their_region_and_count_once(self):
        germany = self._region("Germany", box(5, 47, 15, 55))
        (self.south + self.north).parent_id = germany
        between = self._region("Between", box(0, 0, 1, 1), parent_id=germany.id)
        self.north.parent_id = between
        self.env["territory.region"]._assign(self.company)
        answer, rows = self._compared(self.leader)
        self.assertEqual(rows["Germany"]["parts"], 3)
        self.assertEqual(rows["Between"]["parts"], 1)
        for name in ("accounts", "revenue", "hours", "pipeline"):
            self.assertAlmostEqual(
                rows["Germany"][name], rows["South"][name] + rows["North"][name]
            )
            self.assertAlmostEqual(rows["Between"][name], rows["North"][name])
        self.assertEqual(rows["Germany"]["revenue"], 4000.0)
        self.assertNotIn("Germany", answer["balance"]["revenue"])
        between.active = False
        _answer, rows = self._compared(self.leader)
        self.assertEqual(rows["Germany"]["parts"], 2)
        self.assertEqual(rows["Germany"]["revenue"], 4000.0)

    def test_lists_add_up_to_each_account_once(self):
        germany = self._region("Germany", box(5, 47, 15, 55))
        (self.south + self.north).parent_id = germany
        self.env["territory.region"]._assign(self.company)
        self.env["territory.region"]._store_figures(self.company)
        found = (germany + self.south + self.north).with_user(self.leader)
        self.assertEqual(sum(found.mapped("figure_revenue")), 4000.0)
        self.assertEqual(found.mapped("whole_revenue"), [4000.0, 3000.0, 1000.0])
        self.assertEqual(found.mapped("whole_accounts"), [2, 1, 1])
        with self.assertRaises(AccessError):
            germany.with_user(self.rep).read(["whole_revenue"])

    def test_queries_do_not_grow_with_regions(self):
        def count():
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._compared(self.leader)
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for number in range(20):
            self._region(f"R{number}", box(number / 10, 1, number / 10 + 0.1, 2))
        self.assertEqual(count(), few)

    def test_balance_in_words(self):
        for number in range(4):
            region = self._region(f"R{number}", box(number, 1, number + 1, 2))
            self.assertTrue(region)
        answer, _rows = self._compared(self.leader)
        self.assertIn("Very uneven", answer["balance"]["revenue"])
        self.assertIn("Far above the others: ", answer["balance"]["revenue"])
        self.assertIn("South", answer["balance"]["revenue"])
