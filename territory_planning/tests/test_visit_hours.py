from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import TerritoryCase


@tagged("post_install", "-at_install")
class TestVisitHours(TerritoryCase):
    """Hours per visit: the account's own, worked out from places, or the usual ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.territory_compute_drive = True
        cls.near = cls._customer("Near")
        cls.far = cls._customer("Far", "Hamburg")
        cls.own = cls._customer("Own", "Nürnberg")
        cls.lost = cls._customer("Lost", partner_latitude=0.0, partner_longitude=0.0)
        cls.nobody = cls._customer("Nobody", user_id=False)
        cls.customers = cls.near | cls.far | cls.own | cls.lost | cls.nobody
        for months in range(1, 13):
            for customer in cls.customers:
                cls._order(customer, cls._day(months), 5000.0)
                if customer != cls.nobody:
                    cls._visit(customer, cls._day(months))
        cls._start(48.1372, 11.5755)  # München
        cls._refresh()
        cls._account(cls.own).hours_per_visit = 3.5

    @classmethod
    def _start(cls, latitude, longitude):
        member = cls.team.crm_team_member_ids.filtered(lambda m: m.user_id == cls.rep)
        member.write(
            {
                "territory_start_latitude": latitude,
                "territory_start_longitude": longitude,
            }
        )

    def _lines(self):
        self.env["territory.plan"].search([]).unlink()
        plan = self.env["territory.plan"]._open_month(self.company)
        return {line.partner_id: line for line in plan.line_ids}

    def test_the_drive_is_worked_out(self):
        """The farther from the start, the longer; the sum is what the plan uses."""
        lines = self._lines()
        near, far = lines[self.near], lines[self.far]
        self.assertAlmostEqual(near.hours_per_visit, 1.0 + near.drive_hours, 4)
        self.assertLess(near.drive_hours, 0.5)
        # 612 km as the crow flies, there and back by road at 60 km/h: 26.5 hours
        self.assertGreater(far.drive_hours, 8.0)
        self.assertLess(far.drive_hours, 26.6)
        self.assertAlmostEqual(
            far.hours_today, far.visits_today * far.hours_per_visit, 2
        )

    def test_what_is_known_better_counts(self):
        lines = self._lines()
        for customer, hours in ((self.own, 3.5), (self.lost, 2.0), (self.nobody, 2.0)):
            with self.subTest(customer.name):
                self.assertEqual(lines[customer].hours_per_visit, hours)
                self.assertEqual(lines[customer].drive_hours, 0.0)

    def test_coordinates_off_the_globe_are_no_place(self):
        self.near.write({"partner_latitude": 1000.0, "partner_longitude": 1000.0})
        self._refresh()
        self.assertEqual(self._lines()[self.near].hours_per_visit, 2.0)

    def test_nobody_drives_to_another_continent(self):
        self.near.write({"partner_latitude": -33.9, "partner_longitude": 151.2})
        self._refresh()
        line = self._lines()[self.near]
        self.assertEqual((line.hours_per_visit, line.drive_hours), (2.0, 0.0))

    def test_where_the_rep_starts(self):
        """From Hamburg the other one is far; without a start, the centre counts."""
        self._start(53.5511, 9.9937)
        lines = self._lines()
        self.assertLess(lines[self.far].drive_hours, 0.5)
        self.assertGreater(lines[self.near].drive_hours, 5.0)
        self._start(0.0, 0.0)
        lines = self._lines()
        self.assertGreater(lines[self.far].drive_hours, 3.0)
        self.assertGreater(lines[self.near].drive_hours, 2.0)

    def test_settings_matter(self):
        before = self._lines()[self.far]
        hours, drive = before.hours_per_visit, before.drive_hours
        self.company.territory_service_hours = 2.0
        self.company.territory_average_speed = 100.0
        line = self._lines()[self.far]
        self.assertLess(line.drive_hours, drive)
        self.assertAlmostEqual(line.hours_per_visit, 2.0 + line.drive_hours, 4)
        self.company.territory_compute_drive = False
        line = self._lines()[self.far]
        self.assertEqual((line.hours_per_visit, line.drive_hours), (2.0, 0.0))
        self.assertNotEqual(hours, 2.0)

    def test_settings_out_of_bounds_name_the_field(self):
        for field, value in (
            ("territory_service_hours", 0.0),
            ("territory_average_speed", -60.0),
            ("territory_day_hours", 25.0),
        ):
            with self.subTest(field):
                with self.assertRaises(ValidationError) as caught:
                    self.company[field] = value
                label = self.company._fields[field].string
                self.assertIn(label, str(caught.exception))

    def test_queries_do_not_grow_with_accounts(self):
        def count():
            plan.expected_gain = 0.0  # so that there are totals to write each time
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plan._compute_plan()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        plan = self.env["territory.plan"]._open_month(self.company)
        count()
        few = count()
        self.env["res.partner"].create(
            [
                {
                    "name": f"Customer {n}",
                    "is_company": True,
                    "user_id": self.rep.id,
                    "partner_latitude": 48 + n / 100,
                    "partner_longitude": 11.0,
                }
                for n in range(100)
            ]
        )
        self._refresh()
        # new lines, and the rows of the regions that they change
        self.assertLessEqual(count(), few + 2)
        self.assertEqual(count(), few)
        # all but one with hours of its own, one without place, one at the very start
        # and one nobody looks after
        self.assertEqual(sum(line.drive_hours > 0 for line in plan.line_ids), 101)

    def test_new_companies_work_it_out(self):
        company = self.env["res.company"].create({"name": "Fresh"})
        self.assertTrue(company.territory_compute_drive)
